"""Published pages and files from memory, in front of Flask: no SQL, no template (ADR 10).

Only what everybody gets is kept: the start page, lists, archives and files, asked for without a
query and without a cookie of ours. Everything else passes through untouched.
"""

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.sansio.utils import host_is_trusted

from kursliste.web.kept_pages import Answer, KeptPage, KeptPages, Variant, packed
from kursliste.web.languages import GERMAN, LANGUAGES, PARAMETER
from kursliste.web.ranges import UnsatisfiableError, asked_span, content_range
from kursliste.web.speaking import preferred

MOST_BYTES: Final = 64 * 1024 * 1024
LARGEST_SHARE: Final = 8
LARGEST_KEPT: Final = MOST_BYTES // LARGEST_SHARE
"""An answer bigger than this fraction of the room is passed on piece by piece and not kept."""

OURS: Final = frozenset({"sid", "__Host-sid", "form", "__Host-form"})
"""Sign-in, and the cookie of forms and messages: who has one may see a page of their own."""

LANGUAGE_QUERIES: Final = frozenset(f"{PARAMETER}={code}" for code in LANGUAGES)
METHODS: Final = frozenset({"GET", "HEAD"})
LONGEST_V: Final = 16
"""Signs of a query that names the version of a static file, and a few more."""

STATIC: Final = "/static/"
PUBLISHED: Final = (STATIC, "/kurslisten/", "/kurse/", "/einbetten/")
MOVING: Final = ("/aktuell.", "/traeger.")
VARIES: Final = frozenset({"cookie", "accept-encoding"})


