"""The way through Excel: download, change, upload, look, agree; and every wrong way."""

import io
from datetime import date, timedelta

import pytest

from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.limit import Limit
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure.database import transaction
from kursliste.intake import uploads
from kursliste.models import JournalEntry, Report
from kursliste.reporting import sheet_state
from kursliste.reporting.sheet_page import fate_name
from tests import builders
from tests.intake.lists import SAMPLES
from tests.reporting.scenes import AS_BEFORE, confirmation
from tests.reporting.sheets import Table
from tests.signing_in import sign_in

BY_UPLOAD = (date(2026, 11, 24), "Rita Meldung", ConfirmedHow.UPLOAD)
HOSTILE = sorted(SAMPLES.glob("hostil-*"))


@pytest.fixture
def rita(client, session, scene):
    sign_in(client, session, scene.person)
    return client


@pytest.fixture
def report(scene):
    report = scene.report()
    scene.row(report, title="Morgenkurs", seats_total=16, seats_taken=10, seats_free=6)
    scene.row(report, title="Abendkurs", seats_free=3)
    return report


def page_of(report):
    return f"/meldungen/{report.id}/tabelle"


def downloaded(client, report) -> Table:
    client.get(page_of(report))  # brings what the test arranged into the database
    return Table(client.flask.get(f"{page_of(report)}.xlsx").data)


def upload(client, report, data, status=200, name="tabelle.xlsx"):
    content = data.bytes() if isinstance(data, Table) else data
    client.get(page_of(report))
    client.post(f"{page_of(report)}.xlsx", {"file": (io.BytesIO(content), name)}, status)


def stored(session, report) -> Report:
    session.expire_all()
    return session.get(Report, report.id)


def table_of(client):
    return [row for row in client.page.rows() if len(row) > 1]


# ---- the way itself


def test_download_change_upload_look_and_agree(rita, session, report):
    rita.get(f"/meldungen/{report.id}")
    rita.submit("#kurse", sheet="1")
    rita.follow()
    assert rita.page.heading() == "Meldung für Dezember 2026 in Excel bearbeiten"
    table = downloaded(rita, report)
    table.put(5, belegt=12).type(5, "Beginn", "07.09.2026")
    table.put(7, Titel="Neuer Kurs", Kursart="Alphabetisierungskurs", frei=9)

    upload(rita, report, table)
    assert rita.page.heading() == "Das ändert Ihre Tabelle: Dezember 2026"
    assert table_of(rita)[1:4] == [
        ["belegt", "10", "12", "wie eingegeben"],
        ["Beginn", "leer", "07.09.2026", "wie eingegeben"],
        ["frei", "6", "4", "folgt aus den anderen Platzzahlen"],
    ]
    assert stored(session, report).courses[0].seats_taken == 10

    rita.submit("main form", apply="1")
    rita.follow()
    assert "Tabelle übernommen: 1 geändert, 1 neu." in rita.page.text()
    morning, evening, new = stored(session, report).courses
    assert (morning.seats_taken, morning.seats_free, morning.starts_on) == (
        12,
        4,
        date(2026, 9, 7),
    )
    assert (new.title, new.course_type, new.seats_free) == ("Neuer Kurs", "IK-ALPHA", 9)
    assert [confirmation(row) for row in (morning, evening)] == [AS_BEFORE, AS_BEFORE]
    assert confirmation(new) == (None, None, None)


def test_who_sends_table_after_table_waits(rita, session, report, monkeypatch):
    monkeypatch.setattr(uploads, "PER_PERSON", Limit(1, timedelta(hours=1)))
    table = downloaded(rita, report)
    upload(rita, report, table)
    upload(rita, report, table, status=422)
    assert "Warten Sie 60 Minuten." in rita.page.text()


def test_who_lives_in_excel_never_opens_the_table_of_the_page(rita, session, scene):
    """From the mail's link to the receipt; the page of a report that nobody began has no table."""
    scene.row(scene.november(), title="Morgenkurs", seats_free=6)
    report = scene.report(ReportStatus.OPEN)
    rita.get(f"/meldungen/{report.id}")
    assert rita.page.select("table") == []
    begin = next(
        number
        for number, form in enumerate(rita.page.select("main form"))
        if "In Excel ausfüllen" in "".join(form.itertext())
    )
    action = rita.page.select("main form")[begin].get("action")
    rita.post(action, {"sheet": "1"})
    rita.follow()
    assert rita.page.heading() == "Meldung für Dezember 2026 in Excel bearbeiten"
    upload(rita, report, downloaded(rita, report).put(5, frei=2))
    rita.submit("main form", apply="submit", right="y")
    rita.follow()
    assert rita.page.heading() == "Meldung für Dezember 2026 einreichen"
    assert "Tabelle übernommen: 1 geändert, 1 bestätigt." in rita.page.text()
    rita.submit("main form")
    rita.follow()
    assert "Ihre Meldung ist angekommen." in rita.page.text()
    assert confirmation(stored(session, report).courses[0]) == BY_UPLOAD


