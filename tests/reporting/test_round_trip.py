"""What an uploaded table is understood to say."""

from datetime import date, time
from decimal import Decimal

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.course import (
    Childcare,
    CourseStatus,
    Delivery,
    LateEntry,
    PlacementTest,
    StartKind,
    TimeOfDay,
    TravelCosts,
    Visibility,
    Wheelchair,
    YesNo,
)
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure.codes import load_codes
from kursliste.intake.cells import FileRefusedError
from kursliste.intake.queries import code_tables_of
from kursliste.intake.sheet import read_sheets
from kursliste.models import ProviderDistrict
from kursliste.reporting.round_trip import read_table
from kursliste.reporting.sheet_cells import letters
from kursliste.reporting.sheet_layout import Mark, read_mark
from kursliste.reporting.workbook import build_workbook
from tests import builders
from tests.reporting.sheets import Table

EVERYTHING = {
    "title": "Morgenkurs am Markt",
    "course_type": "IK-ALLG",
    "level_from": "A2",
    "level_to": "B1",
    "current_module": 3,
    "units_total": 700,
    "start_kind": StartKind.EXPECTED,
    "starts_on": date(2026, 9, 7),
    "start_note": "ab 15 Anmeldungen",
    "weekdays": ("Mo", "Mi"),
    "time_from": time(8, 30),
    "time_until": time(12, 0),
    "street": "Am Bogen",
    "venue_name": "=1+1",
    "postcode": "02826",
    "seats_total": 16,
    "seats_taken": 10,
    "seats_free": 6,
    "late_entry": LateEntry.YES,
    "audience": ("Eltern", "Frauen"),
    "price_eur": Decimal("229.50"),
    "contact_phone": "+49 3583 000-20",
    "contact_email": "kurs@example.org",
    "link": "https://example.org/a",
    "public_note": "- erste Zeile\nzweite Zeile _x0041_",
}

THE_REST = {
    "provider_reference": "IK-7",
    "bamf_reference": "12-345-67",
    "units_per_week": 20,
    "ends_on": date(2027, 6, 1),
    "breaks_note": "21.12.–03.01.",
    "times_note": "nach Vereinbarung",
    "time_of_day": TimeOfDay.MORNING,
    "delivery": Delivery.SELF_STUDY,
    "town": "Görlitz, Nord",
    "wheelchair": Wheelchair.PARTLY,
    "seats_min": 8,
    "waiting_list": YesNo.NO,
    "waiting_count": 0,
    "late_entry_from": "Modul 4",
    "placement_test": PlacementTest.NOT_NEEDED,
    "register_by": date(2026, 9, 1),
    "admission": ("Berechtigungsschein", "Selbstzahler"),
    "self_payer": YesNo.YES,
    "funder": "BAMF",
    "price_note": "frei mit Schein",
    "childcare": Childcare.ON_REQUEST,
    "travel_costs": TravelCosts.ON_APPLICATION,
    "exams": ("DTZ", "LiD"),
    "exam_on": date(2027, 6, 12),
    "contact_name": "Anmeldung",
    "internal_note": "nur für die Koordination",
    "visibility": Visibility.PROFESSIONALS,
}
CONFIRMATION = ("confirmed_on", "confirmed_by", "confirmed_how")


class Trip:
    def __init__(self, session, report) -> None:
        self.session, self.report = session, report
        self.codes, self.tables = load_codes(session), code_tables_of(session)
        self.table = Table(build_workbook(report, self.codes))

    def read(self):
        sheets = read_sheets(self.table.bytes(), "tabelle.xlsx")
        return read_table(sheets, self.report, codes=self.codes, tables=self.tables)

    def typed(self, heading, value):
        """The first row after one value was typed into it."""
        self.table.type(5, heading, value)
        return self.read().rows[0]


@pytest.fixture
def report(scene):
    report = scene.report()
    scene.row(report, **EVERYTHING)
    scene.row(report, title="Abendkurs")
    return report


