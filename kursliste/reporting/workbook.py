"""Writes the Excel table of a report: prefilled, with choices, and only what may change unlocked.

No password: the protection keeps a slip from happening and nobody from anything. What comes back
is read as a stranger's file (``round_trip``).
"""

import io
import re
from collections.abc import Sequence
from copy import copy
from decimal import Decimal
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from kursliste.domain.course import MONTHLY_FIELDS, CourseStatus, Field, Kind
from kursliste.infrastructure.codes import Codes
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting.sheet_layout import (
    COLUMNS,
    FIXED,
    KEY_HEADING,
    STATE_SHEET,
    VERSION_HEADING,
    Written,
    mark_of,
    options,
    written,
)
from kursliste.web.labels import shown

FIRST_ROW: Final = 5
HEADING_ROW: Final = 4
BAND_ROW: Final = 3
FIRST_COLUMN: Final = 3
NEW_ROWS: Final = 20
FONT: Final = "Calibri"
PLAIN, DEEP, PALE, GREY = "FF000000", "FF1F3864", "FFFFF2CC", "FFE7E6E6"
QUOTED: Final = tuple("=+-@\t\r\n'")
FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
ESCAPE_LIKE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
FORMATS: Final = {
    Kind.DATE: "DD.MM.YYYY",
    Kind.TIME: "HH:MM",
    Kind.INTEGER: "0",
    Kind.MONEY: "#,##0.00",
}
WIDTHS: Final = {
    Kind.DATE: 12,
    Kind.TIME: 9,
    Kind.INTEGER: 10,
    Kind.MONEY: 11,
    Kind.NOTE: 40,
    Kind.LINK: 30,
    Kind.MAIL: 30,
    Kind.WORDS: 26,
}
OWN_WIDTHS: Final = {"title": 34, "course_type": 34, "status": 28, "postcode": 8, "weekdays": 18}
NARROW_CHOICE: Final = 16
TEXT_WIDTH: Final = 20
BANDS: Final = ("Kurs (fest)", "JEDEN MONAT PRÜFEN", "NUR ÄNDERN, WAS NEU IST")
HINT: Final = (
    "Prüfen Sie die Spalten unter „JEDEN MONAT PRÜFEN“. Neue Kurse schreiben Sie in die leeren "
    "Zeilen unter Ihren Kursen. Laden Sie die Datei dann bei Ihrer Meldung wieder hoch."
)
HELP: Final = (
    "Prüfen Sie bei jedem Kurs die Spalten unter „JEDEN MONAT PRÜFEN“ und ändern Sie, was neu ist.",
    "Alle anderen Spalten ändern Sie nur, wenn nötig; ein leeres Feld heißt: nicht bekannt.",
    "Endet ein Kurs, wählen Sie „beendet“ als Status; ein neuer Kurs kommt in eine leere Zeile.",
    "Laden Sie die Datei bei Ihrer Meldung hoch: Sie prüfen dann jede Änderung vor dem Speichern.",
    "Die Tabelle gilt für diesen Monat und diesen Träger; nächsten Monat gibt es eine neue.",
)
LINE: Final = Side(style="thin", color="FFBFBFBF")
STYLE: Final = "_style"
"""Where openpyxl keeps the numbers of a cell's look; its stubs do not name it."""
PLAIN_FONT: Final = Font(name=FONT, size=11, color=PLAIN)

Looks = dict[tuple[Kind, bool, bool, bool], StyleArray]
"""How cells look, by kind, asked each month, fixed, quoted: a cell takes the look of an earlier
one, because putting a look together costs more than everything else."""


