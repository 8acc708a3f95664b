"""Report months, working days, and the default dates of a round."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Self

DEFAULT_OPENS_DAY: Final = 20
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2999
SATURDAY: Final = 5


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month; its text form is ``2026-03`` in addresses, files and the database."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.number <= 12):  # noqa: PLR2004
            msg = f"not a month: {self.year}-{self.number}"
            raise ValueError(msg)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYYY-MM``; anything else raises ValueError."""
        year, dash, number = text.partition("-")
        well_formed = len(year) == 4 and len(number) == 2 and dash  # noqa: PLR2004
        if not (well_formed and (year + number).isascii() and (year + number).isdigit()):
            msg = f"not a month: {text!r}"
            raise ValueError(msg)
        return cls(int(year), int(number))

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the month that ``day`` lies in."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def previous(self) -> "Month":
        """Return the month before."""
        return self.plus(-1)

    def next(self) -> "Month":
        """Return the month after."""
        return self.plus(1)

    def plus(self, months: int) -> "Month":
        """Return the month ``months`` later (earlier when negative)."""
        count = self.year * 12 + self.number - 1 + months
        return Month(count // 12, count % 12 + 1)

    def first_day(self) -> date:
        """Return the first day of the month, the Stand of its edition."""
        return date(self.year, self.number, 1)

    def last_day(self) -> date:
        """Return the last day of the month."""
        return self.next().first_day() - timedelta(days=1)


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Monday to Friday and no public holiday; ``holidays`` are those of the district's Land."""
    return day.weekday() < SATURDAY and day not in holidays


def last_working_day(month: Month, holidays: Collection[date]) -> date:
    """Return the last working day of ``month``."""
    day = month.last_day()
    while not is_working_day(day, holidays):
        day -= timedelta(days=1)
    return day


def working_days_before(day: date, count: int, holidays: Collection[date]) -> date:
    """Return the ``count``-th working day before ``day``; ``day`` itself for 0."""
    for _ in range(count):
        day -= timedelta(days=1)
        while not is_working_day(day, holidays):
            day -= timedelta(days=1)
    return day


def round_dates(
    month: Month,
    *,
    opens_day: int = DEFAULT_OPENS_DAY,
    due_working_days: int = 0,
    holidays: Collection[date] = (),
) -> tuple[date, date]:
    """Return when the round for ``month`` opens and when its reports are due.

    The list of a month is made in the month before: it opens on ``opens_day`` there (or its last
    day, in a shorter month) and is due ``due_working_days`` working days before that month's last
    one, to its last second in Europe/Berlin (DOMAIN.md section 8); never before it opens.
    """
    before = month.previous()
    opens_on = min(before.first_day() + timedelta(days=opens_day - 1), before.last_day())
    last = last_working_day(before, holidays)
    return opens_on, max(opens_on, working_days_before(last, due_working_days, holidays))
