"""The row writer: turns plain rows into the ``<row>`` elements of a worksheet, a chunk at a time.

openpyxl makes everything around the rows (``workbook``). The rows themselves are written here,
because an object per cell costs ten times the time and, for a whole country, gigabytes (SPEED.md,
decision 3). A chunk is converted column by column: what is true for a whole column of a chunk
(plain text, nothing to escape) is found with one search instead of one per cell.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import Enum, auto
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import escape

from kursliste.domain.course import Kind
from kursliste.domain.edition import Row
from kursliste.publishing.formats.text import LONGEST_CELL, clean

CHUNK: Final = 500
"""Rows converted together: bounds the memory, whatever the size of the list."""

EXCEL_EPOCH: Final = date(1899, 12, 30).toordinal()
MINUTES_A_DAY: Final = 1440
LINE_POINTS: Final = 12.9
PADDING_POINTS: Final = 3.0
HIGHEST_ROW: Final = 409.0
"""Excel's own limit for the height of a row, in points."""

HINTS: Final = ("&", "<", ">", "|=", "|+", "|-", "|@", "|'", "| ", " |", "_x")
"""What, in the texts of a column between bars, asks for care; a hint too many does no harm."""

ESCAPE_LIKE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
QUOTED: Final = tuple("=+-@\t\r\n'")
NUMBERS: Final = frozenset({int, float, Decimal, type(None)})


class CellKind(Enum):
    TEXT = auto()
    NUMBER = auto()
    DATE = auto()
    TIME = auto()


CELL_KINDS: Final = {
    Kind.DATE: CellKind.DATE,
    Kind.TIME: CellKind.TIME,
    Kind.INTEGER: CellKind.NUMBER,
    Kind.MONEY: CellKind.NUMBER,
}
"""Every other kind of value is text."""


@dataclass(frozen=True)
class CellStyle:
    """Numbers of the cell formats in the workbook; ``quoted`` carries Excel's own text mark."""

    plain: int
    quoted: int


@dataclass(frozen=True)
class SheetColumn:
    """How one attribute of the rows becomes cells.

    ``capacity`` is how many characters fit on a line (0: the column does not count for the height
    of a row). ``labels`` turns codes into words. ``blank`` stands where the value is unknown.
    ``struck`` is the format in rows that are struck through.
    """

    attribute: str
    letter: str
    kind: CellKind
    style: CellStyle
    struck: CellStyle
    capacity: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
    blank: str = ""


def row_elements(
    columns: Sequence[SheetColumn],
    rows: Sequence[Row],
    *,
    first_row: int,
    struck_status: str | None = None,
) -> Iterator[str]:
    """Yield the XML of ``rows`` from line ``first_row`` on, at most a chunk at once.

    Rows whose status is ``struck_status`` are struck through. Raises ValueError for text that no
    file may hold (``text.clean``).
    """
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        numbers = range(first_row + start, first_row + start + len(chunk))
        elements = _elements(columns, chunk, numbers, struck=False)
        struck = [
            index
            for index, row in enumerate(chunk)
            if struck_status is not None and row.get("status") == struck_status
        ]
        if struck:
            again = _elements(
                columns,
                [chunk[index] for index in struck],
                [numbers[index] for index in struck],
                struck=True,
            )
            for index, element in zip(struck, again, strict=True):
                elements[index] = element
        yield "".join(elements)


def _elements(
    columns: Sequence[SheetColumn], rows: Sequence[Row], numbers: Sequence[int], *, struck: bool
) -> list[str]:
    """Return one ``<row>`` per row, from one template for all of them.

    Each column says what is the same in all these rows, with NUL for the row number and ``%s`` for
    the value, and gives the values only.
    """
    lines = [1] * len(rows)
    pieces = ['<row r="\0" ht="%s" customHeight="1">']
    values: list[Sequence[object]] = [()]
    for column in columns:
        piece, of_rows = _cells(column, rows, numbers, lines, struck=struck)
        pieces.append(piece)
        if of_rows is not None:
            values.append(of_rows)
    heights = {count: _height(count) for count in set(lines)}
    values[0] = [heights[count] for count in lines]
    template = "".join(pieces) + "</row>"
    return [
        template.replace("\0", str(number)) % filled
        for number, filled in zip(numbers, zip(*values, strict=True), strict=True)
    ]


def _height(lines: int) -> str:
    return f"{min(HIGHEST_ROW, lines * LINE_POINTS + PADDING_POINTS):g}"


