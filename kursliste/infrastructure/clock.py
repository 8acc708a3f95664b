"""The only caller of ``datetime.now``; tests replace :func:`wall`, nobody else asks the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

BERLIN: Final = ZoneInfo("Europe/Berlin")
_set_back_to: ContextVar[datetime | None] = ContextVar("set_back_to", default=None)


def wall() -> datetime:
    """Read the machine's clock, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 -- the one place


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _set_back_to.get() or wall()


def today() -> date:
    """The day on the wall calendar in Germany, which is not always the day in UTC."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """Return the day in Germany on which something happened."""
    return instant.astimezone(BERLIN).date()


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins in Germany."""
    return datetime.combine(day, time.min, BERLIN).astimezone(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Let the block happen at ``instant``: the demo world lives its past months this way."""
    token = _set_back_to.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _set_back_to.reset(token)
