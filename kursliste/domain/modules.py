"""Which module a course has reached by the calendar: a suggestion, never written by itself.

Sources: a Kursabschnitt of the Integrationskurs has 100 UE (IntV, sections 11 and 12), a module of
the Erstorientierungskurs 50 UE (the BAMF's concept of the EOK).
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from kursliste.domain.course import FIELD

UNITS_PER_MODULE: Final[Mapping[str, int]] = {"IK": 100, "EOK": 50}
"""UE of one module by the part of the course type's code that stands before the first dash."""

DAYS_A_WEEK: Final = 7


def suggested_module(facts: Mapping[str, object], *, on: date) -> int | None:
    """Return the module that a course has probably reached on ``on``; None if nothing is new.

    It goes on from the module that somebody last confirmed: units taught between that day and
    ``on``, by units per week or, where they are unknown, spread evenly from start to end. Breaks
    are not counted out, so it is a hint. None without a module, a confirmation, a pace, for kinds
    of courses without modules of a fixed length, and where the module stays the same.
    """
    module, since = facts.get("current_module"), facts.get("confirmed_on")
    starts_on, size = facts.get("starts_on"), _units_of_module(facts)
    if not isinstance(module, int) or not isinstance(since, date) or size is None:
        return None
    pace = _units_per_day(facts)
    if pace is None or not isinstance(starts_on, date) or not starts_on <= since < on:
        return None
    reached = [int((day - starts_on).days * pace) // size for day in (since, _last_day(facts, on))]
    found = min(module + reached[1] - reached[0], _last_module(facts, size))
    return found if found > module else None


def _units_of_module(facts: Mapping[str, object]) -> int | None:
    return UNITS_PER_MODULE.get(str(facts.get("course_type")).partition("-")[0])


def _units_per_day(facts: Mapping[str, object]) -> float | None:
    per_week, total = facts.get("units_per_week"), facts.get("units_total")
    if isinstance(per_week, int) and per_week > 0:
        return per_week / DAYS_A_WEEK
    starts_on, ends_on = facts.get("starts_on"), facts.get("ends_on")
    if isinstance(total, int) and isinstance(starts_on, date) and isinstance(ends_on, date):
        return total / max((ends_on - starts_on).days, 1)
    return None


def _last_day(facts: Mapping[str, object], on: date) -> date:
    ends_on = facts.get("ends_on")
    return min(on, ends_on) if isinstance(ends_on, date) else on


def _last_module(facts: Mapping[str, object], size: int) -> int:
    total = facts.get("units_total")
    most = FIELD["current_module"].high
    return min(-(-total // size), most) if isinstance(total, int) and total > 0 else most
