"""The Excel table of a report: which columns it has, what stands in a cell, whose table it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.course import FIELD, MONTHLY_FIELDS, OWN_FIELDS, Field, Kind
from kursliste.infrastructure.codes import Codes
from kursliste.models.report import Report

KEY_HEADING: Final = FIELD["course_id"].heading
VERSION_HEADING: Final = "Fassung"
STATE_SHEET: Final = "Stand"
"""The hidden sheet that keeps what the table said when it was downloaded."""

FIXED: Final = ("title", "course_type")
"""What says which course a row is about: locked, so that no row becomes another course."""

LISTED: Final = frozenset({Kind.CODE, Kind.CHOICE})
Written = str | int | date | time | Decimal | None

_first = ("title", *MONTHLY_FIELDS, "course_type")
COLUMNS: Final[tuple[Field, ...]] = (
    *(FIELD[name] for name in _first),
    *(field for field in OWN_FIELDS if field.attribute not in _first),
)
"""The columns a person sees, in their order: the course, what is asked each month, the rest."""

MARK: Final = re.compile(r"kursliste-Meldung (\d{4}-\d{2}) Träger (\d{1,9}) Nr\. (\d{1,9})")


@dataclass(frozen=True)
class Mark:
    """Whose table it is: month of the list, provider and report."""

    month: Month
    provider_id: int
    report_id: int

    def __str__(self) -> str:
        return f"kursliste-Meldung {self.month} Träger {self.provider_id} Nr. {self.report_id}"


def mark_of(report: Report) -> Mark:
    """Return the mark that the table of ``report`` carries."""
    return Mark(report.month, report.provider_id, report.id)


def read_mark(text: str) -> Mark | None:
    """Return the mark that a text holds, or None."""
    match = MARK.fullmatch(text.strip())
    try:
        return Mark(Month.parse(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def options(field: Field, codes: Codes) -> Sequence[tuple[str, str]]:
    """Return the stored word and the shown label of every choice of a field; () for free input."""
    tables = {
        "course_type": codes.words.course_types,
        "level_from": codes.words.levels,
        "level_to": codes.words.levels,
        "status": codes.words.statuses,
    }
    if field.attribute in tables:
        return tuple(tables[field.attribute].items())
    if field.kind is Kind.CHOICE:
        return tuple((choice.value, choice.value) for choice in field.choices or ())
    return ()


def written(field: Field, value: object, codes: Codes) -> Written:
    """Return what stands in the cell for a stored value; None for an empty cell."""
    match value:
        case None | "" | ():
            return None
        case tuple() | list():
            return ", ".join(str(word) for word in value)
        case str():
            return dict(options(field, codes)).get(str(value), str(value))
        case bool():
            return str(value)
        case int() | Decimal() | date() | time():
            return value
        case _:
            return str(value)
