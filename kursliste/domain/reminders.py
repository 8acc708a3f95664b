"""The reminder ladder as data: which step, when, to whom, and how often at most."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from kursliste.domain.calendar import is_working_day
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.report import ReportStatus


class ReminderStep(StrEnum):
    """Each goes once per person and report."""

    OPENING = "opening"
    FRIENDLY = "friendly"
    LAST_DAY = "last_day"
    OVERDUE = "overdue"
    SECOND_CONTACT = "second_contact"
    QUESTION = "question"


class Audience(StrEnum):
    """Who gets a mail: the people who report, or the second address of the house."""

    REPORTERS = "reporters"
    SECOND_CONTACT = "second_contact"


class Anchor(StrEnum):
    """What the day of a rung is counted from."""

    OPENS_ON = "opens_on"
    DUE_ON = "due_on"


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One step of the ladder: ``days`` in the calendar and ``working_days`` from its anchor."""

    step: ReminderStep
    audience: Audience
    anchor: Anchor
    days: int = 0
    working_days: int = 0


@dataclass(frozen=True, kw_only=True)
class LadderTimes:
    """When the steps of a list's ladder come: ``friendly_days`` in the calendar before the
    deadline, the others in working days after it. A list may move them; the order stays.
    """

    friendly_days: int = 5
    overdue_working_days: int = 1
    second_contact_working_days: int = 3
    calls_working_days: int = 4


DEFAULT_TIMES: Final = LadderTimes()

QUESTION_AFTER: Final = 2
"""Working days that a question may wait before its provider is reminded of it, once."""

MISSING: Final = (ReportStatus.OPEN, ReportStatus.DRAFT)
"""States of a report that nobody has sent yet."""

WAITED_FOR: Final = (*MISSING, ReportStatus.ASKED)
"""States in which somebody waits for the provider."""

SPACING: Final = timedelta(days=2)
"""Days between two reminders to one person, at least."""

CAP: Final = 5
"""Reminders to one person within ``CAP_WINDOW``, at most."""

CAP_WINDOW: Final = timedelta(days=28)
EARLIEST: Final = time(7)
LATEST: Final = time(18)


@lru_cache(maxsize=128)
def ladder(times: LadderTimes = DEFAULT_TIMES) -> tuple[Rung, ...]:
    """Return the rungs of a list in their order."""
    reporters, due_on = Audience.REPORTERS, Anchor.DUE_ON
    return (
        Rung(step=ReminderStep.OPENING, audience=reporters, anchor=Anchor.OPENS_ON),
        Rung(
            step=ReminderStep.FRIENDLY,
            audience=reporters,
            anchor=due_on,
            days=-times.friendly_days,
        ),
        Rung(step=ReminderStep.LAST_DAY, audience=reporters, anchor=due_on),
        Rung(
            step=ReminderStep.OVERDUE,
            audience=reporters,
            anchor=due_on,
            working_days=times.overdue_working_days,
        ),
        Rung(
            step=ReminderStep.SECOND_CONTACT,
            audience=Audience.SECOND_CONTACT,
            anchor=due_on,
            working_days=times.second_contact_working_days,
        ),
    )


def check_order(times: LadderTimes) -> None:
    """Raise RuleViolationError unless overdue, second contact and calls follow one another."""
    if times.second_contact_working_days <= times.overdue_working_days:
        raise RuleViolationError(Rule.STEPS_OUT_OF_ORDER, field="second_contact_working_days")
    if times.calls_working_days <= times.second_contact_working_days:
        raise RuleViolationError(Rule.STEPS_OUT_OF_ORDER, field="calls_working_days")


def is_mailing_time(now: datetime) -> bool:
    """Whether reminders may be queued at ``now``, a moment in Europe/Berlin: from 7 to 18 h."""
    return EARLIEST <= now.time() < LATEST


def plus_working_days(day: date, count: int, holidays: Collection[date]) -> date:
    """Return the ``count``-th working day after ``day``; ``day`` itself for 0."""
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day, holidays):
            day += timedelta(days=1)
    return day


def day_of(rung: Rung, opens_on: date, due_on: date, holidays: Collection[date]) -> date:
    """Return the day from which a rung holds.

    It need not be a working day: mails wait for the next one, and a later rung takes over.
    """
    anchor = opens_on if rung.anchor is Anchor.OPENS_ON else due_on
    return plus_working_days(anchor + timedelta(days=rung.days), rung.working_days, holidays)


def step_on(
    today: date,
    audience: Audience,
    *,
    opens_on: date,
    due_on: date,
    holidays: Collection[date],
    times: LadderTimes = DEFAULT_TIMES,
) -> ReminderStep | None:
    """Return the latest step that ``audience`` is due, or None before the round opens.

    Only the latest: who was not written to for a while gets one mail and not all that were missed.
    In a short round a friendly reminder that would come before the opening does not exist.
    """
    if today < opens_on:
        return None
    reached = [
        (day, place, rung.step)
        for place, rung in enumerate(ladder(times))
        if rung.audience is audience and (day := day_of(rung, opens_on, due_on, holidays)) <= today
    ]
    return max(reached)[2] if reached else None


def question_is_due(today: date, asked_on: date, holidays: Collection[date]) -> bool:
    """Return whether a question asked on ``asked_on`` has waited long enough for a reminder."""
    return today >= plus_working_days(asked_on, QUESTION_AFTER, holidays)


def calls_from(
    due_on: date, holidays: Collection[date], times: LadderTimes = DEFAULT_TIMES
) -> date:
    """Return the day from which calling is better than another mail."""
    return plus_working_days(due_on, times.calls_working_days, holidays)


def may_write(today: date, mailed_on: Collection[date]) -> bool:
    """Return whether spacing and cap allow a mail today; ``mailed_on`` holds a day per mail.

    A clock that went back does not send again: a mail in the future is a recent one, too.
    """
    recent = [day for day in mailed_on if day > today - CAP_WINDOW]
    return len(recent) < CAP and all(today - day >= SPACING for day in recent)
