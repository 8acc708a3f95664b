"""Whole lists: which rows are courses, what the list explains about itself, what is left over."""

from datetime import date, time
from decimal import Decimal

import pytest

from kursliste.domain.course import FIELDS
from kursliste.intake.cells import FileRefusedError
from kursliste.intake.understanding import to_json
from tests.intake.lists import (
    HEAD,
    NOVEMBER,
    ROW,
    SAMPLES,
    answer_sheet,
    sample,
    understood,
    workbook,
)
from tests.intake.scoring import score

LIST = [
    ("Sprachkurse im Landkreis – Standort Görlitz",),
    ("Stand: 02.11.2026",),
    ("Legende freie Plätze:", "freie Plätze", "ausgebucht"),
    (),
    (*HEAD, "Einstieg möglich?", "intern", "UE"),
    ("Integrationskurse (BAMF)",),
    (*ROW, "ja*", "2 Plätze freihalten", 700),
    (None, "Alpha-Kurs\nGR-A-12", "Alpha bis B1", "ab 11.01.2027", "Mo-Do vorm.", "s. o.", "voll",
     None, "nein", None, 1000),
    ("Weitere Angebote",),
    ("LHK", "Sprachcafé", "ab A2", "fortlaufend", "mittwochs 16–18 Uhr", "Plauderplatz 3", 2,
     "ohne Anmeldung", "jederzeit", None, None),
    ("Summe", None, None, None, None, None, 6),
    (),
    ("* Einstieg nur mit Einstufungstest",),
    ("LHK = Lernhaus Kornblume e. V., UE = Unterrichtseinheit (45 min)",),
    ("Angaben ohne Gewähr",),
]  # fmt: skip
COLOURS = [("B3", "C6E0B4"), ("C3", "F4A7A0"), ("G7", "C6E0B4"), ("G10", "F4A7A0")]


@pytest.fixture(scope="module")
def whole():
    """Return what a list with groups, merged cells, colours and footnotes says."""
    return understood(workbook(LIST, title="Görlitz", fills=COLOURS, hidden_columns=["J"]))


def test_a_course_is_read_with_its_headings_group_colour_footnote_and_hidden_column(whole):
    course = whole.courses[0]
    assert course.row == "Görlitz!7"
    assert course.values == {
        "provider": "Lernhof Beispiel e. V.",
        "course_group": "Integrationskurse",
        "course_type": "IK-ALLG",
        "title": "Allgemeiner Integrationskurs",
        "level_from": "A1",
        "level_to": "B1",
        "starts_on": date(2026, 9, 7),
        "ends_on": date(2027, 4, 30),
        "weekdays": ("Mo", "Di", "Mi", "Do", "Fr"),
        "time_from": time(8, 30),
        "time_until": time(12, 45),
        "street": "Wortweg 1",
        "postcode": "02826",
        "town": "Görlitz",
        "seats_free": 4,
        "status": "offen",
        "childcare": "ja",
        "late_entry": "ja",
        "placement_test": "nötig",
        "units_total": 700,
        "public_note": "mit Kinderbetreuung",
        "internal_note": "2 Plätze freihalten",
    }
    asked = {remark.attribute for remark in course.warnings}
    assert asked == {"internal_note", "late_entry", "placement_test", "status"}


def test_an_empty_provider_and_same_as_above_are_carried_over_and_named(whole):
    course = whole.courses[1]
    assert (course.values["provider"], course.values["street"], course.values["town"]) == (
        "Lernhof Beispiel e. V.",
        "Wortweg 1",
        "Görlitz",
    )
    assert course.values["provider_reference"] == "GR-A-12"
    assert {"provider", "street"} - {remark.attribute for remark in course.warnings} == set()


def test_short_names_towns_of_the_sheet_and_contradicting_colours(whole):
    course = whole.courses[2]
    assert course.values["provider"] == "Lernhaus Kornblume e. V."
    assert course.values["town"] == "Görlitz"
    assert "course_group" not in course.values
    assert "status" not in course.values
    assert {"status", "seats_free"} - {remark.attribute for remark in course.warnings} == set()


def test_every_other_row_is_named_with_what_it_is(whole):
    assert [(other.row, other.why) for other in whole.not_courses] == [
        ("Görlitz!1", "Kopf: Sprachkurse im Landkreis – Standort Görlitz"),
        ("Görlitz!2", "Kopf: Stand: 02.11.2026"),
        ("Görlitz!3", "Kopf: Legende freie Plätze: freie Plätze ausgebucht"),
        ("Görlitz!5", "Spaltenüberschriften"),
        ("Görlitz!6", "Gruppenzeile „Integrationskurse (BAMF)“"),
        ("Görlitz!9", "Gruppenzeile „Weitere Angebote“"),
        ("Görlitz!11", "Summenzeile"),
        ("Görlitz!13", "Fußnote"),
        ("Görlitz!14", "Legende"),
        ("Görlitz!15", "Fußzeile"),
    ]
    assert whole.not_understood == ()
    assert whole.as_of == date(2026, 11, 2)


