"""Which month is asked for next: on its day, late, and after an outage."""

from datetime import date, timedelta

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.rhythm import MONTHS_BETWEEN, coming_months, is_over, month_to_open
from kursliste.domain.round import Rhythm

NOVEMBER = Month(2026, 11)


def due(today, rhythm=Rhythm.MONTHLY, *, newest=NOVEMBER, opened_on=None, opens_day=20):
    found = month_to_open(
        newest, rhythm=rhythm, opens_day=opens_day, today=today, opened_on=opened_on
    )
    return found and str(found)


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2026, 11, 19), None),
        (date(2026, 11, 20), "2026-12"),
        (date(2026, 12, 19), "2026-12"),
        (date(2026, 12, 20), "2027-01"),
        (date(2027, 1, 5), "2027-01"),
        (date(2027, 7, 3), "2027-07"),
    ],
)
def test_a_monthly_list_opens_the_newest_month_that_still_runs(today, month):
    assert due(today) == month


@pytest.mark.parametrize(
    ("rhythm", "today", "month"),
    [
        (Rhythm.QUARTERLY, date(2027, 1, 19), None),
        (Rhythm.QUARTERLY, date(2027, 1, 20), "2027-02"),
        (Rhythm.QUARTERLY, date(2027, 3, 1), None),
        (Rhythm.QUARTERLY, date(2027, 4, 20), "2027-05"),
        (Rhythm.HALF_YEARLY, date(2027, 4, 20), "2027-05"),
    ],
)
def test_other_rhythms_are_counted_from_the_newest_month(rhythm, today, month):
    assert due(today, rhythm) == month


def test_an_opening_day_before_the_list_began_has_no_effect():
    begun = date(2026, 11, 24)
    assert due(date(2026, 11, 24), opened_on=begun) is None
    assert due(date(2026, 12, 20), opened_on=begun) == "2027-01"


def test_a_short_month_opens_on_its_last_day():
    january = Month(2027, 2)
    assert due(date(2027, 2, 27), newest=january, opens_day=31) is None
    assert due(date(2027, 2, 28), newest=january, opens_day=31) == "2027-03"


def test_a_round_is_over_with_its_month():
    assert not is_over(Month(2026, 12), date(2026, 12, 31))
    assert is_over(Month(2026, 12), date(2027, 1, 1))


@pytest.mark.parametrize("until", [date(2026, 12, 4), date(2027, 1, 15)])
def test_a_round_with_an_end_of_its_own_is_over_the_day_after(until):
    assert not is_over(Month(2026, 12), until, until)
    assert is_over(Month(2026, 12), until + timedelta(days=1), until)


def ahead(today, rhythm=Rhythm.MONTHLY, *, opened_on=None, opens_day=20):
    found = coming_months(
        NOVEMBER, rhythm=rhythm, opens_day=opens_day, today=today, opened_on=opened_on, count=3
    )
    return [str(month) for month in found]


def test_the_next_months_begin_with_one_that_is_due():
    assert ahead(date(2026, 11, 19)) == ["2026-12", "2027-01", "2027-02"]
    assert ahead(date(2026, 11, 24)) == ["2026-12", "2027-01", "2027-02"]
    assert ahead(date(2026, 11, 24), Rhythm.QUARTERLY) == ["2027-02", "2027-05", "2027-08"]


def test_a_month_that_is_left_out_is_not_promised():
    """Opened by hand on the 24th: December is not asked for by itself any more."""
    begun = date(2026, 11, 24)
    assert ahead(begun, opened_on=begun) == ["2027-01", "2027-02", "2027-03"]


def test_after_an_outage_the_next_months_are_those_that_still_run():
    assert ahead(date(2027, 3, 25)) == ["2027-04", "2027-05", "2027-06"]
    late = date(2027, 1, 5)
    assert ahead(late, Rhythm.HALF_YEARLY) == ["2027-05", "2027-11", "2028-05"]


def test_every_rhythm_has_its_length():
    assert set(MONTHS_BETWEEN) == set(Rhythm)
