"""What a provider does with its report: start, confirm, change, add, end, submit."""

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, may, require
from kursliste.domain.prefill import carried_over, drops_out
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.infrastructure import clock, mailbox
from kursliste.infrastructure.codes import load_words
from kursliste.infrastructure.course_keys import new_course_key
from kursliste.masterdata.linking import follow_words, renew_words
from kursliste.models.identity import User
from kursliste.models.report import Course, Report, ReportedCourse
from kursliste.reporting import editing, interim_queries, mails, queries, row_facts
from kursliste.reporting.editing import Changes, Edit
from kursliste.reporting.row_facts import Facts


def start_report(session: Session, report: Report, *, actor: Actor) -> None:
    """Fill an open report from the provider's last one on the same list; it becomes a draft.

    Seats and status start from what was told since that report (interim updates), venues and
    contacts are told as the provider's lists have them now. Ended and cancelled courses drop out,
    dates are never shifted, confirmations are copied as they stand. Raises TransitionRefusedError
    if somebody started it already, RuleViolationError for a provider whose round is closed.
    """
    require(actor, Permission.REPORT_START, report.scope)
    editing.lock(session, report)
    if not may(actor, Permission.REPORT_REVIEW, report.scope):
        editing.check_round_open(report)  # whoever reviews begins it to carry it over
    report.move(ReportAction.START, by_id=actor.user_id, at=clock.now())
    on = queries.state_day(report)
    rows = queries.rows_before(session, report)
    copies: list[ReportedCourse] = []
    for row, (course_id, facts) in zip(rows, interim_queries.facts_now(session, rows), strict=True):
        if not drops_out(facts, on=on):
            copy = ReportedCourse(course_id=course_id, position=len(copies) + 1)
            copy.take(carried_over(facts))
            copy.venue_id, copy.contact_id = row.venue_id, row.contact_id
            copies.append(copy)
    renew_words(session, report.provider, copies)
    editing.add_copies(session, report, copies)
    editing.record(session, JournalEvent.REPORT_STARTED, report, actor, courses=len(copies))


def confirm_course(session: Session, row: ReportedCourse, *, actor: Actor) -> None:
    """Confirm one course as it stands; nothing else moves a confirmation (PRODUCT.md, rule 1)."""
    require(actor, Permission.REPORT_EDIT, row.report.scope)
    editing.editable(session, row.report)
    editing.confirm_row(row, actor)
    editing.record(session, JournalEvent.COURSE_CONFIRMED, row, actor)


def confirm_rest(session: Session, report: Report, *, actor: Actor) -> int:
    """Confirm all courses that go on and that nobody confirmed this month; return how many."""
    require(actor, Permission.REPORT_EDIT, report.scope)
    editing.editable(session, report)
    rows = editing.confirm_rest_of(session, report, actor)
    if rows:
        keys = [row.course_id for row in rows]
        editing.record(
            session, JournalEvent.COURSE_CONFIRMED, report, actor, courses=len(keys), keys=keys
        )
    return len(rows)


def change_course(
    session: Session,
    row: ReportedCourse,
    facts: Facts,
    *,
    seen_version: int,
    actor: Actor,
    confirm: bool = False,
) -> Changes:
    """Take over what a provider typed for a course; return attribute -> (old, new).

    Free seats follow from total and taken where nobody typed them. Saving without a change moves
    nothing, not even the confirmation, unless ``confirm`` is set. Raises RuleViolationError where
    the row would contradict itself, ConflictError where somebody else changed it meanwhile.
    """
    require(actor, Permission.REPORT_EDIT, row.report.scope)
    edits = {row.id: Edit(facts, seen_version)}
    chosen = {row.id} if confirm else set()
    return editing.change_rows(session, row.report, edits, actor=actor, confirm=chosen)[row.id]


def change_monthly(
    session: Session,
    report: Report,
    edits: Mapping[int, Edit],
    *,
    actor: Actor,
    confirm: Collection[int] = (),
) -> dict[int, Changes]:
    """Take over the table of a report at once; return the changes of each row by its key.

    ``edits`` goes by row key; keys of other reports are left alone. All or nothing: one conflict or
    broken rule, and no row is changed. Rows in ``confirm`` are confirmed too.
    """
    require(actor, Permission.REPORT_EDIT, report.scope)
    return editing.change_rows(session, report, edits, actor=actor, confirm=confirm)


def add_course(
    session: Session,
    report: Report,
    facts: Facts,
    *,
    actor: Actor,
    how: ConfirmedHow | None = ConfirmedHow.WEB,
) -> ReportedCourse:
    """Add a new course with a Kurs-ID of its own.

    Whoever types a whole course vouches for it: it counts as confirmed. ``how`` is None where
    nobody vouches yet. Raises RuleViolationError.
    """
    require(actor, Permission.REPORT_EDIT, report.scope)
    editing.editable(session, report)
    typed = row_facts.completed({}, facts)
    row_facts.check(session, typed, typed)
    course = Course(
        id=new_course_key(),
        district_id=report.district_id,
        provider_id=report.provider_id,
        created_at=clock.now(),
    )
    session.add(course)
    session.flush()  # the row names the course by its key, without a relationship to order them
    position = max((row.position for row in report.courses), default=0) + 1
    row = ReportedCourse(course_id=course.id, position=position)
    changes = row.take(typed)
    if how is not None:
        editing.confirm_row(row, actor, how)
    report.courses.append(row)
    follow_words(session, report.provider, [row], actor=actor, scope=report.scope)
    session.flush()  # the journal needs its id
    editing.record(session, JournalEvent.COURSE_ADDED, row, actor, changes=changes)
    return row


