"""The calendar of an edition: starts, entry dates, deadlines and exams of its public courses.

The only module that knows icalendar. An event keeps its UID from edition to edition, and its
SEQUENCE rises with the edition, so that a calendar that subscribed to the permanent address moves
what moved and crosses out what was cancelled. Nothing here asks the clock: DTSTAMP is the moment
of publishing, and the time zone is written out, so equal rows give equal bytes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from icalendar import Calendar, Event, Timezone, vText

from kursliste.domain.course import CourseStatus, LateEntry, StartKind
from kursliste.domain.edition import BERLIN, CodeWords, EditionHead, Row
from kursliste.publishing.formats.package import HTTPS
from kursliste.publishing.formats.text import clean, rows_for, title_line
from kursliste.web.labels import shown

PRODUCT: Final = "-//kursliste//Kursliste//DE"
UID_SUFFIX: Final = "kursliste.invalid"
"""Never the machine's name: a list that moves to another server stays the same calendar."""

MONTHS_A_YEAR: Final = 12
EDITIONS_A_MONTH: Final = 1000
"""More than a month will ever have; keeps SEQUENCE rising from edition to edition."""

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


def build(head: EditionHead, rows: Sequence[Row], words: CodeWords) -> bytes:
    """Return the ``.ics`` of an edition; public columns of public rows only.

    Raises ValueError for text that no file may hold (``text.clean``).
    """
    name = title_line(head, internal=False).replace("\n", " ")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", str(BERLIN))
    calendar.add("refresh-interval", timedelta(days=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    calendar.add_component(Timezone.from_ical(TIME_ZONE))
    for row in rows_for(rows, internal=False):
        for happening in happenings(row):
            calendar.add_component(_event(head, row, happening, words))
    return bytes(calendar.to_ical(sorted=False))


def happenings(row: Row) -> Iterator[Happening]:
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


def _event(head: EditionHead, row: Row, happening: Happening, words: CodeWords) -> Event:
    is_cancelled = row.get("status") == CourseStatus.CANCELLED
    stamp = head.published_at.astimezone(UTC).replace(microsecond=0)
    event = Event()
    event.add("uid", f"{row['course_id']}-{happening.kind}@{UID_SUFFIX}")
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", _sequence(head))
    _add_times(event, happening)
    event.add("summary", _summary(row, happening, is_cancelled=is_cancelled))
    event.add("description", _description(head, row, words))
    for name, value in (("location", _place(row)), ("contact", _contact(row))):
        if value:
            event.add(name, value)
    link = str(row.get("link") or "")
    if HTTPS.fullmatch(link):
        event.add("url", link)
    event.add("categories", [vText(happening.word)])
    event.add("status", _status(happening, is_cancelled=is_cancelled))
    event.add("transp", "TRANSPARENT")  # a date in a list does not make its reader busy
    return event


def _sequence(head: EditionHead) -> int:
    month = head.month.year * MONTHS_A_YEAR + head.month.number
    return month * EDITIONS_A_MONTH + head.number


def _add_times(event: Event, happening: Happening) -> None:
    """Write begin and end; the end of a whole day is the day after (RFC 5545: exclusive)."""
    if happening.begins is None:
        event.add("dtstart", happening.day)
        event.add("dtend", happening.day + timedelta(days=1))
        return
    begins = datetime.combine(happening.day, happening.begins, BERLIN)
    event.add("dtstart", begins)
    if happening.ends is not None and happening.ends > happening.begins:
        event.add("dtend", datetime.combine(happening.day, happening.ends, BERLIN))


def _status(happening: Happening, *, is_cancelled: bool) -> str:
    if is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if happening.is_expected else "CONFIRMED"


def _summary(row: Row, happening: Happening, *, is_cancelled: bool) -> str:
    word = f"voraussichtlich {happening.word}" if happening.is_expected else happening.word
    word = f"abgesagt, {word}" if is_cancelled else word
    return clean(f"{word}: {row.get('title') or ''}").replace("\n", " ")


def _description(head: EditionHead, row: Row, words: CodeWords) -> str:
    facts = {
        "Kursart": words.word("course_type", row.get("course_type")),
        "Niveau": " – ".join(dict.fromkeys(_texts(row, "level_from", "level_to"))),
        "Tage": shown(row.get("weekdays")),
        "Status": words.word("status", row.get("status")),
        "freie Plätze": shown(row.get("seats_free")),
        "Zugang": shown(row.get("admission")),
        "Träger": shown(row.get("provider")),
        "bestätigt am": shown(row.get("confirmed_on")) or "nicht bestätigt",
    }
    lines = [f"{name}: {value}" for name, value in facts.items() if value]
    lines.append(
        f"Ausgabe {head.name}, Stand {head.stand:%d.%m.%Y}. Fragen Sie vor der Anmeldung beim "
        "Träger nach."
    )
    return clean("\n".join(lines))


def _place(row: Row) -> str:
    town = " ".join(_texts(row, "postcode", "town"))
    return clean(", ".join([*_texts(row, "venue_name", "street"), *([town] if town else [])]))


def _contact(row: Row) -> str:
    return clean(
        ", ".join(_texts(row, "provider", "contact_name", "contact_phone", "contact_email"))
    )


def _texts(row: Row, *names: str) -> list[str]:
    return [str(row[name]) for name in names if row.get(name)]
