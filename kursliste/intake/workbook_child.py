"""Reads a workbook in a process of its own; standard library only, and nothing of ours.

Started by path (SECURITY.md, rule 25): the bytes come on standard input, JSON goes to standard
output. Memory, processor time and files are limited first. The XML is read as a stream of events,
so a cell far away costs nothing, and a document type stops the reading (F6, P7 in SECURITY.md and
LIBRARIES.md).
"""

import contextlib
import io
import json
import math
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any, Final
from xml.parsers import expat

MEMORY: Final = 512 << 20
SECONDS: Final = 10
MAX_SHEETS: Final = 60
MAX_ROW: Final = 100_000
MAX_COLUMN: Final = 256
MAX_DATA_ROWS: Final = 2000
MAX_TEXT: Final = 4000
MAX_STRINGS: Final = 200_000
MAX_CARRIED: Final = 200
LAST_SERIAL: Final = 200_000
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
DATE_FORMATS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))

Attributes = dict[str, str]


class StopReadingError(Exception):
    """The file cannot be taken; the argument is a short code for the parent."""


def limit() -> None:
    """Bound this process; a system without such limits is bounded by the parent's clock."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  # not on Windows

        for name, value in (
            ("RLIMIT_AS", MEMORY),
            ("RLIMIT_CPU", SECONDS),
            ("RLIMIT_FSIZE", 0),
            ("RLIMIT_NOFILE", 32),
            ("RLIMIT_CORE", 0),
        ):
            resource.setrlimit(getattr(resource, name), (value, value))


class Reader:
    """Receives the events of one XML part; subclasses look at what they need."""

    def __init__(self) -> None:
        self.text: list[str] | None = None

    def start(self, name: str, attributes: Attributes) -> None:
        """Look at an opening tag, its name without prefix."""

    def end(self, name: str) -> None:
        """Look at a closing tag."""

    def characters(self, data: str) -> None:
        """Collect text while a subclass listens."""
        if self.text is not None:
            self.text.append(data)

    def taken(self) -> str:
        """Return the collected text and stop listening."""
        text = "".join(self.text or ())
        self.text = None
        return text

    def read(self, data: bytes) -> None:
        """Parse one part; a document type or broken XML raises StopReadingError."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse_doctype
        parser.StartElementHandler = lambda name, given: self.start(name.rpartition(":")[2], given)
        parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        parser.CharacterDataHandler = self.characters
        try:
            parser.Parse(data, True)  # noqa: FBT003  # expat takes it by position only
        except expat.ExpatError as error:
            raise StopReadingError("xml") from error


def refuse_doctype(*_given: object) -> None:
    """Stop: no workbook carries a document type."""
    raise StopReadingError("doctype")


class Elements(Reader):
    """Keeps the attributes of the elements with certain names, in their order."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.wanted = frozenset(names)
        self.found: list[tuple[str, Attributes]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name in self.wanted:
            self.found.append((name, attributes))


class Strings(Reader):
    """The shared strings; raised digits are kept apart, because they are footnote marks."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.parts: list[str] = []
        self.raised = False
        self.spoken = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self.parts = []
        elif name == "r":
            self.raised = False
        elif name == "vertAlign":
            self.raised = attributes.get("val") == "superscript"
        elif name == "rPh":
            self.spoken = True
        elif name == "t" and not self.spoken:
            self.text = []

    def end(self, name: str) -> None:
        if name == "rPh":
            self.spoken = False
        elif name == "t" and self.text is not None:
            text = self.taken()
            self.parts.append(text.translate(RAISED) if self.raised else text)
        elif name == "si":
            self.raised = False
            self.found.append("".join(self.parts)[: MAX_TEXT * 2])
            if len(self.found) > MAX_STRINGS:
                raise StopReadingError("rows")


