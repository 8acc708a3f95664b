"""Changing in one place: what follows, what stays, who may, and what is refused."""

import pytest
from sqlalchemy import select

from kursliste.domain.course import Wheelchair
from kursliste.domain.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    Rule,
    RuleViolationError,
)
from kursliste.domain.permissions import Actor
from kursliste.domain.report import EDITABLE, ReportStatus
from kursliste.masterdata import house_actions as actions
from kursliste.masterdata.house_queries import Reach
from kursliste.models import Contact, Venue
from kursliste.reporting.actions import start_report
from tests import builders
from tests.masterdata.scenes import (
    CONTACT,
    PERSON,
    PLACE,
    VENUE,
    a_contact,
    a_venue,
    entries,
    person_of,
    place_of,
)
from tests.reporting.scenes import AS_BEFORE, Scene, a_scene, confirmation

NEW_PLACE = ("Haus der Silben", "Neuer Weg 9", "02826", "Görlitz")
OLD_PLACE = tuple(PLACE.values())
OLD_PERSON = tuple(PERSON.values())
NOBODY = (None, None, None)
SENT = (ReportStatus.SUBMITTED, ReportStatus.APPROVED)


@pytest.fixture
def scene(session) -> Scene:
    return a_scene(session)


def change_venue(session, venue, actor, version=None, **facts):
    seen = venue.version if version is None else version
    return actions.change_venue(session, venue, facts, seen_version=seen, actor=actor)


def change_contact(session, contact, actor, version=None, **facts):
    seen = contact.version if version is None else version
    return actions.change_contact(session, contact, facts, seen_version=seen, actor=actor)


def change_provider(session, provider, actor, version=None, **facts):
    seen = provider.version if version is None else version
    return actions.change_provider(session, provider, facts, seen_version=seen, actor=actor)


def refused(rule, field, call, *arguments, **more):
    with pytest.raises(RuleViolationError) as caught:
        call(*arguments, **more)
    assert (caught.value.rule, caught.value.field) == (rule, field)


# ---- who may


def test_others_may_do_nothing(session, scene):
    venue, contact = a_venue(session, scene.provider), a_contact(session, scene.provider)
    weimar = builders.a_district(session, "weimar")
    foreign = builders.a_provider(session, weimar, name="Fremd")
    for user in (
        builders.a_reporter(session, foreign),
        builders.a_coordinator(session, weimar),
        builders.a_counsellor(session, scene.district),
    ):
        actor = user.as_actor()
        for act in (
            lambda a=actor: change_provider(session, scene.provider, a, town="X"),
            lambda a=actor: actions.add_venue(session, scene.provider, VENUE, actor=a),
            lambda a=actor: change_venue(session, venue, a, town="X"),
            lambda a=actor: actions.remove_venue(session, venue, actor=a),
            lambda a=actor: actions.add_contact(session, scene.provider, CONTACT, actor=a),
            lambda a=actor: change_contact(session, contact, a, phone="0"),
            lambda a=actor: actions.remove_contact(session, contact, actor=a),
        ):
            with pytest.raises(NotPermittedError):
                act()


def test_the_coordinator_of_any_of_its_districts_may(session, scene):
    weimar = builders.a_district(session, "weimar")
    scene.provider.districts.append(weimar)
    for district in (scene.district, weimar):
        actor = builders.a_coordinator(session, district).as_actor()
        change_provider(session, scene.provider, actor, town=district.name)
        assert scene.provider.town == district.name


# ---- the provider


def test_particulars_are_changed_with_an_internal_entry(session, scene):
    moved = change_provider(
        session, scene.provider, scene.actor, town="Görlitz", languages=("Deutsch",), street=""
    )

    assert moved == {"town": ("", "Görlitz"), "languages": (None, ("Deutsch",))}
    assert (scene.provider.town, scene.provider.languages) == ("Görlitz", ("Deutsch",))
    assert entries(session) == [
        (
            "provider:changed",
            "provider",
            {"town": ["", "Görlitz"], "languages": [None, ["Deutsch"]]},
            {},
        )
    ]


def test_saving_unchanged_particulars_moves_nothing(session, scene):
    assert change_provider(session, scene.provider, scene.actor, version=0, town="") == {}
    assert entries(session) == []


