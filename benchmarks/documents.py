"""The PDF of an edition beside its floor: the same cells in a plain table, untagged, by typst.

Both are made by a process of their own, start included. The floor has no tags, no standard, no
groups, no marks, no packing: what is left is breaking the same words into the same columns.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from typing import Final

from benchmarks.measure import Figure, median_ratio, rounds_of
from benchmarks.workbook import HEAD, WORDS, sample_rows
from kursliste.domain.columns import COLUMNS
from kursliste.domain.edition import Phase, Row
from kursliste.domain.news import news_of
from kursliste.publishing.formats import pdf_file
from kursliste.publishing.formats.pdf_cells import PrintedCourse
from kursliste.publishing.formats.pdf_data import data_of
from kursliste.settings import resource_dir

SIZES: Final = {"small": (200, 1_000), "country": (200, 1_000)}
TIME_TARGET: Final = 3.0
"""The WeasyPrint of SPEED.md took 16 times this floor for a tagged document, typst 2.5 times."""

KB_A_ROW: Final = 0.7
PAIRS: Final = 5
PRINTED: Final = frozenset(column.attribute for column in COLUMNS if column.printed)

FLOOR: Final = """
import json, sys
import typst
order = json.load(sys.stdin.buffer)
document = typst.compile(
    {"main": order["template"].encode(), "data.json": order["data"].encode()},
    font_paths=[order["fonts"]], ignore_system_fonts=True, pdf_tags=False,
)
sys.stdout.buffer.write(document)
"""
PLAIN: Final = """
#let data = json("data.json")
#set text(font: "Fira Sans", lang: "de", size: 8.5pt)
#set page(paper: "a4", flipped: true, margin: 11mm)
#table(columns: data.widths.map(width => width * 1fr), stroke: none, ..data.cells)
"""


def _courses(count: int) -> list[PrintedCourse]:
    """Return rows that tell what a list prints: 22 facts of each course."""
    return [PrintedCourse(_printed(row), Phase.STARTING, True) for row in sample_rows(count)]  # noqa: FBT003 -- confirmed


def _printed(row: Row) -> Row:
    return {name: value for name, value in row.items() if name in PRINTED} | {
        "course_id": row["course_id"],
        "course_group": "Integrationskurse",
    }


def ours(courses: Sequence[PrintedCourse]) -> bytes:
    """Return the PDF as the system makes it."""
    return pdf_file.build(HEAD, courses, WORDS, news_of([], []))


def plain(courses: Sequence[PrintedCourse]) -> bytes:
    """Return the same cells as one untagged table."""
    data = data_of(HEAD, courses, WORDS, news_of([], []))
    order = {
        "template": PLAIN,
        "fonts": str(resource_dir("fonts")),
        "data": json.dumps({"widths": _widths(data), "cells": _cells(data)}),
    }
    done = subprocess.run(
        [sys.executable, "-I", "-c", FLOOR],
        input=json.dumps(order).encode(),
        capture_output=True,
        check=True,
    )
    return done.stdout


def _widths(data: dict[str, object]) -> list[object]:
    columns = data["columns"]
    assert isinstance(columns, list)
    return [column["width"] for column in columns]


def _cells(data: dict[str, object]) -> list[str]:
    groups = data["groups"]
    assert isinstance(groups, list)
    return [
        "\n".join(line["text"] for line in lines)
        for group in groups
        for part in group["parts"]
        for row in part["rows"]
        for lines in row
    ]


def measure(size: str) -> list[Figure]:
    """Return time and size of a PDF, and what its process took of the memory."""
    figures: list[Figure] = []
    for count in SIZES[size]:
        courses = _courses(count)
        spent = rounds_of(
            {"ours": partial(ours, courses), "plain": partial(plain, courses)},
            rounds=PAIRS,
            timer=time.perf_counter,
        )
        figures += [
            Figure(
                name=f"PDF, {count} rows, tagged",
                baseline="untagged table by typst",
                ratio=median_ratio(spent["ours"], spent["plain"]),
                target=TIME_TARGET,
                at_least=False,
                ours_ms=statistics.median(spent["ours"]),
                baseline_ms=statistics.median(spent["plain"]),
            ),
            _plain_figure(
                f"PDF, {count} rows, size",
                "kB a row",
                len(ours(courses)) / 1000 / count,
                KB_A_ROW if count == max(SIZES[size]) else float("inf"),
            ),
        ]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    figures.append(_plain_figure("PDF, biggest child process", "MB", peak, float("inf")))
    return figures


def _plain_figure(name: str, baseline: str, ratio: float, target: float) -> Figure:
    return Figure(
        name=name,
        baseline=baseline,
        ratio=ratio,
        target=target,
        at_least=False,
        ours_ms=0.0,
        baseline_ms=0.0,
    )
