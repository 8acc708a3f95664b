"""The XML parts of a workbook, read as a stream of events; standard library only.

A cell far away costs nothing that way, and a document type stops the reading at once (F6 in
SECURITY.md, P7 in LIBRARIES.md).
"""

import math
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, Final
from xml.parsers import expat

MAX_ROW: Final = 100_000
MAX_COLUMN: Final = 256
MAX_MERGES: Final = 2000
MAX_TEXT: Final = 4000
MAX_LETTERS: Final = 1_000_000
MAX_STRINGS: Final = 200_000
LAST_SERIAL: Final = 200_000
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
DATE_FORMATS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))

Attributes = dict[str, str]


class StopReadingError(Exception):
    """The file cannot be taken; the argument is a short code for the parent."""


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
        self.letters = 0
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.merges: list[tuple[int, int, int, int]] = []
        self.far: list[str] = []
        self.row = 0
        self.cell: dict[str, Any] = {}
        self.formula: str | None = None
        self.stored: str | None = None
        self.inline: list[str] = []
        self.raised = False
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
        elif name in {"r", "vertAlign"}:
            self.raised = attributes.get("val") == "superscript"

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
        if len(corners) == 2 and len(self.merges) < MAX_MERGES:  # noqa: PLR2004
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
        self.formula, self.stored, self.inline, self.raised = None, None, [], False
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
            text = self.taken()
            self.inline.append(text.translate(RAISED) if self.raised else text)
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
            self.letters += len(value)
            if self.letters > MAX_LETTERS:
                raise StopReadingError("letters")
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
        if not stored.strip():
            return None
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
