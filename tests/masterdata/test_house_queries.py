"""What of a provider's house somebody finds: scope, order, counts, and how many statements."""

import pytest
from sqlalchemy import event

from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor, Grant, Role, Scope
from kursliste.domain.report import ReportStatus
from kursliste.domain.round import RoundAction
from kursliste.infrastructure.database import transaction
from kursliste.masterdata import house_queries as queries
from kursliste.masterdata.house_queries import Reach
from tests import builders
from tests.masterdata.scenes import PERSON, PLACE, a_contact, a_venue
from tests.reporting.scenes import Scene, a_scene


@pytest.fixture
def scene(session) -> Scene:
    return a_scene(session)


def counted(database, session, call):
    """How many statements a call sends, when nothing is loaded yet."""
    with transaction(session):
        pass
    session.expunge_all()
    seen: list[str] = []

    def note(_connection, _cursor, text, *_more):
        seen.append(text)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return len([text for text in seen if text.startswith("SELECT")])


# ---- providers


def test_a_provider_is_there_for_its_people_its_coordinators_and_the_administrator(session, scene):
    administrator = builders.a_user(session, Grant(Role.ADMINISTRATOR))
    for user in (scene.person, scene.coordinator, administrator):
        actor = user.as_actor()
        found = queries.maintained_provider(session, actor, scene.provider.id)
        assert found is scene.provider
        assert queries.maintained_providers(session, actor) == [scene.provider]


def test_a_provider_is_not_there_for_anybody_else(session, scene):
    weimar = builders.a_district(session, "weimar")
    foreign = builders.a_provider(session, weimar, name="Fremd")
    others = [
        builders.a_reporter(session, foreign).as_actor(),
        builders.a_coordinator(session, weimar).as_actor(),
        builders.a_counsellor(session, scene.district).as_actor(),
        Actor.anonymous(),
    ]
    for actor in others:
        with pytest.raises(NotFoundError):
            queries.maintained_provider(session, actor, scene.provider.id)
        assert scene.provider not in queries.maintained_providers(session, actor)


def test_providers_stand_by_name_then_key_and_only_active_ones(session, scene):
    beta = builders.a_provider(session, scene.district, name="Beta")
    alpha = builders.a_provider(session, scene.district, name="Alpha")
    twin = builders.a_provider(session, scene.district, name="Alpha")
    builders.a_provider(session, scene.district, name="Aus", is_active=False)
    found = queries.maintained_providers(session, scene.coordinator.as_actor())
    assert found == [alpha, twin, beta, scene.provider]


def test_the_scope_is_the_district_that_the_actor_coordinates(session, scene):
    weimar = builders.a_district(session, "weimar", name="Aa-Weimar")
    scene.provider.districts.append(weimar)
    session.flush()
    session.refresh(scene.provider, ["districts"])
    key = scene.provider.id
    in_weimar = builders.a_coordinator(session, weimar).as_actor()
    assert queries.scope_of(scene.provider, scene.coordinator.as_actor()) == Scope(
        district_id=scene.district.id, provider_id=key
    )
    assert queries.scope_of(scene.provider, in_weimar) == Scope(
        district_id=weimar.id, provider_id=key
    )
    assert queries.scope_of(scene.provider, scene.actor) == Scope(
        district_id=weimar.id, provider_id=key
    )


# ---- lists


def test_lists_have_an_order_and_hold_what_is_the_houses(session, scene):
    other = builders.a_provider(session, scene.district, name="Anderes Haus")
    a_venue(session, other), a_contact(session, other)
    last = a_venue(session, scene.provider, town="Zittau")
    second = a_venue(session, scene.provider, name="Haus B")
    first = a_venue(session, scene.provider, name="Haus A")
    office = a_contact(session, scene.provider, name="Sekretariat")
    inside = a_contact(session, scene.provider, name="Anna", is_public=False)
    a_contact(session, scene.provider, name="", phone="", email="", is_public=False)

    assert queries.venues_of(session, scene.provider) == [first, second, last]
    assert queries.contacts_of(session, scene.provider) == [inside, office]
    lists = queries.lists_of(session, scene.provider)
    assert (lists.venues, lists.contacts) == ([first, second, last], [office])


