"""The calendar of an edition: starts, entry dates, deadlines and exams of its public courses.

An event keeps its UID from edition to edition, and its
SEQUENCE rises with the edition, so that a calendar that subscribed to the permanent address moves
what moved and crosses out what was cancelled. Nothing here asks the clock: DTSTAMP is the moment
of publishing, and the time zone is written out, so equal rows give equal bytes.
"""

from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Final

from icalendar import Event, vText

from kursliste.domain.course import CourseStatus
from kursliste.domain.edition import BERLIN, CodeWords, EditionHead, Row
from kursliste.publishing.formats.package import HTTPS
from kursliste.publishing.formats.text import clean, rows_for, title_line
from kursliste.web.happenings import (
    UID_SUFFIX,
    Happening,
    add_times,
    empty_calendar,
    happenings,
    time_zone,
)
from kursliste.web.labels import shown

MONTHS_A_YEAR: Final = 12
EDITIONS_A_MONTH: Final = 1000
"""More than a month will ever have; keeps SEQUENCE rising from edition to edition."""


def build(head: EditionHead, rows: Sequence[Row], words: CodeWords) -> bytes:
    """Return the ``.ics`` of an edition; public columns of public rows only.

    Raises ValueError for text that no file may hold (``text.clean``).
    """
    name = title_line(head, internal=False).replace("\n", " ")
    calendar = empty_calendar()
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", str(BERLIN))
    calendar.add("refresh-interval", timedelta(days=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    calendar.add_component(time_zone())
    for row in rows_for(rows, internal=False):
        for happening in happenings(row):
            calendar.add_component(_event(head, row, happening, words))
    return bytes(calendar.to_ical(sorted=False))


def _event(head: EditionHead, row: Row, happening: Happening, words: CodeWords) -> Event:
    is_cancelled = row.get("status") == CourseStatus.CANCELLED
    stamp = head.published_at.astimezone(UTC).replace(microsecond=0)
    event = Event()
    event.add("uid", f"{row['course_id']}-{happening.kind}@{UID_SUFFIX}")
    event.add("dtstamp", stamp)
    event.add("last-modified", stamp)
    event.add("sequence", _sequence(head))
    add_times(event, happening)
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
