"""Headers of every answer and the gates that every request passes (SECURITY.md, rules 22, 37)."""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from kursliste.web.access import at_the_door
from kursliste.web.context import READING, current_actor, is_https, settings

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
"""No inline code anywhere, hence no nonce; ``data:`` pictures are KERN's icons."""

EMBEDDED: Final = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""For what other websites show or load; nothing there acts, and no cookie is set or needed."""

EMBEDDING: Final = f"{POLICY}; frame-src 'self'"
"""For our own page that shows how the embedded list looks."""

LARGEST_BODY: Final = 3 * 1024 * 1024
LARGEST_FORM: Final = 1024 * 1024
MOST_PARTS: Final = 5_000
FETCHED_FROM_HERE: Final = frozenset({"same-origin", "none"})


def init_app(app: Flask) -> None:
    """Install the gates and the headers."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=MOST_PARTS,
    )
    app.before_request(_take_head_as_get)
    app.before_request(_check_unsafe_request)
    app.after_request(_set_headers)


def _take_head_as_get() -> None:
    """Let views see HEAD as GET: what is not GET acts, and looking must not (T8).

    The server drops the body by the original method, which stays in the environment.
    """
    if request.method == "HEAD":
        request.method = "GET"


def _check_unsafe_request() -> None:
    if request.method in READING:
        return
    if request.content_length is None:
        abort(411)
    origin = request.headers.get("Origin")
    if origin and not _is_own(origin):
        abort(403)
    if request.headers.get("Sec-Fetch-Site", "none") not in FETCHED_FROM_HERE:
        abort(403)


def _is_own(origin: str) -> bool:
    own = {urlsplit(settings().base_url).netloc, request.host}
    return urlsplit(origin).netloc in own


def policy() -> str:
    """Return the policy of our pages: with the server of map tiles, if there is one."""
    tiles = urlsplit(settings().tiles).netloc
    return POLICY.replace("img-src", f"img-src https://{tiles}") if tiles else POLICY


def _set_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy())
    headers["X-Content-Type-Options"] = "nosniff"
    headers.setdefault("Referrer-Policy", "same-origin")
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    is_embedded = headers["Content-Security-Policy"] == EMBEDDED
    headers["Cross-Origin-Resource-Policy"] = "cross-origin" if is_embedded else "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
    if not is_embedded:
        headers["X-Frame-Options"] = "DENY"
    if is_https():
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static":
        headers.add("Vary", "Cookie")
        if current_actor().is_signed_in or at_the_door() or request.method not in READING:
            headers["Cache-Control"] = "no-store"
        else:
            headers.setdefault("Cache-Control", "no-cache")
    return response