@pytest.fixture
def trip(session, report):
    return Trip(session, report)


def refusal(trip):
    with pytest.raises(FileRefusedError) as refused:
        trip.read()
    return refused.value.reason.split(". Laden Sie")[0]


def test_an_untouched_table_changes_nothing(trip):
    read = trip.read()
    assert [(row.number, row.facts, row.misread, row.is_stale) for row in read.rows] == [
        (5, {}, (), False),
        (6, {}, (), False),
    ]
    assert (read.missing, read.remarks) == ((), ())


def test_every_column_comes_back_as_it_was(session, scene):
    """A copy of a row is read cell by cell, by nobody who knows what was written."""
    report = scene.report()
    row = scene.row(report, **EVERYTHING, **THE_REST)
    facts = {name: value for name, value in row.facts().items() if name not in CONFIRMATION}
    assert [name for name, value in facts.items() if value is None] == []
    trip = Trip(session, report)
    assert trip.read().rows[0].facts == {}
    trip.table.sheet.cell(5, 1).value = None
    copy = trip.read().rows[0]
    assert (copy.row_id, copy.misread, dict(copy.notes)) == (None, (), {})
    assert dict(copy.facts) == facts


@pytest.mark.parametrize(
    ("heading", "typed", "facts", "note"),
    [
        ("Beginn", "14.9.2026", {"starts_on": date(2026, 9, 14)}, None),
        ("Beginn", date(2026, 9, 14), {"starts_on": date(2026, 9, 14)}, None),
        ("Zeit von", "9 Uhr", {"time_from": time(9, 0)}, "„9 Uhr“ als 09:00 gelesen."),
        ("Modul", "M 4", {"current_module": 4}, "„M 4“ als 4 gelesen."),
        ("Status", "beendet", {"status": CourseStatus.ENDED}, None),
        ("Status", "voll", {"status": CourseStatus.FULL}, "„voll“ als ausgebucht gelesen."),
        ("Tage", "montags, Fr", {"weekdays": ("Mo", "Fr")}, "„montags, Fr“ als Mo, Fr gelesen."),
        ("Kosten", "1.234,50 €", {"price_eur": Decimal("1234.50")}, None),
        ("Kosten", None, {"price_eur": None}, None),
        ("Zielgruppe", "Frauen; Eltern", {"audience": ("Frauen", "Eltern")}, None),
        ("PLZ", 2827, {"postcode": "02827"}, None),
        ("Straße", "Neue Gasse", {"street": "Neue Gasse"}, None),
        ("Kursort", "=2+2", {"venue_name": "=2+2"}, None),
        ("Niveau bis", "B2", {"level_to": "B2"}, None),
        ("Kursart", "Alphabetisierungskurs", {"course_type": "IK-ALPHA"}, None),
        ("Ansprechperson", 12, {"contact_name": "12"}, None),
    ],
)
def test_a_typed_value_and_how_it_is_understood(trip, heading, typed, facts, note):
    row = trip.typed(heading, typed)
    assert (dict(row.facts), row.misread) == (facts, ())
    if note is not None:
        assert list(row.notes.values()) == [note]


def test_free_seats_follow(trip):
    row = trip.typed("belegt", 12)
    assert (dict(row.facts), dict(row.notes)) == (
        {"seats_taken": 12, "seats_free": 4},
        {"seats_free": "folgt aus den anderen Platzzahlen"},
    )


def test_words_fill_other_columns_only_where_these_are_empty(trip):
    trip.table.type(6, "frei", "ausgebucht").type(6, "Status", None)
    trip.table.type(5, "frei", "ausgebucht")
    full, also = trip.read().rows
    assert dict(full.facts) == {"seats_free": 0}
    assert also.facts["status"] is CourseStatus.FULL
    assert also.notes["status"] == "aus der Spalte „frei“"


