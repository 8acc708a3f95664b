"""A part of a file: what ``Range`` and ``If-Range`` ask for (RFC 9110, 14)."""

from typing import NamedTuple
from wsgiref.types import WSGIEnvironment

from werkzeug.http import parse_range_header


class Span(NamedTuple):
    """The bytes from ``start`` to before ``stop``."""

    start: int
    stop: int


class UnsatisfiableError(Exception):
    """No byte of the file is asked for; the answer is 416."""


def asked_span(environ: WSGIEnvironment, *, tag: str, size: int) -> Span | None:
    """Return the one span that a GET asks for, or None where the whole is to be sent.

    ``tag`` is the strong ETag, with quotes. The whole is always a right answer: to something that
    is no range, to several ranges, and to who has seen other bytes. Raises UnsatisfiableError.
    """
    asked = environ.get("HTTP_RANGE")
    if not asked or environ["REQUEST_METHOD"] != "GET":
        return None
    if environ.get("HTTP_IF_RANGE", tag) != tag:
        return None
    found = parse_range_header(asked)
    if found is None or found.units != "bytes" or len(found.ranges) != 1:
        return None
    begin, end = found.ranges[0]
    # The last bytes are asked for by a negative begin, and may be more than there are.
    start = max(size + begin, 0) if begin < 0 else begin
    span = Span(start, size if end is None else min(end, size))
    if span.start >= span.stop:
        raise UnsatisfiableError(asked)
    return span


def content_range(span: Span | None, size: int) -> str:
    """Return the value of ``Content-Range``; no span is the answer to one that cannot be."""
    return f"bytes */{size}" if span is None else f"bytes {span.start}-{span.stop - 1}/{size}"
