"""Finding master data; what belongs to a district is filtered by who asks."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor, Role
from kursliste.models.codes import Alias
from kursliste.models.identity import User
from kursliste.models.masterdata import CourseList, District, FormerName, Provider
from kursliste.models.report import Round


def district_by_slug(session: Session, slug: str) -> District:
    """Return the district, or raise NotFoundError. Districts themselves are public."""
    district = session.scalar(select(District).where(District.slug == slug))
    if district is None:
        raise NotFoundError(f"district {slug}")
    return district


def all_districts(session: Session) -> Sequence[District]:
    """Return all districts by name."""
    return session.scalars(select(District).order_by(District.name, District.id)).all()


def coordinated_district(session: Session, actor: Actor, slug: str) -> District:
    """Return a district that the actor coordinates, or raise NotFoundError."""
    district = district_by_slug(session, slug)
    if not actor.is_administrator and district.id not in actor.district_ids(Role.COORDINATOR):
        raise NotFoundError(f"district {slug}")
    return district


def list_of(session: Session, district: District, slug: str | None = None) -> CourseList:
    """Return a district's list by its slug, or its first one; raise NotFoundError if none."""
    query = select(CourseList).where(CourseList.district_id == district.id)
    if slug is not None:
        query = query.where(CourseList.slug == slug)
    found = session.scalar(query.order_by(CourseList.id).limit(1))
    if found is None:
        raise NotFoundError(f"list {slug} of {district.slug}")
    return found


def round_of(session: Session, course_list: CourseList, month: Month) -> Round:
    """Return the round of a list for a month, or raise NotFoundError."""
    found = round_or_none(session, course_list, month)
    if found is None:
        raise NotFoundError(f"round {month} of list {course_list.id}")
    return found


def round_or_none(session: Session, course_list: CourseList, month: Month) -> Round | None:
    """Return the round of a list for a month, or None."""
    return session.scalar(
        select(Round).where(Round.course_list_id == course_list.id, Round.month == month)
    )


def rounds_of(session: Session, course_list: CourseList) -> Sequence[Round]:
    """Return all rounds of a list, newest month first."""
    query = select(Round).where(Round.course_list_id == course_list.id)
    return session.scalars(query.order_by(Round.month.desc(), Round.id)).all()


def active_providers(
    session: Session, district: District, *, held: bool = False
) -> Sequence[Provider]:
    """Return the providers that are asked in a district, by name.

    ``held``: nobody closes one of them until the transaction ends.
    """
    query = (
        select(Provider)
        .where(Provider.districts.any(District.id == district.id), Provider.is_active.is_(True))
        .order_by(Provider.name, Provider.id)
    )
    if held:
        query = query.with_for_update(read=True, of=Provider)
    return session.scalars(query).all()


def former_names(session: Session, district: District) -> Mapping[str, int]:
    """Return names of before by the provider of a district that is meant by them now.

    A name that several providers had means the one that got it first.
    """
    query = (
        select(FormerName.name, FormerName.provider_id)
        .join(Provider, Provider.id == FormerName.provider_id)
        .where(Provider.districts.any(District.id == district.id), Provider.is_active.is_(True))
        .order_by(FormerName.id.desc())
    )
    return dict(session.execute(query).all())


def user_by_email(session: Session, email: str) -> User | None:
    """Return the person with this address (in lower case), or None."""
    query = select(User).where(User.email == email).options(selectinload(User.memberships))
    return session.scalar(query)


def aliases(session: Session) -> Sequence[Alias]:
    """Return the words found in hand-kept lists, by kind and word."""
    return session.scalars(select(Alias).order_by(Alias.kind, Alias.alias, Alias.id)).all()
