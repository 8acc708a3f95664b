"""The second step: set up an app, prove oneself with it, lose it (ADR 45).

A try that fails is counted, so callers commit failed tries too.
"""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.second_factor import (
    DEVICE_HOLDS,
    PAPER_ALPHABET,
    PAPER_CODES,
    PAPER_LENGTH,
    TRIES,
    TRIES_PER_NETWORK,
    code_digits,
    is_app_code,
    is_paper_code,
    paper_secret,
)
from kursliste.domain.sign_in import hashed
from kursliste.identity import mails, queries
from kursliste.identity.beginning import Browser, SignedIn, let_in, limit_network, record_own
from kursliste.identity.ending import end_every_way_in
from kursliste.infrastructure import clock, journal, mailbox
from kursliste.infrastructure.app_codes import matching_step_or_none, new_secret
from kursliste.infrastructure.counting import counted
from kursliste.infrastructure.sealing import is_sealed_with, seal, unsealed_or_none
from kursliste.infrastructure.slow_hash import slow_hash, slow_hash_holds
from kursliste.models.identity import PaperCode, RememberedDevice, SecondFactor, User, UserSession

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Proof:
    """What somebody typed, from where, and the keys that open this instance's secrets."""

    typed: str
    browser: Browser
    secret_keys: Sequence[str]


def begin_app(session: Session, *, secret_keys: Sequence[str], actor: Actor) -> None:
    """Give the actor a new secret for an app; it counts once they proved that it works.

    What was begun before and never proved is replaced. An app that counts stays as it is.
    """
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=actor.user_id))
    known = queries.own_second_factor_or_none(session, actor)
    if known is not None and known.confirmed_at is not None:
        return
    if known is None:
        known = SecondFactor(user_id=actor.user_id)
        session.add(known)
    known.sealed_secret = seal(new_secret(), secret_keys=secret_keys)
    known.begun_at = clock.now()
    known.last_step = 0
    record_own(session, JournalEvent.SECOND_FACTOR_BEGUN, actor)


def set_up_app(session: Session, proof: Proof, *, site: str, actor: Actor) -> list[str] | None:
    """Let the app count from now on and return ten new paper codes; None for a wrong code.

    Every other session of the actor ends, and a mail tells them. Raises RuleViolationError
    (TOO_MANY_TRIES).
    """
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=actor.user_id))
    known = queries.own_second_factor_or_none(session, actor)
    if known is None or known.confirmed_at is not None or not _holds(session, proof, actor):
        return None
    now = clock.now()
    known.confirmed_at = now
    here = proof.browser.session_id
    mine = UserSession.user_id == actor.user_id
    session.execute(delete(UserSession).where(mine, UserSession.id != here))
    session.execute(update(UserSession).where(UserSession.id == here).values(second_factor_at=now))
    _tell(session, actor, mails.app_set_up, site)
    record_own(session, JournalEvent.SECOND_FACTOR_SET_UP, actor, device=proof.browser.device)
    return _new_paper_codes(session, actor)


def pass_second_step(session: Session, proof: Proof, *, site: str, actor: Actor) -> SignedIn | None:
    """Finish signing in with a code of the app or from paper; None for a wrong one.

    The half session becomes a new one with another secret. Raises RuleViolationError
    (TOO_MANY_TRIES).
    """
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=actor.user_id))
    if not _holds(session, proof, actor, site=site):
        return None
    how = "app" if is_app_code(proof.typed) else "paper"
    return let_in(session, actor.user_id, browser=proof.browser, how=how, passed_at=clock.now())


def sign_in_on_device(
    session: Session, device_secret: str, proof: Proof, *, actor: Actor
) -> SignedIn | None:
    """Sign in on a remembered device with a code of the app; None for a wrong code or device.

    Paper codes do not count here. Raises RuleViolationError (TOO_MANY_TRIES).
    """
    require(actor, Permission.SIGN_IN, Scope())
    limit_network(session, "second-step", proof.browser, TRIES_PER_NETWORK)
    person = queries.person_of_device_or_none(session, device_secret, clock.now())
    if person is None or not is_app_code(proof.typed):
        return None
    if not _holds(session, proof, Actor(user_id=person.id, name=person.name)):
        return None
    return let_in(session, person.id, browser=proof.browser, how="device", passed_at=clock.now())


def confirm_again(session: Session, proof: Proof, *, site: str, actor: Actor) -> SignedIn | None:
    """Take the second step anew before something dangerous: the session gets another secret.

    It ends when it would have ended. None for a wrong code. Raises RuleViolationError
    (TOO_MANY_TRIES).
    """
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=actor.user_id))
    if not _holds(session, proof, actor, site=site):
        return None
    secret, now = secrets.token_urlsafe(32), clock.now()
    renewed = (
        update(UserSession)
        .where(UserSession.id == proof.browser.session_id, UserSession.user_id == actor.user_id)
        .values(second_factor_at=now, token_hash=hashed(secret))
        .returning(UserSession.ends_at)
    )
    ends_at = session.execute(renewed).scalar_one()
    record_own(session, JournalEvent.SECOND_FACTOR_PASSED, actor, device=proof.browser.device)
    return SignedIn(secret, actor, now, ends_at, has_app=True, passed_at=now)


