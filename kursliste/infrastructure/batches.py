"""Long lists in pieces that a statement can take."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def batches(things: Sequence[Thing], size: int) -> Iterator[Sequence[Thing]]:
    """Yield ``things`` in their order, at most ``size`` together."""
    for start in range(0, len(things), size):
        yield things[start : start + size]
