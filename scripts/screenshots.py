"""Make the pictures of docs/images from a fresh demo world: ``make screenshots``."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import sync_playwright

from scripts.smaller_png import shrink
from tests.browser.conftest import FLAGS, executable
from tests.browser.pages import Person
from tests.browser.site import running

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
LARGEST_KB = 150


def main() -> None:
    """Take each picture at 1280 x 900, not the whole page."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=executable(), args=list(FLAGS))
        with running(f"sqlite:///{folder}/kursliste.db", folder) as site:
            anybody, desk, office = (Person(browser, site.base_url, None) for _ in range(3))
            anybody.go("/kurslisten/goerlitz")
            _take(anybody, "kursliste")
            desk.sign_in("koordination-goerlitz")
            _take(desk, "pruefung")
            office.sign_in("traeger-goerlitz-1")
            office.press("Meldung beginnen")
            _take(office, "meldung")
        browser.close()


def _take(person: Person, name: str) -> None:
    path = IMAGES / f"{name}.png"
    person.page.screenshot(path=path)
    shrink(path)
    size = path.stat().st_size // 1024
    print(f"{path.name}: {size} kB")
    if size > LARGEST_KB:
        raise SystemExit(f"{path.name} is larger than {LARGEST_KB} kB")


if __name__ == "__main__":
    main()