def test_headings_in_two_rows_group_rows_of_providers_and_exams():
    found = understood(
        workbook(
            [
                ("Bezeichnung", "Stufe", "Zeitraum", None, "Unterricht", None, "Plätze", None),
                (None, None, "von", "bis", "Tage", "Zeit", "gesamt", "frei"),
                ("Volkshochschule Beispiel",),
                ("Einbürgerungstest", None, date(2027, 1, 16), None, "Sa", time(10), 30, 5),
                ("Kursort: Artern",),
                ("Deutsch B1.1", "B1.1", date(2027, 2, 1), date(2027, 6, 1), "Di", "17-19", 12, 3),
            ]
        )
    )
    first, second = found.courses
    assert first.values == {
        "provider": "Volkshochschule Beispiel",
        "course_type": "PRUEF",
        "title": "Einbürgerungstest",
        "starts_on": date(2027, 1, 16),
        "weekdays": ("Sa",),
        "time_from": time(10),
        "seats_total": 30,
        "seats_free": 5,
        "exams": ("EBT",),
        "exam_on": date(2027, 1, 16),
    }
    assert (second.values["town"], second.values["seats_total"]) == ("Artern", 12)
    assert [other.row for other in found.not_courses] == [
        "Kurse!1", "Kurse!2", "Kurse!3", "Kurse!5",
    ]  # fmt: skip


MODULES = [
    ("Kurs", "Träger", "Kursbeginn", "akt. Modul", "Modul / Abschnitt\nvon", "bis",
     "TN\nist / max"),
    ("IK allgemein\nWE-26-02", "VHS", date(2026, 4, 13), "M 6", date(2026, 10, 26),
     date(2026, 11, 27), "22/25"),
    (None, None, None, "M 7", date(2026, 11, 30), date(2027, 1, 15), None),
    ("BSK B2", "VHS", date(2026, 9, 28), None, date(2026, 9, 28), date(2027, 2, 12), "24/25"),
]  # fmt: skip
CONTACTS = [
    ("Kontakte",),
    ("Kürzel", "Träger", "Straße", "PLZ, Ort", "wer", "Telefon", "Mail", "Sprechzeit"),
    ("VHS", "Volkshochschule Ilmbogen", "Adverbgasse 2", "99423 Weimar", "Frau Morgenrot",
     "03643 000-120", "vhs@ilmbogen.example", "Mo 9–12 Uhr"),
]  # fmt: skip
CHART = [
    ("Kurs", "Träger", date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)),
    ("IK allgemein WE-26-02", "VHS"),
    ("IK WE-27-02", "VHS"),
]


def test_further_modules_are_no_courses_and_end_no_course():
    found = understood(
        workbook(
            MODULES,
            merges=["A2:A3", "B2:B3", "C2:C3", "G2:G3"],
            more=[("Kontakte", "visible", CONTACTS), ("Balken", "visible", CHART)],
        )
    )
    first, second = found.courses
    assert first.values == {
        "provider": "Volkshochschule Ilmbogen",
        "course_type": "IK-ALLG",
        "title": "IK allgemein",
        "provider_reference": "WE-26-02",
        "current_module": 6,
        "starts_on": date(2026, 4, 13),
        "seats_taken": 22,
        "seats_total": 25,
    }
    assert second.values["ends_on"] == date(2027, 2, 12)
    assert [(other.row, other.why) for other in found.not_courses] == [
        ("Kurse!1", "Spaltenüberschriften"),
        ("Kurse!3", "folgendes Modul zu Kurse!2"),
        ("Kontakte!1", "Kopf: Kontakte"),
        ("Kontakte!2", "Spaltenüberschriften"),
        ("Kontakte!3", "Trägerliste: Volkshochschule Ilmbogen"),
        ("Balken!1", "Spaltenüberschriften"),
        ("Balken!2", "Balken, wiederholt den Kurs „IK allgemein WE-26-02“"),
        (
            "Balken!3",
            "Balken ohne Zeile in der Kurstabelle: „IK WE-27-02“. Bitte nachfragen.",
        ),
    ]
    assert to_json(found)["providers"] == [
        {
            "row": "Kontakte!3",
            "name": "Volkshochschule Ilmbogen",
            "short": "VHS",
            "street": "Adverbgasse 2",
            "postcode": "99423",
            "town": "Weimar",
            "contact_name": "Frau Morgenrot",
            "contact_phone": "03643 000-120",
            "contact_email": "vhs@ilmbogen.example",
            "office_hours": "Mo 9–12 Uhr",
        }
    ]


