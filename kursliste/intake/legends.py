"""What a list explains about itself: short forms, footnotes, colours, towns, the day it is of."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kursliste.intake.cells import Sheet, SheetRow
from kursliste.intake.tables import CodeTables
from kursliste.intake.values.places import POSTCODE_TOWN
from kursliste.intake.values.reading import line, plain
from kursliste.intake.values.seats import status_alias

PAIR: Final = re.compile(
    r"(?:^|[,;:]\s{0,20}|\n)\s{0,20}([\w.\-/]{1,10}(?:\s[\w.]{1,4})?)\s*=\s*"
    r"(.+?)(?=\s{0,20}[,;]\s{0,20}[\w.\- /]{1,14}=|$|\n)"
)
FOOTNOTE: Final = re.compile(r"^(\*{1,3}|[¹²³⁴⁵⁶⁷⁸⁹]|†|\d\))\s*([^\d\s].+)$", re.DOTALL)
MARKS: Final = re.compile(r"(?<!\s)\s*(\*{1,3}|[¹²³⁴⁵⁶⁷⁸⁹]+|†|(?<=\s)\d\))$")
ORGANISATION: Final = re.compile(
    r"\b(?:gGmbH|GmbH|e\.\s?V\.|UG|AG|gUG|Volkshochschule|Kreisvolkshochschule|VHS|Akademie|"
    r"Bildungswerk|Bildungszentrum|Institut|Caritas|Diakonie|AWO|DRK|Verein)(?!\w)"
)
STANDORT: Final = re.compile(r"Standort\s+([A-ZÄÖÜ][\w/.\- ]+)$")


@dataclass(frozen=True, kw_only=True)
class SheetNotes:
    """Footnotes by mark, status by colour, and the town that the whole sheet is about."""

    footnotes: Mapping[str, str]
    colours: Mapping[str, str]
    town: str = ""


def sole_text(row: SheetRow) -> str:
    """Return the text of a row that says only one thing, else nothing."""
    values = {line(c.value) for c in row.cells.values() if c.value is not None and not c.carried}
    return plain(next(iter(values))) if len(values) == 1 else ""


def short_forms(sheets: Iterable[Sheet]) -> dict[str, str]:
    """Return the short forms that any visible sheet explains as „HBS = Haus der Bildung“."""
    found: dict[str, str] = {}
    for sheet in sheets:
        for row in sheet.rows:
            text = next((str(c.value) for c in row.cells.values() if c.value), "")
            if "=" in text and not text.startswith("="):
                for short, meaning in PAIR.findall(text):
                    found.setdefault(short.strip(), line(meaning))
    return found


def notes_on(
    sheet: Sheet, head: Sequence[SheetRow], towns: Iterable[str], tables: CodeTables
) -> SheetNotes:
    """Return what a sheet explains; ``head`` are its rows above the headings."""
    footnotes = {}
    for row in sheet.rows:
        match = FOOTNOTE.match(sole_text(row))
        if match:
            footnotes[match[1]] = line(match[2])
    named = (STANDORT.search(line(c.value)) for row in head for c in row.cells.values() if c.value)
    standort = next((match[1].strip() for match in named if match), "")
    return SheetNotes(
        footnotes=footnotes,
        colours=colours_in(head, tables),
        town=standort or (sheet.name if sheet.name in set(towns) else ""),
    )


def colours_in(head: Iterable[SheetRow], tables: CodeTables) -> dict[str, str]:
    """Return the status that a colour stands for, from a legend above the headings."""
    colours = {}
    for row in head:
        for cell in row.cells.values():
            alias = status_alias(line(cell.value), tables) if cell.fill and cell.value else None
            if alias is not None:
                colours[cell.fill] = alias.code
    return colours


def towns_in(sheets: Iterable[Sheet]) -> frozenset[str]:
    """Return the towns that stand behind a PLZ anywhere in the file."""
    texts = (c.value for s in sheets for row in s.rows for c in row.cells.values())
    return frozenset(
        match[2].strip(" ,;") for text in texts if isinstance(text, str)
        for match in POSTCODE_TOWN.finditer(plain(text))
    )  # fmt: skip


def split_mark(text: str, footnotes: Mapping[str, str]) -> tuple[str, str]:
    """Return a text without the footnote mark at its end, and the mark.

    An asterisk counts only if the sheet explains it; a raised digit always.
    """
    match = MARKS.search(text)
    if match is None or (match[1] not in footnotes and match[1][0] in "*†0123456789"):
        return text, ""
    return text[: match.start()], match[1]
