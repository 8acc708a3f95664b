"""What would happen if two providers became one: looked at before anybody does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus
from kursliste.domain.errors import NotFoundError
from kursliste.domain.merging import Meeting, Obstacle, Told, meeting, misses_month
from kursliste.domain.permissions import Actor, Permission, Role, Scope, may
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure import clock
from kursliste.masterdata.house_queries import contacts_of, members_of, venues_of
from kursliste.masterdata.linking import contact_words, venue_words
from kursliste.models.handover import CourseHandover
from kursliste.models.hint import ReaderHint
from kursliste.models.identity import User
from kursliste.models.masterdata import Contact, District, Provider, Venue
from kursliste.models.report import Course, Report, ReportedCourse, Round
from kursliste.models.review import ProviderNote


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The reports of one open round: the old provider's, and the survivor's if it is asked."""

    old: Report
    survivor: Report | None
    told_old: Told
    told_survivor: Told | None

    @property
    def meeting(self) -> Meeting:
        """What becomes of them."""
        return meeting(self.told_old, self.told_survivor)

    @property
    def misses_month(self) -> bool:
        """Whether the old provider's courses are not in the survivor's report of this month."""
        return misses_month(self.meeting, self.told_survivor)

    @property
    def round(self) -> Round:
        return self.old.round


@dataclass(frozen=True, kw_only=True)
class MergePlan:
    """Everything that moves from ``old`` to ``survivor``, and what stands in the way.

    ``courses`` are the Kurs-IDs that go on, ``month`` the first one for which the survivor tells
    about them. Of venues, contacts and people those that both have are not among the moved ones.
    """

    old: Provider
    survivor: Provider
    obstacles: Sequence[Obstacle]
    pairs: Sequence[Pair]
    courses: Sequence[str]
    month: Month
    venues: Sequence[Venue]
    contacts: Sequence[Contact]
    people: Sequence[User]
    districts: Sequence[District]
    foreign: Sequence[District]
    notes: int
    hints: int
    others: Sequence[User] = field(default=())

    @property
    def blocked(self) -> Sequence[Pair]:
        """The months in which both told something and the old provider's is not decided yet."""
        return [pair for pair in self.pairs if pair.meeting is Meeting.BLOCKED]

    @property
    def seal(self) -> str:
        """A short text that is another one as soon as anything of the plan is."""
        facts = (
            [(p.old.id, p.told_old, p.told_survivor, p.meeting) for p in self.pairs],
            list(self.courses),
            [one.id for one in self.venues],
            [one.id for one in self.contacts],
            [one.id for one in self.people],
            [one.id for one in self.districts],
            (self.old.id, self.old.name, self.survivor.id, self.survivor.name),
            (self.notes, self.hints, str(self.month), list(self.obstacles)),
        )
        return sha256(repr(facts).encode()).hexdigest()[:20]


def partners(session: Session, actor: Actor, old: Provider) -> Sequence[Provider]:
    """Return the providers with which one can become one: active, in districts of the actor."""
    query = (
        select(Provider)
        .where(Provider.is_active.is_(True), Provider.id != old.id)
        .options(selectinload(Provider.districts))
        .order_by(Provider.name, Provider.town, Provider.id)
    )
    if not actor.is_administrator:
        mine = actor.district_ids(Role.COORDINATOR)
        query = query.where(Provider.districts.any(District.id.in_(mine)))
    return session.scalars(query).all()


def partner(session: Session, actor: Actor, old: Provider, provider_id: int) -> Provider:
    """Return one of :func:`partners`, or raise NotFoundError."""
    found = next((p for p in partners(session, actor, old) if p.id == provider_id), None)
    if found is None:
        raise NotFoundError(f"provider {provider_id} to become one with {old.id}")
    return found


def foreign_districts(actor: Actor, *providers: Provider) -> list[District]:
    """Return the districts of providers in which the actor may not merge, by name."""
    all_of_them = {one.id: one for provider in providers for one in provider.districts}
    foreign = [one for one in all_of_them.values() if not may_merge_in(actor, one)]
    return sorted(foreign, key=lambda one: (one.name, one.id))


def may_merge_in(actor: Actor, district: District) -> bool:
    """Return whether the actor may merge providers that work in a district."""
    return may(actor, Permission.PROVIDER_MERGE, Scope(district_id=district.id))


def merge_plan(session: Session, actor: Actor, old: Provider, survivor: Provider) -> MergePlan:
    """Return what merging ``old`` into ``survivor`` would do now."""
    pairs = _pairs(session, old, survivor)
    foreign = foreign_districts(actor, old, survivor)
    known_venues = {venue_words(one) for one in venues_of(session, survivor)}
    known_contacts = {contact_words(one) for one in contacts_of(session, survivor)}
    known_people = members_of(session, survivor)
    known_districts = {one.id for one in survivor.districts}
    return MergePlan(
        old=old,
        survivor=survivor,
        obstacles=_obstacles(old, survivor, pairs, foreign),
        pairs=pairs,
        courses=going_on(session, old),
        month=first_month(pairs),
        venues=[one for one in venues_of(session, old) if venue_words(one) not in known_venues],
        contacts=[
            one for one in contacts_of(session, old) if contact_words(one) not in known_contacts
        ],
        people=[one for one in members_of(session, old) if one not in known_people],
        others=known_people,
        districts=[one for one in old.districts if one.id not in known_districts],
        foreign=foreign,
        notes=_count(session, ProviderNote, old),
        hints=_count(session, ReaderHint, old),
    )


