"""What a coordinator says when publishing: why a correction, and when (German time)."""

from datetime import UTC, date, datetime, time

from kursliste.domain.edition import BERLIN, LONGEST_REASON
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.texts import checked_text


def instant_of(day: date, at: time, *, now: datetime) -> datetime:
    """Return the instant of a German day and time of day.

    An hour that comes twice in autumn is the first one. Raises RuleViolationError for a time that
    spring leaves out, and for one that is over.
    """
    told = datetime.combine(day, at.replace(tzinfo=None), tzinfo=BERLIN)
    instant = told.astimezone(UTC)
    if instant.astimezone(BERLIN).replace(tzinfo=None) != told.replace(tzinfo=None):
        raise RuleViolationError(Rule.TIME_LEFT_OUT, field="at", at=at, day=day)
    if instant <= now:
        raise RuleViolationError(Rule.PUBLICATION_IN_PAST, field="day")
    return instant


def checked_reason(reason: str) -> str:
    """Return the reason of a correction; refuse none and one that is too long."""
    return checked_text(reason, field="reason", longest=LONGEST_REASON, missing=Rule.REASON_MISSING)
