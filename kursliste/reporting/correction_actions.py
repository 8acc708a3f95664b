"""What a provider says to the changes that the coordinator made in its report."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.correction import CorrectionAction, CorrectionStatus, check_objection
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.infrastructure import clock, mailbox
from kursliste.infrastructure.codes import load_words
from kursliste.models.correction import Correction
from kursliste.models.report import Report
from kursliste.reporting import editing, mails, queries


def accept_correction(session: Session, correction: Correction, *, actor: Actor) -> None:
    """Agree to one change; it confirms nothing else about the course.

    Raises TransitionRefusedError where it was answered before.
    """
    require(actor, Permission.CORRECTION_ANSWER, correction.report.scope)
    session.flush()  # refresh() forgets what this transaction changed and did not write yet
    session.refresh(correction, ["status"], with_for_update=True)
    _accept(session, correction, actor)


def accept_corrections(session: Session, report: Report, *, actor: Actor) -> int:
    """Agree to every change of a report that waits for an answer; return how many."""
    require(actor, Permission.CORRECTION_ANSWER, report.scope)
    session.flush()  # as above
    for correction in (found := _open(session, report)):
        _accept(session, correction, actor)
    return len(found)


def object_to_correction(
    session: Session, correction: Correction, *, text: str, actor: Actor, review_link: str
) -> None:
    """Say what is wrong with a change; the coordinators get it by mail, no value moves.

    ``review_link`` is where they read the report. Raises RuleViolationError for an empty or too
    long text, TransitionRefusedError where the change was answered before.
    """
    require(actor, Permission.CORRECTION_ANSWER, correction.report.scope)
    report, said = correction.report, text.strip()
    check_objection(said)
    session.flush()  # as above
    session.refresh(correction, ["status"], with_for_update=True)
    correction.objection = said
    correction.move(CorrectionAction.OBJECT, by_id=actor.user_id, at=clock.now())
    editing.record(
        session,
        JournalEvent.CORRECTION_OBJECTED,
        correction,
        actor,
        attribute=correction.attribute,
        objection=said,
    )
    words = load_words(session)
    subject, body = mails.objected(correction, words, by=actor.name, link=review_link)
    for person in queries.coordinators_of(session, report.district_id):
        if person.id != actor.user_id:
            mailbox.enqueue(session, to=person.email, subject=subject, body=body)


def _open(session: Session, report: Report) -> Sequence[Correction]:
    query = (
        select(Correction)
        .where(Correction.report_id == report.id, Correction.status == CorrectionStatus.OPEN)
        .order_by(Correction.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def _accept(session: Session, correction: Correction, actor: Actor) -> None:
    correction.move(CorrectionAction.ACCEPT, by_id=actor.user_id, at=clock.now())
    editing.record(
        session,
        JournalEvent.CORRECTION_ACCEPTED,
        correction,
        actor,
        attribute=correction.attribute,
    )