def test_only_a_coordinator_renames(session, scene):
    with pytest.raises(NotPermittedError):
        change_provider(session, scene.provider, scene.actor, name="Neu", short_name="N")
    actor = scene.coordinator.as_actor()
    change_provider(session, scene.provider, actor, name="Neu", short_name="N")
    assert (scene.provider.name, scene.provider.short_name) == ("Neu", "N")


def test_a_name_is_needed_and_not_taken(session, scene):
    builders.a_provider(session, scene.district, name="Vergeben")
    builders.a_provider(session, builders.a_district(session, "weimar"), name="Anderswo")
    actor = scene.coordinator.as_actor()
    for name, rule in (("", Rule.VALUE_MISSING), ("Vergeben", Rule.NAME_TAKEN)):
        refused(rule, "name", change_provider, session, scene.provider, actor, name=name)
    change_provider(session, scene.provider, actor, name="Anderswo")
    assert scene.provider.name == "Anderswo"


def test_two_who_change_a_provider_see_both_versions(session, scene):
    change_provider(session, scene.provider, scene.actor, town="Görlitz")
    session.flush()

    with pytest.raises(ConflictError) as caught:
        change_provider(session, scene.provider, scene.actor, version=1, town="Zittau", phone="")
    assert caught.value.differences == (("Ort", "Zittau", "Görlitz"),)


# ---- venues


def test_a_venue_is_added_with_its_entry(session, scene):
    facts = {**VENUE, "wheelchair": Wheelchair.YES}
    venue = actions.add_venue(session, scene.provider, facts, actor=scene.actor)

    assert scene.provider.venues == [venue]
    assert (venue.name, venue.wheelchair) == ("Haus der Silben", Wheelchair.YES)
    assert entries(session) == [("venue:added", "venue", {}, {})]


@pytest.mark.parametrize(
    ("facts", "rule", "field"),
    [
        ({**VENUE, "town": ""}, Rule.VENUE_EMPTY, "town"),
        ({**VENUE, "name": "", "street": ""}, Rule.VENUE_EMPTY, "name"),
        (VENUE, Rule.VENUE_KNOWN, "name"),
    ],
)
def test_a_venue_that_nobody_finds_or_that_is_there_is_refused(session, scene, facts, rule, field):
    a_venue(session, scene.provider)
    other = a_venue(session, scene.provider, name="Anders")
    add = (session, scene.provider, facts)
    refused(rule, field, actions.add_venue, *add, actor=scene.actor)
    refused(rule, field, change_venue, session, other, scene.actor, **facts)
    assert len(session.scalars(select(Venue)).all()) == 2


@pytest.mark.parametrize("status", EDITABLE)
def test_a_changed_venue_changes_the_courses_that_name_it(session, scene, status):
    venue = a_venue(session, scene.provider)
    report = scene.report(status)
    named = scene.row(report, **PLACE, venue_id=venue.id)
    told = scene.row(report, **PLACE)
    other = scene.row(report, **{**PLACE, "town": "Zittau"})

    reach = change_venue(session, venue, scene.actor, street="Neuer Weg 9")

    assert reach == Reach(courses=2, sent=0)
    assert [place_of(row) for row in (named, told)] == [NEW_PLACE] * 2
    assert [row.venue_id for row in (named, told, other)] == [venue.id, venue.id, None]
    assert place_of(other) == (*OLD_PLACE[:3], "Zittau")
    assert confirmation(named) == AS_BEFORE
    assert entries(session) == [
        ("venue:changed", "venue", {"street": ["Weg 1", "Neuer Weg 9"]}, {}),
        (
            "course:changed",
            "report",
            {"street": ["Weg 1", "Neuer Weg 9"]},
            {"courses": 2, "keys": [named.course_id, told.course_id]},
        ),
    ]


@pytest.mark.parametrize("status", SENT)
def test_what_was_sent_stays_and_is_counted(session, scene, status):
    venue = a_venue(session, scene.provider)
    rows = [scene.row(scene.report(status), **PLACE, venue_id=venue.id)]
    rows.append(scene.row(rows[0].report, **PLACE, venue_id=venue.id))

    assert change_venue(session, venue, scene.actor, street="Neuer Weg 9") == Reach(0, 1)
    assert [place_of(row) for row in rows] == [OLD_PLACE] * 2
    assert [event for event, *_ in entries(session)] == ["venue:changed"]


