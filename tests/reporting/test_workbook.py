"""The prefilled Excel table: what stands where, what is locked, and that text stays text."""

import io
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest

from kursliste.domain.course import CourseStatus, LateEntry
from kursliste.infrastructure.codes import load_codes
from kursliste.reporting.sheet_layout import COLUMNS, mark_of
from kursliste.reporting.workbook import HELP, NEW_ROWS, build_workbook


@pytest.fixture
def report(scene):
    report = scene.report()
    scene.row(
        report,
        title="Morgenkurs",
        course_type="IK-ALLG",
        level_to="B1",
        starts_on=date(2026, 9, 7),
        time_from=time(8, 30),
        weekdays=("Mo", "Mi"),
        seats_total=16,
        seats_taken=10,
        seats_free=6,
        late_entry=LateEntry.YES,
        price_eur=Decimal("229.50"),
        postcode="02826",
    )
    scene.row(report, title='=HYPERLINK("http://boese.example")', public_note="_x0041_ und -1")
    scene.row(report, title="Alter Kurs", status=CourseStatus.ENDED)
    return report


@pytest.fixture
def book(session, report):
    return openpyxl.load_workbook(io.BytesIO(build_workbook(report, load_codes(session))))


def column_of(sheet, heading):
    return next(cell.column for cell in sheet[4] if cell.value == heading)


def cell(sheet, row, heading):
    return sheet.cell(row, column_of(sheet, heading))


def test_a_row_for_each_course_that_goes_on(book, report):
    sheet = book["Kurse"]
    assert [one.value for one in sheet[4]] == [
        "Kurs-ID",
        "Fassung",
        *(field.heading for field in COLUMNS),
    ]
    assert [one.value for one in sheet[4]][2:8] == [
        "Titel",
        "belegt",
        "frei",
        "Status",
        "Modul",
        "Quereinstieg",
    ]
    keys = [sheet.cell(row, 1).value for row in range(5, 9)]
    assert keys == [report.courses[0].course_id, report.courses[1].course_id, None, None]
    assert sheet.max_row == 4 + 2 + NEW_ROWS


def test_values_have_their_kind(book):
    sheet = book["Kurse"]
    told = {
        heading: cell(sheet, 5, heading).value
        for heading in ("Beginn", "Zeit von", "belegt", "Kosten", "PLZ", "Tage", "Status")
    }
    assert told == {
        "Beginn": datetime(2026, 9, 7),
        "Zeit von": time(8, 30),
        "belegt": 10,
        "Kosten": 229.5,
        "PLZ": "02826",
        "Tage": "Mo, Mi",
        "Status": "Anmeldung möglich",
    }
    assert cell(sheet, 5, "Beginn").number_format == "DD.MM.YYYY"
    assert cell(sheet, 5, "PLZ").number_format == "@"


def test_text_is_never_a_formula(book):
    title = cell(book["Kurse"], 6, "Titel")
    assert (title.value, title.data_type, title.quotePrefix) == (
        '=HYPERLINK("http://boese.example")',
        "s",
        True,
    )
    assert cell(book["Kurse"], 6, "Bemerkung").value == "_x005F_x0041_ und -1"


def test_only_what_may_change_is_unlocked(book):
    sheet = book["Kurse"]
    assert (sheet.protection.sheet, sheet.protection.password) == (True, None)
    locked = [one.protection.locked for one in sheet[5]]
    assert locked[:4] == [True, True, True, False]
    fixed = [cell(sheet, 5, name).protection.locked for name in ("Titel", "Kursart", "frei")]
    assert fixed == [True, True, False]
    new = [cell(sheet, 7, name).protection.locked for name in ("Kurs-ID", "Titel", "Kursart")]
    assert new == [True, False, False]
    assert [sheet.column_dimensions[letter].hidden for letter in "ABC"] == [True, True, False]
    assert sheet.freeze_panes == "D5"


def test_what_is_asked_each_month_is_said_in_words(book):
    band = [one.value for one in book["Kurse"][3]]
    assert [text for text in band if text] == [
        "Kurs (fest)",
        "JEDEN MONAT PRÜFEN",
        "NUR ÄNDERN, WAS NEU IST",
    ]
    assert band[3] == "JEDEN MONAT PRÜFEN"


def test_choices_are_offered_by_name(book):
    sheet = book["Kurse"]
    letter = cell(sheet, 5, "Status").column_letter
    offered = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert offered[f"{letter}5:{letter}26"] == "Auswahl_status"
    place = book.defined_names["Auswahl_status"].attr_text
    assert place.startswith("Listen!$")
    first = place.split("!")[1].split(":")[0].replace("$", "")
    assert (book["Listen"][first].value, book["Listen"].sheet_state) == ("in Planung", "hidden")


def test_it_says_whose_it_is_and_how_it_goes(book, report):
    assert book["Kurse"]["A1"].value == str(mark_of(report))
    assert book["Listen"]["A1"].value == str(mark_of(report))
    assert book["Kurse"]["C1"].value == "Meldung für Dezember 2026: Volkshochschule Neißebogen"
    told = [row[0].value for row in book["Hilfe"].iter_rows(min_row=3)]
    assert told == [f"{number}. {text}" for number, text in enumerate(HELP, start=1)]
    assert len(told) == 5
