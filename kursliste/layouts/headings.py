"""Headings of a district's own that our own reader of lists would not understand."""

from sqlalchemy.orm import Session

from kursliste.domain.columns import COLUMN
from kursliste.domain.layout import Layout
from kursliste.intake.columns import main_attribute
from kursliste.intake.queries import code_tables_of
from kursliste.intake.tables import key


def strange_headings(session: Session, layout: Layout) -> list[tuple[str, str]]:
    """Return (own heading, usual one) of columns that a taking over would not surely read.

    A district may publish such a list; but taken over again, it may lose these columns.
    """
    renamed = [one for one in layout.chosen if one.heading]
    if not renamed:
        return []
    headers = code_tables_of(session).headers
    return [
        (one.heading, COLUMN[one.attribute].heading)
        for one in renamed
        if one.attribute not in _read_as(headers.get(key(one.heading)))
    ]


def _read_as(field: str | None) -> set[str]:
    return set() if field is None else {field, main_attribute(field)}
