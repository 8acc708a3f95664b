"""Days, periods and beginnings, as lists write them (DOMAIN.md section 9)."""

import re
from datetime import date, datetime, timedelta
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus, StartKind
from kursliste.intake.values.reading import (
    Reading,
    Remark,
    ask,
    dashed,
    found,
    is_formula,
    is_nothing,
    line,
    unread,
)

MONTHS: Final = (
    ("jan", 1), ("feb", 2), ("mär", 3), ("maer", 3), ("mrz", 3), ("apr", 4), ("mai", 5),
    ("jun", 6), ("jul", 7), ("aug", 8), ("sep", 9), ("okt", 10), ("nov", 11), ("dez", 12),
)  # fmt: skip
MONTH_WORD: Final = r"(?:jan|feb|mär|maer|mrz|apr|mai|jun|jul|aug|sep|okt|nov|dez)[a-zä]*\.?"
NUMERIC: Final = r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.?(?:(?<=\.)\s?(?P<y>\d{4}|\d{2})(?!\d|[.:]))?"
ISO: Final = r"(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2})"
SPELLED: Final = rf"(?P<sd>\d{{1,2}})\.\s?(?P<sm>{MONTH_WORD})\s?(?P<sy>\d{{4}}|\d{{2}})?"
DAY: Final = re.compile(rf"(?<![\d.])(?:{ISO}|{SPELLED}|{NUMERIC})(?!\d)", re.IGNORECASE)
WEEK: Final = re.compile(r"\bKW\s*(\d{1,2})(?:\s*/\s*(\d{4}|\d{2})(?!\d))?", re.IGNORECASE)
MONTH_ONLY: Final = re.compile(
    rf"\b{MONTH_WORD}\s*\d{{0,4}}|\b(?:1[0-2]|0?[1-9])/20\d\d\b|^20\d\d$|"
    r"\b(?:frühjahr|frühling|sommer|herbst|winter|quartal|halbjahr|anfang|mitte|ende|ferien)\b",
    re.IGNORECASE,
)
BREAK: Final = re.compile(
    r"\(?\s*\b((?:pausen?|unterbrechung|ferien)\b[^)\n]*|"
    r"(?:außer|nicht)\s+(?:in\s+den\s+)?(?:schul)?ferien[^)\n;]*)\)?",
    re.IGNORECASE,
)
ROLLING: Final = re.compile(
    r"\b(?:fort)?laufende?r?\b|jederzeit|ab sofort|permanent|ganzjährig", re.IGNORECASE
)
REGULAR: Final = re.compile(
    r"\bjede[nrs]?\b|wöchentlich|monatlich|regelmäßig|\b\w+tags\b", re.IGNORECASE
)
UNDECIDED: Final = re.compile(
    r"n\.\s?v\.|nach (?:\w+\.? )?vereinb|auf anfrage|nach absprache|nach bedarf|"
    r"\boffen\b|unklar|steht noch nicht fest|^\?+$|\btba\b",
    re.IGNORECASE,
)
EXPECTED: Final = re.compile(
    r"\bvsl\b|\bvoraus\w*|\bvorr\.|geplant|planung|\bca\.|etwa\b|evtl|\(\?\)", re.IGNORECASE
)
PLANNED: Final = re.compile(r"geplant|in planung", re.IGNORECASE)
UNKNOWN: Final = re.compile(r"\?+|n\.\s?n\.|unbekannt|k\.\s?a\.|keine angabe", re.IGNORECASE)
SERIALS: Final = range(30_000, 80_000)
CENTURY: Final = 2000
TWO_DIGITS: Final = 100
HALF_A_YEAR: Final = timedelta(weeks=26)
EPOCH: Final = date(1899, 12, 30)


