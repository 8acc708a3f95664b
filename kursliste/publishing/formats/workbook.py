"""The workbook of an edition: openpyxl makes the frame, the row writer streams the rows into it.

The only module that knows openpyxl. The frame holds styles, headings, tables, print settings and
the small sheets; it is some kilobytes whatever the size of the list.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date
from typing import IO, Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.table import TableColumn as OfTable
from openpyxl.worksheet.worksheet import Worksheet

from kursliste.domain.course import Kind
from kursliste.domain.edition import Change, CodeWords, EditionHead, Row
from kursliste.domain.news import news_of
from kursliste.domain.provider_list import ProviderRow
from kursliste.publishing.formats import looks
from kursliste.publishing.formats.legend import Section, metadata, sections
from kursliste.publishing.formats.named_looks import HAIRLINE, name_looks
from kursliste.publishing.formats.package import StreamedSheet, assemble, links_in
from kursliste.publishing.formats.picture_part import PlacedPicture, placed
from kursliste.publishing.formats.planning_sheets import bar_sheet, seats_sheet
from kursliste.publishing.formats.sheet_rows import (
    CELL_KINDS,
    LINE_POINTS,
    PADDING_POINTS,
    QUOTED,
    CellKind,
    CellStyle,
    SheetColumn,
    lines_needed,
    row_elements,
)
from kursliste.publishing.formats.sheets import (
    FIRST_TABLE_ROW,
    Bars,
    TableColumn,
    TableSheet,
    changes_sheet,
    courses_sheet,
    news_sheet,
    providers_sheet,
)
from kursliste.publishing.formats.text import (
    changes_for,
    clean,
    note_above,
    publisher_line,
    stand_line,
    title_line,
)

HEADING_ROW: Final = FIRST_TABLE_ROW - 1
NOTE_ROW: Final = HEADING_ROW - 1
STRUCK_BY: Final = "status"


Formats = dict[tuple[str, bool], CellStyle]
"""The cell formats of the rows, by number format and whether they are struck through."""


def build(
    head: EditionHead,
    rows: Sequence[Row],
    *,
    providers: Sequence[ProviderRow],
    changes: Sequence[Change],
    words: CodeWords,
    internal: bool = False,
) -> bytes:
    """Return the ``.xlsx`` of an edition as INTERFACE.md describes it; equal input, equal bytes.

    Raises ValueError for text that no cell can hold.
    """
    out = io.BytesIO()
    write(out, head, rows, providers=providers, changes=changes, words=words, internal=internal)
    return out.getvalue()


def write(  # noqa: PLR0913 -- what build takes, and where to write
    target: IO[bytes],
    head: EditionHead,
    rows: Sequence[Row],
    *,
    providers: Sequence[ProviderRow],
    changes: Sequence[Change],
    words: CodeWords,
    internal: bool = False,
) -> None:
    """Write the workbook of :func:`build` to ``target``, holding a chunk of rows at a time."""
    courses = courses_sheet(head.layout, rows, words, note=note_above(head), internal=internal)
    tables = [courses, providers_sheet(providers, words)]
    if internal:
        tables.append(changes_sheet(changes, words))
        tables += [bar_sheet(head, courses.rows, words), seats_sheet(courses.rows, words)]
    else:
        news = news_of(changes_for(changes, internal=False), courses.rows)
        tables.append(news_sheet(news, words))
    book, streamed = _frame(head, tables, internal=internal)
    _legend_sheet(book, head, sections(courses.rows, words), internal=internal)
    _metadata_sheet(book, head, courses=len(courses.rows), internal=internal)
    _finish(target, book, streamed, head)


def build_providers(
    head: EditionHead, providers: Sequence[ProviderRow], words: CodeWords, *, note: str = ""
) -> bytes:
    """Return the ``.xlsx`` of a provider list: the sheet "Träger" with a note, and the metadata.

    ``head`` is that of the list, with the title of the provider list.
    """
    out = io.BytesIO()
    sheet = replace(providers_sheet(providers, words), note=note)
    book, streamed = _frame(head, [sheet], internal=False)
    _metadata_sheet(book, head, courses=sum(row.courses for row in providers), internal=False)
    _finish(out, book, streamed, head)
    return out.getvalue()


def _frame(
    head: EditionHead, tables: Iterable[TableSheet], *, internal: bool
) -> tuple[Workbook, list[StreamedSheet]]:
    """Return a book with the sheets of ``tables``, and the rows that come into them."""
    book = Workbook()
    book.remove(book.worksheets[0])
    name_looks(book)
    _describe(book, head, internal=internal)
    numbered = enumerate(tables, start=1)
    return book, [_table_sheet(book, n, one, head, internal=internal) for n, one in numbered]


def _finish(
    target: IO[bytes], book: Workbook, streamed: Sequence[StreamedSheet], head: EditionHead
) -> None:
    """Put the rows into the saved frame."""
    frame = io.BytesIO()
    book.save(frame)
    assemble(target, frame.getvalue(), streamed, made_at=head.published_at)


def _describe(book: Workbook, head: EditionHead, *, internal: bool) -> None:
    made_at = head.published_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    facts = book.properties
    facts.title = f"{title_line(head, internal=internal)}, Ausgabe {head.name}"
    facts.subject = stand_line(head)
    facts.creator = "kursliste"
    facts.lastModifiedBy = "kursliste"
    facts.language = "de-DE"
    facts.created = facts.modified = made_at
    book.calculation = CalcProperties(fullCalcOnLoad=False)


def _table_sheet(
    book: Workbook, number: int, table: TableSheet, head: EditionHead, *, internal: bool
) -> StreamedSheet:
    sheet = book.create_sheet(table.title)
    last = get_column_letter(len(table.columns))
    _widths(sheet, table)
    _lines_above(sheet, table, head, internal=internal)
    logo = placed(head, table, internal=internal) if number == 1 else None
    if logo is not None and logo.is_above:
        _make_room(sheet, logo)
    _headings(sheet, table)
    _add_table(sheet, table, f"A{HEADING_ROW}:{last}{table.last_row}")
    if table.bars:
        _colour_bars(sheet, table.bars, table.last_row)
    sheet.freeze_panes = f"{get_column_letter(table.frozen + 1)}{FIRST_TABLE_ROW}"
    _page(sheet, head, internal=internal)
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.print_area = f"A1:{get_column_letter(table.printed)}{table.last_row}"
    made: Formats = {}
    columns = [
        _sheet_column(sheet, index, column, made)
        for index, column in enumerate(table.columns, start=1)
    ]
    return StreamedSheet(
        number=number,
        extent=f"A1:{last}{table.last_row}",
        rows=lambda: row_elements(
            columns, table.rows, first_row=FIRST_TABLE_ROW, struck_status=table.struck_status
        ),
        links=_links(table),
        picture=logo,
    )


def _links(table: TableSheet) -> list[tuple[str, str]]:
    for index, column in enumerate(table.columns, start=1):
        if column.kind is Kind.LINK:
            values = (row.get(column.attribute) for row in table.rows)
            return links_in(get_column_letter(index), values, first_row=FIRST_TABLE_ROW)
    return []


def _widths(sheet: Worksheet, table: TableSheet) -> None:
    for index, column in enumerate(table.columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.width = column.width
        dimension.hidden = column.hidden


def _lines_above(sheet: Worksheet, table: TableSheet, head: EditionHead, *, internal: bool) -> None:
    _text_cell(sheet, 1, 1, title_line(head, internal=internal), looks.TITLE)
    _text_cell(sheet, 2, 1, stand_line(head), looks.STAND)
    _text_cell(sheet, 3, 1, publisher_line(head), looks.PUBLISHER)
    sheet.row_dimensions[1].height = looks.TITLE_POINTS
    if table.note:
        _text_cell(sheet, NOTE_ROW, 1, table.note, looks.NOTE)
        _merge_over_print(sheet, table)


def _make_room(sheet: Worksheet, logo: PlacedPicture) -> None:
    """Let the title stand below the logo."""
    sheet.row_dimensions[1].height = looks.TITLE_POINTS + logo.height
    sheet["A1"].alignment = Alignment(vertical="bottom")


def _merge_over_print(sheet: Worksheet, table: TableSheet) -> None:
    """Let a long note run over the printed width and as many lines as it needs."""
    sheet.merge_cells(
        start_row=NOTE_ROW, end_row=NOTE_ROW, start_column=1, end_column=table.printed
    )
    width = sum(column.width for column in table.columns[: table.printed])
    lines = lines_needed(clean(table.note), max(1, int(width * 0.9)))
    sheet.row_dimensions[NOTE_ROW].height = lines * looks.TEXT_LINE_POINTS + PADDING_POINTS


def _text_cell(sheet: Worksheet, row: int, column: int, text: str, look: looks.Look) -> None:
    """Write text that stays text, whatever it begins with (SECURITY.md rule 28)."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101 -- a merged cell cannot be at a fresh place
    cell.style = look.name
    cell.value = clean(text)
    cell.data_type = "s"
    if text.startswith(QUOTED):
        cell.quotePrefix = True


