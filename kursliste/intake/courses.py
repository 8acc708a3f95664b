"""One row of a list becomes one course: names first, then its cells, then what follows."""

from datetime import date
from typing import Final

from kursliste.domain.columns import KEY
from kursliste.domain.course import FIELD, CourseStatus, Kind, YesNo
from kursliste.intake.cells import Cell
from kursliste.intake.cellwise import CellReader, NotUnderstood, Place, UnderstoodCourse
from kursliste.intake.columns import READERS
from kursliste.intake.legends import split_mark
from kursliste.intake.naming import read_type, title_and_reference
from kursliste.intake.values.dates import read_day
from kursliste.intake.values.levels import levels_in
from kursliste.intake.values.reading import (
    Reading,
    ask,
    found,
    is_formula,
    is_nothing,
    line,
    unread,
)
from kursliste.intake.values.remarks import EXAM, audiences_in, exam_name, people_and_money
from kursliste.intake.values.times import time_of_day, weekdays_in

__all__ = ["NotUnderstood", "Place", "RowReader", "UnderstoodCourse"]

LATE: Final = ("next_entry", "public_note", "internal_note")
NAMES_DAY: Final = ("period", "starts_on")


class RowReader(CellReader):
    """Reads one row as a course."""

    def course(self) -> UnderstoodCourse:
        """Return the course of this row."""
        self.name_it()
        columns = sorted(self.place.header.columns.items(), key=lambda item: rank(item[1]))
        for column, name in columns:
            if column not in self.place.hidden_columns:
                self.take(column, name)
        self.without_heading()
        self.finish()
        values = {k: v for k, v in self.reading.values.items() if k in FIELD}
        return UnderstoodCourse(row=self.name, values=values, warnings=self.reading.remarks)

    def name_it(self) -> None:
        """Read provider, title, number and type, which depend on each other."""
        title, kind = self.text("title"), self.text("course_type")
        provider = self.provider()
        if title or kind:
            self.add("title", title_and_reference(title or kind))
        groups = {known.group for known in self.place.ground.tables.course_types.values()}
        named_group = line(self.text("course_group"))
        group = named_group if named_group in groups else self.place.group
        self.add("course_group", found(course_group=group))
        if is_formula(kind):
            column = self.place.header.column("course_type")
            reading = unread("course_type", kind, "Das ist eine Formel und keine Kursart.")
            self.add("course_type", reading, column=column, value=kind)
        else:
            words = [text for text in (kind, title) if text and not is_formula(text)]
            named = provider or self.place.group_text
            column = self.place.header.column("course_type", "title")
            reading = read_type(words, group, named, self.place.ground.tables)
            self.add("course_type", reading, column=column, value=kind or title)
        if any(cell.struck for cell in self.row.cells.values() if cell.value):
            self.add("title", ask("title", title, "Der Text ist durchgestrichen: Gilt er noch?"))
        if self.row.hidden:
            self.add("title", ask("title", title, "Diese Zeile ist in der Datei ausgeblendet."))

    def provider(self) -> str:
        """Read who offers the course: from its cell, from above, or from the group row."""
        column = self.place.header.column("provider", "provider_contact")
        cell = self.carried(column) if column is not None else Cell()
        if is_nothing(cell.value):
            name = self.place.group_provider
            if name:
                why = "Der Träger stammt aus der Überschrift über den Kursen."
                self.add("provider", found(provider=name) + ask("provider", name, why))
            return name
        self.look(column or 0, "provider", cell)
        is_pair = self.place.header.columns[column or 0] == "provider_contact" or (
            "\n" in str(cell.value)
        )
        reading = READERS["provider_contact" if is_pair else "provider"](
            cell.value, self.place.ground
        )
        bare = split_mark(str(reading.values["provider"]), self.place.notes.footnotes)[0]
        self.add("provider", self.place.names.resolve(bare))
        self.add("contact", reading)
        return str(self.reading.values["provider"])

    def finish(self) -> None:
        """Read what follows from several cells together."""
        self.sections()
        self.title_facts()
        values = self.reading.values
        self.internal()
        if self.place.notes.town and not {"town", "postcode"} & set(values):
            self.add("town", found(town=self.place.notes.town))
        if values.get("status") == CourseStatus.FULL and values.get("waiting_list") == YesNo.YES:
            status = {"status": CourseStatus.WAITING_LIST.value}
            self.reading = Reading({**self.reading.values, **status}, self.reading.remarks)
        self.doubts()

    def without_heading(self) -> None:
        """Name what stands in columns without a heading, so that nothing is lost unseen."""
        for column, cell in sorted(self.row.cells.items()):
            known = column in self.place.header.headings or column in self.place.hidden_columns
            if known or cell.carried or is_nothing(cell.value):
                continue
            reading = unread("public_note", line(cell.value), "Die Spalte hat keine Überschrift.")
            self.add("public_note", reading, column=column, value=cell.value)

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
        """Gather internal columns, and hidden ones whatever their heading says but our own key."""
        parts = []
        for column, cell in sorted(self.row.cells.items()):
            name = self.place.header.columns.get(column, "")
            hidden = column in self.place.hidden_columns
            if name == KEY or is_nothing(cell.value) or not (hidden or name == "internal_note"):
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
            why = (
                "Der Kurs hat noch nicht begonnen: Das ist das erste und nicht das laufende Modul."
            )
            self.add("current_module", ask("current_module", module, why))
        if self.reading.values.get("course_type") == "EOK":
            why = "Module eines Erstorientierungskurses haben 50 UE. Bitte prüfen."
            self.add("current_module", ask("current_module", module, why))


def rank(name: str) -> tuple[int, str]:
    """Return the order in which columns are read: remarks come last, they only add."""
    if name == "weekdays":
        return (-1, name)
    return (LATE.index(name) + 1 if name in LATE else 0, name)
