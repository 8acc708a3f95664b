"""Reads an uploaded Excel table of a report into what it changes. Pure: nothing is stored here.

A cell that still says what was written into it changes nothing, whatever the reader would make of
it. Everything else is read by the readers of the import, and the page says how it was understood.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kursliste.domain.course import FIELD, OWN_FIELDS, CourseStatus
from kursliste.domain.course_type import holds_in
from kursliste.domain.errors import RuleViolationError
from kursliste.infrastructure.codes import Codes
from kursliste.intake.cells import Cell, FileRefusedError, Scalar, Sheet, SheetRow
from kursliste.intake.columns import Ground
from kursliste.intake.faults import whole_faults
from kursliste.intake.tables import CodeTables, key
from kursliste.intake.values.reading import line
from kursliste.models.codes import CourseType
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting import row_facts
from kursliste.reporting.sheet_cells import Misread, Understood, as_it_was, read_cell, typed_text
from kursliste.reporting.sheet_layout import (
    FIXED,
    KEY_HEADING,
    STATE_SHEET,
    VERSION_HEADING,
    mark_of,
    read_mark,
)
from kursliste.web.error_words import message
from kursliste.web.labels import shown

ROWS_WITH_HEADING: Final = 30
FEWEST: Final = 2
AGAIN: Final = (
    "Laden Sie die Tabelle dieser Meldung neu herunter und tragen Sie Ihre Angaben dort ein."
)
DERIVED: Final = "folgt aus den anderen Platzzahlen"
UNKNOWN_KEY: Final = (
    "Diese Kurs-ID gehört zu keinem Kurs dieser Meldung. Die Zeile wird nicht übernommen."
)
LEFT_AS_IT_IS: Final = "Die ganze Zeile bleibt, wie sie ist."


Cells = Mapping[str, Scalar]
"""What cells say, by the attribute of their column."""


@dataclass(frozen=True, kw_only=True)
class ReadRow:
    """One row of the table: a known course (``row_id``) or a new one.

    ``facts`` is what changes, ``notes`` says how a value was understood where that is not plain.
    ``is_stale``: the stored row changed after the table was downloaded. ``is_refused``: nothing of
    the row can be taken over.
    """

    number: int
    title: str
    row_id: int | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    misread: tuple[Misread, ...] = ()
    is_stale: bool = False
    is_refused: bool = False


@dataclass(frozen=True, kw_only=True)
class ReadTable:
    """What an uploaded table says: its rows, the courses it leaves out, remarks about the file."""

    rows: tuple[ReadRow, ...]
    missing: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Columns:
    heading_row: int
    places: Mapping[str, int]
    unknown: tuple[str, ...]


def read_table(
    sheets: Sequence[Sheet], report: Report, *, codes: Codes, tables: CodeTables
) -> ReadTable:
    """Return what the sheets say about ``report`` (its rows loaded).

    Raises FileRefusedError, with a German sentence, for a table of another month, provider or
    report, and for a file that is no such table.
    """
    _check_mark(sheets, report)
    sheet, columns = _table_in(sheets, tables)
    ground = Ground(tables=tables, month=report.month)
    reader = _TableReader(report, columns, codes, ground, _downloaded(sheets, tables))
    rows = tuple(
        found
        for row in sheet.rows
        if row.number > columns.heading_row and (found := reader.read(row)) is not None
    )
    going_on = [row for row in report.courses if row.status is not CourseStatus.ENDED]
    told = {row.row_id for row in rows}
    remarks = [*sheet.remarks]
    remarks += [f"Die Spalte „{name}“ kennen wir nicht. Sie wurde nicht gelesen."
                for name in columns.unknown]  # fmt: skip
    return ReadTable(
        rows=rows,
        missing=tuple(row.id for row in going_on if row.id not in told),
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _check_mark(sheets: Sequence[Sheet], report: Report) -> None:
    ours = mark_of(report)
    texts = (
        cell.value
        for sheet in sorted(sheets, key=lambda one: one.hidden)
        for row in sheet.rows[:ROWS_WITH_HEADING]
        for cell in row.cells.values()
        if isinstance(cell.value, str)
    )
    found = next((mark for text in texts if (mark := read_mark(text)) is not None), None)
    if found is None:
        raise FileRefusedError(
            f"Diese Datei ist nicht die Tabelle, die es hier zum Herunterladen gibt. {AGAIN}"
        )
    if found.month != ours.month:
        raise FileRefusedError(
            f"Das ist die Tabelle für {shown(found.month)}. Diese Meldung ist für "
            f"{shown(ours.month)}. {AGAIN}"
        )
    if found.provider_id != ours.provider_id:
        raise FileRefusedError(
            f"Das ist die Tabelle eines anderen Trägers. Diese Meldung ist von "
            f"{report.provider.name}. {AGAIN}"
        )
    if found != ours:
        raise FileRefusedError(
            f"Das ist die Tabelle für eine andere Liste. Diese Meldung ist für "
            f"{report.district.name}. {AGAIN}"
        )


def _table_in(sheets: Sequence[Sheet], tables: CodeTables) -> tuple[Sheet, _Columns]:
    """Return the visible sheet with the most known headings, and where they stand."""
    found = [
        (sheet, _columns_of(row, tables))
        for sheet in sheets
        if not sheet.hidden
        for row in sheet.rows[:ROWS_WITH_HEADING]
    ]
    best = max(found, key=lambda one: len(one[1].places), default=None)
    if best is None or len(best[1].places) < FEWEST:
        raise FileRefusedError(f"In der Datei fehlt die Zeile mit den Überschriften. {AGAIN}")
    if KEY_HEADING not in best[1].places:
        raise FileRefusedError(
            f"In der Tabelle fehlt die ausgeblendete Spalte „{KEY_HEADING}“. Ohne sie wissen wir "
            f"nicht, welche Zeile zu welchem Kurs gehört. {AGAIN}"
        )
    return best


def _columns_of(row: SheetRow, tables: CodeTables) -> _Columns:
    own = {key(one.heading): one.attribute for one in OWN_FIELDS}
    own |= {key(KEY_HEADING): KEY_HEADING, key(VERSION_HEADING): VERSION_HEADING}
    places: dict[str, int] = {}
    unknown = []
    for column, cell in sorted(row.cells.items()):
        text = line(cell.value) if isinstance(cell.value, str) else ""
        name = own.get(key(text)) or tables.headers.get(key(text), "")
        if name in places or not (name in own.values() or name in FIELD):
            unknown.extend([text] if text else [])
        elif name in own.values():  # Träger, Gruppe and the like are known and not asked
            places[name] = column
    return _Columns(row.number, places, tuple(unknown))


def _downloaded(sheets: Sequence[Sheet], tables: CodeTables) -> Mapping[str, Cells]:
    """Return what each course's cells said when the table was downloaded, by Kurs-ID."""
    kept = next((one for one in sheets if one.hidden and one.name == STATE_SHEET), None)
    if kept is None or not kept.rows:
        return {}
    places = dict(_columns_of(kept.rows[0], tables).places)
    key_column = places.pop(KEY_HEADING, 0)
    return {
        line(row.cells.get(key_column, Cell()).value or ""): {
            name: row.cells.get(column, Cell()).value for name, column in places.items()
        }
        for row in kept.rows[1:]
    }


