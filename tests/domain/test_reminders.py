"""The ladder: which step on which day, with weekends, holidays and the turn of the year."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kursliste.domain.calendar import Month, round_dates
from kursliste.domain.reminders import (
    CAP,
    CAP_WINDOW,
    Audience,
    ReminderStep,
    calls_from,
    is_mailing_time,
    ladder,
    may_write,
    plus_working_days,
    question_is_due,
    step_on,
)
from kursliste.infrastructure.holidays_by_state import holidays_of

SN = frozenset().union(*(holidays_of("SN", year) for year in (2025, 2026, 2027, 2028)))
BERLIN = ZoneInfo("Europe/Berlin")
OPENS, DUE = round_dates(Month(2026, 12), holidays=SN)


def step(today, audience=Audience.REPORTERS, *, opens_on=OPENS, due_on=DUE):
    return step_on(today, audience, opens_on=opens_on, due_on=due_on, holidays=SN)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 19), None),
        (date(2026, 11, 20), ReminderStep.OPENING),
        (date(2026, 11, 24), ReminderStep.OPENING),
        (date(2026, 11, 25), ReminderStep.FRIENDLY),
        (date(2026, 11, 29), ReminderStep.FRIENDLY),
        (date(2026, 11, 30), ReminderStep.LAST_DAY),
        (date(2026, 12, 1), ReminderStep.OVERDUE),
        (date(2026, 12, 31), ReminderStep.OVERDUE),
    ],
)
def test_the_steps_of_an_ordinary_month(today, expected):
    assert (date(2026, 11, 20), date(2026, 11, 30)) == (OPENS, DUE)
    assert step(today) is expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 10), None),
        (date(2026, 12, 2), None),
        (date(2026, 12, 3), ReminderStep.SECOND_CONTACT),
    ],
)
def test_the_second_contact_comes_two_working_days_after_overdue(today, expected):
    assert step(today, Audience.SECOND_CONTACT) is expected


def test_over_the_turn_of_the_year_working_days_are_counted_with_new_year():
    opens_on, due_on = round_dates(Month(2027, 1), holidays=SN)
    assert due_on == date(2026, 12, 31)
    day = {"opens_on": opens_on, "due_on": due_on}
    assert step(date(2026, 12, 31), **day) is ReminderStep.LAST_DAY
    assert step(date(2027, 1, 1), **day) is ReminderStep.LAST_DAY
    assert step(date(2027, 1, 4), **day) is ReminderStep.OVERDUE
    assert step(date(2027, 1, 6), Audience.SECOND_CONTACT, **day) is ReminderStep.SECOND_CONTACT
    assert calls_from(due_on, SN) == date(2027, 1, 7)


def test_reformationstag_is_no_working_day_in_sachsen():
    """31.10.2028 is a Tuesday: the last working day is the Monday, overdue is the Wednesday."""
    _, due_on = round_dates(Month(2028, 11), holidays=SN)
    assert due_on == date(2028, 10, 30)
    assert plus_working_days(due_on, 1, SN) == date(2028, 11, 1)
    assert plus_working_days(due_on, 0, SN) == due_on


def test_a_short_round_has_no_friendly_reminder_after_its_opening():
    day = {"opens_on": date(2026, 11, 27), "due_on": date(2026, 11, 30)}
    assert step(date(2026, 11, 27), **day) is ReminderStep.OPENING
    assert step(date(2026, 11, 29), **day) is ReminderStep.OPENING
    assert step(date(2026, 11, 30), **day) is ReminderStep.LAST_DAY


def test_a_round_of_one_day_asks_on_its_last_day():
    day = {"opens_on": date(2026, 11, 30), "due_on": date(2026, 11, 30)}
    assert step(date(2026, 11, 30), **day) is ReminderStep.LAST_DAY


def test_every_step_but_the_question_stands_on_the_ladder_once():
    assert [rung.step for rung in ladder()] == [
        member for member in ReminderStep if member is not ReminderStep.QUESTION
    ]


def test_a_question_waits_two_working_days():
    friday = date(2026, 11, 20)
    assert not question_is_due(date(2026, 11, 23), friday, SN)
    assert question_is_due(date(2026, 11, 24), friday, SN)


@pytest.mark.parametrize(
    ("hour", "minute", "expected"),
    [(6, 59, False), (7, 0, True), (17, 59, True), (18, 0, False), (0, 0, False)],
)
@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28), date(2026, 11, 24)])
def test_mails_are_written_between_seven_and_six_in_berlin(day, hour, minute, expected):
    now = datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)
    assert is_mailing_time(now) is expected


def test_two_days_lie_between_two_mails():
    today = date(2026, 11, 24)
    assert may_write(today, [])
    assert may_write(today, [today - timedelta(days=2)])
    assert not may_write(today, [today - timedelta(days=1)])
    assert not may_write(today, [today])


def test_a_clock_that_went_back_does_not_send_again():
    today = date(2026, 11, 24)
    assert not may_write(today, [today + timedelta(days=6)])


def test_no_more_than_five_mails_in_four_weeks():
    today = date(2026, 11, 30)
    days = [today - timedelta(days=4 * number) for number in range(1, CAP + 1)]
    assert not may_write(today, days)
    assert may_write(today, days[1:])
    assert may_write(today, [*days[1:], today - CAP_WINDOW])
