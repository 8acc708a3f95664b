"""What looks odd in a row, told in words beside the field; none of it blocks by itself.

Values that contradict themselves are errors (:func:`check_consistent`), everything else is a
notice: hours, group sizes and papers are data that may change (PRODUCT.md, rule 6).
"""

from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from typing import Final

from kursliste.domain.course import CourseStatus, Delivery, LateEntry, StartKind
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.notices import (
    Facts,
    Finding,
    Notice,
    Severity,
    Usual,
    day,
    severity_of,
    whole,
)
from kursliste.domain.plausible_hours import HOURS

__all__ = [
    "Facts",
    "Finding",
    "Notice",
    "Severity",
    "Usual",
    "check_consistent",
    "check_levels",
    "findings",
    "not_let_pass",
    "severity_of",
]

TAKES_SOMEBODY: Final = frozenset({CourseStatus.OPEN, CourseStatus.FEW})
ENTERED_LATER: Final = frozenset({LateEntry.YES, LateEntry.ON_CONSULTATION})
WITHOUT_ONE_START: Final = frozenset({StartKind.ROLLING, StartKind.REGULAR})
LONGEST_COURSE: Final = timedelta(days=3 * 366)
FURTHEST_START: Final = timedelta(days=548)
OVERBOOKED: Final = 1.5
"""Some more people than seats is how courses are filled; half as many more is a slip."""

SETTLED_BY_PUBLISHING: Final = frozenset(
    {
        Notice.LASTS_LONG,
        Notice.NEVER_ENDS,
        Notice.SEATS_ABOVE_USUAL,
        Notice.EXAM_BEFORE_START,
        Notice.REGISTER_AFTER_START,
        Notice.TIMES_MISSING,
        Notice.UNITS_UNLIKE_TYPE,
        Notice.UNITS_UNLIKE_DATES,
        Notice.UNITS_UNLIKE_TIMES,
        Notice.WEEK_TOO_FULL,
        Notice.DAY_TOO_LONG,
    }
)
"""About what stays the same while a course runs. What gets worse with the days, and seats that
contradict each other, are told until they are mended."""


def check_consistent(facts: Facts) -> None:
    """Raise RuleViolationError where a row contradicts itself."""
    starts_on, ends_on = facts.get("starts_on"), facts.get("ends_on")
    if isinstance(starts_on, date) and isinstance(ends_on, date) and ends_on < starts_on:
        raise RuleViolationError(
            Rule.END_BEFORE_START, field="ends_on", starts_on=starts_on, ends_on=ends_on
        )
    time_from, time_until = facts.get("time_from"), facts.get("time_until")
    if isinstance(time_from, time) and isinstance(time_until, time) and time_until <= time_from:
        raise RuleViolationError(
            Rule.UNTIL_BEFORE_FROM, field="time_until", time_from=time_from, time_until=time_until
        )


def check_levels(level_from: int | None, level_to: int | None) -> None:
    """Raise RuleViolationError if the target level lies below the entry level (by sort number)."""
    if level_from is not None and level_to is not None and level_to < level_from:
        raise RuleViolationError(Rule.LEVEL_BACKWARDS, field="level_to")


def _started_but_planned(facts: Facts, on: date, _usual: Usual) -> Finding | None:
    starts_on = day(facts, "starts_on")
    has_begun = starts_on is not None and starts_on < on
    if not has_begun or facts.get("status") is not CourseStatus.PLANNED:
        return None
    return Finding(
        notice=Notice.STARTED_BUT_PLANNED, attribute="status", facts={"value": starts_on}
    )


def _started_but_open(facts: Facts, on: date, _usual: Usual) -> Finding | None:
    starts_on = day(facts, "starts_on")
    takes_nobody = facts.get("late_entry") is LateEntry.NO
    if starts_on is None or starts_on >= on or not takes_nobody:
        return None
    if facts.get("status") not in TAKES_SOMEBODY:
        return None
    return Finding(notice=Notice.STARTED_BUT_OPEN, attribute="status", facts={"value": starts_on})


def _starts_far_ahead(facts: Facts, on: date, _usual: Usual) -> Finding | None:
    starts_on = day(facts, "starts_on")
    if starts_on is None or starts_on - on <= FURTHEST_START:
        return None
    return Finding(
        notice=Notice.STARTS_FAR_AHEAD, attribute="starts_on", facts={"value": starts_on}
    )


