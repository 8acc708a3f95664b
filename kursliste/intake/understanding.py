"""Understands a whole hand-kept file: which rows are courses, what they say, what is left over."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from typing import Any, Final

from kursliste.domain.calendar import Month
from kursliste.intake.cells import Cell, FileRefusedError, Sheet, SheetRow
from kursliste.intake.columns import Ground, READERS
from kursliste.intake.courses import NotUnderstood, Place, RowReader, UnderstoodCourse
from kursliste.intake.header import Header, TableKind, find_headers
from kursliste.intake.legends import (
    FOOTNOTE,
    ORGANISATION,
    notes_on,
    short_forms,
    sole_text,
    towns_in,
)
from kursliste.intake.naming import ProviderNames, group_of
from kursliste.intake.tables import CodeTables, key
from kursliste.intake.values.dates import as_of
from kursliste.intake.values.reading import line

SUM: Final = re.compile(r"^(?:summen?|gesamt|insgesamt|total|anzahl)\b", re.IGNORECASE)
MODULE_FACTS: Final = frozenset(
    ("current_module", "section_from", "section_until", "starts_on", "ends_on", "period",
     "row_number")
)  # fmt: skip
NO_TABLE: Final = (
    "In der Datei ist kein Blatt mit einer Kurstabelle zu erkennen. Gebraucht wird eine Zeile mit "
    "Überschriften wie Kurs, Niveau, Beginn, Träger. Ergänzen Sie sie und laden Sie die Datei "
    "noch einmal hoch."
)


@dataclass(frozen=True, kw_only=True)
class NotACourse:
    """A row that is no course, and what it is instead."""

    row: str
    why: str


@dataclass(frozen=True, kw_only=True)
class UnderstoodProvider:
    """A row that describes a provider."""

    row: str
    name: str
    short: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    office_hours: str = ""


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """What a file says. ``remarks`` are about the whole file; ``as_of`` is its Stand."""

    courses: tuple[UnderstoodCourse, ...]
    not_courses: tuple[NotACourse, ...]
    not_understood: tuple[NotUnderstood, ...]
    providers: tuple[UnderstoodProvider, ...]
    remarks: tuple[str, ...]
    as_of: date | None


def understand(sheets: Sequence[Sheet], *, tables: CodeTables, month: Month) -> Understanding:
    """Return what the sheets say as the list of ``month``.

    Raises FileRefusedError when no visible sheet holds a table of courses. Nothing is guessed in
    silence: each doubtful value carries a warning, each unread cell is named.
    """
    visible = [sheet for sheet in sheets if not sheet.hidden]
    reader = FileReader(visible, tables=tables, month=month)
    for sheet in sheets:
        if sheet.hidden:
            why = f"Das Blatt „{sheet.name}“ ist ausgeblendet und wurde nicht übernommen."
            reader.remarks.append(why)
            reader.not_courses.append(NotACourse(row=f"{sheet.name}!1", why=why))
        reader.remarks.extend(remark for remark in sheet.remarks)
    for sheet in visible:
        reader.read(sheet)
    reader.read_charts()
    if not reader.has_table:
        raise FileRefusedError(NO_TABLE)
    return reader.result()


class FileReader:
    """Reads one file sheet by sheet, with what all sheets explain together."""

    def __init__(self, sheets: Sequence[Sheet], *, tables: CodeTables, month: Month) -> None:
        self.tables, self.month = tables, month
        self.headers = {sheet.name: find_headers(sheet, tables) for sheet in sheets}
        self.towns = towns_in(sheets)
        self.ground = Ground(tables=tables, month=month, towns=self.towns)
        self.courses: list[UnderstoodCourse] = []
        self.not_courses: list[NotACourse] = []
        self.not_understood: list[NotUnderstood] = []
        self.providers: list[UnderstoodProvider] = []
        self.remarks: list[str] = []
        self.charts: list[tuple[Sheet, Header]] = []
        self.raw_titles: set[str] = set()
        self.has_table = False
        self.as_of: date | None = None
        for sheet in sheets:
            self.collect_providers(sheet)
        shorts = short_forms(sheets) | {p.short: p.name for p in self.providers if p.short}
        full = [*(p.name for p in self.providers), *shorts.values(), *self.named(sheets)]
        self.names = ProviderNames(shorts, full)

    def result(self) -> Understanding:
        """Return everything that was read."""
        return Understanding(
            courses=tuple(self.courses),
            not_courses=tuple(self.not_courses),
            not_understood=tuple(self.not_understood),
            providers=tuple(self.providers),
            remarks=tuple(dict.fromkeys(self.remarks)),
            as_of=self.as_of,
        )

    def named(self, sheets: Iterable[Sheet]) -> list[str]:
        """Return the provider names that the rows themselves write."""
        found = []
        for sheet in sheets:
            for header in self.headers[sheet.name]:
                column = header.column("provider", "provider_contact")
                for row in sheet.rows:
                    value = row.cells.get(column, Cell()).value if column is not None else None
                    if isinstance(value, str) and row.number > header.rows[-1]:
                        pair = header.columns[column or 0] == "provider_contact"
                        found.append(re.split(r"[\n,]", value)[0] if pair else value)
        return [name for name in found if name.strip() and not name.startswith(("=", "@"))]

    def collect_providers(self, sheet: Sheet) -> None:
        """Read the rows of a sheet that lists providers."""
        for header in self.headers[sheet.name]:
            if header.kind is TableKind.PROVIDERS:
                for row in rows_of(sheet, header, self.headers[sheet.name]):
                    provider = self.provider(f"{sheet.name}!{row.number}", row, header)
                    if provider is not None:
                        self.providers.append(provider)

    def provider(self, name: str, row: SheetRow, header: Header) -> UnderstoodProvider | None:
        """Return the provider of a row, or None if the row names none."""
        values: dict[str, object] = {}
        for column, field in sorted(header.columns.items()):
            cell = row.cells.get(column)
            if cell is None or cell.value is None:
                continue
            if field == "provider_short":
                values["short"] = line(cell.value)
            elif field == "title":
                values["provider"] = line(cell.value)
            elif field in READERS:
                values = {**READERS[field](cell.value, self.ground).values, **values}
        if not values.get("provider") or len(row.cells) == 1:
            return None
        kept = {
            attribute: str(values[attribute])
            for attribute in ("short", "street", "postcode", "town", "contact_name",
                              "contact_phone", "contact_email", "office_hours")
            if attribute in values
        }  # fmt: skip
        return UnderstoodProvider(row=name, name=str(values["provider"]), **kept)

    def read(self, sheet: Sheet) -> None:
        """Read one sheet."""
        headers = self.headers[sheet.name]
        first = headers[0].rows[0] if headers else None
        head = [row for row in sheet.rows if first is None or row.number < first]
        for row in head:
            self.head_row(sheet, row, is_list=bool(headers))
        numbers = {n for header in headers for n in header.rows}
        for row in sheet.rows:
            if row.number in numbers:
                self.leave(sheet, row, "Spaltenüberschriften")
        for header in headers:
            self.read_table(sheet, header, head)

    def read_table(self, sheet: Sheet, header: Header, head: Sequence[SheetRow]) -> None:
        """Read the rows below one heading."""
        rows = rows_of(sheet, header, self.headers[sheet.name])
        if header.kind is TableKind.CHART:
            self.charts.append((sheet, header))
            return
        if header.kind is TableKind.PROVIDERS:
            known = {provider.row: provider.name for provider in self.providers}
            for row in rows:
                name = known.get(f"{sheet.name}!{row.number}")
                self.leave(sheet, row, f"Trägerliste: {name}" if name else kind_of_text(row))
            return
        self.has_table = True
        self.unknown_columns(sheet, header)
        TableReader(self, sheet, header, head).read(rows)

    def unknown_columns(self, sheet: Sheet, header: Header) -> None:
        """Name columns that nobody understands, and those understood by likeness."""
        for column, heading in sorted(header.unknown.items()):
            if column in sheet.hidden_columns:
                continue
            why = "Diese Überschrift ist nicht bekannt; die Spalte wurde nicht gelesen."
            place = f"{sheet.name}!{header.rows[0]}"
            self.not_understood.append(
                NotUnderstood(row=place, column=heading, value=heading, why=why)
            )
        for column in sorted(header.unsure):
            field = header.columns[column]
            if field != "internal_note":
                self.remarks.append(
                    f"Blatt „{sheet.name}“: Die Spalte „{header.headings[column]}“ wurde der "
                    "Ähnlichkeit nach zugeordnet. Bitte prüfen."
                )
        if sheet.hidden_columns & set(header.headings):
            names = ", ".join(
                f"„{header.headings[c]}“" for c in sorted(sheet.hidden_columns)
                if c in header.headings
            )  # fmt: skip
            self.remarks.append(
                f"Blatt „{sheet.name}“: Ausgeblendete Spalten ({names}) gelten als intern."
            )

    def head_row(self, sheet: Sheet, row: SheetRow, *, is_list: bool) -> None:
        """Note a row above the headings."""
        texts = [line(cell.value) for cell in row.cells.values() if cell.value is not None]
        for text in texts:
            if self.as_of is None:
                self.as_of = as_of(text, self.month)
            if re.search(r"\bintern\b|nicht weitergeben|vertraulich", text, re.IGNORECASE):
                self.remarks.append(
                    f"Blatt „{sheet.name}“, Zeile {row.number}: „{text}“. Vor einer "
                    "Veröffentlichung nachfragen."
                )
        self.leave(sheet, row, f"Kopf: {' '.join(texts)[:80]}" if is_list else kind_of_text(row))

    def leave(self, sheet: Sheet, row: SheetRow, why: str) -> None:
        """Name a row that is no course."""
        self.not_courses.append(NotACourse(row=f"{sheet.name}!{row.number}", why=why))

    def read_charts(self) -> None:
        """Compare bar charts with the courses; a course that stands only there is named."""
        for sheet, header in self.charts:
            column = header.column("title", "course_type")
            for row in rows_of(sheet, header, self.headers[sheet.name]):
                title = line(row.cells.get(column, Cell()).value or "") if column is not None else ""
                why = "Legende"
                if key(title) in self.raw_titles:
                    why = f"Balken, wiederholt den Kurs „{title}“"
                elif title and not ORGANISATION.search(title):
                    why = f"Balken ohne Zeile in der Kurstabelle: „{title}“. Bitte nachfragen."
                    self.remarks.append(f"Blatt „{sheet.name}“, Zeile {row.number}: {why}")
                self.leave(sheet, row, why)


class TableReader:
    """Reads the rows of one table of courses in their order."""

    def __init__(
        self, file: FileReader, sheet: Sheet, header: Header, head: Sequence[SheetRow]
    ) -> None:
        self.file, self.sheet, self.header = file, sheet, header
        self.place = Place(
            ground=file.ground,
            header=header,
            notes=notes_on(sheet, head, file.towns, file.tables),
            names=file.names,
            hidden_columns=sheet.hidden_columns,
            as_of=file.as_of,
        )
        self.above: dict[int, Cell] = {}
        self.last_course = ""

    def read(self, rows: Sequence[SheetRow]) -> None:
        """Read all rows; single words after the last course are a foot and no group."""
        last = max((row.number for row in rows if self.is_course(row)), default=0)
        for row in rows:
            name = f"{self.sheet.name}!{row.number}"
            if self.is_continuation(row):
                self.file.leave(self.sheet, row, f"folgendes Modul zu {self.last_course}")
            elif self.is_course(row):
                self.course(name, row)
            elif sole_text(row) and row.number < last:
                self.group(row)
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
        reader = RowReader(name, row, replace(self.place, above=self.carrying()))
        self.file.courses.append(reader.course())
        self.file.not_understood.extend(reader.missed)
        self.file.raw_titles.add(key(line(self.title_cell(row).value or "")))
        self.last_course = name
        self.above.update(
            {column: cell for column, cell in row.cells.items() if cell.value is not None}
        )

    def carrying(self) -> Mapping[int, Cell]:
        """Return the cells above this row."""
        return dict(self.above)

    def group(self, row: SheetRow) -> None:
        """Read a group row: it may name a course group, a provider or a town."""
        text = line(sole_text(row))
        provider = text if ORGANISATION.search(text) and not group_of(text) else ""
        self.place = replace(
            self.place, group=group_of(text), group_text=text, group_provider=provider
        )
        if text in self.file.towns:
            self.place = replace(self.place, notes=replace(self.place.notes, town=text))
        self.above.clear()
        self.file.leave(self.sheet, row, f"Gruppenzeile „{text}“")

    def rest(self, name: str, row: SheetRow) -> None:
        """Name a row that is neither course nor group."""
        texts = [line(cell.value) for cell in row.cells.values() if cell.value is not None]
        why = kind_of_text(row)
        if len(texts) > 1 and why == "Text" and not self.title_cell(row).value:
            why = "Zeile ohne Kurs"
            missing = "Die Zeile nennt weder Titel noch Kursart."
            self.file.not_understood.append(
                NotUnderstood(row=name, column="", value=" | ".join(texts)[:200], why=missing)
            )
        self.file.leave(self.sheet, row, why)


def rows_of(sheet: Sheet, header: Header, headers: Sequence[Header]) -> list[SheetRow]:
    """Return the rows between a heading and the next one."""
    after = [other.rows[0] for other in headers if other.rows[0] > header.rows[-1]]
    end = min(after, default=None)
    return [
        row for row in sheet.rows
        if row.number > header.rows[-1] and (end is None or row.number < end)
    ]  # fmt: skip


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


def to_json(understanding: Understanding) -> dict[str, Any]:
    """Return the report of ``kursliste import --json`` (INTERFACE.md)."""
    return {
        "courses": [
            {
                "row": course.row,
                **{name: json_value(value) for name, value in course.values.items()},
                "warnings": [
                    {"attribute": w.attribute, "value": w.value, "why": w.why}
                    for w in course.warnings
                ],
            }
            for course in understanding.courses
        ],
        "not_courses": [{"row": n.row, "why": n.why} for n in understanding.not_courses],
        "not_understood": [
            {"row": n.row, "column": n.column, "value": n.value, "why": n.why}
            for n in understanding.not_understood
        ],
        "providers": [
            {name: value for name, value in vars(provider).items() if value}
            for provider in understanding.providers
        ],
        "remarks": list(understanding.remarks),
        "as_of": understanding.as_of.isoformat() if understanding.as_of else None,
    }


def json_value(value: object) -> Any:
    """Return a value as JSON has it: days and hours as text, money as a number."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return [str(item) for item in value] if isinstance(value, tuple) else value
