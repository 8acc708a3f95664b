"""The map opens beside the list, by keyboard too, and until then nothing of it is loaded."""

from collections.abc import Iterator

import pytest

from tests.browser.pages import Audit, Person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(200)]


@pytest.fixture
def reader(chromium, site) -> Iterator[Person]:
    person = Person(chromium, site.base_url, Audit())
    yield person
    person.context.close()


@pytest.mark.parametrize("path", ["/suche?kreis=goerlitz", "/kurslisten/goerlitz"])
def test_the_map_shows_places_that_lead_to_courses(reader, path):
    page = reader.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path)
    assert [address for address in asked if "leaflet" in address] == []
    page.locator("[data-map] > summary").focus()
    page.keyboard.press("Enter")
    page.locator(".map-mark").first.wait_for()
    reader.audit.look(page)
    marks = page.locator(".map-mark")
    assert marks.count() >= 2
    names = " ".join(marks.all_inner_texts())
    assert "Kurs" in names
    marks.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(700)
    if page.locator(".leaflet-popup-content a").count() == 0:  # a bundle of places came apart
        page.locator(".map-mark").first.focus()
        page.keyboard.press("Enter")
    page.locator(".leaflet-popup-content a").first.click()
    page.wait_for_url("**/kurse/**")
    assert reader.audit.faults == []
    assert reader.complaints == []


def test_a_map_that_cannot_load_says_so(reader):
    page = reader.page
    page.route("**/suche/orte.json*", lambda route: route.fulfill(status=500, body="{}"))
    page.goto("/suche?kreis=goerlitz")
    page.locator("[data-map] > summary").click()
    page.get_by_text("Die Karte lässt sich gerade nicht zeigen.").wait_for()


@pytest.mark.asvs("3.2.2")
def test_words_of_others_stay_words_on_the_map(reader):
    page = reader.page
    bad = "<img src=x onerror=window.ran=1>"
    course = {"title": bad, "facts": bad, "url": "/suche"}
    place = {"lat": 51.15, "lon": 14.98, "name": bad, "count": 1, "courses": [course]}
    told = {"places": [place], "nowhere": 0, "more": 0}
    page.route("**/suche/orte.json*", lambda route: route.fulfill(json=told))
    page.goto("/suche?kreis=goerlitz")
    page.locator("[data-map] > summary").click()
    page.locator(".map-mark").click()
    page.locator(".leaflet-popup-content").wait_for()
    assert bad in page.locator(".leaflet-popup-content").inner_text()
    assert bad in page.locator(".map-name").inner_text()
    assert page.evaluate("window.ran") is None
    assert page.locator(".map img").count() == 0
