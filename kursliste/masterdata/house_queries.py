"""What people may see of a provider's house: its particulars, lists, members, and what they reach.

Every query takes the actor or a provider that was found with one; other houses are not there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from kursliste.domain.errors import NotFoundError
from kursliste.domain.house import PERSON_FACTS, PLACE_WORDS
from kursliste.domain.permissions import Actor, Role, Scope
from kursliste.domain.report import EDITABLE, ReportStatus
from kursliste.domain.round import RoundStatus
from kursliste.models.identity import Membership, User
from kursliste.models.masterdata import Contact, District, Provider, Venue
from kursliste.models.report import Report, ReportedCourse, Round


@dataclass(frozen=True)
class Reach:
    """How far a change goes: courses in reports that may be changed, and reports that were sent."""

    courses: int
    sent: int


@dataclass(frozen=True)
class Lists:
    """What a provider chooses from in a course: its venues and its public contacts."""

    venues: Sequence[Venue] = ()
    contacts: Sequence[Contact] = ()


def scope_of(provider: Provider, actor: Actor) -> Scope:
    """Return whose thing a provider is: through a district that the actor coordinates, if any."""
    mine = actor.district_ids(Role.COORDINATOR)
    keys = [district.id for district in provider.districts]
    district_id = next((key for key in keys if key in mine), next(iter(keys), None))
    return Scope(district_id=district_id, provider_id=provider.id)


def _maintained(actor: Actor) -> Select[Provider]:
    """Leave out what went into another provider: nobody changes anything there any more."""
    query = select(Provider).where(Provider.merged_into_id.is_(None))
    query = query.options(selectinload(Provider.districts))
    if actor.is_administrator:
        return query
    coordinated = Provider.districts.any(District.id.in_(actor.district_ids(Role.COORDINATOR)))
    return query.where(or_(Provider.id.in_(actor.provider_ids), coordinated))


def maintained_providers(session: Session, actor: Actor) -> Sequence[Provider]:
    """Return the active providers whose house the actor may change, by name."""
    query = _maintained(actor).where(Provider.is_active.is_(True))
    return session.scalars(query.order_by(Provider.name, Provider.id)).all()


def maintained_provider(session: Session, actor: Actor, provider_id: int) -> Provider:
    """Return a provider whose house the actor may change, or raise NotFoundError."""
    found = session.scalar(_maintained(actor).where(Provider.id == provider_id))
    if found is None:
        raise NotFoundError(f"provider {provider_id}")
    return found


def venues_of(session: Session, provider: Provider) -> Sequence[Venue]:
    """Return the venues of a provider by town, name and street."""
    query = select(Venue).where(Venue.provider_id == provider.id)
    return session.scalars(query.order_by(Venue.town, Venue.name, Venue.street, Venue.id)).all()


def venue_of(session: Session, provider: Provider, venue_id: int) -> Venue:
    """Return a venue of this provider, or raise NotFoundError."""
    query = select(Venue).where(Venue.id == venue_id, Venue.provider_id == provider.id)
    found = session.scalar(query)
    if found is None:
        raise NotFoundError(f"venue {venue_id} of provider {provider.id}")
    return found


def _contacts(provider: Provider) -> Select[Contact]:
    """Leave out what stands for a contact that was removed: it has no name any more."""
    return select(Contact).where(Contact.provider_id == provider.id, Contact.name != "")


def contacts_of(session: Session, provider: Provider) -> Sequence[Contact]:
    """Return the contacts of a provider by name, public or not."""
    return session.scalars(_contacts(provider).order_by(Contact.name, Contact.id)).all()


def contact_of(session: Session, provider: Provider, contact_id: int) -> Contact:
    """Return a contact of this provider, or raise NotFoundError."""
    found = session.scalar(_contacts(provider).where(Contact.id == contact_id))
    if found is None:
        raise NotFoundError(f"contact {contact_id} of provider {provider.id}")
    return found


def lists_of(session: Session, provider: Provider) -> Lists:
    """Return what a provider chooses from in a course."""
    contacts = contacts_of(session, provider)
    return Lists(venues_of(session, provider), [one for one in contacts if one.is_public])


def members_of(session: Session, provider: Provider) -> Sequence[User]:
    """Return the active people who report for a provider, by name."""
    query = select(User).where(User.is_active.is_(True), _reports_for(provider.id))
    return session.scalars(query.order_by(User.name, User.id)).all()


def member_of(session: Session, provider: Provider, user_id: int) -> User:
    """Return somebody who reports for this provider, with all roles, or raise NotFoundError."""
    query = select(User).where(User.id == user_id, User.is_active.is_(True))
    roles = selectinload(User.memberships)
    found = session.scalar(query.where(_reports_for(provider.id)).options(roles))
    if found is None:
        raise NotFoundError(f"user {user_id} of provider {provider.id}")
    return found


def _reports_for(provider_id: int) -> ColumnElement[bool]:
    return User.memberships.any(
        and_(Membership.role == Role.PROVIDER, Membership.provider_id == provider_id)
    )


def member_counts(session: Session, providers: Sequence[Provider]) -> Mapping[int, int]:
    """Return how many active people report for each provider; those without any are left out."""
    query = (
        select(Membership.provider_id, func.count())
        .join(Membership.user)
        .where(
            User.is_active.is_(True),
            Membership.role == Role.PROVIDER,
            Membership.provider_id.in_([provider.id for provider in providers]),
        )
        .group_by(Membership.provider_id)
    )
    return {key: count for key, count in session.execute(query) if key is not None}


def courses_by_venue(session: Session, provider: Provider) -> Mapping[int, int]:
    """Return in how many courses of running rounds each venue is named."""
    return _named(session, provider, ReportedCourse.venue_id)


def courses_by_contact(session: Session, provider: Provider) -> Mapping[int, int]:
    """Return in how many courses of running rounds each contact is named."""
    return _named(session, provider, ReportedCourse.contact_id)


def _named(
    session: Session, provider: Provider, link: InstrumentedAttribute[int | None]
) -> Mapping[int, int]:
    query = (
        select(link, func.count(ReportedCourse.course_id.distinct()))
        .join(ReportedCourse.report)
        .join(Report.round)
        .where(
            Report.provider_id == provider.id,
            Round.status == RoundStatus.OPEN,
            link.is_not(None),
        )
        .group_by(link)
    )
    return {key: count for key, count in session.execute(query) if key is not None}


def repeats_venue(venue: Venue) -> ColumnElement[bool]:
    """Say in SQL that a course names this venue, or names none and tells the same place."""
    is_same = [_told(fact) == getattr(venue, name) for fact, name in PLACE_WORDS.items()]
    return or_(
        ReportedCourse.venue_id == venue.id, and_(ReportedCourse.venue_id.is_(None), *is_same)
    )


def repeats_contact(contact: Contact) -> ColumnElement[bool]:
    """Say in SQL that a course names this contact, or names none and tells the same person."""
    is_same = [_told(fact) == getattr(contact, name) for fact, name in PERSON_FACTS.items()]
    return or_(
        ReportedCourse.contact_id == contact.id,
        and_(ReportedCourse.contact_id.is_(None), *is_same),
    )


def _told(fact: str) -> ColumnElement[str]:
    return func.coalesce(getattr(ReportedCourse, fact), "")


def reach_of(session: Session, provider_id: int, repeats: ColumnElement[bool]) -> Reach:
    """Return what a change reaches: all courses of reports that may be changed now.

    Reports that were sent are counted while their round runs: older ones are history.
    """
    query = (
        select(Report.status, func.count(), func.count(Report.id.distinct()))
        .select_from(ReportedCourse)
        .join(ReportedCourse.report)
        .join(Report.round)
        .where(
            Report.provider_id == provider_id,
            repeats,
            or_(Report.status.in_(EDITABLE), Round.status == RoundStatus.OPEN),
        )
        .group_by(Report.status)
    )
    found = {status: (rows, reports) for status, rows, reports in session.execute(query)}
    none = (0, 0)
    kept = (ReportStatus.SUBMITTED, ReportStatus.APPROVED)
    return Reach(
        courses=sum(found.get(status, none)[0] for status in EDITABLE),
        sent=sum(found.get(status, none)[1] for status in kept),
    )


def editable_rows(
    session: Session, provider_id: int, repeats: ColumnElement[bool]
) -> Sequence[ReportedCourse]:
    """Return the courses that a change reaches, with their reports, both held until the end."""
    session.flush()  # reading anew must not throw away what this transaction wrote
    reports = (
        select(Report.id)
        .where(
            Report.provider_id == provider_id,
            Report.status.in_(EDITABLE),
            Report.courses.any(repeats),
        )
        .order_by(Report.id)
        .with_for_update()
    )
    rows = (
        select(ReportedCourse)
        .where(ReportedCourse.report_id.in_(session.scalars(reports).all()), repeats)
        .order_by(ReportedCourse.report_id, ReportedCourse.position, ReportedCourse.id)
        .options(selectinload(ReportedCourse.report))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(rows).all()
