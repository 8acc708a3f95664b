"""What a course puts into a calendar, and the parts that every calendar of ours has.

The calendar of an edition and that of one course are made of these; nothing here asks the clock.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from icalendar import Calendar, Component, Event, Timezone

from kursliste.domain.course import LateEntry, StartKind
from kursliste.domain.edition import BERLIN

PRODUCT: Final = "-//kursliste//Kursliste//DE"
UID_SUFFIX: Final = "kursliste.invalid"
"""Never the machine's name: a list that moves to another server stays the same calendar."""

TIME_ZONE: Final = """BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""
DAY: Final = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)|(\d{4})-(\d\d)-(\d\d)")


@dataclass(frozen=True)
class Happening:
    """What becomes one event: the ``kind`` is part of the UID, ``word`` begins its title.

    Without ``begins`` it lasts all day.
    """

    kind: str
    word: str
    day: date
    begins: time | None = None
    ends: time | None = None
    is_expected: bool = False


def empty_calendar() -> Calendar:
    """Return a calendar of ours without a name and without events."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    return calendar


def time_zone() -> Component:
    """Return the rules of Europe/Berlin, written out so that equal rows give equal bytes."""
    return Timezone.from_ical(TIME_ZONE)


def happenings(row: Mapping[str, object]) -> Iterator[Happening]:
    """Yield the days of a course that belong into a calendar, at most one of each kind."""
    begins, ends = row.get("time_from"), row.get("time_until")
    starts_on = row.get("starts_on")
    if isinstance(starts_on, date):
        yield Happening(
            kind="beginn",
            word="Beginn",
            day=starts_on,
            begins=begins if isinstance(begins, time) else None,
            ends=ends if isinstance(ends, time) else None,
            is_expected=row.get("start_kind") == StartKind.EXPECTED,
        )
    entry = day_in(row.get("late_entry_from"))
    if entry is not None and row.get("late_entry") != LateEntry.NO:
        yield Happening(kind="einstieg", word="Einstieg möglich", day=entry)
    register_by = row.get("register_by")
    if isinstance(register_by, date):
        yield Happening(kind="anmeldeschluss", word="Anmeldeschluss", day=register_by)
    exam_on = row.get("exam_on")
    if isinstance(exam_on, date):
        yield Happening(kind="pruefung", word="Prüfung", day=exam_on)


def day_in(text: object) -> date | None:
    """Return the one day that a text names (07.12.2026 or 2026-12-07); None if it does not.

    "Einstieg ab" is told in words. "jederzeit" and two days at once are no date for a calendar.
    """
    found = list(DAY.finditer(str(text or "")))
    if len(found) != 1:
        return None
    day, month, year, iso_year, iso_month, iso_day = found[0].groups()
    try:
        if year:
            return date(int(year), int(month), int(day))
        return date(int(iso_year), int(iso_month), int(iso_day))
    except ValueError:
        return None


def add_times(event: Event, happening: Happening) -> None:
    """Write begin and end; the end of a whole day is the day after (RFC 5545: exclusive)."""
    if happening.begins is None:
        event.add("dtstart", happening.day)
        event.add("dtend", happening.day + timedelta(days=1))
        return
    begins = datetime.combine(happening.day, happening.begins, BERLIN)
    event.add("dtstart", begins)
    if happening.ends is not None and happening.ends > happening.begins:
        event.add("dtend", datetime.combine(happening.day, happening.ends, BERLIN))
