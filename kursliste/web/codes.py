"""The words of the code tables, read once for a request."""

from typing import cast

from flask import g

from kursliste.infrastructure.codes import Codes, load_codes
from kursliste.web.context import db_session
from kursliste.web.labels import shown


def codes() -> Codes:
    """Return the code tables; the first call in a request reads them."""
    if "codes" not in g:
        g.codes = load_codes(db_session())
    return cast("Codes", g.codes)


def shown_fact(attribute: str, value: object) -> str:
    """Return the value of a course's field in German words: codes by their label."""
    return codes().word(attribute, value) or shown(value)
