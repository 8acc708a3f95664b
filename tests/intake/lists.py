"""Small hand-kept lists for the tests, and the samples where they lie beside the repository."""

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from kursliste.domain.calendar import Month
from kursliste.intake.sheet import read_sheets
from kursliste.intake.tables import CodeTables
from kursliste.intake.understanding import Understanding, understand

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
TABLES = CodeTables.shipped()
NOVEMBER = Month(2026, 11)

HEAD = ("Träger", "Kurs", "Niveau", "Zeitraum", "Unterricht", "Adresse", "freie Plätze", "Info")
ROW = (
    "Lernhof Beispiel e. V.",
    "Allgemeiner Integrationskurs",
    "A1-B1",
    "07.09.2026 – 30.04.2027",
    "Mo–Fr 8.30–12.45 Uhr",
    "Wortweg 1, 02826 Görlitz",
    4,
    "mit Kinderbetreuung",
)


def workbook(
    rows: Iterable[Sequence[object]],
    *,
    title: str = "Kurse",
    merges: Iterable[str] = (),
    fills: Iterable[tuple[str, str]] = (),
    hidden_columns: Iterable[str] = (),
    comment: str | None = None,
    struck: str | None = None,
    more: Iterable[tuple[str, str, Sequence[Sequence[object]]]] = (),
) -> bytes:
    """Return an .xlsx; ``more`` are further sheets as (name, state, rows)."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cells in merges:
        sheet.merge_cells(cells)
    for cell, colour in fills:
        sheet[cell].fill = PatternFill("solid", fgColor=colour)
    for column in hidden_columns:
        sheet.column_dimensions[column].hidden = True
    for cell in filter(None, (comment,)):
        sheet[cell].comment = Comment("nur für uns", "wir")
    for cell in filter(None, (struck,)):
        sheet[cell].font = Font(strike=True)
    add_sheets(book, more)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def add_sheets(
    book: openpyxl.Workbook, more: Iterable[tuple[str, str, Sequence[Sequence[object]]]]
) -> None:
    """Add further sheets to a workbook."""
    for name, state, lines in more:
        other = book.create_sheet(name)
        other.sheet_state = state
        for row in lines:
            other.append(list(row))


def with_part(data: bytes, name: str, change) -> bytes:
    """Return a workbook in which one part was changed (or added, from nothing)."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for info in old.infolist():
            body = old.read(info.filename)
            new.writestr(info.filename, change(body) if info.filename == name else body)
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return file.getvalue()


def understood(data: bytes, name: str = "liste.xlsx", *, month: Month = NOVEMBER) -> Understanding:
    """Return what a file says."""
    return understand(read_sheets(data, name), tables=TABLES, month=month)


def sample(name: str) -> bytes:
    """Return one of the samples."""
    return (SAMPLES / name).read_bytes()


def answer_sheet(name: str) -> dict:
    """Return what a careful human reads in a sample."""
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))
