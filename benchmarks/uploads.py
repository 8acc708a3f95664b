"""An uploaded list beside what openpyxl takes to load the same file.

Ours is a process of its own that reads within bounds (ADR 9), and then the understanding of every
row; openpyxl works in this process and only hands out the cells.
"""

import io
import resource
import statistics
from functools import partial
from typing import Final

from openpyxl import load_workbook

from benchmarks.measure import Figure, median_ratio, rounds_of
from benchmarks.workbook import sample_rows, write_only
from kursliste.domain.calendar import Month
from kursliste.intake.sheet import read_sheets
from kursliste.intake.tables import CodeTables
from kursliste.intake.understanding import understand

ROWS: Final = 60
ROUNDS: Final = 15
READING_TARGET: Final = 3.0
WHOLE_TARGET: Final = 7.0
"""With room above what was measured first (1.9 and 4.7): they notice what gets slower."""

TABLES: Final = CodeTables.shipped()
MONTH: Final = Month(2026, 12)


def work_done() -> float:
    """Return the seconds that this process and its ended children have computed."""
    uses = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def plain(data: bytes) -> int:
    """Return how many cells openpyxl finds."""
    book = load_workbook(io.BytesIO(data))
    return sum(cell.value is not None for sheet in book for row in sheet.rows for cell in row)


def whole(data: bytes) -> int:
    """Return how many courses the upload finds."""
    return len(understand(read_sheets(data, "liste.xlsx"), tables=TABLES, month=MONTH).courses)


def measure(_size: str) -> list[Figure]:
    """Return the time of an upload of 60 rows, with and without its understanding."""
    data = write_only(sample_rows(ROWS))
    if whole(data) != ROWS:
        raise RuntimeError("the list of the benchmark is not understood")
    spent = rounds_of(
        {
            "read": partial(read_sheets, data, "liste.xlsx"),
            "whole": partial(whole, data),
            "plain": partial(plain, data),
        },
        rounds=ROUNDS,
        timer=work_done,
    )
    return [
        Figure(
            name=f"upload, {ROWS} rows, {what}",
            baseline="openpyxl loads the file",
            ratio=median_ratio(spent[task], spent["plain"]),
            target=target,
            at_least=False,
            ours_ms=statistics.median(spent[task]),
            baseline_ms=statistics.median(spent["plain"]),
        )
        for task, what, target in (
            ("read", "read apart", READING_TARGET),
            ("whole", "read and understood", WHOLE_TARGET),
        )
    ]
