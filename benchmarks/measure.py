"""How everything is measured: interleaved rounds, medians; CPU time of this process, or the wall's
clock where another process (a database, a disk) does a part of the work.
"""

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the report: what was measured, beside what, and what SPEED.md asks for.

    ``ratio`` is baseline / ours where ``at_least``, ours / baseline otherwise.
    """

    name: str
    baseline: str
    ratio: float
    target: float
    at_least: bool
    ours_ms: float
    baseline_ms: float

    @property
    def reached(self) -> bool:
        """Return whether the goal is met in this run."""
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target


def rounds_of(
    tasks: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    timer: Callable[[], float] = time.process_time,
) -> dict[str, list[float]]:
    """Run every task once unmeasured, then ``rounds`` times in turn; return milliseconds.

    The tasks take turns, so that a noisy neighbour disturbs all of them alike.
    """
    for task in tasks.values():
        task()
    spent: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            gc.collect()
            start = timer()
            task()
            spent[name].append((timer() - start) * 1000)
    return spent


def median_ratio(above: list[float], below: list[float]) -> float:
    """Return the median of the ratios pair by pair."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))
