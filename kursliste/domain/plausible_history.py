"""Whether a course went on as courses do: its row beside the row that readers know.

These rules guard what changes each month by itself. A start that slips by some weeks, a room with
five seats more and the next module are what every month brings; nobody calls about them.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from kursliste.domain.notices import Facts, Finding, Notice, day, whole
from kursliste.domain.plausibility import is_entered_later

SEATS_FACTOR: Final = 2
SEATS_APART: Final = 10
START_APART: Final = timedelta(days=92)
END_APART: Final = timedelta(days=183)


def _seats_jump(facts: Facts, before: Facts, _on: date) -> Finding | None:
    old, new = whole(before, "seats_total"), whole(facts, "seats_total")
    if not old or not new or abs(new - old) < SEATS_APART:
        return None
    if max(old, new) < SEATS_FACTOR * min(old, new):
        return None
    return Finding(
        notice=Notice.SEATS_JUMP, attribute="seats_total", facts={"old": old, "new": new}
    )


def _start_moved(facts: Facts, before: Facts, on: date) -> Finding | None:
    old, new = day(before, "starts_on"), day(facts, "starts_on")
    if old is None or new is None or is_entered_later(facts):
        return None
    if new < old and new < on <= old:
        notice = Notice.START_MOVED_BACK
    elif abs(new - old) > START_APART:
        notice = Notice.START_MOVED_FAR
    else:
        return None
    return Finding(notice=notice, attribute="starts_on", facts={"old": old, "new": new})


def _end_moved_far(facts: Facts, before: Facts, _on: date) -> Finding | None:
    old, new = day(before, "ends_on"), day(facts, "ends_on")
    if old is None or new is None or abs(new - old) <= END_APART or is_entered_later(facts):
        return None
    if facts.get("starts_on") != before.get("starts_on"):
        return None
    return Finding(notice=Notice.END_MOVED_FAR, attribute="ends_on", facts={"old": old, "new": new})


def _level_changed(facts: Facts, before: Facts, _on: date) -> Finding | None:
    old, new = (str(row.get("level_to") or "") for row in (before, facts))
    if not old or not new or _whole_level(old) == _whole_level(new):
        return None
    return Finding(
        notice=Notice.LEVEL_CHANGED, attribute="level_to", facts={"old": old, "new": new}
    )


def _whole_level(level: str) -> str:
    """Return A1 for A1.2: a course that names its half more exactly is no other course."""
    return level.partition(".")[0]


def _module_backwards(facts: Facts, before: Facts, _on: date) -> Finding | None:
    old, new = whole(before, "current_module"), whole(facts, "current_module")
    is_another_run = facts.get("starts_on") != before.get("starts_on")
    if old is None or new is None or new >= old or is_another_run:
        return None
    return Finding(
        notice=Notice.MODULE_BACKWARDS, attribute="current_module", facts={"old": old, "new": new}
    )


_CHECKS: Final[tuple[Callable[[Facts, Facts, date], Finding | None], ...]] = (
    _seats_jump,
    _start_moved,
    _end_moved_far,
    _level_changed,
    _module_backwards,
)


def history_findings(facts: Facts, before: Facts, *, on: date) -> tuple[Finding, ...]:
    """Return what looks odd beside the same course's row ``before``, in a fixed order."""
    found = (check(facts, before, on) for check in _CHECKS)
    return tuple(finding for finding in found if finding is not None)
