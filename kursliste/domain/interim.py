"""Interim updates: what a provider tells about a published course between two editions.

What was told never changes what was published. It is laid on top: beside the frozen value, into
the next report. "Facts" are a course by attribute name, as everywhere.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from kursliste.domain.course import CourseStatus, LateEntry
from kursliste.domain.seats import SeatState, derived_seats_free, derived_status

NO_PLACE: Final = frozenset({CourseStatus.FULL, CourseStatus.WAITING_LIST})
RUNS: Final = frozenset({CourseStatus.RUNNING, CourseStatus.RUNNING_ENTRY})
HAS_PLACE: Final = frozenset({CourseStatus.OPEN, CourseStatus.FEW, CourseStatus.RUNNING_ENTRY})
FOLLOWS_SEATS: Final = NO_PLACE | RUNS | HAS_PLACE
"""States that a new number of free seats may move; all others only a person sets."""
WITHOUT_PLACE: Final = (
    CourseStatus.FULL,
    CourseStatus.WAITING_LIST,
    CourseStatus.CANCELLED,
    CourseStatus.ENDED,
)
"""States in which a free seat, if one is told, cannot be taken."""

Facts = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Told:
    """Seats and status as somebody told them; None was not told."""

    seats_taken: int | None = None
    seats_free: int | None = None
    status: CourseStatus | None = None

    def facts(self) -> dict[str, object]:
        """Return what was told, by attribute name."""
        return {name: value for name, value in asdict(self).items() if value is not None}


NOTHING: Final = Told()


def knows_better(given_on: date, *, confirmed_on: date | None, is_superseded: bool) -> bool:
    """Return whether an update of the day ``given_on`` is newer than a confirmation.

    On the day itself the order decides: an update that a report was submitted after is superseded.
    """
    if confirmed_on is None or given_on > confirmed_on:
        return True
    return given_on == confirmed_on and not is_superseded


def told_anew(typed: Told, *, before: Told, facts: Facts) -> Told:
    """Return what a new update tells: what was typed, what follows, and what still holds.

    ``facts`` are the published ones, ``before`` is the update that counts so far. The newest update
    stands for itself, so it repeats what was told before unless the new values speak against it.
    """
    free = _free_by(typed, facts)
    if free is None:
        keeps = before.seats_free is not None and not _contradicts(typed.status, before.seats_free)
        return Told(
            seats_taken=before.seats_taken if typed.seats_taken is None else typed.seats_taken,
            seats_free=before.seats_free if keeps else None,
            status=typed.status or before.status,
        )
    taken = before.seats_taken if before.seats_free == free else None
    status = None if _contradicts(before.status, free) else before.status
    return Told(
        seats_taken=taken if typed.seats_taken is None else typed.seats_taken,
        seats_free=free,
        status=typed.status or status,
    )


def laid_on(facts: Facts, told: Told, *, on: date) -> dict[str, object]:
    """Return ``facts`` as they are with what was told on the day ``on``.

    Where only the free seats moved, a number of taken seats that does not fit them any more becomes
    unknown, and a status that comes from seats follows. A status left to the computer stays so.
    """
    now = {**facts, **told.facts()}
    if told.seats_free is None or told.seats_free == facts.get("seats_free"):
        return now
    if told.seats_taken is None and _free_of(now) != told.seats_free:
        now["seats_taken"] = None
    if told.status is None:
        now["status"] = _following_status(now, told.seats_free, on=on)
    return now


def news_beside(
    published: Facts, told: Told, *, given_on: date, is_superseded: bool
) -> dict[str, object] | None:
    """Return seats and status as they are now, if an update still counts and says something else.

    ``published`` are the facts of an entry. This is the one rule for what stands beside it.
    """
    confirmed_on = published["confirmed_on"]
    known = confirmed_on if isinstance(confirmed_on, date) else None
    if not knows_better(given_on, confirmed_on=known, is_superseded=is_superseded):
        return None
    now = laid_on(published, told, on=given_on)
    if all(now[name] == published[name] for name in ("seats_free", "status")):
        return None
    return now


def has_place(facts: Facts) -> bool:
    """Return whether a seat is free that can be taken; unknown is not free."""
    free = facts.get("seats_free")
    return isinstance(free, int) and free > 0 and facts.get("status") not in WITHOUT_PLACE


def _free_by(typed: Told, facts: Facts) -> int | None:
    """Return the free seats that were typed or follow from what was; "ausgebucht" says 0."""
    if typed.seats_free is not None:
        return typed.seats_free
    free = _free_of({**facts, "seats_taken": typed.seats_taken})
    return 0 if free is None and typed.status in NO_PLACE else free


def _free_of(facts: Facts) -> int | None:
    total, taken = facts.get("seats_total"), facts.get("seats_taken")
    if not isinstance(total, int) or not isinstance(taken, int):
        return None
    return derived_seats_free(total, taken)


def _contradicts(status: CourseStatus | None, free: int) -> bool:
    return status in (NO_PLACE if free else HAS_PLACE)


def _following_status(facts: Facts, free: int, *, on: date) -> object:
    before = facts.get("status")
    if before not in FOLLOWS_SEATS or (free == 0 and before in NO_PLACE):
        return before
    if before in RUNS:  # whoever said so knows it better than the dates
        may_enter = free > 0 and facts.get("late_entry") is LateEntry.YES
        return CourseStatus.RUNNING_ENTRY if may_enter else CourseStatus.RUNNING
    # A course that free seats are told for goes on, whatever its end says.
    return derived_status(SeatState.of({**facts, "status": None, "ends_on": None}), on=on)