def _headings(sheet: Worksheet, table: TableSheet) -> None:
    lines = 1
    for index, column in enumerate(table.columns, start=1):
        look = looks.HEADING_CENTRED if column.kind in looks.FORMATS else looks.HEADING
        _text_cell(sheet, HEADING_ROW, index, column.heading, look)
        lines = max(lines, lines_needed(column.heading, column.width))
    # One line more than the words need: the filter buttons sit at the bottom on screen.
    sheet.row_dimensions[HEADING_ROW].height = (lines + 1) * LINE_POINTS


def _add_table(sheet: Worksheet, table: TableSheet, reference: str) -> None:
    item = Table(displayName=table.table, name=table.table, ref=reference)
    item.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    item.autoFilter = AutoFilter(ref=reference)
    # Named here, or openpyxl makes a cell for every place of the table to read the headings.
    item.tableColumns = [
        OfTable(id=number, name=column.heading)
        for number, column in enumerate(table.columns, start=1)
    ]
    sheet.add_table(item)


def _colour_bars(sheet: Worksheet, bars: Bars, last_row: int) -> None:
    """Colour the filled cells; whoever writes a word into a cell, colours it too."""
    first = get_column_letter(bars.first)
    place = f"{first}{FIRST_TABLE_ROW}"
    area = f"{place}:{get_column_letter(bars.last)}{last_row}"
    expected = f'{place}="{bars.expected}"'
    for formula, colour in ((expected, looks.BAR_EXPECTED), (f"LEN({place})>0", looks.BAR_COLOUR)):
        fill = PatternFill("solid", bgColor=colour)
        style = DifferentialStyle(fill=fill)
        rule = Rule("expression", dxf=style, formula=[formula], stopIfTrue=True)
        sheet.conditional_formatting.add(area, rule)


