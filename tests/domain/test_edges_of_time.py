"""Nights with 23 and 25 hours, ends of months and years, leap days (SECURITY.md, X22 and G21)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from kursliste.domain.calendar import Month, round_dates
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.publication import instant_of
from kursliste.domain.reminders import is_mailing_time
from kursliste.domain.sign_in import STAFF_IDLE, STAFF_STAYS, is_over, session_end
from kursliste.infrastructure.clock import BERLIN, day_of, start_of

SHORT_NIGHT, LONG_NIGHT = date(2026, 3, 29), date(2026, 10, 25)
DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
COORDINATOR = Actor(1, "", frozenset({Grant(Role.COORDINATOR, district_id=1)}))


def test_every_day_of_twelve_years_begins_and_ends_to_the_instant():
    """Also the days around both changes of the clock: no instant belongs to none or to two."""
    day, last = date(2024, 1, 1), date(2036, 1, 1)
    while day < last:
        begin = start_of(day)
        assert (day_of(begin), day_of(begin - INSTANT)) == (day, day - DAY)
        assert begin.astimezone(BERLIN).time() == time(0)
        day += DAY


def test_a_day_counted_with_24_hours_would_be_found():
    """The control: the naive end of a day is wrong on two days a year."""
    for night, hours in ((SHORT_NIGHT, 23), (LONG_NIGHT, 25)):
        length = start_of(night + DAY) - start_of(night)
        assert length == timedelta(hours=hours)
        assert (day_of(start_of(night) + DAY) == night + DAY) is (hours == 23)


def test_every_deadline_of_ten_years_ends_with_its_last_second_in_germany():
    month = Month(2026, 1)
    for _ in range(120):
        opens_on, due_on = round_dates(month)
        end = start_of(due_on + DAY)
        last_second = end - timedelta(seconds=1)
        assert day_of(last_second) == due_on < day_of(end)
        assert f"{last_second.astimezone(BERLIN):%H:%M:%S}" == "23:59:59"
        assert opens_on <= due_on < month.first_day()
        assert Month.of(due_on) == month.previous()
        month = month.next()


@pytest.mark.parametrize(
    ("month", "opens_on", "due_on"),
    [
        (Month(2028, 3), date(2028, 2, 20), date(2028, 2, 29)),
        (Month(2027, 3), date(2027, 2, 20), date(2027, 2, 26)),
        (Month(2027, 1), date(2026, 12, 20), date(2026, 12, 31)),
        (Month(2026, 4), date(2026, 3, 20), date(2026, 3, 31)),
        (Month(2026, 11), date(2026, 10, 20), date(2026, 10, 30)),
    ],
)
def test_rounds_at_the_edges_of_months_and_years(month, opens_on, due_on):
    assert round_dates(month) == (opens_on, due_on)


def test_an_opening_day_that_a_short_month_does_not_have_is_its_last_one():
    assert round_dates(Month(2028, 3), opens_day=31)[0] == date(2028, 2, 29)
    assert round_dates(Month(2027, 3), opens_day=31)[0] == date(2027, 2, 28)


def test_half_past_two_comes_twice_in_autumn_and_never_in_spring():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    found = instant_of(LONG_NIGHT, time(2, 30), now=now)
    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the first one, in summer time
    with pytest.raises(RuleViolationError) as refused:
        instant_of(SHORT_NIGHT, time(2, 30), now=now)
    assert refused.value.rule is Rule.TIME_LEFT_OUT
    for at, hour in ((time(1, 59), 0), (time(3), 1)):
        assert instant_of(SHORT_NIGHT, at, now=now).hour == hour


@pytest.mark.parametrize("night", [SHORT_NIGHT, LONG_NIGHT])
def test_a_sign_in_lasts_as_many_hours_in_any_night(night):
    begun = start_of(night) - timedelta(hours=1)
    end = session_end(COORDINATOR, begun)
    assert end - begun == STAFF_STAYS
    for now, over in ((end - INSTANT, False), (end, True)):
        assert is_over(COORDINATOR, begun=begun, seen=now, now=now) is over
    seen = datetime.combine(night, time(1, 50), BERLIN).astimezone(UTC)
    for idle, over in ((STAFF_IDLE, False), (STAFF_IDLE + INSTANT, True)):
        assert is_over(COORDINATOR, begun=begun, seen=seen, now=seen + idle) is over


@pytest.mark.parametrize("night", [SHORT_NIGHT, LONG_NIGHT])
def test_mails_go_from_seven_by_the_clock_on_the_wall(night):
    first = datetime.combine(night, time(7), BERLIN)
    for instant, may in ((first, True), (first - timedelta(seconds=1), False)):
        assert is_mailing_time(instant.astimezone(UTC).astimezone(BERLIN)) is may
