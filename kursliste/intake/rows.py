"""Which rows of a table are courses, and what the other ones are."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final

from kursliste.intake.cells import Cell, Sheet, SheetRow
from kursliste.intake.courses import NotUnderstood, Place, RowReader
from kursliste.intake.findings import Findings
from kursliste.intake.header import Header
from kursliste.intake.legends import FOOTNOTE, ORGANISATION, sole_text
from kursliste.intake.naming import group_of
from kursliste.intake.tables import key
from kursliste.intake.values.reading import line

row_number: Final = attrgetter("number")
SUM: Final = re.compile(r"^(?:summen?|gesamt|insgesamt|total|anzahl)\b", re.IGNORECASE)
TOWN_ROW: Final = re.compile(r"^(?:Standort|Kurse in|Kursort|Ort|Stadt)\b:?\s+", re.IGNORECASE)
MODULE_FACTS: Final = frozenset(
    ("current_module", "section_from", "section_until", "starts_on", "ends_on", "period",
     "row_number")
)  # fmt: skip


class TableReader:
    """Reads the rows of one table of courses in their order."""

    def __init__(self, findings: Findings, sheet: Sheet, place: Place) -> None:
        self.findings, self.sheet, self.place = findings, sheet, place
        self.header = place.header
        self.above: dict[int, Cell] = {}
        self.last_course = ""

    def read(self, rows: Sequence[SheetRow]) -> None:
        """Read all rows; single words after the last course are a foot and no group."""
        last = max((row.number for row in rows if self.is_course(row)), default=0)
        for row in rows:
            name = f"{self.sheet.name}!{row.number}"
            if self.is_continuation(row):
                self.findings.leave(name, f"folgendes Modul zu {self.last_course}")
            elif self.is_course(row):
                self.course(name, row)
            elif sole_text(row) and row.number < last:
                self.group(name, row)
            else:
                self.rest(name, row)

    def title_cell(self, row: SheetRow) -> Cell:
        """Return the cell that names the course."""
        for field in ("title", "course_type"):
            column = self.header.column(field)
            cell = row.cells.get(column) if column is not None else None
            if cell is not None and (cell.value is not None or cell.unknown):
                return cell
        return Cell()

    def own_fields(self, row: SheetRow) -> set[str]:
        """Return the fields that a row fills itself, not by a merged cell from above."""
        return {
            self.header.columns.get(column, "")
            for column, cell in row.cells.items()
            if (cell.value is not None or cell.unknown) and not cell.carried
        }

    def is_course(self, row: SheetRow) -> bool:
        """Return whether a row names a course and says something else about it."""
        cell = self.title_cell(row)
        named = cell.value is not None or cell.unknown
        first = line(next((c.value for c in row.cells.values() if c.value is not None), ""))
        if not named or SUM.match(first) or SUM.match(line(cell.value or "")) or sole_text(row):
            return False
        return len([f for f in self.own_fields(row) if f not in {"", "row_number"}]) > 1 or (
            len(row.cells) > 1 and not cell.carried
        )

    def is_continuation(self, row: SheetRow) -> bool:
        """Return whether a row only carries on the course above: its next modules."""
        cell = self.title_cell(row)
        own = self.own_fields(row)
        new = cell.value is not None and not cell.carried
        return bool(self.last_course) and not new and bool(own) and own <= MODULE_FACTS

    def course(self, name: str, row: SheetRow) -> None:
        """Read one course."""
        reader = RowReader(name, row, replace(self.place, above=dict(self.above)))
        self.findings.courses.append(reader.course())
        self.findings.not_understood.extend(reader.missed)
        self.findings.titles.add(key(line(self.title_cell(row).value or "")))
        self.last_course = name
        self.above.update(
            {column: cell for column, cell in row.cells.items() if cell.value is not None}
        )

    def group(self, name: str, row: SheetRow) -> None:
        """Read a group row: it may name a course group, a provider or a town."""
        text = line(sole_text(row))
        provider = text if ORGANISATION.search(text) and not group_of(text) else ""
        self.place = replace(
            self.place, group=group_of(text), group_text=text, group_provider=provider
        )
        town = TOWN_ROW.sub("", text).strip(" :")
        if town in self.place.ground.towns or (town != text and not group_of(text)):
            self.place = replace(self.place, notes=replace(self.place.notes, town=town))
        self.above.clear()
        self.findings.leave(name, f"Gruppenzeile „{text}“")

    def rest(self, name: str, row: SheetRow) -> None:
        """Name a row that is neither course nor group."""
        texts = [line(cell.value) for cell in row.cells.values() if cell.value is not None]
        why = kind_of_text(row)
        if len(texts) > 1 and why == "Text" and not self.title_cell(row).value:
            why = "Zeile ohne Kurs"
            missing = "Die Zeile nennt weder Titel noch Kursart."
            self.findings.not_understood.append(
                NotUnderstood(row=name, column="", value=" | ".join(texts)[:200], why=missing)
            )
        self.findings.leave(name, why)


def rows_of(sheet: Sheet, header: Header, headers: Sequence[Header]) -> list[SheetRow]:
    """Return the rows between a heading and the next one."""
    last = header.rows[-1]
    after = min((other.rows[0] for other in headers if other.rows[0] > last), default=None)
    first = bisect_right(sheet.rows, last, key=row_number)
    end = None if after is None else bisect_left(sheet.rows, after, key=row_number)
    return list(sheet.rows[first:end])


def kind_of_text(row: SheetRow) -> str:
    """Return what a row of words is: sum, footnote, legend, or just text."""
    texts = [line(cell.value) for cell in row.cells.values() if cell.value is not None]
    first = next(iter(texts), "")
    if SUM.match(first):
        return "Summenzeile"
    if FOOTNOTE.match(first):
        return "Fußnote"
    if "=" in first or re.search(r"legende|abkürzung", first, re.IGNORECASE):
        return "Legende"
    return "Fußzeile" if len(texts) == 1 else "Text"
