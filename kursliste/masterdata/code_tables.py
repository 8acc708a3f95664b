"""The shipped code tables: what is missing is added, what somebody edited stays as it is."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.course import CourseStatus
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.infrastructure import journal, search_rows
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.migrating import upgrade
from kursliste.models.base import Base
from kursliste.models.codes import Alias, CourseType, Level, StatusWords

Line = Mapping[str, str]


@dataclass(frozen=True)
class CodeTables:
    """All code tables together, as the journal names them."""

    __tablename__ = "code_tables"
    id: str = "shipped"


def _number(text: str) -> int | None:
    return int(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _words(text: str) -> tuple[str, ...] | None:
    return tuple(word.strip() for word in text.split(",") if word.strip()) or None


def _level(line: Line) -> Level:
    return Level(
        code=line["code"],
        sort=int(line["sort"]),
        label=line["label"],
        cefr=line["cefr"] or None,
    )


def _course_type(line: Line) -> CourseType:
    return CourseType(
        code=line["code"],
        course_group=line["group"],
        sort=int(line["sort"]),
        label=line["label"],
        short=line["short"] or line["label"][:60],
        units_total=_number(line["units_total"]),
        units_note=line["units_note"] or None,
        level_from=line["level_from"] or None,
        level_to=line["level_to"] or None,
        seats_min=_number(line["seats_min"]),
        seats_max=_number(line["seats_max"]),
        funder=line["funder"] or None,
        admission=_words(line["admission"]),
        exams=_words(line["exams"]),
        kursnet=line["kursnet"] or None,
        state=line["state"],
        valid_from=_day(line["valid_from"]),
        valid_until=_day(line["valid_until"]),
    )


def _status(line: Line) -> StatusWords:
    return StatusWords(
        code=CourseStatus(line["code"]),
        sort=int(line["sort"]),
        label=line["label"],
        short=line["short"],
        explanation=line["explanation"],
    )


def _alias(kind: str, meaning: str) -> Callable[[Line], Alias]:
    return lambda line: Alias(kind=kind, alias=line["alias"], meaning=line[meaning])


SHIPPED: Final[tuple[tuple[str, Callable[[Line], Base]], ...]] = (
    ("levels.csv", _level),
    ("course_types.csv", _course_type),
    ("course_statuses.csv", _status),
    ("header_aliases.csv", _alias("header", "field")),
    ("course_type_aliases.csv", _alias("course_type", "code")),
    ("status_aliases.csv", _alias("status", "code")),
)
"""In the order of their references."""


def load_code_tables(session: Session, *, actor: Actor) -> int:
    """Add every shipped code that the database does not have, and return how many were added."""
    require(actor, Permission.CODES_LOAD, Scope())
    added = 0
    for name, build in SHIPPED:
        shipped = {_key(row): row for row in map(build, _lines(name))}
        table = type(next(iter(shipped.values())))
        known = {_key(row) for row in session.scalars(select(table))}
        new = [row for key, row in shipped.items() if key not in known]
        session.add_all(new)
        session.flush()  # the next table refers to this one
        added += len(new)
    if added:
        journal.record(
            session,
            JournalEvent.CODES_LOADED,
            CodeTables(),
            actor=actor,
            scope=Scope(),
            added=added,
        )
    return added


def is_shipped(row: Alias | CourseType) -> bool:
    """Return whether the software brings a type or a word, so that loading would add it again."""
    return _key(row) in _shipped_keys(type(row))


@cache
def _shipped_keys(table: type[Base]) -> frozenset[tuple[str, ...]]:
    rows = (build(line) for name, build in SHIPPED for line in _lines(name))
    return frozenset(_key(row) for row in rows if isinstance(row, table))


def install(url: str) -> None:
    """Bring a database to the newest revision and fill its code tables."""
    upgrade(url)
    database = Database(url)
    try:
        with database.session() as session, transaction(session):
            load_code_tables(session, actor=Actor.system("Installation"))
            search_rows.reindex(session, search_rows.lists_out_of_step(session))
    finally:
        database.dispose()


def _lines(name: str) -> Iterator[Line]:
    text = resources.files("kursliste").joinpath("reference", name).read_text(encoding="utf-8")
    return iter(list(csv.DictReader(text.splitlines(), delimiter=";")))


def _key(row: Any) -> tuple[str, ...]:  # one of the four code tables
    return (row.kind, row.alias) if isinstance(row, Alias) else (str(row.code),)