def test_a_hidden_sheet_is_named_and_not_taken_over():
    found = understood(workbook([HEAD, ROW], more=[("Okt_alt", "hidden", [HEAD, ROW, ROW])]))
    assert [course.row for course in found.courses] == ["Kurse!2"]
    assert found.remarks == (
        "Das Blatt „Okt_alt“ ist ausgeblendet und wurde nicht übernommen.",
    )  # fmt: skip


def test_a_column_that_nobody_knows_and_two_columns_that_differ_are_named():
    head = (*HEAD, "Farbe des Flyers", "Hinweise", "Kosten")
    row = (*ROW[:-1], "kostenfrei", "grün", "Aufzug vorhanden", "20 €")
    found = understood(workbook([head, row]))
    assert [(n.row, n.column) for n in found.not_understood] == [("Kurse!1", "Farbe des Flyers")]
    values = found.courses[0].values
    assert values["public_note"] in {"kostenfrei; Aufzug vorhanden", "Aufzug vorhanden; kostenfrei"}
    assert values["price_eur"] == Decimal("20.00")
    assert "price_eur" in {remark.attribute for remark in found.courses[0].warnings}


def test_a_row_without_a_title_is_not_lost():
    found = understood(workbook([HEAD, ROW, ("X e. V.", None, "B1", "ab 1.2.27", "Mo", None, 3)]))
    assert [(n.row, n.why) for n in found.not_understood] == [
        ("Kurse!3", "Die Zeile nennt weder Titel noch Kursart.")
    ]


def test_doubts_about_time_length_and_state():
    old = (*ROW[:3], "05.01.2026 – 30.10.2026", *ROW[4:])
    backward = (ROW[0], "x" * 151, *ROW[2:3], "30.04.2027", *ROW[4:])
    found = understood(workbook([HEAD, old, backward]))
    asked = [{remark.attribute for remark in course.warnings} for course in found.courses]
    assert asked == [{"status"}, {"title", "course_type"}]
    assert len(str(found.courses[1].values["title"])) == 151


def test_the_report_has_the_shape_that_scripts_rely_on():
    found = understood(workbook([HEAD, (*ROW[:6], "blau", "126,50 €")]))
    report = to_json(found)
    assert report["courses"] == [
        {
            "row": "Kurse!2",
            "title": "Allgemeiner Integrationskurs",
            "course_type": "IK-ALLG",
            "provider": "Lernhof Beispiel e. V.",
            "level_from": "A1",
            "level_to": "B1",
            "starts_on": "2026-09-07",
            "ends_on": "2027-04-30",
            "weekdays": ["Mo", "Di", "Mi", "Do", "Fr"],
            "time_from": "08:30",
            "time_until": "12:45",
            "street": "Wortweg 1",
            "postcode": "02826",
            "town": "Görlitz",
            "price_eur": 126.5,
            "public_note": "126,50 €",
            "warnings": [
                {
                    "attribute": "seats_free",
                    "value": "blau",
                    "why": "Das ist keine Zahl; die Zahl der freien Plätze bleibt unbekannt.",
                }
            ],
        }
    ]
    assert report["not_courses"] == [{"row": "Kurse!1", "why": "Spaltenüberschriften"}]
    assert report["not_understood"] == []


@pytest.mark.parametrize("rows", [[("nur", "zwei"), ("Worte", "hier")], [("Ein Satz.",)]])
def test_a_file_without_a_table_of_courses_is_refused(rows):
    with pytest.raises(FileRefusedError) as caught:
        understood(workbook(rows))
    assert caught.value.reason.startswith("In der Datei ist kein Blatt mit einer Kurstabelle")


FULL_HEAD = (
    "Träger;Kursart;Titel;Kurskennung;Niveau von;Niveau bis;Modul;UE;Beginn;Ende;Tage;Zeit von;"
    "Zeit bis;Form;Straße;PLZ;Ort;Plätze max;belegt;frei;Status;Quereinstieg;Kinderbetreuung;"
    "Zugang;Ansprechperson;Telefon;E-Mail;Bemerkung"
)
FULL_ROW = (
    "VHS Muster;BSK-B2;Berufssprachkurs B2;ZI-B2-3;B1;B2;2;500;01.02.2027;02.07.2027;Mo,Di,Mi;"
    "08:00;12:15;Hybrid;Beispielweg 11;02763;Zittau;25;11;14;in Planung;nein;nein;"
    "Teilnahmeberechtigung BSK;B. Muster;03583 000-20;kurse@vhs.example;startet ab 15 Anmeldungen"
)


