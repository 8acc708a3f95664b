"""The days that follow from a list's settings: holidays, short months, whatever is chosen."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursliste.domain.calendar import Month, is_working_day, round_dates, working_days_before
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.reminders import (
    SPACING,
    Audience,
    LadderTimes,
    ReminderStep,
    calls_from,
    check_order,
    ladder,
    step_on,
)
from kursliste.domain.schedule import LIMITS, ListSetup, check_setup, planned, planned_round
from kursliste.infrastructure.holidays_by_state import holidays_between

SN = holidays_between("SN", date(2025, 1, 1), date(2030, 12, 31))
MONTHS = st.builds(Month, st.integers(2026, 2029), st.integers(1, 12))


def setups():
    """Every combination that a district may choose."""
    numbers = {name: st.integers(low, high) for name, (low, high) in LIMITS.items()}
    steps = st.lists(st.integers(1, 20), min_size=3, max_size=3, unique=True).map(sorted)
    return st.builds(
        lambda opens, due, friendly, after: ListSetup(
            opens_day=opens,
            due_working_days=due,
            friendly_days=friendly,
            overdue_working_days=after[0],
            second_contact_working_days=after[1],
            calls_working_days=after[2],
        ),
        numbers["opens_day"],
        numbers["due_working_days"],
        numbers["friendly_days"],
        steps,
    )


@pytest.mark.parametrize(
    ("month", "working_days", "due_on"),
    [
        (Month(2026, 12), 0, date(2026, 11, 30)),
        (Month(2026, 12), 1, date(2026, 11, 27)),  # over a weekend
        (Month(2026, 12), 8, date(2026, 11, 20)),  # the opening day: never before it
        (Month(2026, 12), 9, date(2026, 11, 20)),  # the 19th would be before it opens
        (Month(2028, 11), 0, date(2028, 10, 30)),  # Reformationstag is a Tuesday
        (Month(2028, 11), 1, date(2028, 10, 27)),
        (Month(2027, 1), 0, date(2026, 12, 31)),
        (Month(2027, 1), 1, date(2026, 12, 30)),
        (Month(2027, 1), 4, date(2026, 12, 24)),  # Christmas Eve is a working day, 25 and 26 not
        (Month(2027, 3), 0, date(2027, 2, 26)),  # a short month that ends on a Sunday
    ],
)
def test_the_deadline_lies_so_many_working_days_before_the_last_one(month, working_days, due_on):
    opens_on, found = round_dates(month, due_working_days=working_days, holidays=SN)
    assert (opens_on.day, found) == (20, due_on)


def test_buss_und_bettag_is_no_working_day_in_sachsen_only():
    """18.11.2026 is a Wednesday."""
    thursday = date(2026, 11, 19)
    thuringia = holidays_between("TH", thursday, thursday)
    assert working_days_before(thursday, 1, SN) == date(2026, 11, 17)
    assert working_days_before(thursday, 1, thuringia) == date(2026, 11, 18)
    assert working_days_before(thursday, 0, SN) == thursday


@given(MONTHS, st.integers(1, 31), st.integers(0, 15))
def test_whatever_is_chosen_a_round_is_due_in_its_month_and_not_before_it_opens(
    month, opens_day, working_days
):
    opens_on, due_on = round_dates(
        month, opens_day=opens_day, due_working_days=working_days, holidays=SN
    )
    assert Month.of(opens_on) == Month.of(due_on) == month.previous()
    assert opens_on <= due_on
    assert is_working_day(due_on, SN) or due_on == opens_on


# ---- the ladder with times of its own


def test_the_ladder_follows_its_times():
    times = LadderTimes(
        friendly_days=2, overdue_working_days=2, second_contact_working_days=4, calls_working_days=9
    )
    opens_on, due_on = round_dates(Month(2026, 12), holidays=SN)

    def step(today, audience=Audience.REPORTERS):
        return step_on(today, audience, opens_on=opens_on, due_on=due_on, holidays=SN, times=times)

    assert [step(date(2026, 11, number)) for number in (27, 28, 30)] == [
        ReminderStep.OPENING, ReminderStep.FRIENDLY, ReminderStep.LAST_DAY]  # fmt: skip
    assert step(date(2026, 12, 1)) is ReminderStep.LAST_DAY
    assert step(date(2026, 12, 2)) is ReminderStep.OVERDUE
    assert step(date(2026, 12, 3), Audience.SECOND_CONTACT) is None
    assert step(date(2026, 12, 4), Audience.SECOND_CONTACT) is ReminderStep.SECOND_CONTACT
    assert calls_from(date(2026, 11, 30), SN, times) == date(2026, 12, 11)
    assert {rung.step for rung in ladder(times)} == {rung.step for rung in ladder()}


@pytest.mark.parametrize(
    ("overdue", "second", "calls", "field"),
    [
        (1, 2, 3, None),
        (18, 19, 20, None),
        (3, 3, 4, "second_contact_working_days"),
        (4, 3, 5, "second_contact_working_days"),
        (1, 3, 3, "calls_working_days"),
        (1, 3, 2, "calls_working_days"),
    ],
)
def test_the_steps_after_the_deadline_keep_their_order(overdue, second, calls, field):
    times = LadderTimes(
        overdue_working_days=overdue, second_contact_working_days=second, calls_working_days=calls
    )
    if field is None:
        check_order(times)
        return
    with pytest.raises(RuleViolationError) as caught:
        check_order(times)
    assert (caught.value.rule, caught.value.field) == (Rule.STEPS_OUT_OF_ORDER, field)


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("end", [0, 1])
def test_a_number_out_of_its_range_is_named(name, end):
    beyond: Any = {name: LIMITS[name][end] + (1 if end else -1)}
    with pytest.raises(RuleViolationError) as caught:
        check_setup(replace(ListSetup(), **beyond))
    low, high = LIMITS[name]
    assert (caught.value.rule, caught.value.field) == (Rule.VALUE_OUT_OF_RANGE, name)
    assert caught.value.facts == {"low": low, "high": high}


@given(setups())
def test_every_choice_within_the_limits_and_in_order_is_good(setup):
    check_setup(setup)


# ---- the days ahead


def test_the_days_of_an_ordinary_round():
    """The opening on Sunday is told on Monday; overdue waits for two days after the last mail."""
    found = planned(Month(2027, 1), ListSetup(), SN)
    assert (found.opens_on, found.due_on) == (date(2026, 12, 20), date(2026, 12, 31))
    assert [(str(s.step), s.day, s.mail_on) for s in found.steps] == [
        ("opening", date(2026, 12, 20), date(2026, 12, 21)),
        ("friendly", date(2026, 12, 26), date(2026, 12, 28)),
        ("last_day", date(2026, 12, 31), date(2026, 12, 31)),
        ("overdue", date(2027, 1, 4), date(2027, 1, 4)),
        ("second_contact", date(2027, 1, 6), date(2027, 1, 6)),
    ]
    assert found.calls_from == date(2027, 1, 7)


def test_a_step_that_its_successor_overtakes_sends_no_mail():
    """Friendly holds from Saturday, and Monday is the last day."""
    found = planned(Month(2026, 12), ListSetup(friendly_days=2), SN)
    by_step = {step.step: step for step in found.steps}
    assert by_step[ReminderStep.FRIENDLY].day == date(2026, 11, 28)
    assert by_step[ReminderStep.FRIENDLY].mail_on is None
    assert by_step[ReminderStep.LAST_DAY].mail_on == date(2026, 11, 30)


def test_a_short_round_leaves_out_what_would_come_before_its_opening():
    found = planned_round(
        Month(2026, 12),
        opens_on=date(2026, 11, 27),
        due_on=date(2026, 11, 30),
        times=LadderTimes(),
        holidays=SN,
    )
    assert [step.step for step in found.steps] == [
        ReminderStep.OPENING,
        ReminderStep.LAST_DAY,
        ReminderStep.OVERDUE,
        ReminderStep.SECOND_CONTACT,
    ]


@given(MONTHS, setups())
def test_mails_go_on_working_days_in_order_and_two_days_apart(month, setup):
    found = planned(month, setup, SN)
    days = [s.mail_on for s in found.steps if s.mail_on and s.step != "second_contact"]
    assert days == sorted(days)
    assert all(later - earlier >= SPACING for earlier, later in pairwise(days))
    assert all(is_working_day(day, SN) for day in days)
    assert all(s.mail_on is None or s.mail_on >= s.day for s in found.steps)
    assert found.calls_from > found.due_on
    assert found.calls_from - found.due_on <= timedelta(days=45)
    last = found.steps[-1]
    assert (last.step, last.mail_on is not None) == (ReminderStep.SECOND_CONTACT, True)
