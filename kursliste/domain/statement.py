"""The word of a provider by telephone or mail (Auskunft): what it must say to count."""

from datetime import date
from typing import Final

from kursliste.domain.course import FIELD, ConfirmedHow
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.report import ReportStatus
from kursliste.domain.texts import check_length

SPOKEN: Final = (ConfirmedHow.TELEPHONE, ConfirmedHow.MAIL)
"""The ways in which a provider's word reaches the coordinator."""

TAKEN_IN: Final = (ReportStatus.OPEN, ReportStatus.DRAFT, ReportStatus.ASKED)
"""States in which the report is the provider's to fill, and somebody may fill it for them."""


def check_statement(
    told_by: str, how: ConfirmedHow, told_on: date, *, opens_on: date, today: date
) -> None:
    """Raise RuleViolationError unless the statement names a person, a way and a possible day.

    A word from before the round opened cannot be about its month, one from tomorrow is none yet.
    """
    longest = FIELD["confirmed_by"].length
    if not told_by:
        raise RuleViolationError(Rule.VALUE_MISSING, field="told_by")
    check_length(told_by, longest, field="told_by")
    if how not in SPOKEN:
        raise RuleViolationError(Rule.VALUE_UNKNOWN, field="how", value=how)
    first = min(opens_on, today)
    if not first <= told_on <= today:
        raise RuleViolationError(Rule.VALUE_OUT_OF_RANGE, field="told_on", low=first, high=today)
