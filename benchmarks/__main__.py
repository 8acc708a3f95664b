"""``python -m benchmarks [--size small|country] [--json FILE]``: measures, prints, writes."""

import argparse
import json
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from benchmarks import (
    behind_nginx,
    beside_datasette,
    documents,
    page,
    publishing,
    reporting,
    reviewing,
    searching,
    submitting,
    uploads,
    workbook,
)
from benchmarks.measure import Figure

MEASURES: Final[Sequence[Callable[[str], list[Figure]]]] = (
    workbook.measure,
    documents.measure,
    publishing.measure,
    page.measure,
    behind_nginx.measure,
    reporting.measure,
    submitting.measure,
    uploads.measure,
    reviewing.measure,
    searching.measure,
    beside_datasette.measure,
)
"""Every measure takes the size and returns its figures; a new one is added here."""


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as lines for people."""
    lines = [f"{'what':<38} {'beside':<26} {'ratio':>7} {'target':>8}  ok    ours ms   base ms"]
    for figure in figures:
        sign = ">=" if figure.at_least else "<="
        target = "-" if math.isinf(figure.target) else f"{sign} {figure.target:g}"
        lines.append(
            f"{figure.name:<38} {figure.baseline:<26} {figure.ratio:>7.2f} {target:>8}  "
            f"{'yes' if figure.reached else 'NO':<4} {figure.ours_ms:>8.1f} "
            f"{figure.baseline_ms:>9.1f}"
        )
    return "\n".join(lines)


def as_json(figures: Sequence[Figure]) -> str:
    """Return the figures for machines; a figure without a goal has ``target`` null."""
    entries = [
        {
            **asdict(figure),
            "target": None if math.isinf(figure.target) else figure.target,
            "reached": figure.reached,
        }
        for figure in figures
    ]
    return json.dumps({"figures": entries}, indent=2) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure everything; return 0 when every goal is reached, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--size", choices=("small", "country"), default="small")
    parser.add_argument("--json", type=Path, metavar="FILE")
    chosen = parser.parse_args(arguments)
    figures = [figure for measure in MEASURES for figure in measure(chosen.size)]
    print(table(figures))
    if chosen.json:
        chosen.json.write_text(as_json(figures), encoding="utf-8")
    return 0 if all(figure.reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
