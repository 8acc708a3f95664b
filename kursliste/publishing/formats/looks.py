"""How the workbook looks, as plain data: named looks, sizes, and what fits into a width."""

from dataclasses import dataclass
from typing import Final

from kursliste.domain.course import Kind
from kursliste.publishing.formats.text import clean

FONT: Final = "Calibri"
BODY_SIZE: Final = 10
INK: Final = "1F2937"
DEEP_BLUE: Final = "1F3864"
WHITE: Final = "FFFFFF"
LINE_COLOUR: Final = "8A94A6"
BAR_COLOUR: Final = "BDD7EE"
BAR_EXPECTED: Final = "FFE699"
"""Light enough for the words of a bar, which stand in INK on it (contrast 9 : 1 and more)."""

A4: Final = "9"
PAGE_MARGIN: Final = 0.28
"""Inches, 7 mm: what office printers still print."""
HEADER_MARGIN: Final = 0.55
"""Inches: room for the line above and below the table."""
PAGE_NUMBER: Final = "Seite &P von &N"
LONGEST_PAGE_LINE: Final = 80
"""Characters; the parts of a page's header share Excel's limit of 255."""

TITLE_POINTS: Final = 22
TEXT_LINE_POINTS: Final = 15
NAME_WIDTH: Final = 38
"""Characters of the first column of the small sheets; VALUE_WIDTH those of the second."""
VALUE_WIDTH: Final = 80

LETTER_PIXELS: Final = 6.1
"""A middling letter of BODY_SIZE at 96 dots per inch; rather wide, so that no line is lost."""
WIDTH_PIXELS: Final = 7
CELL_PADDING: Final = 5

TEXT_FORMAT: Final = "@"
FORMATS: Final = {
    Kind.DATE: "dd.mm.yyyy",
    Kind.TIME: "hh:mm",
    Kind.INTEGER: "0",
    Kind.MONEY: '#,##0.00\\ "€"',
}
"""Number formats; every other kind is text."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """A cell style with a name, to be changed in one place, also by those who get the file."""

    name: str
    size: int = 11
    bold: bool = False
    italic: bool = False
    colour: str = INK
    fill: str = ""
    across: str | None = None
    down: str = "center"
    wrap: bool = False
    underlined: bool = False


TITLE: Final = Look(name="Titel der Liste", size=16, bold=True, colour=DEEP_BLUE)
STAND: Final = Look(name="Stand", size=12, bold=True)
PUBLISHER: Final = Look(name="Herausgeber")
NOTE: Final = Look(name="Hinweiszeile", italic=True, wrap=True)
HEADING: Final = Look(
    name="Spaltenkopf", size=9, bold=True, colour=WHITE, fill=DEEP_BLUE, down="top", wrap=True
)
HEADING_CENTRED: Final = Look(
    name="Spaltenkopf mittig",
    size=9,
    bold=True,
    colour=WHITE,
    fill=DEEP_BLUE,
    across="center",
    down="top",
    wrap=True,
)
SECTION: Final = Look(name="Abschnitt", size=12, bold=True, colour=DEEP_BLUE)
NAME: Final = Look(name="Begriff", bold=True, down="top", wrap=True, underlined=True)
VALUE: Final = Look(name="Erklärung", across="left", down="top", wrap=True, underlined=True)
LOOKS: Final = (TITLE, STAND, PUBLISHER, NOTE, HEADING, HEADING_CENTRED, SECTION, NAME, VALUE)


def capacity(width: int) -> int:
    """Return how many letters of the body fit on one line of a column of ``width``."""
    return max(1, int((width * WIDTH_PIXELS - CELL_PADDING) / LETTER_PIXELS))


def on_page(text: str) -> str:
    """Return ``text`` for a page's header or footer, where ``&`` begins a command."""
    short = clean(text).replace("\n", " ")
    if len(short) > LONGEST_PAGE_LINE:
        short = short[: LONGEST_PAGE_LINE - 1] + "…"
    return short.replace("&", "&&")
