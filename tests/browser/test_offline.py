"""A list that somebody keeps is read without a network; nothing else is ever kept."""

import re
from collections.abc import Iterator

import pytest

from tests.browser.pages import NARROW, Audit, Person
from tests.browser.site import running

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(200)]
LIST = "/kurslisten/goerlitz"
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const text = await (await cache.match(request)).text();
      found.push([new URL(request.url).pathname, text]);
    }
  }
  return found;
}"""


@pytest.fixture
def reader(chromium, site) -> Iterator[Person]:
    audit = Audit()
    person = Person(chromium, site.base_url, audit)
    yield person
    person.context.close()
    assert audit.faults == []


def keep(person: Person, path: str = LIST) -> None:
    """Open a list and press the button."""
    person.go(path)
    person.page.locator("[data-keep]").click()
    person.page.locator("[data-remove]").wait_for(state="visible")


def offline(person: Person, path: str) -> str:
    """Open a page without a network, and return what it says."""
    person.context.set_offline(offline=True)
    person.page.goto(path)
    text = person.page.locator("body").inner_text()
    person.context.set_offline(offline=False)
    return text


def test_a_kept_list_is_read_without_a_network_with_its_date(reader):
    page = reader.page
    page.set_viewport_size(NARROW)
    keep(reader)
    assert "Auf diesem Gerät gespeichert am" in page.locator("[data-offline-keep]").inner_text()
    courses = page.locator("[data-course]").count()
    text = offline(reader, LIST)
    banner = r"\s*Ohne Netz\. Stand der Liste: (\S+), gespeichert am \d\d\.\d\d\.\d{4}, \d\d:\d\d\."
    told = re.match(banner, text)
    assert told is not None
    assert f"Stand: {told.group(1)}" in text
    assert page.locator("[data-course]").count() == courses > 5
    width = page.evaluate("getComputedStyle(document.querySelector('.site-head')).display")
    assert width != "inline"  # the style sheets are there
    text = offline(reader, f"{LIST}?ort=Zittau")
    assert "Ohne Netz." in text
    text = offline(reader, "/suche?q=alpha")
    assert "Gespeicherte Listen" in text
    page.get_by_role("link", name=re.compile("Görlitz")).first.wait_for()
    reader.go("/offline")


FAULTS = """() => {
  self.faults = [];
  const real = ExtendableEvent.prototype.waitUntil;
  ExtendableEvent.prototype.waitUntil = function (work) {
    try { real.call(this, work); } catch (error) { self.faults.push(String(error)); throw error; }
  };
}"""
SLOW = """() => {
  const quick = self.fetch;
  self.fetch = (...given) => new Promise((done) => setTimeout(() => done(quick(...given)), 20000));
}"""


def test_a_network_that_is_too_slow_is_waited_for_only_with_pages_that_are_not_kept(reader):
    page = reader.page
    keep(reader)
    (worker,) = reader.context.service_workers
    worker.evaluate(FAULTS)
    worker.evaluate(SLOW)
    page.goto(LIST, timeout=15_000)
    assert page.locator("body").inner_text().lstrip().startswith("Ohne Netz. Stand der Liste:")
    page.goto("/kurslisten/weimar", timeout=45_000)
    page.wait_for_timeout(2_000)  # the first answer came while the second page was waited for
    assert worker.evaluate("self.faults") == []
    assert "Ohne Netz." not in page.locator("body").inner_text()


def test_it_is_removed_as_it_was_kept(reader):
    page = reader.page
    keep(reader)
    page.locator("[data-remove]").click()
    page.locator("[data-keep]").wait_for(state="visible")
    assert page.evaluate(KEPT) == []


@pytest.mark.asvs("3.5.5", "14.3.3")
def test_nothing_internal_is_kept(reader):
    page = reader.page
    reader.sign_in("koordination-goerlitz")
    keep(reader)
    for path in ("/kurslisten/goerlitz/intern", "/konto", "/pruefung/goerlitz", LIST):
        reader.go(path)
    kept = page.evaluate(KEPT)
    pages = sorted(path for path, _text in kept if not path.startswith("/static/"))
    assert pages == [LIST, "/offline"]
    marks = ('class="account__name', "Abmelden", "csrf_token")
    assert [path for path, text in kept if any(mark in text for mark in marks)] == []
    for wanted in (
        {"address": "/konto", "offline": "/offline"},
        {"address": LIST, "offline": "/konto"},
    ):
        with pytest.raises(Exception, match="refused"):
            page.evaluate(
                """async wanted => {
              const worker = (await navigator.serviceWorker.ready).active;
              const channel = new MessageChannel();
              const answer = new Promise(done => { channel.port1.onmessage = e => done(e.data); });
              worker.postMessage({ does: "keep", ...wanted }, [channel.port2]);
              if (!(await answer).done) { throw new Error("refused"); }
            }""",
                wanted,
            )


GROW_OLD = """async text => {
  const cache = await caches.open("kursliste-offline-1");
  for (const key of await cache.keys()) {
    const old = await cache.match(key), headers = new Headers(old.headers);
    if (key.url.includes("/static/")) { await cache.delete(key); continue; }
    headers.set("X-Kept-At", "1000");
    await cache.put(key, new Response(text || await old.text(), { headers }));
  }
  await cache.put("/static/old.css?v=1", new Response("old"));
}"""
PATHS = """async () => (await (await caches.open("kursliste-offline-1")).keys())
  .map(request => new URL(request.url).pathname)"""


def test_a_newer_edition_takes_its_place_with_its_files(reader):
    page = reader.page
    keep(reader)
    before = sorted(page.evaluate(PATHS))
    assert any(path.endswith(".woff2") for path in before)
    page.evaluate(GROW_OLD, '<body data-banner="alt {day}">alt')
    assert "01.01.1970" in offline(reader, LIST)
    reader.go(LIST)
    page.wait_for_function(f"async () => !(await ({PATHS})()).includes('/static/old.css')")
    assert sorted(page.evaluate(PATHS)) == before
    assert "01.01.1970" not in offline(reader, LIST)


@pytest.mark.parametrize("status", [404, 410])
def test_a_list_that_is_gone_goes_from_the_device(reader, status):
    page = reader.page
    keep(reader)
    page.evaluate(GROW_OLD, "")
    reader.context.route(f"**{LIST}?*", lambda route: route.fulfill(status=status, body="weg"))
    reader.go("/suche")
    page.wait_for_function("async () => !(await caches.keys()).length")


def test_an_operator_switches_it_off(chromium, tmp_path, demo_world):
    url = f"sqlite:///{tmp_path}/kursliste.db"
    with running(url, tmp_path, template=demo_world, KURSLISTE_OFFLINE="0") as site:
        person = Person(chromium, site.base_url, None)
        person.go(LIST)
        assert person.page.locator("[data-offline-keep]").count() == 0
        person.page.evaluate(
            """async () => {
              await caches.open("kursliste-offline-1");
              await navigator.serviceWorker.register("/sw.js");
            }"""
        )
        person.page.wait_for_function(
            """async () => !(await caches.keys()).length
              && !(await navigator.serviceWorker.getRegistration())"""
        )
        person.context.close()


def test_without_scripts_nothing_is_promised(chromium, site):
    person = Person(chromium, site.base_url, None, scripts=False)
    person.go(LIST)
    assert person.page.locator("[data-keep]").is_hidden()
    person.context.close()
