"""Turns the bytes of a file into sheets; a workbook is read in a process of its own."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from kursliste.intake import archive, workbook_child, workbook_grid
from kursliste.intake.cells import Cell, FileRefusedError, Scalar, Sheet, SheetRow
from kursliste.intake.delimited import read_delimited

__all__ = ["Cell", "FileRefusedError", "Sheet", "SheetRow", "read_sheets"]

SECONDS: Final = 15
CHILD: Final = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from kursliste.intake.workbook_child import main; main()"
)
DOCTYPE: Final = (
    "Die Datei enthält eine Dokumenttyp-Angabe (DOCTYPE). Das tut keine Excel-Datei. Öffnen Sie "
    "sie in Excel und speichern Sie sie neu."
)
BROKEN: Final = (
    "Die Datei ist beschädigt: Ihr Inhalt enthält ungültige Zeichen. Öffnen Sie sie in Excel, "
    "speichern Sie sie neu und laden Sie sie noch einmal hoch."
)
ROWS: Final = (
    f"Ein Blatt hat mehr als {workbook_child.MAX_DATA_ROWS} Zeilen. Teilen Sie die Liste auf, zum "
    "Beispiel nach Orten, und laden Sie die Teile einzeln hoch."
)
COPY: Final = "Kopieren Sie nur die Kursliste in eine neue Mappe und laden Sie diese hoch."
HEAVY: Final = "Die Datei lässt sich nicht mit vertretbarem Aufwand lesen. " + COPY
REASONS: Final = {
    "doctype": DOCTYPE,
    "xml": BROKEN,
    "rows": ROWS,
    "damaged": archive.DAMAGED,
    "much": "Die Datei enthält viel mehr, als eine Kursliste braucht (zum Beispiel Formate, Regeln "
    "oder Kommentare). " + COPY,
    "sheets": f"Die Mappe hat mehr als {workbook_child.MAX_SHEETS} Blätter. " + COPY,
    "all_rows": f"Die Blätter haben zusammen mehr als {workbook_child.MAX_ALL_ROWS} Zeilen. "
    "Löschen Sie alte Blätter oder blenden Sie sie aus, und laden Sie die Datei noch einmal hoch.",
    "cells": f"Die Mappe hat mehr als {workbook_child.MAX_CELLS} ausgefüllte Zellen. " + COPY,
    "letters": f"Die Mappe enthält mehr als {workbook_child.MAX_LETTERS} Buchstaben. " + COPY,
    "merges": f"Die Mappe hat mehr als {workbook_grid.MAX_MERGES} verbundene Bereiche. Heben Sie "
    "die Verbindungen auf und laden Sie die Datei noch einmal hoch.",
}


def read_sheets(data: bytes, filename: str) -> tuple[Sheet, ...]:
    """Return the sheets of a list file (.xlsx, .csv, .tsv), whatever its name says.

    Raises FileRefusedError, with a German sentence, for everything else.
    """
    archive.refuse_foreign_kinds(data)
    if archive.is_workbook(data):
        archive.check_workbook(data)
        return filled(read_workbook(data))
    archive.refuse_binary(data)
    remark = ""
    if filename.lower().endswith((".xlsx", ".xlsm", ".xls")):
        remark = "Die Datei heißt wie eine Excel-Datei, ist aber eine Textdatei (CSV)."
    return filled((read_delimited(data, remark=remark),))


def filled(sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
    """Return ``sheets``; raise FileRefusedError if none of them holds anything."""
    if any(sheet.rows for sheet in sheets):
        return sheets
    names = ", ".join(f"„{sheet.name}“" for sheet in sheets)
    raise FileRefusedError(
        f"Die Datei enthält keine Kurstabelle (leere Blätter: {names}). Wählen Sie die Datei mit "
        "der Kursliste aus. Wenn es keine Kurse gibt, melden Sie das ausdrücklich."
    )


def read_workbook(data: bytes) -> tuple[Sheet, ...]:
    """Return the sheets that the child process read."""
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", CHILD, root]
    try:
        done = subprocess.run(  # noqa: S603  # our own file, no shell, no words of a user
            command, input=data, capture_output=True, timeout=SECONDS, check=False, env={}
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else {}
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise FileRefusedError(HEAVY) from error
    if "sheets" not in answer:
        raise FileRefusedError(REASONS.get(answer.get("error", ""), HEAVY))
    foreign = ("Die Mappe verweist auf andere Dateien; sie wurden nicht geöffnet.",)
    remarks = foreign if answer["foreign"] else ()
    return tuple(sheet_of(sheet, remarks) for sheet in answer["sheets"])


def sheet_of(given: Mapping[str, Any], remarks: tuple[str, ...]) -> Sheet:
    """Return a sheet from the child's answer."""
    outside = "liegt weit außerhalb der Liste und wurde nicht gelesen."
    far = [f"Blatt „{given['name']}“: Die Zelle {cell} {outside}" for cell in given["far"]]
    if given["more_far"]:
        far.append(
            f"Blatt „{given['name']}“: Weitere {given['more_far']} Zellen liegen weit außerhalb "
            "der Liste und wurden nicht gelesen."
        )
    return Sheet(
        name=given["name"],
        hidden=given["hidden"],
        hidden_columns=frozenset(given["hidden_columns"]),
        rows=tuple(
            SheetRow(
                number=number,
                hidden=hidden,
                cells={column: cell_of(*cell) for column, *cell in cells},
            )
            for number, hidden, cells in given["rows"]
        ),
        remarks=(*remarks, *far),
    )


def cell_of(value: Any, flags: Mapping[str, Any] | None = None) -> Cell:
    """Return a cell from the child's answer: its value, and what else there is to say."""
    return Cell(value=scalar(value), **(flags or {}))


def scalar(value: Any) -> Scalar:
    """Return a plain value; days and times come tagged."""
    if not isinstance(value, dict):
        return value  # type: ignore[no-any-return]  # JSON: str, int, float, bool or None
    if "t" in value:
        return time.fromisoformat(value["t"])
    return moment(value["d"])


def moment(text: str) -> date | datetime | str:
    """Return a day, or a moment if it has a time of day; unreadable text stays text."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return at.date() if at.time() == time() else at
