"""The text of a row that the search of the public list reads."""

from collections.abc import Mapping
from typing import Final

from kursliste.domain.edition import folded

SEARCHED: Final = (
    "title",
    "provider_reference",
    "level_from",
    "level_to",
    "town",
    "postcode",
    "street",
    "venue_name",
    "delivery",
    "time_of_day",
    "audience",
    "admission",
    "exams",
    "funder",
    "public_note",
)
"""Public facts that the search reads, next to the words of type, group and provider."""

LONGEST_SEARCH: Final = 2000


def search_text(facts: Mapping[str, object], *words: str) -> str:
    """Return the public facts and ``words`` of a course, folded for comparing."""
    found = list(words)
    for name in SEARCHED:
        value = facts[name]
        found += value if isinstance(value, tuple) else [str(value or "")]
    return folded(" ".join(word for word in found if word))[:LONGEST_SEARCH]