def _page(sheet: Worksheet, head: EditionHead, *, internal: bool) -> None:
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = looks.A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_view.showGridLines = False
    margins = sheet.page_margins
    margins.left = margins.right = looks.PAGE_MARGIN
    margins.top = margins.bottom = looks.HEADER_MARGIN
    margins.header = margins.footer = looks.PAGE_MARGIN
    sheet.HeaderFooter = HeaderFooter(
        oddHeader=_page_line(
            title_line(head, internal=internal), f"Ausgabe {head.name}, Stand {head.stand:%d.%m.%Y}"
        ),
        oddFooter=_page_line(head.publisher, looks.PAGE_NUMBER),
    )


def _page_line(left: str, right: str) -> HeaderFooterItem:
    line = HeaderFooterItem()
    line.left.text = looks.on_page(left)
    line.right.text = right if right == looks.PAGE_NUMBER else looks.on_page(right)
    return line


def _sheet_column(sheet: Worksheet, index: int, column: TableColumn, made: Formats) -> SheetColumn:
    kind = CELL_KINDS.get(column.kind, CellKind.TEXT)
    wraps = kind is CellKind.TEXT and not column.hidden
    return SheetColumn(
        attribute=column.attribute,
        letter=get_column_letter(index),
        kind=kind,
        style=_style(sheet, column.kind, made, struck=False),
        # The word that says why stays readable in a row that is struck through.
        struck=_style(sheet, column.kind, made, struck=column.attribute != STRUCK_BY),
        capacity=looks.capacity(column.width) if wraps else 0,
        labels=column.labels or {},
        blank=column.blank,
    )


