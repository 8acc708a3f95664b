"""The pages for readers and their mails; each group of pages is a module of its own."""

from flask import Blueprint

from kursliste.readers.links import Links
from kursliste.web.context import settings

bp = Blueprint("readers", __name__)


def links() -> Links:
    """Return the addresses for mails; always from the configured base (SECURITY.md, T21)."""
    return Links(settings().base_url)
