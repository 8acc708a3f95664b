"""Understands a whole hand-kept file: which rows are courses, what they say, what is left over."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.columns import KEY
from kursliste.intake.cells import Cell, FileRefusedError, Sheet, SheetRow
from kursliste.intake.columns import READERS, Ground
from kursliste.intake.courses import NotUnderstood, Place, UnderstoodCourse
from kursliste.intake.findings import (
    Findings,
    NotACourse,
    Understanding,
    UnderstoodProvider,
    to_json,
)
from kursliste.intake.header import Header, TableKind, find_headers
from kursliste.intake.legends import (
    ORGANISATION,
    SheetNotes,
    notes_on,
    short_forms,
    sole_text,
    towns_in,
)
from kursliste.intake.naming import ProviderNames
from kursliste.intake.rows import TableReader, kind_of_text, rows_of
from kursliste.intake.tables import CodeTables, key
from kursliste.intake.values.dates import as_of
from kursliste.intake.values.reading import line

__all__ = [
    "NotACourse",
    "NotUnderstood",
    "Understanding",
    "UnderstoodCourse",
    "UnderstoodProvider",
    "to_json",
    "understand",
]

NOT_FACTS: Final = frozenset(
    ("as_of", "towns", "office_hours", "provider_short", "confirmed_by", "confirmed_how")
)
LONGEST_NAME: Final = 60
NO_TABLE: Final = (
    "In der Datei ist kein Blatt mit einer Kurstabelle zu erkennen. Gebraucht wird eine Zeile mit "
    "Überschriften wie Kurs, Niveau, Beginn, Träger. Ergänzen Sie sie und laden Sie die Datei "
    "noch einmal hoch."
)


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
            reader.findings.remarks.append(why)
            reader.findings.leave(f"{sheet.name}!1", why)
        reader.findings.remarks.extend(sheet.remarks)
    for sheet in visible:
        reader.read(sheet)
    reader.read_charts()
    if not reader.findings.has_table:
        raise FileRefusedError(NO_TABLE)
    return reader.findings.result()


class FileReader:
    """Reads one file sheet by sheet, with what all sheets explain together."""

    def __init__(self, sheets: Sequence[Sheet], *, tables: CodeTables, month: Month) -> None:
        self.tables, self.month = tables, month
        self.headers = {sheet.name: find_headers(sheet, tables) for sheet in sheets}
        self.towns = towns_in(sheets)
        self.ground = Ground(tables=tables, month=month, towns=self.towns)
        self.findings = Findings()
        self.charts: list[tuple[Sheet, Header]] = []
        for sheet in sheets:
            self.collect_providers(sheet)
        shorts = short_forms(sheets) | {p.short: p.name for p in self.findings.providers if p.short}
        full = [*(p.name for p in self.findings.providers), *shorts.values(), *self.named(sheets)]
        self.names = ProviderNames(shorts, full)

    def named(self, sheets: Iterable[Sheet]) -> list[str]:
        """Return the provider names that the rows themselves write."""
        found = []
        for sheet in sheets:
            for header in self.headers[sheet.name]:
                column = header.column("provider", "provider_contact")
                for row in rows_of(sheet, header, self.headers[sheet.name]):
                    value = row.cells.get(column, Cell()).value if column is not None else None
                    if isinstance(value, str):
                        pair = header.columns[column or 0] == "provider_contact"
                        together = READERS["provider_contact"](value, self.ground)
                        pair = pair or "\n" in value
                        found.append(str(together.values.get("provider", "")) if pair else value)
        return [name for name in found if name.strip() and not name.startswith(("=", "@"))]

    def collect_providers(self, sheet: Sheet) -> None:
        """Read the rows of a sheet that lists providers."""
        for header in self.headers[sheet.name]:
            if header.kind is TableKind.PROVIDERS:
                for row in rows_of(sheet, header, self.headers[sheet.name]):
                    provider = self.provider(f"{sheet.name}!{row.number}", row, header)
                    if provider is not None:
                        self.findings.providers.append(provider)

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
                self.findings.leave(f"{sheet.name}!{row.number}", "Spaltenüberschriften")
        notes = notes_on(sheet, head, self.towns, self.tables)
        for header in headers:
            self.read_table(sheet, header, head, notes)

    def read_table(
        self, sheet: Sheet, header: Header, head: Sequence[SheetRow], notes: SheetNotes
    ) -> None:
        """Read the rows below one heading."""
        rows = rows_of(sheet, header, self.headers[sheet.name])
        if header.kind is TableKind.CHART:
            self.charts.append((sheet, header))
            return
        if header.kind is TableKind.PROVIDERS:
            known = {provider.row: provider.name for provider in self.findings.providers}
            for row in rows:
                name = known.get(f"{sheet.name}!{row.number}")
                self.findings.leave(
                    f"{sheet.name}!{row.number}",
                    f"Trägerliste: {name}" if name else kind_of_text(row),
                )
            return
        self.findings.has_table = True
        self.unknown_columns(sheet, header)
        place = Place(
            ground=self.ground,
            header=header,
            notes=notes,
            names=self.names,
            hidden_columns=sheet.hidden_columns,
            as_of=self.findings.as_of,
            group_provider=self.sheet_provider(sheet, head, header),
        )
        TableReader(self.findings, sheet, place).read(rows)

    def sheet_provider(self, sheet: Sheet, head: Sequence[SheetRow], header: Header) -> str:
        """Return the provider that a whole sheet belongs to, if no column names one."""
        if header.column("provider", "provider_contact") is not None:
            return ""
        texts = [sheet.name, *(line(sole_text(row)) for row in head)]
        named = [t for t in texts if key(t) in self.names.shorts or ORGANISATION.search(t)]
        short = [text for text in named if len(text) <= LONGEST_NAME]
        return str(self.names.resolve(short[0]).values["provider"]) if short else ""

    def unknown_columns(self, sheet: Sheet, header: Header) -> None:
        """Name columns that nobody understands, and those understood by likeness."""
        for column, heading in sorted(header.unknown.items()):
            if column in sheet.hidden_columns:
                continue
            why = "Diese Überschrift ist nicht bekannt; die Spalte wurde nicht gelesen."
            place = f"{sheet.name}!{header.rows[0]}"
            self.findings.not_understood.append(
                NotUnderstood(row=place, column=heading, value=heading, why=why)
            )
        for column in sorted(header.unsure):
            field = header.columns[column]
            if field != "internal_note":
                self.findings.remarks.append(
                    f"Blatt „{sheet.name}“: Die Spalte „{header.headings[column]}“ wurde der "
                    "Ähnlichkeit nach zugeordnet. Bitte prüfen."
                )
        for column, field in sorted(header.columns.items()):
            if field in NOT_FACTS:
                self.findings.remarks.append(
                    f"Blatt „{sheet.name}“: Die Spalte „{header.headings[column]}“ ist keine "
                    "Angabe zu einem Kurs und wurde nicht übernommen."
                )
        hidden = [
            column
            for column in sorted(sheet.hidden_columns & set(header.headings))
            if header.columns.get(column) != KEY  # our own files hide it, and it is no secret
        ]
        if hidden:
            names = ", ".join(f"„{header.headings[column]}“" for column in hidden)
            self.findings.remarks.append(
                f"Blatt „{sheet.name}“: Ausgeblendete Spalten ({names}) gelten als intern."
            )

    def head_row(self, sheet: Sheet, row: SheetRow, *, is_list: bool) -> None:
        """Note a row above the headings."""
        texts = [line(cell.value) for cell in row.cells.values() if cell.value is not None]
        for text in texts:
            if self.findings.as_of is None:
                self.findings.as_of = as_of(text, self.month)
            if re.search(r"\bintern\b|nicht weitergeben|vertraulich", text, re.IGNORECASE):
                self.findings.remarks.append(
                    f"Blatt „{sheet.name}“, Zeile {row.number}: „{text}“. Vor einer "
                    "Veröffentlichung nachfragen."
                )
        self.findings.leave(
            f"{sheet.name}!{row.number}",
            f"Kopf: {' '.join(texts)[:80]}" if is_list else kind_of_text(row),
        )

    def read_charts(self) -> None:
        """Compare bar charts with the courses; a course that stands only there is named."""
        for sheet, header in self.charts:
            column = header.column("title", "course_type")
            for row in rows_of(sheet, header, self.headers[sheet.name]):
                title = (
                    line(row.cells.get(column, Cell()).value or "") if column is not None else ""
                )
                why = "Legende"
                if key(title) in self.findings.titles:
                    why = f"Balken, wiederholt den Kurs „{title}“"
                elif title and not ORGANISATION.search(title):
                    why = f"Balken ohne Zeile in der Kurstabelle: „{title}“. Bitte nachfragen."
                    self.findings.remarks.append(f"Blatt „{sheet.name}“, Zeile {row.number}: {why}")
                self.findings.leave(f"{sheet.name}!{row.number}", why)
