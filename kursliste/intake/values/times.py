"""Weekdays, hours and times of day, from one cell or from several."""

import re
from datetime import datetime, time
from typing import Final

from kursliste.domain.course import Delivery, TimeOfDay, Weekday
from kursliste.intake.values.reading import (
    Reading,
    ask,
    dashed,
    found,
    is_formula,
    is_nothing,
    plain,
    unread,
)

WEEK: Final = tuple(day.value for day in Weekday)
LONG: Final = (
    ("montag", "Mo"), ("dienstag", "Di"), ("mittwoch", "Mi"), ("donnerstag", "Do"),
    ("freitag", "Fr"), ("samstag", "Sa"), ("sonnabend", "Sa"), ("sonntag", "So"),
)  # fmt: skip
NAME: Final = (
    r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)s?|"
    r"(?:mo|di|mi|do|fr|sa|so)(?![a-zäöü])\.?"
)
DAY: Final = re.compile(rf"(?<![a-zäöü])({NAME})(?:\s*(?:-|bis)\s*({NAME}))?", re.IGNORECASE)
CLOCK: Final = r"(\d{1,2})(?:\s?[:.]\s?(\d{2}))?(?:\s*(?:uhr|h)\b)?"
SPAN: Final = re.compile(rf"(?<!\d){CLOCK}\s*(?:-|bis)\s*{CLOCK}(?!\d)", re.IGNORECASE)
ONE: Final = re.compile(r"(?<!\d)(\d{1,2})(?:[:.](\d{2})|(?=\s*(?:uhr|h)\b))", re.IGNORECASE)
UNKNOWN: Final = re.compile(
    r"^\?+$|n\.\s?n\.|n\.\s?v\.|nach \w*\.? ?(?:vereinb|absprache)|unbekannt|variabel|"
    r"^(?:noch )?offen$",
    re.IGNORECASE,
)
PARENTHESES: Final = re.compile(r"\(([^()]*)\)")
WORDS: Final = (
    (re.compile(r"\bvorm\.|vormittag(?:s|skurs)\b|\bmorgens\b", re.IGNORECASE), TimeOfDay.MORNING),
    (re.compile(r"\bnachm\.|nachmittag(?:s|skurs)\b", re.IGNORECASE), TimeOfDay.AFTERNOON),
    (re.compile(r"\babends\b|abendkurs\b", re.IGNORECASE), TimeOfDay.EVENING),
    (re.compile(r"ganztägig|ganztags", re.IGNORECASE), TimeOfDay.ALL_DAY),
    (re.compile(r"\bwochenende\b|wochenendkurs", re.IGNORECASE), TimeOfDay.WEEKEND),
)


def read_lessons(value: object, *, attribute: str = "times_note") -> Reading:
    """Return weekdays, hours and time of day from a cell; ``attribute`` is asked about."""
    if is_nothing(value):
        return Reading()
    if isinstance(value, datetime | time):
        at = value.time() if isinstance(value, datetime) else value
        return found(time_from=at.replace(second=0))
    if is_formula(value):
        return unread(attribute, value, "Das ist eine Formel und keine Zeitangabe.")
    text = dashed(plain(value))
    if UNKNOWN.search(text) and not SPAN.search(text):
        return ask(attribute, value, "Die Zeit steht noch nicht fest.")
    reading = notes_of(text)
    bare = PARENTHESES.sub(" ", text)
    days = weekdays_in(bare)
    part = time_of_day(bare)
    reading += found(weekdays=days or None, time_of_day=part)
    hours = hours_in(DAY.sub(" ", bare), text)
    if not (days or part or hours.values or hours.remarks):
        return reading + unread(attribute, value, "Tage oder Uhrzeit sind nicht zu erkennen.")
    if re.search(r"täglich|werktags", bare, re.IGNORECASE):
        reading += ask("weekdays", value, "„Täglich“ oder „werktags“ als Mo bis Fr gelesen.")
    if part and not hours.values:
        why = f"Keine Uhrzeit, nur „{part}“."
        hours += ask("time_from", value, why) + ask("time_until", value, why)
    return reading + hours


