"""Outlines with fewer corners: what goes, what stays, and that neighbours keep one line."""

import pytest

from kursliste.domain.geo import Point, distance_km
from kursliste.domain.outline import Net, Outline, Ring, Shape, doubled_area, rounded, thinned

METRE = 1 / 111_195
"""A metre in degrees of latitude, nearly."""

NEAR, FAR = 100 * METRE, 300 * METRE
"""Less and more than the tolerance that outlines have by themselves."""


def square(west: float, south: float, size: float = 1.0) -> Ring:
    east, north = west + size, south + size
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def wavy(west: float, south: float, north: float, steps: int, *heights: float) -> Ring:
    """A line to the north that swings to the east by ``heights`` in turn."""
    step = (north - south) / steps
    inside = [(west + heights[n % len(heights)], south + n * step) for n in range(1, steps)]
    return [(west, south), *inside, (west, north)]


def outline_of(net: Net, shape: Shape, tolerance_m: float = 150) -> Outline:
    found = net.outline(shape, tolerance_m)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ([(10, 50), (11, 51)], [(10, 50), (11, 51)]),
        ([(10, 50), (10, 51), (10, 52)], [(10, 50), (10, 52)]),
        ([(10, 50), (10 + FAR * 2, 51), (10, 52)], [(10, 50), (10 + FAR * 2, 51), (10, 52)]),
        ([(10, 50), (10 + NEAR, 51), (10, 52)], [(10, 50), (10, 52)]),
        ([(10, 50), (10, 53), (10, 52)], [(10, 50), (10, 53), (10, 52)]),  # beyond its end
        ([(10, 50), (10, 51), (10, 50)], [(10, 50), (10, 51), (10, 50)]),  # back to its beginning
        ([(10, 50), (10, 50 + NEAR), (10, 50)], [(10, 50), (10, 50)]),
    ],
)
def test_corners_near_the_new_line_go(line, stays):
    assert thinned(line, 150) == stays


def test_the_tolerance_is_in_metres_to_the_east_as_well():
    east = 1000 / (distance_km(Point(51, 10), Point(51, 11)) * 1000)  # degrees of a kilometre
    line = [(10, 51), (10 + east, 51), (10, 51 + 10 * METRE)]
    assert thinned(line, 990) == line
    assert thinned(line, 1010) == [line[0], line[2]]


def test_a_long_line_is_not_walked_by_calls():
    line = [(10 + (n % 2), 50 + n * METRE) for n in range(2_000)]
    assert thinned(line, 1) == line


def test_no_corner_is_further_away_than_the_tolerance():
    line = wavy(10, 50, 51, 900, NEAR, -NEAR / 2, NEAR / 3)
    found = thinned(line, 150)
    assert 2 <= len(found) < 100
    assert (found[0], found[-1]) == (line[0], line[-1])
    assert all(-150 * METRE <= east - 10 <= 150 * METRE for east, _north in found)


def test_a_ring_is_closed_and_has_five_decimals():
    ring = [(10.0000001, 50), (10, 50), (11, 50), (11.000004, 50.000004), (11, 51)]
    assert rounded(ring) == [(10, 50), (11, 50), (11, 51), (10, 50)]
    assert rounded([]) == []
    assert rounded([(10, 50), (10, 50)]) == [(10, 50)]


def test_areas_know_the_clock():
    assert doubled_area(square(10, 50)) == 2
    assert doubled_area(square(10, 50)[::-1]) == -2


def test_neighbours_share_an_edge_and_not_only_a_corner():
    net = Net([("a", [[square(10, 50)]]), ("b", [[square(11, 50)]]), ("c", [[square(12, 51)]])])
    assert net.neighbours() == {"a": {"b"}, "b": {"a"}, "c": set()}


@pytest.mark.parametrize("turn", [1, -1])
def test_neighbours_keep_the_same_line_between_them(turn):
    border = wavy(11, 50, 51, 200, NEAR, 2 * FAR, -NEAR, -FAR)
    left: Shape = [[[(10, 50), *border, (10, 51), (10, 50)]]]
    right: Shape = [[[(12, 50), (12, 51), *border[::-1], (12, 50)][::turn]]]
    net = Net([("left", left), ("right", right)])
    one, other = (outline_of(net, shape).shape[0][0] for shape in (left, right))
    shared = {corner for corner in one if corner in set(other)}
    inside = {corner for corner in one if 10 < corner[0] < 12}
    assert 10 < len(inside) < len(border)
    assert shared == inside
    assert doubled_area(one) > 0
    assert doubled_area(other) > 0


def test_a_town_in_a_district_fills_the_hole_in_it():
    town = [(10.4, 50.4), *wavy(10.6, 50.4, 50.6, 80, NEAR, FAR), (10.4, 50.6), (10.4, 50.4)]
    around: Shape = [[square(10, 50), town[3:-1] + town[:4]]]  # begins at another corner
    net = Net([("town", [[town]]), ("around", around)])
    outer, hole = outline_of(net, around).shape[0]
    inner = outline_of(net, [[town]]).shape[0][0]
    assert set(hole) == set(inner)
    assert len(inner) < len(town)
    assert doubled_area(hole) == -doubled_area(inner)
    assert (doubled_area(outer) > 0, doubled_area(hole) < 0) == (True, True)


def test_the_largest_part_is_the_first_and_islets_go():
    islet, island = square(9, 50, NEAR), square(8, 50, 0.1)
    shape: Shape = [[islet], [island], [square(10, 50), square(10.5, 50.5, NEAR)]]
    found = outline_of(Net([("a", shape)]), shape)
    assert [[set(ring) for ring in polygon] for polygon in found.shape] == [
        [set(square(10, 50))],
        [set(rounded(island))],
    ]
    assert found.corners == 10
    assert found.box == (50, 8, 51, 11)


def test_a_district_that_the_tolerance_would_swallow_is_drawn_finer():
    shape: Shape = [[square(10, 50, 0.001)]]
    found = outline_of(Net([("a", shape)]), shape, 5_000)
    assert set(found.shape[0][0]) == set(square(10, 50, 0.001))
    assert outline_of(Net([("a", shape)]), shape, 1e9) == found


@pytest.mark.parametrize(
    "shape",
    [[], [[]], [[[]]], [[[(10, 50)]]], [[[(10, 50), (11, 50), (10, 50)]]],
     [[[(10, 50), (11, 50), (12, 50), (10, 50)]]]],
)  # fmt: skip
def test_what_has_no_area_is_not_drawn(shape):
    assert Net([("a", shape)]).outline(shape) is None
