"""The module that a course has reached by the calendar."""

from datetime import date

import pytest

from kursliste.domain.modules import suggested_module

FIRST = date(2026, 12, 1)
COURSE = {
    "course_type": "IK-ALLG",
    "current_module": 3,
    "units_total": 700,
    "units_per_week": 25,
    "starts_on": date(2026, 8, 3),
    "ends_on": date(2027, 4, 30),
    "confirmed_on": date(2026, 10, 27),
}


def suggested(on: date = FIRST, **facts: object) -> int | None:
    return suggested_module({**COURSE, **facts}, on=on)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        # 25 UE a week make a module in four weeks: 85 days are 303 UE, day 112 has 400.
        (date(2026, 10, 28), None),
        (date(2026, 11, 22), None),
        (date(2026, 11, 23), 4),
        (FIRST, 4),
        (date(2026, 12, 21), 5),
        # The course ends with its seventh module, whatever the calendar counts.
        (date(2027, 8, 1), 7),
    ],
)
def test_it_goes_on_from_what_was_confirmed(on, expected):
    assert suggested(on) == expected


def test_a_course_that_began_later_in_the_modules_stays_ahead():
    assert suggested(current_module=6) == 7
    assert suggested(current_module=7) is None


def test_without_units_a_week_the_whole_is_spread_evenly():
    assert suggested(units_per_week=None) == 4
    assert suggested(units_per_week=0) == 4
    assert suggested(units_per_week=None, starts_on=FIRST, ends_on=FIRST) is None


def test_nothing_is_counted_beyond_the_end():
    assert suggested(date(2027, 1, 31), ends_on=date(2026, 11, 24)) == 4


@pytest.mark.parametrize("total", [None, 0])
def test_without_a_total_the_form_bounds_the_modules(total):
    assert suggested(date(2030, 1, 1), units_total=total, ends_on=None) == 12


def test_orientation_courses_have_short_modules():
    facts = {"course_type": "EOK", "units_total": 300, "current_module": 1}
    assert suggested(date(2026, 11, 23), **facts) == 3


@pytest.mark.parametrize(
    "unknown",
    [
        {"current_module": None},
        {"confirmed_on": None},
        {"starts_on": None},
        {"units_per_week": None, "units_total": None},
        {"units_per_week": None, "ends_on": None},
        {"course_type": "BSK-B2"},
        {"course_type": None},
        {"confirmed_on": FIRST},
        {"confirmed_on": date(2026, 8, 2)},
    ],
    ids=str,
)
def test_where_something_is_unknown_nothing_is_suggested(unknown):
    assert suggested(**unknown) is None
