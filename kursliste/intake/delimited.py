"""Text lists: which encoding, which separator, which cells."""

import csv
import io
import re
from typing import Final

from kursliste.intake.cells import MAX_COLUMNS, MAX_ROWS, Cell, FileRefusedError, Sheet, SheetRow

CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SNIFFED: Final = 20_000
MAX_TEXT: Final = 4_000
EURO_IN_LATIN: Final = 0xA4
UNUSED_IN_CP1252: Final = frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def read_delimited(data: bytes, *, remark: str = "") -> Sheet:
    """Return the one sheet of a CSV or TSV file; it is called ``csv``.

    Rows count as a spreadsheet shows them: a cell with line breaks is still one row.
    """
    text = decoded(data)
    rows: list[SheetRow] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text))
        for number, values in enumerate(reader, start=1):
            cells = {column: cell_of(value) for column, value in enumerate(values) if value.strip()}
            if cells:
                rows.append(SheetRow(number=number, cells=cells))
            check_size(len(rows), len(values))
    except csv.Error as error:
        raise FileRefusedError(
            "Die Textdatei lässt sich nicht in Spalten zerlegen. Öffnen Sie sie in Excel und "
            "speichern Sie sie als .xlsx."
        ) from error
    return Sheet(name="csv", rows=tuple(rows), remarks=(remark,) if remark else ())


def check_size(rows: int, columns: int) -> None:
    """Raise FileRefusedError when a list has more rows or columns than any real one."""
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
