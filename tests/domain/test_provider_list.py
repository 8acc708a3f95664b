"""The provider list: what is counted, what old editions lack, and the order."""

from dataclasses import asdict

from kursliste.domain.licence import TERMS, Licence, licence_of
from kursliste.domain.provider_list import (
    PersonRow,
    PlaceRow,
    ProviderRow,
    counted_providers,
    person_line,
    place_line,
)

HOUSE = ProviderRow(
    name="VHS",
    town="Zittau",
    approvals=("Integrationskurse",),
    venues=(PlaceRow(name="Haus A", street="Weg 1", postcode="02763", town="Zittau"),),
    contacts=(PersonRow(name="Anmeldung", phone="03583 1"),),
)


def test_what_was_stored_comes_back_with_the_courses_that_a_reader_sees():
    stored = [asdict(HOUSE) | {"courses": 99, "course_types": ["ALT"]}, {"name": "Verein"}]
    seen = [("VHS", "IK-ALLG"), ("VHS", "BSK-B2"), ("VHS", "IK-ALLG"), ("fremd", "EOK")]
    house, club = counted_providers(stored, seen)
    assert house == ProviderRow(
        **{**vars(HOUSE), "courses": 3, "course_types": ("IK-ALLG", "BSK-B2")}
    )
    assert (club.venues, club.contacts, club.approvals, club.courses) == ((), (), (), 0)


def test_the_order_is_town_then_name_as_german_readers_sort():
    told = [("B", ""), ("Ärzte", "Zittau"), ("Zebra", "Görlitz"), ("a", "Zittau"), ("A", "Zittau")]
    found = counted_providers([{"name": name, "town": town} for name, town in told], [])
    assert [row.name for row in found] == ["Zebra", "A", "a", "Ärzte", "B"]


def test_places_and_people_in_one_line():
    assert place_line(HOUSE.venues[0]) == "Haus A, Weg 1, 02763 Zittau"
    assert place_line(PlaceRow(town="Löbau")) == "Löbau"
    assert person_line(HOUSE.contacts[0]) == "Anmeldung, 03583 1"


def test_a_licence_is_known_by_its_code_and_has_its_terms_somewhere():
    assert licence_of("CC0-1.0") is Licence.CC_ZERO
    assert licence_of("frei nach Absprache") is Licence.NONE
    assert set(TERMS) == set(Licence) - {Licence.NONE}
