"""Finds the rows of headings and what each column means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from kursliste.intake.cells import Sheet, SheetRow
from kursliste.intake.tables import CodeTables, key
from kursliste.intake.values.reading import line

FEWEST: Final = 3
LONGEST_HEADING: Final = 60
SHORTEST_ALIAS: Final = 5
NAMING: Final = frozenset(("title", "course_type"))
COURSE_FACTS: Final = frozenset(
    (
        "starts_on", "ends_on", "period", "level", "level_from", "level_to", "weekdays", "times",
        "weekdays_times", "units_total", "seats", "seats_free", "free_of_total", "seats_taken",
        "seats_total",
        "current_module", "section_from", "status", "time_from", "late_entry", "next_entry",
    )
)  # fmt: skip
PROVIDER_FACTS: Final = frozenset(
    (
        "address", "street", "postcode", "postcode_town", "contact", "contact_phone",
        "contact_email", "office_hours",
    )
)  # fmt: skip


class TableKind(StrEnum):
    """What the rows below a heading describe."""

    COURSES = "courses"
    PROVIDERS = "providers"
    CHART = "chart"


@dataclass(frozen=True, kw_only=True)
class Header:
    """Headings of one table; ``unsure`` columns were matched by a part of their heading only."""

    rows: tuple[int, ...]
    kind: TableKind
    columns: Mapping[int, str]
    headings: Mapping[int, str]
    unsure: frozenset[int] = frozenset()

    def column(self, *fields: str) -> int | None:
        """Return the first column that holds one of ``fields``."""
        return next((c for c, field in sorted(self.columns.items()) if field in fields), None)

    @property
    def unknown(self) -> Mapping[int, str]:
        """Return the headings that mean nothing to us."""
        return {c: text for c, text in self.headings.items() if c not in self.columns}


def find_headers(sheet: Sheet, tables: CodeTables) -> tuple[Header, ...]:
    """Return every heading of the sheet in order; a list may repeat it above each group."""
    found: list[Header] = []
    used: set[int] = set()
    for index, row in enumerate(sheet.rows):
        if row.number in used:
            continue
        header = header_at(sheet.rows, index, tables)
        if header is not None:
            found.append(header)
            used.update(header.rows)
    return tuple(found)


def header_at(rows: Sequence[SheetRow], index: int, tables: CodeTables) -> Header | None:
    """Return the heading that begins at this row, in one row or two."""
    row = rows[index]
    upper = texts_of(row)
    dates = sum(isinstance(cell.value, date) for cell in row.cells.values())
    single = matched(upper, tables)
    if dates >= FEWEST and single and len(single) == len(upper):
        return Header(rows=(row.number,), kind=TableKind.CHART, columns=single, headings=upper)
    if len(upper) < FEWEST or len(upper) != len([c for c in row.cells.values() if c.value]):
        return None
    double = two_rows(rows, index, upper, tables)
    if double is not None and len(set(double[1].values())) > len(set(single.values())):
        columns, headings = double[1:]
        numbers: tuple[int, ...] = (row.number, rows[index + 1].number)
    else:
        numbers, columns, headings = (row.number,), single, upper
    kind = kind_of(columns)
    if len(set(columns.values())) < FEWEST or 2 * len(columns) < len(headings) or kind is None:
        return None
    unsure = guessed(columns, headings, tables)
    return Header(
        rows=numbers, kind=kind, columns=sections(columns | unsure), headings=headings,
        unsure=frozenset(unsure),
    )  # fmt: skip


def two_rows(
    rows: Sequence[SheetRow], index: int, upper: Mapping[int, str], tables: CodeTables
) -> tuple[int, dict[int, str], dict[int, str]] | None:
    """Return (row number, columns, headings) if the next row continues this heading."""
    if index + 1 >= len(rows) or rows[index + 1].number != rows[index].number + 1:
        return None
    lower = texts_of(rows[index + 1])
    if len(lower) != len([c for c in rows[index + 1].cells.values() if c.value is not None]):
        return None
    columns: dict[int, str] = {}
    headings: dict[int, str] = {}
    above = ""
    for column in range(max([*upper, *lower]) + 1):
        above = upper.get(column, above if column in lower else "")
        below = lower.get(column, "") if not rows[index + 1].cells.get(column) or (
            lower.get(column) != upper.get(column)
        ) else ""  # fmt: skip
        for text in (f"{above} {below}", below, above):
            if text.strip() and key(text) in tables.headers:
                columns[column], headings[column] = tables.headers[key(text)], text.strip()
                break
        else:
            if above or below:
                headings[column] = f"{above} {below}".strip()
    known = [text for text in lower.values() if key(text) in tables.headers]
    return (rows[index].number, columns, headings) if 2 * len(known) >= len(lower) else None


def texts_of(row: SheetRow) -> dict[int, str]:
    """Return the cells of a row that could be headings."""
    return {
        column: line(cell.value)
        for column, cell in row.cells.items()
        if isinstance(cell.value, str) and cell.value and len(cell.value) <= LONGEST_HEADING
    }


def matched(texts: Mapping[int, str], tables: CodeTables) -> dict[int, str]:
    """Return the columns whose heading is known exactly, but for blanks, case and marks."""
    return {c: tables.headers[key(t)] for c, t in texts.items() if key(t) in tables.headers}


def guessed(
    columns: Mapping[int, str], headings: Mapping[int, str], tables: CodeTables
) -> dict[int, str]:
    """Return columns whose heading contains a known one; they are named to the user."""
    more: dict[int, str] = {}
    for column, text in headings.items():
        whole = key(text)
        if column in columns or not whole:
            continue
        if whole.startswith("intern"):
            more[column] = "internal_note"
            continue
        bare = key(re.sub(r"\(.*?\)", "", text))
        near = [
            alias
            for alias in tables.headers
            if alias == bare or (len(alias) >= SHORTEST_ALIAS and alias in whole)
        ]
        if near and tables.headers[max(near, key=len)] not in columns.values():
            more[column] = tables.headers[max(near, key=len)]
    return more


def sections(columns: Mapping[int, str]) -> dict[int, str]:
    """Return columns where „bis“ right of the beginning of a module is the end of the module."""
    return {
        column: "section_until"
        if field == "ends_on" and columns.get(column - 1) == "section_from"
        else field
        for column, field in columns.items()
    }


def kind_of(columns: Mapping[int, str]) -> TableKind | None:
    """Return what a table with these columns describes."""
    fields = set(columns.values())
    if fields & NAMING and fields & COURSE_FACTS:
        return TableKind.COURSES
    names = fields & {"provider", "provider_contact", "title", "provider_short"}
    if names and fields & PROVIDER_FACTS and not fields & COURSE_FACTS:
        return TableKind.PROVIDERS
    return None
