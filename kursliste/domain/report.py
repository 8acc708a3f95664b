"""The life of a report (Meldung): its states, its actions, who stands behind each."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kursliste.domain.errors import TransitionRefusedError


class ReportStatus(StrEnum):
    OPEN = "open"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ASKED = "asked"
    APPROVED = "approved"


class ReportAction(StrEnum):
    START = "start"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    ASK = "ask"
    APPROVE = "approve"
    CARRY_OVER = "carry_over"
    REOPEN = "reopen"
    REVISE = "revise"
    DISCARD = "discard"


class ReportOrigin(StrEnum):
    """Where the rows of a report came from before anybody confirmed them."""

    PREFILLED = "prefilled"
    TAKEN_OVER = "taken_over"


TRANSITIONS: Final[Mapping[tuple[ReportStatus, ReportAction], ReportStatus]] = MappingProxyType(
    {
        (ReportStatus.OPEN, ReportAction.START): ReportStatus.DRAFT,
        (ReportStatus.DRAFT, ReportAction.SUBMIT): ReportStatus.SUBMITTED,
        (ReportStatus.ASKED, ReportAction.SUBMIT): ReportStatus.SUBMITTED,
        (ReportStatus.SUBMITTED, ReportAction.TAKE_BACK): ReportStatus.DRAFT,
        (ReportStatus.SUBMITTED, ReportAction.ASK): ReportStatus.ASKED,
        (ReportStatus.SUBMITTED, ReportAction.APPROVE): ReportStatus.APPROVED,
        (ReportStatus.DRAFT, ReportAction.CARRY_OVER): ReportStatus.APPROVED,
        (ReportStatus.ASKED, ReportAction.CARRY_OVER): ReportStatus.APPROVED,
        (ReportStatus.APPROVED, ReportAction.REOPEN): ReportStatus.SUBMITTED,
        (ReportStatus.APPROVED, ReportAction.REVISE): ReportStatus.DRAFT,
        (ReportStatus.DRAFT, ReportAction.DISCARD): ReportStatus.APPROVED,
        (ReportStatus.ASKED, ReportAction.DISCARD): ReportStatus.APPROVED,
    }
)
"""State and action give the next state; what is not here is refused.

``CARRY_OVER`` is the coordinator's way to put a report into the list that its provider never sent:
the rows keep their old confirmation date and are printed as "nicht bestätigt" (PRODUCT.md, rule 2).
``REVISE`` is the provider's way to change a report after its approval: the approved rows are kept
(``models.approved``) and stay in the list until the new version is approved or discarded.
"""

EDITABLE: Final = (ReportStatus.DRAFT, ReportStatus.ASKED)
"""States in which the provider may change rows."""

SENT: Final = (ReportStatus.SUBMITTED, ReportStatus.ASKED)
"""States that a report reaches only after it was submitted at least once."""

DECIDED: Final = (ReportStatus.APPROVED,)
"""States that carry who decided and when."""


def next_status(status: ReportStatus, action: ReportAction) -> ReportStatus:
    """Return the state after ``action``; raise TransitionRefusedError if it is not allowed."""
    try:
        return TRANSITIONS[status, action]
    except KeyError:
        msg = f"cannot {action} a report that is {status}"
        raise TransitionRefusedError(msg) from None


def allowed_actions(status: ReportStatus, *, is_revision: bool = False) -> frozenset[ReportAction]:
    """Return which buttons a page may show; the same table that :func:`next_status` obeys.

    Only a revision can be discarded, and it need not be carried over: its approved version stands.
    """
    other = ReportAction.CARRY_OVER if is_revision else ReportAction.DISCARD
    return frozenset(
        action for (state, action) in TRANSITIONS if state is status and action is not other
    )
