"""The only caller of ``datetime.now``; tests replace it, nobody else asks for the time."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

BERLIN: Final = ZoneInfo("Europe/Berlin")


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 -- the one place


def today() -> date:
    """The day on the wall calendar in Germany, which is not always the day in UTC."""
    return now().astimezone(BERLIN).date()
