"""What becomes of a report's unconfirmed rows, where the list would do otherwise."""

from sqlalchemy.orm import Session

from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.domain.round import UnconfirmedRule
from kursliste.infrastructure import journal
from kursliste.models.report import Report


def decide_unconfirmed(
    session: Session, report: Report, *, rule: UnconfirmedRule | None, actor: Actor
) -> None:
    """Print or leave out the unconfirmed rows of one report; None is what the list does.

    It holds for this report, hence for this month, and moves no confirmation: a row that its
    provider confirms goes into the list either way.
    """
    require(actor, Permission.REPORT_REVIEW, report.scope)
    session.flush()  # refresh() forgets what this transaction changed and did not write yet
    session.refresh(report, ["unconfirmed", "version"], with_for_update=True)
    before = report.unconfirmed
    if before is rule:
        return
    report.unconfirmed = rule
    journal.record(
        session,
        JournalEvent.UNCONFIRMED_DECIDED,
        report,
        actor=actor,
        scope=report.scope,
        changes={"unconfirmed": (before, rule)},
    )
