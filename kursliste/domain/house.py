"""The words that a course repeats from its provider's lists of places and people.

A course keeps its own words, as they were told. Whether it *names* a venue or a contact of the list
follows from them: equal words do, other words do not.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Words = tuple[str, ...]

PLACE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"venue_name": "name", "street": "street", "postcode": "postcode", "town": "town"}
)
"""Facts of a course that make a place, and what they are called in the list of venues."""

PLACE_FACTS: Final[Mapping[str, str]] = MappingProxyType(
    {**PLACE_WORDS, "wheelchair": "wheelchair"}
)
"""All facts that a venue gives to a course."""

PERSON_FACTS: Final[Mapping[str, str]] = MappingProxyType(
    {"contact_name": "name", "contact_phone": "phone", "contact_email": "email"}
)
"""All facts that a contact gives to a course, and what they are called in the list."""


def place_words(facts: Mapping[str, object]) -> Words:
    """Return name, street, postcode and town as a course tells them; unknown is empty."""
    return tuple(str(facts.get(name) or "") for name in PLACE_WORDS)


def person_words(facts: Mapping[str, object]) -> Words:
    """Return name, telephone and mail address as a course tells them; unknown is empty."""
    return tuple(str(facts.get(name) or "") for name in PERSON_FACTS)


def is_place(words: Words) -> bool:
    """Return whether words make a venue: a town, and a name or a street to find it by."""
    name, street, _, town = words
    return bool(town and (name or street))


def is_person(words: Words) -> bool:
    """Return whether words make a contact: a name, and a telephone or an address to reach it by."""
    name, phone, email = words
    return bool(name and (phone or email))


def agrees(first: object, second: object) -> bool:
    """Return whether two statements can both be true; unknown contradicts nothing."""
    return first is None or second is None or first == second
