"""Reads the cells of one row, each by its column, and asks about what their look says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Final

from kursliste.domain.course import CourseStatus
from kursliste.intake.cells import Cell, SheetRow
from kursliste.intake.columns import (
    READERS,
    TEXTS,
    Ground,
    begins_like_formula,
    main_attribute,
)
from kursliste.intake.header import Header
from kursliste.intake.legends import SheetNotes, split_mark
from kursliste.intake.naming import ProviderNames
from kursliste.intake.values.choices import read_next_entry
from kursliste.intake.values.reading import Reading, Remark, ask, found, line, unread
from kursliste.intake.values.remarks import people_and_money
from kursliste.intake.values.seats import read_waiting

SKIPPED: Final = frozenset(
    ("title", "course_type", "course_group", "as_of", "section_from",
     "section_until", "internal_note", "towns", "confirmed_by", "confirmed_how",
     "provider_short", "next_entry", "provider")
)  # fmt: skip
REPEATED: Final = frozenset(("status", "time_of_day", "start_note", "start_kind", "delivery"))
SAME: Final = frozenset(
    ("s. o.", "s.o.", "s.o", "so.", "dto.", "dto", "dito", '"', "''", "„", "“", "”", "〃",
     "wie oben", "siehe oben", "ebenda", '-"-', "–“–", '- " -')
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class UnderstoodCourse:
    """A course as the row says it: ``row`` is ``<sheet>!<row>``, values are those of the domain.

    Codes and choices are strings, days ``date``, hours ``time``, money ``Decimal``, weekdays and
    words tuples. What the source does not say is left out.
    """

    row: str
    values: Mapping[str, object]
    warnings: tuple[Remark, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NotUnderstood:
    """A cell that says something nobody could make sense of."""

    row: str
    column: str
    value: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a row stands: its table, what the sheet explains, and what the rows above said."""

    ground: Ground
    header: Header
    notes: SheetNotes
    names: ProviderNames
    hidden_columns: frozenset[int] = frozenset()
    group: str = ""
    group_text: str = ""
    group_provider: str = ""
    as_of: date | None = None
    above: Mapping[int, Cell] = field(default_factory=dict)


