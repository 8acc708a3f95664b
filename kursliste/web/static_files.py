"""Static files by addresses that say their content, so that browsers keep them for a year."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, current_app, request

VERSION: Final = "v"
FOREVER: Final = "public, max-age=31536000, immutable"
ONCE: Final = "no-store"
"""Another version than this server has: while servers are renewed nobody may keep a mixture."""

NAMED_BY_VERSION: Final = ".woff2"
"""What style sheets name themselves; a new font gets a new name (static/vendor/README.md)."""


def init_app(app: Flask) -> None:
    """Let addresses of static files name their version, and answers say how long they hold."""
    app.url_defaults(_add_version)
    app.after_request(_say_how_long)


def version(folder: str, name: str) -> str:
    """Return the version of a file: the beginning of its SHA-256; nothing if there is none."""
    path = Path(folder, name)
    try:
        told = path.stat()
    except (OSError, ValueError):
        return ""
    return _version(path, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=256)
def _version(path: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    name = values.get("filename", "")
    if endpoint == "static" and VERSION not in values and not name.endswith(NAMED_BY_VERSION):
        values[VERSION] = version(str(current_app.static_folder), name) or None


def _say_how_long(response: Response) -> Response:
    if request.endpoint != "static" or response.status_code not in {200, 206, 304}:
        return response
    name = str((request.view_args or {}).get("filename", ""))
    asked = request.args.get(VERSION)
    if name.endswith(NAMED_BY_VERSION):
        response.headers["Cache-Control"] = FOREVER
    elif asked is not None:
        is_ours = asked == version(str(current_app.static_folder), name)
        response.headers["Cache-Control"] = FOREVER if is_ours else ONCE
    return response
