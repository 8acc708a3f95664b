"""A counsellor at the internal list: filter, note, save a search; by keyboard where it matters."""

import re

import pytest

from tests.browser.pages import Audit, Person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(200)]


def test_a_counsellor_notes_and_saves(chromium, site):
    audit = Audit()
    berta = Person(chromium, site.base_url, audit)
    berta.sign_in("beratung-goerlitz")
    berta.follow("Interne Liste")
    page = berta.page
    assert page.locator("h1").inner_text() == "Interne Liste Landkreis Görlitz"
    page.locator(".result__title a").first.click()
    berta.fill("Neue Notiz", "Nimmt auch im laufenden Modul auf.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Die Notiz ist gespeichert.").wait_for()
    berta.audit.look(page)  # type: ignore[union-attr]  # given above
    berta.press("Löschen")
    assert page.get_by_text("Nimmt auch im laufenden Modul auf.").count() == 0
    berta.go("/suche?kreis=goerlitz&niveau=B1")
    berta.follow(re.compile("Suche speichern"))
    berta.fill("Name der Suche", "B1 im Kreis")
    berta.press("Suche speichern")
    assert page.locator("h2").first.inner_text() == "B1 im Kreis"
    berta.press("Löschen")
    assert "noch keine Suche gespeichert" in page.locator("main").inner_text()
    berta.context.close()
    assert (audit.faults, berta.complaints) == ([], [])
