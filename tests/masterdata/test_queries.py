"""Finding master data: whose, in which order, and what is not there."""

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.masterdata import queries
from tests.builders import (
    DECEMBER,
    a_coordinator,
    a_counsellor,
    a_district,
    a_list,
    a_provider,
    a_reporter,
    a_round,
    a_user,
)


def test_a_district_is_found_by_its_slug(session):
    district = a_district(session)
    assert queries.district_by_slug(session, "goerlitz") is district
    with pytest.raises(NotFoundError):
        queries.district_by_slug(session, "weimar")


def test_a_district_is_there_for_its_coordinator_and_the_administrator(session):
    district = a_district(session)
    administrator = a_user(session, Grant(Role.ADMINISTRATOR))
    for user in (a_coordinator(session, district), administrator):
        found = queries.coordinated_district(session, user.as_actor(), "goerlitz")
        assert found is district


def test_a_district_is_not_there_for_anybody_else(session):
    district = a_district(session)
    provider = a_provider(session, district)
    others = [
        a_coordinator(session, a_district(session, "weimar")).as_actor(),
        a_counsellor(session, district).as_actor(),
        a_reporter(session, provider).as_actor(),
        Actor.anonymous(),
    ]
    for actor in others:
        with pytest.raises(NotFoundError):
            queries.coordinated_district(session, actor, "goerlitz")


def test_a_list_is_found_by_slug_or_is_the_first(session):
    district = a_district(session)
    with pytest.raises(NotFoundError):
        queries.list_of(session, district)
    first, second = a_list(session, district), a_list(session, district, slug="zweite")
    assert queries.list_of(session, district) is first
    assert queries.list_of(session, district, "zweite") is second
    other = a_list(session, a_district(session, "weimar"), slug="fremd")
    with pytest.raises(NotFoundError):
        queries.list_of(session, district, other.slug)


def test_rounds_are_found_by_list_and_month_newest_first(session):
    district = a_district(session)
    course_list, other = a_list(session, district), a_list(session, district, slug="zweite")
    old = a_round(session, course_list, Month(2025, 12))
    new = a_round(session, course_list, DECEMBER)
    a_round(session, other, Month(2027, 1))
    assert queries.rounds_of(session, course_list) == [new, old]
    assert queries.round_of(session, course_list, DECEMBER) is new
    assert queries.round_or_none(session, course_list, Month(2027, 1)) is None
    with pytest.raises(NotFoundError):
        queries.round_of(session, course_list, Month(2027, 1))


def test_active_providers_stand_by_name_then_key(session):
    district = a_district(session)
    beta = a_provider(session, district, name="Beta")
    alpha = a_provider(session, district, name="Alpha")
    twin = a_provider(session, district, name="Alpha")
    a_provider(session, district, name="Aus", is_active=False)
    a_provider(session, a_district(session, "weimar"), name="Woanders")
    assert queries.active_providers(session, district) == [alpha, twin, beta]


def test_a_person_is_found_by_address(session):
    user = a_user(session, email="alex@example.org")
    assert queries.user_by_email(session, "alex@example.org") is user
    assert queries.user_by_email(session, "nobody@example.org") is None


def test_aliases_stand_by_kind_and_word(session):
    found = [(alias.kind, alias.alias) for alias in queries.aliases(session)]
    assert len(found) > 100
    assert {kind for kind, _ in found} == {"course_type", "header", "status"}
    assert len(set(found)) == len(found)
    assert [kind for kind, _ in found] == sorted(kind for kind, _ in found)
