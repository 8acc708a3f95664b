"""Where the courses of a search are: places with the courses that stand there, for the map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for
from sqlalchemy.orm import Session

from kursliste.catalogue.finding import Found, FoundCourse, find
from kursliste.catalogue.outlines import on_map
from kursliste.catalogue.search_page import Arguments, here_of, read_for, results_of
from kursliste.domain.geo import Point

MOST_ON_MAP: Final = 500
MOST_OF_A_PLACE: Final = 12
"""Courses that a place on the map names; the list has them all."""


@dataclass(frozen=True)
class MapPlaces:
    """Places and how many courses are at none, or too many to be shown.

    ``lines`` is what to draw of districts (``outlines.on_map``); empty where nothing is loaded.
    """

    places: Sequence[dict[str, Any]]
    nowhere: int
    more: int
    lines: Mapping[str, Any]


def map_places(session: Session, arguments: Arguments) -> MapPlaces:
    """Return the places of the courses that an address finds, the ones with most courses first."""
    search, chosen = read_for(session, arguments)
    here = here_of(session, arguments, chosen)
    found = find(session, search, area=here.area, per_page=MOST_ON_MAP, has_counts=False)
    by_place: dict[Point, list[FoundCourse]] = {}
    for one in found.courses:
        if one.at is not None:
            by_place.setdefault(one.at, []).append(one)
    shown = sum(map(len, by_place.values()))
    return MapPlaces(
        places=[
            _place(at, courses)
            for at, courses in sorted(by_place.items(), key=lambda item: -len(item[1]))
        ],
        nowhere=len(found.courses) - shown,
        more=max(0, found.count - len(found.courses)),
        lines=on_map(session, here),
    )


def _place(at: Point, courses: Sequence[FoundCourse]) -> dict[str, Any]:
    results = results_of(Found(courses[:MOST_OF_A_PLACE], len(courses)))
    return {
        "lat": at.lat,
        "lon": at.lon,
        "name": courses[0].entry.town or "",
        "count": len(courses),
        "courses": [
            {
                "title": one.line.entry.title,
                "facts": ", ".join(filter(None, (one.line.level, one.line.start, one.line.seats))),
                "url": url_for("catalogue.course", course_id=one.line.entry.course_id),
            }
            for one in results
        ],
    }
