"""Finding accounts: by address for a mail link, by slug for the demo, the own one for /konto."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from kursliste.domain.permissions import Actor, Role
from kursliste.models.identity import Membership, User, UserIdentity, UserSession
from kursliste.models.masterdata import District, Provider


def active_user_by_email_or_none(session: Session, email: str) -> User | None:
    """Return the active account with this address (in lower case), or None."""
    query = select(User).where(User.email == email, User.is_active.is_(True))
    return session.scalar(query)


def active_user_or_none(session: Session, user_id: int) -> User | None:
    """Return an account with its roles, read anew; None if it is not active (any more)."""
    query = select(User).where(User.id == user_id, User.is_active.is_(True))
    roles = selectinload(User.memberships)
    return session.scalar(query.options(roles).execution_options(populate_existing=True))


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
    query = (
        select(Membership.role, Provider.name, District.name)
        .outerjoin(Provider, Provider.id == Membership.provider_id)
        .outerjoin(District, District.id == Membership.district_id)
        .where(Membership.user_id == actor.user_id)
        .order_by(Membership.role, Provider.name, District.name, Membership.id)
    )
    found = session.execute(query).all()
    return [(role, provider or district or "") for role, provider, district in found]


def own_sessions(session: Session, actor: Actor) -> Sequence[UserSession]:
    """Return the actor's signed-in browsers, the one seen last first."""
    query = select(UserSession).where(UserSession.user_id == actor.user_id)
    return session.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id.desc())).all()
