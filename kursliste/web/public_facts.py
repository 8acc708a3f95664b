"""An entry of an edition as its layout lets everybody see it."""

from typing import Any

from kursliste.domain.course import FIELD
from kursliste.models.edition import EditionEntry


class PublicFacts:
    """The facts of an entry that its layout tells; every other fact of a course is unknown.

    What is no fact of a course (its key, its marks, its words) is told always.
    """

    def __init__(self, entry: EditionEntry, told: frozenset[str]) -> None:
        self._entry = entry
        self.told = told

    def __getattr__(self, name: str) -> Any:  # Any: the attributes of an entry
        if name in FIELD and name not in self.told:
            return None
        return getattr(self._entry, name)