def build_workbook(report: Report, codes: Codes) -> bytes:
    """Return the .xlsx file of a report: a row for each course that goes on, then empty rows."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Kurse"
    rows = [row for row in report.courses if row.status is not CourseStatus.ENDED]
    last_row = FIRST_ROW + len(rows) + NEW_ROWS - 1
    _head(sheet, report)
    looks: Looks = {}
    for index, row in enumerate(rows, start=FIRST_ROW):
        _course(sheet, index, row, codes, looks)
    for index in range(FIRST_ROW + len(rows), last_row + 1):
        _course(sheet, index, None, codes, looks)
    _help(book.create_sheet("Hilfe"), report)
    lists = book.create_sheet("Listen")
    _write(lists, 1, 1, str(mark_of(report)))
    offered = codes.offered(report.month, *(row.course_type for row in rows))
    _choices(book, sheet, lists, offered, last_row)
    lists.sheet_state = "hidden"
    _state(book.create_sheet(STATE_SHEET), rows, codes)
    _frame(sheet)
    book.properties.creator = book.properties.lastModifiedBy = "kursliste"
    book.properties.title = f"Meldung für {shown(report.month)}"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _write(sheet: Worksheet, row: int, column: int, value: Written) -> Cell:
    """Write a value that people read."""
    cell = _store(sheet, row, column, value)
    cell.font = PLAIN_FONT
    return cell


def _store(sheet: Worksheet, row: int, column: int, value: Written) -> Cell:
    """Write a value; text stays text, whatever it begins with (SECURITY.md rule 28)."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101 -- merged only after everything is written
    if isinstance(value, str):
        cell.value = FORBIDDEN.sub("", ESCAPE_LIKE.sub("_x005F_", value))
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(QUOTED)
    else:
        cell.value = float(value) if isinstance(value, Decimal) else value
    return cell


def _head(sheet: Worksheet, report: Report) -> None:
    _write(sheet, 1, 1, str(mark_of(report)))
    title = f"Meldung für {shown(report.month)}: {report.provider.name}"
    _write(sheet, 1, FIRST_COLUMN, title).font = Font(name=FONT, size=16, bold=True, color=DEEP)
    _write(sheet, 2, FIRST_COLUMN, HINT)
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 24, 20
    sheet.row_dimensions[HEADING_ROW].height = 34
    headings = (KEY_HEADING, VERSION_HEADING, *(field.heading for field in COLUMNS))
    for column, heading in enumerate(headings, start=1):
        cell = _write(sheet, HEADING_ROW, column, heading)
        is_monthly = column >= FIRST_COLUMN and _is_monthly(COLUMNS[column - FIRST_COLUMN])
        cell.font = Font(name=FONT, size=11, bold=True, color=PLAIN)
        cell.fill = PatternFill("solid", fgColor=PALE if is_monthly else GREY)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.border = Border(bottom=Side(style="medium", color=DEEP), right=LINE)
    _bands(sheet)


def _is_monthly(field: Field) -> bool:
    return field.attribute in MONTHLY_FIELDS


def _bands(sheet: Worksheet) -> None:
    """Say in words above the headings what is asked each month; colour only repeats it."""
    first = FIRST_COLUMN + 1
    last = first + len(MONTHLY_FIELDS) - 1
    for column, text in zip((FIRST_COLUMN, first, last + 1), BANDS, strict=True):
        cell = _write(sheet, BAND_ROW, column, text)
        cell.font = Font(name=FONT, size=11, bold=True, color=DEEP)
        is_monthly = column == first
        cell.fill = PatternFill("solid", fgColor=PALE if is_monthly else "FFFFFFFF")
        cell.alignment = Alignment(horizontal="center" if is_monthly else "left")
    sheet.merge_cells(start_row=BAND_ROW, end_row=BAND_ROW, start_column=first, end_column=last)


def _course(
    sheet: Worksheet, index: int, row: ReportedCourse | None, codes: Codes, looks: Looks
) -> None:
    if row is not None:
        _write(sheet, index, 1, row.course_id)
        _write(sheet, index, 2, row.version)
    for column, field in enumerate(COLUMNS, start=FIRST_COLUMN):
        value = written(field, getattr(row, field.attribute), codes) if row is not None else None
        cell = _store(sheet, index, column, value)
        is_fixed = row is not None and field.attribute in FIXED
        look = (field.kind, _is_monthly(field), is_fixed, bool(cell.quotePrefix))
        if look not in looks:
            _dress(cell, field, is_fixed=is_fixed)
            looks[look] = getattr(cell, STYLE)
        setattr(cell, STYLE, copy(looks[look]))


def _dress(cell: Cell, field: Field, *, is_fixed: bool) -> None:
    cell.font = PLAIN_FONT
    cell.number_format = FORMATS.get(field.kind, "@")
    cell.alignment = Alignment(
        wrap_text=True,
        vertical="top",
        horizontal="center" if field.kind in FORMATS else "left",
    )
    cell.border = Border(bottom=LINE, right=LINE)
    cell.protection = Protection(locked=is_fixed)
    if is_fixed or _is_monthly(field):
        cell.fill = PatternFill("solid", fgColor=GREY if is_fixed else PALE)