def test_the_venue_of_another_house_changes_nothing_here(session, scene):
    other = builders.a_provider(session, scene.district, name="Anderes Haus")
    row = scene.row(scene.report(), **PLACE)

    change_venue(session, a_venue(session, other), scene.coordinator.as_actor(), street="Neu")

    assert place_of(row) == OLD_PLACE


def test_saving_an_unchanged_venue_moves_nothing(session, scene):
    venue = a_venue(session, scene.provider)
    scene.row(scene.report(), **PLACE, venue_id=venue.id)

    assert change_venue(session, venue, scene.actor, version=0, **VENUE) == Reach(0, 0)
    assert entries(session) == []


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        (None, Wheelchair.YES, True),
        (Wheelchair.NO, Wheelchair.YES, True),
        (Wheelchair.PARTLY, Wheelchair.PARTLY, False),
    ],
)
def test_a_course_that_said_something_else_says_it_on(session, scene, before, after, named):
    venue = a_venue(session, scene.provider, wheelchair=Wheelchair.NO)
    row = scene.row(scene.report(), **PLACE, wheelchair=before, venue_id=venue.id)

    change_venue(session, venue, scene.actor, wheelchair=Wheelchair.YES)

    assert row.wheelchair is after
    assert row.venue_id == (venue.id if named else None)


def test_what_a_venue_does_not_say_any_more_is_unknown(session, scene):
    venue = a_venue(session, scene.provider)
    row = scene.row(scene.report(), **PLACE, venue_id=venue.id)

    change_venue(session, venue, scene.actor, street="")

    assert place_of(row) == ("Haus der Silben", None, "02826", "Görlitz")


def test_two_who_change_a_venue_see_both_versions(session, scene):
    venue = a_venue(session, scene.provider)
    change_venue(session, venue, scene.actor, street="Weg 2")
    session.flush()

    with pytest.raises(ConflictError) as caught:
        change_venue(session, venue, scene.actor, version=1, **{**VENUE, "street": "Weg 3"})
    assert caught.value.differences == (("Straße", "Weg 3", "Weg 2"),)


def test_a_venue_that_was_removed_meanwhile_is_not_there(session, scene, database):
    venue = a_venue(session, scene.provider)
    actions.remove_venue(session, venue, actor=scene.actor)
    session.flush()
    with pytest.raises(NotFoundError):
        change_venue(session, venue, scene.actor, street="Weg 3")


def test_courses_keep_the_words_of_a_removed_venue(session, scene):
    venue = a_venue(session, scene.provider)
    row = scene.row(scene.report(), **PLACE, venue_id=venue.id)

    actions.remove_venue(session, venue, actor=scene.actor)
    session.flush()
    session.refresh(row)

    assert (row.venue_id, place_of(row)) == (None, OLD_PLACE)
    assert session.scalars(select(Venue)).all() == []
    assert entries(session) == [("venue:removed", "venue", {}, {})]


# ---- contacts


def test_a_contact_is_added_without_its_words_in_the_journal(session, scene):
    contact = actions.add_contact(session, scene.provider, CONTACT, actor=scene.actor)

    assert scene.provider.contacts == [contact]
    assert entries(session) == [("contact:added", "contact", {}, {})]


def test_a_contact_has_a_name(session, scene):
    contact = a_contact(session, scene.provider)
    nameless = {**CONTACT, "name": ""}
    add = (session, scene.provider, nameless)
    refused(Rule.VALUE_MISSING, "name", actions.add_contact, *add, actor=scene.actor)
    refused(Rule.VALUE_MISSING, "name", change_contact, session, contact, scene.actor, name="")


@pytest.mark.parametrize("status", EDITABLE)
def test_a_changed_contact_changes_the_courses_that_name_it(session, scene, status):
    contact = a_contact(session, scene.provider)
    report = scene.report(status)
    named, told = scene.row(report, **PERSON, contact_id=contact.id), scene.row(report, **PERSON)
    other = scene.row(report, contact_name="Büro")

    reach = change_contact(session, contact, scene.actor, phone="03581 2", email="")

    assert reach == Reach(courses=2, sent=0)
    assert [person_of(row) for row in (named, told)] == [("Büro", "03581 2", None)] * 2
    assert [row.contact_id for row in (named, told, other)] == [contact.id, contact.id, None]
    assert confirmation(named) == AS_BEFORE
    assert entries(session) == [
        ("contact:changed", "contact", {}, {"fields": ["email", "phone"]}),
        (
            "course:changed",
            "report",
            {},
            {
                "courses": 2,
                "keys": [named.course_id, told.course_id],
                "fields": ["contact_email", "contact_name", "contact_phone"],
            },
        ),
    ]


