"""Changing the rules of a district: who may, what is written, and two people at once."""

import pytest

from kursliste.domain.errors import ConflictError, NotPermittedError
from kursliste.domain.plausibility import Notice
from kursliste.domain.triviality import DEFAULT_TRIVIAL
from kursliste.review.rules import (
    NOT_STORED,
    SHIPPED,
    EffectiveRules,
    rules_of,
    stored_rules,
    version_of,
)
from kursliste.review.rules_actions import change_review_rules
from tests.builders import a_coordinator, a_counsellor, a_district, a_provider, a_reporter
from tests.review.scene import a_scene, journal_of

WITHOUT_LINK = EffectiveRules(trivial=frozenset({"starts_on", "link"}))
WITHOUT_TIMES = EffectiveRules(ignored=frozenset({Notice.TIMES_MISSING}))


@pytest.fixture
def scene(session):
    return a_scene(session)


def change(session, scene, rules, seen=NOT_STORED, actor=None):
    who = actor or scene.actor
    return change_review_rules(session, scene.district, rules, seen_version=seen, actor=who)


def version(session, scene):
    return version_of(stored_rules(session, scene.district.id))


def test_the_first_change_is_kept_and_told(session, scene):
    assert change(session, scene, WITHOUT_TIMES) is True

    assert rules_of(session, scene.district.id) == WITHOUT_TIMES
    stored = stored_rules(session, scene.district.id)
    assert stored is not None
    assert journal_of(session) == [
        (
            "review_rules:changed",
            "review_rules",
            str(stored.id),
            {"ignored_notices": [[], ["times_missing"]]},
        )
    ]


def test_fields_are_kept_in_the_order_of_the_list(session, scene):
    change(session, scene, WITHOUT_LINK)

    stored = stored_rules(session, scene.district.id)
    assert stored is not None
    assert (stored.trivial_fields, stored.ignored_notices) == (("starts_on", "link"), None)


def test_a_change_moves_the_version(session, scene):
    change(session, scene, WITHOUT_TIMES)
    first = version(session, scene)

    assert change(session, scene, WITHOUT_LINK, seen=first) is True
    assert (first, version(session, scene)) == (1, 2)
    assert rules_of(session, scene.district.id) == WITHOUT_LINK


@pytest.mark.parametrize("seen", [NOT_STORED, 7])
def test_what_holds_already_is_no_change(session, scene, seen):
    assert change(session, scene, SHIPPED, seen=seen) is False
    assert journal_of(session) == []
    assert stored_rules(session, scene.district.id) is None


def test_a_district_may_go_back_to_the_shipped_rules(session, scene):
    change(session, scene, WITHOUT_LINK)

    assert change(session, scene, SHIPPED, seen=1) is True
    assert rules_of(session, scene.district.id) == EffectiveRules(trivial=DEFAULT_TRIVIAL)


def test_two_people_at_once_see_what_differs(session, scene):
    change(session, scene, WITHOUT_TIMES)
    mine = EffectiveRules(
        trivial=DEFAULT_TRIVIAL - {"status"} | {"link"}, ignored=frozenset({Notice.SEATS_JUMP})
    )

    with pytest.raises(ConflictError) as conflict:
        change(session, scene, mine)

    assert list(conflict.value.differences) == [
        ("Feld „Status“", "wird geprüft", "ohne Einzelprüfung"),
        ("Feld „Link“", "ohne Einzelprüfung", "wird geprüft"),
        ("Hinweis „Unterrichtszeiten fehlen“", "wird gezeigt", "wird nicht gezeigt"),
        ("Hinweis „Zahl der Plätze springt“", "wird nicht gezeigt", "wird gezeigt"),
    ]
    assert rules_of(session, scene.district.id) == WITHOUT_TIMES


def test_only_who_coordinates_the_district_may(session, scene):
    weimar = a_district(session, "weimar")
    for person in (
        a_coordinator(session, weimar),
        a_counsellor(session, scene.district),
        a_reporter(session, a_provider(session, scene.district)),
    ):
        with pytest.raises(NotPermittedError):
            change(session, scene, WITHOUT_LINK, actor=person.as_actor())
    assert stored_rules(session, scene.district.id) is None