@pytest.mark.parametrize(
    ("heading", "typed", "why"),
    [
        ("Beginn", "31.02.2027", ("Den 31.02.2027 gibt es nicht. Schreiben Sie das Datum so: "
         "15.01.2027.")),
        ("frei", 1000, ("Die Zahl muss zwischen 0 und 999 liegen. Schreiben Sie nur eine ganze "
         "Zahl von 0 bis 999.")),
        ("Status", "=1+1", ("Das ist eine Formel und keine Angabe. Wählen Sie einen Eintrag aus "
         "der Liste der Zelle.")),
        ("Kursart", "Töpfern", ("Diese Kursart ist nicht bekannt. Wählen Sie einen Eintrag aus "
         "der Liste der Zelle.")),
        ("E-Mail", "kurs", ("Das ist keine E-Mail-Adresse. Eine E-Mail-Adresse hat die Form "
         "name@beispiel.de.")),
        ("Titel", None, "Diese Angabe darf nicht fehlen."),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named_and_left(trip, heading, typed, why):
    row = trip.typed(heading, typed)
    assert dict(row.facts) == {}
    assert [(one.heading, one.why) for one in row.misread] == [(heading, why)]


def test_a_cell_is_named_as_a_spreadsheet_does(trip):
    (misread,) = trip.typed("frei", "xx yy zz 12 ab").misread or (None,)
    assert [letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip
    assert misread is None or misread.cell == "E5"


def test_a_formula_without_a_value_is_named(trip):
    trip.table.sheet.cell(5, trip.table.column("frei")).value = "=A1+1"
    (misread,) = trip.read().rows[0].misread
    assert misread.why.startswith("Hier steht eine Formel ohne gespeicherten Wert.")


def test_a_row_that_contradicts_itself_stays_whole(trip):
    trip.table.type(5, "Ende", date(2026, 1, 1)).type(5, "belegt", 2)
    row = trip.read().rows[0]
    assert (dict(row.facts), row.is_refused) == ({}, True)
    assert [one.attribute for one in row.misread] == ["ends_on"]
    assert row.misread[0].why.endswith("Die ganze Zeile bleibt, wie sie ist.")


def test_columns_in_any_order_extra_and_missing_ones(trip):
    table = trip.table
    table.type(5, "belegt", 11)
    table.sheet.cell(4, table.column("UE")).value = "Meine Notizen"
    table.reorder(lambda heading: str(heading)[::-1])
    read = trip.read()
    assert [dict(row.facts) for row in read.rows] == [{"seats_taken": 11, "seats_free": 5}, {}]
    assert read.remarks == (
        "Die Spalte „Meine Notizen“ kennen wir nicht. Sie wurde nicht gelesen.",
    )


@pytest.mark.parametrize("way", ["deleted", "emptied", "all but the title"])
def test_a_row_left_out_is_asked_about(trip, report, way):
    if way == "deleted":
        trip.table.delete(5)
    else:
        trip.table.empty(5, but=(1, 2) if way == "emptied" else (1, 2, 3))
    read = trip.read()
    assert (len(read.rows), read.missing) == (1, (report.courses[0].id,))


def test_a_new_row_is_a_new_course(trip):
    trip.table.put(7, Kursart="Alphabetisierungskurs", frei=4).type(7, "Beginn", "01.02.2027")
    row = trip.read().rows[2]
    assert (row.row_id, row.is_refused, row.misread) == (None, False, ())
    assert dict(row.facts) == {
        "title": trip.codes.words.course_types["IK-ALPHA"],
        "course_type": "IK-ALPHA",
        "seats_free": 4,
        "starts_on": date(2027, 2, 1),
    }


def test_a_new_row_without_a_course_type_cannot_be_taken_over(trip):
    trip.table.put(7, Titel="Neu")
    row = trip.read().rows[2]
    assert (row.is_refused, dict(row.facts)) == (True, {})
    assert [(one.cell, one.heading) for one in row.misread] == [("Zeile 7", "Kursart")]


def test_a_copied_row_is_a_new_course(trip):
    values = [cell.value for cell in trip.table.sheet[5]]
    for column, value in enumerate(values, start=1):
        trip.table.sheet.cell(7, column).value = value
    row = trip.read().rows[2]
    assert (row.row_id, row.facts["title"]) == (None, "Morgenkurs am Markt")
    assert row.notes["title"] == "Kopie einer Zeile darüber: als neuer Kurs gelesen"


def test_a_course_of_somebody_else_is_left_out(trip):
    trip.table.sheet.cell(7, 1).value = "FREMD-123456"
    trip.table.put(7, Titel="Fremder Kurs")
    row = trip.read().rows[2]
    assert (row.is_refused, row.misread[0].typed) == (True, "FREMD-123456")


def test_a_row_that_changed_meanwhile_is_marked(trip, session, report):
    report.courses[0].seats_taken = 3
    session.flush()
    assert [row.is_stale for row in trip.read().rows] == [True, False]


def test_only_what_the_person_changed_is_a_change(trip, session, report):
    """Somebody else's change since the download is not taken back by an untouched cell."""
    report.courses[0].seats_min = 5
    report.courses[0].title = "Neuer Name"
    session.flush()
    row = trip.typed("belegt", 12)
    assert (dict(row.facts), row.is_stale) == ({"seats_taken": 12, "seats_free": 4}, True)
    del trip.table.book["Stand"]
    assert trip.read().rows[0].facts.keys() == {
        "seats_taken", "seats_free", "seats_min", "title",
    }  # fmt: skip


def test_ended_courses_are_not_asked_about(session, report, scene):
    scene.row(report, title="Alter Kurs", status=CourseStatus.ENDED)
    assert Trip(session, report).read().missing == ()


def test_the_table_of_another_month(trip, session, scene):
    november = scene.november()
    trip.report = november
    assert refusal(trip) == (
        "Das ist die Tabelle für Dezember 2026. Diese Meldung ist für November 2026"
    )


def test_the_table_of_another_provider(trip, session, scene):
    other = builders.a_provider(session, scene.district, name="Lernhaus Kornblume")
    trip.report = builders.a_report(session, scene.opened, other, ReportStatus.DRAFT)
    assert refusal(trip) == (
        "Das ist die Tabelle eines anderen Trägers. Diese Meldung ist von Lernhaus Kornblume"
    )


def test_the_table_for_another_list(trip, session, scene):
    weimar = builders.a_district(session, "weimar")
    session.add(ProviderDistrict(provider_id=scene.provider.id, district_id=weimar.id))
    session.flush()
    opened = builders.a_round(session, builders.a_list(session, weimar))
    trip.report = builders.a_report(session, opened, scene.provider, ReportStatus.DRAFT)
    assert refusal(trip) == (
        "Das ist die Tabelle für eine andere Liste. Diese Meldung ist für Landkreis Weimar"
    )


def test_a_foreign_file_and_a_broken_head(trip):
    table = trip.table
    table.sheet["A4"].value = None
    assert refusal(trip).startswith("In der Tabelle fehlt die ausgeblendete Spalte „Kurs-ID“")
    table.sheet.delete_rows(4)
    assert refusal(trip) == "In der Datei fehlt die Zeile mit den Überschriften"
    table.sheet["A1"].value = table.book["Listen"]["A1"].value = None
    assert refusal(trip) == (
        "Diese Datei ist nicht die Tabelle, die es hier zum Herunterladen gibt"
    )


def test_marks_come_back():
    mark = Mark(Month(2026, 12), 5, 17)
    assert read_mark(f" {mark} ") == mark
    assert read_mark("kursliste-Meldung 2026-13 Träger 5 Nr. 17") is None
    assert read_mark("etwas anderes") is None
