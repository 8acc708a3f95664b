"""What a provider may look at: its own reports, rows, questions and history.

Every query takes the actor; what belongs to others is not there (NotFoundError, 404). A coordinator
with a provider's word finds the one report that it is about.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from kursliste.domain.course import CourseStatus
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor, Role
from kursliste.domain.prefill import drops_out
from kursliste.domain.question import QuestionStatus
from kursliste.domain.statement import TAKEN_IN
from kursliste.infrastructure import clock
from kursliste.models.correction import Correction
from kursliste.models.handover import CourseHandover, holder_of
from kursliste.models.identity import Membership, User
from kursliste.models.journal import JournalEntry
from kursliste.models.masterdata import District
from kursliste.models.question import Question
from kursliste.models.report import Report, ReportedCourse, Round
from kursliste.models.statement import Statement

MOST_ENTRIES = 50
"""How many journal entries a page shows at most."""


WHOSE: Final = (
    joinedload(Report.round).joinedload(Round.course_list),
    joinedload(Report.district),
    joinedload(Report.provider),
)
"""What every page of a report tells: for which month, list and district, and whose it is."""


def _reported_by(actor: Actor) -> ColumnElement[bool]:
    own = Report.provider_id.in_(actor.provider_ids)
    return own if actor.on_behalf is None else or_(own, Report.id == actor.on_behalf.report_id)


def _own(actor: Actor) -> Select[Report]:
    return (
        select(Report)
        .join(Report.round)
        .where(_reported_by(actor))
        .options(*WHOSE, joinedload(Report.approved_version))
    )


def with_word(session: Session, actor: Actor, report_id: int) -> Actor:
    """Return the actor with the provider's word for this report, if they took one and it holds.

    It holds for the person who took it, while they coordinate the district and the report is the
    provider's to fill. Whoever reports for the provider anyway needs none.
    """
    query = (
        select(Statement)
        .join(Statement.report)
        .where(
            Statement.report_id == report_id,
            Statement.taken_by_id == actor.user_id,
            Statement.ended_at.is_(None),
            Report.status.in_(TAKEN_IN),
            Report.provider_id.not_in(actor.provider_ids),
        )
    )
    if not actor.is_administrator:
        query = query.where(Report.district_id.in_(actor.district_ids(Role.COORDINATOR)))
    found = session.scalar(query)
    return actor if found is None else replace(actor, on_behalf=found.as_on_behalf())


def open_statements(session: Session, report: Report) -> Sequence[Statement]:
    """Return the statements about a report that nobody ended, oldest first."""
    query = (
        select(Statement)
        .where(Statement.report_id == report.id, Statement.ended_at.is_(None))
        .order_by(Statement.id)
    )
    return session.scalars(query).all()


def own_reports(session: Session, actor: Actor) -> Sequence[Report]:
    """Return the reports of all providers the actor reports for, newest month first."""
    query = (
        _own(actor)
        .join(District, District.id == Report.district_id)
        .order_by(Round.month.desc(), District.name, Report.provider_id, Report.id)
    )
    return session.scalars(query).all()


def own_report(session: Session, actor: Actor, report_id: int) -> Report:
    """Return a report with its round, rows and questions, or raise NotFoundError."""
    query = (
        _own(actor)
        .where(Report.id == report_id)
        .options(
            joinedload(Report.submitted_by),
            selectinload(Report.courses),
            selectinload(Report.statements).joinedload(Statement.taken_by),
            selectinload(Report.questions).options(
                joinedload(Question.reported_course),
                joinedload(Question.asked_by),
                joinedload(Question.answered_by),
            ),
            selectinload(Report.corrections).options(
                joinedload(Correction.reported_course),
                joinedload(Correction.made_by),
                joinedload(Correction.answered_by),
            ),
        )
    )
    found = session.scalar(query)
    if found is None:
        raise NotFoundError(f"report {report_id}")
    return found


def own_row(session: Session, actor: Actor, report_id: int, row_id: int) -> ReportedCourse:
    """Return a row of an own report (``row.report`` loaded), or raise NotFoundError."""
    query = (
        select(ReportedCourse)
        .join(ReportedCourse.report)
        .where(
            ReportedCourse.id == row_id,
            Report.id == report_id,
            _reported_by(actor),
        )
        .options(joinedload(ReportedCourse.report).options(*WHOSE))
    )
    found = session.scalar(query)
    if found is None:
        raise NotFoundError(f"row {row_id} of report {report_id}")
    return found


def own_question(session: Session, actor: Actor, report_id: int, question_id: int) -> Question:
    """Return a question about an own report, or raise NotFoundError."""
    query = (
        select(Question)
        .join(Question.report)
        .where(
            Question.id == question_id,
            Report.id == report_id,
            _reported_by(actor),
        )
        .options(
            joinedload(Question.reported_course),
            joinedload(Question.asked_by),
            joinedload(Question.report).options(*WHOSE),
        )
    )
    found = session.scalar(query)
    if found is None:
        raise NotFoundError(f"question {question_id} of report {report_id}")
    return found


def own_correction(
    session: Session, actor: Actor, report_id: int, correction_id: int
) -> Correction:
    """Return what the coordinator changed in an own report, or raise NotFoundError."""
    query = (
        select(Correction)
        .join(Correction.report)
        .where(
            Correction.id == correction_id,
            Report.id == report_id,
            _reported_by(actor),
        )
        .options(
            joinedload(Correction.reported_course),
            joinedload(Correction.made_by),
            joinedload(Correction.report).options(*WHOSE),
        )
    )
    found = session.scalar(query)
    if found is None:
        raise NotFoundError(f"correction {correction_id} of report {report_id}")
    return found


def rows_before(session: Session, report: Report) -> Sequence[ReportedCourse]:
    """Return the rows that a report goes on from, in their order; one statement.

    They are those of the provider's last earlier report with rows on the same list, without
    courses that another provider has got since, and after them the last rows of courses that this
    provider has got and did not report itself yet.
    """
    mine, month = report.provider_id, report.round.month
    before = _before(report)
    holder = holder_of(ReportedCourse.course_id, month)
    kept = and_(ReportedCourse.report_id == before, func.coalesce(holder, mine) == mine)
    got = and_(
        ReportedCourse.course_id.in_(
            select(CourseHandover.course_id).where(
                CourseHandover.to_provider_id == mine, CourseHandover.month <= month
            )
        ),
        holder == mine,
        ReportedCourse.id == _newest(report),
        Report.provider_id != mine,
    )
    query = (
        select(ReportedCourse)
        .join(ReportedCourse.report)
        .where(or_(kept, got))
        .order_by(Report.provider_id != mine, ReportedCourse.position, ReportedCourse.id)
    )
    return session.scalars(query).all()


def _before(report: Report) -> ScalarSelect[int]:
    return (
        select(Report.id)
        .join(Report.round)
        .where(
            Report.provider_id == report.provider_id,
            Round.course_list_id == report.round.course_list_id,
            Round.month < report.round.month,
            Report.courses.any(),
        )
        .order_by(Round.month.desc(), Report.id)
        .limit(1)
        .scalar_subquery()
    )


def _newest(report: Report) -> ScalarSelect[int]:
    """The last row that anybody told of a course on this list before a report's month."""
    row, told, asked = aliased(ReportedCourse), aliased(Report), aliased(Round)
    return (
        select(row.id)
        .join(told, told.id == row.report_id)
        .join(asked, asked.id == told.round_id)
        .where(
            row.course_id == ReportedCourse.course_id,
            asked.course_list_id == report.round.course_list_id,
            asked.month < report.round.month,
        )
        .order_by(asked.month.desc(), row.id.desc())
        .limit(1)
        .correlate(ReportedCourse)
        .scalar_subquery()
    )


