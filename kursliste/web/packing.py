"""Answers that are made for one reader, packed on their way out.

Published pages are packed once and kept (``page_cache``); this is for the rest of what everybody
may read: a search, a course, data for programs. A page of somebody who is signed in, or with a
token of a form, is never packed: its length would tell about what is secret in it (BREACH,
CVE-2013-3587).
"""

import gzip
from typing import Final

import brotli
from flask import Flask, Response, request, session

from kursliste.web.kept_pages import BROTLI_QUALITY, GZIP_LEVEL, IDENTITY, PACKED_TYPES, preferred
from kursliste.web.page_cache import OURS

SMALLEST: Final = 1_000
"""Bytes; below, packing wins less than it costs."""

WORTH_IT: Final = (*PACKED_TYPES, "application/problem+json")


def init_app(app: Flask) -> None:
    """Pack what may be packed; called first, so that it runs last (Flask goes backwards)."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if not _may_be_packed(response):
        return response
    response.vary.add("Accept-Encoding")
    encoding = preferred(request.headers.get("Accept-Encoding", ""))
    if encoding == IDENTITY:
        return response
    body = response.get_data()
    response.set_data(
        brotli.compress(body, quality=BROTLI_QUALITY)  # type: ignore[no-untyped-call]
        if encoding == "br"
        else gzip.compress(body, GZIP_LEVEL, mtime=0)
    )
    response.headers["Content-Encoding"] = encoding
    tag, _is_weak = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)
    return response


def _may_be_packed(response: Response) -> bool:
    return (
        request.endpoint != "static"
        and response.status_code == 200  # noqa: PLR2004 -- OK
        and response.is_sequence
        and not response.direct_passthrough
        and (response.content_type or "").startswith(WORTH_IT)
        and "Content-Encoding" not in response.headers
        and not session  # a token of a form lies in it, and its cookie is set after this
        and "Set-Cookie" not in response.headers
        and not OURS & request.cookies.keys()
        and (response.content_length or 0) >= SMALLEST
    )
