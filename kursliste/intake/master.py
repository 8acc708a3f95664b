"""What a list says about providers themselves: their address and the person to ask."""

from collections.abc import Iterable, Sequence
from typing import Final

from kursliste.domain.course import FIELD
from kursliste.intake.findings import UnderstoodProvider
from kursliste.intake.tables import key
from kursliste.models.masterdata import Contact, Provider

LENGTHS: Final = {
    "short_name": 60,
    "street": 120,
    "postcode": 5,
    "town": 80,
    "phone": 60,
    "email": 254,
    "office_hours": 200,
}
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
