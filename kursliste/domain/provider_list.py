"""The provider list (Trägerliste): what an edition keeps of each provider, and in which order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kursliste.domain.edition import folded

APPROVALS: Final = ("Integrationskurse", "Berufssprachkurse")
"""What the BAMF approves a provider for; a provider may tell which of them it has."""


@dataclass(frozen=True, kw_only=True)
class PlaceRow:
    """A place where a provider teaches."""

    name: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    wheelchair: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """Somebody, or an office, that may be named in public."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class ProviderRow:
    """A provider as the sheet "Träger" and the provider list name it.

    ``contacts`` are those with the flag "public" and nobody else (PRODUCT.md, rule 11).
    ``course_types`` and ``courses`` are counted from the rows that the reader sees.
    """

    name: str
    kind: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    office_hours: str = ""
    languages: str = ""
    approvals: tuple[str, ...] = ()
    venues: tuple[PlaceRow, ...] = ()
    contacts: tuple[PersonRow, ...] = ()
    course_types: tuple[str, ...] = ()
    courses: int = 0
    has_reported: bool = True


def counted_providers(
    stored: Iterable[Mapping[str, Any]], course_types: Iterable[tuple[object, object]]
) -> list[ProviderRow]:
    """Return stored providers, as an edition keeps them, in the order of the provider list.

    ``course_types`` are name of the provider and course type of each course that the reader sees,
    in the order of the list; None where the reader does not see the type.
    """
    types: dict[object, list[object]] = {}
    for name, course_type in course_types:
        types.setdefault(name, []).append(course_type)
    found = [_provider_row(facts, types.get(facts["name"], [])) for facts in stored]
    return sorted(found, key=_order)


def _provider_row(facts: Mapping[str, Any], course_types: list[object]) -> ProviderRow:
    """Editions of before the provider list know neither places nor people."""
    told = {
        **facts,
        "approvals": tuple(facts.get("approvals", ())),
        "venues": tuple(PlaceRow(**place) for place in facts.get("venues", ())),
        "contacts": tuple(PersonRow(**person) for person in facts.get("contacts", ())),
        "course_types": tuple(dict.fromkeys(str(code) for code in course_types if code)),
        "courses": len(course_types),
    }
    return ProviderRow(**told)


def _order(provider: ProviderRow) -> tuple[bool, str, str, str]:
    """By town, then name; who tells no town comes last."""
    return (not provider.town, folded(provider.town), folded(provider.name), provider.name)


def place_line(place: PlaceRow) -> str:
    """Return a place in one line: "Haus der Silben, Silbenplatz 4, 02763 Zittau"."""
    town = " ".join(filter(None, (place.postcode, place.town)))
    return ", ".join(filter(None, (place.name, place.street, town)))


def person_line(person: PersonRow) -> str:
    """Return somebody to ask in one line, with telephone and mail address."""
    return ", ".join(filter(None, (person.name, person.phone, person.email)))
