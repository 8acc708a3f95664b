"""Seats: what is free, and what the state of a course follows from them (DOMAIN.md 6.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from kursliste.domain.course import CourseStatus, LateEntry, StartKind, YesNo

FEW_SEATS: Final = 3
NEARLY_FULL: Final = 0.8
SET_BY_HAND: Final = frozenset({CourseStatus.CANCELLED, CourseStatus.PAUSED, CourseStatus.ENDED})
"""States that no date or number gives; only a person sets them."""


def derived_seats_free(total: int | None, taken: int | None) -> int | None:
    """Return the free seats that follow from ``total`` and ``taken``, or None if unknown.

    Unknown is a value (PRODUCT.md, rule 3): it never becomes 0.
    """
    if total is None or taken is None:
        return None
    return max(0, total - taken)


@dataclass(frozen=True)
class SeatState:
    """What the derivation of a status looks at; all of it may be unknown."""

    starts_on: date | None = None
    ends_on: date | None = None
    start_kind: StartKind | None = None
    seats_total: int | None = None
    seats_free: int | None = None
    waiting_list: YesNo | None = None
    late_entry: LateEntry | None = None
    status: CourseStatus | None = None

    @classmethod
    def of(cls, facts: Mapping[str, object]) -> "SeatState":
        """Pick the facts of a course by their attribute names."""
        return cls(**{name: facts.get(name) for name in cls.__dataclass_fields__})  # type: ignore[arg-type]  # each key is a field of this class


def _seat_status(state: SeatState) -> CourseStatus:
    free, total = state.seats_free, state.seats_total
    if free is None:
        return CourseStatus.OPEN
    if free == 0:
        waiting = state.waiting_list is YesNo.YES
        return CourseStatus.WAITING_LIST if waiting else CourseStatus.FULL
    filled = 1 - free / total if total else 0.0
    if free <= FEW_SEATS or filled >= NEARLY_FULL:
        return CourseStatus.FEW
    return CourseStatus.OPEN


def _is_undecided(state: SeatState) -> bool:
    return state.starts_on is None and state.start_kind in {
        StartKind.UNDECIDED,
        StartKind.EXPECTED,
    }


def derived_status(state: SeatState, *, on: date) -> CourseStatus:
    """Return the status that dates and seats give on the day ``on`` (DOMAIN.md 6.4, proposal).

    A status set by hand stays. The provider may overrule the rest; a contradiction is a notice of
    ``domain.plausibility``, not an error.
    """
    if state.status in SET_BY_HAND:
        return state.status
    if state.ends_on is not None and state.ends_on < on:
        return CourseStatus.ENDED
    if state.starts_on is None or state.starts_on > on:
        return CourseStatus.PLANNED if _is_undecided(state) else _seat_status(state)
    may_enter = state.late_entry is LateEntry.YES and state.seats_free != 0
    return CourseStatus.RUNNING_ENTRY if may_enter else CourseStatus.RUNNING
