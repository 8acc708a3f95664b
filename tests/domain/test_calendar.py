"""Months, working days and the dates of a round, holidays included."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursliste.domain.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    Month,
    is_working_day,
    last_working_day,
    round_dates,
)
from kursliste.infrastructure.holidays_by_state import holidays_of

MONTHS = st.builds(Month, st.integers(FIRST_YEAR + 1, LAST_YEAR - 1), st.integers(1, 12))
SHIFTS = st.integers(-12, 12)


def test_a_month_reads_and_writes_itself():
    assert str(Month.parse("2026-03")) == "2026-03"
    assert Month.of(date(2026, 12, 31)) == Month(2026, 12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-3",
        "2026-13",
        "2026-00",
        "26-03",
        "2026/03",
        "2026-03-01",
        "1999-12",
        "٢٠٢٦-٠٣",
        "+026-03",
        "2026--3",
        "abcd-ef",
        "3000-01",
        "202603-",
    ],
)
def test_what_is_no_month(text):
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)


def test_years_turn_over():
    assert Month(2026, 12).next() == Month(2027, 1)
    assert Month(2027, 1).previous() == Month(2026, 12)
    assert Month(2026, 2).plus(-26) == Month(2023, 12)


def test_the_first_month_of_all_has_none_before():
    with pytest.raises(ValueError, match="not a month"):
        Month(FIRST_YEAR, 1).previous()


@given(MONTHS, SHIFTS)
def test_months_count_like_numbers(month, shift):
    try:
        moved = month.plus(shift)
    except ValueError:
        return  # before the first or after the last year
    assert moved.plus(-shift) == month
    assert (moved > month) == (shift > 0)
    assert Month.parse(str(moved)) == moved


@given(MONTHS)
def test_a_month_is_its_days(month):
    assert month.first_day().day == 1
    assert month.last_day() + timedelta(days=1) == month.next().first_day()
    assert Month.of(month.first_day()) == Month.of(month.last_day()) == month


@pytest.mark.parametrize(
    ("day", "holidays", "works"),
    [
        (date(2026, 11, 27), (), True),  # Friday
        (date(2026, 11, 28), (), False),  # Saturday
        (date(2026, 11, 29), (), False),  # Sunday
        (date(2026, 11, 18), (date(2026, 11, 18),), False),  # Buß- und Bettag
        (date(2026, 11, 18), (date(2026, 11, 17),), True),
    ],
)
def test_working_days(day, holidays, works):
    assert is_working_day(day, holidays) is works


@pytest.mark.parametrize(
    ("state", "month", "day"),
    [
        ("SN", Month(2026, 10), date(2026, 10, 30)),  # the 31st is a Saturday
        ("SN", Month(2028, 10), date(2028, 10, 30)),  # Reformationstag, a Tuesday
        ("HE", Month(2028, 10), date(2028, 10, 31)),  # no holiday in Hessen
        ("TH", Month(2026, 5), date(2026, 5, 29)),
        ("SN", Month(2027, 3), date(2027, 3, 31)),  # after Easter
        ("SN", Month(2024, 3), date(2024, 3, 28)),  # Good Friday is the 29th
        ("SN", Month(2026, 12), date(2026, 12, 31)),
    ],
)
def test_the_last_working_day_knows_the_holidays_of_the_land(state, month, day):
    assert last_working_day(month, holidays_of(state, month.year)) == day


def test_a_round_opens_on_the_twentieth_and_is_due_on_the_last_working_day_before():
    assert round_dates(Month(2026, 12)) == (date(2026, 11, 20), date(2026, 11, 30))
    holidays = holidays_of("SN", 2028)
    assert round_dates(Month(2028, 11), holidays=holidays) == (
        date(2028, 10, 20),
        date(2028, 10, 30),
    )


def test_a_short_month_opens_on_its_last_day_and_is_never_due_before():
    opens_on, due_on = round_dates(Month(2026, 3), opens_day=31)
    assert (opens_on, due_on) == (date(2026, 2, 28), date(2026, 2, 28))


@given(MONTHS, st.integers(1, 31))
def test_dates_of_a_round_lie_in_the_month_before_in_order(month, opens_day):
    opens_on, due_on = round_dates(month, opens_day=opens_day)
    assert Month.of(opens_on) == Month.of(due_on) == month.previous()
    assert opens_on <= due_on
