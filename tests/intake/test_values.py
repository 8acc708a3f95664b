"""What single cells say: each kind of value, in the spellings of DOMAIN.md section 9."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from kursliste.domain.calendar import Month
from kursliste.intake.cellwise import SKIPPED
from kursliste.intake.columns import READERS, Ground
from kursliste.intake.naming import ProviderNames, read_type, title_and_reference
from kursliste.intake.tables import CodeTables, key
from kursliste.intake.values.choices import read_choice, read_late_entry, read_next_entry
from kursliste.intake.values.dates import as_of, read_day, read_period
from kursliste.intake.values.reading import Reading

TABLES = CodeTables.shipped()
NOVEMBER = Month(2026, 11)
GROUND = Ground(tables=TABLES, month=NOVEMBER, towns=frozenset({"Zittau", "Löbau"}))


def asked(reading: Reading) -> set[str]:
    """Return the attributes that a reading asks about."""
    return {remark.attribute for remark in reading.remarks}


def main_of(field: str) -> str:
    """Return the attribute that a remark about a column is shown at."""
    return {"weekdays_times": "times_note"}.get(field, field)


def read(field: str, value: object) -> tuple[dict[str, object], set[str], bool]:
    """Return values, attributes asked about, and whether the cell was not understood."""
    reading = READERS[field](value, GROUND)
    return dict(reading.values), asked(reading), bool(reading.unread)


SEPTEMBER, APRIL = date(2026, 9, 7), date(2027, 4, 30)
KIND, NOTE = "start_kind", "start_note"


@pytest.mark.parametrize(
    ("value", "values", "questions"),
    [
        (SEPTEMBER, {"starts_on": SEPTEMBER}, set()),
        (datetime(2026, 9, 7, 0, 0), {"starts_on": SEPTEMBER}, set()),
        (46272, {"starts_on": SEPTEMBER}, {"starts_on"}),
        ("46272", {"starts_on": SEPTEMBER}, {"starts_on"}),
        ("7.9.26", {"starts_on": SEPTEMBER}, set()),
        ("2026-09-07", {"starts_on": SEPTEMBER}, set()),
        ("7. September 2026", {"starts_on": SEPTEMBER}, set()),
        ("ab 07.09.2026", {"starts_on": SEPTEMBER}, set()),
        ("07.09.-30.04.27", {"starts_on": SEPTEMBER, "ends_on": APRIL}, set()),
        ("7.9.26 – 30.4.27", {"starts_on": SEPTEMBER, "ends_on": APRIL}, set()),
        ("07.09.2026 bis 30.04.2027", {"starts_on": SEPTEMBER, "ends_on": APRIL}, set()),
        ("11.01.", {"starts_on": date(2027, 1, 11)}, set()),
        (
            "Februar 2027",
            {KIND: "voraussichtlich", NOTE: "Februar 2027"},
            {"starts_on"},
        ),
        (
            "vsl. 11.01.2027",
            {KIND: "voraussichtlich", NOTE: "vsl. 11.01.2027", "starts_on": date(2027, 1, 11)},
            set(),
        ),
        (
            "geplant: Feb. 2027",
            {KIND: "voraussichtlich", NOTE: "geplant: Feb. 2027", "status": "geplant"},
            {"starts_on"},
        ),
        ("fortlaufend", {KIND: "laufender Einstieg", NOTE: "fortlaufend"}, set()),
        ("ab sofort", {KIND: "laufender Einstieg", NOTE: "ab sofort"}, set()),
        ("n. V.", {KIND: "Termin noch offen", NOTE: "n. V."}, set()),
        ("jeden Dienstag", {KIND: "regelmäßig", NOTE: "jeden Dienstag"}, set()),
        (
            "laufend bis 25.06.27",
            {
                KIND: "laufender Einstieg",
                NOTE: "laufend bis 25.06.27",
                "ends_on": date(2027, 6, 25),
            },
            {"starts_on"},
        ),
        (
            "fortlaufend, außer Ferien",
            {
                KIND: "laufender Einstieg",
                NOTE: "fortlaufend, außer Ferien",
                "breaks_note": "außer Ferien",
            },
            set(),
        ),
        (
            "02.03.2026 – 28.01.2027\n(Pause bis 04.01.2027)",
            {
                "starts_on": date(2026, 3, 2),
                "ends_on": date(2027, 1, 28),
                "breaks_note": "Pause bis 04.01.2027",
            },
            set(),
        ),
        (
            "KW 3",
            {"starts_on": date(2027, 1, 18), NOTE: "KW 3"},
            {"starts_on"},
        ),
        (
            "KW 3/2027 - KW 14/2027",
            {"starts_on": date(2027, 1, 18), NOTE: "KW 3/2027 - KW 14/2027"},
            {"starts_on", "ends_on"},
        ),
        (
            "Sa 21.11. + 28.11.2026",
            {
                "starts_on": date(2026, 11, 21),
                "ends_on": date(2026, 11, 28),
                NOTE: "Sa 21.11. + 28.11.2026",
            },
            {"starts_on", "ends_on"},
        ),
        ("–", {}, set()),
        (None, {}, set()),
    ],
)
def test_a_beginning_or_a_period(value, values, questions):
    reading = read_period(value, NOVEMBER)
    assert (dict(reading.values), asked(reading), reading.unread) == (values, questions, "")


@pytest.mark.parametrize("value", ["31.11.2026", "bald mal", "=TODAY()", "KW 60"])
def test_what_is_no_beginning_is_not_understood(value):
    reading = read_period(value, NOVEMBER)
    assert reading.values == {}
    assert reading.unread != ""


def test_one_day():
    assert read_day("ends_on", "30.04.27", NOVEMBER).values == {"ends_on": APRIL}
    assert read_day("ends_on", "31.11.2026", NOVEMBER).unread == "Den 31.11.2026 gibt es nicht."
    assert read_day("ends_on", "Sommer 2027", NOVEMBER).unread != ""
    assert read_day("ends_on", "offen", NOVEMBER).unread == ""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Stand: 02.11.2026", date(2026, 11, 2)),
        ("Stand 30.10.2026 (nach Rückmeldung)", date(2026, 10, 30)),
        ("Stand: Oktober 2026", date(2026, 10, 1)),
        ("kein Datum", None),
    ],
)
def test_the_day_a_list_is_of(text, day):
    assert as_of(text, NOVEMBER) == day


WEEK = ("Mo", "Di", "Mi", "Do", "Fr")
FROM, UNTIL = "time_from", "time_until"


@pytest.mark.parametrize(
    ("value", "values", "questions"),
    [
        ("8.30-12.45", {FROM: time(8, 30), UNTIL: time(12, 45)}, set()),
        ("8:30 bis 12:45 Uhr", {FROM: time(8, 30), UNTIL: time(12, 45)}, set()),
        ("16-18", {FROM: time(16), UNTIL: time(18)}, set()),
        ("9 - 12.15", {FROM: time(9), UNTIL: time(12, 15)}, set()),
        (
            "Mo–Fr\n08:30–12:45 Uhr",
            {"weekdays": WEEK, FROM: time(8, 30), UNTIL: time(12, 45)},
            set(),
        ),
        ("Mo, Mi, Do", {"weekdays": ("Mo", "Mi", "Do")}, set()),
        (
            "di + do 17.30 - 19 Uhr",
            {"weekdays": ("Di", "Do"), FROM: time(17, 30), UNTIL: time(19)},
            set(),
        ),
        ("mittwochs 16–18 Uhr", {"weekdays": ("Mi",), FROM: time(16), UNTIL: time(18)}, set()),
        ("Montag bis Donnerstag", {"weekdays": WEEK[:4]}, set()),
        ("Mo u. Do", {"weekdays": ("Mo", "Do")}, set()),
        ("werktags", {"weekdays": WEEK}, {"weekdays"}),
        ("Mo-Do vorm.", {"weekdays": WEEK[:4], "time_of_day": "vormittags"}, {FROM, UNTIL}),
        ("dienstags ab 15 Uhr", {"weekdays": ("Di",), FROM: time(15)}, {UNTIL}),
        (time(9, 30), {FROM: time(9, 30)}, set()),
        (
            "Mo–Fr\n08:00–12:15 Uhr\n(mittwochs online)",
            {
                "weekdays": WEEK,
                FROM: time(8),
                UNTIL: time(12, 15),
                "times_note": "(mittwochs online)",
                "delivery": "hybrid",
            },
            {"delivery"},
        ),
        (
            "Mo 8-12, Sa 9-13",
            {"weekdays": ("Mo", "Sa"), "times_note": "Mo 8-12, Sa 9-13"},
            {FROM},
        ),
        ("n. V.", {}, {"times_note"}),
    ],
)
def test_days_and_hours(value, values, questions):
    assert read("weekdays_times", value) == (values, questions, False)


@pytest.mark.parametrize(
    ("value", "values", "questions"),
    [
        ("A1-B1", {"level_from": "A1", "level_to": "B1"}, set()),
        ("A1 → B1", {"level_from": "A1", "level_to": "B1"}, set()),
        ("A1/A2", {"level_from": "A1", "level_to": "A2"}, set()),
        ("Alpha bis B1", {"level_from": "Alpha", "level_to": "B1"}, set()),
        ("B1.2", {"level_to": "B1.2"}, set()),
        ("bis B1", {"level_to": "B1"}, set()),
        ("ab A2", {"level_from": "A2"}, set()),
        ("A2+", {"level_from": "A2"}, {"level_from", "level_to"}),
        ("Alpha", {"level_to": "Alpha"}, {"level_from", "level_to"}),
        ("o. V.", {"level_from": "ohne"}, {"level_from", "level_to"}),
        ("alle", {}, {"level_from", "level_to"}),
        ("B1-A1", {"level_from": "B1", "level_to": "A1"}, {"level_to"}),
        ("–", {}, set()),
    ],
)
def test_levels(value, values, questions):
    assert read("level", value) == (values, questions, False)


def test_a_level_that_does_not_exist_is_not_understood():
    assert read("level", "Stufe 7") == ({}, {"level_to"}, True)


FREE = "seats_free"


@pytest.mark.parametrize(
    ("value", "values", "questions"),
    [
        (4, {FREE: 4}, set()),
        ("noch 14", {FREE: 14}, set()),
        ("6 Plätze", {FREE: 6}, set()),
        ("keine", {FREE: 0}, set()),
        ("voll", {FREE: 0, "status": "voll"}, set()),
        ("ausgebucht", {FREE: 0, "status": "voll"}, set()),
        (
            "voll (Warteliste 4)",
            {FREE: 0, "status": "warteliste", "waiting_list": "ja", "waiting_count": 4},
            set(),
        ),
        ("16 von 25", {FREE: 16, "seats_total": 25}, {FREE, "seats_taken"}),
        ("ja", {"status": "offen"}, {FREE}),
        ("wenige", {"status": "knapp"}, {FREE}),
        ("beendet", {"status": "beendet"}, {FREE}),
        ("auf Anfrage", {}, {FREE}),
        ("keine Begrenzung", {}, {FREE}),
        ("4-5", {}, {FREE}),
        ("offen", {}, {FREE, "status"}),
        ("-", {}, set()),
    ],
)
def test_free_seats_unknown_is_never_nought(value, values, questions):
    assert read(FREE, value) == (values, questions, False)


@pytest.mark.parametrize(
    ("field", "value", "values", "questions"),
    [
        ("seats", "22/25", {"seats_taken": 22, "seats_total": 25}, set()),
        ("seats", "ca. 15", {}, {"seats_taken", "seats_total"}),
        (
            "seats",
            "25/25 (WL 3)",
            {
                "seats_taken": 25,
                "seats_total": 25,
                "waiting_list": "ja",
                "waiting_count": 3,
                "seats_free": 0,
                "status": "warteliste",
            },
            {"status"},
        ),
        ("units_total", "1000\n(900+100)", {"units_total": 1000}, set()),
        ("units_total", "500 UE", {"units_total": 500}, set()),
        ("units_total", "34 Std.", {}, {"units_total"}),
        ("current_module", "M 6", {"current_module": 6}, set()),
        ("postcode", 2826, {"postcode": "02826"}, {"postcode"}),
        ("postcode", "99734", {"postcode": "99734"}, set()),
        ("contact_phone", 358100010, {"contact_phone": "0358100010"}, {"contact_phone"}),
        ("link", "www.vhs.example/a", {"link": "https://www.vhs.example/a"}, set()),
        ("price", 157.5, {"price_eur": Decimal("157.50")}, set()),
        ("price", "2,29 €/UE", {"price_note": "2,29 €/UE"}, set()),
        ("price", "1.200,- EUR", {"price_eur": Decimal("1200.00")}, set()),
        ("audience", "Frauen, Eltern", {"audience": ("Frauen", "Eltern")}, set()),
        (
            "admission",
            "offen, kostenfrei",
            {"admission": ("ohne Voraussetzung",), "price_eur": Decimal(0)},
            set(),
        ),
        (
            "exam",
            "telc B2 05.12.2026",
            {"exams": ("telc B2",), "exam_on": date(2026, 12, 5)},
            set(),
        ),
        ("exam", "DTZ/LiD", {"exams": ("DTZ", "LiD")}, set()),
        ("delivery", "Hybrid", {"delivery": "hybrid"}, set()),
        ("status", "läuft, kein Einstieg", {"status": "laeuft"}, set()),
        ("visibility", "nur Fachkräfte", {"visibility": "nur Fachkräfte"}, set()),
    ],
)
def test_other_columns(field, value, values, questions):
    assert read(field, value) == (values, questions, False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("postcode", "=02708"), ("link", "javascript:alert(1)"), ("contact_email", "=a@b.example"),
        ("contact_phone", "siehe unten"), ("seats_total", "viele"), ("seats_taken", -1),
        ("delivery", "Zelt"), ("status", "prima"), ("childcare", "vielleicht"),
        ("weekdays_times", "irgendwann"), ("time_from", "25:00"), ("late_entry", "blau"),
        ("visibility", "geheim"), ("level_to", "B3"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_named_and_leaves_no_value(field, value):
    values, questions, missed = read(field, value)
    assert (values, questions, missed) == ({}, {main_of(field)}, True)


@pytest.mark.parametrize(
    ("value", "values"),
    [
        ("ja", {"late_entry": "ja"}),
        ("x", {"late_entry": "ja"}),
        ("jederzeit", {"late_entry": "ja"}),
        ("nein", {"late_entry": "nein"}),
        ("nein (Modul 7)", {"late_entry": "nein", "current_module": 7}),
        ("nach Rücksprache", {"late_entry": "nach Rücksprache"}),
        ("ja (ab Modul 4, 30.11.)", {"late_entry": "ja", "late_entry_from": "Modul 4, 30.11."}),
        (
            "erst ab Modul 4 (Januar)",
            {"late_entry": "ja", "late_entry_from": "Modul 4 (Januar)"},
        ),
        ("ja, nach Einstufung", {"late_entry": "ja", "placement_test": "nötig"}),
    ],
)
def test_late_entry(value, values):
    assert read_late_entry(value).values == values


def test_the_beginning_of_a_course_is_no_late_entry():
    day = date(2027, 1, 11)
    reading = read_next_entry(day, day, NOVEMBER)
    assert (reading.values, asked(reading)) == ({}, {"late_entry", "late_entry_from"})
    later = read_next_entry("30.11.2026 (M 7)", day, NOVEMBER).values
    assert later == {"late_entry": "ja", "late_entry_from": "30.11.2026 (M 7)"}


@pytest.mark.parametrize(
    ("attribute", "value", "answer"),
    [
        ("childcare", "auf Anfrage", "auf Anfrage"), ("childcare", "nein", "nein"),
        ("wheelchair", "teilweise", "teilweise"), ("placement_test", "ja", "nötig"),
        ("placement_test", "nein", "nicht nötig"), ("waiting_list", True, "ja"),
    ],
)  # fmt: skip
def test_choices(attribute, value, answer):
    assert read_choice(attribute, value).values == {attribute: answer}


@pytest.mark.parametrize(
    ("value", "values", "questions"),
    [
        (
            "Beispielstr. 1, 2826 Görlitz",
            {"street": "Beispielstr. 1", "postcode": "02826", "town": "Görlitz"},
            {"postcode"},
        ),
        (
            "Lernbogen 1\n02826 Görlitz",
            {"street": "Lernbogen 1", "postcode": "02826", "town": "Görlitz"},
            set(),
        ),
        ("Silbenweg 11, Zittau", {"street": "Silbenweg 11", "town": "Zittau"}, set()),
        ("Zittau / online", {"town": "Zittau", "delivery": "hybrid"}, {"delivery"}),
        ("online", {"delivery": "online"}, {"delivery"}),
        ("Haus der Begegnung", {"venue_name": "Haus der Begegnung"}, set()),
        ("Weißwasser", {"town": "Weißwasser"}, {"town"}),
        ("Vokabelring 5 (bei Heidekraut)", {"street": "Vokabelring 5"}, {"street"}),
    ],
)
def test_an_address_in_one_cell(value, values, questions):
    assert read("address", value) == (values, questions, False)


@pytest.mark.parametrize(
    ("value", "values"),
    [
        (
            "Fr. Distelfink 03631/000-30",
            {"contact_name": "Fr. Distelfink", "contact_phone": "03631/000-30"},
        ),
        (
            "Außenstelle Löbau\nHerr Lindenblatt\nTel. 03585 000-15\nFax 03585 000-19\na@b.example",
            {
                "contact_name": "Herr Lindenblatt",
                "contact_phone": "03585 000-15",
                "contact_email": "a@b.example",
            },
        ),
        (
            "Hr. W (03631) 000 512, www.w.example",
            {
                "contact_name": "Hr. W",
                "contact_phone": "(03631) 000 512",
                "link": "https://www.w.example",
            },
        ),
    ],
)
def test_people_to_ask(value, values):
    assert read("contact", value)[0] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("DTZ 05.12.26", {"exams": ("DTZ",), "exam_on": date(2026, 12, 5)}),
        ("Prüfung DTB B2 am 13.02.2027", {"exams": ("DTB B2",), "exam_on": date(2027, 2, 13)}),
        ("nur für TN, die den DTZ nicht bestanden haben", {}),
        ("startet ab 15 TN", {"seats_min": 15}),
        ("Anmeldung bis 22.01.2027", {"register_by": date(2027, 1, 22)}),
        ("mit Kinderbetreuung, kostenfrei", {"childcare": "ja", "price_eur": Decimal(0)}),
        ("keine Kinderbetreuung", {"childcare": "nein"}),
        ("Kinderbetreuung auf Anfrage", {"childcare": "auf Anfrage"}),
        ("für Berufstätige", {"audience": ("Beschäftigte",)}),
        ("-10 % für Auszubildende", {}),
        ("auch für Personen im Asylverfahren", {"audience": ("Asylbewerbende",)}),
        ("gefördert vom Freistaat Thüringen", {"funder": "Freistaat Thüringen"}),
        (
            "SAB-gefördert, Zuweisung Landratsamt",
            {"funder": "SAB", "admission": ("Zuweisung Land",)},
        ),
        (
            "126,- €, erm. 88,20 €",
            {"price_eur": Decimal(126), "price_note": "126,- €, erm. 88,20 €"},
        ),
        ("320 € (Selbstzahler)", {"price_eur": Decimal(320), "admission": ("Selbstzahler",)}),
        ("Warteliste 4 Personen", {"waiting_list": "ja", "waiting_count": 4}),
        ("ohne Anmeldung; nicht in den Schulferien", {"breaks_note": "nicht in den Schulferien"}),
        ("voll, bitte nicht mehr schicken", {"status": "voll", "seats_free": 0}),
        ("fällt aus", {"status": "abgesagt"}),
        ("Einstufungstest nach Vereinb.", {"placement_test": "nach Vereinbarung"}),
    ],
)
def test_facts_in_remarks(text, values):
    assert read("public_note", text)[0] == {"public_note": text} | values


@pytest.mark.parametrize(
    ("title", "group", "provider", "code", "sure"),
    [
        ("Allg. IK", "", "", "IK-ALLG", True),
        ("Integrationskurs (allg.)", "", "", "IK-ALLG", True),
        ("Integrationskurs (Teilzeit)", "", "", "IK-ALLG", False),
        ("Integrationskurs (Förderkurs)", "", "", "IK-FOERDER", True),
        ("IK-ALPHA", "", "", "IK-ALPHA", True),
        ("Alpha-IK m. Kinderbetreuung", "", "", "IK-ALPHA", True),
        ("DeuFöV B2", "", "", "BSK-B2", True),
        ("B2 beruflich", "", "", "BSK-B2", True),
        ("B2", "Berufssprachkurse", "", "BSK-B2", False),
        ("Job-BSK Pflegehelfer", "", "", "BSK-JOB", True),
        ("Start Deutsch A2", "", "", "LSK-TH-A2", True),
        ("Deutsch A2.1 (Abendkurs)", "", "Volkshochschule X", "VHS-DAF", True),
        ("Deutsch B2.1", "", "Sprachwerkstatt UG", "SELBST", True),
        ("Deutsch mit Ehrenamtlichen", "", "", "EHRENAMT", True),
        ("Deutschrunde", "Ehrenamt und Begegnung", "", "EHRENAMT", False),
        ("Berufssprachkurs C1", "", "", "BSK-C1", False),
        ("Häkelkurs", "", "", None, False),
    ],
)
def test_course_types(title, group, provider, code, sure):
    reading = read_type([title], group, provider, TABLES)
    assert reading.values.get("course_type") == code
    assert asked(reading) == (set() if sure else {"course_type"})
    assert bool(reading.unread) == (code is None)


@pytest.mark.parametrize(
    ("text", "title", "reference"),
    [
        ("IK allg., Kurs 26-4", "IK allg.", "26-4"),
        ("Alpha-Kurs\nZI-A-12", "Alpha-Kurs", "ZI-A-12"),
        ("Allg. IK (GR 7)", "Allg. IK", "GR 7"),
        ("EOK 4", "EOK 4", None),
        ("Deutsch A2.1 (Abendkurs)", "Deutsch A2.1 (Abendkurs)", None),
    ],
)
def test_a_title_and_the_number_in_it(text, title, reference):
    values = title_and_reference(text).values
    assert (values["title"], values.get("provider_reference")) == (title, reference)


@pytest.mark.parametrize(
    ("text", "name", "questions"),
    [
        ("HBS", "Haus der Bildung gGmbH", set()),
        ("BW Neißetal", "Bildungswerk Neißetal gGmbH", {"provider"}),
        ("VHS", "VHS Musterkreis", {"provider"}),
        ("XYZ", "XYZ", {"provider"}),
        ("Ehrenamt Löbau", "Ehrenamt Löbau", set()),
    ],
)
def test_short_names_of_providers(text, name, questions):
    full = ["Bildungswerk Neißetal gGmbH", "VHS Musterkreis", "Haus der Bildung gGmbH"]
    reading = ProviderNames({"HBS": "Haus der Bildung gGmbH"}, full).resolve(text)
    assert (reading.values["provider"], asked(reading)) == (name, questions)


def test_every_known_heading_has_a_reader():
    assert set(TABLES.headers.values()) - set(READERS) - SKIPPED == set()


def test_every_alias_stands_for_a_code_of_the_tables():
    assert {alias.code for alias in TABLES.type_aliases} - set(TABLES.course_types) == set()
    assert {alias.code for alias in TABLES.status_aliases} - set(TABLES.statuses) == set()
    assert key("Kinder-\nbetreuung") == "kinderbetreuung"
