"""Files of districts: who is beside whom, what is drawn, what is refused, what is kept."""

import hashlib
import json

import pytest
from sqlalchemy import select

from kursliste.domain.permissions import Actor
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.boundary_files import Boundaries, read_boundaries
from kursliste.masterdata.place_files import UnreadableFileError
from kursliste.masterdata.reference_actions import load_boundaries
from kursliste.models import DistrictOutline

OPERATOR = Actor.system("Befehlszeile")


def a_file(folder, text: str):
    path = folder / "kreise.geojson"
    path.write_text(text, encoding="utf-8")
    return path


def square(ags: str, west: float, **more) -> dict[str, object]:
    ring = [[west, 51], [west + 1, 51], [west + 1, 52], [west, 52], [west, 51]]
    geometry = {"type": "Polygon", "coordinates": [ring]} | more
    return {"type": "Feature", "properties": {"AGS": ags, "GEN": "Kreis"}, "geometry": geometry}


def districts(folder, *features):
    text = json.dumps({"type": "FeatureCollection", "features": list(features)})
    return a_file(folder, text)


def test_who_shares_an_edge_is_a_neighbour(tmp_path):
    islands = square("00003", 12.0)
    islands["geometry"] = {
        "type": "MultiPolygon",
        "coordinates": [square("x", 12.0)["geometry"]["coordinates"]],  # type: ignore[index]  # ours
    }
    found = read_boundaries(
        districts(tmp_path, square("00001", 10.0), square("00002", 11.0), islands)
    )
    assert found.neighbours == {"00001": {"00002"}, "00002": {"00001", "00003"}, "00003": {"00002"}}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("[]", "keine GeoJSON"),
        ("{", "keine GeoJSON"),
        ("[" * 200_000, "keine GeoJSON"),
        ('{"features": []}', "kein Kreis"),
        ('{"features": [{"properties": {}, "geometry": {"type": "Polygon"}}]}', "keinen Schlüssel"),
        ('{"features": [7]}', "keinen Schlüssel"),
    ],
)
def test_another_geojson_is_refused(tmp_path, content, why):
    with pytest.raises(UnreadableFileError, match=why):
        read_boundaries(a_file(tmp_path, content))


@pytest.mark.parametrize(
    ("feature", "why"),
    [
        (square("DE123", 10.0), "kein Kreisschlüssel"),
        (square("00001", 10.0, type="Point"), "keine Fläche"),
        (square("00001", 10.0, coordinates=[["x"]]), "nicht lesbar"),
        (square("00001", 583_000.0), "WGS 84"),
    ],
)
def test_odd_districts_are_refused(tmp_path, feature, why):
    with pytest.raises(UnreadableFileError, match=why):
        read_boundaries(districts(tmp_path, feature))


def test_districts_from_different_nets_are_refused(tmp_path):
    with pytest.raises(UnreadableFileError, match="grenzt an einen anderen"):
        read_boundaries(districts(tmp_path, square("00001", 8.0), square("00002", 10.0)))


# ---- what is drawn


def part(ags: str, west: float, gf: object = None) -> dict[str, object]:
    feature = square(ags, west)
    if gf is not None:
        feature["properties"] = {"AGS": ags, "GF": gf}
    return feature


def test_a_district_has_an_outline_and_its_water_has_none(tmp_path):
    sea, lake = part("00001", 11.0, 2), part("00002", 8.0, "1")
    found = read_boundaries(
        districts(tmp_path, part("00001", 10.0, 4), sea, lake, part("00003", 12.0))
    )
    assert {ags: one.box for ags, one in found.outlines.items()} == {
        "00001": (51, 10, 52, 11),
        "00003": (51, 12, 52, 13),
    }
    assert found.neighbours == {"00001": {"00003"}, "00002": set(), "00003": {"00001"}}


def test_two_entries_of_a_district_are_one_outline(tmp_path):
    found = read_boundaries(districts(tmp_path, square("00001", 10.0), square("00001", 12.0)))
    assert len(found.outlines["00001"].shape) == 2


def outlines(session) -> list[tuple[object, ...]]:
    columns = (DistrictOutline.ags, DistrictOutline.loaded_year, DistrictOutline.west)
    query = select(*columns).order_by(DistrictOutline.ags)
    return [tuple(row) for row in session.execute(query)]


def test_loading_keeps_outlines_and_replaces_those_of_before(session, tmp_path):
    both = read_boundaries(districts(tmp_path, square("00001", 10.0), square("00002", 11.0)))
    with transaction(session):
        assert load_boundaries(session, both, year=2025, actor=OPERATOR) == 1
    assert outlines(session) == [("00001", 2025, 10), ("00002", 2025, 11)]
    kept = session.get(DistrictOutline, "00001")
    assert (kept.south, kept.west, kept.north, kept.east) == (51, 10, 52, 11)
    ring = [[10, 51], [11, 51], [11, 52], [10, 52], [10, 51]]
    assert sorted(kept.shape[0][0][:-1]) == sorted(ring[:-1])
    assert kept.sha256 == hashlib.sha256(json.dumps([kept.shape, 2025]).encode()).hexdigest()
    one = read_boundaries(districts(tmp_path, square("00001", 9.0)))
    with transaction(session):
        assert load_boundaries(session, one, year=2026, actor=OPERATOR) == 0
    assert outlines(session) == [("00001", 2026, 9)]
    with transaction(session):
        load_boundaries(session, Boundaries({}), year=2026, actor=OPERATOR)
    assert outlines(session) == []
