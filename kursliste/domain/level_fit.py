"""Which courses pass a language level on their way: the one rule, for rows and for their counts."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sought:
    """A level that somebody looks for, as places in the order of levels.

    ``whole`` is the level without a half (A2 of A2.1), ``highest`` the last half of a whole one.
    """

    place: int
    whole: int
    highest: int

    def is_passed(self, lower: int | None, upper: int | None) -> bool:
        """Return whether a course from ``lower`` to ``upper`` passes the level.

        A2 takes in A2.1 and A2.2; and who looks for A2.2 also finds courses that only say "A2". A
        course that tells one end only stands at that end.
        """
        begin = lower if lower is not None else upper
        goal = upper if upper is not None else lower
        if begin is None or goal is None or begin > self.highest:
            return False
        return goal >= self.place or goal == self.whole


def sought(code: str, levels: Iterable[tuple[str, int, str | None]]) -> Sought:
    """Return the level ``code``; ``levels`` are code, place in the order, and CEFR stage if any.

    Raises StopIteration for a code that is none of them.
    """
    known = list(levels)
    place, stage = next((place, stage) for name, place, stage in known if name == code)
    halves = [other for _, other, of in known if stage and of == stage] or [place]
    whole = min(halves)
    return Sought(place, whole, max(halves) if place == whole else place)
