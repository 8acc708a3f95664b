"""Everything that is held about a person (Art. 15 DSGVO), found by the tables themselves.

A table or column that is added later is searched as well: no list of places has to be kept.
"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Enum,
    String,
    Table,
    Text,
    TypeDecorator,
    cast,
    or_,
    select,
)
from sqlalchemy.orm import Session

from kursliste.infrastructure.any_case import any_case, says
from kursliste.infrastructure.journal import plain
from kursliste.infrastructure.mailbox import is_secret
from kursliste.models.base import Base
from kursliste.models.identity import User

SECRET: Final = ("_hash", "sealed_secret", "token")
"""Columns that prove something and say nothing about a person."""

LEFT_OUT: Final = frozenset({"search_word", "current_word", "course_profile", "current_course"})
"""What search derives from editions; the editions themselves are searched."""

SHORTEST_NAME: Final = 5
"""A shorter name is looked for as a whole value only: it is part of too many words."""

Held = dict[str, list[dict[str, Any]]]


def held_about(session: Session, person: User, *, mentions: bool) -> Held:
    """Return the rows about a person by table: those tied to the account, or with its address.

    ``mentions`` adds rows that say the person's name in any text; these may tell of others as
    well, or be of somebody of the same name, and somebody has to read them before they are handed
    out (Art. 15 (4) DSGVO).
    """
    found: Held = {}
    for table in Base.metadata.sorted_tables:
        if table.name in LEFT_OUT:
            continue
        conditions = [*_tied(table, person), *_says(table, person.email, whole=True)]
        if mentions:
            conditions += _says(table, person.email, whole=False)
            conditions += _says(table, person.name, whole=len(person.name) < SHORTEST_NAME)
        if conditions:
            rows = session.execute(
                select(table).where(or_(*conditions)).order_by(*table.primary_key.columns)
            ).mappings()
            told = [_told(dict(row)) for row in rows]
            if told:
                found[table.name] = told
    return found


def _tied(table: Table, person: User) -> Iterator[ColumnElement[bool]]:
    if table.name == User.__tablename__:
        yield table.c.id == person.id
    for column in table.columns:
        if any(key.column.table.name == User.__tablename__ for key in column.foreign_keys):
            yield column == person.id


def _says(table: Table, words: str, *, whole: bool) -> Iterator[ColumnElement[bool]]:
    for column in table.columns:
        kind = column.type
        is_free = isinstance(kind, String | Text) and not isinstance(kind, Enum)
        is_packed = isinstance(kind, TypeDecorator) and isinstance(
            kind.impl_instance, String | Text
        )
        if not (is_free or is_packed) or column.name.endswith(SECRET):
            continue
        if not whole:
            yield says(cast(column, String), words)
        elif is_free:
            yield any_case(column) == words.lower()


def _told(row: dict[str, Any]) -> dict[str, Any]:
    if is_secret(row.get("dedupe_key")):  # a way in is nobody's to read but its receiver's
        row = row | {"body": "", "unsubscribe_url": None}
    return {name: plain(value) for name, value in row.items() if not name.endswith(SECRET)}