def test_ticked_rows_are_confirmed_by_upload(rita, session, report):
    table = downloaded(rita, report)
    table.put(6, frei=2).put(7, Titel="Neu", Kursart="Alphabetisierungskurs")
    upload(rita, report, table)
    rita.submit("main form", apply="1", right="y")
    rita.follow()
    assert "Tabelle übernommen: 1 geändert, 1 neu, 3 bestätigt." in rita.page.text()
    assert [confirmation(row) for row in stored(session, report).courses] == [BY_UPLOAD] * 3


def test_an_unchanged_table_changes_nothing_and_confirms_only_if_ticked(rita, session, report):
    table = downloaded(rita, report)
    upload(rita, report, table)
    assert "Ihre Tabelle sagt dasselbe wie Ihre Meldung." in rita.page.text()
    rita.submit("main form", apply="1")
    rita.follow()
    assert "Die Tabelle ändert nichts." in rita.page.text()
    assert [(r.version, confirmation(r)) for r in stored(session, report).courses] == [
        (1, AS_BEFORE),
        (1, AS_BEFORE),
    ]
    upload(rita, report, table)
    rita.submit("main form", apply="1", right="y")
    assert [confirmation(row) for row in stored(session, report).courses] == [BY_UPLOAD] * 2


@pytest.mark.parametrize(
    ("fate", "status"), [("beendet", CourseStatus.ENDED), ("vergessen", CourseStatus.OPEN)]
)
def test_a_deleted_row_is_asked_about(rita, session, report, fate, status):
    evening = fate_name(report.courses[1].id)
    upload(rita, report, downloaded(rita, report).delete(6))
    assert "beendet oder vergessen?" in rita.page.text()
    rita.submit("main form", 422, apply="1", right="y")
    assert "Beendet oder vergessen? Wählen Sie eines davon." in rita.page.text()
    assert stored(session, report).courses[1].status is CourseStatus.OPEN
    rita.submit("main form", apply="1", right="y", **{evening: fate})
    morning, left_out = stored(session, report).courses
    assert (left_out.status, confirmation(left_out)) == (status, AS_BEFORE)
    assert confirmation(morning) == BY_UPLOAD


def test_what_is_not_understood_keeps_the_rest_only_if_wanted(rita, session, report):
    table = downloaded(rita, report)
    table.put(5, belegt=12, frei="viele").put(6, frei=2)
    table.type(5, "Beginn", "31.02.2027")
    upload(rita, report, table)
    told = rita.page.text()
    assert "Den 31.02.2027 gibt es nicht. Schreiben Sie das Datum so: 15.01.2027." in told
    rita.submit("main form", 422, apply="1", right="y")
    assert "Kreuzen Sie das an, oder bessern Sie die Datei aus." in rita.page.text()
    rita.submit("main form", apply="1", right="y", without="y")
    morning, evening = stored(session, report).courses
    assert (morning.seats_taken, morning.starts_on, evening.seats_free) == (12, None, 2)
    assert [confirmation(morning), confirmation(evening)] == [AS_BEFORE, BY_UPLOAD]


def test_formula_text_stays_text(rita, session, report):
    table = downloaded(rita, report).type(5, "Bemerkung", "=1+1")
    upload(rita, report, table)
    rita.submit("main form", apply="1")
    assert stored(session, report).courses[0].public_note == "=1+1"


def test_a_course_that_ended_is_not_confirmed(rita, session, report):
    upload(rita, report, downloaded(rita, report).put(5, Status="beendet"))
    rita.submit("main form", apply="1", right="y")
    morning, evening = stored(session, report).courses
    assert (morning.status, confirmation(morning)) == (CourseStatus.ENDED, AS_BEFORE)
    assert confirmation(evening) == BY_UPLOAD


# ---- two at once


@pytest.mark.parametrize("fate", ["beendet", "vergessen"])
def test_somebody_else_meanwhile(rita, session, report, fate):
    table = downloaded(rita, report).put(5, belegt=12).delete(6)
    upload(rita, report, table)
    with transaction(session):
        for row in stored(session, report).courses:
            row.seats_min = 5
            row.seats_free = 1
    fates = {fate_name(report.courses[1].id): fate}
    rita.submit("main form", 409, apply="1", **fates)
    assert "Von Ihrer Tabelle ist noch nichts übernommen." in rita.page.text()
    morning, evening = stored(session, report).courses
    assert (morning.seats_taken, evening.status) == (10, CourseStatus.OPEN)
    rita.submit("main form", 200)
    assert ["frei", "1", "4", "folgt aus den anderen Platzzahlen"] in table_of(rita)
    rita.submit("main form", apply="1", **fates)
    assert stored(session, report).courses[0].seats_taken == 12


