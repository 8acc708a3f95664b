"""The XML parts of a workbook, read as a stream of events; standard library only.

A cell far away costs nothing that way, and a document type stops the reading at once (F6 in
SECURITY.md, P7 in LIBRARIES.md). What is read is counted: a file that asks for more work than a
list can need is refused before it costs seconds (G8).
"""

import re
from typing import Final
from xml.parsers import expat

MAX_TEXT: Final = 4000
LONGEST_RAW: Final = 2 * MAX_TEXT
"""Letters that are looked at, for signs may be spelled out as _x0041_."""

MAX_WORK: Final = 500_000
"""Elements and attributes of all parts that are read: 100 000 cells, each with place and look."""

MAX_DEPTH: Final = 100
MAX_TOKEN: Final = 256 * 1024
"""Bytes of one tag or remark, and of what the parser is given at once."""

MAX_FORMATS: Final = 5000
LONGEST_FORMAT: Final = 255
"""Letters of a number format, as Excel allows."""

CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
HALVES: Final = re.compile("[\ud800-\udfff]")
ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
RAISED: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
DATE_FORMATS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))

Attributes = dict[str, str]


class StopReadingError(Exception):
    """The file cannot be taken; the argument is a short code for the parent."""


class Budget:
    """How much of something a file may still ask for; more of it raises StopReadingError."""

    def __init__(self, most: int, code: str) -> None:
        self.left, self.code = most, code

    def spend(self, count: int) -> None:
        """Take ``count`` away from what is left."""
        self.left -= count
        if self.left < 0:
            raise StopReadingError(self.code)


class Reader:
    """Receives the events of one XML part; subclasses look at what they need."""

    def __init__(self, work: Budget) -> None:
        self.work = work
        self.text: list[str] | None = None
        self.depth = 0

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

    def opened(self, name: str, attributes: Attributes) -> None:
        """Count an opening tag and pass it on."""
        self.work.spend(1 + len(attributes))
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise StopReadingError("much")
        self.start(name.rpartition(":")[2], attributes)

    def closed(self, name: str) -> None:
        """Pass a closing tag on."""
        self.depth -= 1
        self.end(name.rpartition(":")[2])

    def read(self, data: bytes) -> None:
        """Parse one part; a document type, broken XML or too much work raises StopReadingError."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse_doctype
        parser.StartElementHandler = self.opened
        parser.EndElementHandler = self.closed
        parser.CharacterDataHandler = self.characters
        try:
            for start in range(0, len(data), MAX_TOKEN):
                parser.Parse(data[start : start + MAX_TOKEN], False)  # noqa: FBT003  # by position
                if start + MAX_TOKEN - parser.CurrentByteIndex > MAX_TOKEN + MAX_TOKEN // 2:
                    raise StopReadingError("much")
            parser.Parse(b"", True)  # noqa: FBT003  # expat takes it by position only
        except (expat.ExpatError, LookupError) as error:  # the latter: an unknown encoding
            raise StopReadingError("xml") from error


def look_for_doctype(beginning: bytes) -> None:
    """Raise StopReadingError if a part that nobody reads begins with a document type."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(beginning, False)  # noqa: FBT003  # expat takes it by position only
    except (expat.ExpatError, LookupError):
        return


def refuse_doctype(*_given: object) -> None:
    """Stop: no workbook carries a document type."""
    raise StopReadingError("doctype")


class Elements(Reader):
    """Keeps the attributes of the elements with certain names, in their order."""

    def __init__(self, work: Budget, *names: str) -> None:
        super().__init__(work)
        self.wanted = frozenset(names)
        self.found: list[tuple[str, Attributes]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name in self.wanted:
            self.found.append((name, attributes))


class Strings(Reader):
    """The shared strings; raised digits are kept apart, because they are footnote marks."""

    def __init__(self, work: Budget) -> None:
        super().__init__(work)
        self.found: list[str] = []
        self.cleaned: dict[int, tuple[str, bool]] = {}
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
            self.found.append("".join(self.parts)[: LONGEST_RAW + 1])

    def at(self, index: int) -> tuple[str, bool]:
        """Return a text as :func:`clean` does, cleaned once however often cells use it."""
        if not 0 <= index < len(self.found):
            raise StopReadingError("damaged")
        known = self.cleaned.get(index)
        if known is None:
            known = self.cleaned[index] = clean(self.found[index])
        return known


class Styles(Reader):
    """Which cell formats show dates, which are filled and with what, which are struck out."""

    def __init__(self, work: Budget) -> None:
        super().__init__(work)
        self.dates: dict[int, bool] = dict.fromkeys(DATE_FORMATS, True)
        self.fills: list[str] = []
        self.struck: list[bool] = []
        self.formats: list[tuple[bool, str, bool]] = []
        self.path: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        self.path.append(name)
        if name == "numFmt":
            code = attributes.get("formatCode", "")[:LONGEST_FORMAT]
            number = int(attributes["numFmtId"])
            self.dates[number] = number in DATE_FORMATS or shows_date(code)
            if len(self.dates) > MAX_FORMATS:
                raise StopReadingError("much")
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
            self.dates.get(number, False),
            self.fills[fill] if 0 <= fill < len(self.fills) else "",
            self.struck[font] if 0 <= font < len(self.struck) else False,
        )


def colour(attributes: Attributes) -> str:
    """Return a fill colour as six hex digits, or a name for one from the theme."""
    if "rgb" in attributes:
        return attributes["rgb"][-6:].upper()
    if "theme" in attributes:
        return f"theme{attributes['theme'][:5]}{attributes.get('tint', '')[:5]}"
    return f"index{attributes['indexed'][:5]}" if "indexed" in attributes else ""


def shows_date(code: str) -> bool:
    """Return whether a number format shows a day or a time of day."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^\[\]]*\]|_.', "", code.lower())
    return bool(re.search(r"[dyhs]|mm", bare)) and "general" not in bare


def clean(text: str) -> tuple[str, bool]:
    """Return text without control characters, and whether there were any or it was too long."""
    bare = text.strip()
    plain = ESCAPED.sub(lambda match: chr(int(match[1], 16)), bare[:LONGEST_RAW])
    plain = plain.replace("\r\n", "\n").replace("\r", "\n")
    cleaned = bool(CONTROL.search(plain)) or max(len(plain), len(bare) // 2) > MAX_TEXT
    plain = HALVES.sub("", CONTROL.sub(" ", plain))
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


def column_name(column: int) -> str:
    """Return the letters of a column that counts from 0: C for 2."""
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters = chr(65 + letter) + letters
        column -= 1
    return letters