def _lasts_long(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    starts_on, ends_on = day(facts, "starts_on"), day(facts, "ends_on")
    if starts_on is None or ends_on is None or ends_on - starts_on <= LONGEST_COURSE:
        return None
    if facts.get("start_kind") in WITHOUT_ONE_START:
        return None
    return Finding(
        notice=Notice.LASTS_LONG,
        attribute="ends_on",
        facts={"start": starts_on, "end": ends_on},
    )


def _ended_but_listed(facts: Facts, on: date, _usual: Usual) -> Finding | None:
    ends_on = facts.get("ends_on")
    is_over = isinstance(ends_on, date) and ends_on < on
    if not is_over or facts.get("status") is CourseStatus.ENDED:
        return None
    return Finding(notice=Notice.ENDED_BUT_LISTED, attribute="ends_on", facts={"value": ends_on})


def _free_above_total(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    free, total = facts.get("seats_free"), facts.get("seats_total")
    if isinstance(free, int) and isinstance(total, int) and free > total:
        return Finding(
            notice=Notice.FREE_ABOVE_TOTAL,
            attribute="seats_free",
            facts={"free": free, "total": total},
        )
    return None


def _taken_above_total(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    taken, total = whole(facts, "seats_taken"), whole(facts, "seats_total")
    if not taken or not total or taken <= total * OVERBOOKED:
        return None
    return Finding(
        notice=Notice.TAKEN_ABOVE_TOTAL,
        attribute="seats_taken",
        facts={"taken": taken, "total": total},
    )


def _free_contradicts_taken(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    free, total, taken = (facts.get(n) for n in ("seats_free", "seats_total", "seats_taken"))
    if not (isinstance(free, int) and isinstance(total, int) and isinstance(taken, int)):
        return None
    if max(0, total - taken) == free:
        return None
    return Finding(
        notice=Notice.FREE_CONTRADICTS_TAKEN,
        attribute="seats_free",
        facts={"free": free, "total": total, "taken": taken},
    )


def _full_but_free(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    free = facts.get("seats_free")
    is_full = facts.get("status") in {CourseStatus.FULL, CourseStatus.WAITING_LIST}
    if not is_full or not isinstance(free, int) or free == 0:
        return None
    return Finding(notice=Notice.FULL_BUT_FREE, attribute="status", facts={"free": free})


def _seats_above_usual(facts: Facts, _on: date, usual: Usual) -> Finding | None:
    total = facts.get("seats_total")
    if isinstance(total, int) and usual.seats_max is not None and total > usual.seats_max:
        return Finding(
            notice=Notice.SEATS_ABOVE_USUAL,
            attribute="seats_total",
            facts={"total": total, "usual": usual.seats_max},
        )
    return None


def _exam_before_start(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    starts_on, exam_on = facts.get("starts_on"), facts.get("exam_on")
    if isinstance(starts_on, date) and isinstance(exam_on, date) and exam_on < starts_on:
        return Finding(
            notice=Notice.EXAM_BEFORE_START,
            attribute="exam_on",
            facts={"exam": exam_on, "start": starts_on},
        )
    return None


def _register_after_start(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    starts_on, register_by = day(facts, "starts_on"), day(facts, "register_by")
    if starts_on is None or register_by is None or register_by <= starts_on:
        return None
    if is_entered_later(facts):
        return None
    return Finding(
        notice=Notice.REGISTER_AFTER_START,
        attribute="register_by",
        facts={"register": register_by, "start": starts_on},
    )


def _register_over_but_open(facts: Facts, on: date, _usual: Usual) -> Finding | None:
    starts_on, register_by = day(facts, "starts_on"), day(facts, "register_by")
    if register_by is None or register_by >= on or facts.get("status") not in TAKES_SOMEBODY:
        return None
    if is_entered_later(facts) or (starts_on is not None and starts_on < on):
        return None
    return Finding(
        notice=Notice.REGISTER_OVER_BUT_OPEN, attribute="register_by", facts={"value": register_by}
    )


def _nobody_to_call(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    if facts.get("contact_phone") or facts.get("contact_email"):
        return None
    return Finding(notice=Notice.NOBODY_TO_CALL, attribute="contact_phone")


def _times_missing(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    told = ("time_from", "times_note", "time_of_day")
    if any(facts.get(name) for name in told) or facts.get("delivery") is Delivery.SELF_STUDY:
        return None
    return Finding(notice=Notice.TIMES_MISSING, attribute="time_from")


def _never_ends(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    publicly_funded = str(facts.get("course_type") or "").startswith(("IK-", "BSK-"))
    if publicly_funded and facts.get("starts_on") and not facts.get("ends_on"):
        return Finding(notice=Notice.NEVER_ENDS, attribute="ends_on")
    return None


def is_entered_later(facts: Facts) -> bool:
    """Return whether people may join after the start, so that dates before it bind nobody."""
    may_enter = facts.get("late_entry") in ENTERED_LATER
    return may_enter or facts.get("start_kind") in WITHOUT_ONE_START


_CHECKS: Final[tuple[Callable[[Facts, date, Usual], Finding | None], ...]] = (
    _started_but_planned,
    _started_but_open,
    _starts_far_ahead,
    _ended_but_listed,
    _lasts_long,
    _never_ends,
    _free_above_total,
    _taken_above_total,
    _free_contradicts_taken,
    _full_but_free,
    _seats_above_usual,
    _exam_before_start,
    _register_after_start,
    _register_over_but_open,
    _nobody_to_call,
    _times_missing,
    *HOURS,
)


def findings(facts: Facts, *, on: date, usual: Usual | None = None) -> tuple[Finding, ...]:
    """Return everything that looks odd in the row alone on the day ``on``, in a fixed order."""
    found = (check(facts, on, usual or Usual()) for check in _CHECKS)
    return tuple(finding for finding in found if finding is not None)


def not_let_pass(
    found: Iterable[Finding], published: Facts, *, on: date, usual: Usual | None = None
) -> tuple[Finding, ...]:
    """Return ``found`` without what the list said just so before.

    A coordinator who published a row asked about it or knows why it is so; nobody calls each month
    about the same.
    """
    known = [
        f for f in findings(published, on=on, usual=usual) if f.notice in SETTLED_BY_PUBLISHING
    ]
    return tuple(finding for finding in found if finding not in known)
