"""Which providers probably stand twice."""

import pytest

from kursliste.domain.same_house import House, Likely, Likeness, likely_pairs, likeness


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("VHS Görlitz", "Volkshochschule Goerlitz"),
        ("Lernhof e. V.", "Lernhof"),
        ("Lernhof e.V.", "LERNHOF gGmbH"),
        ("Bildungs-Werk", "Bildungs Werk"),
        ("BW Neißetal (Zittau)", "Bildungswerk Neißetal"),
        ("Café Élan", "cafe elan"),
    ],
)
def test_one_name_in_two_spellings(one, other):
    assert likeness(House(1, one), House(2, other)) is Likeness.NAME


@pytest.mark.parametrize(
    ("one", "other"),
    [("VHS Görlitz", "VHS Zittau"), ("Lernhof", "Lernhof Süd"), ("e. V.", "gGmbH"), ("", "")],
)
def test_other_names_are_other_houses(one, other):
    assert likeness(House(1, one), House(2, other)) is None


def a_house(key, name, town="Görlitz", *mails):
    return House(key, name, town, mails)


def test_one_town_and_one_house_of_mail():
    one = a_house(1, "Sprachschule", "Görlitz", "", "kurse@lernhof.example")
    assert likeness(one, a_house(2, "Lernhof", "GOERLITZ", "b@LERNHOF.example")) is (
        Likeness.MAIL_AND_TOWN
    )
    assert likeness(one, a_house(2, "Lernhof", "Zittau", "b@lernhof.example")) is None
    assert likeness(one, a_house(2, "Lernhof", "Görlitz", "b@haus.example", "kein")) is None
    nowhere = a_house(1, "Sprachschule", " ", "b@lernhof.example")
    assert likeness(nowhere, a_house(2, "Lernhof", " ", "b@lernhof.example")) is None


def test_a_mailbox_that_anybody_has_is_no_sign():
    one = a_house(1, "Sprachschule", "Görlitz", "a@gmx.de")
    assert likeness(one, a_house(2, "Lernhof", "Görlitz", "b@gmx.de")) is None


def test_pairs_come_once_and_those_known_as_two_not_at_all():
    houses = [a_house(3, "Lernhof"), a_house(1, "Lernhof e. V."), a_house(2, "Lernhof gGmbH")]
    assert likely_pairs(houses, []) == [
        Likely(1, 2, Likeness.NAME),
        Likely(1, 3, Likeness.NAME),
        Likely(2, 3, Likeness.NAME),
    ]
    assert likely_pairs(houses, [(1, 2), (2, 3)]) == [Likely(1, 3, Likeness.NAME)]
