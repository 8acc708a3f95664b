"""Which venue and contact a course names: by its words, remembered when new, renewed next month."""

from datetime import date

import pytest
from sqlalchemy import select

from kursliste.domain.course import Wheelchair
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure.database import transaction
from kursliste.models import Contact, JournalEntry, Venue
from kursliste.reporting import actions
from kursliste.reporting.editing import Edit
from tests import builders
from tests.masterdata.scenes import PERSON, PLACE, a_contact, a_venue
from tests.reporting.scenes import AS_BEFORE, confirmation

COURSE = {"course_type": "IK-ALLG", "title": "Deutsch"}


def venues(session):
    found = session.scalars(select(Venue).order_by(Venue.id))
    return [(v.name, v.street, v.postcode, v.town, v.wheelchair) for v in found]


def contacts(session):
    found = session.scalars(select(Contact).order_by(Contact.id))
    return [(c.name, c.phone, c.email, c.is_public) for c in found]


def add(session, scene, report, **facts):
    return actions.add_course(session, report, {**COURSE, **facts}, actor=scene.actor)


def provider_entries(session):
    of_a_provider = select(JournalEntry).where(JournalEntry.provider_id.is_not(None))
    return session.scalars(of_a_provider.order_by(JournalEntry.id)).all()


def commit(session):
    with transaction(session):
        pass  # what the test arranged is written before statements are counted


# ---- told in a course


def test_a_new_place_and_a_new_person_are_remembered(session, scene):
    row = add(session, scene, scene.report(), **PLACE, **PERSON, wheelchair=Wheelchair.YES)

    assert venues(session) == [("Haus der Silben", "Weg 1", "02826", "Görlitz", Wheelchair.YES)]
    assert contacts(session) == [("Büro", "03581 1", "a@example.org", True)]
    assert row.venue_id == session.scalar(select(Venue.id))
    assert row.contact_id == session.scalar(select(Contact.id))
    session.flush()
    entries = provider_entries(session)
    assert [str(entry.event) for entry in entries] == [
        "venue:added",
        "contact:added",
        "course:added",
    ]
    assert {(entry.district_id, entry.provider_id) for entry in entries} == {
        (scene.district.id, scene.provider.id)
    }


def test_half_a_place_and_half_a_person_are_not(session, scene):
    row = add(session, scene, scene.report(), venue_name="Online", contact_name="Büro")

    assert (row.venue_id, row.contact_id, venues(session), contacts(session)) == (
        None,
        None,
        [],
        [],
    )


def test_equal_words_name_what_is_known(session, scene):
    venue = a_venue(session, scene.provider)
    contact = a_contact(session, scene.provider)
    a_contact(session, scene.provider)  # of two alike the older one counts

    row = add(session, scene, scene.report(), **PLACE, **PERSON)

    assert (row.venue_id, row.contact_id) == (venue.id, contact.id)
    assert (len(venues(session)), len(contacts(session))) == (1, 2)


def test_the_lists_of_others_are_not_looked_at(session, scene):
    other = builders.a_provider(session, scene.district, name="Anderes Haus")
    foreign = a_venue(session, other)

    row = add(session, scene, scene.report(), **PLACE)

    assert row.venue_id != foreign.id
    assert len(venues(session)) == 2


def test_a_course_that_contradicts_a_venue_does_not_name_it(session, scene):
    a_venue(session, scene.provider, wheelchair=Wheelchair.YES)

    row = add(session, scene, scene.report(), **PLACE, wheelchair=Wheelchair.NO)

    assert (row.venue_id, len(venues(session))) == (None, 1)


def test_whoever_a_course_names_is_public(session, scene):
    contact = a_contact(session, scene.provider, is_public=False)

    row = add(session, scene, scene.report(), **PERSON)

    assert (row.contact_id, contact.is_public) == (contact.id, True)
    session.flush()
    events = [str(entry.event) for entry in provider_entries(session)]
    assert events == ["contact:changed", "course:added"]


def test_other_words_name_something_else(session, scene):
    row = add(session, scene, scene.report(), **PLACE, **PERSON)
    venue_id, contact_id = row.venue_id, row.contact_id
    session.flush()

    facts = {**row.facts(), "street": "Weg 2", "contact_name": None}
    actions.change_course(session, row, facts, seen_version=row.version, actor=scene.actor)

    assert row.venue_id not in {None, venue_id}
    assert contact_id is not None
    assert row.contact_id is None
    assert [v[1] for v in venues(session)] == ["Weg 1", "Weg 2"]


