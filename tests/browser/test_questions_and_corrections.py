"""Two questions at once, two kinds of answers, a correction, an objection: there and back."""

import re

import pytest

from kursliste.demo.places import PROVIDERS
from tests.browser.pages import Person
from tests.browser.site import Site
from tests.browser.test_journeys import _report

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]

BY_VALUE, BY_WORDS = "Sind noch Plätze frei?", "Gibt es Ferien?"
STAYS = "Stimmt so, weil wir durchmachen."
OBJECTION = "Nein, der Raum ist erst später frei."


def test_two_questions_and_a_correction_go_there_and_back(somebody, fresh_site):
    office, desk = somebody(fresh_site), somebody(fresh_site)
    _report(office, "traeger-nordhausen-1")
    at_office = office.page.url
    desk.sign_in("koordination-nordhausen")
    desk.follow(PROVIDERS["nordhausen"][0].name)
    at_desk = desk.page.url

    _ask(desk)
    first, _second, everything = _links_of_the_mail(fresh_site)
    assert everything == f"{at_office}/rueckfragen"
    _answer(office, first, everything)
    desk.go(at_desk)
    assert re.search("geändert: .* → 1", desk.text())
    assert STAYS in desk.text()

    _correct(desk)
    _object(office, fresh_site)
    desk.go(at_desk)
    assert "Nicht einverstanden (1)" in desk.text()
    assert OBJECTION in desk.text()
    desk.press("erledigt", within=desk.page.locator("#widersprueche ~ dl").first)
    assert "Der Widerspruch ist erledigt." in desk.text()
    assert "Nicht einverstanden (1)" not in desk.text()


def _ask(desk: Person) -> None:
    desk.follow("Rückfrage stellen")
    desk.page.select_option("#f0-reported_course_id", index=1)
    desk.page.select_option("#f0-attribute", "seats_free")
    desk.page.fill("#f0-text", BY_VALUE)
    desk.page.fill("#f1-text", BY_WORDS)
    desk.press("Rückfragen senden")
    assert "Ihre 2 Rückfragen an" in desk.text()


def _links_of_the_mail(site: Site) -> list[str]:
    words = site.mails("traeger-nordhausen-1@kursliste.example")[-1].get_content()
    assert BY_VALUE in words
    assert BY_WORDS in words
    return [line for line in words.splitlines() if line.startswith("http")]


def _answer(office: Person, first: str, everything: str) -> None:
    office.go(first)
    assert BY_VALUE in office.text()
    assert BY_WORDS not in office.text()
    office.go(everything)
    office.page.locator("input[name$=-seats_free]").fill("1")
    office.page.locator("textarea").nth(1).fill(STAYS)
    office.press("Antworten und Meldung wieder einreichen")
    assert "und die Meldung ist wieder eingereicht." in office.text()


def _correct(desk: Person) -> None:
    for summary in desk.page.locator("main details > summary").all():
        summary.click()
    desk.follow("berichtigen")
    desk.fill("Zeit von", "06:15")
    desk.fill("Warum?", "laut Aushang")
    desk.press("Berichtigen")
    assert "berichtigt, noch nicht beantwortet" in desk.text()


def _object(office: Person, site: Site) -> None:
    told = site.mails("traeger-nordhausen-1@kursliste.example")[-1].get_content()
    assert "→ 06:15" in told
    assert "Warum: laut Aushang" in told
    office.go(next(line for line in told.splitlines() if line.startswith("http")))
    assert "Von der Koordination geändert" in office.text()
    office.follow(re.compile("^nicht einverstanden"))
    office.fill("Was stimmt nicht?", OBJECTION)
    office.press("Absenden")
    mail = site.mails("koordination-nordhausen@kursliste.example")[-1]
    assert OBJECTION in mail.get_content()
