"""What many courses have in common: the coded values that are counted beside every filter.

Tens of thousands of courses have a few thousand profiles. Counting profiles and then looking at
each once answers "how many would be left" for every value of every filter, whatever is chosen.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from kursliste.domain.level_fit import Sought

SINGLE: Final = ("gruppe", "art", "tageszeit", "form")
"""Filters whose value stands in a profile once."""

SEVERAL: Final = "zugang"
"""The filter of which a course may have several values."""


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The values of one or many courses: by filter, with levels as places in their order.

    ``flags`` are the yes-or-no filters that are met.
    """

    values: tuple[str | None, ...]
    admission: tuple[str, ...]
    level_from: int | None
    level_to: int | None
    flags: tuple[str, ...]

    @property
    def text(self) -> str:
        """The profile as one text: equal profiles have equal texts."""
        parts = (self.values, self.admission, self.level_from, self.level_to, self.flags)
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The filters and values that courses of this profile are counted for; flags have "1"."""
        single = ((name, v) for name, v in zip(SINGLE, self.values, strict=True) if v)
        several = ((SEVERAL, value) for value in self.admission)
        return frozenset((*single, *several, *((name, "1") for name in self.flags)))

    def pairs_of(self, parameter: str = "") -> Iterable[tuple[str, str]]:
        """Return the pairs of one filter, or all."""
        if not parameter:
            return self.pairs
        return [pair for pair in self.pairs if pair[0] == parameter]

    def has(self, parameter: str, value: str) -> bool:
        """Return whether courses of this profile have a value of a filter."""
        return (parameter, value) in self.pairs

    def passes(self, level: Sought) -> bool:
        """Return whether courses of this profile pass a level on their way."""
        return level.is_passed(self.level_from, self.level_to)


def profile_from(text: str) -> Profile:
    """Return the profile behind a ``text``."""
    values, admission, level_from, level_to, flags = json.loads(text)
    return Profile(
        values=tuple(values),
        admission=tuple(admission),
        level_from=level_from,
        level_to=level_to,
        flags=tuple(flags),
    )
