"""What a coordinator decides about a report."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy.orm import Session

from kursliste.domain.course import ConfirmedHow
from kursliste.domain.errors import (
    ConflictError,
    Rule,
    RuleViolationError,
    TransitionRefusedError,
)
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.domain.question import QuestionAction
from kursliste.domain.report import TRANSITIONS, ReportAction, ReportStatus
from kursliste.domain.statement import TAKEN_IN, check_statement
from kursliste.infrastructure import clock, journal, mailbox
from kursliste.infrastructure.codes import load_words
from kursliste.models.question import Question
from kursliste.models.report import Report, Round
from kursliste.models.statement import Statement
from kursliste.reporting.actions import start_report
from kursliste.reporting.queries import open_statements
from kursliste.review import mails, queries
from kursliste.review.asking import Asking, value_in_words
from kursliste.web import labels
from kursliste.web.event_words import EVENTS


def approve_report(session: Session, report: Report, *, actor: Actor, seen_version: int) -> None:
    """Put a submitted report into the list of its month.

    Raises ConflictError if the report changed since the page was shown.
    """
    require(actor, Permission.REPORT_REVIEW, report.scope)
    _lock(session, report, ReportAction.APPROVE, seen_version)
    _move(session, report, ReportAction.APPROVE, JournalEvent.REPORT_APPROVED, actor=actor)
    session.refresh(report, ["approved_version"])
    report.approved_version = None  # the new version takes the place of the one before


def carry_over_report(session: Session, report: Report, *, actor: Actor, seen_version: int) -> None:
    """Put a report into the list that its provider never sent; its rows stay unconfirmed.

    A report that nobody began starts from the provider's last one. Raises ConflictError if it
    changed since the page was shown, RuleViolationError if there is no course to carry over,
    TransitionRefusedError for a change after the approval: the approved version stands anyway.
    """
    require(actor, Permission.REPORT_REVIEW, report.scope)
    _lock(session, report, ReportAction.CARRY_OVER, seen_version)
    session.refresh(report, ["approved_version"])
    if report.is_revision:
        raise TransitionRefusedError(f"report {report.id} has an approved version")
    if report.status is ReportStatus.OPEN:
        start_report(session, report, actor=actor)
    if not report.courses and not report.is_nil:
        raise RuleViolationError(Rule.NOTHING_TO_REPORT)
    _move(session, report, ReportAction.CARRY_OVER, JournalEvent.REPORT_CARRIED_OVER, actor=actor)


def carry_over_all(
    session: Session,
    asked: Round,
    *,
    actor: Actor,
    report_ids: Collection[int] | None = None,
) -> int:
    """Carry over every report that ``reports_to_carry_over`` names, and return how many.

    ``report_ids`` are those that the person saw listed: one that joined meanwhile stays as it is,
    and so does one that was submitted or edited into another state.
    """
    require(actor, Permission.REPORT_REVIEW, asked.scope)
    found = queries.reports_to_carry_over(session, actor, asked, on=clock.today())
    done = 0
    for report in found:
        if report_ids is not None and report.id not in report_ids:
            continue
        try:
            with session.begin_nested():  # one that is passed over stays as it was
                carry_over_report(session, report, actor=actor, seen_version=report.version)
        except (ConflictError, RuleViolationError):
            continue  # submitted in this very second, or all its courses have ended by now
        done += 1
    return done


def reopen_report(session: Session, report: Report, *, actor: Actor, seen_version: int) -> None:
    """Take back the decision about a report; it waits for the review again.

    Raises ConflictError if the report changed since the page was shown.
    """
    require(actor, Permission.REPORT_REVIEW, report.scope)
    _lock(session, report, ReportAction.REOPEN, seen_version)
    _move(session, report, ReportAction.REOPEN, JournalEvent.REPORT_REOPENED, actor=actor)


def ask_question(  # noqa: PLR0913 -- a question is these facts
    session: Session,
    report: Report,
    *,
    text: str,
    reported_course_id: int | None,
    attribute: str | None,
    actor: Actor,
    link: str,
    seen_version: int | None = None,
) -> Question:
    """Ask one question that is answered at ``link``; see :func:`ask_questions`."""
    require(actor, Permission.REPORT_REVIEW, report.scope)
    asking = Asking(text, reported_course_id, attribute)
    return ask_questions(
        session, report, [asking], actor=actor, link=lambda _: link, seen_version=seen_version
    )[0]


def ask_questions(
    session: Session,
    report: Report,
    askings: Sequence[Asking],
    *,
    actor: Actor,
    link: mails.LinkTo,
    seen_version: int | None = None,
) -> Sequence[Question]:
    """Ask the provider about a report, its courses, or fields of them, in one mail.

    The provider may edit again, and everybody who reports for it gets the mail. A report that is
    already asked about gets further questions. All or nothing: raises RuleViolationError for an
    empty or too long text or an unknown field, NotFoundError for a course of another report,
    ConflictError if the report changed since ``seen_version`` was shown.
    """
    require(actor, Permission.REPORT_REVIEW, report.scope)
    if not askings:
        raise RuleViolationError(Rule.QUESTION_EMPTY)
    aims = [asking.aim(report) for asking in askings]
    _lock(session, report, ReportAction.ASK, seen_version)
    if report.status is not ReportStatus.ASKED:
        report.move(ReportAction.ASK, by_id=actor.user_id, at=clock.now())
    words = load_words(session)
    asked = [
        Question(
            report_id=report.id,
            reported_course_id=asking.reported_course_id,
            attribute=asking.attribute,
            text=asking.text,
            asked_at=clock.now(),
            asked_by_id=actor.user_id,
            old_value=value_in_words(course, asking.attribute, words),
        )
        for asking, course in zip(askings, aims, strict=True)
    ]
    session.add_all(asked)
    session.flush()  # journal and mail name them by their keys
    session.refresh(report, ["questions"])
    for question, course in zip(asked, aims, strict=True):
        journal.record(
            session,
            JournalEvent.QUESTION_ASKED,
            question,
            actor=actor,
            scope=report.scope,
            text=question.text,
            course=None if course is None else course.title,
            attribute=question.attribute,
        )
    subject, body = mails.questions_asked(report, asked, link=link)
    for recipient in queries.recipients_of(session, report):
        mailbox.enqueue(session, to=recipient.email, subject=subject, body=body)
    return asked


def take_statement(
    session: Session,
    report: Report,
    *,
    told_by: str,
    how: ConfirmedHow,
    told_on: date,
    actor: Actor,
) -> Statement:
    """Keep what a provider's person says by telephone or mail; the actor may then fill the report.

    An open report is begun. An earlier statement of the same actor about it ends. Raises
    RuleViolationError for a statement without a name, an odd way or an impossible day, and once
    the report is submitted.
    """
    require(actor, Permission.STATEMENT_TAKE, report.scope)
    person = " ".join(told_by.split())
    opens_on = report.round.opens_on
    check_statement(person, how, told_on, opens_on=opens_on, today=clock.today())
    _refresh(session, report)
    if report.status not in TAKEN_IN:
        raise RuleViolationError(Rule.REPORT_NOT_EDITABLE)
    if report.status is ReportStatus.OPEN:
        start_report(session, report, actor=actor)
    _end_statements(session, report, actor)
    taken = Statement(
        report_id=report.id,
        told_by=person,
        how=how,
        told_on=told_on,
        taken_at=clock.now(),
        taken_by_id=actor.user_id,
    )
    session.add(taken)
    journal.record(
        session,
        JournalEvent.STATEMENT_TAKEN,
        report,
        actor=actor,
        scope=report.scope,
        told_by=person,
        told_how=how,
        told_on=told_on,
    )
    return taken


def end_statement(session: Session, report: Report, *, actor: Actor) -> None:
    """Stop typing for the provider; what was typed so far stays in the draft."""
    require(actor, Permission.STATEMENT_TAKE, report.scope)
    if _end_statements(session, report, actor):
        journal.record(
            session, JournalEvent.STATEMENT_ENDED, report, actor=actor, scope=report.scope
        )


def _end_statements(session: Session, report: Report, actor: Actor) -> int:
    mine = [
        statement
        for statement in open_statements(session, report)
        if statement.taken_by_id == actor.user_id
    ]
    for statement in mine:
        statement.ended_at = clock.now()
    session.flush()  # the open one of a person is unique: the old one ends before a new one begins
    return len(mine)


def close_question(session: Session, question: Question, *, actor: Actor) -> None:
    """Mark a question as settled, answered or not; raise TransitionRefusedError if it is."""
    require(actor, Permission.REPORT_REVIEW, question.report.scope)
    session.flush()  # as in _lock
    session.refresh(question, ["status"], with_for_update=True)
    question.move(QuestionAction.CLOSE, at=clock.now())
    journal.record(
        session,
        JournalEvent.QUESTION_CLOSED,
        question,
        actor=actor,
        scope=question.report.scope,
        text=question.text,
    )


def _lock(session: Session, report: Report, action: ReportAction, seen_version: int | None) -> None:
    """Read the report as it is now and keep others out until the transaction ends."""
    _refresh(session, report)
    if seen_version is None or report.version == seen_version:
        return
    seen = " oder ".join(
        labels.REPORT_STATUS[state] for state, possible in TRANSITIONS if possible is action
    )
    differences = [("Stand der Meldung", seen, labels.REPORT_STATUS[report.status])]
    last = queries.last_entry(session, report)
    if last is not None:
        at = last.at.astimezone(clock.BERLIN)
        what = f"{EVENTS[last.event]} von {last.actor_name}, {at:%d.%m.%Y, %H:%M} Uhr"
        differences.append(("Letzter Schritt", labels.REPORT_ACTION[action], what))
    raise ConflictError(differences)


def _refresh(session: Session, report: Report) -> None:
    session.flush()  # refresh() forgets what this transaction changed and did not write yet
    session.refresh(report, ["status", "version", "submitted_at", "is_nil"], with_for_update=True)


def _move(
    session: Session, report: Report, action: ReportAction, event: JournalEvent, *, actor: Actor
) -> None:
    before = report.status
    report.move(action, by_id=actor.user_id, at=clock.now())
    journal.record(
        session,
        event,
        report,
        actor=actor,
        scope=report.scope,
        changes={"status": (before, report.status)},
    )
