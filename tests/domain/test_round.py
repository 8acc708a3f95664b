"""The days of one round: due after it opens, ending neither before it is due nor before today."""

from datetime import date, timedelta

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.round import LONGEST_AFTER, check_round_dates, ends_on

DECEMBER = Month(2026, 12)
OPENS = date(2026, 11, 20)
TODAY = date(2026, 11, 24)
LAST = date(2026, 12, 31)


def check(due_on, open_until=None, today=TODAY):
    check_round_dates(DECEMBER, opens_on=OPENS, due_on=due_on, open_until=open_until, today=today)


@pytest.mark.parametrize(
    ("due_on", "open_until", "today"),
    [
        (OPENS, None, TODAY),
        (LAST, None, TODAY),
        (date(2027, 1, 8), date(2027, 1, 8), TODAY),
        (date(2026, 11, 30), TODAY + timedelta(days=6), TODAY),
        (date(2026, 11, 20), TODAY, TODAY),
        (date(2026, 11, 30), LAST + LONGEST_AFTER, date(2027, 3, 1)),
    ],
)
def test_days_that_go_together(due_on, open_until, today):
    check(due_on, open_until, today)


@pytest.mark.parametrize(
    ("due_on", "open_until", "today", "rule", "field"),
    [
        (date(2026, 11, 19), None, TODAY, Rule.DUE_BEFORE_OPENING, "due_on"),
        (date(2027, 1, 1), None, TODAY, Rule.CLOSES_TOO_EARLY, "open_until"),
        (date(2026, 11, 30), date(2026, 11, 29), TODAY, Rule.CLOSES_TOO_EARLY, "open_until"),
        (date(2026, 11, 20), date(2026, 11, 23), TODAY, Rule.CLOSES_TOO_EARLY, "open_until"),
        (date(2026, 11, 30), None, date(2027, 1, 1), Rule.CLOSES_TOO_EARLY, "open_until"),
        (date(2026, 11, 30), date(2028, 1, 2), TODAY, Rule.VALUE_OUT_OF_RANGE, "open_until"),
        (date(2026, 11, 30), date.max, TODAY, Rule.VALUE_OUT_OF_RANGE, "open_until"),
    ],
)
def test_days_that_contradict_each_other(due_on, open_until, today, rule, field):
    with pytest.raises(RuleViolationError) as caught:
        check(due_on, open_until, today)
    assert (caught.value.rule, caught.value.field) == (rule, field)


def test_without_a_chosen_day_a_round_ends_with_its_month():
    assert ends_on(DECEMBER, None) == LAST
    assert ends_on(DECEMBER, date(2027, 1, 15)) == date(2027, 1, 15)
