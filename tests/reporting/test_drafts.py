"""Drafts of single rows, modules by the calendar, and courses that came late."""

import json
from datetime import date

import pytest
from sqlalchemy import select

from kursliste.domain.course import CourseStatus
from kursliste.domain.errors import NotFoundError, NotPermittedError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.infrastructure import clock
from kursliste.models import JournalEntry, Report, ReportedCourse
from kursliste.reporting import queries
from kursliste.reporting.late_actions import adopt_course
from tests import builders
from tests.page_client import Page
from tests.reporting.scenes import AS_BEFORE, confirmation
from tests.reporting.test_routes import table_values
from tests.signing_in import sign_in

HX = {"HX-Request": "true"}


@pytest.fixture
def rita(client, session, scene):
    sign_in(client, session, scene.person)
    return client


@pytest.fixture
def report(scene) -> Report:
    return scene.report()


def draft(client, report: Report, row: ReportedCourse, status: int = 200, **changes: str) -> Page:
    """Send one row as the script does; return the piece of a page that comes back."""
    client.get(f"/meldungen/{report.id}")
    values = table_values(row, **changes)
    address = f"/meldungen/{report.id}/kurse/{row.id}/entwurf"
    answer = client.post(address, values, status, headers=HX)
    return Page(answer.text, is_fragment=True)


def stored(piece: Page, row: ReportedCourse) -> dict[str, str]:
    return json.loads(piece.one(f"#stand-{row.id}").get("data-stored") or "{}")


# ---- drafts


def test_a_row_saves_itself_and_confirms_nothing(rita, session, scene, report):
    row = scene.row(report, title="Morgenkurs", seats_total=16, seats_taken=10, seats_free=6)
    other = scene.row(report, title="Abendkurs", seats_free=3)

    piece = draft(rita, report, row, seats_taken="12")

    session.expire_all()
    assert (row.seats_taken, row.seats_free, confirmation(row)) == (12, 4, AS_BEFORE)
    assert other.seats_free == 3
    assert stored(piece, row) == {
        "version": str(row.version),
        "seats_taken": "12",
        "seats_free": "4",
        "status": "offen",
        "current_module": "",
        "late_entry": "",
    }
    assert piece.texts("#entwurf") == ["Entwurf gespeichert."]
    assert piece.texts("#zusammenfassung")[0].startswith("2 Kurse: 0 bestätigt, 2 noch offen")
    [entry] = session.scalars(
        select(JournalEntry).where(JournalEntry.event == JournalEvent.COURSE_CHANGED)
    )
    assert entry.changes == {"seats_taken": [10, 12], "seats_free": [6, 4]}


def test_a_draft_without_a_change_writes_nothing(rita, session, scene, report):
    row = scene.row(report, seats_free=3)
    piece = draft(rita, report, row)
    session.expire_all()
    assert (row.version, piece.texts("#entwurf")) == (1, ["Nichts geändert."])
    changed = select(JournalEntry).where(JournalEntry.event == JournalEvent.COURSE_CHANGED)
    assert session.scalars(changed).all() == []


def test_what_cannot_be_saved_is_told_beside_the_row(rita, session, scene, report):
    row = scene.row(report, title="Morgenkurs", seats_free=3)
    piece = draft(rita, report, row, 422, seats_free="viele", seats_taken="-1")
    assert "frei: Not a valid" not in piece.text()
    assert "belegt: Möglich sind ganze Zahlen von 0 bis 999." in piece.text()
    assert stored(piece, row) == {}
    assert piece.texts("#entwurf") == ["Nicht gespeichert: Morgenkurs"]
    session.expire_all()
    assert row.seats_free == 3


def test_a_draft_over_what_somebody_else_wrote_is_told_with_both_values(
    rita, session, scene, report
):
    row = scene.row(report, title="Morgenkurs", seats_free=3)
    seen = row.version
    row.seats_free = 5
    session.flush()
    assert row.version == seen + 1

    piece = draft(rita, report, row, 409, seats_free="7", version=str(seen))

    assert "frei: Sie „7“, jetzt „5“" in piece.text()
    assert stored(piece, row) == {}
    session.expire_all()
    assert row.seats_free == 5


def test_a_report_that_was_sent_meanwhile_takes_no_draft(rita, session, scene, report):
    row = scene.row(report, seats_free=3)
    rita.get(f"/meldungen/{report.id}")
    values = table_values(row, seats_free="7")
    report.move(ReportAction.SUBMIT, by_id=scene.person.id, at=clock.now())
    session.flush()
    address = f"/meldungen/{report.id}/kurse/{row.id}/entwurf"
    answer = rita.post(address, values, 422, headers=HX)
    assert "Diese Meldung ist eingereicht" in Page(answer.text, is_fragment=True).text()


def test_a_row_of_somebody_else_is_not_there(rita, session, scene, report):
    foreign = builders.a_provider(session, scene.district, name="Fremde Schule")
    theirs = builders.a_report(session, scene.opened, foreign)
    row = builders.a_course(session, theirs, seats_free=3)
    scene.row(report)
    rita.get(f"/meldungen/{report.id}")
    for address in (
        f"/meldungen/{report.id}/kurse/{row.id}/entwurf",
        f"/meldungen/{theirs.id}/kurse/{row.id}/entwurf",
    ):
        rita.post(address, table_values(row, seats_free="7"), 404)
    session.expire_all()
    assert row.seats_free == 3


# ---- modules


