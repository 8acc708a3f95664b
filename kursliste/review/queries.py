"""What a coordinator looks at; other districts' reports do not exist for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor, Role
from kursliste.domain.report import ReportOrigin, ReportStatus
from kursliste.models.approved import ApprovedVersion
from kursliste.models.correction import Correction
from kursliste.models.journal import JournalEntry
from kursliste.models.masterdata import District, Provider
from kursliste.models.question import Question
from kursliste.models.report import Report, ReportedCourse, Round
from kursliste.reporting.queries import reporters_of

LONGEST_HISTORY: Final = 100


def mine(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a report lies in a district that the actor coordinates."""
    if actor.is_administrator:
        return true()
    return Report.district_id.in_(actor.district_ids(Role.COORDINATOR))


def coordinated_districts(session: Session, actor: Actor) -> Sequence[District]:
    """Return the districts that the actor coordinates, by name; an administrator sees all."""
    query = select(District).order_by(District.name, District.id)
    if not actor.is_administrator:
        query = query.where(District.id.in_(actor.district_ids(Role.COORDINATOR)))
    return session.scalars(query).all()


def reviewed_report(
    session: Session, actor: Actor, district_slug: str, month: Month, report_id: int
) -> Report:
    """Return a report with all that its page shows; raise NoResultFound if it is not theirs."""
    query = (
        select(Report)
        .join(Report.round)
        .join(District, District.id == Report.district_id)
        .where(
            Report.id == report_id,
            District.slug == district_slug,
            Round.month == month,
            mine(actor),
        )
        .options(
            joinedload(Report.round).joinedload(Round.course_list),
            joinedload(Report.provider),
            joinedload(Report.district),
            joinedload(Report.submitted_by),
            joinedload(Report.decided_by),
            joinedload(Report.approved_version).selectinload(ApprovedVersion.courses),
            selectinload(Report.courses),
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
    return session.scalars(query).one()


def reviewed_question(session: Session, report: Report, question_id: int) -> Question:
    """Return one question of a report that was loaded for the actor, or raise NoResultFound."""
    query = select(Question).where(Question.id == question_id, Question.report_id == report.id)
    return session.scalars(query).one()


def reviewed_row(report: Report, row_id: int) -> ReportedCourse:
    """Return one row of a report that was loaded for the actor, or raise NotFoundError."""
    found = course_of(report, row_id)
    if found is None:
        raise NotFoundError(f"row {row_id} of report {report.id}")
    return found


def reviewed_correction(session: Session, report: Report, correction_id: int) -> Correction:
    """Return one correction in a report that was loaded for the actor, or raise NoResultFound."""
    query = select(Correction).where(
        Correction.id == correction_id, Correction.report_id == report.id
    )
    return session.scalars(query).one()


def decided_report_or_none(
    session: Session, actor: Actor, round_id: int, report_id: int
) -> Report | None:
    """Return the approved report of this round with its provider, to offer undoing; or None."""
    query = (
        select(Report)
        .where(
            Report.id == report_id,
            Report.round_id == round_id,
            Report.status == ReportStatus.APPROVED,
            mine(actor),
        )
        .options(joinedload(Report.provider))
    )
    return session.scalar(query)


def reports_of_round(session: Session, actor: Actor, asked: Round) -> Sequence[Report]:
    """Return a round's reports with provider, rows and questions, by the provider's name."""
    query = (
        select(Report)
        .join(Provider, Provider.id == Report.provider_id)
        .where(Report.round_id == asked.id, mine(actor))
        .options(
            joinedload(Report.provider),
            joinedload(Report.approved_version).selectinload(ApprovedVersion.courses),
            selectinload(Report.courses),
            selectinload(Report.questions),
            selectinload(Report.corrections),
        )
        .order_by(Provider.name, Report.id)
    )
    return session.scalars(query).all()


def reports_named(
    session: Session, actor: Actor, asked: Round, keys: Collection[int]
) -> Sequence[Report]:
    """Return those reports of a round, each with its provider, by the provider's name."""
    query = (
        select(Report)
        .join(Provider, Provider.id == Report.provider_id)
        .where(Report.round_id == asked.id, Report.id.in_(keys), mine(actor))
        .options(joinedload(Report.provider))
        .order_by(Provider.name, Report.id)
    )
    return session.scalars(query).all()


def providers_approved_before(session: Session, actor: Actor, asked: Round) -> set[int]:
    """Return who of a round had an approved report on the same list in an earlier month."""
    earlier, before = aliased(Report), aliased(Round)
    was_approved = (
        select(earlier.id)
        .join(before, before.id == earlier.round_id)
        .where(
            earlier.provider_id == Report.provider_id,
            before.course_list_id == asked.course_list_id,
            before.month < asked.month,
            or_(earlier.status == ReportStatus.APPROVED, earlier.approved_version.has()),
        )
        .exists()
    )
    query = (
        select(Report.provider_id)
        .where(Report.round_id == asked.id, was_approved, mine(actor))
        .order_by(Report.provider_id)
    )
    return set(session.scalars(query))


def next_waiting(
    session: Session, actor: Actor, asked: Round, *, after_id: int | None = None
) -> int | None:
    """Return the id of the next submitted report of a round, by the provider's name.

    After ``after_id`` the search goes on behind that report and then from the top, so that a
    report that is put aside comes again last. None if no other report waits.
    """
    query = (
        select(Report.id, Report.status)
        .join(Provider, Provider.id == Report.provider_id)
        .where(Report.round_id == asked.id, mine(actor))
        .order_by(Provider.name, Report.id)
    )
    order = [(report_id, status) for report_id, status in session.execute(query)]
    keys = [report_id for report_id, _ in order]
    start = keys.index(after_id) + 1 if after_id in keys else 0
    for report_id, status in order[start:] + order[:start]:
        if status is ReportStatus.SUBMITTED and report_id != after_id:
            return report_id
    return None


def reports_to_carry_over(
    session: Session, actor: Actor, asked: Round, *, on: date
) -> Sequence[Report]:
    """Return the reports that one button may put into the list unconfirmed, by provider.

    Rows that came from the district's own list may go at any time: nobody is writing there yet.
    After the deadline so may every report that was never sent, if it has rows or an earlier report
    to start from. A half-written report is never swept away while its provider still has time.
    """
    earlier, before = aliased(Report), aliased(Round)
    has_earlier = (
        select(earlier.id)
        .join(before, before.id == earlier.round_id)
        .where(
            earlier.provider_id == Report.provider_id,
            before.course_list_id == asked.course_list_id,
            before.month < asked.month,
            earlier.courses.any(),
        )
        .exists()
    )
    is_draft = and_(Report.status == ReportStatus.DRAFT, Report.courses.any())
    taken_over = and_(is_draft, Report.origin == ReportOrigin.TAKEN_OVER)
    silent = or_(is_draft, and_(Report.status == ReportStatus.OPEN, has_earlier))
    query = (
        select(Report)
        .join(Provider, Provider.id == Report.provider_id)
        .where(Report.round_id == asked.id, silent if on > asked.due_on else taken_over)
        .where(~Report.approved_version.has())  # what was approved stands
        .where(mine(actor))
        .options(joinedload(Report.provider), selectinload(Report.courses))
        .order_by(Provider.name, Report.id)
    )
    return session.scalars(query).all()


@dataclass(frozen=True, kw_only=True)
class History:
    """Two histories: what the provider may see, and what stays inside (PRODUCT.md, rule 12)."""

    visible: Sequence[JournalEntry]
    internal: Sequence[JournalEntry]


def history(session: Session, report: Report) -> History:
    """Return what happened to a report that was loaded for the actor, newest first."""
    subjects = [
        ("report", [str(report.id)]),
        ("reported_course", [str(row.id) for row in report.courses]),
        ("question", [str(question.id) for question in report.questions]),
        ("correction", [str(correction.id) for correction in report.corrections]),
    ]
    about_provider = and_(
        JournalEntry.subject_table == "provider",
        JournalEntry.subject_id == str(report.provider_id),
        JournalEntry.is_internal.is_(True),
        # what another district does with the same provider is its own
        or_(JournalEntry.district_id.is_(None), JournalEntry.district_id == report.district_id),
    )
    about_notes = and_(
        JournalEntry.subject_table == "provider_note",
        JournalEntry.provider_id == report.provider_id,
        JournalEntry.district_id == report.district_id,
    )
    query = (
        select(JournalEntry)
        .where(
            or_(
                about_provider,
                about_notes,
                *(
                    and_(JournalEntry.subject_table == table, JournalEntry.subject_id.in_(keys))
                    for table, keys in subjects
                ),
            ),
        )
        .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
        .limit(LONGEST_HISTORY)
    )
    entries = session.scalars(query).all()
    return History(
        visible=[entry for entry in entries if not entry.is_internal],
        internal=[entry for entry in entries if entry.is_internal],
    )


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets a provider's mails; ``name`` is empty for a mere address."""

    name: str
    email: str


def recipients_of(session: Session, report: Report) -> Sequence[Recipient]:
    """Return who gets a question: the people who report for the provider, else its address.

    Nobody else ever does. Empty if there is neither.
    """
    people = reporters_of(session, report.provider_id)
    if people:
        return [Recipient(person.name, person.email) for person in people]
    address = report.provider.report_email
    return [Recipient("", address)] if address else []


def last_entry(session: Session, report: Report) -> JournalEntry | None:
    """Return the last thing that happened to the report itself, or None."""
    query = (
        select(JournalEntry)
        .where(
            JournalEntry.subject_table == Report.__tablename__,
            JournalEntry.subject_id == str(report.id),
        )
        .order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def course_of(report: Report, reported_course_id: int | None) -> ReportedCourse | None:
    """Return the row of a report with this key, or None."""
    return next((row for row in report.courses if row.id == reported_course_id), None)
