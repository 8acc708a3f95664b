"""Where a town is: from the places that an operator loaded, else from the few that we ship."""

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.edition import folded
from kursliste.domain.geo import Point
from kursliste.models.current import Place

Key = tuple[str, str]
SHIPPED: Final = "towns.csv"


@lru_cache
def shipped() -> Mapping[Key, Point]:
    """Return the towns of the demo districts: (postcode, folded name) -> where it is."""
    text = resources.files("kursliste").joinpath("reference", SHIPPED).read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter=";")
    return {
        (row["postcode"], folded(row["name"])): Point(float(row["lat"]), float(row["lon"]))
        for row in rows
    }


def locate(session: Session, postcode: str | None, town: str | None) -> Point | None:
    """Return where an address is: by postcode and town, else by postcode, else by the town's name.

    None where nothing fits, or where a name alone occurs in several places far apart.
    """
    return locate_all(session, [(postcode, town)])[(postcode or "", folded(town))]


def locate_all(
    session: Session, addresses: list[tuple[str | None, str | None]]
) -> dict[Key, Point | None]:
    """Return where several addresses are, by postcode and folded town; one statement."""
    keys = {(postcode or "", folded(town)) for postcode, town in addresses}
    known = dict(shipped()) | _loaded(session, keys)
    return {key: _find(key, known) for key in keys}


def point_of_postcode(session: Session, postcode: str) -> Point | None:
    """Return the middle of a postcode's towns, or None if it is not known."""
    return locate(session, postcode, None)


def _loaded(session: Session, keys: set[Key]) -> dict[Key, Point]:
    postcodes = {postcode for postcode, _ in keys if postcode}
    names = {name for _, name in keys if name}
    query = select(Place.postcode, Place.name_folded, Place.lat, Place.lon).where(
        Place.postcode.in_(postcodes) | Place.name_folded.in_(names)
    )
    return {
        (postcode, name): Point(lat, lon) for postcode, name, lat, lon in session.execute(query)
    }


def _find(key: Key, known: Mapping[Key, Point]) -> Point | None:
    postcode, name = key
    if key in known:
        return known[key]
    by_postcode = [point for (code, _), point in known.items() if postcode and code == postcode]
    if by_postcode:
        return _middle(by_postcode)
    by_name = [point for (_, town), point in known.items() if name and town == name]
    return _middle(by_name) if by_name and _are_near(by_name) else None


NEAR_DEGREES: Final = 0.3
"""About 30 km: postcodes of one town lie closer, towns of one name in two Länder do not."""


def _are_near(points: list[Point]) -> bool:
    first = points[0]
    return all(
        abs(point.lat - first.lat) < NEAR_DEGREES and abs(point.lon - first.lon) < NEAR_DEGREES
        for point in points
    )


def _middle(points: list[Point]) -> Point:
    return Point(
        sum(point.lat for point in points) / len(points),
        sum(point.lon for point in points) / len(points),
    )
