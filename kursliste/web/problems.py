"""Errors for programs as RFC 9457 asks for: application/problem+json."""

import json
from collections.abc import Mapping
from typing import Final

from flask import Response
from werkzeug.exceptions import HTTPException

from kursliste.web import error_words

FOR_PROGRAMS: Final = "/api/"


class Problem(HTTPException):
    """What is wrong with a request of a program; ``errors`` go by parameter."""

    def __init__(
        self, status: int, detail: str, *, errors: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(detail)
        self.code = status
        self.errors = errors


def problem(
    status: int, detail: str | None = None, errors: Mapping[str, object] | None = None
) -> Response:
    """Return the answer for ``status``; ``detail`` is a German sentence for people."""
    heading, advice = error_words.HTTP_STATUS.get(status, error_words.HTTP_STATUS[500])
    told: dict[str, object] = {
        "type": f"https://httpstatuses.io/{status}",
        "title": heading,
        "status": status,
        "detail": detail or advice,
    }
    if errors:
        told["errors"] = errors
    body = json.dumps(told, ensure_ascii=False)
    return Response(body, status=status, mimetype="application/problem+json")