class _TableReader:
    """Reads row by row, and knows which courses it has seen."""

    def __init__(
        self,
        report: Report,
        columns: _Columns,
        codes: Codes,
        ground: Ground,
        downloaded: Mapping[str, Cells],
    ) -> None:
        self.columns, self.codes, self.ground = columns, codes, ground
        self.month = report.month
        self.downloaded = downloaded
        self.courses = {row.course_id: row for row in report.courses}
        self.seen: set[str] = set()
        self.places = [
            (FIELD[name], column)
            for name, column in columns.places.items()
            if name not in {KEY_HEADING, VERSION_HEADING}
        ]

    def read(self, row: SheetRow) -> ReadRow | None:
        """Return what a row says; None for an empty row and for a known course left empty."""
        if not any(_is_filled(row.cells.get(column)) for _, column in self.places):
            return None
        course_id = line(self._cell(row, KEY_HEADING).value or "")
        course = self.courses.get(course_id)
        if not course_id or (course is not None and course_id in self.seen):
            return self._new(row, is_copy=bool(course_id))
        self.seen.add(course_id)
        if course is None:
            misread = Misread(f"Zeile {row.number}", "", course_id, UNKNOWN_KEY)
            title = self._title(row)
            return ReadRow(number=row.number, title=title, misread=(misread,), is_refused=True)
        return None if self._is_emptied(row, course) else self._known(row, course)

    def _cell(self, row: SheetRow, name: str) -> Cell:
        column = self.columns.places.get(name)
        return row.cells.get(column, Cell()) if column is not None else Cell()

    def _title(self, row: SheetRow) -> str:
        return line(self._cell(row, "title").value or "") or f"Zeile {row.number}"

    def _is_emptied(self, row: SheetRow, course: ReportedCourse) -> bool:
        """Whether somebody cleared a row, as people do where they cannot delete it."""
        free = [(one, column) for one, column in self.places if one.attribute not in FIXED]
        was_filled = any(getattr(course, one.attribute) is not None for one, _ in free)
        return was_filled and not any(_is_filled(row.cells.get(column)) for _, column in free)

    def _understood(
        self, row: SheetRow, before: Mapping[str, object], downloaded: Cells
    ) -> Understood:
        result = Understood()
        for one, column in self.places:
            cell = row.cells.get(column, Cell())
            is_left = one.attribute in downloaded and downloaded[one.attribute] == cell.value
            if not (is_left or as_it_was(one, before.get(one.attribute), cell, self.codes)):
                result.add(one, read_cell(one, cell, self.ground, self.codes, row.number, column))
        filled = {one.attribute for one, col in self.places if _is_filled(row.cells.get(col))}
        result.take_extras(filled)
        return result

    def _known(self, row: SheetRow, course: ReportedCourse) -> ReadRow:
        before = course.facts()
        understood = self._understood(row, before, self.downloaded.get(course.course_id, {}))
        for name in FIXED:
            if name in understood.values and not understood.values[name]:
                understood.miss(name, f"Zeile {row.number}", "", "Diese Angabe darf nicht fehlen.")
        version = self._cell(row, VERSION_HEADING).value
        read = ReadRow(
            number=row.number,
            title=course.title,
            row_id=course.id,
            is_stale=isinstance(version, int | float) and version != course.version,
        )
        return self._checked(read, before, understood)

    def _new(self, row: SheetRow, *, is_copy: bool) -> ReadRow:
        understood = self._understood(row, {}, {})
        values = understood.values
        course_type = self.codes.course_types.get(str(values.get("course_type")))
        if not values.get("title") and course_type is not None:
            values["title"] = course_type.label
            understood.notes["title"] = "aus der Kursart"
        if course_type is not None and not self._holds(course_type):
            month = shown(self.month)
            understood.notes["course_type"] = f"Diese Kursart wird für {month} nicht angeboten."
        if is_copy:
            understood.notes["title"] = "Kopie einer Zeile darüber: als neuer Kurs gelesen"
        missing = [name for name in FIXED if not values.get(name)]
        told = {one.attribute for one in understood.misread}
        for name in missing:
            if name not in told:
                understood.miss(name, f"Zeile {row.number}", "", "Diese Angabe fehlt.")
        read = ReadRow(number=row.number, title=self._title(row), is_refused=bool(missing))
        return self._checked(read, {}, understood)

    def _holds(self, course_type: CourseType) -> bool:
        return holds_in(self.month, course_type.valid_from, course_type.valid_until)

    def _checked(
        self, read: ReadRow, before: Mapping[str, object], understood: Understood
    ) -> ReadRow:
        """Complete a row and check it as a whole; a row that contradicts itself stays as it is."""
        changing = row_facts.completed(before, understood.values)
        notes = dict(understood.notes)
        if "seats_free" in changing.keys() - understood.values.keys():
            notes["seats_free"] = DERIVED
        misread = list(understood.misread)
        faults: list[RuleViolationError] = []
        if changing and not read.is_refused:
            faults = list(whole_faults({**before, **changing}, self.codes))
        for fault in faults:
            name = fault.field or ""
            told = typed_text(row_facts.in_words(self.codes, name, changing.get(name)))
            why = f"{message(fault)} {LEFT_AS_IT_IS}"
            misread.append(Misread(f"Zeile {read.number}", name, told, why))
        return replace(
            read,
            facts={} if faults or read.is_refused else changing,
            notes={name: text for name, text in notes.items() if name in changing},
            misread=tuple(misread),
            is_refused=read.is_refused or bool(faults),
        )


def _is_filled(cell: Cell | None) -> bool:
    return cell is not None and (cell.value is not None or cell.unknown)