def end_course(session: Session, row: ReportedCourse, *, actor: Actor) -> None:
    """Mark a course as ended: it leaves the list, and the next report does not ask for it."""
    require(actor, Permission.REPORT_EDIT, row.report.scope)
    editing.editable(session, row.report)
    changes = row.take({"status": CourseStatus.ENDED})
    editing.record(session, JournalEvent.COURSE_ENDED, row, actor, changes=changes)


def cancel_course(session: Session, row: ReportedCourse, *, actor: Actor) -> None:
    """Mark a course as cancelled: readers see it so for one edition, then it drops out."""
    require(actor, Permission.REPORT_EDIT, row.report.scope)
    editing.editable(session, row.report)
    changes = row.take({"status": CourseStatus.CANCELLED})
    editing.record(session, JournalEvent.COURSE_CANCELLED, row, actor, changes=changes)


def resume_course(session: Session, row: ReportedCourse, *, actor: Actor) -> None:
    """Take back the end or the cancellation of a course; dates and seats give its status again."""
    require(actor, Permission.REPORT_EDIT, row.report.scope)
    editing.editable(session, row.report)
    changes = row.take({"status": row_facts.going_on(row, on=clock.today())})
    editing.record(session, JournalEvent.COURSE_RESUMED, row, actor, changes=changes)


def submit_report(  # noqa: PLR0913 -- two addresses and two answers of the page
    session: Session,
    report: Report,
    *,
    actor: Actor,
    link: str,
    review_link: str = "",
    confirm_all: bool = False,
    nil: bool = False,
) -> None:
    """Send a report to the coordinator; the submitting person gets a receipt with all values.

    ``confirm_all`` confirms what nobody confirmed yet, ``nil`` says "derzeit keine Kurse",
    ``link`` is the absolute address of the report, ``review_link`` where the coordinators read it:
    they get one mail with all answers when a report comes back that they asked about. Raises
    RuleViolationError (an open question, nothing to report, a nil report with courses, a closed
    round) and TransitionRefusedError.
    """
    require(actor, Permission.REPORT_SUBMIT, report.scope)
    editing.lock(session, report)
    editing.check_round_open(report)
    was_asked, last_sent = report.status is ReportStatus.ASKED, report.submitted_at
    _check_complete(report, nil=nil)
    confirmed = editing.confirm_rest_of(session, report, actor) if confirm_all else []
    editing.supersede_updates(session, report)
    report.is_nil = nil
    report.move(ReportAction.SUBMIT, by_id=actor.user_id, at=clock.now())
    words = load_words(session)
    for question in report.questions:
        if question.status is QuestionStatus.ANSWERED:
            question.new_value = row_facts.asked_value(question, words)
    editing.record(
        session,
        JournalEvent.REPORT_SUBMITTED,
        report,
        actor,
        courses=len(queries.listed_rows(report)),
        confirmed=len(confirmed),
        nil=nil,
    )
    for statement in queries.open_statements(session, report):
        statement.ended_at = clock.now()
    receipt = mails.receipt(report, words, link=link, actor=actor)
    _send(session, _receipt_address(session, report, actor), receipt)
    if was_asked:
        answers = queries.answers_since(report, last_sent)
        again = mails.submitted_again(report, answers, link=review_link)
        _tell_coordinators(session, report, again, but=actor)


def take_back_report(session: Session, report: Report, *, actor: Actor) -> None:
    """Take a submitted report back to change it; raise TransitionRefusedError once decided, and
    RuleViolationError once its round is closed.
    """
    require(actor, Permission.REPORT_SUBMIT, report.scope)
    editing.lock(session, report)
    editing.check_round_open(report)
    report.move(ReportAction.TAKE_BACK, by_id=actor.user_id, at=clock.now())
    report.is_nil = False
    editing.record(session, JournalEvent.REPORT_TAKEN_BACK, report, actor)


def _check_complete(report: Report, *, nil: bool) -> None:
    for question in report.questions:
        if question.status is QuestionStatus.OPEN:
            raise RuleViolationError(Rule.QUESTION_OPEN, text=question.text)
    listed = queries.listed_rows(report)
    if nil and listed:
        raise RuleViolationError(Rule.NIL_REPORT_HAS_COURSES)
    if not nil and not listed:
        raise RuleViolationError(Rule.NOTHING_TO_REPORT)


def _receipt_address(session: Session, report: Report, actor: Actor) -> list[str]:
    if actor.on_behalf is not None:
        people = queries.reporters_of(session, report.provider_id)
        return mails.to_all([one.email for one in people], report.provider.report_email)
    person = session.get(User, actor.user_id) if actor.user_id is not None else None
    return mails.to_all([person.email] if person else [], report.provider.report_email)


def _tell_coordinators(session: Session, report: Report, mail: mails.Mail, *, but: Actor) -> None:
    people = queries.coordinators_of(session, report.district_id)
    _send(session, [person.email for person in people if person.id != but.user_id], mail)


def _send(session: Session, addresses: Collection[str], mail: mails.Mail) -> None:
    subject, body = mail
    for address in addresses:
        mailbox.enqueue(session, to=address, subject=subject, body=body)