def test_the_calendar_suggests_a_module_and_one_press_takes_it(rita, session, scene, report):
    facts = {
        "title": "Integrationskurs",
        "starts_on": date(2026, 8, 3),
        "units_total": 700,
        "units_per_week": 25,
        "current_module": 2,
        "confirmed_on": date(2026, 10, 27),
    }
    before = scene.row(scene.november(), **facts)
    row = scene.row(report, course_id=before.course_id, **facts)
    new = scene.row(report, **{**facts, "title": "Neu in diesem Monat"})
    rita.get(f"/meldungen/{report.id}")
    assert "3 laut Kalender" in rita.page.text()
    assert f"3 laut Kalender: Modul übernehmen, {new.title}" not in rita.page.text()
    assert rita.page.form_values("#kurse")[f"k{row.id}-current_module"] == ["2"]

    rita.submit("#kurse", module=str(row.id), **{f"k{row.id}-seats_free": "4"})
    rita.follow()

    assert "Modul 3 gespeichert, noch nicht bestätigt: Integrationskurs." in rita.page.text()
    session.expire_all()
    assert (row.current_module, row.seats_free) == (3, 4)
    assert row.confirmed_on == date(2026, 10, 27)
    rita.get(f"/meldungen/{report.id}")
    assert "laut Kalender" not in rita.page.text()


def test_a_module_that_nobody_suggests_is_not_taken(rita, session, scene, report):
    row = scene.row(report, current_module=2, seats_free=3)
    scene.row(scene.november(), current_module=2, course_id=row.course_id)
    rita.get(f"/meldungen/{report.id}")
    for key in (str(row.id), "999"):
        rita.submit("#kurse", module=key)
        rita.follow()
    session.expire_all()
    assert (row.current_module, row.version) == (2, 1)


# ---- courses that came late


@pytest.fixture
def november(scene) -> Report:
    return scene.november()


def late_titles(session, report: Report) -> list[str]:
    before = queries.rows_before(session, report)
    return [row.title for row in queries.late_courses(report, before)]


def test_a_course_that_came_after_the_prefill_is_offered(session, scene, report, november):
    kept = scene.row(november, title="Morgenkurs")
    scene.row(report, title="Morgenkurs", course_id=kept.course_id)
    late = scene.row(november, title="Nachgekommen")
    scene.row(november, title="Beendet", status=CourseStatus.ENDED)
    scene.row(november, title="Vorbei", ends_on=date(2026, 11, 23))
    session.expire_all()

    assert late_titles(session, report) == ["Nachgekommen"]

    row = adopt_course(session, report, late.course_id, actor=scene.actor)
    session.flush()
    session.expire_all()

    assert (row.title, row.course_id, confirmation(row)) == (
        "Nachgekommen",
        late.course_id,
        AS_BEFORE,
    )
    assert [found.position for found in report.courses] == [1, 2]
    assert late_titles(session, report) == []
    [entry] = session.scalars(
        select(JournalEntry).where(JournalEntry.event == JournalEvent.COURSE_ADOPTED)
    )
    assert entry.subject_id == str(row.id)


def test_a_course_that_came_late_may_have_ended(session, scene, report, november):
    late = scene.row(november, title="Nachgekommen")
    row = adopt_course(session, report, late.course_id, actor=scene.actor, is_ended=True)
    assert (row.status, confirmation(row)) == (CourseStatus.ENDED, AS_BEFORE)


def test_only_what_is_offered_is_fetched(session, scene, report, november):
    gone = scene.row(november, title="Beendet", status=CourseStatus.ENDED)
    for key in (gone.course_id, "k-unbekannt"):
        with pytest.raises(NotFoundError):
            adopt_course(session, report, key, actor=scene.actor)
    stranger = builders.a_reporter(
        session, builders.a_provider(session, scene.district, name="Fremde Schule")
    ).as_actor()
    with pytest.raises(NotPermittedError):
        adopt_course(session, report, gone.course_id, actor=stranger)


def test_nothing_is_fetched_into_a_report_that_was_sent(session, scene, november):
    late = scene.row(november, title="Nachgekommen")
    sent = scene.report(ReportStatus.SUBMITTED)
    with pytest.raises(RuleViolationError) as refused:
        adopt_course(session, sent, late.course_id, actor=scene.actor)
    assert refused.value.rule is Rule.REPORT_NOT_EDITABLE


@pytest.mark.parametrize(
    ("button", "told"),
    [
        ("adopt", "Nachgeholt, noch nicht bestätigt: Nachgekommen."),
        ("ended", "Beendet: Nachgekommen."),
    ],
)
def test_the_page_offers_it_and_keeps_what_was_typed(
    rita, session, scene, report, november, button, told
):
    row = scene.row(report, title="Morgenkurs", seats_free=3)
    late = scene.row(november, title="Nachgekommen")
    rita.get(f"/meldungen/{report.id}")
    assert "Ein Kurs aus Ihrer letzten Meldung fehlt hier." in rita.page.text()
    values = rita.page.form_values("#kurse") | {
        button: late.course_id,
        f"k{row.id}-seats_free": "8",
    }

    rita.post(f"/meldungen/{report.id}/nachholen", values)
    rita.follow()

    assert told in rita.page.text()
    assert "fehlt hier" not in rita.page.text()
    session.expire_all()
    assert row.seats_free == 8


def test_two_late_courses_cost_no_more_than_one(session, scene, report, november, statements):
    counts = []
    for number in (1, 3):
        while len(november.courses) < number:
            scene.row(november)
        session.expire_all()
        found = queries.own_report(session, scene.actor, report.id)
        with statements() as seen:
            before = queries.rows_before(session, found)
            assert len(queries.late_courses(found, before)) == number
        counts.append(len(seen))
    assert counts == [1, 1]
