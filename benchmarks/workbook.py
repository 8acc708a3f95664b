"""The workbook beside openpyxl's write-only mode and beside zlib, on the same cells."""

import io
import statistics
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side

from benchmarks.measure import Figure, median_ratio, rounds_of
from kursliste.domain.calendar import Month
from kursliste.domain.columns import PUBLIC_COLUMNS
from kursliste.domain.course import FIELDS, Kind
from kursliste.domain.edition import CodeWords, EditionHead, Row
from kursliste.publishing.formats import workbook
from kursliste.publishing.formats.text import labels_of

SIZES: Final = {"small": (200, 2_000), "country": (200, 2_000, 80_000)}
TARGETS: Final = {200: 5.0, 2_000: 10.0, 80_000: 12.0}
ZLIB_TARGET: Final = 1.7
MEMORY_TARGET_MB: Final = 20.0
WORDS: Final = CodeWords(
    course_types={"IK-ALLG": "Allgemeiner Integrationskurs", "BSK-B2": "Berufssprachkurs B2"},
    levels={"A1": "A1", "B1": "B1", "B2": "B2"},
    statuses={"offen": "Anmeldung möglich", "voll": "ausgebucht", "abgesagt": "abgesagt"},
)
HEAD: Final = EditionHead(
    ags="14626",
    slug="goerlitz",
    district="Landkreis Görlitz",
    list_slug="sprachkurse",
    list_title="Deutsch- und Integrationskurse",
    month=Month(2026, 12),
    number=1,
    published_at=datetime(2026, 12, 1, 8, 0, tzinfo=UTC),
    responsible="Koordination",
    publisher="Landratsamt",
)


CHOICES: Final = {
    field.attribute: [choice.value for choice in field.choices]
    for field in FIELDS
    if field.kind is Kind.CHOICE and field.choices and not field.internal
}


def sample_rows(count: int) -> list[Row]:
    """Return ``count`` filled rows: 45 of the columns hold a value, texts differ row by row."""
    return [_sample_row(number) for number in range(count)]


def _sample_row(number: int) -> Row:
    day = date(2026, 9, 1) + timedelta(days=number % 300)
    integers = {
        column.attribute: number % 25 for column in PUBLIC_COLUMNS if column.kind is Kind.INTEGER
    }
    texts = {
        column.attribute: f"Angabe {number % 997} für {column.heading}"
        for column in PUBLIC_COLUMNS
        if column.kind in {Kind.TEXT, Kind.MAIL}
    }
    choices = {name: words[number % len(words)] for name, words in CHOICES.items()}
    return {
        **integers,
        **texts,
        **choices,
        "course_id": f"k{number:011d}",
        "course_type": "IK-ALLG" if number % 3 else "BSK-B2",
        "title": f"Integrationskurs & Alphabetisierung Nr. {number}",
        "level_from": "A1",
        "level_to": "B1",
        "status": "offen" if number % 40 else "abgesagt",
        "starts_on": day,
        "ends_on": day + timedelta(days=180),
        "confirmed_on": day if number % 9 else None,
        "weekdays": ("Mo", "Di", "Do"),
        "time_from": time(8, 30),
        "time_until": time(12, 45),
        "postcode": f"{number % 100_000:05d}",
        "price_eur": Decimal("120.50"),
        "audience": ("Frauen", "Eltern"),
        "admission": ("Berechtigungsschein", "Verpflichtung"),
        "contact_phone": f"+49 3581 {number % 10_000_000:07d}",
        "link": None,
        "public_note": None if number % 2 else f"Anmeldung nur persönlich, Zimmer {number % 90}.",
    }


def ours(rows: Sequence[Row]) -> bytes:
    """Return the workbook as the system makes it, all sheets included."""
    return workbook.build(HEAD, rows, providers=(), changes=(), words=WORDS)