def test_a_row_that_turned_bad_meanwhile_is_told(rita, session, report):
    upload(rita, report, downloaded(rita, report).type(5, "Ende", date(2027, 1, 5)))
    with transaction(session):
        row = stored(session, report).courses[0]
        row.starts_on = date(2027, 2, 1)
    rita.submit("main form", 409, apply="1")
    rita.submit("main form", 200)
    rita.submit("main form", 422, apply="1")
    assert stored(session, report).courses[0].ends_on is None


# ---- wrong ways


def test_the_table_of_another_month_is_refused(rita, session, scene, report):
    november = downloaded(rita, report)
    december = november.sheet["A1"].value
    november.sheet["A1"].value = december.replace("2026-12", "2026-11")
    upload(rita, report, november, 422)
    assert "Das ist die Tabelle für November 2026. Diese Meldung ist für Dezember 2026." in (
        rita.page.text()
    )


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_a_hostile_file_is_refused_with_a_reason(rita, session, report, path):
    upload(rita, report, path.read_bytes(), 422, name=path.name)
    assert rita.page.one(".kern-alert--danger") is not None
    assert [row.version for row in stored(session, report).courses] == [1, 1]


def test_no_file_and_no_signature(rita, report):
    rita.get(page_of(report))
    rita.post(f"{page_of(report)}.xlsx", {}, 422)
    assert "Wählen Sie die Datei aus." in rita.page.text()
    rita.post(f"{page_of(report)}.xlsx", {"state": "erfunden", "apply": "1"}, 422)
    assert "Diese Seite ist zu alt oder gehört zu einer anderen Meldung." in rita.page.text()


def test_the_state_of_another_report_is_refused(rita, session, scene, report):
    upload(rita, report, downloaded(rita, report).put(5, belegt=12))
    state = rita.page.one("input[name=state]").get("value")
    other = scene.november()
    other.status = ReportStatus.DRAFT
    other.decided_at = other.decided_by_id = None
    rita.post(f"{page_of(other)}.xlsx", {"state": state, "apply": "1"}, 422)
    assert "Diese Seite ist zu alt oder gehört zu einer anderen Meldung." in rita.page.text()


def test_too_much_for_one_form(rita, report, monkeypatch):
    monkeypatch.setattr(sheet_state, "LONGEST", 10)
    upload(rita, report, downloaded(rita, report), 422)
    assert "Die Tabelle ändert zu viel auf einmal." in rita.page.text()


@pytest.mark.parametrize("status", [ReportStatus.OPEN, ReportStatus.SUBMITTED])
def test_only_a_report_that_may_be_changed(rita, scene, status):
    report = scene.report(status)
    rita.get(page_of(report), 422)
    rita.get(f"{page_of(report)}.xlsx", 422)


def test_anothers_report_is_not_there(rita, session, scene):
    other = builders.a_provider(session, scene.district, name="Lernhaus Kornblume")
    theirs = builders.a_report(session, scene.opened, other, ReportStatus.DRAFT)
    rita.get(page_of(theirs), 404)
    rita.get(f"{page_of(theirs)}.xlsx", 404)
    rita.get("/meldungen")
    rita.post(f"{page_of(theirs)}.xlsx", {"file": (io.BytesIO(b"x"), "a.xlsx")}, 404)


def test_nobody_gets_in_without_signing_in(client, report):
    client.get(page_of(report), 302)
    client.get(f"{page_of(report)}.xlsx", 302)


def test_the_journal_names_what_happened(rita, session, report):
    table = downloaded(rita, report).put(5, belegt=12)
    upload(rita, report, table)
    before = session.query(JournalEntry).count()
    rita.submit("main form", apply="1", right="y")
    session.expire_all()
    entries = session.query(JournalEntry).order_by(JournalEntry.id).all()[before:]
    assert [entry.event.value for entry in entries] == ["course:changed", "course:confirmed"]


@pytest.mark.parametrize("what", ["download", "upload"])
def test_the_queries_do_not_grow_with_the_rows(rita, scene, report, statements, what):
    def count():
        table = downloaded(rita, report)
        for row in range(5, 5 + len(report.courses)):
            table.put(row, frei=1, Kursart="Alphabetisierungskurs")
        rita.get(page_of(report))
        with statements() as seen:
            if what == "download":
                downloaded(rita, report)
            else:
                upload(rita, report, table)
        return len(seen)

    with_two = count()
    scene.row(report)
    scene.row(report)
    assert count() == with_two
