"""What a list says about providers themselves: their address, their venues, their contacts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy.orm import Session

from kursliste.domain.course import FIELD, Wheelchair
from kursliste.intake.findings import UnderstoodProvider
from kursliste.intake.tables import key
from kursliste.models.masterdata import Contact, Provider, Venue

LENGTHS: Final = {
    "short_name": 60,
    "street": 120,
    "postcode": 5,
    "town": 80,
    "phone": 60,
    "email": 254,
    "office_hours": 200,
}
PLACE: Final = ("venue_name", "street", "postcode", "town")
PERSON: Final = ("contact_name", "contact_phone", "contact_email")


def new_provider(name: str, described: Sequence[UnderstoodProvider]) -> Provider:
    """Return a provider of this name with what the list tells about it.

    What does not fit is left out and not cut. A person's telephone and address become a contact,
    which is not public; without a person they are those of the house.
    """
    told = next((one for one in described if key(one.name) == key(name)), None)
    if told is None:
        return Provider(name=name)
    facts = {
        "short_name": told.short,
        "street": told.street,
        "postcode": told.postcode,
        "town": told.town,
        "office_hours": told.office_hours,
    }
    if not told.contact_name:
        facts |= {"phone": told.contact_phone, "email": told.contact_email}
    fitting = {name: text for name, text in facts.items() if len(text) <= LENGTHS[name]}
    provider = Provider(name=name, **fitting)
    person = (told.contact_name, told.contact_phone, told.contact_email)
    if told.contact_name and fits(person, PERSON):
        provider.contacts.append(
            Contact(name=person[0], phone=person[1], email=person[2], is_public=False)
        )
    return provider


def fits(texts: Iterable[str], attributes: Iterable[str]) -> bool:
    """Return whether each text has room in its column."""
    pairs = zip(texts, attributes, strict=True)
    return all(len(text) <= FIELD[attribute].length for text, attribute in pairs)


def add_places(session: Session, provider: Provider, rows: Iterable[Mapping[str, object]]) -> None:
    """Add the venues and contacts that rows name and the provider does not have yet."""
    # One statement each: a provider met here for the first time may have hundreds of rows.
    session.refresh(provider, ["venues", "contacts"])
    places: set[tuple[str, ...]] = {
        (venue.name, venue.street, venue.postcode, venue.town) for venue in provider.venues
    }
    people: set[tuple[str, ...]] = {
        (contact.name, contact.phone, contact.email) for contact in provider.contacts
    }
    for values in rows:
        place = texts_of(values, PLACE)
        if any(place) and place not in places:
            places.add(place)
            name, street, postcode, town = place
            provider.venues.append(
                Venue(
                    name=name,
                    street=street,
                    postcode=postcode,
                    town=town,
                    wheelchair=wheelchair(values.get("wheelchair")),
                )
            )
        person = texts_of(values, PERSON)
        if person[0] and person not in people:
            people.add(person)
            provider.contacts.append(
                Contact(name=person[0], phone=person[1], email=person[2], is_public=False)
            )


def texts_of(values: Mapping[str, object], attributes: tuple[str, ...]) -> tuple[str, ...]:
    """Return values as texts; what is not told is empty."""
    return tuple(str(values.get(name) or "") for name in attributes)


def wheelchair(value: object) -> Wheelchair | None:
    """Return the choice that a list or a form wrote."""
    return next((choice for choice in Wheelchair if choice == value), None)