def late_courses(report: Report, before: Sequence[ReportedCourse]) -> list[ReportedCourse]:
    """Return the rows of ``before`` that go on and are missing in ``report``.

    They came after this report was begun, or a list that was taken over leaves them out.
    """
    known, on = {row.course_id for row in report.courses}, state_day(report)
    return [
        row for row in before if row.course_id not in known and not drops_out(row.facts(), on=on)
    ]


def state_day(report: Report) -> date:
    """Return the day whose state a report tells: today, but no later than its month's first."""
    return min(clock.today(), report.round.month.first_day())


def as_row(row: ReportedCourse) -> dict[str, object]:
    """Return a reported course as ``domain.edition`` compares rows: attribute -> value."""
    return {"course_id": row.course_id, **row.facts()}


def listed_rows(report: Report) -> list[dict[str, object]]:
    """Return the rows of a report that go into an edition: those that are not ended."""
    return _listed(report.courses)


def _listed(rows: Sequence[ReportedCourse]) -> list[dict[str, object]]:
    return [as_row(row) for row in rows if row.status is not CourseStatus.ENDED]


def previous_rows(session: Session, report: Report) -> list[dict[str, object]]:
    """Return the listed rows of before, to compare with :func:`listed_rows`."""
    return _listed(rows_before(session, report))


def answers_since(report: Report, since: datetime | None) -> list[Question]:
    """Return the questions about a report that were answered since it was last submitted."""
    return [
        question
        for question in report.questions
        if question.status is QuestionStatus.ANSWERED
        and question.answered_at is not None
        and (since is None or question.answered_at >= since)
    ]


def reporters_of(session: Session, provider_id: int) -> Sequence[User]:
    """Return the active people who report for a provider, by name; they get its mails."""
    return _members(session, Membership.provider_id == provider_id, Role.PROVIDER)


def coordinators_of(session: Session, district_id: int) -> Sequence[User]:
    """Return the active coordinators of a district, by name."""
    return _members(session, Membership.district_id == district_id, Role.COORDINATOR)


def _members(session: Session, where: ColumnElement[bool], role: Role) -> Sequence[User]:
    held = User.memberships.any(and_(Membership.role == role, where))
    query = select(User).where(User.is_active.is_(True), held).order_by(User.name, User.id)
    return session.scalars(query).all()


def history(session: Session, report: Report) -> Sequence[JournalEntry]:
    """Return what happened to a report and its rows that a provider may see, newest first."""
    rows = [str(row.id) for row in report.courses]
    questions = [str(question.id) for question in report.questions]
    about = or_(
        _about(Report.__tablename__, [str(report.id)]),
        _about(ReportedCourse.__tablename__, rows),
        _about(Question.__tablename__, questions),
        _about(Correction.__tablename__, [str(one.id) for one in report.corrections]),
    )
    query = (
        select(JournalEntry)
        .where(JournalEntry.is_internal.is_(False), about)
        .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
        .limit(MOST_ENTRIES)
    )
    return session.scalars(query).all()


def _about(table: str, keys: Sequence[str]) -> ColumnElement[bool]:
    return and_(JournalEntry.subject_table == table, JournalEntry.subject_id.in_(keys))
