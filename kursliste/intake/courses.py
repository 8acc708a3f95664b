"""One row of a list becomes one course, with its remarks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from kursliste.domain.course import FIELD, CourseStatus, Kind, YesNo
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
from kursliste.intake.naming import ProviderNames, read_type, title_and_reference
from kursliste.intake.values.choices import read_next_entry
from kursliste.intake.values.dates import read_day
from kursliste.intake.values.levels import levels_in
from kursliste.intake.values.reading import (
    Reading,
    Remark,
    ask,
    found,
    is_formula,
    is_nothing,
    line,
    unread,
)
from kursliste.intake.values.remarks import EXAM, audiences_in, exam_name, people_and_money
from kursliste.intake.values.seats import read_waiting
from kursliste.intake.values.times import time_of_day, weekdays_in

LATE: Final = ("next_entry", "public_note", "internal_note")
SKIPPED: Final = frozenset(
    ("row_number", "title", "course_type", "course_group", "as_of", "section_from",
     "section_until", "internal_note", "towns", "provider_short", "next_entry", "provider")
)  # fmt: skip
NAMES_DAY: Final = ("period", "starts_on")


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


class RowReader:
    """Reads the cells of one row, one after the other, into values and remarks."""

    def __init__(self, name: str, row: SheetRow, place: Place) -> None:
        self.name = name
        self.row = row
        self.place = place
        self.reading = Reading()
        self.missed: list[NotUnderstood] = []

    def course(self) -> UnderstoodCourse:
        """Return the course of this row."""
        self.name_it()
        columns = sorted(self.place.header.columns.items(), key=lambda item: rank(item[1]))
        for column, name in columns:
            if column not in self.place.hidden_columns:
                self.take(column, name)
        self.finish()
        values = {k: v for k, v in self.reading.values.items() if k in FIELD}
        return UnderstoodCourse(row=self.name, values=values, warnings=self.reading.remarks)

    def cell(self, *fields: str) -> Cell:
        """Return the cell of the first column that holds one of ``fields``; it may be empty."""
        column = self.place.header.column(*fields)
        return self.row.cells.get(column, Cell()) if column is not None else Cell()

    def text(self, *fields: str) -> str:
        """Return the words of such a cell without its footnote mark."""
        value = self.cell(*fields).value
        return "" if value is None else split_mark(str(value), self.place.notes.footnotes)[0]

    def name_it(self) -> None:
        """Read provider, title, number and type, which depend on each other."""
        title, kind = self.text("title"), self.text("course_type")
        provider = self.provider()
        if title or kind:
            self.add("title", title_and_reference(title or kind))
        group = self.place.group
        self.add("course_group", found(course_group=group))
        words = [text for text in (kind, title) if text and not is_formula(text)]
        if is_formula(kind):
            why = "Das ist eine Formel und keine Kursart."
            self.add("course_type", unread("course_type", kind, why))
        named = provider or self.place.group_text
        self.add("course_type", read_type(words, group, named, self.place.ground.tables))
        if any(cell.struck for cell in self.row.cells.values() if cell.value):
            self.add("title", ask("title", title, "Der Text ist durchgestrichen: Gilt er noch?"))
        if self.row.hidden:
            self.add("title", ask("title", title, "Diese Zeile ist in der Datei ausgeblendet."))

    def provider(self) -> str:
        """Read who offers the course: from its cell, from above, or from the group row."""
        column = self.place.header.column("provider", "provider_contact")
        cell = self.carried(column) if column is not None else Cell()
        if is_nothing(cell.value):
            self.add("provider", found(provider=self.place.group_provider or None))
            return self.place.group_provider
        is_pair = self.place.header.columns[column or 0] == "provider_contact"
        reading = READERS["provider_contact" if is_pair else "provider"](
            cell.value, self.place.ground
        )
        bare = split_mark(str(reading.values["provider"]), self.place.notes.footnotes)[0]
        self.add("provider", self.place.names.resolve(bare))
        self.add("contact", reading)
        return str(self.reading.values["provider"])

    def carried(self, column: int) -> Cell:
        """Return a cell, or the one above it if it is empty and the column names the provider."""
        cell = self.row.cells.get(column, Cell())
        above = self.place.above.get(column)
        if cell.value is None and not cell.unknown and above is not None:
            why = "Die Zelle ist leer; der Wert stammt aus der Zeile darüber."
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
        merged = self.reading + reading
        self.reading = Reading(values=merged.values, remarks=tuple(dict.fromkeys(merged.remarks)))

    def finish(self) -> None:
        """Read what follows from several cells together."""
        self.sections()
        self.title_facts()
        values = self.reading.values
        self.internal()
        if self.place.notes.town and not {"town", "postcode"} & set(values):
            self.add("town", found(town=self.place.notes.town))
        self.doubts()

    def sections(self) -> None:
        """Read the end of a course from the end of its part, if the part is no module."""
        end = self.cell("section_until").value
        if end is None:
            return
        if "current_module" in self.reading.values:
            why = "„bis“ ist das Ende des Moduls und nicht des Kurses; das Kursende fehlt."
            self.add("ends_on", ask("ends_on", end, why))
        else:
            self.add("ends_on", read_day("ends_on", end, self.place.ground.month))

    def title_facts(self) -> None:
        """Read what the title says besides the name of the course."""
        title = f"{self.text('title')} {self.text('course_type')}"
        note = self.text("public_note")
        self.add(
            "title",
            found(
                audience=audiences_in(title) or None,
                time_of_day=time_of_day(title) or time_of_day(note),
            ),
        )
        if not is_formula(title.strip()):
            self.add("title", people_and_money(title))
        if not self.place.header.column("level", "level_from", "level_to") and levels_in(title):
            why = "Das Niveau stammt aus dem Titel."
            self.add("level_to", found(level_to=levels_in(title)[-1]) + ask("level_to", title, why))
        period = line(self.cell(*NAMES_DAY).value or "")
        self.add("weekdays", found(weekdays=weekdays_in(period) or None))
        if self.reading.values.get("course_type") == "PRUEF":
            exams = tuple(exam_name(name) for name in EXAM.findall(title))
            day = self.reading.values.get("starts_on")
            self.add("exams", found(exams=exams or None, exam_on=day))

    def internal(self) -> None:
        """Gather internal columns, and hidden ones whatever their heading says."""
        parts = []
        for column, cell in sorted(self.row.cells.items()):
            name = self.place.header.columns.get(column, "")
            hidden = column in self.place.hidden_columns
            if is_nothing(cell.value) or not (hidden or name == "internal_note"):
                continue
            heading = self.place.header.headings.get(column, "")
            text = line(cell.value)
            parts.append(text if name == "internal_note" else f"{heading}: {text}")
        if parts:
            why = "Interne oder ausgeblendete Spalte: wird nie veröffentlicht."
            note = "\n".join(parts)
            self.add("internal_note", found(internal_note=note) + ask("internal_note", note, why))

    def doubts(self) -> None:
        """Ask about facts that do not fit each other or the month."""
        values = self.reading.values
        start, end = values.get("starts_on"), values.get("ends_on")
        month = self.place.ground.month
        if isinstance(start, date) and isinstance(end, date) and end < start:
            self.add("ends_on", ask("ends_on", end, "Das Ende liegt vor dem Beginn."))
        if isinstance(end, date) and end < month.first_day():
            why = "Der Kurs endete vor dem Berichtsmonat: Soll er noch in die Ausgabe?"
            self.add("status", ask("status", end, why))
        if "current_module" in values:
            self.module_doubts(start)
        if values.get("status") in {CourseStatus.FULL, CourseStatus.WAITING_LIST} and (
            values.get("late_entry") == YesNo.YES
        ):
            why = "Der Kurs ist voll und hat zugleich einen Einstieg. Bitte nachfragen."
            self.add("status", ask("status", "", why) + ask("late_entry", "", why))
        for name, value in values.items():
            known = FIELD.get(name)
            if known and known.kind in {Kind.TEXT, Kind.NOTE} and len(str(value)) > known.length:
                why = f"Der Text hat {len(str(value))} von {known.length} Zeichen. Bitte kürzen."
                self.add(name, ask(name, value, why))

    def module_doubts(self, start: object) -> None:
        """Ask about a module of a course that has not begun, or that counts otherwise."""
        module = str(self.reading.values["current_module"])
        stand = self.place.as_of or self.place.ground.month.last_day()
        if isinstance(start, date) and start > stand:
            why = "Der Kurs hat noch nicht begonnen: Das ist das erste und nicht das laufende Modul."
            self.add("current_module", ask("current_module", module, why))
        if self.reading.values.get("course_type") == "EOK":
            why = "Module eines Erstorientierungskurses haben 50 UE. Bitte prüfen."
            self.add("current_module", ask("current_module", module, why))


SAME: Final = frozenset(
    ("s. o.", "s.o.", "s.o", "so.", "dto.", "dto", "dito", '"', "''", "„", "“", "”", "〃", "wie oben",
     "siehe oben", "ebenda", '-"-', "–“–", '- " -')
)  # fmt: skip


def rank(name: str) -> tuple[int, str]:
    """Return the order in which columns are read: remarks come last, they only add."""
    return (LATE.index(name) + 1 if name in LATE else 0, name)