class Styles(Reader):
    """Which cell formats show dates, which are filled and with what, which are struck out."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[int, str] = {}
        self.fills: list[str] = []
        self.struck: list[bool] = []
        self.formats: list[tuple[bool, str, bool]] = []
        self.path: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        self.path.append(name)
        if name == "numFmt":
            self.codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "fill":
            self.fills.append("")
        elif name == "fgColor" and "fills" in self.path and self.fills:
            self.fills[-1] = colour(attributes)
        elif name == "font" and "fonts" in self.path:
            self.struck.append(False)
        elif name == "strike" and self.struck and "fonts" in self.path:
            self.struck[-1] = attributes.get("val", "1") not in {"0", "false"}
        elif name == "xf" and "cellXfs" in self.path:
            self.formats.append(self.format_of(attributes))

    def end(self, name: str) -> None:
        del name
        self.path.pop()

    def format_of(self, attributes: Attributes) -> tuple[bool, str, bool]:
        """Return (shows a date, colour, struck out) of a cell format."""
        number = int(attributes.get("numFmtId", "0"))
        fill = int(attributes.get("fillId", "0"))
        font = int(attributes.get("fontId", "0"))
        return (
            number in DATE_FORMATS or shows_date(self.codes.get(number, "")),
            self.fills[fill] if 0 <= fill < len(self.fills) else "",
            self.struck[font] if 0 <= font < len(self.struck) else False,
        )


def colour(attributes: Attributes) -> str:
    """Return a fill colour as six hex digits, or a name for one from the theme."""
    if "rgb" in attributes:
        return attributes["rgb"][-6:].upper()
    if "theme" in attributes:
        return f"theme{attributes['theme']}{attributes.get('tint', '')[:5]}"
    return f"index{attributes['indexed']}" if "indexed" in attributes else ""


def shows_date(code: str) -> bool:
    """Return whether a number format shows a day or a time of day."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.', "", code.lower())
    return bool(re.search(r"[dyhs]|mm", bare)) and "general" not in bare


