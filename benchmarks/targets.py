"""What the page benchmark starts under granian: the application, and a bare answer beside it."""

import json
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from kursliste.app import create_app
from kursliste.settings import Settings

ANSWER = Path("answer.bin")
"""The published page as it is sent (brotli), in the folder that the benchmark works in."""

HEADERS = Path("answer.json")
"""Its headers, as pairs."""


def published() -> Flask:
    """Return the real application; its settings are in the environment."""
    return create_app(Settings.from_environment())


def bare() -> WSGIApplication:
    """Return an application that answers everything with the page's bytes and headers."""
    body = ANSWER.read_bytes()
    headers = [(name, value) for name, value in json.loads(HEADERS.read_text(encoding="utf-8"))]

    def answer(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", headers)
        return [body]

    return answer
