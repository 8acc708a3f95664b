"""Choosing a place and a person from the provider's lists in the form of a course, by post."""

import json

import pytest

from kursliste.domain.course import Wheelchair
from kursliste.models import Contact, Report, Venue
from tests import builders
from tests.masterdata.scenes import PERSON, PLACE, a_contact, a_venue
from tests.signing_in import sign_in

COURSE = {"course_type": "IK-ALLG", "title": "Deutsch"}
NAMES = [*PLACE, "wheelchair"]


@pytest.fixture
def rita(client, session, scene):
    sign_in(client, session, scene.person)
    return client


@pytest.fixture
def hall(session, scene) -> Venue:
    return a_venue(
        session,
        scene.provider,
        name="Turnhalle",
        street="",
        town="Zittau",
        postcode="02763",
        wheelchair=Wheelchair.YES,
    )


def told(client) -> list[str]:
    return client.page.texts(".kern-alert--success")


def place_of(row):
    return tuple(getattr(row, name) for name in NAMES)


IN_THE_HALL = ("Turnhalle", None, "02763", "Zittau", Wheelchair.YES)


def edit(client, row):
    address = f"/meldungen/{row.report_id}/kurse/{row.id}"
    client.get(address)
    return address


def test_the_lists_are_offered_with_their_words(rita, session, scene, hall):
    contact = a_contact(session, scene.provider)
    a_contact(session, scene.provider, name="Zoe Intern", is_public=False)
    a_venue(session, builders.a_provider(session, scene.district, name="Fremd"))
    row = scene.row(scene.report(), **PERSON, contact_id=contact.id)

    edit(rita, row)

    assert rita.page.texts("#listed_venue option") == ["anderer Kursort", "Turnhalle, 02763 Zittau"]
    assert rita.page.texts("#listed_contact option") == ["andere Ansprechperson", "Büro, 03581 1"]
    option = rita.page.select("#listed_venue option")[1]
    assert json.loads(option.get("data-fills")) == {
        "venue_name": "Turnhalle",
        "street": "",
        "postcode": "02763",
        "town": "Zittau",
        "wheelchair": "ja",
    }
    values = rita.page.form_values()
    assert (values["listed_venue"], values["shown_venue"]) == ([""], [""])
    chosen = [str(contact.id)]
    assert (values["listed_contact"], values["shown_contact"]) == (chosen, chosen)


def test_without_lists_nothing_is_offered(rita, scene):
    edit(rita, scene.row(scene.report()))
    assert rita.page.select("#listed_venue") == []
    assert rita.page.select("#listed_contact") == []


def test_a_chosen_place_and_person_give_the_course_their_words(rita, session, scene, hall):
    contact = a_contact(session, scene.provider)
    row = scene.row(scene.report(), **PLACE)

    edit(rita, row)
    rita.submit(listed_venue=str(hall.id), listed_contact=str(contact.id))
    rita.follow()

    assert told(rita) == [f"Gespeichert, noch nicht bestätigt: {row.title}."]
    session.expire_all()
    assert (place_of(row), row.venue_id) == (IN_THE_HALL, hall.id)
    assert [getattr(row, name) for name in PERSON] == list(PERSON.values())
    assert row.contact_id == contact.id


def test_what_is_typed_counts_where_the_choice_is_not_new(rita, session, scene, hall):
    row = scene.row(scene.report())
    edit(rita, row)
    rita.submit(listed_venue=str(hall.id), shown_venue=str(hall.id), **PLACE)
    rita.follow()
    assert told(rita) == [
        (
            f"Gespeichert, noch nicht bestätigt: {row.title}. Neuer Kursort in Ihrer Liste: Haus "
            "der Silben, Görlitz."
        )
    ]
    session.expire_all()
    assert (place_of(row), row.venue_id == hall.id) == ((*PLACE.values(), None), False)


