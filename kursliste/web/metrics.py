"""Figures for monitoring (Prometheus).

Whoever asks from this machine gets them, or who has the token of ``KURSLISTE_METRICS_TOKEN``; for
everybody else the address does not exist.
"""

import hmac
from typing import Final

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST

from kursliste.infrastructure.figures import figures
from kursliste.web.access import public
from kursliste.web.context import db_session, settings, shelf

bp: Final = Blueprint("metrics", __name__)
HERE: Final = frozenset({"127.0.0.1", "::1"})


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Tell monitoring how the instance does."""
    if not _may_ask():
        abort(404)
    response = Response(figures(db_session(), shelf()))
    response.headers["Content-Type"] = CONTENT_TYPE_LATEST
    response.headers["Cache-Control"] = "no-store"
    return response


def _may_ask() -> bool:
    token = settings().metrics_token
    given = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return True
    return request.remote_addr in HERE and not request.headers.get("X-Forwarded-For")
