"""Finding accounts: by address for a mail link, by slug for the demo, the own one for /konto."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kursliste.domain.permissions import Actor, Role
from kursliste.domain.sign_in import hashed, latest_beginning
from kursliste.models.identity import (
    Membership,
    PaperCode,
    RememberedDevice,
    SecondFactor,
    User,
    UserIdentity,
    UserSession,
)
from kursliste.models.masterdata import District, Provider


def active_user_by_email_or_none(session: Session, email: str) -> User | None:
    """Return the active account with this address (in lower case), or None."""
    query = select(User).where(User.email == email, User.is_active.is_(True))
    return session.scalar(query)


def active_user_or_none(session: Session, user_id: int) -> User | None:
    """Return an account with its roles, read anew; None if it is not active (any more)."""
    query = select(User).where(User.id == user_id, User.is_active.is_(True))
    parts = selectinload(User.memberships), joinedload(User.second_factor)
    return session.scalar(query.options(*parts).execution_options(populate_existing=True))


def demo_slugs(session: Session) -> frozenset[str]:
    """Return the slugs of the demo persons that exist and may sign in."""
    query = select(User.demo_slug).where(User.demo_slug.is_not(None), User.is_active.is_(True))
    return frozenset(slug for slug in session.scalars(query) if slug is not None)


def demo_user_or_none(session: Session, slug: str) -> User | None:
    """Return the demo person with this slug, or None if the demo world does not hold it."""
    return session.scalar(select(User).where(User.demo_slug == slug, User.is_active.is_(True)))


def user_id_behind(session: Session, issuer: str, subject: str) -> int | None:
    """Return whom an account of an identity provider signs in, or None."""
    query = select(UserIdentity.user_id).where(
        UserIdentity.issuer == issuer, UserIdentity.subject == subject
    )
    return session.scalar(query)


def own_identity_or_none(session: Session, actor: Actor, issuer: str) -> UserIdentity | None:
    """Return what the actor connected of an identity provider, or None."""
    query = (
        select(UserIdentity)
        .where(UserIdentity.user_id == actor.user_id, UserIdentity.issuer == issuer)
        .order_by(UserIdentity.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def own_account(session: Session, actor: Actor) -> User:
    """Return the actor's account; raise NoResultFound for nobody."""
    return session.execute(select(User).where(User.id == actor.user_id)).scalar_one()


def own_roles(session: Session, actor: Actor) -> Sequence[tuple[Role, str]]:
    """Return each role of the actor with the name of its provider or district ('' for neither)."""
    return [(held.role, name) for held, name in roles_of(session, actor.user_id)]


def roles_of(session: Session, user_id: int | None) -> Sequence[tuple[Membership, str]]:
    """Return each role of a person with the name of its provider or district ('' for neither)."""
    query = (
        select(Membership, func.coalesce(Provider.name, District.name, ""))
        .outerjoin(Provider, Provider.id == Membership.provider_id)
        .outerjoin(District, District.id == Membership.district_id)
        .where(Membership.user_id == user_id)
        .order_by(Membership.role, Provider.name, District.name, Membership.id)
    )
    return [(held, name) for held, name in session.execute(query)]


def own_sessions(session: Session, actor: Actor) -> Sequence[UserSession]:
    """Return the actor's signed-in browsers, the one seen last first."""
    query = select(UserSession).where(UserSession.user_id == actor.user_id)
    return session.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id.desc())).all()


def own_second_factor_or_none(session: Session, actor: Actor) -> SecondFactor | None:
    """Return the app that the actor set up or began to set up, read anew; None without one."""
    query = select(SecondFactor).where(SecondFactor.user_id == actor.user_id)
    return session.scalar(query.execution_options(populate_existing=True))


def paper_codes_left(session: Session, actor: Actor) -> int:
    """Return how many of the actor's paper codes were not used yet."""
    query = select(func.count(PaperCode.id)).where(
        PaperCode.user_id == actor.user_id, PaperCode.used_at.is_(None)
    )
    return session.execute(query).scalar_one()


def own_devices(session: Session, actor: Actor, now: datetime) -> Sequence[RememberedDevice]:
    """Return the browsers that stand for the actor's mailbox, the newest first."""
    query = select(RememberedDevice).where(RememberedDevice.user_id == actor.user_id, *_holds(now))
    return session.scalars(query.order_by(RememberedDevice.id.desc())).all()


def _holds(now: datetime) -> tuple[ColumnElement[bool], ...]:
    begun = RememberedDevice.created_at <= latest_beginning(now)
    return begun, RememberedDevice.ends_at > now


def person_of_device_or_none(session: Session, secret: str, now: datetime) -> User | None:
    """Return whose browser remembers itself by ``secret``, if they still may sign in with it."""
    query = (
        select(RememberedDevice)
        .where(RememberedDevice.token_hash == hashed(secret), *_holds(now))
        .options(joinedload(RememberedDevice.user).joinedload(User.second_factor))
    )
    found = session.scalar(query)
    if found is None or not (found.user.is_active and found.user.has_second_factor):
        return None
    return found.user
