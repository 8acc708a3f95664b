"""Columns with few possible answers: yes, no, on request, and what is said around them."""

import re
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.course import (
    Childcare,
    Delivery,
    LateEntry,
    PlacementTest,
    TravelCosts,
    Wheelchair,
    YesNo,
)
from kursliste.intake.values.dates import days_in
from kursliste.intake.values.reading import (
    Reading,
    ask,
    dashed,
    found,
    is_formula,
    is_nothing,
    line,
    unread,
)

YES: Final = re.compile(r"^(?:ja\b|x$|✓|✔|j$|yes|möglich|vorhanden|jederzeit|erst ab)", re.I)
NO: Final = re.compile(r"^(?:nein\b|kein|nicht|n$|no$|0$|leider)", re.I)
ON_CONSULTATION: Final = re.compile(
    r"rücksprache|anfrage|absprache|vereinb|evtl|n\.\s?v\.|eventuell", re.I
)
TEST: Final = re.compile(r"einstuf", re.I)
MODULE: Final = re.compile(r"\bM(?:odul)?\s*(\d{1,2})\b", re.I)
THIRD: Final = {
    "childcare": Childcare.ON_REQUEST.value,
    "travel_costs": TravelCosts.ON_APPLICATION.value,
    "wheelchair": Wheelchair.PARTLY.value,
    "placement_test": PlacementTest.BY_APPOINTMENT.value,
}
POSITIVE: Final = {"placement_test": PlacementTest.NEEDED.value}
NEGATIVE: Final = {"placement_test": PlacementTest.NOT_NEEDED.value}
DELIVERIES: Final = (
    (re.compile(r"hybrid|blended|präsenz.*online|online.*präsenz", re.I), Delivery.HYBRID),
    (re.compile(r"selbstlern", re.I), Delivery.SELF_STUDY),
    (re.compile(r"online|digital|virtuell", re.I), Delivery.ONLINE),
    (re.compile(r"präsenz|vor ort", re.I), Delivery.ON_SITE),
)


def read_choice(attribute: str, value: object) -> Reading:
    """Return ja, nein or the third answer of a column; other words are asked about."""
    if is_nothing(value):
        return Reading()
    text = (
        str({True: "ja", False: "nein"}.get(value, value))
        if isinstance(value, bool)
        else line(value)
    )
    if attribute in THIRD and re.search(r"anfrage|antrag|teil|vereinb|bedarf|organis", text, re.I):
        return found(**{attribute: THIRD[attribute]})
    if YES.search(text) or text == POSITIVE.get(attribute):
        return found(**{attribute: POSITIVE.get(attribute, YesNo.YES.value)})
    if NO.search(text):
        return found(**{attribute: NEGATIVE.get(attribute, YesNo.NO.value)})
    return unread(attribute, value, f"„{text}“ heißt weder ja noch nein.")


def read_delivery(value: object) -> Reading:
    """Return how lessons are held."""
    if is_nothing(value):
        return Reading()
    text = line(value)
    mode = next((mode for pattern, mode in DELIVERIES if pattern.search(text)), None)
    if mode is None:
        return unread("delivery", value, "Diese Unterrichtsform ist nicht bekannt.")
    return found(delivery=mode.value)


def read_late_entry(value: object) -> Reading:
    """Return whether and from when one may join a running course."""
    if is_nothing(value):
        return Reading()
    text = line(value)
    if is_formula(value):
        return unread("late_entry", value, "Das ist eine Formel und keine Angabe zum Einstieg.")
    test = found(placement_test=PlacementTest.NEEDED.value) if TEST.search(text) else Reading()
    if NO.search(text):
        module = MODULE.search(text)
        current = int(module[1]) if module else None
        return found(late_entry=LateEntry.NO.value, current_module=current)
    if ON_CONSULTATION.search(text):
        return found(late_entry=LateEntry.ON_CONSULTATION.value) + test
    entry = entry_from(text)
    if YES.search(text) or entry:
        return found(late_entry=LateEntry.YES.value, late_entry_from=entry) + test
    if test.values:
        return found(late_entry=LateEntry.YES.value) + test
    return unread("late_entry", value, f"„{text}“ ist keine bekannte Angabe zum Einstieg.")


def entry_from(text: str) -> str:
    """Return from when one may join, in the words of the cell, without the answer before it."""
    inner = re.sub(r"^(?:ja\b|erst\b|möglich\b)[\s,:;]*", "", text, flags=re.I).strip()
    if inner.startswith("(") and inner.endswith(")"):
        inner = inner[1:-1].strip()
    inner = re.sub(r"^ab\s+", "", inner, flags=re.I)
    named = re.search(r"\d|modul|monat|woche|januar|februar|märz|april|mai|jun|jul|aug|sep|okt|"
                      r"nov|dez", inner, re.I)  # fmt: skip
    return inner if named else ""


def read_next_entry(value: object, starts_on: object, month: Month) -> Reading:
    """Return the next entry; the beginning of the course itself is no late entry."""
    if is_nothing(value):
        return Reading()
    text = f"{value:%d.%m.%Y}" if hasattr(value, "strftime") else line(value)
    days, _ = days_in(dashed(text), month)
    if days and days[0] == starts_on:
        why = "Der nächste Einstieg ist der Beginn des Kurses selbst."
        return ask("late_entry", text, why) + ask("late_entry_from", text, why)
    reading = read_late_entry(text)
    if reading.values.get("late_entry_from", "").__class__ is str and text.startswith("bis"):
        reading += ask("late_entry_from", text, "Das ist der letzte, nicht der nächste Einstieg.")
    return reading
