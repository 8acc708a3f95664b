"""The life of a round (Abfrage): one period of one course list."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kursliste.domain.errors import TransitionRefusedError


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


def next_round_status(status: RoundStatus, action: RoundAction) -> RoundStatus:
    """Return the state after ``action``; raise TransitionRefusedError if it is not allowed."""
    try:
        return ROUND_TRANSITIONS[status, action]
    except KeyError:
        msg = f"cannot {action} a round that is {status}"
        raise TransitionRefusedError(msg) from None