def read_day(attribute: str, value: object, month: Month) -> Reading:
    """Return the one day that a cell names; anything else is not understood."""
    if is_nothing(value):
        return Reading()
    given = as_day(value)
    if given is not None:
        return found(**{attribute: given}) + serial_remark(attribute, value)
    if is_formula(value):
        return unread(attribute, value, "Das ist eine Formel und kein Datum.")
    text = dashed(value)
    if UNKNOWN.fullmatch(text) or (UNDECIDED.search(text) and not DAY.search(text)):
        return ask(attribute, value, "Das Datum steht noch nicht fest.")
    days, wrong = days_in(text, month)
    if wrong:
        return unread(attribute, wrong[0], f"Den {wrong[0]} gibt es nicht.")
    if not days:
        return unread(
            attribute, value, "Das ist kein Datum. Gebraucht wird zum Beispiel 30.04.2027."
        )
    reading = found(**{attribute: days[-1]})
    if len(days) > 1:
        reading += ask(attribute, value, "Hier stehen mehrere Tage; der letzte gilt.")
    return reading


def read_period(value: object, month: Month) -> Reading:
    """Return beginning and end of a course from a cell for a start or for a whole period."""
    if is_nothing(value):
        return Reading()
    given = as_day(value)
    if given is not None:
        return found(starts_on=given) + serial_remark("starts_on", value)
    if is_formula(value):
        return unread("starts_on", value, "Das ist eine Formel und kein Datum.")
    full = line(value)
    pause = BREAK.search(full)
    text = dashed(BREAK.sub(" ", full)) if pause else dashed(value)
    reading = found(breaks_note=pause[1].strip() if pause else None)
    days, wrong = days_in(text, month)
    if wrong:
        return reading + unread("starts_on", wrong[0], f"Den {wrong[0]} gibt es nicht.")
    if days:
        return reading + with_days(text, full, days)
    return reading + without_days(text, full, month)


def with_days(text: str, full: str, days: list[date]) -> Reading:
    """Return what a text says that names at least one day."""
    status = CourseStatus.PLANNED.value if PLANNED.search(text) else None
    reading = found(status=status)
    if EXPECTED.search(text):
        reading += found(start_kind=StartKind.EXPECTED.value, start_note=full)
    if len(days) > 1:
        reading += found(starts_on=min(days), ends_on=max(days))
        if re.search(r"\d\.?\s*(?:\+|,|&|und|u\.)", text):
            why = "Einzelne Termine in einer Zelle; der erste und der letzte gelten."
            reading += found(start_note=full) + ask("starts_on", full, why)
            reading += ask("ends_on", full, why)
        return reading
    if re.search(r"\bbis\b|^-|\bendet\b", text, re.IGNORECASE):
        rolling = ROLLING.search(text)
        kind = StartKind.ROLLING.value if rolling else None
        reading += found(ends_on=days[0], start_kind=kind, start_note=full if rolling else None)
        return reading + ask("starts_on", full, "Der Beginn ist nicht genannt, nur das Ende.")
    return reading + found(starts_on=days[0])


def without_days(text: str, full: str, month: Month) -> Reading:
    """Return what a text says about a beginning that names no day."""
    weeks = [(int(number), year) for number, year in WEEK.findall(text)]
    if weeks:
        return calendar_weeks(weeks, full, month)
    status = CourseStatus.PLANNED.value if PLANNED.search(text) else None
    for pattern, kind in (
        (ROLLING, StartKind.ROLLING),
        (UNDECIDED, StartKind.UNDECIDED),
        (EXPECTED, StartKind.EXPECTED),
        (MONTH_ONLY, StartKind.EXPECTED),
        (REGULAR, StartKind.REGULAR),
    ):
        if pattern.search(text):
            reading = found(start_kind=kind.value, start_note=full, status=status)
            if kind is StartKind.EXPECTED:
                reading += ask("starts_on", full, "Hier steht kein Tag; bitte den Beginn erfragen.")
            return reading
    if status:
        return found(start_kind=StartKind.EXPECTED.value, start_note=full, status=status)
    return unread("starts_on", full, "Das ist kein Datum und keine bekannte Angabe zum Beginn.")


