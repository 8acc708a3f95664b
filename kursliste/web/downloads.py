"""A published file on its way to a reader: conditions, ranges, and nothing damaged."""

import hashlib
import logging
from dataclasses import dataclass
from typing import Final

from flask import Response, request
from werkzeug.datastructures import Headers

from kursliste.domain.errors import Rule, ShelfError
from kursliste.infrastructure.shelf import Shelf
from kursliste.web.page_cache import LARGEST_KEPT
from kursliste.web.ranges import Span, UnsatisfiableError, asked_span, content_range

log = logging.getLogger(__name__)

STREAMED: Final = LARGEST_KEPT
"""A file of more bytes is sent piece by piece; others are checked whole and then kept."""

SANDBOX: Final = "default-src 'none'; sandbox"


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file of the shelf, as the database knows it."""

    place: str
    name: str
    media_type: str
    size: int
    sha256: str
    cache_control: str

    @property
    def tag(self) -> str:
        return f'"{self.sha256}"'


def answer(shelf: Shelf, file: Download) -> Response:
    """Return the answer to this request for a file: 200, 206, 304 or 416.

    Who has the file already costs no reading. Raises ShelfError for a file with other bytes than
    were published: better none than a wrong one that is kept for a year.
    """
    headers = Headers(
        {
            "Content-Type": file.media_type,
            "Cache-Control": file.cache_control,
            "Content-Security-Policy": SANDBOX,
            "ETag": file.tag,
            "Accept-Ranges": "bytes",
        }
    )
    if request.if_none_match.contains_weak(file.sha256):
        return Response(status=304, headers=headers)
    headers.set("Content-Disposition", "attachment", filename=file.name)
    try:
        span = asked_span(request.environ, tag=file.tag, size=file.size)
    except UnsatisfiableError:
        headers["Content-Range"] = content_range(None, file.size)
        return Response(status=416, headers=headers)
    status = 200
    if span is not None:
        status, headers["Content-Range"] = 206, content_range(span, file.size)
    return _with_body(shelf, file, span or Span(0, file.size), status, headers)


def _with_body(shelf: Shelf, file: Download, span: Span, status: int, headers: Headers) -> Response:
    start, stop = span
    headers["Content-Length"] = str(stop - start)
    if file.size <= STREAMED:
        content = shelf.read(file.place)
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise _damaged(file)
        return Response(content[start:stop], status, headers)
    found = shelf.find(file.place)
    if found is not None and found.size != file.size:
        raise _damaged(file)
    chunks = shelf.chunks(file.place, start, stop)
    return Response(chunks, status, headers, direct_passthrough=True)


def _damaged(file: Download) -> ShelfError:
    log.error("%s has other bytes than were published; run kursliste verify", file.place)
    return ShelfError(Rule.SHELF_NOT_READABLE)
