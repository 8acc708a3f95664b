"""Somebody orders the mail in a language of their own: on a telephone's width, by keyboard alone.

List, course, order and confirmation; axe looks at each page, and no text of ours is left in German.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe

from kursliste.web.languages import LANGUAGES
from scripts.languages import read
from tests.browser.pages import NARROW, RULES, SCROLLS, Person
from tests.browser.test_finding import Keyboard

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
Look = Callable[[str], None]
SHORT = {"EOK", "UE"}
"""What the legend explains stands there as in the list."""

READER = "leserin@example.org"
LINK = re.compile(r"/abo/[\w-]{43}\S*")
SPOKEN = """() => {
  const found = [];
  const walk = node => {
    if (node.nodeType === Node.TEXT_NODE) { found.push(node.data.trim()); return; }
    if (node.nodeType !== Node.ELEMENT_NODE || /^(script|style)$/.test(node.localName)) return;
    if (node !== document.documentElement && node.hasAttribute("lang")) return;
    for (const name of ["aria-label", "title", "placeholder", "alt", "data-label"])
      if (node.getAttribute(name)) found.push(node.getAttribute(name));
    node.childNodes.forEach(walk);
  };
  walk(document.documentElement);
  return [...new Set(found.filter(text => text))];
}"""
"""Every text that the page says in its own language."""


@pytest.fixture
def reader(chromium, fresh_site, people) -> Iterator[Person]:
    """Somebody with a telephone's width and only a keyboard."""
    person = Person(chromium, fresh_site.base_url, None)
    people.append(person)
    person.page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # two numbers
    yield person
    assert person.complaints == []


def german_of(code: str) -> set[str]:
    """Our German texts that read otherwise in a language."""
    pairs = ((one.id, one.string) for one in read(code) if isinstance(one.id, str) and one.id)
    return {german for german, other in pairs if german != other}


def left_german(person: Person, code: str) -> list[str]:
    """Our texts that a page of another language says in German."""
    said = {text.rstrip(": ") for text in person.page.evaluate(SPOKEN)}
    return sorted((said - SHORT) & {text.rstrip(": ") for text in german_of(code)})


def faults_of(person: Person, code: str) -> list[str]:
    """What is wrong with the page as somebody of that language has it."""
    language, root = LANGUAGES[code], person.page.locator("html")
    options = {"runOnly": list(RULES), "resultTypes": ["violations"]}
    violations = Axe().run(person.page, options=options).response["violations"]
    found = [f"{one['id']} {node['target']}" for one in violations for node in one["nodes"]]
    spoken = (root.get_attribute("lang"), root.get_attribute("dir") or "ltr")
    if spoken != (language.tag, language.direction):
        found.append(f"speaks {spoken}")
    if person.page.evaluate(SCROLLS) > 0:
        found.append("scrolls sideways")
    return [*found, *(f"German: {text}" for text in left_german(person, code))]


@pytest.mark.parametrize("code", ["uk", "ar"])
def test_a_reader_finds_a_course_and_orders_the_mail(reader, fresh_site, code):
    faults: dict[str, list[str]] = {}

    def look(where: str) -> None:
        faults[where] = faults_of(reader, code)

    reader.go(f"/kurslisten/goerlitz?sprache={code}")
    orders(reader, look)
    address = LINK.search(fresh_site.mails(READER)[-1].get_content())
    assert address is not None
    reader.go(address[0])
    confirms_and_leaves(reader, look, code)
    for where in (address[0], f"/gibt-es-nicht?sprache={code}"):
        reader.go(where)
        look(where)
    assert {where: found for where, found in faults.items() if found} == {}


def orders(reader: Person, look: Look) -> None:
    """From the list by a course to the order."""
    look("list")
    keys = Keyboard(reader)
    keys.follow("main a[href*='/kurse/']")
    look("course")
    keys.follow(".breadcrumbs a[href*='/kurslisten/goerlitz']")
    keys.follow("main a[href*='/goerlitz/abo']")
    look("order")
    keys.reach("main form button[type=submit]")
    keys.send()
    look("order without an address")
    assert reader.page.locator(".error-summary").count() == 1
    keys.reach("#email")
    reader.page.keyboard.type(READER)
    keys.send()
    look("ordered")


def confirms_and_leaves(reader: Person, look: Look, code: str) -> None:
    """From the link of the mail to the end."""
    keys = Keyboard(reader)
    look("confirm")
    keys.reach("main form button[type=submit]")
    keys.send()
    look("confirmed")
    assert reader.page.locator("#mails_in").input_value() == code
    keys.follow("main a[href*='/abbestellen']")
    look("end")
    keys.reach("main form button[type=submit]")
    keys.send()
    look("ended")


def test_the_check_finds_what_is_left_in_german(reader):
    reader.go("/kurslisten/goerlitz/abo")
    assert "Per E-Mail bestellen" in left_german(reader, "uk")
    assert "speaks ('de', 'ltr')" in faults_of(reader, "ar")
