"""The settings of a standing list, and the days that follow from them, computed ahead."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from kursliste.domain.calendar import DEFAULT_OPENS_DAY, Month, is_working_day, round_dates
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.licence import Licence
from kursliste.domain.reminders import (
    DEFAULT_TIMES,
    SPACING,
    Audience,
    LadderTimes,
    ReminderStep,
    calls_from,
    check_order,
    day_of,
    ladder,
    may_write,
    step_on,
)
from kursliste.domain.round import Rhythm, UnconfirmedRule

LIMITS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "opens_day": (1, 31),
        "due_working_days": (0, 15),
        "friendly_days": (1, 20),
        "overdue_working_days": (1, 18),
        "second_contact_working_days": (2, 19),
        "calls_working_days": (3, 20),
    }
)
"""Lowest and highest value of each number that a list may choose."""

LADDER_ENDS: Final = timedelta(days=45)
"""How long after the deadline a ladder of the longest times runs, holidays included."""


@dataclass(frozen=True, kw_only=True)
class ListSetup:
    """What a district chooses for a list; the names are those of ``models.CourseList``."""

    rhythm: Rhythm = Rhythm.MONTHLY
    opens_day: int = DEFAULT_OPENS_DAY
    due_working_days: int = 0
    unconfirmed_rule: UnconfirmedRule = UnconfirmedRule.PRINT
    licence: Licence = Licence.NONE
    reminds: bool = True
    friendly_days: int = DEFAULT_TIMES.friendly_days
    overdue_working_days: int = DEFAULT_TIMES.overdue_working_days
    second_contact_working_days: int = DEFAULT_TIMES.second_contact_working_days
    calls_working_days: int = DEFAULT_TIMES.calls_working_days

    @property
    def times(self) -> LadderTimes:
        """When the steps of the ladder come."""
        return LadderTimes(
            friendly_days=self.friendly_days,
            overdue_working_days=self.overdue_working_days,
            second_contact_working_days=self.second_contact_working_days,
            calls_working_days=self.calls_working_days,
        )


@dataclass(frozen=True, kw_only=True)
class PlannedStep:
    """A step of the ladder: the ``day`` from which it holds, and when its mail goes.

    ``mail_on`` is None if no mail of this step goes: the next step is there before the weekend is
    over, or before two days have passed since the last mail.
    """

    step: ReminderStep
    day: date
    mail_on: date | None


@dataclass(frozen=True, kw_only=True)
class PlannedRound:
    """The days of one round. ``steps`` leaves out a step that an earlier one makes needless."""

    month: Month
    opens_on: date
    due_on: date
    steps: tuple[PlannedStep, ...]
    calls_from: date


def check_setup(setup: ListSetup) -> None:
    """Raise RuleViolationError for a number out of its range or steps out of their order."""
    for name, (low, high) in LIMITS.items():
        if not low <= getattr(setup, name) <= high:
            raise RuleViolationError(Rule.VALUE_OUT_OF_RANGE, field=name, low=low, high=high)
    check_order(setup.times)


def planned(month: Month, setup: ListSetup, holidays: Collection[date]) -> PlannedRound:
    """Return the days that the round of ``month`` will have."""
    opens_on, due_on = round_dates(
        month,
        opens_day=setup.opens_day,
        due_working_days=setup.due_working_days,
        holidays=holidays,
    )
    return planned_round(
        month, opens_on=opens_on, due_on=due_on, times=setup.times, holidays=holidays
    )


def planned_round(
    month: Month,
    *,
    opens_on: date,
    due_on: date,
    times: LadderTimes,
    holidays: Collection[date],
) -> PlannedRound:
    """Return the days of a round that opens and is due on these days."""
    mails = _mail_days(opens_on, due_on, times, holidays)
    steps = [
        PlannedStep(step=rung.step, day=day, mail_on=mails.get(rung.step))
        for rung in ladder(times)
        if rung.step
        is step_on(
            day := day_of(rung, opens_on, due_on, holidays),
            rung.audience,
            opens_on=opens_on,
            due_on=due_on,
            holidays=holidays,
            times=times,
        )
    ]
    return PlannedRound(
        month=month,
        opens_on=opens_on,
        due_on=due_on,
        steps=tuple(steps),
        calls_from=calls_from(due_on, holidays, times),
    )


def _mail_days(
    opens_on: date, due_on: date, times: LadderTimes, holidays: Collection[date]
) -> dict[ReminderStep, date]:
    """Return when a provider that stays silent, and its second contact, hear of each step."""
    found: dict[ReminderStep, date] = {}
    mailed: dict[Audience, list[date]] = {audience: [] for audience in Audience}
    day = opens_on
    while day <= due_on + LADDER_ENDS:
        for audience, days in mailed.items():
            step = step_on(
                day, audience, opens_on=opens_on, due_on=due_on, holidays=holidays, times=times
            )
            had_a_chance = audience is Audience.REPORTERS or (
                bool(found) and day - min(found.values()) >= SPACING
            )
            if (
                step is not None
                and step not in found
                and had_a_chance
                and is_working_day(day, holidays)
                and may_write(day, days)
            ):
                found[step] = day
                days.append(day)
        day += timedelta(days=1)
    return found
