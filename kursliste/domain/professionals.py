"""What professionals see beyond the public list, and write."""

from typing import Final

from kursliste.domain.course import Visibility
from kursliste.domain.edition import Row

COORDINATION_ONLY: Final = frozenset({"internal_note"})
"""Facts that providers write for the coordination alone."""

LONGEST_NOTE: Final = 600


def is_for_professionals(row: Row) -> bool:
    """Return whether counsellors may see a row: everything but what is internal to the district."""
    return row.get("visibility") != Visibility.INTERNAL


def seen_by_professionals(row: Row) -> Row:
    """Return a row without the facts that are for the coordination only."""
    return {**row, **dict.fromkeys(COORDINATION_ONLY)}
