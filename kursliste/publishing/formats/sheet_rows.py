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
from itertools import groupby
from typing import Final
from xml.sax.saxutils import escape

from kursliste.domain.edition import Row
from kursliste.publishing.formats.text import clean

CHUNK: Final = 500
"""Rows converted together: bounds the memory, whatever the size of the list."""

EXCEL_EPOCH: Final = date(1899, 12, 30).toordinal()
MINUTES_A_DAY: Final = 1440
LINE_POINTS: Final = 13.5
PADDING_POINTS: Final = 3.0
HIGHEST_ROW: Final = 409.0
"""Excel's own limit for the height of a row, in points."""

NOT_PLAIN: Final = re.compile(r"[&<>]|(?:^|\|)[=+\-@' ]| (?:\||$)|_x")
"""Hints, in the texts of a column joined by ``|``, that they need care; too often is harmless."""

ESCAPE_LIKE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
QUOTED: Final = tuple("=+-@\t\r\n'")
NUMBERS: Final = frozenset({int, float, Decimal, type(None)})


class CellKind(Enum):
    TEXT = auto()
    NUMBER = auto()
    DATE = auto()
    TIME = auto()


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
        number = first_row + start
        chunk = rows[start : start + CHUNK]
        for struck, run in groupby(chunk, lambda row: _is_struck(row, struck_status)):
            same = list(run)
            yield _run(columns, same, number, struck=struck)
            number += len(same)


def _is_struck(row: Row, status: str | None) -> bool:
    return status is not None and row.get("status") == status


def _run(columns: Sequence[SheetColumn], rows: list[Row], first: int, *, struck: bool) -> str:
    numbers = range(first, first + len(rows))
    lines = [1] * len(rows)
    cells = [_cells(column, rows, numbers, lines, struck=struck) for column in columns]
    heights = {count: _height(count) for count in set(lines)}
    return "".join(
        f'<row r="{number}" ht="{heights[count]}" customHeight="1">{"".join(parts)}</row>'
        for number, count, parts in zip(numbers, lines, zip(*cells, strict=True), strict=True)
    )


def _height(lines: int) -> str:
    return f"{min(HIGHEST_ROW, lines * LINE_POINTS + PADDING_POINTS):g}"


def _cells(
    column: SheetColumn, rows: list[Row], numbers: range, lines: list[int], *, struck: bool
) -> list[str]:
    name = column.attribute
    values = [row.get(name) for row in rows]
    style = column.struck if struck else column.style
    start = f'<c r="{column.letter}'
    nothing = f'" s="{style.plain}"/>'
    if column.blank:
        nothing = _text_after_number(style, column.blank)
    if column.kind is CellKind.TEXT:
        texts = _texts(column, values)
        _count_lines(texts, column.capacity, lines)
        return _text_cells(start, nothing, style, numbers, texts)
    then, end = f'" s="{style.plain}"><v>', "</v></c>"
    return [
        f"{start}{number}{nothing}" if value is None else f"{start}{number}{then}{value}{end}"
        for number, value in zip(numbers, _numbers(column.kind, values), strict=True)
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


def _text_cells(
    start: str, nothing: str, style: CellStyle, numbers: range, texts: list[str]
) -> list[str]:
    joined = "|".join(texts)
    if _needs_care(joined):
        return [
            f"{start}{number}{_text_after_number(style, text) if text else nothing}"
            for number, text in zip(numbers, texts, strict=True)
        ]
    then, end = f'" s="{style.plain}" t="inlineStr"><is><t>', "</t></is></c>"
    return [
        f"{start}{number}{then}{text}{end}" if text else f"{start}{number}{nothing}"
        for number, text in zip(numbers, texts, strict=True)
    ]


def _needs_care(joined: str) -> bool:
    return (
        not joined.isprintable()
        or NOT_PLAIN.search(joined) is not None
        or not unicodedata.is_normalized("NFC", joined)
    )


@lru_cache(maxsize=4096)
def _text_after_number(style: CellStyle, text: str) -> str:
    """Return a text cell from behind its row number on; a text is never a formula (rule 28)."""
    text = clean(text)
    number = style.quoted if text.startswith(QUOTED) else style.plain
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    # Excel reads _x000B_ as one control sign; the escaped underscore keeps typed text as typed.
    body = escape(ESCAPE_LIKE.sub("_x005F_", text))
    return f'" s="{number}" t="inlineStr"><is><t{space}>{body}</t></is></c>'


def _count_lines(texts: list[str], capacity: int, lines: list[int]) -> None:
    if not capacity:
        return
    for index, text in enumerate(texts):
        if len(text) > capacity or "\n" in text:
            lines[index] = max(lines[index], lines_needed(text, capacity))


@lru_cache(maxsize=4096)
def lines_needed(text: str, capacity: int) -> int:
    """Return how many lines ``text`` takes when ``capacity`` characters fit on one.

    Excel does not grow rows by itself when a file is opened, so the height is written down.
    """
    return sum(_lines_of_paragraph(part, capacity) for part in text.split("\n"))


def _lines_of_paragraph(paragraph: str, capacity: int) -> int:
    count, used = 1, 0
    for word in paragraph.split(" "):
        if used and used + 1 + len(word) <= capacity:
            used += 1 + len(word)
            continue
        count += 1 if used else 0
        overflow = max(0, len(word) - 1) // capacity
        count += overflow
        used = len(word) - overflow * capacity
    return count
