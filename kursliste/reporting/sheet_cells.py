"""Reads one cell of an uploaded table: its value, how it was understood, or why it was not."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from kursliste.domain.course import FIELD, Kind
from kursliste.domain.course import Field as Fact
from kursliste.domain.errors import RuleViolationError
from kursliste.infrastructure.codes import Codes
from kursliste.infrastructure.mailbox import checked_address
from kursliste.intake.cells import Cell
from kursliste.intake.columns import READERS, Ground, text_of
from kursliste.intake.faults import as_typed, field_faults
from kursliste.intake.naming import type_in
from kursliste.intake.tables import key
from kursliste.intake.values.reading import Reading, found, is_formula, is_nothing, unread
from kursliste.reporting.row_facts import in_words
from kursliste.reporting.sheet_layout import LISTED, options, written
from kursliste.web.error_words import message
from kursliste.web.forms import cleaned
from kursliste.web.labels import shown

NO_VALUE: Final = "Hier steht eine Formel ohne gespeicherten Wert."
FORMULA: Final = "Das ist eine Formel und keine Angabe."
SHOWN_LENGTH: Final = 200
TEXTS: Final = frozenset({Kind.TEXT, Kind.NOTE, Kind.LINK, Kind.MAIL, Kind.PHONE})
MENDING: Final = {
    Kind.DATE: "Schreiben Sie das Datum so: 15.01.2027.",
    Kind.TIME: "Schreiben Sie die Uhrzeit so: 08:30.",
    Kind.MONEY: "Schreiben Sie nur den Betrag in Euro, zum Beispiel 229,00.",
    Kind.WEEKDAYS: "Schreiben Sie die Tage so: Mo, Mi, Fr.",
    Kind.MAIL: "Eine E-Mail-Adresse hat die Form name@beispiel.de.",
    Kind.LINK: "Eine Webadresse beginnt mit https:// oder http://.",
    Kind.CODE: "Wählen Sie einen Eintrag aus der Liste der Zelle.",
    Kind.CHOICE: "Wählen Sie einen Eintrag aus der Liste der Zelle.",
}


@dataclass(frozen=True)
class Misread:
    """A value nobody could make sense of: where it stands, what was typed, why, how to mend it."""

    cell: str
    attribute: str
    typed: str
    why: str

    @property
    def heading(self) -> str:
        """The column's heading; empty where the whole row is meant."""
        return FIELD[self.attribute].heading if self.attribute else ""


@dataclass(frozen=True, kw_only=True)
class ReadCell:
    """What one cell says; ``extras`` are values for other columns that its words also name."""

    value: object = None
    note: str = ""
    extras: Reading = field(default_factory=Reading)
    misread: Misread | None = None


@dataclass
class Understood:
    """What the cells of one row say, while it is read."""

    values: dict[str, object] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    misread: list[Misread] = field(default_factory=list)
    extras: list[tuple[str, Reading]] = field(default_factory=list)

    def add(self, fact: Fact, read: ReadCell) -> None:
        """Keep what a cell says."""
        if read.misread is not None:
            self.misread.append(read.misread)
            return
        self.values[fact.attribute] = read.value
        if read.note:
            self.notes[fact.attribute] = read.note
        self.extras.append((fact.heading, read.extras))

    def miss(self, attribute: str, cell: str, typed: str, why: str) -> None:
        """Take a value back that cannot stay."""
        self.values.pop(attribute, None)
        self.misread.append(Misread(cell, attribute, typed, why))

    def take_extras(self, filled: Collection[str]) -> None:
        """Take what a cell says about other columns, where those say nothing themselves."""
        for heading, reading in self.extras:
            for name, value in reading.values.items():
                if name in FIELD and FIELD[name].own and name not in filled:
                    self.values[name] = as_typed(FIELD[name], value)
                    self.notes[name] = f"aus der Spalte „{heading}“"


def as_it_was(fact: Fact, before: object, cell: Cell, codes: Codes) -> bool:
    """Return whether a cell still says what the table was written with."""
    if cell.unknown:
        return False
    wrote, now = written(fact, before, codes), cell.value
    match wrote:
        case None:
            return now is None
        case str():
            text = now if isinstance(now, str) else text_of(now)
            return bool(cleaned(text) == cleaned(wrote))
        case time():
            return isinstance(now, datetime | time) and _minute(now) == _minute(wrote)
        case date():
            return bool(now == wrote)
        case _:
            is_number = isinstance(now, int | float) and not isinstance(now, bool)
            return is_number and bool(now == float(wrote))


