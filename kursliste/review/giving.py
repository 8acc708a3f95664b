"""What would happen if a provider gave courses to another one from a month on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotFoundError
from kursliste.domain.merging import Giving, Told, giving
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure import clock
from kursliste.masterdata.queries import active_providers
from kursliste.models.masterdata import District, Provider
from kursliste.models.report import Course, Report, ReportedCourse, Round
from kursliste.review.merging import going_on, open_reports, rows_of, told_by


@dataclass(frozen=True, kw_only=True)
class GivenCourse:
    """A course that a provider can give away, under the title that it had last."""

    course_id: str
    title: str


@dataclass(frozen=True, kw_only=True)
class GivenMonth:
    """One open round, the reports of both in it, and how many of the courses the giver told."""

    round: Round
    giver: Report | None
    receiver: Report | None
    told_giver: Told | None
    told_receiver: Told | None
    told: int

    @property
    def giving(self) -> Giving:
        """What becomes of the courses in this round."""
        return giving(self.told_giver, self.told_receiver, told=self.told)


@dataclass(frozen=True, kw_only=True)
class GivingPlan:
    """The courses that go from ``giver`` to ``receiver``, and what happens in each open round."""

    district: District
    giver: Provider
    receiver: Provider
    month: Month
    courses: Sequence[GivenCourse]
    months: Sequence[GivenMonth]

    @property
    def blocked(self) -> Sequence[GivenMonth]:
        """The rounds in which one of the two sent a report."""
        return [one for one in self.months if one.giving is Giving.BLOCKED]

    @property
    def seal(self) -> str:
        """A short text that is another one as soon as anything of the plan is."""
        facts = (
            self.giver.id,
            self.receiver.id,
            str(self.month),
            [one.course_id for one in self.courses],
            [(one.round.id, one.told_giver, one.told_receiver, one.told) for one in self.months],
        )
        return sha256(repr(facts).encode()).hexdigest()[:20]


def courses_of(session: Session, giver: Provider, district: District) -> Sequence[GivenCourse]:
    """Return the courses of a provider in a district that are not over, by title."""
    newest = (
        select(ReportedCourse.course_id, func.max(ReportedCourse.id).label("row_id"))
        .join(Course, Course.id == ReportedCourse.course_id)
        .where(
            ReportedCourse.course_id.in_(going_on(session, giver)),
            Course.district_id == district.id,
        )
        .group_by(ReportedCourse.course_id)
        .subquery()
    )
    query = (
        select(ReportedCourse.course_id, ReportedCourse.title)
        .join(newest, newest.c.row_id == ReportedCourse.id)
        .order_by(ReportedCourse.title, ReportedCourse.course_id)
    )
    return [GivenCourse(course_id=key, title=title) for key, title in session.execute(query)]


def receivers(session: Session, giver: Provider, district: District) -> Sequence[Provider]:
    """Return the other providers that are asked in the district, by name."""
    return [one for one in active_providers(session, district) if one.id != giver.id]


def months(session: Session, district: District) -> Sequence[Month]:
    """Return the months from which on courses can go: those that are open, and the next one."""
    query = select(Round.month, Round.status).where(Round.district_id == district.id)
    found = session.execute(query).all()
    still_open = {month for month, status in found if status is RoundStatus.OPEN}
    newest = max((month for month, _ in found), default=Month.of(clock.today()))
    return sorted({*still_open, newest.next()})


def giving_plan(
    session: Session,
    district: District,
    giver: Provider,
    receiver: Provider,
    *,
    keys: Collection[str],
    month: Month,
) -> GivingPlan:
    """Return what giving these courses would do now.

    Raises NotFoundError for a course that the giver does not have in the district (any more).
    """
    chosen = [one for one in courses_of(session, giver, district) if one.course_id in keys]
    if len(chosen) != len(set(keys)):
        raise NotFoundError(f"courses of provider {giver.id}")
    return GivingPlan(
        district=district,
        giver=giver,
        receiver=receiver,
        month=month,
        courses=chosen,
        months=_months(session, district, giver, receiver, keys, month),
    )


def _months(
    session: Session,
    district: District,
    giver: Provider,
    receiver: Provider,
    keys: Collection[str],
    month: Month,
) -> Sequence[GivenMonth]:
    query = select(Round).where(
        Round.district_id == district.id, Round.status == RoundStatus.OPEN, Round.month >= month
    )
    rounds = session.scalars(query.order_by(Round.month, Round.id)).all()
    reports = open_reports(session, giver, receiver)
    counts = rows_of(session, reports)
    by_place = {(one.round_id, one.provider_id): one for one in reports}
    told = _told_in(session, reports, keys)
    lists = _lists_of(session, keys)
    found = []
    for asked in rounds:
        if asked.course_list_id not in lists:
            continue
        given, got = (by_place.get((asked.id, one.id)) for one in (giver, receiver))
        found.append(
            GivenMonth(
                round=asked,
                giver=given,
                receiver=got,
                told_giver=None if given is None else told_by(given, counts),
                told_receiver=None if got is None else told_by(got, counts),
                told=0 if given is None else told.get(given.id, 0),
            )
        )
    return found


def _told_in(
    session: Session, reports: Sequence[Report], keys: Collection[str]
) -> Mapping[int, int]:
    query = (
        select(ReportedCourse.report_id, func.count())
        .where(
            ReportedCourse.report_id.in_([one.id for one in reports]),
            ReportedCourse.course_id.in_(keys),
        )
        .group_by(ReportedCourse.report_id)
    )
    return dict(session.execute(query).all())


def _lists_of(session: Session, keys: Collection[str]) -> frozenset[int]:
    """The lists on which these courses ever stood: other lists do not ask for them."""
    query = (
        select(Round.course_list_id)
        .join(Report, Report.round_id == Round.id)
        .join(ReportedCourse, ReportedCourse.report_id == Report.id)
        .where(ReportedCourse.course_id.in_(keys))
        .distinct()
    )
    return frozenset(session.scalars(query))
