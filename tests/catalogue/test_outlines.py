"""Lines of districts on the map: who is drawn, where the outlines lie, and how long they hold."""

import json
from dataclasses import replace

import pytest

from kursliste.app import create_app
from kursliste.catalogue import outlines
from kursliste.domain.outline import Outline
from kursliste.domain.permissions import Actor
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.remembering import forget_all
from kursliste.infrastructure.shelf import Shelf
from kursliste.masterdata.boundary_files import Boundaries
from kursliste.masterdata.reference_actions import load_boundaries
from tests.builders import a_district
from tests.publishing.scene import a_scene

PLACES = "/suche/orte.json"
OPERATOR = Actor.system("Befehlszeile")
GOERLITZ, WEIMAR = "14626", "16055"


def a_square(west: float) -> Outline:
    ring = [(west, 51.0), (west + 1, 51.0), (west + 1, 52.0), (west, 52.0), (west, 51.0)]
    return Outline([[ring]])


@pytest.fixture
def scene(session, settings):
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course(title="Eins", town="Zittau", postcode="02763", level_from="A1")
    scene.publish()
    a_district(session, "weimar", ags=WEIMAR)
    with transaction(session):
        pass
    return scene


def load(session, *, west: float = 14.0, year: int = 2026) -> None:
    pairs = {GOERLITZ: {WEIMAR}, WEIMAR: {GOERLITZ}}
    drawn = {GOERLITZ: a_square(west), WEIMAR: a_square(west - 1)}
    with transaction(session):
        load_boundaries(session, Boundaries(pairs, drawn), year=year, actor=OPERATOR)
    forget_all()


def drawn_on(client, query: str) -> list[tuple[str, bool]]:
    found = client.visit(f"{PLACES}{query}").json
    return [(one["name"], one["is_beside"]) for one in found.get("outlines", [])]


def test_without_boundaries_the_map_is_as_before(client, scene):
    assert set(client.visit(f"{PLACES}?kreis=goerlitz").json) == {"places", "nowhere", "more"}
    assert client.visit("/kurslisten/goerlitz/umriss.geojson").status_code == 404
    assert client.visit("/kurslisten/goerlitz/umriss/0.geojson").status_code == 404


def test_the_chosen_districts_and_their_neighbours_are_drawn(client, session, scene):
    load(session)
    assert drawn_on(client, "") == []
    assert drawn_on(client, "?kreis=goerlitz") == [("Landkreis Goerlitz", False)]
    assert drawn_on(client, "?kreis=goerlitz&nachbarn=1") == [
        ("Landkreis Goerlitz", False),
        ("Landkreis Weimar", True),
    ]
    assert drawn_on(client, "?kreis=weimar&kreis=goerlitz") == [
        ("Landkreis Weimar", False),
        ("Landkreis Goerlitz", False),
    ]


def test_words_name_the_districts_and_whom_the_licence_wants_to_be_named(client, session, scene):
    load(session, year=2025)
    found = client.visit(f"{PLACES}?kreis=goerlitz&nachbarn=1").json
    assert found["outline_words"] == (
        "Durchgezogene Linie: Landkreis Goerlitz. Gestrichelte Linie: Landkreis Weimar."
    )
    assert found["outline_credit"] == "© GeoBasis-DE / BKG 2025 (Daten verändert)"
    assert found["outline_licence"] == {
        "name": "dl-de/by-2-0",
        "terms": "https://www.govdata.de/dl-de/by-2-0",
    }
    assert found["outlines"][0]["box"] == [51, 14, 52, 15]
    english = client.visit(f"{PLACES}?kreis=goerlitz&sprache=en").json
    assert english["outline_words"] == "Solid line: Landkreis Goerlitz."


def test_no_more_districts_are_drawn_than_a_map_bears(client, session, scene, monkeypatch):
    load(session)
    monkeypatch.setattr(outlines, "MOST_OUTLINES", 1)
    assert drawn_on(client, "?kreis=goerlitz&nachbarn=1") == [("Landkreis Goerlitz", False)]


def address_of(client) -> str:
    return str(client.visit(f"{PLACES}?kreis=goerlitz").json["outlines"][0]["url"])


def test_an_outline_is_geojson_that_holds_for_ever(client, session, scene):
    load(session)
    address = address_of(client)
    answer = client.visit(address)
    assert answer.headers["Content-Type"] == "application/geo+json"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["ETag"].startswith('"')
    assert json.loads(answer.text) == {
        "type": "Feature",
        "id": GOERLITZ,
        "bbox": [14, 51, 15, 52],
        "properties": {
            "ags": GOERLITZ,
            "name": "Landkreis Goerlitz",
            "credit": "© GeoBasis-DE / BKG 2026 (Daten verändert)",
            "licence": "dl-de/by-2-0",
            "terms": "https://www.govdata.de/dl-de/by-2-0",
        },
        "geometry": {
            "type": "MultiPolygon",
            "coordinates": [[[[14, 51], [15, 51], [15, 52], [14, 52], [14, 51]]]],
        },
    }
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.flask.get(address, headers=known).status_code == 304
    assert client.flask.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_address_that_stays_leads_to_the_outline_that_stands(client, session, scene):
    load(session)
    first = address_of(client)
    lasting = client.visit("/kurslisten/goerlitz/umriss.geojson")
    assert (lasting.status_code, lasting.headers["Location"]) == (302, first)
    assert lasting.headers["Cache-Control"] == "public, max-age=300"
    load(session, west=14.5)
    second = address_of(client)
    assert second != first
    moved = client.visit(first)
    assert (moved.status_code, moved.headers["Location"]) == (302, second)


def test_each_encoding_has_a_strong_tag_and_is_answered_from_memory(
    client, session, settings, database, scene
):
    load(session)
    address = address_of(client)
    reader = create_app(replace(settings, page_cache_s=5.0), database=database).test_client()
    tags = {}
    for encoding in ("br", "identity"):
        answer = reader.get(address, headers={"Accept-Encoding": encoding})
        tags[encoding] = answer.headers["ETag"]
        assert answer.headers["Cache-Control"].endswith("immutable")
        again = {"Accept-Encoding": encoding, "If-None-Match": tags[encoding]}
        assert reader.get(address, headers=again).status_code == 304
    assert [tag[:1] for tag in tags.values()] == ['"', '"']
    assert tags["br"] == tags["identity"][:-1] + '-br"'


def test_the_map_asks_once_in_a_minute_for_all_outlines(client, session, scene, statements):
    load(session)
    client.visit(f"{PLACES}?kreis=goerlitz&nachbarn=1")
    with statements() as found:
        client.visit(f"{PLACES}?kreis=goerlitz&nachbarn=1")
    assert [one for one in found if "district_outline" in one] == []


@pytest.mark.parametrize("change", [{"name": "Kreis"}, {"sha256": "b" * 64}])
def test_the_address_follows_everything_that_the_outline_says(change):
    drawn = outlines.Drawn(1, GOERLITZ, "goerlitz", "Görlitz", "a" * 64, (51, 14, 52, 15), 2026)
    assert len(drawn.version) == 16
    assert replace(drawn, **change).version != drawn.version
