"""Chromium and a running demo world. While Playwright is open, asyncio.run fails in this thread."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import postgres
from tests.browser.hostile_world import poison
from tests.browser.pages import ALL_LOOKS, LOOKS, Audit, Person
from tests.browser.site import Site, running

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def executable() -> str:
    """Return the program to start; fail with words where there is none."""
    named = os.environ.get("KURSLISTE_CHROMIUM")  # noqa: TID251 -- not an app setting
    path = named or next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "no Chromium: install the package chromium or set KURSLISTE_CHROMIUM"
    return path


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the one that KURSLISTE_CHROMIUM names."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(tmp_path_factory, demo_world) -> Iterator[Site]:
    """The demo world on SQLite."""
    folder = tmp_path_factory.mktemp("site")
    url = f"sqlite:///{folder}/kursliste.db"
    with running(url, folder, template=demo_world) as started:
        yield started


@pytest.fixture
def postgres_site(tmp_path, postgres_server, worker_name, people) -> Iterator[Site]:
    """The demo world on PostgreSQL."""
    with postgres.new_database(postgres_server, f"browser_{worker_name}") as url:
        address = url.render_as_string(hide_password=False)
        with running(address, tmp_path) as started:
            yield started
            _send_home(people)


@pytest.fixture(scope="package")
def looked_at() -> set[str]:
    """The kinds of pages that some test has looked at; no kind is looked at twice."""
    return set()


@pytest.fixture
def audit(looked_at, pytestconfig) -> Iterator[Audit]:
    """Looks at every page that a person of the test sees."""
    is_full = pytestconfig.getoption("--nightly")
    audit = Audit(seen=looked_at, looks=ALL_LOOKS if is_full else LOOKS)
    yield audit
    assert audit.faults == []


@pytest.fixture
def people() -> list[Person]:
    """Everybody who has a browser open; a site that closes sends them home first."""
    return []


@pytest.fixture
def somebody(chromium, site, audit, people) -> Iterator[Callable[..., Person]]:
    """Return a maker of persons, each with a browser of their own."""

    def make(at: Site = site, *, scripts: bool = True) -> Person:
        person = Person(chromium, at.base_url, audit if scripts else None, scripts=scripts)
        people.append(person)
        return person

    yield make
    _send_home(people)
    assert [complaint for person in people for complaint in person.complaints] == []


def _send_home(people: list[Person]) -> None:
    for person in people:
        person.context.close()


@pytest.fixture(scope="package")
def demo_world(tmp_path_factory) -> Path:
    """The folder of a demo world that nobody uses; sites begin as a copy of it."""
    folder = tmp_path_factory.mktemp("demo")
    with running(f"sqlite:///{folder}/kursliste.db", folder):
        pass
    return folder


@pytest.fixture
def fresh_site(tmp_path, demo_world, people) -> Iterator[Site]:
    """A demo world of its own, for a test that changes what others count on."""
    url = f"sqlite:///{tmp_path}/kursliste.db"
    with running(url, tmp_path, template=demo_world) as started:
        yield started
        _send_home(people)


@pytest.fixture(scope="package")
def hostile_world(tmp_path_factory, demo_world) -> Path:
    """The folder of a demo world whose every field holds hostile words."""
    folder = tmp_path_factory.mktemp("hostile") / "world"
    shutil.copytree(demo_world, folder)
    poison(folder)
    return folder


@pytest.fixture(scope="package")
def hostile_site(tmp_path_factory, hostile_world) -> Iterator[Site]:
    """A site whose every field holds hostile words."""
    folder = tmp_path_factory.mktemp("hostile-site")
    with running(f"sqlite:///{folder}/kursliste.db", folder, template=hostile_world) as started:
        yield started