def test_a_clean_text_list_is_read_completely():
    found = understood(f"{FULL_HEAD}\r\n{FULL_ROW}\r\n".encode("utf-8-sig"), "liste.csv")
    assert found.courses[0].values == {
        "provider": "VHS Muster",
        "course_type": "BSK-B2",
        "title": "Berufssprachkurs B2",
        "provider_reference": "ZI-B2-3",
        "level_from": "B1",
        "level_to": "B2",
        "current_module": 2,
        "units_total": 500,
        "starts_on": date(2027, 2, 1),
        "ends_on": date(2027, 7, 2),
        "weekdays": ("Mo", "Di", "Mi"),
        "time_from": time(8),
        "time_until": time(12, 15),
        "delivery": "hybrid",
        "street": "Beispielweg 11",
        "postcode": "02763",
        "town": "Zittau",
        "seats_total": 25,
        "seats_taken": 11,
        "seats_free": 14,
        "seats_min": 15,
        "status": "geplant",
        "late_entry": "nein",
        "childcare": "nein",
        "admission": ("Teilnahmeberechtigung BSK",),
        "contact_name": "B. Muster",
        "contact_phone": "03583 000-20",
        "contact_email": "kurse@vhs.example",
        "public_note": "startet ab 15 Anmeldungen",
    }


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples lie beside the repository")
@pytest.mark.parametrize("name", ["nordhausen", "goerlitz", "weimar"])
def test_the_sample_lists_are_understood_as_a_careful_human_does(name):
    stem = f"liste-{name}-{NOVEMBER}"
    found = understood(sample(f"{stem}.xlsx"))
    expected = answer_sheet(f"{stem}.expected.json")
    result = score(found, expected)
    assert (result.missing, result.invented, result.unnamed, result.wrong) == ([], [], [], [])
    wanted = {row["row"]: row for row in expected.get("providers", [])}
    assert {row["row"]: row for row in to_json(found)["providers"]} == wanted


def test_a_provider_with_its_address_in_one_cell_and_seats_as_free_of_all():
    head = ("Nr.", "Träger", "Kurs", "Beginn", "Plätze frei/gesamt", "Stand")
    provider = "Berufsförderung\nKiefernhain gGmbH\nFrau Tann\nTel. 03588 000-77\nBüro im Hof"
    found = understood(
        workbook([head, ("GR-7", provider, "Orientierungskurs", "02/2027", "4/25", "1.11.")])
    )
    course = found.courses[0]
    assert course.values == {
        "provider": "Berufsförderung Kiefernhain gGmbH",
        "provider_reference": "GR-7",
        "course_type": "IK-ORIENT",
        "title": "Orientierungskurs",
        "start_kind": "voraussichtlich",
        "start_note": "02/2027",
        "seats_free": 4,
        "seats_total": 25,
        "contact_name": "Frau Tann",
        "contact_phone": "03588 000-77",
    }
    asked = {(remark.attribute, remark.why) for remark in course.warnings}
    assert asked == {
        ("contact_name", "Nicht übernommen: Büro im Hof."),
        ("starts_on", "Hier steht kein Tag; bitte den Beginn erfragen."),
    }
    why = "ist keine Angabe zu einem Kurs und wurde nicht übernommen."
    assert found.remarks == (f"Blatt „Kurse“: Die Spalte „Stand“ {why}",)


def test_a_sheet_for_one_provider_and_a_column_without_heading():
    rows = [("Lernhof Kirschbach e. V.",), HEAD[1:], (*ROW[1:], "Raum wechselt"), (*ROW[1:],)]
    found = understood(workbook(rows))
    assert {course.values["provider"] for course in found.courses} == {"Lernhof Kirschbach e. V."}
    assert [(n.row, n.value, n.why) for n in found.not_understood] == [
        ("Kurse!3", "Raum wechselt", "Die Spalte hat keine Überschrift.")
    ]


DIRTY = (
    "Übersicht Deutschkurse;;;;;;;;\n"
    "Stand: 15.11.26;;;;;;;;Angaben ohne Gewähr!\n"
    "Träger / Ansprechpartner;Kurs;Niveau;Zeitraum;Unterrichtstage/-zeiten;Kursort/Adresse;"
    "freie Plätze;Quereinstieg;Bemerkungen\n"
    '"Bildungswerk Neißetal gGmbH\nHerr Muster\nkurse@bw.example";Alpha-IK;Alpha;'
    "laufend bis 25.06.27;Mo-Do vorm.;Beispielweg 11 02763 Zittau;voll (Warteliste 4);x;\n"
    "BW Neißetal;DeuFöV B2;B2;vsl. Februar 2027;Mo-Fr 8-12.15;Zittau / online;noch 14;nein;"
    "startet ab 15 TN\n"
)


