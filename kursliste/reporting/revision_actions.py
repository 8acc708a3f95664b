"""Changing a report after its approval: a new version, while the approved one stays in the list."""

from sqlalchemy.orm import Session

from kursliste.domain.errors import TransitionRefusedError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.domain.question import QuestionAction, QuestionStatus
from kursliste.domain.report import ReportAction
from kursliste.infrastructure import clock
from kursliste.masterdata.linking import link_words
from kursliste.models.approved import ApprovedCourse, ApprovedVersion
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting import editing


def revise_report(session: Session, report: Report, *, actor: Actor) -> None:
    """Open an approved report for changes; what was approved is kept and stays in the list.

    Raises TransitionRefusedError unless the report is approved, RuleViolationError once its round
    is closed.
    """
    require(actor, Permission.REPORT_SUBMIT, report.scope)
    editing.lock(session, report)
    editing.check_round_open(report)
    kept = _approved_version(report)
    report.move(ReportAction.REVISE, by_id=actor.user_id, at=clock.now())
    report.is_nil = False
    report.approved_version = kept
    editing.record(session, JournalEvent.REPORT_REVISED, report, actor, courses=len(kept.courses))


def discard_revision(session: Session, report: Report, *, actor: Actor) -> None:
    """Throw the changes away: the report is again what was approved, decision and rows alike.

    Open questions about the changes are closed. Raises TransitionRefusedError for a report that
    nobody is changing, and while the new version waits for the review.
    """
    require(actor, Permission.REVISION_DISCARD, report.scope)
    editing.lock(session, report)
    session.refresh(report, ["approved_version"])
    kept = report.approved_version
    if kept is None:
        raise TransitionRefusedError(f"report {report.id} is no revision")
    report.move(ReportAction.DISCARD, by_id=kept.decided_by_id, at=kept.decided_at)
    report.is_nil = kept.is_nil
    report.submitted_at, report.submitted_by_id = kept.submitted_at, kept.submitted_by_id
    _settle_questions(session, report, kept)
    for correction in report.corrections:
        if correction.made_at >= kept.kept_at:  # of values that are thrown away; the journal stays
            session.delete(correction)
    _put_back(report, kept)
    link_words(session, report.provider, report.courses)
    report.approved_version = None
    editing.record(session, JournalEvent.REVISION_DISCARDED, report, actor)


def _approved_version(report: Report) -> ApprovedVersion:
    if report.decided_at is None or report.decided_by_id is None:
        raise TransitionRefusedError(f"report {report.id} is not approved")
    kept = ApprovedVersion(
        is_nil=report.is_nil,
        submitted_at=report.submitted_at,
        submitted_by_id=report.submitted_by_id,
        decided_at=report.decided_at,
        decided_by_id=report.decided_by_id,
        kept_at=clock.now(),
    )
    kept.courses = [
        ApprovedCourse(
            course_id=row.course_id,
            position=row.position,
            source_row=row.source_row,
            **row.facts(),
        )
        for row in report.courses
    ]
    return kept


def _put_back(report: Report, kept: ApprovedVersion) -> None:
    approved = {row.course_id: row for row in kept.courses}
    for row in list(report.courses):
        if row.course_id in approved:
            row.take(approved.pop(row.course_id).facts())
        else:
            report.courses.remove(row)  # added after the approval
    for lost in approved.values():
        row = ReportedCourse(
            course_id=lost.course_id, position=lost.position, source_row=lost.source_row
        )
        row.take(lost.facts())
        report.courses.append(row)


def _settle_questions(session: Session, report: Report, kept: ApprovedVersion) -> None:
    """Close what is open; a question about a course that goes away stays, about the report."""
    approved = {row.course_id for row in kept.courses}
    going = {row.id for row in report.courses if row.course_id not in approved}
    for question in report.questions:
        if question.status is QuestionStatus.OPEN:
            question.move(QuestionAction.CLOSE, at=clock.now())
        if question.reported_course_id in going:
            question.attribute = question.reported_course_id = None
    session.flush()  # before their courses are deleted: a field without a course is refused
