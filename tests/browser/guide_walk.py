"""The ways that the guides describe, walked in a browser: their pictures come from here.

The test walks them to see that every step and every button of the guides exists; ``make
screenshots`` walks them to take the pictures that are shipped.
"""

from collections.abc import Callable, Iterator

from tests.browser.pages import Person
from tests.browser.site import Site

PERSON, COORDINATOR = "traeger-goerlitz-1", "koordination-goerlitz"
NOTE = "Ruft lieber an. Meldet die Zahlen immer erst am Monatsende."


def walk(site: Site, somebody: Callable[[Site], Person]) -> Iterator[tuple[Person, str]]:
    """Go through the guide step by step; yield the person and the name of the picture, if any.

    Where there is no picture the name is empty: the page is only one that the guide speaks of.
    """
    office = somebody(site)
    office.sign_in(PERSON)
    yield office, ""
    office.follow("Meldung für")
    yield office, ""
    office.press("Meldung beginnen")
    yield office, "meldung"
    office.page.locator(".row-menu summary").first.click()
    yield office, ""
    office.press("Weiter: prüfen und einreichen")
    yield office, ""
    office.press("Alle übrigen bestätigen und einreichen")
    yield office, "angekommen"
    office.go("/meldungen")
    office.follow("Plätze oder Status melden")
    yield office, "zwischenmeldung"
    office.follow("Orte und Personen")
    yield office, "traeger"


def walk_desk(site: Site, somebody: Callable[[Site], Person]) -> Iterator[tuple[Person, str]]:
    """Go through the coordinators' guide, as :func:`walk` does through the other."""
    desk = somebody(site)
    desk.sign_in(COORDINATOR)
    yield desk, "koordination-pruefung"
    desk.follow("Bildungswerk Mandaublick gGmbH")
    desk.fill("Neue Notiz", NOTE)
    desk.press("Notiz speichern")
    yield desk, "koordination-meldung"
    desk.follow("Prüfung")
    desk.follow("Veröffentlichen")
    yield desk, "koordination-veroeffentlichen"
    desk.follow("Prüfung")
    desk.follow("Übergabe an Vertretung oder Nachfolge")
    yield desk, "koordination-uebergabe"


def walk_advice(site: Site, somebody: Callable[[Site], Person]) -> Iterator[tuple[Person, str]]:
    """Go through the counsellors' guide, as :func:`walk` does through the other."""
    adviser = somebody(site)
    adviser.go("/")
    adviser.follow("Welcher Kurs passt zu mir?")
    yield adviser, ""
    adviser.fill("Ihre Postleitzahl", "02826")
    adviser.press("Kurse finden")
    yield adviser, "beratung-passend"
    adviser.go("/suche?kreis=goerlitz")
    for button in adviser.page.get_by_role("button", name="Merken").all()[:2]:
        button.click()
    yield adviser, ""
    adviser.page.locator(".results a").first.click()
    yield adviser, ""
    adviser.follow("Merkliste (2)")
    yield adviser, "beratung-merkliste"
    adviser.follow("Handzettel drucken")
    yield adviser, ""


def walk_office(site: Site, somebody: Callable[[Site], Person]) -> Iterator[tuple[Person, str]]:
    """Go through the administrators' guide, as :func:`walk` does through the other."""
    office = somebody(site)
    office.sign_in("admin")
    office.go("/verwaltung")
    yield office, "verwaltung-start"
    office.follow("Personen")
    yield office, ""
    office.follow("Person anlegen")
    office.go("/verwaltung/kursarten/IK-ALPHA")
    yield office, "verwaltung-kursart"


def picture(person: Person, scene: str, path: str) -> None:
    """Take a picture of the page from its heading on; of the house from its venues on."""
    # High enough that what sticks to the lower edge of the window stays out of the picture.
    person.page.set_viewport_size({"width": 1120, "height": 1600})
    person.page.evaluate("window.scrollTo(0, 0)")
    start = person.page.locator("#kursorte" if scene == "traeger" else "h1").bounding_box()
    top = max((start["y"] if start else 0) - 16, 0)
    person.page.screenshot(path=path, clip={"x": 0, "y": top, "width": 1120, "height": 640})
