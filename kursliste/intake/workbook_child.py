"""Reads a workbook in a process of its own; of our code only its limits and the workbook's parts.

Started by ``sheet.py`` (SECURITY.md, rule 25): the bytes come on standard input, JSON goes to
standard output. Memory, processor time and files are limited first. They are the last resort: a
file that asks for too much is refused by what it holds, and with a reason (G8).
"""

import io
import json
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from kursliste.infrastructure.child_limits import limit
from kursliste.intake.parts import beginning_of, part_of
from kursliste.intake.workbook_grid import Grid, Room, says_something
from kursliste.intake.workbook_xml import (
    MAX_WORK,
    Attributes,
    Budget,
    Elements,
    Reader,
    StopReadingError,
    Strings,
    Styles,
    clean,
    look_for_doctype,
)

MEMORY: Final = 512 << 20
SECONDS: Final = 10
MAX_READ: Final = 32 << 20
"""Bytes of all parts together, as often as they are read."""

MAX_SHEETS: Final = 60
MAX_DATA_ROWS: Final = 2000
MAX_ALL_ROWS: Final = 3000
"""Of all visible sheets together."""

MAX_CELLS: Final = 120_000
MAX_LETTERS: Final = 1_000_000
MAX_ANSWER: Final = 16 << 20
LONGEST_NAME: Final = 100
LONGEST_TARGET: Final = 1000
PROLOGUE: Final = 64 * 1024


class Book:
    """The parts of a workbook, each read once."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.names = frozenset(self.archive.namelist())
        self.work = Budget(MAX_WORK, "much")
        self.bytes_left = Budget(MAX_READ, "much")
        self.rows_left = Budget(MAX_ALL_ROWS, "all_rows")
        self.room = Room(cells=MAX_CELLS, letters=MAX_LETTERS)
        self.parts_read: set[str] = set()
        self.strings = Strings(self.work)
        self.styles = Styles(self.work)
        readers: dict[str, Reader] = {"sharedStrings": self.strings, "styles": self.styles}
        for kind, part in self.targets.values():
            reader = readers.pop(kind, None)
            if reader is not None and part in self.names:
                reader.read(self.part(part))

    @cached_property
    def targets(self) -> Mapping[str, tuple[str, str]]:
        """What the workbook points to."""
        return self.relations("xl/workbook.xml")

    def part(self, name: str) -> bytes:
        """Return the bytes of a part."""
        self.bytes_left.spend(self.archive.getinfo(name).file_size)
        self.parts_read.add(name)
        return part_of(self.archive, name)

    def elements(self, part: str, *names: str) -> list[tuple[str, Attributes]]:
        """Return the named elements of a part; a part that is not there has none."""
        reader = Elements(self.work, *names)
        if part in self.names:
            reader.read(self.part(part))
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
        """Yield every worksheet in its order; sheets of charts hold no rows."""
        start = self.elements("xl/workbook.xml", "workbookPr", "sheet")
        old = any(n == "workbookPr" and a.get("date1904") in {"1", "true"} for n, a in start)
        epoch = datetime(1904, 1, 1) if old else datetime(1899, 12, 30)  # noqa: DTZ001
        listed = [given for name, given in start if name == "sheet"]
        if len(listed) > MAX_SHEETS:
            raise StopReadingError("sheets")
        names: set[str] = set()
        for given in listed:
            identity = next((v for k, v in given.items() if k.rpartition(":")[2] == "id"), "")
            kind, path = self.targets.get(identity, ("", ""))
            name = clean(given.get("name", ""))[0][:LONGEST_NAME]
            missing = not kind or (kind == "worksheet" and path not in self.names)
            if missing or path in self.parts_read or name.casefold() in names:
                raise StopReadingError("damaged")
            names.add(name.casefold())
            if kind == "worksheet":
                yield self.sheet(
                    path, name, epoch, hidden=given.get("state", "visible") != "visible"
                )

    def sheet(self, path: str, name: str, epoch: datetime, *, hidden: bool) -> dict[str, Any]:
        """Return one sheet, ready for JSON."""
        grid = Grid(self.work, self.room, strings=self.strings, styles=self.styles, epoch=epoch)
        grid.read(self.part(path))
        for kind, part in self.relations(path).values():
            if kind == "comments":
                grid.note_comments(self.elements(part, "comment"))
        grid.carry_merges()
        rows = []
        for number, cells in sorted(grid.rows.items()):
            telling = sum(map(says_something, cells.values()))
            if telling:
                self.room.cells.spend(len(cells) - telling)
                line = [packed(*cell) for cell in sorted(cells.items())]
                rows.append([number, number in grid.hidden_rows, line])
        if len(rows) > MAX_DATA_ROWS:
            raise StopReadingError("rows")
        self.rows_left.spend(0 if hidden else len(rows))
        return {
            "name": name,
            "hidden": hidden,
            "hidden_columns": sorted(grid.hidden_columns),
            "rows": rows,
            "far": grid.far[:3],
            "more_far": len(grid.far[3:]),
        }

    def look_at_the_rest(self) -> None:
        """Refuse a document type in the parts that nobody reads too."""
        for name in self.names - self.parts_read:
            if name.endswith((".xml", ".rels")):
                look_for_doctype(beginning_of(self.archive, name, PROLOGUE))


def packed(column: int, cell: dict[str, Any]) -> list[Any]:
    """Return a cell as [column, value], with what else there is to say as a third."""
    value = cell.pop("value", None)
    return [column, value, cell] if cell else [column, value]


def resolved(folder: str, target: str) -> str:
    """Return the path of a part that ``target`` names from inside ``folder``."""
    if len(target) > LONGEST_TARGET:
        raise StopReadingError("damaged")
    if target.startswith("/"):
        return target[1:]
    steps = folder.split("/")
    for step in target.split("/"):
        if step == "..":
            del steps[-1:]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def answer(data: bytes) -> dict[str, Any]:
    """Return the workbook as plain data, or a code why not."""
    try:
        book = Book(data)
        foreign = any(name.startswith("xl/externalLinks/") for name in book.names)
        sheets = list(book.sheets())
        book.look_at_the_rest()
    except StopReadingError as stop:
        return {"error": str(stop)}
    except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, OSError,
            OverflowError, NotImplementedError, RuntimeError) as error:  # fmt: skip
        return {"error": "damaged", "kind": type(error).__name__}
    except MemoryError:
        return {"error": "much"}
    return {"sheets": sheets, "foreign": foreign}


def main() -> None:
    """Answer one workbook."""
    limit(memory=MEMORY, seconds=SECONDS, open_files=32)
    text = json.dumps(answer(sys.stdin.buffer.read()), separators=(",", ":"))
    sys.stdout.write(text if len(text) <= MAX_ANSWER else json.dumps({"error": "much"}))
