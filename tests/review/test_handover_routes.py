"""The inside pages as a coordinator uses them: notes, the handover, one provider, the choice."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from kursliste.domain.course import ConfirmedHow
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.domain.round import UnconfirmedRule
from kursliste.infrastructure import clock
from kursliste.models import ProviderNote, Question
from kursliste.models.review import NOTE_LENGTH
from kursliste.review.note_actions import write_note
from tests.builders import a_coordinator, a_counsellor, a_course, a_provider, a_report, a_reporter
from tests.review.scene import a_scene
from tests.review.test_routes import BOARD, form_to, page_of, press
from tests.signing_in import sign_in

WHAT_WAS_ASKED = "Abendkurs, Plätze gesamt – „Wie viele?“"
WHEN_IT_WAS_DUE = "Noch nicht begonnen. Meldeschluss war am 30.11.2026."
WHERE_IT_STANDS = "Steht als „nicht bestätigt“ in der Liste."


@pytest.fixture
def scene(session, client):
    scene = a_scene(session)
    sign_in(client, session, scene.coordinator)
    return scene


def at(scene, more=""):
    return f"{BOARD}/traeger/{scene.provider.id}{more}"


def a_note(session, scene, text="Ruft lieber an."):
    note = write_note(session, scene.district, scene.provider, text=text, actor=scene.actor)
    session.flush()
    return note


def notes(session):
    session.expire_all()
    return session.scalars(select(ProviderNote.text).order_by(ProviderNote.id)).all()


# ---- who may enter


def test_nobody_else_finds_the_inside_pages(session, client, scene):
    note = a_note(session, scene)
    report = a_report(session, scene.round, scene.provider)
    pages = [f"{BOARD}/uebergabe", at(scene), at(scene, f"/notizen/{note.id}/loeschen")]
    posts = [
        at(scene, "/notizen"),
        at(scene, f"/notizen/{note.id}/loeschen"),
        f"{page_of(report)}/notiz",
        f"{page_of(report)}/unbestaetigt",
    ]
    weimar = a_scene(session, "weimar", name="VHS Ilm")
    for user, status in (
        (a_reporter(session, scene.provider), 403),
        (a_counsellor(session, scene.district), 403),
        (weimar.coordinator, 404),
    ):
        sign_in(client, session, user)
        client.get("/impressum")
        for path in pages:
            client.get(path, status)
        for path in posts:
            client.post(path, {"text": "Fremd", "rule": "leave_out"}, status)
    assert notes(session) == ["Ruft lieber an."]
    session.refresh(report)
    assert report.unconfirmed is None


def test_a_provider_of_another_district_is_not_found(session, client, scene):
    ilm = a_scene(session, "weimar", name="VHS Ilm").provider
    client.get(f"{BOARD}/traeger/{ilm.id}", 404)
    client.get(f"{BOARD}/traeger/4711", 404)
    client.get(at(scene, "/notizen/4711/loeschen"), 404)


# ---- notes


def test_a_note_is_written_read_and_removed_on_the_provider_page(session, client, scene):
    client.get(at(scene))
    assert client.page.heading() == "VHS Neißebogen"
    assert "Noch keine Notiz." in client.page.text()
    client.submit(form_to(client.page, "/notizen"), text="Erste Zeile\r\nzweite <b>Zeile</b>")
    client.follow()
    assert "Die Notiz zu VHS Neißebogen ist gespeichert." in client.page.text()
    (written,) = client.page.texts("main ul.text-list li span.muted")
    assert written.startswith("24.11.2026, 10:00 Uhr, Koordination goerlitz")
    assert "zweite <b>Zeile</b>" in client.page.text()
    assert notes(session) == ["Erste Zeile\nzweite <b>Zeile</b>"]
    remove = next(
        link.get("href")
        for link in client.page.select("main a")
        if link.get("href").endswith("/loeschen")
    )
    client.get(remove)
    assert client.page.heading() == "Notiz löschen"
    assert notes(session) == ["Erste Zeile\nzweite <b>Zeile</b>"]  # a look removes nothing
    press(client, "/loeschen")
    client.follow()
    assert "Die Notiz ist gelöscht." in client.page.text()
    assert notes(session) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("  ", "Schreiben Sie etwas in die Notiz."),
        ("x" * (NOTE_LENGTH + 7), "Der Text hat 2007 Zeichen; höchstens 2000 sind möglich."),
        ("a\u2028b", "Hier steht ein unsichtbares Steuerzeichen (Stelle 2)."),
    ],
)
def test_a_note_that_cannot_be_kept_is_shown_again(session, client, scene, text, told):
    report = a_report(session, scene.round, scene.provider)
    for page, ending in ((at(scene), "/notizen"), (page_of(report), "/notiz")):
        client.get(page)
        client.submit(form_to(client.page, ending), 422, text=text)
        assert told in client.page.text()
        assert (client.page.one("textarea[name=text]").text or "").strip("\n") == text.strip()
    assert notes(session) == []


def test_a_note_written_beside_a_report_leads_back_to_it(session, client, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    client.get(page_of(report))
    client.submit(form_to(client.page, "/notiz"), text="Zahlen immer nachfragen.")
    assert client.response.location == f"{page_of(report)}#notizen"
    client.get(page_of(report))
    assert "Zahlen immer nachfragen." in client.page.text()
    assert "interne Notiz geschrieben (Koordination goerlitz)" in client.page.text()
    assert at(scene) in {link.get("href") for link in client.page.select("main a")}


# ---- the choice


def test_unconfirmed_courses_are_left_out_and_printed_again(session, client, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.APPROVED)
    a_course(session, report)
    client.get(page_of(report))
    assert (
        "Nicht bestätigte Kurse: stehen mit dem Datum der letzten Bestätigung in der Liste "
        "(so ist die Kursliste eingestellt)."
    ) in client.page.text()
    press(client, "/unbestaetigt")
    client.follow()
    assert "Nicht bestätigte Kurse von VHS Neißebogen bleiben in diesem Monat weg." in (
        client.page.text()
    )
    assert (
        "bleiben in der Liste weg (für diesen Träger und Dezember 2026 so entschieden)."
        in client.page.text()
    )
    session.refresh(report)
    assert report.unconfirmed is UnconfirmedRule.LEAVE_OUT
    client.get("/veroeffentlichung/goerlitz/2026-12")
    assert (
        "Allgemeiner Integrationskurs – wird weggelassen; so ist es für diesen Träger entschieden."
        in client.page.text()
    )
    client.get(page_of(report))
    press(client, "/unbestaetigt")
    session.refresh(report)
    assert report.unconfirmed is None  # again as the list does it always


def test_a_list_that_leaves_them_out_can_print_those_of_one_provider(session, client, scene):
    scene.course_list.unconfirmed_rule = UnconfirmedRule.LEAVE_OUT
    report = a_report(session, scene.round, scene.provider, ReportStatus.OPEN)
    client.get(page_of(report))
    assert client.page.texts(form_to(client.page, "/unbestaetigt")) == ["In diesem Monat drucken"]
    press(client, "/unbestaetigt")
    session.refresh(report)
    assert report.unconfirmed is UnconfirmedRule.PRINT


def test_a_word_that_is_no_choice_changes_nothing(session, client, scene):
    report = a_report(session, scene.round, scene.provider)
    client.get(page_of(report))
    client.post(f"{page_of(report)}/unbestaetigt", {"rule": "unfug"}, 302)
    session.refresh(report)
    assert report.unconfirmed is None


def test_where_everything_is_confirmed_there_is_nothing_to_choose(session, client, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    a_course(session, report, confirmed_on=date(2026, 11, 23), confirmed_how=ConfirmedHow.WEB)
    client.get(page_of(report))
    assert "Nicht bestätigte Kurse" not in client.page.text()


# ---- the handover


def test_an_empty_district_says_so(session, client, scene):
    session.delete(scene.round)
    scene.provider.is_active = False
    client.get(f"{BOARD}/uebergabe")
    assert client.page.heading() == "Übergabe – Landkreis Goerlitz"
    assert "Nichts ist offen." in client.page.text()
    assert "In diesem Kreis gibt es noch keinen Träger." in client.page.text()
    assert "noch keine Abfrage" in client.page.text()
    client.get(at(scene))
    assert "Noch keine Meldung." in client.page.text()


def test_it_tells_what_is_open_and_what_is_known(session, client, scene, frozen_clock):
    frozen_clock.move_to(datetime(2026, 12, 2, 9, tzinfo=UTC))
    sign_in(client, session, scene.coordinator)  # the earlier one has grown old
    scene.provider.report_email = "meldung@vhs.example"
    scene.provider.phone = "03581 4209"
    a_note(session, scene, "Nur dienstags im Büro.")
    report = a_report(session, scene.round, scene.provider)
    row = a_course(session, report, title="Abendkurs")
    report.move(ReportAction.CARRY_OVER, by_id=scene.coordinator.id, at=clock.now())
    asked = Question(
        report_id=report.id, reported_course_id=row.id, attribute="seats_total",
        text="Wie viele?", asked_at=clock.now(),
    )  # fmt: skip
    session.add(asked)
    silent = a_provider(session, scene.district, name="Still e. V.", report_email="s@x.example")
    missing = a_report(session, scene.round, silent, ReportStatus.OPEN)
    nil = a_provider(session, scene.district, name="Null e. V.", report_email="n@x.example")
    waiting = a_report(session, scene.round, nil, ReportStatus.SUBMITTED, is_nil=True)
    client.get(f"{BOARD}/uebergabe")
    open_reports = zip(
        client.page.texts(".checklist__item a"),
        client.page.texts(".checklist__detail"),
        strict=True,
    )
    assert list(open_reports) == [
        ("Null e. V.: Meldung prüfen (Dezember 2026)", "Eingereicht am 02.12.2026, 10:00 Uhr."),
        ("VHS Neißebogen: Rückfrage offen (Dezember 2026)", WHAT_WAS_ASKED),
        ("Still e. V.: Meldung fehlt (Dezember 2026)", WHEN_IT_WAS_DUE),
        ("VHS Neißebogen: 1 Kurs nicht bestätigt (Dezember 2026)", WHERE_IT_STANDS),
    ]
    assert [link.get("href") for link in client.page.select(".checklist a")] == [
        page_of(waiting),
        f"{page_of(report)}#rueckfrage-{asked.id}",
        page_of(missing),
        page_of(report),
    ]
    assert client.page.texts(".form-section p strong") == [
        "Dezember 2026: derzeit keine Kurse, eingereicht, verspätet",
        "Dezember 2026: fehlt",
        "Dezember 2026: 1 Kurs (1 nicht bestätigt), unbestätigt übernommen",
    ]
    assert "Nur dienstags im Büro." in client.page.text()
    client.get(at(scene))
    assert client.page.rows("main table")[1] == [
        "Dezember 2026",
        "freigegeben unbestätigt übernommen",
        "1",
        "1 nicht bestätigt",
        "nein",
    ]
    assert "03581 4209" in client.page.text()


def test_the_board_leads_to_the_handover_and_the_guide(session, client, scene):
    a_report(session, scene.round, scene.provider)
    client.get(BOARD)
    links = {link.get("href") for link in client.page.select("main a")}
    assert {f"{BOARD}/uebergabe", "/anleitung/koordination"} <= links


def test_looking_changes_nothing(session, client, scene):
    a_note(session, scene)
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    version = report.version
    before = session.scalar(select(func.count()).select_from(ProviderNote))
    for path in (f"{BOARD}/uebergabe", at(scene), page_of(report)):
        client.get(path)
    session.refresh(report)
    assert report.version == version
    assert session.scalar(select(func.count()).select_from(ProviderNote)) == before


def test_a_deputy_of_the_district_sees_the_same(session, client, scene):
    a_note(session, scene, "Für die Vertretung.")
    sign_in(client, session, a_coordinator(session, scene.district, name="Vera Vertretung"))
    client.get(f"{BOARD}/uebergabe")
    assert "Für die Vertretung." in client.page.text()