def test_a_dirty_text_list_of_an_old_excel():
    first, second = understood(DIRTY.encode("cp1252"), "liste.csv").courses
    assert first.values == {
        "provider": "Bildungswerk Neißetal gGmbH",
        "course_type": "IK-ALPHA",
        "title": "Alpha-IK",
        "level_to": "Alpha",
        "start_kind": "laufender Einstieg",
        "start_note": "laufend bis 25.06.27",
        "ends_on": date(2027, 6, 25),
        "weekdays": ("Mo", "Di", "Mi", "Do"),
        "time_of_day": "vormittags",
        "street": "Beispielweg 11",
        "postcode": "02763",
        "town": "Zittau",
        "seats_free": 0,
        "status": "warteliste",
        "waiting_list": "ja",
        "waiting_count": 4,
        "late_entry": "ja",
        "contact_name": "Herr Muster",
        "contact_email": "kurse@bw.example",
    }
    assert second.values == {
        "provider": "Bildungswerk Neißetal gGmbH",
        "course_type": "BSK-B2",
        "title": "DeuFöV B2",
        "level_to": "B2",
        "start_kind": "voraussichtlich",
        "start_note": "vsl. Februar 2027",
        "weekdays": ("Mo", "Di", "Mi", "Do", "Fr"),
        "time_from": time(8),
        "time_until": time(12, 15),
        "town": "Zittau",
        "delivery": "hybrid",
        "seats_free": 14,
        "seats_min": 15,
        "late_entry": "nein",
        "public_note": "startet ab 15 TN",
    }


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples lie beside the repository")
def test_the_sample_text_lists_leave_nothing_unread():
    clean = understood(sample("fixture_kursliste_sauber.csv"), "fixture_kursliste_sauber.csv")
    dirty = understood(sample("fixture_kursliste_unsauber_cp1252.csv"), "unsauber.csv")
    assert (len(clean.courses), clean.not_understood) == (10, ())
    assert [course.row for course in dirty.courses] == [
        "csv!6", "csv!7", "csv!8", "csv!10", "csv!12", "csv!13", "csv!14",
    ]  # fmt: skip
    assert dirty.not_understood == ()


def test_an_exported_list_is_read_back_by_its_own_headings():
    fields = [field for field in FIELDS if field.attribute in OWN_VALUES]
    cells = [OWN_VALUES[field.attribute] for field in fields]
    found = understood(workbook([[field.heading for field in fields], cells]))
    values = found.courses[0].values
    assert {name: values.get(name) for name in OWN_VALUES} == OWN_VALUES | {
        "weekdays": ("Mo", "Di"),
        "admission": ("Berechtigungsschein",),
        "price_eur": Decimal("12.50"),
    }


OWN_VALUES: dict[str, object] = {
    "course_id": "k7f3",
    "provider": "Lernhof Beispiel e. V.",
    "course_group": "Integrationskurse",
    "course_type": "IK-ALLG",
    "title": "Allgemeiner Integrationskurs",
    "level_from": "A1",
    "level_to": "B1",
    "start_kind": "fester Termin",
    "starts_on": date(2026, 9, 7),
    "ends_on": date(2027, 4, 30),
    "weekdays": "Mo, Di",
    "time_from": time(8, 30),
    "time_until": time(12, 45),
    "delivery": "Präsenz",
    "venue_name": "Haus der Jugend",
    "street": "Wortweg 1",
    "postcode": "02826",
    "town": "Görlitz",
    "wheelchair": "teilweise",
    "seats_total": 25,
    "seats_taken": 20,
    "seats_free": 5,
    "status": "offen",
    "late_entry": "nach Rücksprache",
    "placement_test": "nötig",
    "register_by": date(2026, 9, 1),
    "admission": "Berechtigungsschein",
    "self_payer": "ja",
    "funder": "BAMF (BMI)",
    "price_eur": 12.5,
    "childcare": "auf Anfrage",
    "travel_costs": "auf Antrag",
    "contact_name": "Anmeldung Deutschkurse",
    "contact_phone": "03581 000-10",
    "contact_email": "kurse@lernhof.example",
    "link": "https://lernhof.example",
    "public_note": "ruhige Gruppe",
    "internal_note": "Raum offen",
    "visibility": "öffentlich",
}
