"""A district's website shows the list in an iframe; it comes from another origin."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.site import Site

FORGED = 77
HEIGHTS = "[...document.querySelectorAll('iframe')].map(frame => parseInt(frame.style.height) || 0)"
FITS = """
  () => [...document.querySelectorAll("iframe")].every(frame => parseInt(frame.style.height) > 400)
"""
HIDDEN = "() => document.documentElement.scrollHeight - document.documentElement.clientHeight"
AS_BEFORE = "height => parseInt(document.querySelector('#erste').style.height) === height"
SHORTER = "before => parseInt(document.querySelector('#erste').style.height) < before"
FORGED_BY_THE_PAGE = f"window.postMessage({{kursliste: 'height', height: {FORGED}}}, '*')"
FORGED_BY_A_FRAME = f"""() => {{
  const words = `parent.postMessage({{kursliste: "height", height: {FORGED}}}, "*")`;
  const other = document.createElement("iframe");
  other.srcdoc = "<script>" + words + "</" + "script>";
  document.body.append(other);
}}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def website(tmp_path) -> Iterator[tuple[str, Path]]:
    """A web server of somebody else: its address, and the folder that it hands out."""
    folder = tmp_path / "website"
    folder.mkdir()
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}", folder
        server.shutdown()
        thread.join()


def lines_of(page: Page, address: str) -> str:
    """What the coordinator copies from our page."""
    page.goto(address)
    return page.get_by_label("Mit Skript").input_value()


@dataclass
class Visit:
    """Somebody on the website, which shows a whole list and a part of it."""

    page: Page
    address: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def heights(self) -> list[int]:
        """What the script gave to the iframes, in pixels."""
        return list(self.page.evaluate(HEIGHTS))


@pytest.fixture
def visit(chromium: Browser, site: Site, website: tuple[str, Path]) -> Iterator[Visit]:
    address, folder = website
    context = chromium.new_context(viewport={"width": 700, "height": 700}, locale="de-DE")
    page = context.new_page()
    page.set_default_timeout(10_000)
    visit = Visit(page, address)
    page.on("console", lambda message: visit.complaints.append(message.text))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("request", lambda request: visit.asked.append(request.url))
    help_page = f"{site.base_url}/kurslisten/goerlitz/einbinden"
    whole = lines_of(page, help_page).replace("<iframe", '<iframe id="erste"')
    part = lines_of(page, f"{help_page}?gruppe=Integrationskurse")
    (folder / "favicon.ico").write_bytes(b"")
    (folder / "kurse.html").write_text(
        '<!doctype html><html lang="de"><meta charset="utf-8"><title>Landkreis</title>'
        f"<h1>Kurse</h1>{whole}<p>dazwischen</p>{part}",
        encoding="utf-8",
    )
    page.goto(f"{address}/kurse.html")
    page.locator("iframe").last.scroll_into_view_if_needed()
    page.wait_for_function(FITS)
    yield visit
    assert context.cookies() == []
    ours = (site.base_url, address, "data:", "about:")
    assert [url for url in visit.asked if not url.startswith(ours)] == []
    assert visit.complaints == []
    context.close()


def test_a_website_shows_lists_at_their_whole_height(visit: Visit) -> None:
    whole, part = visit.heights
    assert whole > part
    page, frame = visit.page, visit.page.frame_locator("#erste")
    assert frame.locator("html").evaluate(HIDDEN) == 0

    # A filter works inside, and what is left is shown from its beginning.
    frame.get_by_text("Kurse filtern").click()
    frame.get_by_label("Ort", exact=True).select_option("Zittau")
    frame.get_by_role("button", name="Kurse zeigen").click()
    page.wait_for_function(SHORTER, arg=whole)
    assert "ort=Zittau" in page.frames[1].url
    assert page.url == f"{visit.address}/kurse.html"
    assert page.locator("#erste").evaluate("e => e.getBoundingClientRect().top") > -1
    frame.get_by_text("Alle Filter aufheben").click()
    page.wait_for_function(AS_BEFORE, arg=whole)


@pytest.mark.asvs("3.5.5")
def test_only_the_list_itself_sets_its_height_and_leads_away(visit: Visit, site: Site) -> None:
    page = visit.page
    page.evaluate(FORGED_BY_THE_PAGE)
    page.evaluate(FORGED_BY_A_FRAME)
    page.wait_for_timeout(300)
    assert FORGED not in visit.heights

    frame = page.frame_locator("#erste")
    frame.get_by_role("link", name="Diese Liste auf einer eigenen Seite").click()
    page.wait_for_url(f"{site.base_url}/kurslisten/goerlitz")


def test_the_embedded_list_is_readable_at_300_pixels(somebody, site) -> None:
    reader = somebody()
    reader.page.set_viewport_size({"width": 300, "height": 700})
    reader.page.goto("/einbetten/goerlitz")
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert reader.page.evaluate(wider) <= 0
    for path in (
        "/einbetten/goerlitz",
        "/kurslisten/goerlitz/traeger",
        "/kurslisten/goerlitz/einbinden",
    ):
        reader.go(path)
