"""Public holidays of a Land; the only caller of the ``holidays`` library."""

from collections.abc import Set as AbstractSet
from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=128)
def holidays_of(state: str, year: int) -> AbstractSet[date]:
    """Return the public holidays of ``year`` in the Land ``state`` ("SN", "ST", "TH" ...).

    Holidays that hold only in a part of the Land are left out, as the library does.
    """
    return frozenset(holidays.country_holidays("DE", subdiv=state, years=year))


def holidays_between(state: str, first: date, last: date) -> AbstractSet[date]:
    """Return the public holidays of all years from that of ``first`` to that of ``last``."""
    return _holidays_of_years(state, first.year, last.year)


@lru_cache(maxsize=128)
def _holidays_of_years(state: str, first: int, last: int) -> AbstractSet[date]:
    return frozenset().union(*(holidays_of(state, year) for year in range(first, last + 1)))
