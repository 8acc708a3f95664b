"""How long a way in holds and a browser stays signed in (SECURITY.md, decision 3, rules 15, 17)."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from kursliste.domain.limit import Limit
from kursliste.domain.permissions import Actor, Role

LINK_HOLDS: Final = timedelta(minutes=10)
CODE_DIGITS: Final = 8
MOST_CODE_TRIES: Final = 5
PROVIDER_STAYS: Final = timedelta(days=60)
STAFF_STAYS: Final = timedelta(hours=12)
STAFF_IDLE: Final = timedelta(minutes=60)
CLOCK_SLACK: Final = timedelta(minutes=1)
"""By how much the clocks of two servers may differ."""

LINKS_PER_ADDRESS: Final = Limit(3, timedelta(minutes=15))
LINKS_PER_NETWORK: Final = Limit(20, timedelta(hours=1))
CODES_PER_NETWORK: Final = Limit(30, timedelta(minutes=15))


def hashed(secret: str) -> str:
    """Return the SHA-256 of a secret in hex; only this is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_remembered(actor: Actor) -> bool:
    """Return whether the device is remembered for weeks: only for people who report, no staff."""
    return bool(actor.grants) and all(grant.role is Role.PROVIDER for grant in actor.grants)


def session_end(actor: Actor, begun: datetime) -> datetime:
    """Return the instant at which a session that began at ``begun`` ends in any case."""
    return begun + (PROVIDER_STAYS if is_remembered(actor) else STAFF_STAYS)


def latest_beginning(now: datetime) -> datetime:
    """Return the last instant at which something that holds now can have begun.

    What began later was begun by a clock that was ahead. Its end is as wrong as its beginning, so
    it holds no more: it may end too early, and never too late.
    """
    return now + CLOCK_SLACK


def is_over(actor: Actor, *, begun: datetime, seen: datetime, now: datetime) -> bool:
    """Return whether a session is over by the roles that the person holds now.

    Roles may have changed since the sign-in: who became staff gets the limits of staff.
    """
    is_idle = not is_remembered(actor) and now - seen > STAFF_IDLE
    is_ahead = max(begun, seen) > latest_beginning(now)
    return is_idle or is_ahead or now >= session_end(actor, begun)
