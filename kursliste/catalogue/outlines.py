"""Lines of districts for the map, where an operator loaded the borders."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.catalogue.search_page import Here
from kursliste.domain.errors import NotFoundError
from kursliste.domain.licence import TERMS, Licence
from kursliste.infrastructure.remembering import Remembered
from kursliste.models.current import DistrictOutline
from kursliste.models.masterdata import District
from kursliste.web.languages import gettext as _

A_MINUTE: Final = 60
MOST_OUTLINES: Final = 30
"""Districts that are drawn; an address that chooses more gets the first ones of them."""

LICENCE: Final = Licence.DL_DE_BY
LONGEST_VERSION: Final = 16


@dataclass(frozen=True)
class Drawn:
    """A district that can be drawn: ``box`` is south, west, north, east in degrees."""

    district_id: int
    ags: str
    slug: str
    name: str
    sha256: str
    box: tuple[float, float, float, float]
    loaded_year: int

    @property
    def version(self) -> str:
        """What the address of the outline says of its content."""
        return hashlib.sha256(f"{self.sha256}{self.name}".encode()).hexdigest()[:LONGEST_VERSION]

    @property
    def credit(self) -> str:
        """Whom the licence of the BKG wants to be named, and that corners were left out."""
        return f"© GeoBasis-DE / BKG {self.loaded_year} (Daten verändert)"


_drawn: Final[Remembered[Mapping[int, Drawn]]] = Remembered(1, seconds=A_MINUTE)


def known_outlines(session: Session) -> Mapping[int, Drawn]:
    """Return, by key, the districts of this instance that can be drawn, a minute old at most."""
    return _drawn.get("outlines", lambda: _read(session))


def _read(session: Session, slug: str | None = None) -> Mapping[int, Drawn]:
    line = DistrictOutline
    box = (line.south, line.west, line.north, line.east)
    query = (
        select(District.id, line.ags, District.slug, District.name, line.sha256, line.loaded_year)
        .add_columns(*box)
        .join(line, line.ags == District.ags)
        .order_by(District.id)
    )
    if slug is not None:
        query = query.where(District.slug == slug)
    return {
        key: Drawn(key, ags, slug, name, sha256, (south, west, north, east), year)
        for key, ags, slug, name, sha256, year, south, west, north, east in session.execute(query)
    }


def drawn_district(session: Session, slug: str) -> Drawn:
    """Return a district that can be drawn; NotFoundError where nobody loaded its outline."""
    for found in _read(session, slug).values():
        return found
    raise NotFoundError(f"outline of {slug}")


def geojson(session: Session, drawn: Drawn) -> Mapping[str, Any]:
    """Return the outline as a GeoJSON feature, with whom to name and the licence."""
    of_it = DistrictOutline.ags == drawn.ags
    south, west, north, east = drawn.box
    return {
        "type": "Feature",
        "id": drawn.ags,
        "bbox": [west, south, east, north],
        "properties": {
            "ags": drawn.ags,
            "name": drawn.name,
            "credit": drawn.credit,
            "licence": str(LICENCE),
            "terms": TERMS[LICENCE],
        },
        "geometry": {
            "type": "MultiPolygon",
            "coordinates": session.scalars(select(DistrictOutline.shape).where(of_it)).one(),
        },
    }


def on_map(session: Session, here: Here) -> Mapping[str, Any]:
    """Tell the map what to draw where courses are looked for; nothing where nothing is loaded.

    The words name the districts of each kind of line: nobody needs to see the lines.
    """
    known = known_outlines(session)
    chosen = [known[one.id] for one in here.chosen if one.id in known][:MOST_OUTLINES]
    around = [known[one.id] for one in here.around if one.id in known]
    around = around[: MOST_OUTLINES - len(chosen)]
    if not chosen and not around:
        return {}
    lines = [_line(one, is_beside=False) for one in chosen]
    lines += [_line(one, is_beside=True) for one in around]
    return {
        "outlines": lines,
        "outline_words": _words(chosen, around),
        "outline_credit": max((*chosen, *around), key=lambda one: one.loaded_year).credit,
        "outline_licence": {"name": str(LICENCE), "terms": TERMS[LICENCE]},
    }


def _line(drawn: Drawn, *, is_beside: bool) -> Mapping[str, Any]:
    address = url_for("catalogue.outline_version", district=drawn.slug, version=drawn.version)
    return {"name": drawn.name, "url": address, "box": drawn.box, "is_beside": is_beside}


def _words(chosen: Sequence[Drawn], around: Sequence[Drawn]) -> str:
    def names(some: Sequence[Drawn]) -> str:
        return ", ".join(one.name for one in some)

    words = []
    if chosen:
        words.append(_("Durchgezogene Linie: %(districts)s.", districts=names(chosen)))
    if around:
        words.append(_("Gestrichelte Linie: %(districts)s.", districts=names(around)))
    return " ".join(words)