def test_a_contact_that_is_not_public_any_more_leaves_the_courses(session, scene):
    contact = a_contact(session, scene.provider)
    row = scene.row(scene.report(), **PERSON, contact_id=contact.id)

    assert change_contact(session, contact, scene.actor, is_public=False) == Reach(1, 0)
    assert (person_of(row), row.contact_id) == (NOBODY, None)


def test_saving_an_unchanged_contact_moves_nothing(session, scene):
    contact = a_contact(session, scene.provider)
    assert change_contact(session, contact, scene.actor, version=0, **CONTACT) == Reach(0, 0)
    assert entries(session) == []


def test_a_removed_contact_leaves_the_courses_and_the_database(session, scene):
    contact = a_contact(session, scene.provider)
    report = scene.report()
    rows = [scene.row(report, **PERSON, contact_id=contact.id), scene.row(report, **PERSON)]

    assert actions.remove_contact(session, contact, actor=scene.actor) == Reach(2, 0)
    session.flush()

    assert [(person_of(row), row.contact_id) for row in rows] == [(NOBODY, None)] * 2
    assert confirmation(rows[0]) == AS_BEFORE
    assert session.scalars(select(Contact)).all() == []
    assert [(event, table) for event, table, *_ in entries(session)] == [
        ("contact:removed", "contact"),
        ("course:changed", "report"),
    ]


@pytest.mark.parametrize("is_linked", [True, False])
def test_a_removed_contact_does_not_come_back_with_the_next_report(session, scene, is_linked):
    contact = a_contact(session, scene.provider)
    sent = scene.row(scene.november(), **PERSON, contact_id=contact.id if is_linked else None)

    assert actions.remove_contact(session, contact, actor=scene.actor) == Reach(0, 1)
    session.flush()
    report = scene.report(ReportStatus.OPEN)
    start_report(session, report, actor=scene.actor)

    assert person_of(sent) == OLD_PERSON
    assert [person_of(row) for row in report.courses] == [NOBODY]
    left = session.scalars(select(Contact)).one()
    assert (left.name, left.phone, left.email, left.is_public) == ("", "", "", False)


def test_another_contact_takes_the_place_of_a_removed_one(session, scene):
    contact = a_contact(session, scene.provider)
    heir = a_contact(session, scene.provider, name="Sekretariat", email="")
    sent = scene.row(scene.november(), **PERSON, contact_id=contact.id, title="A")
    row = scene.row(scene.report(), **PERSON, contact_id=contact.id)

    reach = actions.remove_contact(session, contact, replacement=heir, actor=scene.actor)
    session.flush()

    assert reach == Reach(1, 1)
    assert (person_of(row), row.contact_id) == (("Sekretariat", "03581 1", None), heir.id)
    assert (person_of(sent), sent.contact_id) == (OLD_PERSON, heir.id)
    assert session.scalars(select(Contact)).all() == [heir]


def test_only_another_public_contact_of_the_house_takes_the_place(session, scene):
    contact = a_contact(session, scene.provider)
    other = builders.a_provider(session, scene.district, name="Anderes Haus")
    for heir in (
        contact,
        a_contact(session, scene.provider, is_public=False),
        a_contact(session, other),
    ):
        with pytest.raises(RuleViolationError) as caught:
            actions.remove_contact(session, contact, replacement=heir, actor=scene.actor)
        assert (caught.value.rule, caught.value.field) == (Rule.VALUE_UNKNOWN, "replacement")


def test_the_system_may(session, scene):
    venue = actions.add_venue(session, scene.provider, VENUE, actor=Actor.system())
    assert venue.provider_id == scene.provider.id


def test_a_provider_without_a_district_is_its_staffs(session, scene):
    alone = builders.a_provider(session, name="Ohne Kreis")
    actor = builders.a_reporter(session, alone).as_actor()
    assert change_provider(session, alone, actor, town="Görlitz") == {"town": ("", "Görlitz")}
