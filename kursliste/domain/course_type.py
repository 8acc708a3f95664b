"""A kind of course: from when until when it holds, what may be said of it, what looks odd.

Hours, group sizes and levels are usual and no limits: what is odd about them is told and kept all
the same (PRODUCT.md, rule 6). A type is never deleted once a course has it; it ends.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.edition import COLUMN_GROUPS
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.texts import check_length, checked_text

CODE: Final = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*")
LENGTHS: Final[Mapping[str, int]] = {
    "code": 20,
    "label": 150,
    "short": 60,
    "units_note": 120,
    "funder": 80,
    "alias": 120,
}
"""Characters that the texts of a type may have."""

NUMBERS: Final[Mapping[str, tuple[int, int]]] = {
    "sort": (0, 9999),
    "units_total": (1, 9999),
    "seats_min": (1, 999),
    "seats_max": (1, 999),
}
"""Lowest and highest number that is kept at all; units of 45 minutes, and people."""

FEWEST_UNITS: Final = 20
MOST_UNITS: Final = 1200
LARGEST_GROUP: Final = 30


class TypeState(StrEnum):
    """How firmly a type may be offered; an import asks about one that is fading or suspended."""

    ACTIVE = "active"
    FADING = "fading"
    SUSPENDED = "suspended"
    CHECK = "check"


class Odd(StrEnum):
    """What can look odd about a type."""

    FEW_UNITS = "few_units"
    MANY_UNITS = "many_units"
    UNITS_MOVED = "units_moved"
    SEATS_BACKWARDS = "seats_backwards"
    LARGE_GROUP = "large_group"
    LEVEL_BACKWARDS = "level_backwards"


@dataclass(frozen=True)
class Oddity:
    """Something to look at once more, with the numbers that its sentence needs."""

    odd: Odd
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TypeFacts:
    """What an administrator says of a course type; the names are those of its columns."""

    label: str
    short: str = ""
    course_group: str
    sort: int
    state: TypeState = TypeState.ACTIVE
    valid_from: date | None = None
    valid_until: date | None = None
    units_total: int | None = None
    units_note: str | None = None
    level_from: str | None = None
    level_to: str | None = None
    seats_min: int | None = None
    seats_max: int | None = None
    funder: str | None = None
    admission: tuple[str, ...] | None = None
    exams: tuple[str, ...] | None = None


def holds_in(month: Month, valid_from: date | None, valid_until: date | None) -> bool:
    """Return whether a type holds on at least one day of a month; both days count, None is open."""
    begins = valid_from is None or valid_from <= month.last_day()
    return begins and (valid_until is None or valid_until >= month.first_day())


def checked_code(text: str) -> str:
    """Return the code of a new type in capitals.

    Raises RuleViolationError at ``code`` for an empty one, one that is too long, and for signs that
    an address and a cell cannot both hold.
    """
    code = checked_text(text, field="code", longest=LENGTHS["code"], missing=Rule.VALUE_MISSING)
    if CODE.fullmatch(code.upper()) is None:
        raise RuleViolationError(Rule.CODE_MALFORMED, field="code", value=code)
    return code.upper()


def check_type(facts: TypeFacts) -> None:
    """Raise RuleViolationError for what cannot be kept: no name, no group, an end before the begin.

    Numbers that are only unusual pass; see :func:`oddities`.
    """
    checked_text(facts.label, field="label", longest=LENGTHS["label"], missing=Rule.VALUE_MISSING)
    for name in ("short", "units_note", "funder"):
        check_length(getattr(facts, name) or "", LENGTHS[name], field=name)
    if facts.course_group not in COLUMN_GROUPS:
        raise RuleViolationError(Rule.VALUE_UNKNOWN, field="course_group", value=facts.course_group)
    for name, (low, high) in NUMBERS.items():
        value = getattr(facts, name)
        if value is not None and not low <= value <= high:
            raise RuleViolationError(Rule.VALUE_OUT_OF_RANGE, field=name, low=low, high=high)
    begins, ends = facts.valid_from, facts.valid_until
    if begins is not None and ends is not None and ends < begins:
        raise RuleViolationError(
            Rule.END_BEFORE_START, field="valid_until", starts_on=begins, ends_on=ends
        )


def oddities(
    facts: TypeFacts, ranks: Mapping[str, int], before_units: int | None = None
) -> list[Oddity]:
    """Return what is worth a second look; ``ranks`` are those of the levels, low ones first.

    ``before_units`` are the hours that the type has had until now.
    """
    return [*_about_units(facts.units_total, before_units), *_about_groups(facts, ranks)]


def _about_units(units: int | None, before: int | None) -> Iterator[Oddity]:
    if units is None:
        return
    if units < FEWEST_UNITS:
        yield Oddity(Odd.FEW_UNITS, {"units": units})
    if units > MOST_UNITS:
        yield Oddity(Odd.MANY_UNITS, {"units": units})
    if before is not None and not before / 2 <= units <= before * 2:
        yield Oddity(Odd.UNITS_MOVED, {"before": before, "units": units})


def _about_groups(facts: TypeFacts, ranks: Mapping[str, int]) -> Iterator[Oddity]:
    low, high = facts.seats_min, facts.seats_max
    if low is not None and high is not None and low > high:
        yield Oddity(Odd.SEATS_BACKWARDS, {"low": low, "high": high})
    if high is not None and high > LARGEST_GROUP:
        yield Oddity(Odd.LARGE_GROUP, {"high": high})
    first, last = ranks.get(facts.level_from or ""), ranks.get(facts.level_to or "")
    if first is not None and last is not None and first > last:
        yield Oddity(Odd.LEVEL_BACKWARDS)
