"""The cells of one sheet, read within what the whole workbook may still ask for."""

import math
import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any, Final

from kursliste.intake.workbook_xml import (
    RAISED,
    Attributes,
    Budget,
    Reader,
    StopReadingError,
    Strings,
    Styles,
    clean,
    column_name,
    position,
)

MAX_ROW: Final = 100_000
MAX_COLUMN: Final = 256
MAX_MERGES: Final = 10_000
MAX_CARRIED: Final = 200
MAX_COLUMN_RANGES: Final = 16_384
"""As many as a sheet has columns."""

LAST_SERIAL: Final = 200_000
NO_DAY: Final = 60
"""The 29 February 1900 of Excel, which was none; the days before it count one too few."""

EXACT: Final = 1e15
LONGEST_NUMBER: Final = 400
DAY_S: Final = 86_400
KNOWN_MERGE: Final = 2


class Room:
    """What all sheets of a workbook may still fill: cells, and letters in them."""

    def __init__(self, *, cells: int, letters: int) -> None:
        self.cells = Budget(cells, "cells")
        self.letters = Budget(letters, "letters")


class Grid(Reader):
    """The cells of one sheet."""

    def __init__(
        self, work: Budget, room: Room, *, strings: Strings, styles: Styles, epoch: datetime
    ) -> None:
        super().__init__(work)
        self.room, self.strings, self.styles, self.epoch = room, strings, styles, epoch
        self.rows: dict[int, dict[int, dict[str, Any]]] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.column_ranges = Budget(MAX_COLUMN_RANGES, "much")
        self.merges: list[tuple[int, int, int]] = []
        self.far: list[str] = []
        self.row = 0
        self.column = -1
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
        """Begin a row; rows may leave out their number, and then count on."""
        self.row = int(attributes.get("r", self.row + 1))
        self.column = -1
        if self.row < 1:
            raise StopReadingError("damaged")
        if attributes.get("hidden") in {"1", "true"}:
            self.hidden_rows.add(self.row)

    def start_column(self, attributes: Attributes) -> None:
        """Remember hidden columns."""
        self.column_ranges.spend(1)
        if attributes.get("hidden") in {"1", "true"}:
            first, last = max(int(attributes["min"]), 1), min(int(attributes["max"]), MAX_COLUMN)
            self.hidden_columns.update(range(first - 1, last))

    def start_merge(self, attributes: Attributes) -> None:
        """Remember a range that is merged downwards; to the right nothing is carried."""
        corners = [position(part) for part in attributes.get("ref", "").split(":", 2)]
        if len(corners) == KNOWN_MERGE and corners[0][0] < corners[1][0]:
            (top, left), (bottom, _right) = corners
            self.merges.append((top, left, bottom))
            if len(self.merges) > MAX_MERGES:
                raise StopReadingError("merges")

    def start_cell(self, attributes: Attributes) -> None:
        """Begin a cell; one that does not say where it is stands right of the one before it.

        One far outside of any list is only named.
        """
        reference = attributes.get("r")
        row, column = position(reference) if reference else (self.row, self.column + 1)
        self.column = column
        if row > MAX_ROW or column >= MAX_COLUMN:
            self.far.append(f"{column_name(column)}{row}")
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
        is_date, fill, struck = formats[style] if 0 <= style < len(formats) else (False, "", False)
        value = self.value(is_date=is_date)
        kept: dict[str, Any] = {}
        if isinstance(value, tuple):
            value, cleaned = value
            self.room.letters.spend(len(value))
            kept |= {"cleaned": True} if cleaned else {}
        if value is not None and value != "":
            kept["value"] = value
        if fill:
            kept["fill"] = fill
        if self.formula is not None:
            kept |= {"unknown": True} if "value" not in kept else {}
            kept |= {"foreign": True} if re.search(r"\[\d+\]", self.formula) else {}
        if kept:
            self.room.cells.spend(says_something(kept))
            kept |= {"struck": True} if struck else {}
            self.rows.setdefault(self.row, {})[self.cell["column"]] = kept
        self.cell = {}

    def value(self, *, is_date: bool) -> Any:
        """Return the stored value as number, truth, tagged date, or text as ``clean`` does."""
        kind, stored = self.cell["type"], self.stored
        if kind == "inlineStr":
            return clean("".join(self.inline))
        if stored is None or kind == "e":
            return None
        if kind == "s":
            return self.strings.at(int(stored))
        if not stored.strip():
            return None
        if kind == "b":
            return stored == "1"
        if kind == "d":
            return day_or_text(stored)
        return clean(stored) if kind == "str" else self.number(stored, is_date=is_date)

    def number(self, stored: str, *, is_date: bool) -> Any:
        """Return a number, or the moment that it counts to; what is far too long stays text."""
        if len(stored) > LONGEST_NUMBER:
            return clean(stored)
        if "_" in stored:  # Python reads 1_0 as ten, a spreadsheet does not
            raise StopReadingError("damaged")
        number = float(stored)
        if not math.isfinite(number):
            return None
        if is_date and 0 <= number < 1:
            seconds = min(round(number * DAY_S), DAY_S - 1)
            return {"t": time(seconds // 3600, seconds // 60 % 60, seconds % 60).isoformat()}
        if is_date and 0 < number < LAST_SERIAL:
            return self.moment(number)
        return int(number) if number.is_integer() and abs(number) < EXACT else number

    def moment(self, serial: float) -> Any:
        """Return the moment that a spreadsheet counts to."""
        if self.epoch.year == 1899 and serial < NO_DAY + 1:  # noqa: PLR2004
            if serial >= NO_DAY:
                return "29.02.1900", False
            serial += 1
        return {"d": (self.epoch + timedelta(seconds=round(serial * DAY_S))).isoformat()}

    def note_comments(self, comments: list[tuple[str, Attributes]]) -> None:
        """Mark the cells that carry a comment; its words stay unread, they are internal."""
        for _, given in comments:
            row, column = position(given.get("ref", "A1"))
            if row in self.rows and column < MAX_COLUMN:
                if column not in self.rows[row]:
                    self.room.cells.spend(1)
                self.rows[row].setdefault(column, {})["noted"] = True

    def carry_merges(self) -> None:
        """Give the rows below the value of a range that was merged downwards."""
        for top, left, bottom in self.merges:
            first = self.rows.get(top, {}).get(left)
            if first is None or "value" not in first:
                continue
            kept = {name: first[name] for name in ("value", "fill") if name in first}
            letters = len(first["value"]) if isinstance(first["value"], str) else 0
            for row in range(top + 1, min(bottom, top + MAX_CARRIED) + 1):
                if row in self.rows:
                    self.room.cells.spend(1)
                    self.room.letters.spend(letters)
                    self.rows[row][left] = kept | {"carried": True}


def says_something(cell: dict[str, Any]) -> bool:
    """Return whether a cell holds more than a look."""
    return "value" in cell or "unknown" in cell


def day_or_text(stored: str) -> Any:
    """Return a tagged moment for a day in ISO form, else the text."""
    try:
        at = datetime.fromisoformat(stored.strip()[:LONGEST_NUMBER])
    except ValueError:
        return clean(stored)
    return {"d": at.replace(tzinfo=None).isoformat()}
