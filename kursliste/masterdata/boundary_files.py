"""Files of districts that an operator has: GeoJSON in WGS 84, as the BKG offers VG250."""

import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kursliste.domain.outline import Net, Outline, Shape
from kursliste.masterdata.place_files import DIGITS, GERMANY, UnreadableFileError, text_of

WATER: Final = frozenset({"1", "2"})
"""``GF`` of VG250 for parts of a district that lie in a lake or in the sea: nobody draws them."""


@dataclass(frozen=True)
class Boundaries:
    """What follows from a file of districts, by AGS: who is beside whom, and what to draw."""

    neighbours: Mapping[str, AbstractSet[str]]
    outlines: Mapping[str, Outline] = field(default_factory=dict)


@dataclass(frozen=True)
class _Part:
    """An entry of the file; a district has one for its land and may have one for its water."""

    ags: str
    is_water: bool
    shape: Shape


def read_boundaries(path: Path) -> Boundaries:
    """Return which districts of a GeoJSON file have a border with which, and their outlines.

    Two districts are neighbours if an edge of their outlines is the same: the outlines of the BKG
    are cut from one net. Raises UnreadableFileError for anything else.
    """
    try:
        stored = json.loads(text_of(path))
        features = list(stored["features"])
    except (json.JSONDecodeError, KeyError, TypeError, RecursionError):
        raise UnreadableFileError("Das ist keine GeoJSON-Datei mit Kreisen.") from None
    parts = [_part(number, feature) for number, feature in enumerate(features, start=1)]
    if not parts:
        raise UnreadableFileError("In der Datei steht kein Kreis.")
    net = Net((part.ags, part.shape) for part in parts)
    found = net.neighbours()
    if len(found) > 1 and not any(found.values()):
        raise UnreadableFileError(
            "Kein Kreis der Datei grenzt an einen anderen. Nehmen Sie Grenzen aus einem Netz, "
            "zum Beispiel VG250 des BKG."
        )
    return Boundaries(found, dict(_outlines(net, parts)))


def _outlines(net: Net, parts: list[_Part]) -> Iterator[tuple[str, Outline]]:
    land: dict[str, list[Any]] = {}
    for part in parts:
        if not part.is_water:
            land.setdefault(part.ags, []).extend(part.shape)
    for ags, shape in land.items():
        outline = net.outline(shape)
        if outline is not None:
            yield ags, outline


def _part(number: int, feature: Any) -> _Part:
    try:
        properties = {str(k).lower(): v for k, v in feature["properties"].items()}
        ags, geometry = str(properties["ags"]), feature["geometry"]
        kind = geometry["type"]
    except (KeyError, TypeError, AttributeError):
        raise UnreadableFileError(
            f"Eintrag {number} hat keinen Schlüssel (AGS) oder keine Grenze."
        ) from None
    if len(ags) != DIGITS or not (ags.isascii() and ags.isdigit()):
        raise UnreadableFileError(
            f"Eintrag {number}: „{ags[:20]}“ ist kein Kreisschlüssel mit fünf Ziffern."
        )
    if kind not in {"Polygon", "MultiPolygon"}:
        raise UnreadableFileError(f"Eintrag {number} ist keine Fläche.")
    return _Part(ags, str(properties.get("gf", "")) in WATER, _shape(number, geometry))


def _shape(number: int, geometry: Mapping[str, Any]) -> Shape:
    try:
        told = geometry["coordinates"]
        polygons = [told] if geometry["type"] == "Polygon" else told
        shape = [
            [[(float(p[0]), float(p[1])) for p in ring] for ring in polygon] for polygon in polygons
        ]
    except (KeyError, TypeError, ValueError, IndexError):
        raise UnreadableFileError(f"Die Grenze von Eintrag {number} ist nicht lesbar.") from None
    (south, north), (west, east) = GERMANY
    corners = (corner for polygon in shape for ring in polygon for corner in ring)
    if not all(west <= lon <= east and south <= lat <= north for lon, lat in corners):
        raise UnreadableFileError(
            f"Die Grenze von Eintrag {number} steht nicht in Grad oder liegt nicht in "
            "Deutschland. Nehmen Sie die Datei in WGS 84 (EPSG:4326)."
        )
    return shape
