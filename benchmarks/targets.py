"""What the page benchmark starts under granian: the application, and a bare answer beside it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask

from kursliste.app import create_app
from kursliste.settings import Settings

ANSWER = Path("answer.bin")
"""The published page as bytes, in the folder that the benchmark works in."""


def published() -> Flask:
    """Return the real application; its settings are in the environment."""
    return create_app(Settings.from_environment())


def bare() -> Any:  # a WSGI application
    """Return an application that answers everything with the bytes of the published page."""
    body = ANSWER.read_bytes()
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
    ]

    def answer(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", headers)
        return [body]

    return answer