def write_only(rows: Sequence[Row]) -> bytes:
    """Return the same cells, formats and row heights by openpyxl's write-only mode."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Kurse")
    sheet.append([column.heading for column in PUBLIC_COLUMNS])
    line = Border(bottom=Side(style="hair", color="8A94A6"))
    wrapped, font = Alignment(vertical="top", wrap_text=True), Font(name="Calibri", size=10)
    formats = {Kind.DATE: "dd.mm.yyyy", Kind.TIME: "hh:mm", Kind.MONEY: "#,##0.00"}
    labels = {column.attribute: labels_of(column.attribute, WORDS) for column in PUBLIC_COLUMNS}
    for row in rows:
        cells = []
        for column in PUBLIC_COLUMNS:
            value = row.get(column.attribute)
            if isinstance(value, tuple):
                value = ", ".join(value)
            value = labels[column.attribute].get(str(value), value)
            cell = WriteOnlyCell(sheet, value=value)  # type: ignore[arg-type]  # any cell value
            if isinstance(value, str):
                cell.data_type = "s"
            cell.font, cell.border, cell.alignment = font, line, wrapped
            cell.number_format = formats.get(column.kind, "@")
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_xml(package: bytes) -> bytes:
    """Return the XML of the sheet with the courses."""
    with zipfile.ZipFile(io.BytesIO(package)) as source:
        return source.read("xl/worksheets/sheet1.xml")


def deflated(xml: bytes) -> int:
    """Do what no writer can save: check sum and compression of the finished XML."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return zlib.crc32(xml) + len(packer.compress(xml)) + len(packer.flush())


def same_cells(rows: Sequence[Row]) -> bool:
    """Return whether both writers gave the same values, so that the comparison is fair."""
    first = load_workbook(io.BytesIO(ours(rows)))["Kurse"].iter_rows(min_row=6, values_only=True)
    other = load_workbook(io.BytesIO(write_only(rows)))["Kurse"]
    told = [tuple(_told(value) for value in line) for line in first]
    return told == [
        tuple(_told(value) for value in line)
        for line in other.iter_rows(min_row=2, values_only=True)
    ]


def _told(value: object) -> object:
    return None if value in {None, "nicht bestätigt"} else value


def measure(size: str) -> list[Figure]:
    """Return the figures of the workbook for ``small`` or ``country``."""
    assert same_cells(sample_rows(60)), "the two writers disagree; the figures would lie"
    figures: list[Figure] = []
    for count in SIZES[size]:
        figures += _one_size(count)
        figures.append(_memory(count))
    return figures


def _one_size(count: int) -> list[Figure]:
    rows = sample_rows(count)
    xml = sheet_xml(ours(rows))
    spent = rounds_of(
        {
            "ours": lambda: ours(rows),
            "openpyxl": lambda: write_only(rows),
            "zlib": lambda: deflated(xml),
        },
        rounds=5 if count <= max(SIZES["small"]) else 3,
    )
    mine = statistics.median(spent["ours"])
    return [
        Figure(
            name=f"Workbook, {count} rows",
            baseline="openpyxl write-only",
            ratio=median_ratio(spent["openpyxl"], spent["ours"]),
            target=TARGETS[count],
            at_least=True,
            ours_ms=mine,
            baseline_ms=statistics.median(spent["openpyxl"]),
        ),
        Figure(
            name=f"Workbook, {count} rows",
            baseline="zlib 6 + crc of its XML",
            ratio=median_ratio(spent["ours"], spent["zlib"]),
            target=ZLIB_TARGET if count == max(TARGETS) else float("inf"),
            at_least=False,
            ours_ms=mine,
            baseline_ms=statistics.median(spent["zlib"]),
        ),
    ]


MEMORY_PROGRAM: Final = """
import gc, pathlib, re, sys, tempfile
from benchmarks.workbook import HEAD, WORDS, sample_rows
from kursliste.publishing.formats import workbook

def resident(name):
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(name + r":\\s+(\\d+)", status)[1]) / 1024

workbook.build(HEAD, sample_rows(50), providers=(), changes=(), words=WORDS)
rows = sample_rows(int(sys.argv[1]))
gc.collect()
pathlib.Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
before = resident("VmRSS")
with tempfile.TemporaryFile() as out:
    workbook.write(out, HEAD, rows, providers=(), changes=(), words=WORDS)
print(resident("VmHWM") - before)
"""
"""Linux only, like the machines that the figures are taken on: the peak must be reset."""


def _memory(count: int) -> Figure:
    """Measure in a fresh process how much writing adds to the rows that are already there."""
    answer = subprocess.run(
        [sys.executable, "-c", MEMORY_PROGRAM, str(count)],
        check=True,
        capture_output=True,
        text=True,
    )
    grown = float(answer.stdout)
    return Figure(
        name=f"Workbook, {count} rows, memory",
        baseline="MB above the rows",
        ratio=grown,
        target=MEMORY_TARGET_MB,
        at_least=False,
        ours_ms=0.0,
        baseline_ms=0.0,
    )
