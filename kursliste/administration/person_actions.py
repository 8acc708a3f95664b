"""Accounts: who somebody is, what they may, and shutting them out."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from kursliste.administration import mails
from kursliste.domain.errors import NotFoundError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Grant, Permission, Role, Scope, require
from kursliste.identity.ending import end_every_way_in
from kursliste.infrastructure import journal, mailbox
from kursliste.infrastructure.mailbox import checked_address
from kursliste.masterdata import actions as masterdata
from kursliste.models.identity import Membership, SignInLink, User

NOWHERE = Scope()


def add_person(
    session: Session, *, name: str, email: str, grant: Grant, link: str, actor: Actor
) -> User:
    """Add an account with its first role and tell the person; ``link`` is the sign-in page.

    Raises RuleViolationError for an empty name and for an address that is none or taken.
    """
    require(actor, Permission.USER_ADD, NOWHERE)
    name = " ".join(name.split())
    if not name:
        raise RuleViolationError(Rule.VALUE_MISSING, field="name")
    added = masterdata.add_user(session, name=name, email=email, grants=[grant], actor=actor)
    subject, body = mails.account_opened(added, grant.role, link=link, by=actor.name)
    mailbox.enqueue(session, to=added.email, subject=subject, body=body)
    return added


def change_person(
    session: Session, person: User, *, name: str, email: str, site: str, actor: Actor
) -> None:
    """Change name and address of an account; a new address is told to the old one and to itself.

    Ways in that were mailed to the old address hold no longer. Raises RuleViolationError for an
    empty name and for an address that is none or another account's.
    """
    require(actor, Permission.USER_MANAGE, NOWHERE)
    address, name = checked_address(email), " ".join(name.split())
    if not name:
        raise RuleViolationError(Rule.VALUE_MISSING, field="name")
    taken = select(User.id).where(User.email == address, User.id != person.id)
    if session.scalar(taken) is not None:
        raise RuleViolationError(Rule.MAIL_ADDRESS_TAKEN, field="email", email=address)
    changes: dict[str, tuple[object, object]] = {}
    details: dict[str, str] = {}
    if person.name != name:
        changes["name"] = (person.name, name)
        person.name = name
    if person.email != address:
        # The journal outlives accounts: it tells that the address changed, not which it was.
        details["email"] = "geändert"
        subject, body = mails.address_changed(name=name, site=site)
        for one in (person.email, address):
            mailbox.enqueue(session, to=one, subject=subject, body=body)
        person.email = address
        session.execute(delete(SignInLink).where(SignInLink.user_id == person.id))
    if changes or details:
        scope = Scope(user_id=person.id)
        event = JournalEvent.USER_CHANGED
        journal.record(session, event, person, actor=actor, scope=scope, changes=changes, **details)


def grant_role(session: Session, person: User, grant: Grant, *, actor: Actor) -> None:
    """Give a person a role; it counts from their next click on.

    Raises RuleViolationError (ROLE_HELD) for one that they have.
    """
    require(actor, Permission.USER_MANAGE, NOWHERE)
    held = _locked(session, person).memberships
    if any((m.role, m.district_id, m.provider_id) == _key(grant) for m in held):
        raise RuleViolationError(Rule.ROLE_HELD, field="role")
    role, district_id, provider_id = _key(grant)
    person.memberships.append(
        Membership(role=role, district_id=district_id, provider_id=provider_id)
    )
    scope = Scope(district_id=district_id, provider_id=provider_id, user_id=person.id)
    journal.record(
        session, JournalEvent.MEMBERSHIP_ADDED, person, actor=actor, scope=scope, role=role.value
    )


def revoke_role(session: Session, person: User, membership_id: int, *, actor: Actor) -> None:
    """Take a role away; it is gone at the person's next click.

    Raises NotFoundError for a role of somebody else, RuleViolationError (LAST_ADMINISTRATOR) where
    nobody would be left to run the instance.
    """
    require(actor, Permission.USER_MANAGE, NOWHERE)
    administrators = _administrators(session)
    held = next((m for m in _locked(session, person).memberships if m.id == membership_id), None)
    if held is None:
        raise NotFoundError(f"membership {membership_id} of user {person.id}")
    if held.role is Role.ADMINISTRATOR and administrators <= {person.id}:
        raise RuleViolationError(Rule.LAST_ADMINISTRATOR)
    scope = Scope(district_id=held.district_id, provider_id=held.provider_id, user_id=person.id)
    person.memberships.remove(held)
    event = JournalEvent.MEMBERSHIP_REMOVED
    journal.record(session, event, person, actor=actor, scope=scope, role=held.role.value)


def deactivate_person(session: Session, person: User, *, actor: Actor) -> None:
    """Shut a person out at once, everywhere; their roles are kept for the day they come back.

    Raises RuleViolationError for oneself and for the last administrator.
    """
    require(actor, Permission.USER_MANAGE, NOWHERE)
    if person.id == actor.user_id:
        raise RuleViolationError(Rule.NOT_ONESELF)
    if _administrators(session) == {person.id}:
        raise RuleViolationError(Rule.LAST_ADMINISTRATOR)
    _locked(session, person).is_active = False
    end_every_way_in(session, person.id)
    _record(session, JournalEvent.USER_DEACTIVATED, person, actor)


def reactivate_person(session: Session, person: User, *, actor: Actor) -> None:
    """Let a person in again, with the roles that they had."""
    require(actor, Permission.USER_MANAGE, NOWHERE)
    _locked(session, person).is_active = True
    _record(session, JournalEvent.USER_REACTIVATED, person, actor)


def end_sessions(session: Session, person: User, *, actor: Actor) -> None:
    """Sign a person out everywhere, for a lost device."""
    require(actor, Permission.USER_MANAGE, NOWHERE)
    end_every_way_in(session, person.id)
    _record(session, JournalEvent.SESSIONS_ENDED, person, actor)


def _key(grant: Grant) -> tuple[Role, int | None, int | None]:
    return grant.role, grant.district_id, grant.provider_id


def _locked(session: Session, person: User) -> User:
    query = (
        select(User)
        .where(User.id == person.id)
        .options(selectinload(User.memberships))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).one()


def _administrators(session: Session) -> set[int]:
    """Return who runs the instance now, and hold their rows, before any other is held.

    Of two who shut one another out one stays, and neither waits for the other for ever.
    """
    query = (
        select(User)
        .where(User.memberships.any(role=Role.ADMINISTRATOR), User.is_active.is_(True))
        .order_by(User.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {user.id for user in session.scalars(query) if user.is_active}


def _record(session: Session, event: JournalEvent, person: User, actor: Actor) -> None:
    journal.record(session, event, person, actor=actor, scope=Scope(user_id=person.id))
