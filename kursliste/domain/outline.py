"""Outlines of districts, drawn with fewer corners: neighbours keep the same line between them.

Outlines that are cut from one net share their edges. A line between two corners where more than two
edges meet belongs to one pair of neighbours; it is thinned once and stands in both outlines.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from math import radians, sqrt
from typing import Final

from kursliste.domain.geo import EARTH_KM, Point, shrink

Corner = tuple[float, float]
"""Degrees east and degrees north, in the order of GeoJSON."""

Line = Sequence[Corner]
Ring = Sequence[Corner]
"""A line that ends where it begins: the last corner is the first one."""

Polygon = Sequence[Ring]
"""An outer ring and the holes in it."""

Shape = Sequence[Polygon]
"""All parts of a district."""

Edge = tuple[Corner, Corner]

DECIMALS: Final = 5
"""Of a degree, about a metre: corners that differ less are one corner."""

TOLERANCE_M: Final = 150.0
"""How far a thinned line may lie beside the one that was loaded, in metres."""

METRES_PER_DEGREE: Final = EARTH_KM * 1000 * radians(1)
TWO_LINES: Final = 2
"""Edges that meet in a corner where nothing branches off."""

SMALLEST_RING: Final = 4
"""A triangle and its first corner again."""


@dataclass(frozen=True)
class Outline:
    """A district as it is drawn: outer rings against the clock, its largest part first."""

    shape: Shape

    @property
    def corners(self) -> int:
        """How many corners all rings have, the closing ones included."""
        return sum(len(ring) for polygon in self.shape for ring in polygon)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The degrees that it lies between: south, west, north, east."""
        corners = [corner for polygon in self.shape for corner in polygon[0]]
        east, north = (max(one[axis] for one in corners) for axis in (0, 1))
        west, south = (min(one[axis] for one in corners) for axis in (0, 1))
        return south, west, north, east


class Net:
    """The edges of all districts, each once, with the names of the districts that have it."""

    def __init__(self, parts: Iterable[tuple[str, Shape]]) -> None:
        self._owners: dict[Edge, tuple[str, ...]] = {}
        self._names: set[str] = set()
        for name, shape in parts:
            self._names.add(name)
            for edge in _edges(shape):
                known = self._owners.get(edge, ())
                if name not in known:
                    self._owners[edge] = (*known, name)
        self._meeting = Counter(chain.from_iterable(self._owners))
        self._thinned: dict[tuple[Edge, float], Line] = {}

    def neighbours(self) -> dict[str, set[str]]:
        """Return for each district those that it shares an edge with."""
        found: dict[str, set[str]] = {name: set() for name in self._names}
        for sharing in self._owners.values():
            for name in sharing if len(sharing) > 1 else ():
                found[name].update(sharing)
        return {name: others - {name} for name, others in found.items()}

    def outline(self, shape: Shape, tolerance_m: float = TOLERANCE_M) -> Outline | None:
        """Return a shape with fewer corners, or None if it has no area at all.

        Parts and holes that the tolerance swallows are left out. A district that it would swallow
        whole is drawn finer. Lines may touch or cross each other by the tolerance: it is a drawing,
        nothing is measured by it.
        """
        for tolerance in (tolerance_m, tolerance_m / 10, 0.0):
            rings = [[self._ring(ring, tolerance) for ring in polygon] for polygon in shape]
            parts = [_turned(polygon) for polygon in rings if polygon and polygon[0]]
            if parts:
                return Outline(sorted(parts, key=lambda part: -abs(doubled_area(part[0]))))
        return None

    def _ring(self, ring: Ring, tolerance_m: float) -> Ring:
        """Return a ring with fewer corners; nothing if no area is left in it."""
        corners = rounded(ring)
        lines = [self._line(line, tolerance_m) for line in self._lines(corners)]
        found = [corner for line in lines for corner in line[:-1]]
        found += found[:1]
        return found if len(found) >= SMALLEST_RING and doubled_area(found) else ()

    def _lines(self, ring: Ring) -> Iterator[Line]:
        """Cut a ring where lines meet; a ring of a single line begins at its least corner."""
        corners = ring[:-1]
        cuts = [at for at, one in enumerate(corners) if self._meeting[one] != TWO_LINES]
        if not cuts and corners:
            cuts = [corners.index(min(corners))]
        ends = [*cuts[1:], *(at + len(corners) for at in cuts[:1])]
        for first, last in zip(cuts, ends, strict=True):
            yield [corners[at % len(corners)] for at in range(first, last + 1)]

    def _line(self, line: Line, tolerance_m: float) -> Line:
        """Thin a line the same way from whichever side it is walked."""
        if (line[0], line[1]) > (line[-1], line[-2]):
            return self._line(line[::-1], tolerance_m)[::-1]
        key = ((line[0], line[1]), tolerance_m)
        if key not in self._thinned:
            self._thinned[key] = thinned(line, tolerance_m)
        return self._thinned[key]


def rounded(ring: Ring) -> Ring:
    """Return a ring closed and with five decimals, without corners that lie on one another."""
    corners = [(round(east, DECIMALS), round(north, DECIMALS)) for east, north in ring]
    corners += corners[:1]
    return [*corners[:1], *(later for one, later in pairwise(corners) if later != one)]


def thinned(line: Line, tolerance_m: float) -> Line:
    """Return a line with fewer corners, after Douglas and Peucker.

    Both ends stay, and no corner that goes is further from the new line than ``tolerance_m``.
    """
    flat = _in_metres(line)
    stays = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        at, metres = _farthest(flat, first, last)
        if metres > tolerance_m:
            stays.add(at)
            waiting += [(first, at), (at, last)]
    return [corner for at, corner in enumerate(line) if at in stays]


def doubled_area(ring: Ring) -> float:
    """Return twice the area of a ring in square degrees; negative if it runs with the clock."""
    west, south = ring[0]
    return sum(
        (one[0] - west) * (other[1] - south) - (other[0] - west) * (one[1] - south)
        for one, other in pairwise(ring)
    )


def _edges(shape: Shape) -> Iterator[Edge]:
    for polygon in shape:
        for ring in polygon:
            for one, other in pairwise(rounded(ring)):
                yield (one, other) if one < other else (other, one)


def _turned(polygon: Polygon) -> Polygon:
    """Turn the outer ring against the clock and holes with it, as RFC 7946 wants it."""
    turned = [
        ring if (doubled_area(ring) > 0) == (at == 0) else ring[::-1]
        for at, ring in enumerate(polygon)
        if ring
    ]
    return tuple(tuple(ring) for ring in turned)


def _in_metres(line: Line) -> Sequence[tuple[float, float]]:
    """Lay a line flat: for the few kilometres of a border the earth is a plane."""
    wide = METRES_PER_DEGREE * shrink(Point(line[0][1], line[0][0]))
    return [(east * wide, north * METRES_PER_DEGREE) for east, north in line]


def _farthest(flat: Sequence[tuple[float, float]], first: int, last: int) -> tuple[int, float]:
    """Return which corner between two others is farthest from the line that joins them."""
    (west, south), (east, north) = flat[first], flat[last]
    wide, high = east - west, north - south
    square = wide * wide + high * high
    most, found = 0.0, first
    for at in range(first + 1, last):
        x, y = flat[at][0] - west, flat[at][1] - south
        along = min(1.0, max(0.0, (x * wide + y * high) / square)) if square else 0.0
        off = (x - along * wide) ** 2 + (y - along * high) ** 2
        if off > most:
            most, found = off, at
    return found, sqrt(most)
