"""Values of a course in words, where several ways of telling meet."""

from datetime import date, time
from decimal import Decimal

import pytest

from kursliste.catalogue.listing import Line, line_of
from kursliste.domain.course import (
    CourseStatus,
    Delivery,
    LateEntry,
    PlacementTest,
    StartKind,
    TravelCosts,
    YesNo,
)
from kursliste.domain.edition import Phase
from kursliste.models import EditionEntry

WORDS = {"art": {}, "niveau": {"ohne": "ohne Vorkenntnisse"}, "status": {"laeuft": "läuft"}}
START, END = date(2026, 12, 1), date(2027, 2, 1)


def line(**facts: object) -> Line:
    entry = EditionEntry(
        title="Kurs", course_type_label="Kurs", is_confirmed=True, phase=Phase.STARTING, **facts
    )
    return line_of(entry, WORDS)


@pytest.mark.parametrize(
    ("facts", "start", "notes"),
    [
        ({}, "", []),
        ({"starts_on": START}, "ab 01.12.2026", []),
        ({"ends_on": END}, "bis 01.02.2027", []),
        ({"starts_on": START, "ends_on": START}, "am 01.12.2026", []),
        (
            {"starts_on": START, "ends_on": END, "start_kind": StartKind.EXPECTED},
            "voraussichtlich 01.12.2026 – 01.02.2027",
            [],
        ),
        (
            {"start_kind": StartKind.EXPECTED, "start_note": "im März"},
            "",
            ["voraussichtlich", "im März"],
        ),
        ({"start_kind": StartKind.ROLLING}, "", ["laufender Einstieg"]),
        ({"breaks_note": "21.12.–03.01."}, "", ["Pausen: 21.12.–03.01."]),
    ],
)
def test_start_in_words(facts, start, notes):
    told = line(**facts)

    assert (told.start, told.start_notes) == (start, notes)


@pytest.mark.parametrize(
    ("facts", "hours"),
    [
        ({"time_from": time(8), "time_until": time(9, 30)}, "08:00 – 09:30 Uhr"),
        ({"time_from": time(8)}, "ab 08:00 Uhr"),
        ({"time_until": time(9, 30)}, "bis 09:30 Uhr"),
        ({}, ""),
    ],
)
def test_hours_in_words(facts, hours):
    assert line(**facts).hours == hours


@pytest.mark.parametrize(
    ("facts", "seats", "notes"),
    [
        ({}, "auf Anfrage", []),
        ({"seats_total": 20}, "auf Anfrage", ["20 Plätze"]),
        ({"seats_free": 0, "seats_total": 20}, "ausgebucht", ["20 Plätze"]),
        ({"seats_free": 0, "waiting_list": YesNo.YES}, "ausgebucht", ["Warteliste möglich"]),
        (
            {"seats_free": 3, "seats_total": 20, "seats_min": 15},
            "3 frei",
            ["von 20", "startet ab 15 Anmeldungen"],
        ),
    ],
)
def test_seats_in_words(facts, seats, notes):
    told = line(**facts)

    assert (told.seats, told.seats_notes) == (seats, notes)


def test_status_is_not_told_twice():
    told = line(
        status=CourseStatus.RUNNING_ENTRY, late_entry=LateEntry.YES, late_entry_from="Modul 4"
    )

    assert told.status_notes == ["Einstieg ab Modul 4"]
    assert line(late_entry=LateEntry.NO).status_notes == []
    assert line(status=CourseStatus.RUNNING, late_entry=LateEntry.YES).status_notes == [
        "Quereinstieg, wenn ein Platz frei wird"
    ]
    assert line(placement_test=PlacementTest.NEEDED, register_by=START).status_notes == [
        "Anmeldung bis 01.12.2026",
        "Einstufungstest nötig",
    ]


def test_costs_audience_and_form_in_words():
    told = line(
        price_eur=Decimal(0),
        price_note="Buch 20 €",
        self_payer=YesNo.YES,
        funder="BAMF",
        travel_costs=TravelCosts.ON_APPLICATION,
        audience=("alle", "Eltern", "Frauen"),
        delivery=Delivery.HYBRID,
        level_from="ohne",
        level_to="A1",
        exams=("DTZ",),
        exam_on=END,
    )

    assert told.features == [
        "für Eltern, Frauen",
        "kostenlos",
        "Buch 20 €",
        "Selbstzahler möglich",
        "Förderung: BAMF",
        "Fahrtkosten auf Antrag",
    ]
    assert (told.place, told.level) == (["hybrid (vor Ort und online)"], "bis A1")
    assert line(level_from="ohne", level_to="ohne").level == "ohne Vorkenntnisse"
    assert line(level_to="B1").level == "B1"
    assert told.about == ["Prüfung: DTZ am 01.02.2027"]
    assert (told.kind, line(exam_on=END).about) == ("", ["Prüfung: am 01.02.2027"])
