"""What comes after a course: the next level, and the kinds of course that lead there.

The usual ways of the trade (DOMAIN.md, sections 2.1 to 2.3): first orientation, then the
integration course to B1, then courses for work. It is a hint for advice and excludes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

B1_PLACE: Final = 30
"""The place of B1 in the order of levels (``reference/levels.csv``)."""

ORIENTATION, INTEGRATION, REGIONAL = "Erstorientierung", "Integrationskurse", "Landessprachkurse"
WORK, OTHER = "Berufssprachkurse", "Kommunale und weitere Kurse"
MEETING, EXAMS = "Ehrenamt und Begegnung", "Prüfungen"

BELOW_B1: Final[Mapping[str, tuple[str, ...]]] = {
    ORIENTATION: (INTEGRATION, REGIONAL, OTHER),
    INTEGRATION: (INTEGRATION, REGIONAL, OTHER),
    REGIONAL: (REGIONAL, INTEGRATION, OTHER),
    WORK: (WORK, INTEGRATION, OTHER),
    OTHER: (OTHER, INTEGRATION, REGIONAL),
    MEETING: (INTEGRATION, REGIONAL, OTHER),
}
FROM_B1: Final = (WORK, OTHER, REGIONAL)


@dataclass(frozen=True)
class NextStep:
    """Where a course leads: courses that begin at ``place`` or above, of these groups in order."""

    place: int
    groups: tuple[str, ...]


def next_step(group: str, goal_place: int | None) -> NextStep | None:
    """Return what follows a course of a group whose goal has a place in the order of levels.

    None where nothing follows by itself: an exam, or a goal that is not told.
    """
    if group == EXAMS or (goal_place is None and group != ORIENTATION):
        return None
    place = goal_place or 0
    if place >= B1_PLACE:
        return NextStep(place, FROM_B1)
    groups = BELOW_B1.get(group)
    return None if groups is None else NextStep(place, groups)