def _obstacles(
    old: Provider, survivor: Provider, pairs: Sequence[Pair], foreign: Sequence[District]
) -> list[Obstacle]:
    standing = {
        Obstacle.SAME: old.id == survivor.id,
        Obstacle.CLOSED: not (old.is_active and survivor.is_active),
        Obstacle.FOREIGN_DISTRICT: bool(foreign),
        Obstacle.BOTH_REPORTED: any(pair.meeting is Meeting.BLOCKED for pair in pairs),
    }
    return [obstacle for obstacle, stands in standing.items() if stands]


def _count(session: Session, kind: type[ProviderNote] | type[ReaderHint], old: Provider) -> int:
    query = select(func.count()).select_from(kind).where(kind.provider_id == old.id)
    if kind is ReaderHint:
        query = query.where(ReaderHint.settled_at.is_(None))
    return session.scalars(query).one()


def first_month(pairs: Sequence[Pair]) -> Month:
    """Return from which month on the survivor reports about the courses of both.

    It is the first open one in which the old provider's report does not stay, else the next.
    """
    months = [pair.round.month for pair in pairs if pair.meeting is not Meeting.STAYS]
    last = max((pair.round.month for pair in pairs), default=Month.of(clock.today()))
    return min(months, default=last.next())


def open_reports(session: Session, *providers: Provider, held: bool = False) -> Sequence[Report]:
    """Return the reports of these providers in open rounds, in the order of their keys.

    ``held``: read anew and kept from everybody else until the transaction ends.
    """
    query = (
        select(Report)
        .join(Report.round)
        .where(
            Report.provider_id.in_([one.id for one in providers]),
            Round.status == RoundStatus.OPEN,
        )
        .order_by(Report.id)
    )
    if held:
        query = query.with_for_update(of=Report).execution_options(populate_existing=True)
    return session.scalars(
        query.options(
            joinedload(Report.round).joinedload(Round.course_list),
            joinedload(Report.district),
            selectinload(Report.approved_version),
        )
    ).all()


def _pairs(session: Session, old: Provider, survivor: Provider) -> list[Pair]:
    reports = open_reports(session, old, survivor)
    counts = rows_of(session, reports)
    theirs = {one.round_id: one for one in reports if one.provider_id == survivor.id}
    pairs = []
    for report in reports:
        if report.provider_id != old.id:
            continue
        other = theirs.get(report.round_id)
        pairs.append(
            Pair(
                old=report,
                survivor=other,
                told_old=told_by(report, counts),
                told_survivor=None if other is None else told_by(other, counts),
            )
        )
    return sorted(pairs, key=lambda pair: (pair.round.month, pair.old.district.name, pair.old.id))


def told_by(report: Report, counts: Mapping[int, int]) -> Told:
    """Return a report as the rules of merging see it; ``counts`` are the rows by report."""
    return Told(
        report.status,
        courses=counts.get(report.id, 0),
        is_nil=report.is_nil,
        is_revision=report.is_revision,
    )


def rows_of(session: Session, reports: Sequence[Report]) -> Mapping[int, int]:
    """Return how many rows each of these reports has; those without any are left out."""
    query = (
        select(ReportedCourse.report_id, func.count())
        .where(ReportedCourse.report_id.in_([one.id for one in reports]))
        .group_by(ReportedCourse.report_id)
    )
    return dict(session.execute(query).all())


def going_on(session: Session, provider: Provider) -> Sequence[str]:
    """Return the Kurs-IDs of a provider's courses that are not over.

    They stand in a report of an open round, or in the last one with courses of their list; or the
    provider has got them and did not report them yet.
    """
    last = (
        select(Round.course_list_id, func.max(Round.month).label("month"))
        .join(Report, Report.round_id == Round.id)
        .where(Report.provider_id == provider.id, Report.courses.any())
        .group_by(Round.course_list_id)
        .subquery()
    )
    query = (
        select(ReportedCourse.course_id)
        .join(ReportedCourse.report)
        .join(Report.round)
        .join(Course, Course.id == ReportedCourse.course_id)
        .join(last, last.c.course_list_id == Round.course_list_id)
        .where(
            Report.provider_id == provider.id,
            Course.provider_id == provider.id,
            or_(Round.month == last.c.month, Round.status == RoundStatus.OPEN),
            or_(
                ReportedCourse.status.is_(None),
                ReportedCourse.status.not_in((CourseStatus.ENDED, CourseStatus.CANCELLED)),
            ),
        )
        .distinct()
    )
    own_row = aliased(ReportedCourse)
    told = (
        select(own_row.id)
        .join(Report, Report.id == own_row.report_id)
        .where(own_row.course_id == Course.id, Report.provider_id == provider.id)
    )
    got = (
        select(CourseHandover.course_id)
        .join(Course, Course.id == CourseHandover.course_id)
        .where(
            CourseHandover.to_provider_id == provider.id,
            Course.provider_id == provider.id,
            ~told.exists(),
        )
    )
    return sorted({*session.scalars(query), *session.scalars(got)})