def test_a_new_choice_beside_other_words_is_asked_about(rita, session, scene, hall):
    row = scene.row(scene.report(), **PLACE)
    edit(rita, row)
    rita.submit(status=422, listed_venue=str(hall.id), street="Weg 99")
    assert rita.page.texts("#listed_venue-fehler") == [
        (
            "Hier ist ein Kursort gewählt, darunter steht ein anderer. Gilt der aus der Liste, "
            "leeren Sie Kursort, Straße, PLZ und Ort. Gilt der andere, wählen Sie hier „anderer "
            "Kursort“."
        )
    ]
    assert rita.page.one("#street").get("value") == "Weg 99"  # nothing typed is lost
    rita.submit(**dict.fromkeys(PLACE, ""))
    session.expire_all()
    assert (place_of(row), row.venue_id) == (IN_THE_HALL, hall.id)


def test_or_the_words_count(rita, session, scene, hall):
    row = scene.row(scene.report(), **PLACE)
    edit(rita, row)
    rita.submit(status=422, listed_venue=str(hall.id), street="Weg 99")
    rita.submit(listed_venue="")
    session.expire_all()
    assert row.street == "Weg 99"


def test_choosing_another_of_the_list_is_no_contradiction(rita, session, scene, hall):
    venue = a_venue(session, scene.provider)
    report = scene.report()
    scene.row(report, **PLACE, venue_id=venue.id)
    rita.get(f"/meldungen/{report.id}/kurse/neu?art=IK-ALLG")
    assert rita.page.form_values()["listed_venue"] == [str(venue.id)]
    rita.submit(listed_venue=str(hall.id))
    session.expire_all()
    assert place_of(session.get(Report, report.id).courses[-1]) == IN_THE_HALL


def test_what_is_gone_cannot_be_chosen(rita, session, scene, hall):
    row = scene.row(scene.report())
    edit(rita, row)
    rita.submit(status=422, listed_venue="99")
    assert rita.page.texts("#listed_venue-fehler") == [
        "Diesen Kursort gibt es in Ihrer Liste nicht mehr. Wählen Sie einen anderen."
    ]


def test_a_choice_that_was_shown_and_is_gone_leaves_the_words(rita, session, scene, hall):
    row = scene.row(scene.report(), venue_name="Turnhalle", venue_id=hall.id)
    edit(rita, row)
    session.delete(session.get(Venue, hall.id))
    rita.submit(title="Neuer Titel")
    session.expire_all()
    assert (row.title, row.venue_name) == ("Neuer Titel", "Turnhalle")


def test_a_conflict_keeps_the_choice(rita, session, scene, hall):
    row = scene.row(scene.report())
    address = edit(rita, row)
    typed = {**rita.page.form_values(), "listed_venue": str(hall.id)}
    rita.submit(town="Görlitz")
    rita.post(address, typed, 409)
    assert ["Kursort", "Turnhalle", "leer"] in rita.page.rows()
    rita.submit()
    session.expire_all()
    assert place_of(row) == IN_THE_HALL


def test_an_added_course_tells_what_is_remembered(rita, session, scene):
    report = scene.report()
    rita.get(f"/meldungen/{report.id}/kurse/neu?art=IK-ALLG")
    rita.submit(**COURSE, **PLACE, **PERSON)
    rita.follow()
    assert told(rita) == [
        (
            "Hinzugefügt: Deutsch. Neuer Kursort in Ihrer Liste: Haus der Silben, Görlitz. Neue "
            "Ansprechperson in Ihrer Liste: Büro."
        )
    ]
    assert session.query(Venue).count() == 1
    assert session.query(Contact).count() == 1


def test_the_copy_of_a_course_shows_its_place(rita, session, scene, hall):
    report = scene.report()
    copied = scene.row(report, venue_name="Turnhalle", venue_id=hall.id)
    scene.row(report)
    rita.get(f"/meldungen/{report.id}/kurse/neu?kopie={copied.id}")
    assert rita.page.form_values()["listed_venue"] == [str(hall.id)]
