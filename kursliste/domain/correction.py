"""The life of a correction: what the coordinator changed in a report, and the provider's answer."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kursliste.domain.errors import Rule, RuleViolationError, TransitionRefusedError
from kursliste.domain.report import ReportStatus
from kursliste.domain.texts import check_length

OBJECTION_LENGTH: Final = 1000
REASON_LENGTH: Final = 300


class CorrectionStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    OBJECTED = "objected"
    SETTLED = "settled"


class CorrectionAction(StrEnum):
    ACCEPT = "accept"
    OBJECT = "object"
    SETTLE = "settle"


CORRECTION_TRANSITIONS: Final[
    Mapping[tuple[CorrectionStatus, CorrectionAction], CorrectionStatus]
] = MappingProxyType(
    {
        (CorrectionStatus.OPEN, CorrectionAction.ACCEPT): CorrectionStatus.ACCEPTED,
        (CorrectionStatus.OPEN, CorrectionAction.OBJECT): CorrectionStatus.OBJECTED,
        (CorrectionStatus.OBJECTED, CorrectionAction.SETTLE): CorrectionStatus.SETTLED,
    }
)
"""A correction holds from the moment it is made; its provider need not answer."""

CORRECTABLE: Final = (ReportStatus.SUBMITTED, ReportStatus.APPROVED)
"""States in which the report lies with the coordinator."""


def next_correction_status(status: CorrectionStatus, action: CorrectionAction) -> CorrectionStatus:
    """Return the state after ``action``; raise TransitionRefusedError if it is not allowed."""
    try:
        return CORRECTION_TRANSITIONS[status, action]
    except KeyError:
        msg = f"cannot {action} a correction that is {status}"
        raise TransitionRefusedError(msg) from None


def check_correctable(status: ReportStatus) -> None:
    """Raise RuleViolationError unless a report lies with the coordinator."""
    if status not in CORRECTABLE:
        raise RuleViolationError(Rule.REPORT_NOT_CORRECTABLE)


def check_reason(text: str) -> None:
    """Raise RuleViolationError for a reason that is too long; none at all is allowed."""
    check_length(text, REASON_LENGTH, field="reason")


def check_objection(text: str) -> None:
    """Raise RuleViolationError for an objection that says nothing or too much."""
    if not text:
        raise RuleViolationError(Rule.OBJECTION_EMPTY, field="objection")
    check_length(text, OBJECTION_LENGTH, field="objection")
