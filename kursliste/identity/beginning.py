"""What every way in shares: where a request comes from, and the session that begins."""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.limit import Limit
from kursliste.domain.permissions import Actor, Scope
from kursliste.domain.sign_in import hashed, is_remembered, session_end
from kursliste.identity import queries
from kursliste.infrastructure import clock, journal
from kursliste.infrastructure.counting import counted, network_of
from kursliste.models.identity import UserSession

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Browser:
    """Where a request comes from.

    ``bind`` is the secret of the cookie that ties a link to the browser that asked for it, empty
    if there is none; ``session_id`` is the sign-in that the browser holds already.
    """

    bind: str = ""
    address: str = ""
    device: str = ""
    session_id: int | None = None


@dataclass(frozen=True)
class SignedIn:
    """A new sign-in: ``secret`` belongs into the cookie and is stored nowhere."""

    secret: str
    actor: Actor
    begun_at: datetime
    ends_at: datetime
    has_app: bool = False
    passed_at: datetime | None = None
    """When the second step was taken, None where it was not (yet)."""

    @property
    def is_remembered(self) -> bool:
        """Whether the cookie outlives the browser window."""
        return is_remembered(self.actor)


def let_in(
    session: Session,
    user_id: int | None,
    *,
    browser: Browser,
    how: str,
    passed_at: datetime | None = None,
) -> SignedIn | None:
    """Begin a session with a new secret; the one that the browser held before ends.

    ``passed_at`` is when the second step was taken. None for an account that is not active.
    """
    user = None if user_id is None else queries.active_user_or_none(session, user_id)
    if user is None:
        log.warning("sign_in_refused: %s", how)
        return None
    if browser.session_id is not None:
        session.execute(delete(UserSession).where(UserSession.id == browser.session_id))
    secret, now, actor = secrets.token_urlsafe(32), clock.now(), user.as_actor()
    ends_at = session_end(actor, now)
    session.add(
        UserSession(
            token_hash=hashed(secret),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            ends_at=ends_at,
            second_factor_at=passed_at,
            device=browser.device,
        )
    )
    is_half = user.has_second_factor and passed_at is None
    event = JournalEvent.SECOND_STEP_ASKED if is_half else JournalEvent.SIGNED_IN
    record_own(session, event, actor, how=how, device=browser.device)
    return SignedIn(secret, actor, now, ends_at, user.has_second_factor, passed_at)


def record_own(session: Session, event: JournalEvent, actor: Actor, **details: str | int) -> None:
    """Write into the journal what the actor did with their own account."""
    account = queries.own_account(session, actor)
    scope = Scope(user_id=actor.user_id)
    journal.record(session, event, account, actor=actor, scope=scope, changes=None, **details)


def limit_network(session: Session, what: str, browser: Browser, limit: Limit) -> None:
    """Count a try of this network. Raises RuleViolationError (TOO_MANY_TRIES) beyond ``limit``."""
    if counted(session, f"{what}:network:{network_of(browser.address)}", limit.window) > limit.most:
        log.warning("sign_in_rate_limited: %s", what)
        raise RuleViolationError(Rule.TOO_MANY_TRIES, minutes=limit.minutes)
