"""One course as a calendar: its start, dates and deadlines, and its lessons week by week."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from icalendar import Event

from kursliste.domain.course import CourseStatus, Weekday
from kursliste.domain.edition import BERLIN
from kursliste.models.edition import Edition
from kursliste.web.course_words import told
from kursliste.web.happenings import (
    UID_SUFFIX,
    Happening,
    add_times,
    empty_calendar,
    happenings,
    time_zone,
)
from kursliste.web.public_facts import PublicFacts

NUMBER: Final[Mapping[str, int]] = {day: number for number, day in enumerate(Weekday)}
BYDAY: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
READ: Final = (
    "starts_on",
    "start_kind",
    "time_from",
    "time_until",
    "late_entry",
    "late_entry_from",
    "register_by",
    "exam_on",
)


def calendar_of(entry: PublicFacts, edition: Edition, link: str) -> bytes:
    """Return the ``.ics`` of a published course; ``link`` is its page."""
    calendar = empty_calendar()
    calendar.add("name", entry.title)
    calendar.add("x-wr-calname", entry.title)
    calendar.add_component(time_zone())
    facts = {name: getattr(entry, name) for name in READ}
    has_lessons = bool(entry.weekdays and entry.starts_on)
    for happening in happenings(facts):
        if not (has_lessons and happening.kind == "beginn"):
            calendar.add_component(_event(entry, edition, link, happening))
    if has_lessons:
        calendar.add_component(_lessons(entry, edition, link))
    return bytes(calendar.to_ical(sorted=False))


def _event(entry: PublicFacts, edition: Edition, link: str, happening: Happening) -> Event:
    event = Event()
    stamp = edition.published_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", f"{entry.course_id}-{happening.kind}@{UID_SUFFIX}")
    event.add("dtstamp", stamp)
    add_times(event, happening)
    is_cancelled = entry.status is CourseStatus.CANCELLED
    word = f"abgesagt, {happening.word}" if is_cancelled else happening.word
    event.add("summary", f"{word}: {entry.title}" if word else entry.title)
    place = told(entry.venue_name, entry.street, " ".join(told(entry.postcode, entry.town)))
    if place:
        event.add("location", ", ".join(place))
    contact = told(entry.provider, entry.contact_name, entry.contact_phone)
    event.add(
        "description", "\n".join([*contact, *told(entry.times_note, entry.breaks_note), link])
    )
    event.add("url", link)
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    return event


def _lessons(entry: PublicFacts, edition: Edition, link: str) -> Event:
    """Return the lessons as an event that repeats on the course's days until its end."""
    days = sorted(NUMBER[day] for day in entry.weekdays if day in NUMBER)
    first = entry.starts_on
    while first.weekday() not in days:
        first += timedelta(days=1)
    lesson = Happening(
        kind="unterricht", word="", day=first, begins=entry.time_from, ends=entry.time_until
    )
    event = _event(entry, edition, link, lesson)
    rule: dict[str, object] = {"FREQ": "WEEKLY", "BYDAY": [BYDAY[day] for day in days]}
    if entry.ends_on:
        rule["UNTIL"] = _last_moment(entry.ends_on, whole_day=entry.time_from is None)
    event.add("rrule", rule)
    return event


def _last_moment(day: date, *, whole_day: bool) -> date | datetime:
    """Return the end of a repetition in the form of its beginning (RFC 5545, 3.3.10)."""
    return day if whole_day else datetime.combine(day, time(23, 59), BERLIN).astimezone(UTC)