def test_what_else_changes_leaves_the_names(session, scene):
    row = add(session, scene, scene.report(), **PLACE, **PERSON)
    names = row.venue_id, row.contact_id
    session.flush()

    facts = {**row.facts(), "title": "Anders"}
    actions.change_course(session, row, facts, seen_version=row.version, actor=scene.actor)

    assert (row.venue_id, row.contact_id) == names


def test_words_written_past_the_lists_name_nothing(session, scene):
    row = add(session, scene, scene.report(), **PLACE, **PERSON)

    row.take({"street": "Anderswo 1"})
    assert (row.venue_id, row.contact_id is None) == (None, False)
    row.take({"contact_phone": "0"})
    assert row.contact_id is None


@pytest.mark.parametrize("count", [1, 3])
def test_saving_many_rows_asks_the_lists_once(session, scene, statements, count):
    report = scene.report()
    rows = [scene.row(report) for _ in range(count)]
    edits = {row.id: Edit({**row.facts(), **PLACE}, row.version) for row in rows}
    a_venue(session, scene.provider)
    commit(session)

    with statements() as seen:
        actions.change_monthly(session, report, edits, actor=scene.actor)
    reads = [text for text in seen if "FROM venue" in text or "FROM contact" in text]

    assert len(reads) == 2
    assert {row.venue_id for row in rows} == {session.scalar(select(Venue.id))}


def test_saving_the_months_numbers_does_not_ask_the_lists(session, scene, statements):
    report = scene.report()
    row = scene.row(report, **PLACE)
    commit(session)

    with statements() as seen:
        edits = {row.id: Edit({"seats_free": 3}, row.version)}
        actions.change_monthly(session, report, edits, actor=scene.actor)

    assert [text for text in seen if "venue " in text or "contact " in text] == []


# ---- the next month


def test_the_next_report_says_what_the_lists_say_now(session, scene):
    venue = a_venue(session, scene.provider)
    contact = a_contact(session, scene.provider)
    row = scene.row(scene.november(), **PLACE, **PERSON, venue_id=venue.id, contact_id=contact.id)
    venue.street, venue.wheelchair = "Neuer Weg 9", Wheelchair.PARTLY
    contact.phone = ""
    report = scene.report(ReportStatus.OPEN)

    actions.start_report(session, report, actor=scene.actor)
    session.flush()

    (copy,) = report.courses
    assert copy.facts() == {
        **row.facts(),
        "street": "Neuer Weg 9",
        "wheelchair": Wheelchair.PARTLY,
        "contact_phone": None,
    }
    assert (copy.venue_id, copy.contact_id) == (venue.id, contact.id)
    assert (row.street, confirmation(copy)) == ("Weg 1", AS_BEFORE)


def test_what_a_course_knows_stays_where_the_list_knows_nothing(session, scene):
    venue = a_venue(session, scene.provider)
    scene.row(scene.november(), **PLACE, wheelchair=Wheelchair.YES, venue_id=venue.id)
    report = scene.report(ReportStatus.OPEN)

    actions.start_report(session, report, actor=scene.actor)

    assert [(r.wheelchair, r.venue_id) for r in report.courses] == [(Wheelchair.YES, venue.id)]


def test_who_is_not_public_any_more_is_not_in_the_next_report(session, scene):
    contact = a_contact(session, scene.provider, is_public=False)
    scene.row(scene.november(), **PERSON, contact_id=contact.id)
    report = scene.report(ReportStatus.OPEN)

    actions.start_report(session, report, actor=scene.actor)

    (copy,) = report.courses
    assert [getattr(copy, name) for name in PERSON] == [None, None, None]
    assert copy.contact_id is None


def test_copies_that_name_nothing_are_linked_but_not_remembered(session, scene):
    before = scene.november()
    scene.row(before, **PLACE, **PERSON)
    scene.row(before, **{**PLACE, "town": "Zittau"})
    venue = a_venue(session, scene.provider)
    a_contact(session, scene.provider, is_public=False)
    report = scene.report(ReportStatus.OPEN)

    actions.start_report(session, report, actor=scene.actor)

    assert [(r.venue_id, r.contact_id) for r in report.courses] == [(venue.id, None), (None, None)]
    assert report.courses[0].contact_name == "Büro"
    assert len(venues(session)) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_starting_asks_the_lists_once(session, scene, statements, count):
    before = scene.november()
    for _ in range(count):
        scene.row(before, **PLACE, starts_on=date(2026, 9, 1))
    report = scene.report(ReportStatus.OPEN)
    commit(session)

    with statements() as seen:
        actions.start_report(session, report, actor=scene.actor)

    assert len([t for t in seen if "FROM venue" in t or "FROM contact" in t]) == 2