def test_a_thing_of_another_house_is_not_there(session, scene):
    other = builders.a_provider(session, scene.district, name="Anderes Haus")
    removed = a_contact(session, scene.provider, name="", phone="", email="", is_public=False)
    for find, thing in (
        (queries.venue_of, a_venue(session, other)),
        (queries.contact_of, a_contact(session, other)),
        (queries.contact_of, removed),
        (queries.member_of, builders.a_reporter(session, other)),
        (queries.member_of, builders.a_reporter(session, scene.provider, is_active=False)),
        (queries.member_of, scene.coordinator),
    ):
        with pytest.raises(NotFoundError):
            find(session, scene.provider, thing.id)


def test_things_of_the_house_are_found(session, scene):
    venue, contact = a_venue(session, scene.provider), a_contact(session, scene.provider)
    assert queries.venue_of(session, scene.provider, venue.id) is venue
    assert queries.contact_of(session, scene.provider, contact.id) is contact
    assert queries.member_of(session, scene.provider, scene.person.id) is scene.person


def test_members_are_the_active_ones_by_name(session, scene):
    anna = builders.a_reporter(session, scene.provider, name="Anna")
    builders.a_reporter(session, scene.provider, name="Weg", is_active=False)
    lonely = builders.a_provider(session, scene.district, name="Niemand da")
    assert queries.members_of(session, scene.provider) == [anna, scene.person]
    assert queries.member_counts(session, [scene.provider, lonely]) == {scene.provider.id: 2}


# ---- what names what


def test_courses_are_counted_once_while_rounds_run(session, scene):
    venue, contact = a_venue(session, scene.provider), a_contact(session, scene.provider)
    links = {"venue_id": venue.id, "contact_id": contact.id}
    row = scene.row(scene.november(), **links)
    scene.row(scene.report(), course_id=row.course_id, **links)
    scene.row(row.report)
    assert queries.courses_by_venue(session, scene.provider) == {venue.id: 1}
    assert queries.courses_by_contact(session, scene.provider) == {contact.id: 1}
    row.report.round.move(RoundAction.CLOSE)
    scene.opened.move(RoundAction.CLOSE)
    assert queries.courses_by_venue(session, scene.provider) == {}


def test_a_change_reaches_what_may_be_changed_and_counts_what_was_sent(session, scene):
    venue, contact = a_venue(session, scene.provider), a_contact(session, scene.provider)
    sent = scene.row(scene.november(), **PLACE, venue_id=venue.id)
    scene.row(sent.report, **PERSON, contact_id=contact.id)
    scene.row(sent.report, **PLACE)
    draft = scene.row(scene.report(ReportStatus.ASKED), **PLACE, **PERSON)
    other = builders.a_provider(session, scene.district, name="Anderes Haus")
    scene.row(builders.a_report(session, scene.opened, other), **PLACE)
    here, at_venue = scene.provider.id, queries.repeats_venue(venue)

    assert queries.reach_of(session, here, at_venue) == Reach(courses=1, sent=1)
    assert queries.reach_of(session, here, queries.repeats_contact(contact)) == Reach(1, 1)
    assert queries.editable_rows(session, here, at_venue) == [draft]

    sent.report.round.move(RoundAction.CLOSE)
    scene.opened.move(RoundAction.CLOSE)
    assert queries.reach_of(session, here, at_venue) == Reach(courses=1, sent=0)


def test_the_list_of_providers_asks_a_fixed_number_of_statements(database, session, scene):
    actor = scene.coordinator.as_actor()

    def look():
        found = queries.maintained_providers(session, actor)
        queries.member_counts(session, found)
        assert all(provider.districts for provider in found)

    one = counted(database, session, look)
    district = session.merge(scene.district)
    for name in ("B", "C"):
        builders.a_reporter(session, builders.a_provider(session, district, name=name))
    assert (one, counted(database, session, look)) == (3, 3)


def test_a_change_asks_a_fixed_number_of_statements(database, session, scene):
    venue = a_venue(session, scene.provider)
    report = scene.report()
    scene.row(report, **PLACE, venue_id=venue.id)
    here, at_venue = scene.provider.id, queries.repeats_venue(venue)

    def look():
        rows = queries.editable_rows(session, here, at_venue)
        assert {row.report.district_id for row in rows} == {report.district_id}

    one = counted(database, session, look)
    report = session.merge(report)
    for _ in range(2):
        scene.row(report, **PLACE)
    assert (one, counted(database, session, look)) == (3, 3)