class Grid(Reader):
    """The cells of one sheet."""

    def __init__(self, strings: list[str], styles: Styles, epoch: datetime) -> None:
        super().__init__()
        self.strings, self.styles, self.epoch = strings, styles, epoch
        self.rows: dict[int, dict[int, dict[str, Any]]] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.merges: list[tuple[int, int, int, int]] = []
        self.far: list[str] = []
        self.row = 0
        self.cell: dict[str, Any] = {}
        self.formula: str | None = None
        self.stored: str | None = None
        self.inline: list[str] = []
        self.starts: dict[str, Callable[[Attributes], None]] = {
            "row": self.start_row,
            "c": self.start_cell,
            "col": self.start_column,
            "mergeCell": self.start_merge,
        }

    def start(self, name: str, attributes: Attributes) -> None:
        known = self.starts.get(name)
        if known is not None:
            known(attributes)
        elif name in {"v", "f", "t"} and self.cell:
            self.text = []

    def start_row(self, attributes: Attributes) -> None:
        """Begin a row; rows may leave out their number."""
        self.row = int(attributes.get("r", self.row + 1))
        if attributes.get("hidden") in {"1", "true"}:
            self.hidden_rows.add(self.row)

    def start_column(self, attributes: Attributes) -> None:
        """Remember hidden columns."""
        if attributes.get("hidden") in {"1", "true"}:
            last = min(int(attributes["max"]), MAX_COLUMN)
            self.hidden_columns.update(range(int(attributes["min"]) - 1, last))

    def start_merge(self, attributes: Attributes) -> None:
        """Remember a merged range, bounded."""
        corners = [position(part) for part in attributes.get("ref", "").split(":")]
        if len(corners) == 2 and len(self.merges) < MAX_DATA_ROWS:  # noqa: PLR2004
            (top, left), (bottom, right) = corners
            self.merges.append((top, left, bottom, right))

    def start_cell(self, attributes: Attributes) -> None:
        """Begin a cell; one far outside of any list is only named."""
        reference = attributes.get("r", "")
        row, column = position(reference) if reference else (self.row, self.cell.get("column", 0))
        if row > MAX_ROW or column >= MAX_COLUMN:
            self.far.append(reference)
            self.cell = {}
            return
        self.row = row
        self.formula, self.stored, self.inline = None, None, []
        self.cell = {
            "column": column,
            "style": int(attributes.get("s", "0")),
            "type": attributes.get("t", "n"),
        }

    def end(self, name: str) -> None:
        if not self.cell:
            return
        if name == "f":
            self.formula = self.taken()
        elif name == "v":
            self.stored = self.taken()
        elif name == "t" and self.text is not None:
            self.inline.append(self.taken())
        elif name == "c":
            self.end_cell()

    def end_cell(self) -> None:
        """Keep a cell that has a value, a formula or a colour."""
        style = self.cell["style"]
        formats = self.styles.formats
        is_date, fill, struck = formats[style] if style < len(formats) else (False, "", False)
        value = self.value(is_date=is_date)
        kept: dict[str, Any] = {}
        if isinstance(value, str):
            value, cleaned = clean(value)
            kept |= {"cleaned": True} if cleaned else {}
        if value is not None and value != "":
            kept["value"] = value
        if fill:
            kept["fill"] = fill
        if self.formula is not None:
            kept |= {"unknown": True} if "value" not in kept else {}
            kept |= {"foreign": True} if re.search(r"\[\d+\]", self.formula) else {}
        if kept:
            kept |= {"struck": True} if struck else {}
            self.rows.setdefault(self.row, {})[self.cell["column"]] = kept

    def value(self, *, is_date: bool) -> Any:
        """Return the stored value as text, number, truth or a tagged date."""
        kind, stored = self.cell["type"], self.stored
        if kind == "inlineStr":
            return "".join(self.inline)
        if stored is None or kind == "e":
            return None
        if kind == "s":
            index = int(stored)
            return self.strings[index] if 0 <= index < len(self.strings) else None
        if kind == "b":
            return stored == "1"
        if kind == "d":
            return {"d": stored}
        return stored if kind == "str" else self.number(stored, is_date=is_date)

    def number(self, stored: str, *, is_date: bool) -> Any:
        """Return a number, or the moment that it counts to."""
        number = float(stored)
        if not math.isfinite(number):
            return None
        if is_date and 0 <= number < 1:
            seconds = min(round(number * 86_400), 86_399)
            return {"t": time(seconds // 3600, seconds // 60 % 60, seconds % 60).isoformat()}
        if is_date and 0 < number < LAST_SERIAL:
            return {"d": (self.epoch + timedelta(seconds=round(number * 86_400))).isoformat()}
        return int(number) if number.is_integer() else number


def clean(text: str) -> tuple[str, bool]:
    """Return text without control characters, and whether there were any."""
    plain = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    plain = plain.replace("\r\n", "\n").replace("\r", "\n")
    cleaned = bool(CONTROL.search(plain)) or len(plain) > MAX_TEXT
    plain = "".join(c for c in CONTROL.sub(" ", plain) if not "\ud800" <= c <= "\udfff")
    return plain.strip()[:MAX_TEXT], cleaned


def position(reference: str) -> tuple[int, int]:
    """Return (row from 1, column from 0) of a reference like ``B7``."""
    match = REFERENCE.fullmatch(reference.replace("$", ""))
    if match is None:
        raise StopReadingError("xml")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column - 1


class Book:
    """The parts of a workbook, each read once."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.names = frozenset(self.archive.namelist())
        for name in self.names:
            if name.endswith((".xml", ".rels")) and not name.startswith("xl/worksheets/sheet"):
                Reader().read(self.archive.read(name))
        self.strings = Strings()
        self.styles = Styles()
        for name, reader in (("sharedStrings", self.strings), ("styles", self.styles)):
            if f"xl/{name}.xml" in self.names:
                reader.read(self.archive.read(f"xl/{name}.xml"))

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


if __name__ == "__main__":
    limit()
    sys.stdout.write(json.dumps(answer(sys.stdin.buffer.read())))
