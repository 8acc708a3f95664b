"""Signing in by mail link, code or demo button; signing out."""

import logging
import secrets
from collections.abc import Callable

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.sign_in import (
    CODE_DIGITS,
    CODES_PER_NETWORK,
    LINK_HOLDS,
    LINKS_PER_ADDRESS,
    LINKS_PER_NETWORK,
    MOST_CODE_TRIES,
    hashed,
    latest_beginning,
)
from kursliste.identity import mails, queries
from kursliste.identity.beginning import Browser, SignedIn, let_in, limit_network, record_own
from kursliste.infrastructure import clock, journal, mailbox
from kursliste.infrastructure.counting import counted
from kursliste.models.identity import (
    RememberedDevice,
    SignInLink,
    User,
    UserIdentity,
    UserSession,
)

log = logging.getLogger(__name__)


def request_link(
    session: Session,
    email: str,
    *,
    browser: Browser,
    link_for: Callable[[str], str],
    site: str,
    actor: Actor,
) -> None:
    """Mail a one-time link and code to ``email`` if an active account has this address.

    ``link_for`` makes an absolute address of a token. The caller cannot learn whether there is
    such an account, nor whether the address had its three mails already. Raises
    RuleViolationError if this network asked too often.
    """
    require(actor, Permission.SIGN_IN, Scope())
    limit_network(session, "link", browser, LINKS_PER_NETWORK)
    tries = counted(session, f"link:address:{hashed(email)}", LINKS_PER_ADDRESS.window)
    user = queries.active_user_by_email_or_none(session, email)
    token, code = secrets.token_urlsafe(32), _new_code()
    if user is None or tries > LINKS_PER_ADDRESS.most:
        log.info("sign_in_mail_not_sent: %s", "too often" if user else "no account")
        return
    now = clock.now()
    session.add(
        SignInLink(
            user_id=user.id,
            token_hash=hashed(token),
            code_hash=_code_hash(browser, code),
            bind_hash=hashed(browser.bind),
            created_at=now,
            ends_at=now + LINK_HOLDS,
        )
    )
    subject, body = mails.way_in(name=user.name, link=link_for(token), code=code, site=site)
    mailbox.enqueue(session, to=user.email, subject=subject, body=body, holds_secret=True)
    journal.record(
        session,
        JournalEvent.SIGN_IN_REQUESTED,
        user,
        actor=actor,
        scope=Scope(user_id=user.id),
        device=browser.device,
    )


def redeem_link(session: Session, token: str, *, browser: Browser, actor: Actor) -> SignedIn | None:
    """Sign in by link; None if it does not hold here: unknown, used, too old, another browser.

    One statement decides, so that of many who try at once one gets in, and a try that fails
    leaves the link as it was (SECURITY.md, rule 15).
    """
    require(actor, Permission.SIGN_IN, Scope())
    now = clock.now()
    used = (
        update(SignInLink)
        .where(
            SignInLink.token_hash == hashed(token),
            SignInLink.bind_hash == hashed(browser.bind),
            SignInLink.used_at.is_(None),
            SignInLink.ends_at > now,
            SignInLink.created_at <= latest_beginning(now),
        )
        .values(used_at=now)
        .returning(SignInLink.user_id)
        .execution_options(synchronize_session=False)
    )
    user_id = session.execute(used).scalar_one_or_none()
    return let_in(session, user_id, browser=browser, how="link")


def redeem_code(session: Session, code: str, *, browser: Browser, actor: Actor) -> SignedIn | None:
    """Sign in by the 8-digit code in the browser that waits for it; None if it does not hold.

    Each try is counted before the code is looked at: five for a mail. The caller commits failed
    tries too. Raises RuleViolationError if this network tried too many codes.
    """
    require(actor, Permission.SIGN_IN, Scope())
    limit_network(session, "code", browser, CODES_PER_NETWORK)
    now = clock.now()
    tried = (
        update(SignInLink)
        .where(
            SignInLink.bind_hash == hashed(browser.bind),
            SignInLink.used_at.is_(None),
            SignInLink.ends_at > now,
            SignInLink.created_at <= latest_beginning(now),
            SignInLink.code_tries < MOST_CODE_TRIES,
        )
        .values(code_tries=SignInLink.code_tries + 1)
        .returning(SignInLink.id, SignInLink.user_id, SignInLink.code_hash)
        .execution_options(synchronize_session=False)
    )
    given = _code_hash(browser, code)
    user_id = None
    for link_id, owner, expected in session.execute(tried).all():
        if secrets.compare_digest(given, expected):
            # The row is locked by the statement above: nobody else can have used it in between.
            session.execute(
                update(SignInLink)
                .where(SignInLink.id == link_id)
                .values(used_at=now)
                .execution_options(synchronize_session=False)
            )
            user_id = owner
    return let_in(session, user_id, browser=browser, how="code")


