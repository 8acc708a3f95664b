"""What people do in front of the pages, and what every page they see must keep."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
ALL_LOOKS = ((WIDE, "light"), (WIDE, "dark"), (NARROW, "dark"), (NARROW, "light"))
LOOKS = ((WIDE, "light"), (NARROW, "dark"))
"""Each width and each scheme once; the other two pairs belong to the full tier."""
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SCROLLS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
EXPECTED_REFUSAL = "the server responded with a status of 4"


@dataclass
class Audit:
    """What is wrong with the pages that were seen; each kind of page is looked at once."""

    seen: set[str] = field(default_factory=set)
    looks: Sequence[tuple[dict[str, int], str]] = LOOKS
    faults: list[str] = field(default_factory=list)
    axe: Axe = field(default_factory=Axe)

    def look(self, page: Page) -> None:
        """Check the page as it stands in each of the looks."""
        parts = urlsplit(page.url)
        heading = page.locator("h1").inner_text()
        kind = re.sub(r"\d+", "0", parts.path) + re.sub(r"\d+", "0", heading)
        if kind in self.seen:
            return
        self.seen.add(kind)
        for size, scheme in self.looks:
            page.set_viewport_size(size)  # type: ignore[arg-type]  # two numbers
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # light or dark
            where = f"{parts.path} {size['width']} {scheme}"
            options = {"runOnly": list(RULES), "resultTypes": ["violations"]}
            found = self.axe.run(page, options=options).response["violations"]
            self.faults += [
                f"{where}: {violation['id']} {node['target']}"
                for violation in found
                for node in violation["nodes"]
            ]
            if page.evaluate(SCROLLS) > 0:
                self.faults.append(f"{where}: scrolls sideways")
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # two numbers
        page.emulate_media(color_scheme="light")


class Person:
    """Somebody with a browser of their own; counts the clicks and the pages that load."""

    def __init__(
        self, chromium: Browser, base_url: str, audit: Audit | None, *, scripts: bool = True
    ) -> None:
        self.base_url, self.audit = base_url, audit
        self.context = chromium.new_context(
            base_url=base_url,
            java_script_enabled=scripts,
            locale="de-DE",
            timezone_id="Europe/Berlin",
            viewport=WIDE,  # type: ignore[arg-type]  # two numbers
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.clicks = self.loads = 0
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._requested)
        self.page.on("domcontentloaded", self._loaded)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and EXPECTED_REFUSAL not in message.text:
            self.complaints.append(message.text)

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((self.base_url, "data:", "blob:")):
            self.complaints.append(f"request to {request.url}")

    def _loaded(self, _page: Page) -> None:
        self.loads += 1

    def go(self, path: str) -> "Person":
        """Type an address."""
        self.page.goto(path)
        return self._looked()

    def press(self, name: str, *, within: Locator | None = None) -> "Person":
        """Press the first button of that name and wait for the page behind it."""
        return self._click((within or self.page.locator("body")).get_by_role("button", name=name))

    def follow(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> "Person":
        """Follow the first link of that name."""
        return self._click((within or self.page.locator("body")).get_by_role("link", name=name))

    def _click(self, target: Locator) -> "Person":
        self.clicks += 1
        target.first.click()
        self.page.wait_for_load_state("load")
        return self._looked()

    def _looked(self) -> "Person":
        if self.audit is not None:
            self.audit.look(self.page)
        return self

    def fill(self, label: str, value: str) -> None:
        """Type into the first field whose label begins so."""
        self.page.get_by_label(re.compile(f"^{re.escape(label)}")).first.fill(value)

    def sign_in(self, slug: str) -> "Person":
        """Press the button of a demo person."""
        self.go("/anmelden")
        form = self.page.locator(f"form:has(input[value='{slug}'])")
        return self._click(form.get_by_role("button"))

    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def tab_to(self, words: Iterable[str], *, limit: int = 150) -> None:
        """Press Tab until the focus stands on something with one of these names."""
        wanted = tuple(words)
        for _step in range(limit):
            self.page.keyboard.press("Tab")
            name = self.page.evaluate("document.activeElement.innerText || ''").strip()
            if name.startswith(wanted):
                return
        raise AssertionError(f"the keyboard does not reach {wanted}")

    def enter(self) -> None:
        """Press Enter on what has the focus and wait for the next page."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self._looked()
