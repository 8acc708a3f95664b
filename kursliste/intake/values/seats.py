"""Seats: free, taken, in all, and what people write instead of a number."""

import re
from typing import Final

from kursliste.domain.course import FIELD, CourseStatus, YesNo
from kursliste.intake.tables import CodeTables, StatusAlias, key
from kursliste.intake.values.reading import (
    Reading,
    ask,
    dashed,
    found,
    is_formula,
    is_nothing,
    unread,
)

WAITING: Final = re.compile(r"(?:warteliste|\bWL\b)\s*:?\s*(\d{1,3})?", re.IGNORECASE)
PAIR: Final = re.compile(r"(\d{1,3})\s*(?:/|von)\s*(\d{1,3})", re.IGNORECASE)
COUNT: Final = re.compile(
    r"(?:noch|ca\.|etwa|max\.?|mind\.?|maximal)?\s*(\d{1,4})\s*"
    r"(?:freie?|plätze?|tn|teilnehme\w*|personen|frei|pl\.)*\s*\.?",
    re.IGNORECASE,
)
ABOUT: Final = re.compile(r"\bca\b|etwa|ungefähr|\d\s*-\s*\d|\?", re.IGNORECASE)
NO_NUMBER: Final = "Das ist keine Zahl; die Zahl der freien Plätze bleibt unbekannt."
BOTH_WAYS: Final = re.compile(r"^(?:noch )?offen$", re.IGNORECASE)


def read_free(value: object, tables: CodeTables) -> Reading:
    """Return free seats, status and waiting list from a cell under „freie Plätze“.

    Unknown is not 0: words like „auf Anfrage“ leave the number out and say so.
    """
    if is_nothing(value):
        return Reading()
    if is_formula(value):
        return unread("seats_free", value, "Das ist eine Formel und keine Zahl.")
    number = whole(value)
    if number is not None:
        return bounded("seats_free", number, value)
    text = dashed(value)
    pair = PAIR.search(text)
    if pair:
        why = f"„{text}“ als {pair[1]} freie von {pair[2]} Plätzen gelesen; könnte belegt heißen."
        reading = found(seats_free=int(pair[1]), seats_total=int(pair[2]))
        return reading + ask("seats_free", value, why) + ask("seats_taken", value, why)
    return free_in_words(text, value, tables)


def free_in_words(text: str, value: object, tables: CodeTables) -> Reading:
    """Return what words under „freie Plätze“ say."""
    waiting = read_waiting(text)
    if re.fullmatch(r"keine?|nein|0", text, re.IGNORECASE):
        return found(seats_free=0)
    alias = None if BOTH_WAYS.search(text) else status_alias(text, tables)
    if alias is not None:
        status = CourseStatus.WAITING_LIST.value if waiting.values else alias.code
        reading = found(status=status, seats_free=alias.seats_free) + waiting
        return reading if alias.seats_free == 0 else reading + ask("seats_free", value, NO_NUMBER)
    reading = ask("seats_free", value, NO_NUMBER)
    if BOTH_WAYS.search(text):
        reading += ask("status", value, "„Offen“: Sind Plätze frei oder steht es noch nicht fest?")
    return reading


def read_taken(value: object) -> Reading:
    """Return taken seats, perhaps with the total and a waiting list: 19, 22/25, 25/25 (WL 3)."""
    if is_nothing(value):
        return Reading()
    number = whole(value)
    if number is not None:
        return bounded("seats_taken", number, value)
    text = dashed(value)
    pair = PAIR.search(text)
    waiting = read_waiting(text)
    if pair is None or is_formula(value):
        why = "Das ist keine genaue Zahl."
        return ask("seats_taken", value, why) + ask("seats_total", value, why) + waiting
    reading = found(seats_taken=int(pair[1]), seats_total=int(pair[2])) + waiting
    if waiting.values and int(pair[1]) >= int(pair[2]):
        reading += found(seats_free=0, status=CourseStatus.WAITING_LIST.value)
        reading += ask("status", value, "Voll mit Warteliste: als Warteliste gelesen.")
    return reading


def read_total(value: object, tables: CodeTables) -> Reading:
    """Return all seats; a column for them may also hold taken/total or what is free."""
    number = whole(value)
    text = dashed(value) if isinstance(value, str) else ""
    if number is not None and re.search(r"frei|noch", text, re.IGNORECASE):
        why = "Unter „Plätze“ steht eine Zahl freier Plätze."
        return bounded("seats_free", number, value) + ask("seats_total", value, why)
    if number is None and PAIR.search(text):
        why = f"„{text}“ als belegte und alle Plätze gelesen."
        return read_taken(value) + ask("seats_taken", value, why)
    if number is None and status_alias(text, tables) is not None:
        return read_free(value, tables)
    return read_count("seats_total", value)


def read_free_of_total(value: object, tables: CodeTables) -> Reading:
    """Return free seats and all seats of a column whose heading names both."""
    pair = PAIR.search(dashed(value)) if isinstance(value, str) else None
    if pair is None or is_formula(value):
        return read_free(value, tables)
    return found(seats_free=int(pair[1]), seats_total=int(pair[2]))


def read_count(attribute: str, value: object) -> Reading:
    """Return the whole number of a plain column (seats in all, at least, waiting)."""
    if is_nothing(value):
        return Reading()
    number = whole(value)
    if number is None or is_formula(value):
        return unread(attribute, value, "Das ist keine Zahl.")
    return bounded(attribute, number, value)


def bounded(attribute: str, number: int, value: object) -> Reading:
    """Return a number unless it is out of range for the field."""
    if not 0 <= number <= FIELD[attribute].high:
        return unread(
            attribute, value, f"Die Zahl muss zwischen 0 und {FIELD[attribute].high} liegen."
        )
    return found(**{attribute: number})


def whole(value: object) -> int | None:
    """Return the whole number that a cell names exactly, or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if float(value).is_integer() else None
    text = dashed(value)
    match = COUNT.fullmatch(text)
    return int(match[1]) if match and not ABOUT.search(text) else None


def read_waiting(text: str) -> Reading:
    """Return a waiting list and how many stand on it."""
    match = WAITING.search(text)
    if match is None or re.search(r"keine\s+warteliste", text, re.IGNORECASE):
        return Reading()
    count = int(match[1]) if match[1] else None
    return found(waiting_list=YesNo.YES.value, waiting_count=count)


def status_alias(text: str, tables: CodeTables) -> StatusAlias | None:
    """Return the status that words stand for: exactly, or by the longest beginning."""
    wanted = key(text)
    exact = [alias for alias in tables.status_aliases if key(alias.alias) == wanted]
    if exact:
        return exact[0]
    for code, label in tables.statuses.items():
        if wanted in {key(label), key(code)}:
            return StatusAlias(code=code, alias=label, seats_free=None)
    first = key(re.split(r"[(,;]", text)[0])
    starts = [a for a in tables.status_aliases if first and key(a.alias) == first]
    return starts[0] if starts else None


def read_status(value: object, tables: CodeTables) -> Reading:
    """Return the status of a status column."""
    if is_nothing(value):
        return Reading()
    alias = None if is_formula(value) else status_alias(dashed(value), tables)
    if alias is None:
        return unread("status", value, "Dieser Status ist nicht bekannt.")
    free = alias.seats_free
    waiting = YesNo.YES.value if alias.code == CourseStatus.WAITING_LIST else None
    return found(status=alias.code, seats_free=free, waiting_list=waiting)