def _style(sheet: Worksheet, kind: Kind, made: Formats, *, struck: bool) -> CellStyle:
    """Return the cell format for values of ``kind``; each is made once per workbook."""
    number_format = looks.FORMATS.get(kind, looks.TEXT_FORMAT)
    if (number_format, struck) not in made:
        plain, quoted = (
            _format_number(sheet, number_format, struck=struck, quoted=mark)
            for mark in (False, True)
        )
        made[number_format, struck] = CellStyle(plain, quoted)
    return made[number_format, struck]


def _format_number(sheet: Worksheet, number_format: str, *, struck: bool, quoted: bool) -> int:
    cell = Cell(sheet, row=1, column=1)  # carries the format; it is not part of the sheet
    cell.font = Font(name=looks.FONT, size=looks.BODY_SIZE, strike=struck, color=looks.INK)
    cell.border = Border(bottom=HAIRLINE)
    cell.alignment = Alignment(
        horizontal="left" if number_format == looks.TEXT_FORMAT else "center",
        vertical="top",
        wrap_text=True,
    )
    cell.number_format = number_format
    cell.quotePrefix = quoted
    return int(cell.style_id)


def _legend_sheet(
    book: Workbook, head: EditionHead, parts: Iterable[Section], *, internal: bool
) -> None:
    sheet = book.create_sheet("Legende")
    row = _title(sheet, "Legende", head, internal=internal)
    for section in parts:
        _text_cell(sheet, row, 1, section.heading, looks.SECTION)
        row = _pairs(sheet, row + 1, section.entries) + 1


def _metadata_sheet(book: Workbook, head: EditionHead, *, courses: int, internal: bool) -> None:
    sheet = book.create_sheet("Metadaten")
    row = _title(sheet, "Metadaten", head, internal=internal)
    _pairs(sheet, row, metadata(head, courses=courses, internal=internal))


def _title(sheet: Worksheet, title: str, head: EditionHead, *, internal: bool) -> int:
    _page(sheet, head, internal=internal)
    sheet.page_setup.orientation = "portrait"
    sheet.column_dimensions["A"].width = looks.NAME_WIDTH
    sheet.column_dimensions["B"].width = looks.VALUE_WIDTH
    _text_cell(sheet, 1, 1, title, looks.TITLE)
    _text_cell(sheet, 2, 1, stand_line(head), looks.STAND)
    sheet.row_dimensions[1].height = looks.TITLE_POINTS
    return 4


def _pairs(sheet: Worksheet, row: int, pairs: Iterable[tuple[str, str | int | date]]) -> int:
    """Write names and values below each other; return the first line that is still free."""
    for name, value in pairs:
        _text_cell(sheet, row, 1, name, looks.NAME)
        if isinstance(value, str):
            _text_cell(sheet, row, 2, value, looks.VALUE)
        else:
            cell = sheet.cell(row, 2, value)
            cell.style = looks.VALUE.name
            kind = Kind.DATE if isinstance(value, date) else Kind.INTEGER
            cell.number_format = looks.FORMATS[kind]
        words = ((name, looks.NAME_WIDTH), (str(value), looks.VALUE_WIDTH))
        lines = max(lines_needed(text, width) for text, width in words)
        sheet.row_dimensions[row].height = lines * looks.TEXT_LINE_POINTS + PADDING_POINTS
        row += 1
    return row
