"""Reads a workbook in a process of its own; of our code only its limits and ``workbook_xml``.

Started by ``sheet.py`` (SECURITY.md, rule 25): the bytes come on standard input, JSON goes to
standard output. Memory, processor time and files are limited first.
"""

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from kursliste.infrastructure.child_limits import limit
from kursliste.intake.workbook_xml import (
    MAX_COLUMN,
    MAX_LETTERS,
    Attributes,
    Elements,
    Grid,
    Reader,
    StopReadingError,
    Strings,
    Styles,
    clean,
    position,
)

MEMORY: Final = 512 << 20
SECONDS: Final = 10
MAX_SHEETS: Final = 60
MAX_DATA_ROWS: Final = 2000
MAX_CARRIED: Final = 200


class Book:
    """The parts of a workbook, each read once."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.names = frozenset(self.archive.namelist())
        for name in self.names:
            if name.endswith((".xml", ".rels")) and not name.startswith("xl/worksheets/sheet"):
                Reader().read(self.archive.read(name))
        self.letters = 0
        self.strings = Strings()
        self.styles = Styles()
        readers: dict[str, Reader] = {"sharedStrings": self.strings, "styles": self.styles}
        for kind, part in self.relations("xl/workbook.xml").values():
            if kind in readers and part in self.names:
                readers[kind].read(self.archive.read(part))

    def elements(self, part: str, *names: str) -> list[tuple[str, Attributes]]:
        """Return the named elements of a part; a part that is not there has none."""
        reader = Elements(*names)
        if part in self.names:
            reader.read(self.archive.read(part))
        return reader.found

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return what a part points to: id -> (kind, path inside of the archive)."""
        folder, _, file = part.rpartition("/")
        found = {}
        for _, given in self.elements(f"{folder}/_rels/{file}.rels", "Relationship"):
            if given.get("TargetMode") != "External":
                kind = given.get("Type", "").rpartition("/")[2]
                found[given.get("Id", "")] = (kind, resolved(folder, given.get("Target", "")))
        return found

    def sheets(self) -> Iterator[dict[str, Any]]:
        """Yield every worksheet in its order."""
        start = self.elements("xl/workbook.xml", "workbookPr", "sheet")
        old = any(n == "workbookPr" and a.get("date1904") in {"1", "true"} for n, a in start)
        epoch = datetime(1904, 1, 1) if old else datetime(1899, 12, 30)  # noqa: DTZ001
        targets = self.relations("xl/workbook.xml")
        for given in [a for n, a in start if n == "sheet"][:MAX_SHEETS]:
            identity = next((v for k, v in given.items() if k.rpartition(":")[2] == "id"), "")
            kind, path = targets.get(identity, ("", ""))
            if kind == "worksheet" and path in self.names:
                yield self.sheet(path, given, epoch)

    def sheet(self, path: str, given: Attributes, epoch: datetime) -> dict[str, Any]:
        """Return one sheet, ready for JSON."""
        grid = Grid(self.strings.found, self.styles, epoch)
        grid.read(self.archive.read(path))
        for kind, part in self.relations(path).values():
            if kind == "comments":
                note_comments(grid, self.elements(part, "comment"))
        carry_merges(grid)
        rows = [
            [number, number in grid.hidden_rows, sorted(cells.items())]
            for number, cells in sorted(grid.rows.items())
            if any("value" in cell or "unknown" in cell for cell in cells.values())
        ]
        self.letters += grid.letters
        if self.letters > MAX_LETTERS:
            raise StopReadingError("letters")
        if len(rows) > MAX_DATA_ROWS:
            raise StopReadingError("rows")
        return {
            "name": clean(given.get("name", ""))[0],
            "hidden": given.get("state", "visible") != "visible",
            "hidden_columns": sorted(grid.hidden_columns),
            "rows": rows,
            "far": grid.far[:3],
        }


def resolved(folder: str, target: str) -> str:
    """Return the path of a part that ``target`` names from inside ``folder``."""
    if target.startswith("/"):
        return target[1:]
    steps = folder.split("/")
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def note_comments(grid: Grid, comments: list[tuple[str, Attributes]]) -> None:
    """Mark the cells that carry a comment; its words stay unread, they are internal."""
    for _, given in comments:
        row, column = position(given.get("ref", "A1"))
        if row in grid.rows and column < MAX_COLUMN:
            grid.rows[row].setdefault(column, {})["noted"] = True


def carry_merges(grid: Grid) -> None:
    """Give the rows below the value of a range that was merged downwards."""
    for top, left, bottom, _right in grid.merges:
        first = grid.rows.get(top, {}).get(left)
        if first is None or "value" not in first:
            continue
        for row in range(top + 1, min(bottom, top + MAX_CARRIED) + 1):
            if row in grid.rows:
                kept = {name: first[name] for name in ("value", "fill") if name in first}
                grid.rows[row][left] = kept | {"carried": True}


def answer(data: bytes) -> dict[str, Any]:
    """Return the workbook as plain data, or a code why not."""
    try:
        book = Book(data)
        foreign = any(name.startswith("xl/externalLinks/") for name in book.names)
        return {"sheets": list(book.sheets()), "foreign": foreign}
    except StopReadingError as stop:
        return {"error": str(stop)}
    except (zipfile.BadZipFile, EOFError, KeyError, ValueError, OSError, OverflowError,
            NotImplementedError, RuntimeError) as error:  # fmt: skip
        return {"error": "damaged", "kind": type(error).__name__}


def main() -> None:
    """Answer one workbook."""
    limit(memory=MEMORY, seconds=SECONDS, open_files=32)
    sys.stdout.write(json.dumps(answer(sys.stdin.buffer.read())))
