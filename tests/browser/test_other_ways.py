"""Without a mouse, and without JavaScript."""

import pytest

from kursliste.demo.places import PROVIDERS

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_tab_and_enter_are_enough_from_the_sign_in_to_the_receipt(somebody, site):
    person = somebody()
    person.audit = None  # the same pages are looked at elsewhere
    person.go("/anmelden")
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.activeElement.innerText") == "Zum Inhalt springen"
    person.page.keyboard.press("Enter")
    assert person.page.evaluate("document.activeElement.id") == "inhalt"
    person.tab_to([PROVIDERS["weimar"][0].name])
    person.enter()
    person.tab_to(["Meldung beginnen"])
    person.enter()
    person.tab_to(["Alle übrigen unverändert bestätigen"])
    person.enter()
    person.tab_to(["Weiter: prüfen und einreichen"])
    person.enter()
    person.tab_to(["Jetzt einreichen"])
    person.enter()
    assert "Ihre Meldung ist angekommen." in person.text()
    person.tab_to(["Meldung zurücknehmen"])
    person.enter()  # the next test wants to submit it again


def test_a_provider_reports_without_javascript(somebody):
    person = somebody(scripts=False)
    person.sign_in("traeger-weimar-1")
    person.follow("Meldung für")
    box = person.page.locator("input[name$=-seats_taken]").first
    box.fill("7")
    person.press("Speichern und bestätigen")
    assert "1 Kurs gespeichert und bestätigt." in person.text()
    person.press("Weiter: prüfen und einreichen")
    person.page.get_by_role("button", name="einreichen").first.click()
    assert "Ihre Meldung ist angekommen." in person.text()