def sign_in_demo_person(
    session: Session, user: User, *, browser: Browser, actor: Actor
) -> SignedIn | None:
    """Sign in a person of the demo world without any proof; the route allows it in the demo only.

    None for an account that is not one of the demo world.
    """
    require(actor, Permission.SIGN_IN, Scope())
    user_id = user.id if user.demo_slug is not None else None
    return let_in(session, user_id, browser=browser, how="demo", passed_at=clock.now())


def sign_in_with_identity(
    session: Session,
    issuer: str,
    subject: str,
    *,
    took_two_factors: bool,
    browser: Browser,
    actor: Actor,
) -> SignedIn | None:
    """Sign in whoever connected this account of an identity provider; None if nobody did.

    The caller has checked the provider's token. No account is made or found by an address of mail.
    Who took two factors there is asked for none here.
    """
    require(actor, Permission.SIGN_IN, Scope())
    user_id = queries.user_id_behind(session, issuer, subject)
    passed_at = clock.now() if took_two_factors else None
    return let_in(session, user_id, browser=browser, how="openid", passed_at=passed_at)


def link_identity(session: Session, issuer: str, subject: str, *, site: str, actor: Actor) -> None:
    """Connect an account of an identity provider with the actor's own, and tell them by mail.

    An earlier one of the same provider is replaced. Raises RuleViolationError (IDENTITY_TAKEN)
    where it signs somebody else in.
    """
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=actor.user_id))
    owner = queries.user_id_behind(session, issuer, subject)
    if owner is not None and owner != actor.user_id:
        raise RuleViolationError(Rule.IDENTITY_TAKEN)
    if owner is None:
        session.execute(
            delete(UserIdentity).where(
                UserIdentity.user_id == actor.user_id, UserIdentity.issuer == issuer
            )
        )
        session.add(
            UserIdentity(
                user_id=actor.user_id, issuer=issuer, subject=subject, linked_at=clock.now()
            )
        )
    account = queries.own_account(session, actor)
    subject_line, body = mails.account_connected(name=account.name, site=site)
    mailbox.enqueue(session, to=account.email, subject=subject_line, body=body)
    record_own(session, JournalEvent.IDENTITY_LINKED, actor, issuer=issuer)


def unlink_identity(session: Session, issuer: str, *, actor: Actor) -> None:
    """Let an account of an identity provider sign the actor in no longer."""
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=actor.user_id))
    session.execute(
        delete(UserIdentity).where(
            UserIdentity.user_id == actor.user_id, UserIdentity.issuer == issuer
        )
    )
    record_own(session, JournalEvent.IDENTITY_UNLINKED, actor, issuer=issuer)


def sign_out(session: Session, session_id: int, *, actor: Actor) -> None:
    """End one of the actor's sign-ins; its cookie is worth nothing from now on."""
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=actor.user_id))
    session.execute(
        delete(UserSession).where(
            UserSession.id == session_id, UserSession.user_id == actor.user_id
        )
    )
    record_own(session, JournalEvent.SIGNED_OUT, actor)


def end_session(session: Session, session_id: int, *, actor: Actor) -> str | None:
    """End one of the actor's sign-ins and return its device in words; None where there is none."""
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=actor.user_id))
    return _end_one(session, UserSession, session_id, actor)


def forget_device(session: Session, device_id: int, *, actor: Actor) -> str | None:
    """Let one of the actor's remembered devices stand for the mailbox no longer.

    Return it in words; None where the actor has no such device.
    """
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=actor.user_id))
    return _end_one(session, RememberedDevice, device_id, actor)


def _end_one(
    session: Session, table: type[UserSession | RememberedDevice], row_id: int, actor: Actor
) -> str | None:
    device: str | None = session.execute(
        delete(table)
        .where(table.id == row_id, table.user_id == actor.user_id)
        .returning(table.device)
    ).scalar_one_or_none()
    if device is not None:
        record_own(session, JournalEvent.SESSIONS_ENDED, actor, count=1, device=device)
    return device


def end_other_sessions(session: Session, kept_id: int, *, actor: Actor) -> int:
    """End all of the actor's sign-ins but one and return how many there were.

    No device is remembered after it either.
    """
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=actor.user_id))
    session.execute(delete(RememberedDevice).where(RememberedDevice.user_id == actor.user_id))
    ended = session.scalars(
        delete(UserSession)
        .where(UserSession.user_id == actor.user_id, UserSession.id != kept_id)
        .returning(UserSession.id)
    ).all()
    record_own(session, JournalEvent.SESSIONS_ENDED, actor, count=len(ended))
    return len(ended)


def _new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def _code_hash(browser: Browser, code: str) -> str:
    """Hash a code together with the browser's secret.

    Eight digits alone could be guessed from a stolen database in a second; the secret of the
    browser is not in it.
    """
    return hashed(f"{browser.bind}:{code}")
