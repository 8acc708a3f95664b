"""Without a mouse, and without JavaScript."""

import re

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
    if person.page.get_by_role("button", name="Meldung beginnen").count():
        person.press("Meldung beginnen")  # nobody else on this site has
    box = person.page.locator("input[name$=-seats_taken]").first
    box.fill("7")
    person.press("Speichern und bestätigen")
    assert "1 Kurs gespeichert und bestätigt." in person.text()
    person.press("Weiter: prüfen und einreichen")
    person.page.get_by_role("button", name="einreichen").first.click()
    assert "Ihre Meldung ist angekommen." in person.text()


def test_a_place_from_the_list_fills_the_boxes_at_once(somebody):
    person = somebody()
    person.sign_in("traeger-goerlitz-2")
    person.follow("Rückfrage beantworten")
    person.press("Kurs hinzufügen")
    page = person.page
    page.get_by_label("Kursart").select_option(index=1)
    person.press("Weiter")
    place = page.get_by_label("Kursort aus Ihrer Liste")
    place.select_option(label="Lernladen Markt, Am Komma 2, 02763 Zittau")
    boxes = ["venue_name", "street", "postcode", "town", "wheelchair"]
    filled = ["Lernladen Markt", "Am Komma 2", "02763", "Zittau", ""]
    assert [page.locator(f"#{name}").input_value() for name in boxes] == filled
    page.locator("#street").fill("Am Komma 3")
    assert place.input_value() == ""
    page.get_by_label("Ansprechperson aus Ihrer Liste").select_option(
        label="Prüfungsbüro, 03583 000-24"
    )
    person.fill("Titel", "Deutsch am Markt")
    person.press("Kurs hinzufügen")
    told = "Hinzugefügt: Deutsch am Markt. Neuer Kursort in Ihrer Liste: Lernladen Markt, Zittau."
    assert told in person.text()
    person.follow("Orte und Personen")
    assert "Am Komma 3, 02763 Zittau" in person.text()
    person.follow(re.compile("^Ändern.*Lernladen Markt"))
    for name in ("Angaben ändern", "Ansprechperson hinzufügen", "Person einladen"):
        person.follow("Orte und Personen")
        person.follow(name)
    person.follow("Orte und Personen")
    person.follow(re.compile("^Löschen.*Prüfungsbüro"))
    assert "verschwinden auch aus 1 Kurs" in person.text()
