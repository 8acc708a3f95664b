"""Forms of a month offer the course types that hold in it, and keep the one that a course has."""

from datetime import date

import pytest
from sqlalchemy import select

from kursliste.infrastructure.codes import load_codes
from kursliste.infrastructure.database import transaction
from kursliste.intake.queries import code_tables_of
from kursliste.intake.sheet import read_sheets
from kursliste.models import CourseType, ReportedCourse
from kursliste.reporting.round_trip import read_table
from kursliste.reporting.workbook import build_workbook
from tests.reporting.sheets import Table
from tests.signing_in import sign_in

ENDED, TO_COME, HOLDS = "IK-ELTERN", "MIA", "KONV"


@pytest.fixture
def types(session):
    """One type that ended in November, one that begins in January, one that holds in December."""
    session.get_one(CourseType, ENDED).valid_until = date(2026, 11, 30)
    session.get_one(CourseType, TO_COME).valid_from = date(2027, 1, 1)
    session.get_one(CourseType, HOLDS).valid_until = date(2026, 12, 1)
    session.flush()


@pytest.fixture
def rita(client, session, scene):
    sign_in(client, session, scene.person)
    return client


def offered(page, name="course_type"):
    """Which of the three types stand to choose."""
    select_ = page.one(f"select[name={name}]")
    options = {option.get("value") for option in select_.iter("option")}
    return {ENDED, TO_COME, HOLDS} & options


def test_a_new_course_may_have_what_holds(rita, session, scene, types):
    report = scene.report()
    rita.get(f"/meldungen/{report.id}/kurse/neu")
    assert offered(rita.page, "art") == {HOLDS}
    rita.get(f"/meldungen/{report.id}/kurse/neu?art={HOLDS}")
    assert offered(rita.page) == {HOLDS}
    rita.submit("main form", 422, course_type=ENDED)
    rita.submit("main form", course_type=HOLDS, title="Sprachcafé")
    with transaction(session):
        [row] = session.scalars(select(ReportedCourse)).all()
        assert row.course_type == HOLDS


def test_an_ended_type_in_the_address_suggests_nothing(rita, scene, types):
    report = scene.report()
    rita.get(f"/meldungen/{report.id}/kurse/neu?art={ENDED}")
    assert rita.page.one("input[name=title]").get("value") == ""


def test_a_course_keeps_the_type_that_it_has(rita, session, scene, types):
    report = scene.report()
    row = scene.row(report, course_type=ENDED)
    rita.get(f"/meldungen/{report.id}/kurse/{row.id}")
    assert offered(rita.page) == {ENDED, HOLDS}
    rita.submit("main form", title="Elternkurs am Vormittag")
    session.expire_all()
    with transaction(session):
        found = session.get_one(ReportedCourse, row.id)
        assert (found.course_type, found.title) == (ENDED, "Elternkurs am Vormittag")


def test_a_new_run_of_an_ended_type_asks_for_another(rita, scene, types):
    report = scene.report()
    row = scene.row(report, course_type=ENDED)
    rita.get(f"/meldungen/{report.id}/kurse/neu?kopie={row.id}")
    assert offered(rita.page) == {HOLDS}
    assert "gibt es in diesem Monat nicht mehr." in rita.page.text()
    row = scene.row(report, course_type=HOLDS)
    rita.get(f"/meldungen/{report.id}/kurse/neu?kopie={row.id}")
    assert "gibt es in diesem Monat nicht mehr." not in rita.page.text()


def test_the_excel_table_offers_the_same_and_takes_more(session, scene, types):
    report = scene.report()
    scene.row(report, course_type="KOMM", title="Kreiskurs")
    codes, tables = load_codes(session), code_tables_of(session)
    labels = {code: codes.course_types[code].label for code in (ENDED, TO_COME, HOLDS)}
    table = Table(build_workbook(report, codes))
    listed = {cell.value for row in table.book["Listen"].iter_rows() for cell in row}
    assert {code for code, label in labels.items() if label in listed} == {HOLDS}
    table.type(6, "Titel", "Neuer Elternkurs")
    table.type(6, "Kursart", labels[ENDED])
    read = read_table(
        read_sheets(table.bytes(), "tabelle.xlsx"), report, codes=codes, tables=tables
    )
    new = read.rows[1]
    assert (new.facts["course_type"], new.misread) == (ENDED, ())
    assert new.notes["course_type"] == "Diese Kursart wird für Dezember 2026 nicht angeboten."
