"""Where borders are loaded, the map draws districts; names stand in words, nobody else is asked."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.pages import Audit, Person
from tests.browser.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

GOERLITZ, WEIMAR = "14626", "16055"
SOLID, DASHED = ".map-outline:not(.map-outline--beside)", ".map-outline--beside"
STROKE = "path => getComputedStyle(path).stroke"


def district(ags: str, west: float, east: float) -> dict[str, object]:
    """A district between two meridians, with a hole in it and an exclave in the north."""

    def ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
        return [[west, south], [east, south], [east, north], [west, north], [west, south]]

    hole = ring(west + 0.2, 51.1, west + 0.3, 51.2)
    polygons = [[ring(west, 50.8, east, 51.5), hole], [ring(west, 51.6, west + 0.1, 51.7)]]
    geometry = {"type": "MultiPolygon", "coordinates": polygons}
    return {"type": "Feature", "properties": {"ags": ags}, "geometry": geometry}


@pytest.fixture
def with_borders(fresh_site, tmp_path: Path) -> Site:
    """A demo world whose two districts lie side by side, whatever the maps say."""
    path = tmp_path / "kreise.geojson"
    features = [district(GOERLITZ, 14.4, 15.0), district(WEIMAR, 13.8, 14.4)]
    path.write_text(json.dumps({"features": features}))
    fresh_site.run("reference", "load-boundaries", str(path), "--year", "2026")
    return fresh_site


def open_map(page: Page, path: str) -> list[str]:
    """Open the map of a page; return the addresses that were asked for since."""
    page.goto(path)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("[data-map] > summary").focus()
    page.keyboard.press("Enter")
    page.locator(".map-mark").first.wait_for()
    return asked


def test_the_district_of_a_list_is_drawn_under_its_places(
    with_borders: Site, somebody: Callable[..., Person]
) -> None:
    reader = somebody(with_borders)
    page = reader.page
    page.goto("/kurslisten/goerlitz")
    before = [one for one in page.content().split('"') if "umriss" in one]
    assert before == []
    asked = open_map(page, "/kurslisten/goerlitz")
    page.locator(SOLID).wait_for(state="attached")
    assert (page.locator(".map-outline").count(), page.locator(DASHED).count()) == (1, 0)
    assert page.locator(".map-outline").get_attribute("d").count("M") == 3  # type: ignore[union-attr]  # outer ring, hole and exclave
    assert page.locator(".map-district").all_inner_texts() == ["Landkreis Görlitz"]
    words = page.locator(".map-lines").inner_text()
    assert words == (
        "Durchgezogene Linie: Landkreis Görlitz. "
        "© GeoBasis-DE / BKG 2026 (Daten verändert), dl-de/by-2-0"
    )
    outlines = [one for one in asked if one.endswith(".geojson")]
    assert len(outlines) == 1
    assert {urlsplit(one).netloc for one in asked} == {urlsplit(with_borders.base_url).netloc}
    marks, lines = (
        int(page.locator(f".leaflet-{pane}-pane").evaluate("pane => getComputedStyle(pane).zIndex"))
        for pane in ("marker", "outlines")
    )
    assert marks > lines
    look = Audit()
    look.look(page)
    assert look.faults == []


def test_lines_follow_the_scheme_and_the_colours_of_the_reader(
    with_borders: Site, somebody: Callable[..., Person]
) -> None:
    page = somebody(with_borders).page
    page.emulate_media(color_scheme="light")
    open_map(page, "/suche?kreis=goerlitz")
    line = page.locator(SOLID)
    line.wait_for(state="attached")
    light = line.evaluate(STROKE)
    page.emulate_media(color_scheme="dark")
    dark = line.evaluate(STROKE)
    assert light != dark
    page.emulate_media(color_scheme="light", forced_colors="active")
    page.evaluate("document.body.style.setProperty('--text', 'rgb(1, 2, 3)')")
    system = page.evaluate(
        "() => { const p = document.createElement('p'); p.style.color = 'CanvasText';"
        " document.body.append(p); return getComputedStyle(p).color; }"
    )
    assert line.evaluate(STROKE) == system


def test_neighbours_that_are_searched_have_a_dashed_line_and_are_named(
    with_borders: Site, somebody: Callable[..., Person]
) -> None:
    page = somebody(with_borders).page
    open_map(page, "/suche?kreis=goerlitz&nachbarn=1")
    page.locator(DASHED).wait_for(state="attached")
    page.locator(SOLID).wait_for(state="attached")
    dashes = page.locator(DASHED).evaluate("path => getComputedStyle(path).strokeDasharray")
    assert dashes == "7px, 5px"
    assert sorted(page.locator(".map-district").all_inner_texts()) == [
        "Landkreis Görlitz",
        "Stadt Weimar",
    ]
    assert (
        page.locator(".map-lines")
        .inner_text()
        .startswith("Durchgezogene Linie: Landkreis Görlitz. Gestrichelte Linie: Stadt Weimar. ©")
    )


def test_a_search_everywhere_draws_no_district(
    with_borders: Site, somebody: Callable[..., Person]
) -> None:
    page = somebody(with_borders).page
    asked = open_map(page, "/suche")
    page.wait_for_load_state("networkidle")
    assert [one for one in asked if one.endswith(".geojson")] == []
    assert (page.locator(".map-outline").count(), page.locator(".map-lines").count()) == (0, 0)


def test_a_line_that_cannot_be_loaded_leaves_the_map_whole(
    with_borders: Site, somebody: Callable[..., Person]
) -> None:
    page = somebody(with_borders).page
    page.route("**/umriss/*.geojson", lambda route: route.fulfill(status=404, body=""))
    open_map(page, "/kurslisten/goerlitz")
    page.wait_for_load_state("networkidle")
    assert page.locator(".map-outline").count() == 0
    page.locator(".map-mark").first.focus()


def test_names_of_districts_stay_words(with_borders: Site, somebody: Callable[..., Person]) -> None:
    page = somebody(with_borders).page
    bad = "<img src=x onerror=window.ran=1>"
    line = {
        "name": bad,
        "url": "/umriss/0.geojson",
        "box": [50.8, 14.4, 51.5, 15],
        "is_beside": False,
    }
    told = {
        "places": [], "nowhere": 0, "more": 0, "outlines": [line], "outline_words": bad,
        "outline_credit": bad, "outline_licence": {"name": bad, "terms": "/suche"},
    }  # fmt: skip
    shape = {"type": "MultiPolygon", "coordinates": [[[[14, 51], [15, 51], [15, 52], [14, 51]]]]}
    page.route("**/suche/orte.json*", lambda route: route.fulfill(json=told))
    page.route(
        "**/umriss/*.geojson",
        lambda route: route.fulfill(json={"type": "Feature", "properties": {}, "geometry": shape}),
    )
    page.goto("/suche?kreis=goerlitz")
    page.locator("[data-map] > summary").click()
    page.locator(".map-outline").wait_for(state="attached")
    assert page.locator(".map-district").inner_text() == bad
    assert bad in page.locator(".map-lines").inner_text()
    assert page.evaluate("window.ran") is None
    assert page.locator(".map img").count() == 0