def notes_of(text: str) -> Reading:
    """Return what stands in parentheses: a hint, and online lessons."""
    notes = [f"({note})" for note in PARENTHESES.findall(text) if not note.isdigit()]
    reading = found(times_note=" ".join(notes))
    if re.search(r"\bonline\b", text, re.IGNORECASE):
        mixed = bool(notes) or bool(re.search(r"präsenz|teils|und", text, re.IGNORECASE))
        mode = Delivery.HYBRID if mixed else Delivery.ONLINE
        reading += found(delivery=mode.value)
        reading += ask(
            "delivery", text, f"„Online“ steht bei den Zeiten: als {mode.value} gelesen."
        )
    return reading


def weekdays_in(text: str) -> tuple[str, ...]:
    """Return the weekdays that a text names, Monday first."""
    days: set[str] = set()
    for first, last in DAY.findall(text):
        start = short_day(first)
        end = short_day(last) if last else start
        low, high = WEEK.index(start), WEEK.index(end)
        days.update(WEEK[low : high + 1] if low <= high else (*WEEK[low:], *WEEK[: high + 1]))
    if re.search(r"werktags|täglich", text, re.IGNORECASE) and not days:
        days.update(WEEK[:5])
    if re.search(r"\bwochenende\b", text, re.IGNORECASE) and not days:
        days.update(WEEK[5:])
    return tuple(day for day in WEEK if day in days)


def short_day(word: str) -> str:
    """Return Mo to So for any spelling."""
    small = word.lower()
    return next((day for name, day in LONG if small.startswith(name)), small[:2].capitalize())


def hours_in(text: str, full: str) -> Reading:
    """Return from when until when lessons last; different hours per day become a hint."""
    spans = {span for match in SPAN.finditer(text) if (span := span_of(match))}
    if len(spans) == 1:
        start, end = spans.pop()
        reading = found(time_from=start, time_until=end)
        if end <= start:
            reading += ask("time_until", full, "Das Ende liegt nicht nach dem Beginn.")
        return reading
    if spans:
        why = "Mehrere Uhrzeiten: als Hinweis übernommen, bitte Zeit von und bis eintragen."
        return found(times_note=full) + ask("time_from", full, why)
    single = ONE.search(text)
    start_only = clock(single[1], single[2]) if single else None
    if start_only is None:
        return Reading()
    return found(time_from=start_only) + ask("time_until", full, "Nur der Beginn ist genannt.")


def span_of(match: re.Match[str]) -> tuple[time, time] | None:
    """Return both ends of a span, or None when they are no times of day."""
    start, end = clock(match[1], match[2]), clock(match[3], match[4])
    return (start, end) if start is not None and end is not None else None


def clock(hour: str, minute: str | None) -> time | None:
    """Return a time of day, or None for one that does not exist."""
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        return None


def time_of_day(text: str) -> str | None:
    """Return the time of day that a text says in words."""
    return next((part.value for pattern, part in WORDS if pattern.search(text)), None)


def read_clock(attribute: str, value: object) -> Reading:
    """Return the one time of a column like „Zeit von“."""
    if is_nothing(value):
        return Reading()
    if isinstance(value, datetime | time):
        at = value.time() if isinstance(value, datetime) else value
        return found(**{attribute: at.replace(second=0)})
    text = dashed(value)
    match = ONE.search(text) or re.fullmatch(r"(\d{1,2})()", text)
    at_time = clock(match[1], match[2]) if match and not is_formula(value) else None
    if at_time is None:
        return unread(attribute, value, "Das ist keine Uhrzeit. Gebraucht wird zum Beispiel 08:30.")
    return found(**{attribute: at_time})
