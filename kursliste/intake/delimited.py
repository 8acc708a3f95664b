"""Text lists: which encoding, which separator, which cells."""

import csv
import io
import re
from collections.abc import Iterator
from typing import Final

from kursliste.intake.cells import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    FileRefusedError,
    Sheet,
    SheetRow,
)

CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SNIFFED: Final = 20_000
MAX_TEXT: Final = 4_000
MAX_MARKS: Final = 10_000
EURO_IN_LATIN: Final = 0xA4
UNUSED_IN_CP1252: Final = frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def read_delimited(data: bytes, *, remark: str = "") -> Sheet:
    """Return the one sheet of a CSV or TSV file; it is called ``csv``.

    Rows count as a spreadsheet shows them: a cell with line breaks is still one row.
    """
    text = decoded(data)
    mark = separator(text)
    rows: list[SheetRow] = []
    cells_seen = 0
    try:
        lines = Lines(text, mark)
        for number, values in enumerate(csv.reader(lines, delimiter=mark), start=1):
            lines.marks = 0
            filled = [(column, value) for column, value in enumerate(values) if value.strip()]
            cells_seen += len(filled)
            check_size(len(rows) + bool(filled), len(values), cells_seen)
            if filled:
                cells = {column: cell_of(value) for column, value in filled}
                rows.append(SheetRow(number=number, cells=cells))
    except csv.Error as error:
        raise FileRefusedError(
            "Die Textdatei lässt sich nicht in Spalten zerlegen. Öffnen Sie sie in Excel und "
            "speichern Sie sie als .xlsx."
        ) from error
    return Sheet(name="csv", rows=tuple(rows), remarks=(remark,) if remark else ())


class Lines(Iterator[str]):
    """The lines of a text; ``marks`` counts the separators of the row that is being read.

    A row is refused before it is split into a million fields; separators may stand inside of
    quoted text, and so many more are allowed than columns.
    """

    def __init__(self, text: str, mark: str) -> None:
        self.lines = io.StringIO(text, newline="")
        self.mark, self.marks = mark, 0

    def __next__(self) -> str:
        """Return the next line; raise FileRefusedError where a row has far too many fields."""
        found = next(self.lines)
        self.marks += found.count(self.mark)
        if self.marks > MAX_MARKS:
            check_size(0, self.marks + 1, 0)
        return found


def check_size(rows: int, columns: int, cells: int) -> None:
    """Raise FileRefusedError when a list has more rows, columns or cells than any real one."""
    if rows > MAX_ROWS:
        raise FileRefusedError(
            f"Die Datei hat mehr als {MAX_ROWS} Zeilen. Teilen Sie sie auf, zum Beispiel nach "
            "Orten, und laden Sie die Teile einzeln hoch."
        )
    if columns > MAX_COLUMNS * 4:
        raise FileRefusedError(
            f"Die Datei hat {columns} Spalten. Löschen Sie die Spalten, die keine Angaben zu "
            "Kursen enthalten, und laden Sie sie noch einmal hoch."
        )
    if cells > MAX_CELLS:
        raise FileRefusedError(
            f"Die Datei hat mehr als {MAX_CELLS} ausgefüllte Felder. Löschen Sie die Spalten, die "
            "keine Angaben zu Kursen enthalten, und laden Sie sie noch einmal hoch."
        )


def cell_of(value: str) -> Cell:
    """Return a text cell without control characters."""
    plain = CONTROL.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n"))
    return Cell(value=plain.strip()[:MAX_TEXT], cleaned=bool(CONTROL.search(value)))


def decoded(data: bytes) -> str:
    """Return the text of a file, by its mark or by what its bytes allow.

    A file that is no UTF-8 is Windows-1252, unless it uses bytes that only ISO-8859-15 gives a
    meaning (its euro sign, or bytes without a letter in Windows-1252).
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"),
                           (b"\xfe\xff", "utf-16")):  # fmt: skip
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    head = data[:SNIFFED]
    if head[1::2].count(0) > len(head) // 4:
        return data.decode("utf-16-le", errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        latin = EURO_IN_LATIN in data or any(byte in UNUSED_IN_CP1252 for byte in data)
        return data.decode("iso-8859-15" if latin else "cp1252", errors="replace")


def separator(text: str) -> str:
    """Return the separator that splits the lines of ``text`` most often and evenly."""
    lines = [line for line in text[:SNIFFED].splitlines() if line.strip()]

    def weight(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines]
        return sum(count > 1 for count in counts), sum(counts)

    return max((";", "\t", ",", "|"), key=weight)