def _choices(
    book: Workbook, sheet: Worksheet, lists: Worksheet, codes: Codes, last_row: int
) -> None:
    place = 2
    for column, field in enumerate(COLUMNS, start=FIRST_COLUMN):
        labels = [label for _, label in options(field, codes)]
        check = _check(field)
        if labels:
            _list(book, lists, place, field, labels)
            place += 1
            check = DataValidation(type="list", formula1=_name(field), allow_blank=True)
            check.error = "Wählen Sie einen Eintrag aus der Liste."
        if check is None:
            continue
        check.errorTitle = field.heading
        check.showErrorMessage = True
        letter = get_column_letter(column)
        check.add(f"{letter}{FIRST_ROW}:{letter}{last_row}")
        sheet.add_data_validation(check)


def _state(sheet: Worksheet, rows: Sequence[ReportedCourse], codes: Codes) -> None:
    """Keep what was written, so that only what the person changed is taken as a change."""
    for column, heading in enumerate((KEY_HEADING, *(one.heading for one in COLUMNS)), start=1):
        _store(sheet, 1, column, heading)
    for index, row in enumerate(rows, start=2):
        _store(sheet, index, 1, row.course_id)
        for column, field in enumerate(COLUMNS, start=2):
            value = written(field, getattr(row, field.attribute), codes)
            if value is not None:
                _store(sheet, index, column, value).number_format = FORMATS.get(field.kind, "@")
    sheet.sheet_state = "hidden"


def _name(field: Field) -> str:
    return f"Auswahl_{field.attribute}"


def _list(
    book: Workbook, lists: Worksheet, column: int, field: Field, labels: Sequence[str]
) -> None:
    _store(lists, 1, column, field.heading)
    for row, label in enumerate(labels, start=2):
        _store(lists, row, column, label)
    letter = get_column_letter(column)
    reference = f"Listen!${letter}$2:${letter}${len(labels) + 1}"
    book.defined_names[_name(field)] = DefinedName(_name(field), attr_text=reference)


def _check(field: Field) -> DataValidation | None:
    match field.kind:
        case Kind.INTEGER:
            check = DataValidation(type="whole", operator="between", allow_blank=True)
            check.formula1, check.formula2 = str(field.low), str(field.high)
            check.error = f"Möglich sind ganze Zahlen von {field.low} bis {field.high}."
        case Kind.MONEY:
            check = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0")
            check.error = "Schreiben Sie nur den Betrag in Euro, zum Beispiel 229,00."
        case Kind.DATE:
            check = DataValidation(type="date", operator="greaterThan", formula1="36526")
            check.error = "Schreiben Sie das Datum so: 15.01.2027."
        case Kind.TIME:
            check = DataValidation(type="time", operator="between", formula1="0")
            check.formula2 = "0.99999"
            check.error = "Schreiben Sie die Uhrzeit so: 08:30."
        case _:
            return None
    check.allow_blank = True
    return check


def _help(sheet: Worksheet, report: Report) -> None:
    sheet.column_dimensions["A"].width = 100
    sheet.sheet_view.showGridLines = False
    title = _write(sheet, 1, 1, f"So geht es: Meldung für {shown(report.month)}")
    title.font = Font(name=FONT, size=16, bold=True, color=DEEP)
    for row, sentence in enumerate(HELP, start=3):
        cell = _write(sheet, row, 1, f"{row - 2}. {sentence}")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 34
    sheet.protection.sheet = True


def _frame(sheet: Worksheet) -> None:
    for letter in "AB":
        sheet.column_dimensions[letter].hidden = True
    for column, field in enumerate(COLUMNS, start=FIRST_COLUMN):
        usual = NARROW_CHOICE if field.kind is Kind.CHOICE else TEXT_WIDTH
        width = OWN_WIDTHS.get(field.attribute, WIDTHS.get(field.kind, usual))
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"{get_column_letter(FIRST_COLUMN + 1)}{FIRST_ROW}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.print_title_cols = "C:C"
    protection = sheet.protection
    protection.sheet = True
    # In this library True means forbidden: looking, sorting and widening stay possible.
    protection.formatColumns = protection.formatRows = protection.formatCells = False
    protection.sort = protection.autoFilter = False