def calendar_weeks(weeks: list[tuple[int, str]], full: str, month: Month) -> Reading:
    """Return the Monday of the first week; the end stays open, a week is no day."""
    number, year = weeks[0]
    try:
        monday = week_start(number, year or weeks[-1][1], month)
    except ValueError:
        return unread("starts_on", full, f"Die Kalenderwoche {number} gibt es nicht.")
    why = f"Kalenderwoche: Beginn als Montag, {monday:%d.%m.%Y}, gelesen. Bitte prüfen."
    reading = found(starts_on=monday, start_note=full) + ask("starts_on", full, why)
    if len(weeks) > 1:
        reading += ask("ends_on", full, "Das Ende ist nur als Kalenderwoche genannt.")
    return reading


def week_start(number: int, year: str, month: Month) -> date:
    """Return the Monday of a week; without a year it is the one nearest to ``month``."""
    if year:
        return date.fromisocalendar(full_year(year), number, 1)
    monday = date.fromisocalendar(month.year, number, 1)
    if monday < month.first_day() - HALF_A_YEAR:
        return date.fromisocalendar(month.year + 1, number, 1)
    return monday


def as_day(value: object) -> date | None:
    """Return the day of a date cell or of a serial number that lost its format."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\s*\d{5}\s*", value):
        value = int(value)
    if isinstance(value, int) and value in SERIALS:
        return EPOCH + timedelta(days=value)
    return None


def serial_remark(attribute: str, value: object) -> Reading:
    """Return the remark for a day that stood there as a bare number."""
    if isinstance(value, date):
        return Reading()
    return ask(attribute, value, "Hier steht eine Zahl; sie wurde als Excel-Datum gelesen.")


def full_year(text: str) -> int:
    """Return a year of four digits."""
    return int(text) + CENTURY if int(text) < TWO_DIGITS else int(text)


def days_in(text: str, month: Month) -> tuple[list[date], list[str]]:
    """Return the days that ``text`` names in order, and those that do not exist.

    A day without a year takes the year of the next one that has it (07.09.-30.04.27 begins the
    year before its end), else the one nearest to ``month``.
    """
    days: list[date] = []
    wrong: list[str] = []
    later: date | None = None
    for match in reversed(list(DAY.finditer(text))):
        try:
            found_day = day_of(match, later, month)
        except ValueError:
            wrong.insert(0, match[0].strip())
            continue
        days.insert(0, found_day)
        later = found_day
    return days, wrong


def day_of(match: re.Match[str], later: date | None, month: Month) -> date:
    """Return the day of one match; raises ValueError for a day that does not exist."""
    part = match.groupdict()
    if part["iy"]:
        return date(int(part["iy"]), int(part["im"]), int(part["id"]))
    number = int(part["d"] or part["sd"])
    in_month = int(part["m"]) if part["m"] else month_number(part["sm"])
    year = part["y"] or part["sy"]
    if year:
        return date(full_year(year), in_month, number)
    if later is not None:
        given = date(later.year, in_month, number)
        return given if given <= later else date(later.year - 1, in_month, number)
    given = date(month.year, in_month, number)
    if given < month.first_day() - HALF_A_YEAR:
        return date(month.year + 1, in_month, number)
    return given


def month_number(word: str) -> int:
    """Return 1 to 12 for the name of a month or its beginning."""
    return next(number for start, number in MONTHS if word.lower().startswith(start))


def as_of(text: str, month: Month) -> date | None:
    """Return the day after the word Stand; a month alone is its first day."""
    match = re.search(r"\bStand(?:\s+vom)?:?\s+(.{4,40})", text, re.IGNORECASE)
    if match is None:
        return None
    days, _ = days_in(dashed(match[1])[:30], month)
    if days:
        return days[0]
    spelled = re.match(rf"({MONTH_WORD})\s*(\d{{4}})", match[1], re.IGNORECASE)
    return date(int(spelled[2]), month_number(spelled[1]), 1) if spelled else None


__all__ = ["Remark", "as_of", "days_in", "read_day", "read_period"]
