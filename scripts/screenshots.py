"""Make the pictures of README and guides from a fresh demo world: ``make screenshots``."""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import sync_playwright

from scripts.smaller_png import shrink
from tests.browser.conftest import FLAGS, executable
from tests.browser.guide_walk import picture, walk, walk_advice, walk_desk, walk_office
from tests.browser.pages import Person
from tests.browser.site import running

DOCS = Path(__file__).resolve().parent.parent / "docs"
IMAGES, GUIDES = DOCS / "images", DOCS / "anleitungen" / "bilder"
LARGEST_KB = 150


def main() -> None:
    """Take the README's pictures at 1280 x 900, those of a guide on its way."""
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
        (folder / "guide").mkdir()
        with running(f"sqlite:///{folder}/guide.db", folder / "guide") as site:
            for way in (walk_desk, walk, walk_advice, walk_office):
                for person, scene in way(site, lambda at: Person(browser, at.base_url, None)):
                    if scene:
                        picture(person, scene, str(GUIDES / f"{scene}.png"))
                        _shrink(GUIDES / f"{scene}.png")
        browser.close()


def _take(person: Person, name: str) -> None:
    path = IMAGES / f"{name}.png"
    person.page.screenshot(path=path)
    _shrink(path)


def _shrink(path: Path) -> None:
    shrink(path)
    size = path.stat().st_size // 1024
    print(f"{path.name}: {size} kB")
    if size > LARGEST_KB:
        raise SystemExit(f"{path.name} is larger than {LARGEST_KB} kB")


if __name__ == "__main__":
    main()
