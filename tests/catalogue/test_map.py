"""The map beside a list: places with their courses, for the same filters; nothing internal."""

from dataclasses import replace

import pytest

from kursliste.catalogue import map_page
from kursliste.domain.course import Visibility
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.settings import Settings, SettingsError
from tests.publishing.scene import FULL_ROW, a_scene

PLACES = "/suche/orte.json"
SHIPPED = {"KURSLISTE_DEMO": "1"}


@pytest.fixture
def scene(session, settings):
    scene = a_scene(session, Shelf(settings.shelf))
    for title, town, postcode in (
        ("Eins", "Zittau", "02763"),
        ("Zwei", "Zittau", "02763"),
        ("Drei", "Niesky", "02906"),
        ("Vier", "Nirgendwo", "99998"),
    ):
        scene.course(title=title, town=town, postcode=postcode, level_from="A1")
    scene.course(**FULL_ROW | {"title": "Geheim", "visibility": Visibility.PROFESSIONALS})
    scene.publish()
    with transaction(session):
        pass
    return scene


def test_courses_of_a_place_stand_together(client, scene):
    found = client.visit(PLACES).json
    assert [(one["name"], one["count"]) for one in found["places"]] == [
        ("Zittau", 2),
        ("Niesky", 1),
    ]
    assert (found["nowhere"], found["more"]) == (1, 0)
    zittau = found["places"][0]
    assert sorted(one["title"] for one in zittau["courses"]) == ["Eins", "Zwei"]
    assert client.visit(zittau["courses"][0]["url"]).status_code == 200
    assert 50 < zittau["lat"] < 51.5


def test_the_map_has_the_filters_of_the_list(client, scene):
    found = client.visit(f"{PLACES}?kreis=goerlitz&ort=Niesky&niveau=A1").json
    assert [one["name"] for one in found["places"]] == ["Niesky"]
    client.get("/suche?ort=Niesky")
    panel = client.page.one("[data-map]")
    assert panel.get("data-map") == f"{PLACES}?ort=Niesky"
    client.get("/kurslisten/goerlitz?ort=Zittau")
    assert client.page.one("[data-map]").get("data-map") == f"{PLACES}?kreis=goerlitz&ort=Zittau"


def test_a_long_search_says_what_is_only_in_the_list(client, scene, monkeypatch):
    monkeypatch.setattr(map_page, "MOST_ON_MAP", 3)
    found = client.visit(PLACES).json
    assert found["more"] == 1
    assert sum(one["count"] for one in found["places"]) + found["nowhere"] == 3


def test_nothing_loads_from_elsewhere_unless_an_operator_says_so(client, settings, monkeypatch):
    def pictures() -> str:
        policy = client.visit("/suche").headers["Content-Security-Policy"]
        return next(part for part in policy.split("; ") if part.startswith("img-src"))

    assert pictures() == "img-src 'self' data:"
    tiles = "https://karte.example/{z}/{x}/{y}.png"
    extensions = client.flask.application.extensions
    monkeypatch.setitem(extensions, "settings", replace(settings, tiles=tiles))
    assert pictures() == "img-src https://karte.example 'self' data:"


@pytest.mark.parametrize(
    "value",
    [
        "http://karte.example/{z}/{x}/{y}.png",
        "https://karte.example/tiles.png",
        "https://nutzer:wort@karte.example/{z}/{x}/{y}",
        "https:///{z}/{x}/{y}",
    ],
)
def test_odd_tile_servers_stop_the_start(value):
    with pytest.raises(SettingsError, match="KURSLISTE_TILES"):
        Settings.from_environment(SHIPPED | {"KURSLISTE_TILES": value})


def test_a_tile_server_is_taken_as_given():
    tiles = "https://karte.example:8443/{z}/{x}/{y}.png?key=1"
    given = Settings.from_environment(
        SHIPPED | {"KURSLISTE_TILES": tiles, "KURSLISTE_TILES_CREDIT": "© Kreis"}
    )
    assert (given.tiles, given.tiles_credit) == (tiles, "© Kreis")
