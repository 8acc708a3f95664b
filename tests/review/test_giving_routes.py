"""Giving courses away as a coordinator does it: choose, look, confirm."""

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.infrastructure import clock
from kursliste.models import Course, CourseHandover, OutgoingMail
from tests import builders
from tests.review.merging_scene import reported
from tests.review.scene import a_scene
from tests.review.test_routes import BOARD
from tests.signing_in import sign_in


@pytest.fixture
def scene(session, client):
    scene = a_scene(session)
    sign_in(client, session, scene.coordinator)
    return scene


@pytest.fixture
def report(session, scene):
    return reported(session, scene.provider, scene.round, ReportStatus.DRAFT, "A1", "B1")


@pytest.fixture
def receiver(session, scene):
    return builders.a_provider(session, scene.district, name="Lernhof e. V.")


def at(scene, more="/kurse-uebergeben"):
    return f"{BOARD}/traeger/{scene.provider.id}{more}"


def chosen(report, receiver, *, month="2026-12"):
    return {"courses": report.courses[1].course_id, "receiver": receiver.id, "month": month}


def handed(session):
    session.expire_all()
    return session.scalars(select(CourseHandover.to_provider_id)).all()


def test_choose_look_confirm(session, client, scene, report, receiver):
    builders.a_reporter(session, receiver)
    client.get(at(scene, ""))
    assert at(scene) in [a.get("href") for a in client.page.select("main a")]
    client.get(at(scene))
    assert client.page.texts("select[name=month] option") == ["Dezember 2026", "Januar 2027"]
    assert client.page.texts("fieldset label") == ["A1", "B1"]

    client.submit("main form", 200, **chosen(report, receiver))
    assert client.page.heading() == "1 Kurs geht an Lernhof e. V."
    told = client.page.text()
    assert "1 Kurs zieht aus der Meldung von VHS Neißebogen um." in told
    assert "Die Meldung von Lernhof e. V. wird dafür begonnen." in told
    assert handed(session) == []  # looking does nothing

    client.submit("main form", 200, edit="1", seal=None)
    assert client.page.one("input[checked]").get("value") == report.courses[1].course_id
    client.submit("main form", 200)
    client.submit("main form")
    client.follow()
    assert "Die Kurse gehören jetzt zu Lernhof e. V." in client.page.text()
    assert handed(session) == [receiver.id]
    assert len(session.scalars(select(OutgoingMail)).all()) == 1


def test_nothing_chosen_is_said_at_the_fields(session, client, scene, report, receiver):
    client.get(at(scene))
    client.submit("main form", 422)
    assert "Wählen Sie mindestens einen Kurs." in client.page.text()
    assert "Wählen Sie einen Träger." in client.page.text()
    foreign = builders.a_provider(session, builders.a_district(session, "weimar"), name="Fern")
    for wrong in (
        {"receiver": foreign.id},
        {"courses": "KEINKURS"},
        {"month": "2020-01"},
        {"receiver": scene.provider.id},
    ):
        client.post(at(scene), {**chosen(report, receiver), **wrong, "seal": "x"}, 422)
    assert handed(session) == []


def test_the_month_that_runs_is_chosen_where_older_ones_are_open_still(
    session, client, scene, report, receiver
):
    november = builders.a_round(session, scene.course_list, Month(2026, 11))
    reported(session, scene.provider, november, ReportStatus.SUBMITTED, "A1")
    client.get(at(scene))
    assert client.page.form_values("main form")["month"] == ["2026-12"]


def test_what_was_sent_needs_a_later_month(session, client, scene, report, receiver):
    report.move(ReportAction.SUBMIT, by_id=None, at=clock.now())
    session.flush()
    client.get(at(scene))
    client.submit("main form", 200, **chosen(report, receiver))
    assert "für Dezember 2026. Wählen Sie einen späteren Monat" in client.page.text()
    assert "Jetzt übergeben" not in client.page.text()
    client.post(at(scene), {**chosen(report, receiver), "seal": "x"}, 422)

    client.post(at(scene), chosen(report, receiver, month="2027-01"), 200)
    assert "noch keine Abfrage offen" in client.page.text()
    client.submit("main form")
    assert session.scalars(select(Course.provider_id).order_by(Course.provider_id)).all() == [
        scene.provider.id, receiver.id,
    ]  # fmt: skip


def test_whoever_looks_away_too_long_looks_again(session, client, scene, report, receiver):
    client.get(at(scene))
    client.submit("main form", 200, **chosen(report, receiver))
    reported(session, receiver, scene.round, ReportStatus.DRAFT, "C1")
    client.submit("main form", 409)
    assert "Noch ist nichts geschehen." in client.page.text()
    assert handed(session) == []
    client.submit("main form")
    assert handed(session) == [receiver.id]


def test_nothing_to_give_and_nobody_to_give_to(session, client, scene):
    client.get(at(scene))
    assert "keinen anderen Träger" in client.page.text()
    builders.a_provider(session, scene.district, name="Lernhof e. V.")
    client.get(at(scene))
    assert "VHS Neißebogen hat keinen laufenden Kurs." in client.page.text()
    scene.provider.is_active = False
    session.flush()
    client.get(at(scene), 302)


def test_nobody_else_finds_the_page(session, client, scene, report):
    weimar = a_scene(session, "weimar", name="VHS Ilm")
    for person, status in (
        (weimar.coordinator, 404),
        (builders.a_reporter(session, scene.provider), 403),
        (builders.a_counsellor(session, scene.district), 403),
    ):
        sign_in(client, session, person)
        client.get(at(scene), status)
