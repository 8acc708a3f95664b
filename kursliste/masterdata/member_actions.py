"""Who reports for a provider: colleagues invite and let go; leaving ends everything at once."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from kursliste.domain.errors import NotFoundError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Role, Scope, may, require
from kursliste.identity.ending import end_every_way_in
from kursliste.infrastructure import clock, journal, mailbox
from kursliste.infrastructure.mailbox import checked_address
from kursliste.masterdata import mails
from kursliste.masterdata.house_queries import members_of, scope_of
from kursliste.masterdata.linking import lock_house
from kursliste.models.identity import Membership, User
from kursliste.models.masterdata import Provider


def invite_member(
    session: Session, provider: Provider, *, name: str, email: str, link: str, actor: Actor
) -> None:
    """Let a person report for a provider and tell them by mail.

    ``link`` is the absolute address of the sign-in page. Whether there was an account is told to
    nobody: one that was deactivated begins anew with this role only, one that is in use keeps its
    name and its other roles. Raises RuleViolationError for a bad address or an empty name, and
    where the person reports for this provider already.
    """
    require(actor, Permission.MEMBER_MANAGE, scope_of(provider, actor))
    address = checked_address(email)
    if not name.strip():
        raise RuleViolationError(Rule.VALUE_MISSING, field="name")
    lock_house(session, provider)  # pressed twice, the second one finds the first one's member
    user = _account(session, address) or _new_account(session, name, address, actor)
    if not user.is_active:
        user.memberships.clear()
        session.flush()  # the old role of this provider goes before the new one comes
        user.is_active = True
    elif any(held.provider_id == provider.id for held in user.memberships):
        raise RuleViolationError(Rule.MEMBER_ALREADY, field="email", email=address)
    user.memberships.append(Membership(role=Role.PROVIDER, provider_id=provider.id))
    subject, body = mails.invitation(user, provider, actor=actor, link=link)
    mailbox.enqueue(session, to=user.email, subject=subject, body=body)
    _record(session, JournalEvent.MEMBERSHIP_ADDED, user, provider, actor)


def remove_member(session: Session, provider: Provider, user: User, *, actor: Actor) -> bool:
    """Take a person's role for a provider away; return whether that was their last role.

    Without any role the account is deactivated; where it is signed in and every way in that was
    mailed end in this transaction. Raises RuleViolationError where nobody would be left to report,
    unless a coordinator does it; NotFoundError if the person does not report for this provider.
    """
    require(actor, Permission.MEMBER_MANAGE, scope_of(provider, actor))
    lock_house(session, provider)  # of two who remove one another one stays
    _account(session, user.email)  # of two who take the last two roles one takes the last
    members = members_of(session, provider)
    if user not in members:
        raise NotFoundError(f"user {user.id} of provider {provider.id}")
    is_coordinating = may(actor, Permission.PROVIDER_EDIT, scope_of(provider, actor))
    if len(members) == 1 and not is_coordinating:
        raise RuleViolationError(Rule.LAST_MEMBER)
    held = next(one for one in user.memberships if one.provider_id == provider.id)
    user.memberships.remove(held)
    _record(session, JournalEvent.MEMBERSHIP_REMOVED, user, provider, actor)
    if user.memberships:
        return False
    user.is_active = False
    end_every_way_in(session, user.id)
    _record(session, JournalEvent.USER_DEACTIVATED, user, provider, actor)
    return True


def _account(session: Session, address: str) -> User | None:
    """Return the account with this address, held and read anew."""
    query = (
        select(User)
        .where(User.email == address)
        .options(selectinload(User.memberships))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalar(query)


def _new_account(session: Session, name: str, address: str, actor: Actor) -> User:
    user = User(name=" ".join(name.split()), email=address, is_active=True, created_at=clock.now())
    session.add(user)
    session.flush()  # its role and the journal need its key
    scope = Scope(user_id=user.id)
    journal.record(session, JournalEvent.USER_ADDED, user, actor=actor, scope=scope)
    return user


def _record(
    session: Session, event: JournalEvent, user: User, provider: Provider, actor: Actor
) -> None:
    scope = scope_of(provider, actor)
    journal.record(session, event, user, actor=actor, scope=scope, provider=provider.name)