def _minute(at: datetime | time) -> tuple[int, int]:
    return at.hour, at.minute


def typed_text(value: object) -> str:
    """Return a cell's content to be shown, cut where it is endless."""
    text = shown(value) if isinstance(value, date | time) else str("" if value is None else value)
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]} …"


def read_cell(
    fact: Fact, cell: Cell, ground: Ground, codes: Codes, row: int, column: int
) -> ReadCell:
    """Return what a cell says; every refusal names the cell, the value, why and how to mend it."""
    place = f"{letters(column)}{row}"
    typed = typed_text(cell.value)
    if cell.unknown:
        return ReadCell(misread=Misread(place, fact.attribute, "", f"{NO_VALUE} {_mending(fact)}"))
    reading = _reading(fact, cell.value, ground, codes)
    value = as_typed(fact, reading.values.get(fact.attribute))
    others = {name: one for name, one in reading.values.items() if name != fact.attribute}
    why = reading.unread or _wrong(fact, value, codes)
    is_lost = value is None and not others and not reading.remarks and not is_nothing(cell.value)
    if why or is_lost:
        told = f"{why or 'Diese Angabe ist nicht zu verstehen.'} {_mending(fact)}"
        return ReadCell(misread=Misread(place, fact.attribute, typed, told.strip()))
    return ReadCell(
        value=value, note=_note(fact, value, typed, reading, codes), extras=Reading(values=others)
    )


def letters(column: int) -> str:
    """Return the name of a column as spreadsheets show it: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _mending(fact: Fact) -> str:
    if fact.kind is Kind.INTEGER:
        return f"Schreiben Sie nur eine ganze Zahl von {fact.low} bis {fact.high}."
    return MENDING.get(fact.kind, "")


def _reading(fact: Fact, value: object, ground: Ground, codes: Codes) -> Reading:
    name = fact.attribute
    if is_nothing(value):
        return Reading()
    if name == "postcode":
        return READERS[name](value, ground)
    if fact.kind in TEXTS:
        text = cleaned(value) if isinstance(value, str) else text_of(value)
        return found(**{name: text})
    if is_formula(value):
        return unread(name, value, FORMULA)
    if fact.kind is Kind.WORDS:
        words = [word.strip() for word in re.split(r"[,;\n]", str(value))]
        return found(**{name: tuple(dict.fromkeys(word for word in words if word))})
    if fact.kind in LISTED:
        chosen = _chosen(fact, value, ground, codes)
        if chosen is not None:
            return chosen
    return READERS[name](value, ground)


def _chosen(fact: Fact, value: object, ground: Ground, codes: Codes) -> Reading | None:
    """Return the choice that a cell names by its label or its code; None to read its words."""
    wanted = key(str(value))
    for code, label in options(fact, codes):
        if wanted in {key(code), key(label)}:
            return found(**{fact.attribute: code})
    if fact.attribute != "course_type":
        return None
    like = type_in(str(value), ground.tables)
    if like is None or not like.sure:
        return unread(fact.attribute, value, "Diese Kursart ist nicht bekannt.")
    return found(course_type=like.code)


def _wrong(fact: Fact, value: object, codes: Codes) -> str:
    """Return what is wrong with a value by the rules of its field; empty if nothing is."""
    if value is None:
        return ""
    for fault in field_faults(fact, {fact.attribute: value}, codes):
        return message(fault)
    if fact.kind is Kind.MAIL:
        try:
            checked_address(str(value))
        except RuleViolationError:
            return "Das ist keine E-Mail-Adresse."
    return ""


def _note(fact: Fact, value: object, typed: str, reading: Reading, codes: Codes) -> str:
    """Return how a value was understood where it is not simply what stands in the cell."""
    told = in_words(codes, fact.attribute, value)
    same = key(told) == key(typed) or fact.kind in {*TEXTS, Kind.MONEY, Kind.WORDS}
    notes = [] if same or value is None else [f"„{typed}“ als {told} gelesen."]
    notes += [remark.why for remark in reading.remarks if remark.attribute == fact.attribute]
    return " ".join(dict.fromkeys(notes))
