"""The life of a round (Abfrage): one period of one course list."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.errors import Rule, RuleViolationError, TransitionRefusedError

LONGEST_AFTER: Final = timedelta(days=366)
"""How long after its month a round may stay open."""

REOPENED_FOR: Final = timedelta(days=14)
"""How long a closed round is open again where nobody chooses a day."""


class RoundStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class RoundAction(StrEnum):
    CLOSE = "close"
    REOPEN = "reopen"


ROUND_TRANSITIONS: Final[Mapping[tuple[RoundStatus, RoundAction], RoundStatus]] = MappingProxyType(
    {
        (RoundStatus.OPEN, RoundAction.CLOSE): RoundStatus.CLOSED,
        (RoundStatus.CLOSED, RoundAction.REOPEN): RoundStatus.OPEN,
    }
)


class ListKind(StrEnum):
    """What a standing list is about; further kinds need no new table for the flow (C6)."""

    LANGUAGE_COURSES = "language_courses"
    ORIENTATION = "orientation"
    ADVICE = "advice"
    COMMUNITY = "community"


class Rhythm(StrEnum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"


class UnconfirmedRule(StrEnum):
    """What an edition does with rows that nobody confirmed this month (PRODUCT.md, rule 2)."""

    PRINT = "print"
    LEAVE_OUT = "leave_out"


def leaves_out_unconfirmed(decided: UnconfirmedRule | None, default: UnconfirmedRule) -> bool:
    """Return whether unconfirmed rows of a report are left out of the list, not printed as such.

    What was decided about this report goes before what the list does otherwise.
    """
    return (decided or default) is UnconfirmedRule.LEAVE_OUT


def ends_on(month: Month, open_until: date | None) -> date:
    """Return the last day of a round: the chosen one, or the last of its month."""
    return open_until or month.last_day()


def check_round_dates(
    month: Month, *, opens_on: date, due_on: date, open_until: date | None, today: date
) -> None:
    """Raise RuleViolationError unless a round may be due and end on these days.

    It is due on its opening day or later, and ends neither before it is due nor before today.
    """
    if due_on < opens_on:
        raise RuleViolationError(
            Rule.DUE_BEFORE_OPENING, field="due_on", due_on=due_on, opens_on=opens_on
        )
    first, last = max(due_on, today), month.last_day() + LONGEST_AFTER
    if ends_on(month, open_until) < first:
        raise RuleViolationError(Rule.CLOSES_TOO_EARLY, field="open_until", due_on=due_on)
    if ends_on(month, open_until) > last:
        raise RuleViolationError(Rule.VALUE_OUT_OF_RANGE, field="open_until", low=first, high=last)


def next_round_status(status: RoundStatus, action: RoundAction) -> RoundStatus:
    """Return the state after ``action``; raise TransitionRefusedError if it is not allowed."""
    try:
        return ROUND_TRANSITIONS[status, action]
    except KeyError:
        msg = f"cannot {action} a round that is {status}"
        raise TransitionRefusedError(msg) from None
