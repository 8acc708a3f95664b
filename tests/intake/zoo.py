"""A zoo of hostile files, each built by code: what an animal is, and what it is made of.

The animals live in ``zoo_archives`` (the zip around a workbook), ``zoo_sheets`` (its XML) and
``zoo_texts`` (what is no workbook at all). ``test_zoo`` feeds them.
"""

import io
import random
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from tests.intake.lists import HEAD, ROW

TITLE: Final = str(ROW[1])

DAMAGED: Final = "Die Datei ist unvollständig oder beschädigt."
BROKEN: Final = "Die Datei ist beschädigt: Ihr Inhalt"
TOO_LARGE: Final = "Die Datei ist entpackt viel zu groß"
TOO_MUCH: Final = "Die Datei enthält viel mehr, als eine Kursliste braucht"
PASSWORD: Final = "Die Datei ist mit einem Kennwort geschützt."
NOT_EXCEL: Final = "Das ist keine Excel-Datei."
MACROS: Final = "Die Datei enthält Makros."
DOCTYPE: Final = "Die Datei enthält eine Dokumenttyp-Angabe (DOCTYPE)."
NO_TABLE: Final = "In der Datei ist kein Blatt mit einer Kurstabelle zu erkennen."
NO_ROWS: Final = "Die Datei enthält keine Kurstabelle"
MANY_ROWS: Final = "Die Blätter haben zusammen mehr als"


@dataclass(frozen=True, kw_only=True)
class Animal:
    """One hostile file and how it ends.

    ``refused`` is the beginning of the German reason; where it is empty, ``titles`` are the courses
    that are read, and ``says`` stands in what the preview tells beside them.
    """

    name: str
    build: Callable[[], bytes]
    refused: str = ""
    titles: tuple[str, ...] = (TITLE,)
    says: str = ""
    file_name: str = "liste.xlsx"


ANIMALS: Final[list[Animal]] = []


def animal(
    refused: str = "", *, titles: tuple[str, ...] = (TITLE,), says: str = "",
    file_name: str = "liste.xlsx",
) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:  # fmt: skip
    """Take the function that builds a file into the zoo, under its own name."""

    def take(build: Callable[[], bytes]) -> Callable[[], bytes]:
        ANIMALS.append(
            Animal(name=build.__name__, build=build, refused=refused, titles=titles, says=says,
                   file_name=file_name)
        )  # fmt: skip
        return build

    return take


def column_name(column: int) -> str:
    """Return the letters of a column that counts from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell(reference: str, text: object) -> bytes:
    """Return a cell with text inside."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(str(text))}</t></is></c>'.encode()


def row(number: int, values: Iterable[object] = ROW) -> bytes:
    """Return a row of texts that begins in the first column."""
    cells = (cell(f"{column_name(at)}{number}", value) for at, value in enumerate(values))
    return b'<row r="%d">%b</row>' % (number, b"".join(cells))


GOOD: Final = row(1, HEAD) + row(2)


def sheet(rows: bytes = GOOD, *, before: bytes = b"", after: bytes = b"") -> bytes:
    """Return the XML of a sheet."""
    return (
        b"<worksheet>" + before + b"<sheetData>" + rows + b"</sheetData>" + after + b"</worksheet>"
    )


def relations(*given: tuple[str, str, str]) -> bytes:
    """Return a part of relations, each (id, kind, target)."""
    lines = "".join(
        f'<Relationship Id="{identity}" Type="http://x/relationships/{kind}" Target="{target}"/>'
        for identity, kind, target in given
    )
    return f"<Relationships>{lines}</Relationships>".encode()


def book(
    *sheets: bytes,
    styles: bytes = b"",
    strings: bytes = b"",
    more: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """Return the parts of a workbook; ``more`` are further parts or replace those made here."""
    names = range(1, len(sheets or (b"",)) + 1)
    listed = "".join(f'<sheet name="Kurse {n}" sheetId="{n}" r:id="s{n}"/>' for n in names)
    targets = [(f"s{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in names]
    targets += [("t", "sharedStrings", "sharedStrings.xml"), ("f", "styles", "styles.xml")]
    made = {
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.xml": f"<workbook><sheets>{listed}</sheets></workbook>".encode(),
        "xl/_rels/workbook.xml.rels": relations(*targets),
        "xl/styles.xml": b"<styleSheet>" + styles + b"</styleSheet>",
        "xl/sharedStrings.xml": b"<sst>" + strings + b"</sst>",
    }
    for number, body in enumerate(sheets or (sheet(),), start=1):
        made[f"xl/worksheets/sheet{number}.xml"] = body
    return made | dict(more or {})


def packed(parts: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return the archive; bytes without order keep its ratio below what is refused at once."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method, compresslevel=1) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
        if sum(map(len, parts.values())) > 1 << 20:
            noise = random.Random(1).randbytes(210_000)
            archive.writestr("xl/media/noise.png", noise, zipfile.ZIP_STORED)
    return file.getvalue()
