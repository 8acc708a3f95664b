"""What an administrator may say about a kind of course, and in which months it is offered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.edition import folded
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.texts import checked_text

CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")
LONGEST: Final[Mapping[str, int]] = {"label": 150, "short": 60, "units_note": 120, "funder": 80}
"""Characters of a text, as many as its column holds."""

MOST: Final[Mapping[str, int]] = {"units_total": 5_000, "seats_min": 500, "seats_max": 500}
LONGEST_ALIAS: Final = 120


class TypeState(StrEnum):
    """What the funders do with a kind of course. It is told and forbids nothing: dates do that."""

    ACTIVE = "active"
    CHECK = "check"
    FADING = "fading"
    SUSPENDED = "suspended"


@dataclass(frozen=True, kw_only=True)
class TypeFacts:
    """What is said about a kind of course; usual numbers are hints and never limits.

    Units are lessons of 45 minutes. Dates are the first and the last day of validity.
    """

    course_group: str
    sort: int
    label: str
    short: str
    units_total: int | None = None
    units_note: str | None = None
    level_from: str | None = None
    level_to: str | None = None
    seats_min: int | None = None
    seats_max: int | None = None
    funder: str | None = None
    state: TypeState = TypeState.ACTIVE
    valid_from: date | None = None
    valid_until: date | None = None


def check_code(code: str) -> None:
    """Raise RuleViolationError (CODE_ODD) unless a code is capital letters, digits and hyphens."""
    if not CODE.fullmatch(code):
        raise RuleViolationError(Rule.CODE_ODD, field="code")


def check_type(facts: TypeFacts) -> None:
    """Raise RuleViolationError for a kind without a name, or with ends before beginnings."""
    for name, longest in LONGEST.items():
        text = getattr(facts, name)
        if text or name in {"label", "short"}:
            checked_text(text or "", field=name, longest=longest, missing=Rule.VALUE_MISSING)
    for name, most in MOST.items():
        value = getattr(facts, name)
        if value is not None and not 1 <= value <= most:
            raise RuleViolationError(Rule.VALUE_OUT_OF_RANGE, field=name, low=1, high=most)
    if facts.valid_from and facts.valid_until and facts.valid_until < facts.valid_from:
        raise RuleViolationError(
            Rule.END_BEFORE_START,
            field="valid_until",
            starts_on=facts.valid_from,
            ends_on=facts.valid_until,
        )


def other_names(typed: str, *, taken: Mapping[str, str]) -> list[str]:
    """Return the names of a kind in lists kept by hand, one a line as they were typed.

    ``taken`` are folded names of other kinds with their codes. Raises RuleViolationError for one
    of these (ALIAS_TAKEN) and for one that is too long.
    """
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, typed.splitlines())):
        if len(line) > LONGEST_ALIAS:
            raise RuleViolationError(
                Rule.TEXT_TOO_LONG, field="aliases", count=len(line), length=LONGEST_ALIAS
            )
        if folded(line) in taken:
            raise RuleViolationError(
                Rule.ALIAS_TAKEN, field="aliases", name=line, code=taken[folded(line)]
            )
        found.setdefault(folded(line), line)
    return list(found.values())


def is_valid_in(month: Month, valid_from: date | None, valid_until: date | None) -> bool:
    """Return whether a kind of course is valid on any day of a month."""
    begins = valid_from is None or valid_from <= month.last_day()
    return begins and (valid_until is None or valid_until >= month.first_day())