class PageCache:
    """WSGI middleware that answers published pages from memory.

    What is sent is as old as ``seconds`` at most, in every process and whoever published: then the
    application is asked again, and what has a tag of its own (a file) costs no reading unless it
    changed. ``trusted_hosts`` are Flask's: what Flask would refuse is left to Flask. With
    ``is_behind_nginx`` nginx is told that it may keep the answer for as many seconds again.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        seconds: float,
        trusted_hosts: Collection[str] | None = None,
        most_bytes: int = MOST_BYTES,
        is_behind_nginx: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._seconds = seconds
        self._clock = clock
        self._largest = most_bytes // LARGEST_SHARE
        self._told = [("X-Accel-Expires", str(int(seconds)))] if is_behind_nginx else []
        self._is_trusted = lru_cache(maxsize=64)(lambda host: host_is_trusted(host, trusted_hosts))
        self.kept = KeptPages(most_bytes)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from memory where everybody gets the same, else let the application answer."""
        if not self._is_for_everybody(environ):
            return self._app(environ, start_response)
        page = self.kept.find(_name(environ), self._clock())
        if page is not None:
            return _send(page, environ, start_response)
        return self._renew(environ, start_response)

    def _is_for_everybody(self, environ: WSGIEnvironment) -> bool:
        told = environ.get
        path = environ["PATH_INFO"]
        if not (path.startswith(PUBLISHED) or path == "/"):
            return False
        if environ["REQUEST_METHOD"] not in METHODS or not _speaks_plainly(environ):
            return False
        if told("SCRIPT_NAME") or "HTTP_HX_REQUEST" in environ:
            return False
        cookies = "" if path.startswith(STATIC) else told("HTTP_COOKIE")
        return not (cookies and _has_ours(cookies)) and self._is_trusted(environ.get("HTTP_HOST"))

    def _renew(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Ask the application, keep its answer where that is allowed, and send it."""
        path, name = environ["PATH_INFO"], _name(environ)
        since = self._clock()  # before the reading begins: a page is never older than it says
        until = since + self._seconds
        known = self.kept.known(name)
        page: KeptPage | None = None
        try:
            answer = _ask(self._app, environ, known.tag if known else "", self._largest)
            if answer is not None and known and answer.status.startswith("304"):
                page = replace(known, since=since, until=until)
            elif answer is not None and _may_be_kept(path, answer):
                told = replace(answer, headers=answer.headers + self._told)
                page = packed(told, since=since, until=until)
        finally:
            if page is not None:
                self.kept.keep(name, page)
            else:
                self.kept.drop(name)
        if page is not None:
            return _send(page, environ, start_response)
        if answer is None:  # too big: it goes by piece by piece, or a part of it
            return self._app(environ, start_response)
        start_response(answer.status, answer.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


def _name(environ: WSGIEnvironment) -> str:
    """Return what an answer is kept under: its path, and its language if the address names one."""
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING")
    return f"{path}?{query}" if query else str(path)


def _speaks_plainly(environ: WSGIEnvironment) -> bool:
    """Return whether the query is empty or names one language, and the browser wants no other.

    A static file may name its version, and speaks no language.

    A first visitor who wants another language is sent there by the application.
    """
    query = environ.get("QUERY_STRING", "")
    if environ["PATH_INFO"].startswith(STATIC):
        return not query or (query.startswith("v=") and query.isascii() and len(query) < LONGEST_V)
    if query:
        return query in LANGUAGE_QUERIES
    accepted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
    return not accepted or preferred(accepted) == GERMAN


def _has_ours(cookies: str) -> bool:
    return any(part.partition("=")[0].strip() in OURS for part in cookies.split(";"))


def _ask(app: WSGIApplication, environ: WSGIEnvironment, tag: str, most: int) -> Answer | None:
    """Return the whole answer to a plain GET, or None if it has more than ``most`` bytes.

    Of the reader's headers only the host goes along, so that nothing personal, no condition and
    no range can get into what others will read. The one condition is ours: the ``tag`` that we
    have already.
    """
    plain = {
        name: value
        for name, value in environ.items()
        if not name.startswith("HTTP_") or name == "HTTP_HOST"
    }
    plain["REQUEST_METHOD"] = "GET"
    if tag:
        plain["HTTP_IF_NONE_MATCH"] = tag
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    parts: list[bytes] = []

    def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> object:
        begun.append((status, headers))
        return parts.append

    chunks = app(plain, start)  # type: ignore[arg-type]  # the protocol names its arguments
    try:
        is_whole = not (begun and _is_longer(begun[-1][1], most)) and _take(chunks, parts, most)
    finally:
        close = getattr(chunks, "close", None)
        if close is not None:
            close()
    status, headers = begun[-1]
    return Answer(status, headers, b"".join(parts)) if is_whole else None


def _is_longer(headers: list[tuple[str, str]], most: int) -> bool:
    told = next((value for name, value in headers if name.lower() == "content-length"), "")
    return told.isdigit() and int(told) > most


def _take(chunks: Iterable[bytes], parts: list[bytes], most: int) -> bool:
    """Read all of an answer; return False, and stop, at more than ``most`` bytes."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            return False
        parts.append(chunk)
    return True


def _may_be_kept(path: str, answer: Answer) -> bool:
    is_moving = answer.status.startswith("302") and any(name in path for name in MOVING)
    if not (is_moving or answer.status.startswith("200")):
        return False
    if answer.header("set-cookie") or answer.header("content-encoding"):
        return False
    control = answer.header("cache-control").lower()
    varies = {name.strip().lower() for name in answer.header("vary").split(",")} - {""}
    return "no-store" not in control and "private" not in control and varies <= VARIES


def _send(
    page: KeptPage, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    variant = page.variant(environ.get("HTTP_ACCEPT_ENCODING", ""))
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags and variant.is_known(tags):
        start_response("304 NOT MODIFIED", variant.not_modified[:])
        return []
    if "HTTP_RANGE" in environ and page.status.startswith("200"):
        return _send_part(variant, environ, start_response)
    start_response(page.status, variant.headers[:])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [variant.body]


def _send_part(
    variant: Variant, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    size = len(variant.body)
    try:
        span = asked_span(environ, tag=variant.tag, size=size)
    except UnsatisfiableError:
        told = [("Content-Range", content_range(None, size)), ("Content-Length", "0")]
        start_response("416 REQUESTED RANGE NOT SATISFIABLE", variant.not_modified + told)
        return []
    if span is None:
        start_response("200 OK", variant.headers[:])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [variant.body]
    kept = [pair for pair in variant.headers if pair[0].lower() != "content-length"]
    told = [
        ("Content-Range", content_range(span, size)),
        ("Content-Length", str(span.stop - span.start)),
    ]
    start_response("206 PARTIAL CONTENT", kept + told)
    return [variant.body[span.start : span.stop]]
