"""The reports of the last months, with what is still open in them.

Rounds and providers are those that were found for a coordinator of their district.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from kursliste.domain.correction import CorrectionStatus
from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.question import QuestionStatus
from kursliste.models.approved import ApprovedCourse, ApprovedVersion
from kursliste.models.correction import Correction
from kursliste.models.masterdata import Provider
from kursliste.models.question import Question
from kursliste.models.report import Report, ReportedCourse, Round

Counted = Mapping[ConfirmedHow | None, int]


def reports_of(
    session: Session, rounds: Sequence[Round], provider_ids: Collection[int]
) -> Sequence[Report]:
    """Return what these providers reported in these rounds, newest month first, then by name."""
    query = (
        select(Report)
        .join(Report.round)
        .join(Provider, Provider.id == Report.provider_id)
        .where(_within(rounds, provider_ids))
        .options(
            contains_eager(Report.round),
            joinedload(Report.provider),
            joinedload(Report.district),
            joinedload(Report.approved_version),
        )
        .order_by(Round.month.desc(), Provider.name, Report.id)
    )
    return session.scalars(query).all()


def rows_by_confirmation(session: Session, reports: Sequence[Report]) -> Mapping[int, Counted]:
    """Return, by report, how many rows of its standing version were confirmed in which way.

    Rows that nobody confirmed for the month count under None; ended ones do not count.
    """
    changing = [report.id for report in reports if report.is_revision]
    others = [report.id for report in reports if not report.is_revision]
    now = _counted(ReportedCourse).join(ReportedCourse, ReportedCourse.report_id == Report.id)
    kept = (
        _counted(ApprovedCourse)
        .join(ApprovedVersion, ApprovedVersion.report_id == Report.id)
        .join(ApprovedCourse, ApprovedCourse.approved_version_id == ApprovedVersion.id)
    )
    found: dict[int, dict[ConfirmedHow | None, int]] = defaultdict(dict)
    for query, keys in ((now, others), (kept, changing)):
        for report_id, how, count in session.execute(query.where(Report.id.in_(keys))):
            found[report_id][how] = count
    return found


def _counted(
    rows: type[ReportedCourse] | type[ApprovedCourse],
) -> Select[int, ConfirmedHow | None, int]:
    confirmed = case((rows.confirmed_on >= Round.opens_on, rows.confirmed_how))
    return (
        select(Report.id, confirmed, func.count(rows.id))
        .select_from(Report)
        .join(Report.round)
        .where(or_(rows.status.is_(None), rows.status != CourseStatus.ENDED))
        .group_by(Report.id, confirmed)
    )


def unsettled_questions(
    session: Session, rounds: Sequence[Round], provider_ids: Collection[int]
) -> Sequence[Question]:
    """Return the questions of these reports that nobody ticked off, oldest first."""
    query = (
        select(Question)
        .join(Question.report)
        .where(
            _within(rounds, provider_ids),
            Question.status.in_((QuestionStatus.OPEN, QuestionStatus.ANSWERED)),
        )
        .options(joinedload(Question.reported_course))
        .order_by(Question.asked_at, Question.id)
    )
    return session.scalars(query).all()


def objections(
    session: Session, rounds: Sequence[Round], provider_ids: Collection[int]
) -> Sequence[Correction]:
    """Return the corrections that their providers object to and nobody settled, oldest first."""
    query = (
        select(Correction)
        .join(Correction.report)
        .where(_within(rounds, provider_ids), Correction.status == CorrectionStatus.OBJECTED)
        .options(joinedload(Correction.reported_course))
        .order_by(Correction.made_at, Correction.id)
    )
    return session.scalars(query).all()


def _within(rounds: Sequence[Round], provider_ids: Collection[int]) -> ColumnElement[bool]:
    return and_(
        Report.round_id.in_([asked.id for asked in rounds]), Report.provider_id.in_(provider_ids)
    )
