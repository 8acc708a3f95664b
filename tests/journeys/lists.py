"""The hand-kept lists of the journeys: a small one of our own, and a sample where it lies."""

import io
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

import openpyxl

SAMPLE = (
    Path(__file__).resolve().parents[2].parent
    / "shared"
    / "samples"
    / "liste-nordhausen-2026-11.xlsx"
)
EXPECTED = SAMPLE.with_name("liste-nordhausen-2026-11.expected.json")
HEAD = (
    "Kursnummer",
    "Träger",
    "Kursart",
    "Titel",
    "Niveau von",
    "Niveau bis",
    "Beginn",
    "Ende",
    "Tage",
    "Zeit von",
    "Zeit bis",
    "Straße",
    "PLZ",
    "Ort",
    "Plätze gesamt",
    "belegt",
    "BAMF-Kurskennung",
    "interne Notiz",
    "Bemerkung",
)
SILENT, REPORTING, ODD = "Sprachhof Salza e. V.", "Lernwerk Kornblume gGmbH", "Bund der Vorleser"
CANARIES = ("BK-KANARIE-1", "KANARIE-NOTIZ-2", "KANARIE-FRAGE-3", "KANARIE-PERSON-4")
"""Reference of the BAMF, internal note, text of a question, who confirmed: never public."""
TAKEN = 17
"""Seats taken that a provider reports; no other number of these lists is the same."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the own list."""

    number: str
    provider: str
    kind: str
    title: str
    start: object
    end: object
    seats: object = 20
    taken: object = 5
    levels: tuple[str, str] = ("A1", "B1")


LINES = (
    Line(
        number="K-101",
        provider=REPORTING,
        kind="Allgemeiner Integrationskurs",
        title="Integrationskurs am Vormittag",
        start=date(2027, 1, 11),
        end=date(2027, 9, 30),
    ),
    Line(
        number="K-102",
        provider=REPORTING,
        kind="Alphabetisierungskurs",
        title="Lesen und Schreiben lernen",
        start="08.02.2027",
        end="17.12.2027",
        seats=12,
        taken=12,
    ),
    Line(
        number="K-201",
        provider=SILENT,
        kind="Allgemeiner Integrationskurs",
        title="Integrationskurs am Abend",
        start=date(2026, 9, 7),
        end=date(2027, 6, 25),
        levels=("B1", "A1"),
    ),
    Line(
        number="K-301",
        provider=ODD,
        kind="Plauderrunde mit Kuchen",
        title="Sprechen am Nachmittag",
        start=date(2027, 3, 1),
        end=date(2027, 3, 1),
        seats="so um die zehn",
        taken=None,
    ),
)


def own_list() -> bytes:
    """Return the small list as an Excel file; two of its rows have to be mended."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Kurse"
    sheet.append(list(HEAD))
    for line in LINES:
        sheet.append(list(_cells(line)))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(line: Line) -> tuple[object, ...]:
    return (
        line.number,
        line.provider,
        line.kind,
        line.title,
        *line.levels,
        line.start,
        line.end,
        "Mo, Mi",
        time(8, 30),
        time(12, 0),
        "Fibelstr. 60",
        "99734",
        "Nordhausen",
        line.seats,
        line.taken,
        CANARIES[0],
        CANARIES[1],
        "bitte mit Anmeldung",
    )