class CellReader:
    """Reads the cells of one row, one after the other, into values and remarks."""

    def __init__(self, name: str, row: SheetRow, place: Place) -> None:
        self.name = name
        self.row = row
        self.place = place
        self.reading = Reading()
        self.missed: list[NotUnderstood] = []

    def cell(self, *fields: str) -> Cell:
        """Return the cell of the first column that holds one of ``fields``; it may be empty."""
        column = self.place.header.column(*fields)
        return self.row.cells.get(column, Cell()) if column is not None else Cell()

    def text(self, *fields: str) -> str:
        """Return the words of such a cell without its footnote mark."""
        value = self.cell(*fields).value
        return "" if value is None else split_mark(str(value), self.place.notes.footnotes)[0]

    def carried(self, column: int) -> Cell:
        """Return a cell, or the one above it if it is empty and the column names the provider."""
        cell = self.row.cells.get(column, Cell())
        above = self.place.above.get(column)
        same = cell.value is None or line(cell.value).casefold() in SAME
        if same and not cell.unknown and above is not None:
            why = "Der Wert stammt aus der Zeile darüber."
            self.add("provider", ask("provider", line(above.value), why))
            return above
        return cell

    def take(self, column: int, name: str) -> None:
        """Read one cell."""
        cell = self.row.cells.get(column)
        if cell is None or (name in SKIPPED and name != "next_entry"):
            if name == "title" and cell is not None:
                self.look(column, "title", cell)
            return
        if name == "provider_contact":
            return
        attribute = main_attribute(name)
        self.look(column, attribute, cell)
        value = self.resolved(column, attribute, cell.value)
        mark = ""
        if isinstance(value, str):
            value, mark = split_mark(value, self.place.notes.footnotes)
        if mark:
            self.footnote(name, attribute, mark, str(value))
        if name == "next_entry":
            starts_on = self.reading.values.get("starts_on")
            reading = read_next_entry(value, starts_on, self.place.ground.month)
        else:
            reading = READERS[name](value, self.place.ground)
        self.add(name, reading, column=column, value=value)
        self.colour(name, cell)

    def look(self, column: int, attribute: str, cell: Cell) -> None:
        """Ask about what the cell itself shows: no stored value, a comment, odd characters."""
        if cell.unknown:
            why = "Hier steht eine Formel ohne gespeicherten Wert."
            self.add(attribute, unread(attribute, "", why), column=column, value="")
        questions = (
            (cell.foreign, "Der Wert stammt aus einer fremden Mappe. Bitte prüfen."),
            (cell.noted, "Die Zelle hat einen Kommentar; er ist intern und wird nicht übernommen."),
            (cell.cleaned, "Steuerzeichen oder überlanger Text wurden entfernt."),
            (
                attribute in TEXTS and begins_like_formula(cell.value),
                "Der Text beginnt wie eine Formel; er bleibt Text.",
            ),
        )
        for true, why in questions:
            if true:
                self.add(attribute, ask(attribute, line(cell.value or ""), why))

    def resolved(self, column: int, attribute: str, value: object) -> object:
        """Return a value, or for „s. o.“ and its kind the one above it."""
        above = self.place.above.get(column)
        if isinstance(value, str) and line(value).casefold() in SAME and above is not None:
            self.add(attribute, ask(attribute, value, "Wert aus der Zeile darüber übernommen."))
            return above.value
        return value

    def footnote(self, name: str, attribute: str, mark: str, value: str) -> None:
        """Read what the footnote says about this cell, and say so."""
        text = self.place.notes.footnotes.get(mark, "")
        if not text:
            why = f"Das Zeichen „{mark}“ wird nirgends erklärt."
            self.add(attribute, ask(attribute, value + mark, why))
            return
        facts = people_and_money(text) + read_waiting(text)
        if name == "seats_free" and facts.values.get("waiting_list"):
            facts += found(status=CourseStatus.WAITING_LIST.value)
        why = f"Fußnote {mark}: „{text}“"
        for touched in {attribute, *facts.values}:
            facts += ask(touched, value + mark, why)
        self.add(name, facts)

    def colour(self, name: str, cell: Cell) -> None:
        """Read what the colour of the seats says, if a legend explains it."""
        code = self.place.notes.colours.get(cell.fill) if name in {"seats_free", "status"} else None
        if code is None:
            return
        free = self.reading.values.get("seats_free")
        full = {CourseStatus.FULL.value, CourseStatus.WAITING_LIST.value}
        label = self.place.ground.tables.statuses.get(code, code)
        shown = line(cell.value if cell.value is not None else "")
        if isinstance(free, int) and (free == 0) != (code in full):
            why = f"Die Farbe sagt „{label}“, die Zahl sagt {free}. Bitte nachfragen."
            self.add("status", ask("status", shown, why) + ask("seats_free", shown, why))
        elif "status" not in self.reading.values:
            why = f"Der Status steht nur in der Füllfarbe: „{label}“."
            self.add("status", found(status=code) + ask("status", shown, why))

    def add(
        self, name: str, reading: Reading, *, column: int | None = None, value: object = ""
    ) -> None:
        """Keep a reading; the first value of an attribute stays."""
        if reading.unread:
            heading = self.place.header.headings.get(column, "") if column is not None else ""
            self.missed.append(
                NotUnderstood(
                    row=self.name,
                    column=heading or name,
                    value=line(value if value is not None else ""),
                    why=reading.unread,
                )
            )
        if column is not None:
            reading = self.beside(reading)
        merged = self.reading + reading
        self.reading = Reading(values=merged.values, remarks=tuple(dict.fromkeys(merged.remarks)))

    def beside(self, reading: Reading) -> Reading:
        """Return a reading without values that another column gave; a difference is named.

        Two columns for remarks are kept one after the other.
        """
        kept = dict(reading.values)
        asked = Reading()
        for attribute, value in reading.values.items():
            before = self.reading.values.get(attribute)
            if before is None or before == value:
                continue
            if attribute in {"public_note", "price_note", "times_note"}:
                joined = Reading({**self.reading.values, attribute: f"{before}; {value}"})
                self.reading = Reading(joined.values, self.reading.remarks)
            elif attribute not in REPEATED:
                why = f"Eine andere Spalte sagt „{shown(before)}“; das gilt."
                asked += ask(attribute, shown(value), why)
            del kept[attribute]
        return Reading(kept, reading.remarks + asked.remarks, reading.unread)


def shown(value: object) -> str:
    """Return a value as people write it."""
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value)
