"""Which month a list asks for next by itself."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from kursliste.domain.calendar import Month, round_dates
from kursliste.domain.round import Rhythm, ends_on

MONTHS_BETWEEN: Final[Mapping[Rhythm, int]] = MappingProxyType(
    {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.HALF_YEARLY: 6}
)


def month_to_open(
    newest: Month, *, rhythm: Rhythm, opens_day: int, today: date, opened_on: date | None
) -> Month | None:
    """Return the month whose round is due to be opened, or None.

    ``newest`` is the newest month that the list asked for, ``opened_on`` the day on which somebody
    did so. Months are counted from there in the list's rhythm. After an outage only the newest
    month that still runs is opened: nobody needs the others any more, and nobody shall be asked
    for two months at once. An opening day before ``opened_on`` has no effect: whoever brings a
    first list in the middle of a month decides by hand about the next one.
    """
    found = None
    month = newest.plus(MONTHS_BETWEEN[rhythm])
    while (opens_on := round_dates(month, opens_day=opens_day)[0]) <= today:
        if month.last_day() >= today and (opened_on is None or opens_on > opened_on):
            found = month
        month = month.plus(MONTHS_BETWEEN[rhythm])
    return found


def coming_months(
    newest: Month,
    *,
    rhythm: Rhythm,
    opens_day: int,
    today: date,
    opened_on: date | None,
    count: int,
) -> list[Month]:
    """Return the next months that a list asks for by itself: one that is due, then later ones."""
    month = month_to_open(
        newest, rhythm=rhythm, opens_day=opens_day, today=today, opened_on=opened_on
    )
    if month is None:
        month = newest.plus(MONTHS_BETWEEN[rhythm])
        while round_dates(month, opens_day=opens_day)[0] <= today:
            month = month.plus(MONTHS_BETWEEN[rhythm])
    return [month.plus(number * MONTHS_BETWEEN[rhythm]) for number in range(count)]


def is_over(month: Month, today: date, open_until: date | None = None) -> bool:
    """Return whether a round ends: its month is past, or the day that somebody chose instead."""
    return today > ends_on(month, open_until)
