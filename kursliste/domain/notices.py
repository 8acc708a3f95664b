"""What may look odd in a row, how much it matters, and how a finding is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

Facts = Mapping[str, object]


class Severity(StrEnum):
    """What a coordinator does about a finding."""

    ASK = "ask"
    LOOK = "look"


class Notice(StrEnum):
    """Each has a German sentence in ``web.notice_words.NOTICES``."""

    STARTED_BUT_PLANNED = "started_but_planned"
    STARTED_BUT_OPEN = "started_but_open"
    STARTS_FAR_AHEAD = "starts_far_ahead"
    ENDED_BUT_LISTED = "ended_but_listed"
    LASTS_LONG = "lasts_long"
    NEVER_ENDS = "never_ends"
    FREE_ABOVE_TOTAL = "free_above_total"
    TAKEN_ABOVE_TOTAL = "taken_above_total"
    FREE_CONTRADICTS_TAKEN = "free_contradicts_taken"
    FULL_BUT_FREE = "full_but_free"
    SEATS_ABOVE_USUAL = "seats_above_usual"
    EXAM_BEFORE_START = "exam_before_start"
    REGISTER_AFTER_START = "register_after_start"
    REGISTER_OVER_BUT_OPEN = "register_over_but_open"
    NOBODY_TO_CALL = "nobody_to_call"
    TIMES_MISSING = "times_missing"
    UNITS_UNLIKE_TYPE = "units_unlike_type"
    UNITS_UNLIKE_DATES = "units_unlike_dates"
    UNITS_UNLIKE_TIMES = "units_unlike_times"
    WEEK_TOO_FULL = "week_too_full"
    DAY_TOO_LONG = "day_too_long"
    SEATS_JUMP = "seats_jump"
    START_MOVED_BACK = "start_moved_back"
    START_MOVED_FAR = "start_moved_far"
    END_MOVED_FAR = "end_moved_far"
    LEVEL_CHANGED = "level_changed"
    MODULE_BACKWARDS = "module_backwards"
    TWICE_IN_REPORT = "twice_in_report"
    TWICE_IN_DISTRICT = "twice_in_district"
    FAR_FROM_THE_OTHERS = "far_from_the_others"
    MAIL_REFUSED = "mail_refused"


_ONLY_LOOK: Final = frozenset(
    {
        Notice.NEVER_ENDS,
        Notice.FREE_CONTRADICTS_TAKEN,
        Notice.SEATS_ABOVE_USUAL,
        Notice.REGISTER_AFTER_START,
        Notice.REGISTER_OVER_BUT_OPEN,
        Notice.NOBODY_TO_CALL,
        Notice.TIMES_MISSING,
        Notice.UNITS_UNLIKE_TYPE,
        Notice.UNITS_UNLIKE_DATES,
        Notice.WEEK_TOO_FULL,
        Notice.DAY_TOO_LONG,
        Notice.START_MOVED_FAR,
        Notice.END_MOVED_FAR,
        Notice.LEVEL_CHANGED,
        Notice.MODULE_BACKWARDS,
        Notice.TWICE_IN_DISTRICT,
        Notice.FAR_FROM_THE_OTHERS,
    }
)


def severity_of(notice: Notice) -> Severity:
    """Return what to do: ask where the row contradicts itself or a value must be a slip."""
    return Severity.LOOK if notice in _ONLY_LOOK else Severity.ASK


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A notice about one field, with the values that its sentence names."""

    notice: Notice
    attribute: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return severity_of(self.notice)


@dataclass(frozen=True, kw_only=True)
class Usual:
    """What is usual for the course type; None where the code table says nothing."""

    seats_max: int | None = None
    units_total: int | None = None


def day(facts: Facts, name: str) -> date | None:
    """Return a day of the row, or None if it is unknown."""
    value = facts.get(name)
    return value if isinstance(value, date) else None


def whole(facts: Facts, name: str) -> int | None:
    """Return a whole number of the row, or None if it is unknown."""
    value = facts.get(name)
    return value if isinstance(value, int) else None
