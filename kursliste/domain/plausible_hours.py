"""Whether the hours of a course fit its type, its dates and its days.

Lists count in UE of 45 minutes. Breaks, holidays and courses that a row tells only a part of are
common, so each rule leaves far more room than a calculator would.
"""

from collections.abc import Callable
from datetime import date, time
from typing import Final

from kursliste.domain.modules import DAYS_A_WEEK
from kursliste.domain.notices import Facts, Finding, Notice, Usual, day, whole

MINUTES_OF_UNIT: Final = 45
MUCH_MORE_UNITS: Final = 1.5
MUCH_FEWER_UNITS: Final = 8
UNITS_APART: Final = 200
"""A type with few units may well take three times as many."""
CALENDAR_FACTOR: Final = 2
CALENDAR_APART: Final = 60
UNITS_A_DAY: Final = 8
TIMES_FACTOR: Final = 1.25
LONGEST_DAY: Final = 9 * 60
"""Eight units are six hours; nobody plans three hours of breaks."""


def _units_unlike_type(facts: Facts, _on: date, usual: Usual) -> Finding | None:
    units = whole(facts, "units_total")
    if not units or not usual.units_total or abs(units - usual.units_total) < UNITS_APART:
        return None
    is_much_more = units > usual.units_total * MUCH_MORE_UNITS
    if not is_much_more and units * MUCH_FEWER_UNITS >= usual.units_total:
        return None
    return Finding(
        notice=Notice.UNITS_UNLIKE_TYPE,
        attribute="units_total",
        facts={"units": units, "usual": usual.units_total},
    )


def _units_unlike_dates(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    start, end = day(facts, "starts_on"), day(facts, "ends_on")
    per_week, units = whole(facts, "units_per_week"), whole(facts, "units_total")
    if start is None or end is None or not per_week or not units:
        return None
    taught = per_week * ((end - start).days + 1) // DAYS_A_WEEK
    is_near = abs(taught - units) < CALENDAR_APART
    if is_near or (taught <= units * CALENDAR_FACTOR and units <= taught * CALENDAR_FACTOR):
        return None
    return Finding(
        notice=Notice.UNITS_UNLIKE_DATES,
        attribute="units_total",
        facts={
            "per_week": per_week,
            "start": start,
            "end": end,
            "taught": taught,
            "units": units,
        },
    )


def _units_unlike_times(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    per_week, minutes, days = whole(facts, "units_per_week"), _minutes(facts), _weekdays(facts)
    if not per_week or minutes is None or not days or facts.get("times_note"):
        return None
    possible = len(days) * minutes // MINUTES_OF_UNIT
    if per_week <= possible * TIMES_FACTOR + 1:
        return None
    return Finding(
        notice=Notice.UNITS_UNLIKE_TIMES,
        attribute="units_per_week",
        facts={
            "days": days,
            "from": facts["time_from"],
            "until": facts["time_until"],
            "possible": possible,
            "per_week": per_week,
        },
    )


def _day_too_long(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    minutes = _minutes(facts)
    if minutes is None or minutes <= LONGEST_DAY:
        return None
    return Finding(
        notice=Notice.DAY_TOO_LONG,
        attribute="time_until",
        facts={"from": facts["time_from"], "until": facts["time_until"]},
    )


def _week_too_full(facts: Facts, _on: date, _usual: Usual) -> Finding | None:
    per_week, days = whole(facts, "units_per_week"), _weekdays(facts)
    has_times = _minutes(facts) is not None or facts.get("times_note")
    if not per_week or not days or has_times or per_week <= len(days) * UNITS_A_DAY:
        return None
    return Finding(
        notice=Notice.WEEK_TOO_FULL,
        attribute="units_per_week",
        facts={"days": days, "per_week": per_week},
    )


def _minutes(facts: Facts) -> int | None:
    start, end = facts.get("time_from"), facts.get("time_until")
    if not isinstance(start, time) or not isinstance(end, time):
        return None
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def _weekdays(facts: Facts) -> tuple[object, ...]:
    days = facts.get("weekdays")
    return tuple(days) if isinstance(days, tuple | list) else ()


HOURS: Final[tuple[Callable[[Facts, date, Usual], Finding | None], ...]] = (
    _units_unlike_type,
    _units_unlike_dates,
    _units_unlike_times,
    _week_too_full,
    _day_too_long,
)