def remember_device(session: Session, *, browser: Browser, actor: Actor) -> str:
    """Let this browser stand for the mailbox for 30 days and return the secret of its cookie."""
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=actor.user_id))
    secret, now = secrets.token_urlsafe(32), clock.now()
    session.add(
        RememberedDevice(
            user_id=actor.user_id,
            token_hash=hashed(secret),
            device=browser.device,
            created_at=now,
            ends_at=now + DEVICE_HOLDS,
        )
    )
    record_own(session, JournalEvent.SECOND_FACTOR_PASSED, actor, remembered=browser.device)
    return secret


def new_paper_codes(session: Session, *, actor: Actor) -> list[str]:
    """Return ten new paper codes; the old ones hold no longer."""
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=actor.user_id))
    return _new_paper_codes(session, actor)


def remove_app(session: Session, *, site: str, actor: Actor) -> None:
    """Take away the actor's app, paper codes and remembered devices, and tell them by mail."""
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=actor.user_id))
    _forget(session, actor.user_id)
    _tell(session, actor, mails.app_removed, site)
    record_own(session, JournalEvent.SECOND_FACTOR_REMOVED, actor)


def reset_second_factor(session: Session, person: User, *, site: str, actor: Actor) -> None:
    """Take a person's app away who lost phone and paper; all their sessions end, a mail tells them.

    The administrator has made sure by another way that it is them.
    """
    require(actor, Permission.USER_MANAGE, Scope())
    _forget(session, person.id)
    end_every_way_in(session, person.id)
    _tell(session, person.as_actor(), mails.app_removed, site)
    scope = Scope(user_id=person.id)
    journal.record(session, JournalEvent.SECOND_FACTOR_REMOVED, person, actor=actor, scope=scope)


def _forget(session: Session, user_id: int | None) -> None:
    for table in (SecondFactor, PaperCode, RememberedDevice):
        session.execute(delete(table).where(table.user_id == user_id))


def _holds(session: Session, proof: Proof, actor: Actor, *, site: str | None = None) -> bool:
    """Count the try, then say whether the code holds; one that held once holds no more.

    Paper codes count where ``site`` is given: their use is told by mail.
    """
    if counted(session, f"second-step:{actor.user_id}", TRIES.window) > TRIES.most:
        log.warning("second_step_rate_limited: user %s", actor.user_id)
        raise RuleViolationError(Rule.TOO_MANY_TRIES, minutes=TRIES.minutes)
    if is_app_code(proof.typed):
        holds = _app_code_holds(session, proof, actor)
    else:
        holds = site is not None and _paper_code_holds(session, proof, actor, site)
    if not holds:
        log.warning("second_step_refused: user %s", actor.user_id)
    return holds


def _app_code_holds(session: Session, proof: Proof, actor: Actor) -> bool:
    known = queries.own_second_factor_or_none(session, actor)
    secret = known and unsealed_or_none(known.sealed_secret, secret_keys=proof.secret_keys)
    if known is None or not secret:
        return False
    step = matching_step_or_none(secret, code_digits(proof.typed), clock.now())
    if step is None:
        return False
    used = (
        update(SecondFactor)
        .where(SecondFactor.user_id == actor.user_id, SecondFactor.last_step < step)
        .values(last_step=step)
        .returning(SecondFactor.id)
    )
    if session.execute(used).scalar_one_or_none() is None:
        return False
    if not is_sealed_with(known.sealed_secret, secret_key=proof.secret_keys[0]):
        known.sealed_secret = seal(secret, secret_keys=proof.secret_keys)
    return True


def _paper_code_holds(session: Session, proof: Proof, actor: Actor, site: str) -> bool:
    digits = code_digits(proof.typed)
    if not is_paper_code(digits):  # looking is dear
        return False
    unused = select(PaperCode.id, PaperCode.code_hash).where(
        PaperCode.user_id == actor.user_id, PaperCode.used_at.is_(None)
    )
    fitting = [
        key
        for key, stored in session.execute(unused)
        if slow_hash_holds(stored, paper_secret(actor.user_id, digits))
    ]
    used = (
        update(PaperCode)
        .where(PaperCode.id.in_(fitting), PaperCode.used_at.is_(None))
        .values(used_at=clock.now())
        .returning(PaperCode.id)
    )
    if session.execute(used).scalar_one_or_none() is None:
        return False
    _tell(session, actor, mails.paper_code_used, site)
    record_own(session, JournalEvent.PAPER_CODE_USED, actor, device=proof.browser.device)
    return True


def _new_paper_codes(session: Session, actor: Actor) -> list[str]:
    codes = [
        "".join(secrets.choice(PAPER_ALPHABET) for _ in range(PAPER_LENGTH))
        for _ in range(PAPER_CODES)
    ]
    session.execute(delete(PaperCode).where(PaperCode.user_id == actor.user_id))
    session.add_all(
        PaperCode(user_id=actor.user_id, code_hash=slow_hash(paper_secret(actor.user_id, code)))
        for code in codes
    )
    record_own(session, JournalEvent.PAPER_CODES_MADE, actor, count=len(codes))
    return codes


def _tell(session: Session, actor: Actor, words: mails.Words, site: str) -> None:
    account = queries.own_account(session, actor)
    subject, body = words(name=account.name, site=site)
    mailbox.enqueue(session, to=account.email, subject=subject, body=body)
