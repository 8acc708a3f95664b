"""Absolute addresses for mails and files: always from the configured base, never from a request."""

from flask import url_for

from kursliste.web.context import settings


def absolute(endpoint: str, **values: object) -> str:
    """Return the full address of a page, as people reach it (SECURITY.md, T21)."""
    path = url_for(endpoint, **values)  # type: ignore[arg-type]  # the values of an address
    return f"{settings().base_url}{path}"
