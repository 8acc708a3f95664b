"""A hand-kept file as sheets of cells, or one German sentence why it cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from kursliste.domain.errors import Rule, RuleViolationError

Scalar = str | int | float | bool | date | datetime | time | None

MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ROWS: Final = 2000
MAX_COLUMNS: Final = 60
MAX_CELLS: Final = MAX_ROWS * MAX_COLUMNS


class FileRefusedError(RuleViolationError):
    """The file cannot be read; ``reason`` says in German what is wrong and what to do next."""

    def __init__(self, reason: str) -> None:
        super().__init__(Rule.FILE_REFUSED, field="file", reason=reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One cell: its stored value and what its look says.

    ``fill`` is the colour as six hex digits. ``carried`` marks a value that stands in the first
    cell of a merged range above. ``unknown`` is a formula without a stored value, ``foreign`` one
    that reads another workbook. ``noted`` tells that somebody left a comment there.
    """

    value: Scalar = None
    fill: str = ""
    carried: bool = False
    unknown: bool = False
    foreign: bool = False
    noted: bool = False
    struck: bool = False
    cleaned: bool = False


@dataclass(frozen=True, kw_only=True)
class SheetRow:
    """A row that holds at least one value; ``number`` counts as a spreadsheet shows it."""

    number: int
    cells: Mapping[int, Cell]
    hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet without its empty rows; columns count from 0. ``remarks`` are about the file."""

    name: str
    rows: tuple[SheetRow, ...]
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    remarks: tuple[str, ...] = field(default=())
