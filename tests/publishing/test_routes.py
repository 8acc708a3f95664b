"""The page from which a month is published: whose it is, what it says, what a press does."""

from datetime import date

import pytest
from sqlalchemy import func, select

from kursliste.domain.calendar import Month
from kursliste.domain.correction import CorrectionStatus
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Correction, Edition, Question
from tests.builders import (
    a_coordinator,
    a_counsellor,
    a_course,
    a_provider,
    a_report,
    a_reporter,
)
from tests.publishing.scene import CONFIRMED, a_scene
from tests.signing_in import sign_in

PAGE = "/veroeffentlichung/goerlitz/2026-12"


@pytest.fixture
def scene(session, settings):
    return a_scene(session, Shelf(settings.shelf))


@pytest.fixture
def coordinator(client, session, scene):
    sign_in(client, session, scene.coordinator)
    return scene.coordinator


def editions(session) -> int:
    return session.scalar(select(func.count()).select_from(Edition))


def test_page_is_for_who_coordinates_the_district(client, session, scene):
    client.get(PAGE, 302)
    for user, status in (
        (a_reporter(session, scene.report.provider), 403),
        (a_counsellor(session, scene.district), 403),
        (a_coordinator(session, a_scene(session, scene.shelf, slug="weimar").district), 404),
    ):
        sign_in(client, session, user)
        client.get(PAGE, status)


@pytest.mark.parametrize("path", ["/veroeffentlichung/goerlitz/2026-11", PAGE.replace("goe", "x")])
def test_what_is_not_there_is_not_found(client, coordinator, path):
    client.get(path, 404)


def test_every_line_of_the_checklist_leads_to_the_very_place(client, session, scene, coordinator):
    odd = scene.course(title="Kurs ohne Zeiten", contact_phone="03581 1")
    old = scene.course(title="Alter Kurs", confirmed_on=date(2026, 10, 1))
    asked = {"asked_at": clock.now(), "asked_by_id": coordinator.id}
    question = Question(report=scene.report, text="Stimmt das?", **asked)
    session.add(question)
    session.add(
        Correction(
            report_id=scene.report.id,
            reported_course_id=old.id,
            attribute="title",
            status=CorrectionStatus.OBJECTED,
            made_at=clock.now(),
            answered_at=clock.now(),
            objection="Nein.",
        )
    )
    provider = a_provider(session, scene.district, name="Wartet e. V.")
    waiting = a_report(session, scene.round, provider, ReportStatus.SUBMITTED)

    client.get(PAGE)

    links = [link.get("href") for link in client.page.select(".checklist a")]
    report = f"/pruefung/goerlitz/2026-12/{scene.report.id}"
    assert links == [
        f"/pruefung/goerlitz/2026-12/{waiting.id}",
        f"{report}#rueckfrage-{question.id}",
        f"{report}#widersprueche",
        f"{report}#nicht-bestaetigt",
        f"{report}#kurs-{odd.id}",
        f"{report}#kurs-{old.id}",
    ]
    assert "2 Kurse kommen in die Liste." in client.page.text()
    assert "Wartet e. V.: Meldung prüfen" in client.page.text()
    for path, _, anchor in (link.partition("#") for link in links):
        client.get(path)
        assert not anchor or client.page.one(f"#{anchor}") is not None


def test_a_newcomer_leads_to_address_and_telephone(client, session, scene, coordinator):
    report, opened = scene.report, scene.round
    scene.month(Month(2026, 11))
    scene.course()
    scene.publish(month=Month(2026, 11))
    scene.report, scene.round = report, opened
    provider = a_provider(session, scene.district, name="Neu e. V.")
    theirs = a_report(session, scene.round, provider, ReportStatus.APPROVED, by=coordinator)
    a_course(session, theirs, course_type="KONV", contact_phone="1", times_note="x", **CONFIRMED)

    client.get(PAGE)

    (link,) = [a for a in client.page.select(".checklist a") if "Neu e. V." in (a.text or "")]
    assert link.get("href") == f"/stammdaten/traeger/{provider.id}#angaben"
    client.get(f"/stammdaten/traeger/{provider.id}")
    client.page.one("#angaben")


def test_press_publishes_and_shows_page_and_files(client, session, scene, coordinator):
    scene.course(title="Abendkurs")
    client.get(PAGE)

    client.submit()
    client.follow()

    assert "Die Ausgabe 2026-12/1 ist veröffentlicht." in client.page.text()
    links = [link.get("href") for link in client.page.select(".edition-list a")]
    assert links.pop() == f"{PAGE}/1/zurueckziehen"
    assert links == [
        "/kurslisten/goerlitz/2026-12/1",
        "/kurslisten/goerlitz/2026-12/1/kursliste-goerlitz-2026-12-a1.xlsx",
        "/kurslisten/goerlitz/2026-12/1/kursliste-goerlitz-2026-12-a1.pdf",
        "/kurslisten/goerlitz/2026-12/1/kursliste-goerlitz-2026-12-a1.csv",
        "/kurslisten/goerlitz/2026-12/1/kursliste-goerlitz-2026-12-a1.json",
    ]
    for link in links:
        client.get(link)


def test_second_press_on_the_same_page_publishes_nothing(client, session, scene, coordinator):
    scene.course()
    client.get(PAGE)
    values = client.page.form_values()
    client.post(PAGE, values)

    client.post(PAGE, values, 409)

    assert "Inzwischen wurde die Ausgabe 2026-12/1 veröffentlicht." in client.page.text()
    assert client.page.form_values()["seen_number"] == ["1"]
    assert editions(session) == 1


def test_correction_needs_a_reason_and_keeps_what_was_typed(client, session, scene, coordinator):
    scene.course()
    scene.publish()
    client.get(PAGE)

    client.submit(status=422, reason="  ")
    assert "Schreiben Sie, warum" in client.page.text()
    client.submit(status=422, reason="x" * 501)
    assert client.page.form_values()["reason"] == ["x" * 501]
    client.submit(reason="Beginn <berichtigt>")
    client.follow()

    assert "Ausgabe 2026-12/2" in client.page.text()
    assert "Grund: Beginn <berichtigt>" in client.page.text()
    assert editions(session) == 2


def test_nothing_approved_offers_no_button(client, session, scene, coordinator):
    scene.report.move(ReportAction.REOPEN, by_id=scene.coordinator.id, at=clock.now())

    client.get(PAGE)

    assert client.page.select("main form") == []
    assert "Noch ist keine Meldung freigegeben." in client.page.text()
    client.post(PAGE, {"seen_number": "0", "csrf_token": client.page.csrf_token()}, 422)
    assert editions(session) == 0


def test_page_that_does_not_say_what_it_saw_publishes_nothing(client, session, scene, coordinator):
    scene.course()
    client.get(PAGE)

    client.submit(status=409, seen_number=None)
    client.submit(status=422, seen_number="abc")

    assert editions(session) == 0
