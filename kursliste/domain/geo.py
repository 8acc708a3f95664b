"""Places on the map: how far one is from another, as the crow flies."""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH_KM: Final = 6371.0
"""The mean radius of the earth."""

KM_PER_DEGREE: Final = EARTH_KM * radians(1)
"""Kilometres between two parallels that are a degree apart."""


@dataclass(frozen=True)
class Point:
    """A place in degrees: north positive, east positive (WGS 84)."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Box:
    """Everything between two parallels and two meridians."""

    south: float
    north: float
    west: float
    east: float


def distance_km(one: Point, other: Point) -> float:
    """Return the distance in kilometres along the great circle (haversine formula)."""
    height = sin(radians(other.lat - one.lat) / 2) ** 2
    width = sin(radians(other.lon - one.lon) / 2) ** 2
    share = height + cos(radians(one.lat)) * cos(radians(other.lat)) * width
    return 2 * EARTH_KM * asin(sqrt(min(1.0, share)))


def shrink(point: Point) -> float:
    """Return how much shorter a degree of longitude is than one of latitude at a place."""
    return max(cos(radians(point.lat)), 0.01)


def box_around(point: Point, km: float) -> Box:
    """Return a box that holds everything within ``km`` of a place."""
    high = km / KM_PER_DEGREE
    wide = high / shrink(point)
    return Box(point.lat - high, point.lat + high, point.lon - wide, point.lon + wide)