def _cells(
    column: SheetColumn,
    rows: Sequence[Row],
    numbers: Sequence[int],
    lines: list[int],
    *,
    struck: bool,
) -> tuple[str, Sequence[object] | None]:
    """Return the piece of the template for ``column`` and the values it needs."""
    name = column.attribute
    values = [row.get(name) for row in rows]
    style = column.struck if struck else column.style
    start = f'<c r="{column.letter}'
    nothing = f'" s="{style.plain}"/>'
    if column.blank:
        nothing = _text_after_number(style.plain, style.quoted, column.blank)
    if column.kind is CellKind.TEXT:
        texts = _texts(column, values)
        joined = f"|{'|'.join(texts)}|"
        longest = len(max(texts, key=len))
        if column.capacity and (longest > column.capacity or "\n" in joined):
            _count_lines(texts, column.capacity, lines)
        then, end = f'" s="{style.plain}" t="inlineStr"><is><t>', "</t></is></c>"
        if longest > LONGEST_CELL or _needs_care(joined):
            return "%s", [
                f"{start}{number}"
                + (_text_after_number(style.plain, style.quoted, text) if text else nothing)
                for number, text in zip(numbers, texts, strict=True)
            ]
        known: Sequence[object] = texts
    else:
        then, end = f'" s="{style.plain}"><v>', "</v></c>"
        known = _numbers(column.kind, values)
    return _piece(start, (then, end, nothing), known, numbers)


def _piece(
    start: str, parts: tuple[str, str, str], values: Sequence[object], numbers: Sequence[int]
) -> tuple[str, Sequence[object] | None]:
    """Return template and values for cells that need no care; None and "" are unknown."""
    then, end, nothing = parts
    if None not in values and "" not in values:
        return f"{start}\0{then}%s{end}", values
    if all(value is None or value == "" for value in values):
        return start + "\0" + nothing.replace("%", "%%"), None
    return "%s", [
        f"{start}{number}{nothing}"
        if value is None or value == ""
        else f"{start}{number}{then}{value}{end}"
        for number, value in zip(numbers, values, strict=True)
    ]


def _numbers(kind: CellKind, values: list[object]) -> Sequence[object]:
    if kind is CellKind.DATE:
        return [_serial(value) for value in values]
    if kind is CellKind.TIME:
        return [_part_of_day(value) for value in values]
    strange = set(map(type, values)) - NUMBERS
    if strange:
        msg = f"not a number: {', '.join(sorted(kind.__name__ for kind in strange))}"
        raise TypeError(msg)
    return values


@lru_cache(maxsize=2048)
def _serial(value: object) -> int | None:
    """Return a date as Excel counts it; anything else is a mistake of the caller."""
    if value is None:
        return None
    if not isinstance(value, date):
        msg = f"not a date: {value!r}"
        raise TypeError(msg)
    return value.toordinal() - EXCEL_EPOCH


@lru_cache(maxsize=2048)
def _part_of_day(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, time):
        msg = f"not a time: {value!r}"
        raise TypeError(msg)
    return repr((value.hour * 60 + value.minute) / MINUTES_A_DAY)


def _texts(column: SheetColumn, values: list[object]) -> list[str]:
    if column.labels:
        labels = column.labels
        return ["" if value is None else labels.get(str(value), str(value)) for value in values]
    return [
        value if isinstance(value, str) else "" if value is None else _joined(value)
        for value in values
    ]


def _joined(value: object) -> str:
    return ", ".join(value) if isinstance(value, (tuple, list)) else str(value)


def _needs_care(joined: str) -> bool:
    return (
        not joined.isprintable()
        or any(hint in joined for hint in HINTS)
        or not unicodedata.is_normalized("NFC", joined)
    )


@lru_cache(maxsize=4096)
def _text_after_number(plain: int, quoted: int, text: str) -> str:
    """Return a text cell from behind its row number on; a text is never a formula (rule 28)."""
    text = clean(text)
    number = quoted if text.startswith(QUOTED) else plain
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    # Excel reads _x000B_ as one control sign; the escaped underscore keeps typed text as typed.
    body = escape(ESCAPE_LIKE.sub("_x005F_", text))
    return f'" s="{number}" t="inlineStr"><is><t{space}>{body}</t></is></c>'


def _count_lines(texts: list[str], capacity: int, lines: list[int]) -> None:
    """Raise ``lines`` to what each of ``texts`` needs.

    Two lines one after the other hold more than ``capacity`` characters together, or the break
    between them would not be there; so most texts need not be broken to know that the row is high
    enough already.
    """
    for index, text in enumerate(texts):
        length = len(text)
        if "\n" in text or (length > capacity and 2 * length >= lines[index] * capacity):
            lines[index] = max(lines[index], lines_needed(text, capacity))


def lines_needed(text: str, capacity: int) -> int:
    """Return how many lines ``text`` takes when ``capacity`` characters fit on one.

    Excel does not grow rows by itself when a file is opened, so the height is written down. A word
    longer than a line is broken, as spreadsheet programs do.
    """
    if "\n" in text:
        return sum(lines_needed(part, capacity) for part in text.split("\n"))
    count, place, length = 1, 0, len(text)
    while length - place > capacity:
        blank = text.rfind(" ", place, place + capacity + 1)
        place = blank + 1 if blank >= place else place + capacity
        count += 1
    return count
