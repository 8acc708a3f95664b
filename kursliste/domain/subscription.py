"""Readers who get a mail when a list comes out: how long a request holds, how much is too much."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from kursliste.domain.limit import Limit

CONFIRM_WITHIN: Final = timedelta(days=7)
"""A request that nobody confirms by then is deleted."""

REQUESTS_PER_ADDRESS: Final = Limit(3, timedelta(hours=1))
REQUESTS_PER_NETWORK: Final = Limit(20, timedelta(hours=1))
MOST_OF_ONE_ADDRESS: Final = 20
"""Subscriptions that one address may have to one list."""

REFUSALS_UNTIL_REST: Final = 3
"""So many mails refused one after the other, and the subscription rests."""

MOST_VALUES: Final = 40
"""Values that a stored filter may have; the longest list of towns is shorter."""

DEFAULT_MOST_KB: Final = 500
LARGEST_MOST_KB: Final = 5000

Filters = Mapping[str, Sequence[str]]
"""What a reader looks for, as in the address of the list: parameter -> values."""


def tidy(filters: Filters) -> dict[str, list[str]]:
    """Return filters in the one form in which they are stored: sorted, each value once."""
    return {name: sorted(set(values)) for name, values in sorted(filters.items()) if values}


def filter_key(filters: Filters) -> str:
    """Return what is equal for equal filters; two subscriptions of an address differ in it."""
    text = json.dumps(tidy(filters), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_too_long(filters: Filters) -> bool:
    """Return whether nobody can have chosen all that on the page."""
    return sum(len(values) for values in filters.values()) > MOST_VALUES


def has_lapsed(requested_at: datetime, now: datetime) -> bool:
    """Return whether it is too late to confirm a request."""
    return now >= requested_at + CONFIRM_WITHIN


def needs_rest(refused: Sequence[bool]) -> bool:
    """Return whether the newest mails, the newest first, were refused too often in a row."""
    newest = refused[:REFUSALS_UNTIL_REST]
    return len(newest) == REFUSALS_UNTIL_REST and all(newest)
