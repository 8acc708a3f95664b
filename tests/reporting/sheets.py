"""Changes a downloaded table as a person would, and hands it back."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl

HEADING_ROW = 4
FIRST_ROW = 5


class Table:
    """A downloaded table open in a spreadsheet."""

    def __init__(self, data: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(data))
        self.sheet = self.book["Kurse"]

    def column(self, heading: str) -> int:
        return next(c.column for c in self.sheet[HEADING_ROW] if c.value == heading)

    def put(self, row: int, **values: Any) -> "Table":
        """Type values into a row; headings with blanks go by :meth:`type`."""
        for heading, value in values.items():
            self.type(row, heading, value)
        return self

    def type(self, row: int, heading: str, value: Any) -> "Table":
        cell = self.sheet.cell(row, self.column(heading))
        cell.value = value
        if isinstance(value, str) and value.startswith("="):
            cell.data_type = "s"
        return self

    def delete(self, row: int) -> "Table":
        self.sheet.delete_rows(row)
        return self

    def empty(self, row: int, *, but: tuple[int, ...] = (1, 2)) -> "Table":
        for cell in self.sheet[row]:
            if cell.column not in but:
                cell.value = None
        return self

    def reorder(self, key: Callable[[str], Any]) -> "Table":
        """Put the columns below the head into another order, hidden ones too."""
        for merged in list(self.sheet.merged_cells.ranges):
            self.sheet.unmerge_cells(str(merged))
        rows = [[c.value for c in row] for row in self.sheet.iter_rows(min_row=HEADING_ROW)]
        places = sorted(range(len(rows[0])), key=lambda place: key(str(rows[0][place])))
        for number, values in enumerate(rows, start=HEADING_ROW):
            for column, place in enumerate(places, start=1):
                self.sheet.cell(number, column).value = values[place]
        return self

    def bytes(self) -> bytes:
        target = io.BytesIO()
        self.book.save(target)
        return target.getvalue()
