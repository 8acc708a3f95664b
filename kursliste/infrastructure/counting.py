"""Counting tries in the database: exact across threads, servers and restarts, on both engines."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Final

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.limit import Limit
from kursliste.infrastructure import clock
from kursliste.models.identity import RateCounter

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def counted(session: Session, key: str, window: timedelta) -> int:
    """Count one try under ``key`` and return how many there were in the present window.

    The row stays locked until the caller's transaction ends; a try that is rolled back was none.
    Windows begin at multiples of their length since 1970 (SECURITY.md, rule 39).
    """
    now = clock.now()
    # Both engines know ON CONFLICT, but SQLAlchemy has a statement for each.
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(RateCounter) if is_sqlite else postgresql.insert(RateCounter)
    statement = insert.values(key=key, window_start=now - (now - EPOCH) % window, count=1)
    tries: int = session.execute(
        statement.on_conflict_do_update(
            index_elements=[RateCounter.key, RateCounter.window_start],
            set_={"count": RateCounter.count + 1},
        ).returning(RateCounter.count)
    ).scalar_one()
    return tries


def count_try(session: Session, key: str, limit: Limit) -> None:
    """Count one try under ``key``. Raises RuleViolationError (TOO_MANY_TRIES) beyond ``limit``."""
    if counted(session, key, limit.window) > limit.most:
        raise RuleViolationError(Rule.TOO_MANY_TRIES, minutes=limit.minutes)


def network_of(address: str) -> str:
    """Return what counts as one place: an IPv4 address, the /64 of an IPv6 address."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    return address if found.version == 4 else str(ip_network((found, 64), strict=False))  # noqa: PLR2004
