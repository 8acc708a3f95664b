"""The sheets for planning: which cells a bar fills, and what counts as a seat."""

from datetime import date

import pytest

from kursliste.domain.calendar import Month
from kursliste.publishing.formats.planning_sheets import (
    bar_cells,
    bar_sheet,
    seats_of,
    seats_sheet,
)
from tests.publishing.edition_sample import WORDS, a_head, a_row

MONTHS = [Month(2026, 9).plus(offset) for offset in range(16)]


def bar(starts_on, ends_on, **more):
    cells = bar_cells(a_row(starts_on=starts_on, ends_on=ends_on, **more), MONTHS)
    return [f"{month} {word}" for month, word in cells.items()]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "cells"),
    [
        (
            date(2026, 11, 30),
            date(2027, 1, 1),
            ["2026-11 Beginn", "2026-12 läuft", "2027-01 Ende"],
        ),
        (date(2026, 11, 2), date(2026, 11, 27), ["2026-11 Beginn"]),
        (date(2026, 11, 2), None, ["2026-11 Beginn"]),
        (None, date(2026, 10, 2), ["2026-09 läuft", "2026-10 Ende"]),
        (date(2026, 1, 1), date(2026, 10, 2), ["2026-09 läuft", "2026-10 Ende"]),
        (date(2027, 12, 31), date(2028, 5, 1), ["2027-12 Beginn"]),
        (date(2025, 1, 1), date(2026, 8, 31), []),
        (date(2028, 1, 1), date(2028, 5, 1), []),
        (None, None, []),
    ],
)
def test_a_bar_goes_from_beginning_to_end(starts_on, ends_on, cells):
    assert bar(starts_on, ends_on) == cells


def test_an_expected_start_says_so():
    assert bar(date(2026, 12, 1), None, start_kind="voraussichtlich") == ["2026-12 vorauss."]


def test_diagram_shows_what_can_be_shown_and_counts_the_rest():
    sheet = bar_sheet(
        a_head(),
        [
            a_row(seats_free=None),
            a_row(course_id="k2", status="abgesagt"),
            a_row(course_id="k3", starts_on=None, ends_on=None),
            a_row(course_id="k4", seats_free=None, seats_total=None, level_from="ohne"),
        ],
        WORDS,
    )
    assert [row["seats"] for row in sheet.rows] == ["? / 20", ""]
    assert [row["level"] for row in sheet.rows] == ["A1 – B1", "B1"]
    assert "1 Kurs steht hier nicht" in sheet.note
    headings = [column.heading for column in sheet.columns]
    assert headings[7:] == [
        "Sep 26", "Okt 26", "Nov 26", "Dez 26 (Stand)", "Jan 27", "Feb 27", "Mär 27", "Apr 27",
        "Mai 27", "Jun 27", "Jul 27", "Aug 27", "Sep 27", "Okt 27", "Nov 27", "Dez 27",
    ]  # fmt: skip
    assert sheet.bars is not None
    assert (sheet.bars.first, sheet.bars.last) == (8, 23)
    assert "steht hier nicht" not in bar_sheet(a_head(), [a_row()], WORDS).note


def test_only_known_seats_count():
    seats = seats_of(
        [
            a_row(seats_total=20, seats_taken=15),
            a_row(seats_total=10, seats_taken=None, seats_free=0),
            a_row(seats_total=None, seats_taken=3),
            a_row(seats_total=30, seats_taken=None, seats_free=None),
            a_row(seats_total=99, seats_taken=1, status="abgesagt"),
        ]
    )
    assert (seats.courses, seats.told, seats.total, seats.taken) == (4, 2, 30, 25)
    assert seats.percent == 83
    assert seats_of([a_row(seats_total=None)]).percent is None


def test_seats_are_counted_by_type_level_town_and_provider():
    rows = [
        a_row(seats_taken=16, town="Zittau"),
        a_row(course_id="k2", course_type="BSK-B2", level_to="B2", town="Görlitz", seats_taken=22),
        a_row(course_id="k3", course_type="EOK", town=None, level_to=None, level_from=None,
              seats_total=None),
        a_row(course_id="k4", provider="Weg e. V.", status="abgesagt"),
    ]  # fmt: skip
    lines = [
        (row["by"], row["value"], row["courses"], row["free"], row["percent"])
        for row in seats_sheet(rows, WORDS).rows
    ]
    assert lines == [
        ("alle Kurse", "", 3, 2, 95),
        ("Kursart", "Allgemeiner Integrationskurs", 1, 4, 80),
        ("Kursart", "Berufssprachkurs B2", 1, 0, 110),
        ("Kursart", "Erstorientierungskurs (EOK)", 1, None, None),
        ("Niveau", "B1", 1, 4, 80),
        ("Niveau", "B2", 1, 0, 110),
        ("Niveau", "ohne Angabe", 1, None, None),
        ("Ort", "Görlitz", 1, 0, 110),
        ("Ort", "Zittau", 1, 4, 80),
        ("Ort", "ohne Angabe", 1, None, None),
        ("Träger", "VHS Görlitz", 3, 2, 95),
    ]
