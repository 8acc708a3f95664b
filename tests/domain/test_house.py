"""What makes a place and a person, and when two statements can both be true."""

import pytest
from sqlalchemy import String

from kursliste.domain.course import FIELD, Wheelchair
from kursliste.domain.house import (
    PERSON_FACTS,
    PLACE_FACTS,
    agrees,
    is_person,
    is_place,
    person_words,
    place_words,
)
from kursliste.models import Contact, Venue


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"venue_name": "Haus", "town": "Görlitz"}, True),
        ({"street": "Weg 1", "town": "Görlitz"}, True),
        ({"town": "Görlitz", "postcode": "02826"}, False),
        ({"venue_name": "Haus", "street": "Weg 1"}, False),
        ({}, False),
    ],
)
def test_a_place_has_a_town_and_something_to_find_it_by(facts, expected):
    assert is_place(place_words(facts)) is expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"contact_name": "Büro", "contact_phone": "1"}, True),
        ({"contact_name": "Büro", "contact_email": "a@example.org"}, True),
        ({"contact_name": "Büro"}, False),
        ({"contact_phone": "1"}, False),
    ],
)
def test_a_person_has_a_name_and_something_to_reach_it_by(facts, expected):
    assert is_person(person_words(facts)) is expected


def test_the_words_are_fields_of_a_course_and_fit_into_the_lists():
    for facts, table in ((PLACE_FACTS, Venue), (PERSON_FACTS, Contact)):
        for fact, name in facts.items():
            if fact != "wheelchair":
                column = table.__table__.columns[name].type
                assert isinstance(column, String)
                assert FIELD[fact].length == column.length


def test_unknown_contradicts_nothing():
    assert agrees(None, Wheelchair.YES)
    assert agrees(Wheelchair.YES, None)
    assert agrees(Wheelchair.YES, Wheelchair.YES)
    assert not agrees(Wheelchair.NO, Wheelchair.YES)
