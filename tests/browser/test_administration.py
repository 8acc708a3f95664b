"""An administrator at the desk: an app for the sign-in, a new colleague, texts, the journal."""

import time

import pytest

from kursliste.infrastructure import app_codes
from tests.browser.pages import Audit, Person

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(200)]


def code_of_app(secret: str) -> str:
    """What the app on the phone shows now."""
    return app_codes.code_of(secret, int(time.time() // 30))


def test_an_administrator_runs_the_instance_from_the_browser(chromium, site):
    audit = Audit()
    anna = Person(chromium, site.base_url, audit)
    anna.sign_in("admin")
    paper = sets_up_the_app(anna)
    adds_a_colleague_and_shuts_them_out(anna)
    looks_at_mails_and_the_journal(anna)
    edits_what_lists_are_made_of(anna)
    writes_to_everybody(anna)
    anna.go("/konto/bestaetigen?next=/verwaltung")
    anna.fill("Code der App", paper)
    anna.press("Bestätigen")
    assert anna.page.locator("h1").inner_text() == "Verwaltung"
    anna.go("/konto")
    anna.press("App entfernen")
    assert "App für die Anmeldung einrichten" in anna.text()
    anna.context.close()
    assert (audit.faults, anna.complaints) == ([], [])


def sets_up_the_app(anna: Person) -> str:
    """Set the app up and return one of the paper codes."""
    page = anna.page
    anna.go("/konto")
    anna.follow("App einrichten")
    anna.press("Einrichten beginnen")
    secret = "".join(page.locator("dd").first.inner_text().split())
    anna.fill("Code der App", "000 000")
    anna.press("Code prüfen")
    assert "Dieser Code gilt nicht." in anna.text()
    anna.fill("Code der App", code_of_app(secret))
    anna.press("Code prüfen")
    assert page.locator("main code").count() == 10
    paper = page.locator("main code").first.inner_text()
    anna.follow("Ich habe die Codes aufbewahrt")
    assert "Von Ihren Ersatzcodes sind noch 10 gültig." in anna.text()
    return paper


def adds_a_colleague_and_shuts_them_out(anna: Person) -> None:
    """By keyboard as far as the form."""
    page = anna.page
    anna.follow("Verwaltung")
    anna.follow("Personen")
    anna.tab_to(["Person anlegen"])
    anna.enter()
    anna.fill("Vor- und Nachname", "Nora Neu")
    anna.fill("E-Mail-Adresse", "nora")
    anna.press("Anlegen")
    assert "Das ist keine E-Mail-Adresse." in anna.text()
    anna.fill("E-Mail-Adresse", "nora@kursliste.example")
    page.get_by_label("Aufgabe").select_option(label="Koordination Stadt Weimar")
    anna.press("Anlegen")
    page.get_by_label("Name oder E-Mail").fill("nora")
    anna.press("Suchen")
    anna.follow("Nora Neu")
    assert "Koordination Stadt Weimar" in anna.text()
    anna.press("Konto stilllegen")
    assert "Dieses Konto ist stillgelegt." in anna.text()


def looks_at_mails_and_the_journal(anna: Person) -> None:
    """Each has more than one row in the demo world."""
    for address in ("/verwaltung/protokoll?q=Anna", "/verwaltung/postausgang"):
        anna.go(address)
        assert anna.page.locator("tbody tr").count() > 1
    anna.page.locator("tbody th a").first.click()
    anna.page.wait_for_load_state("load")
    assert anna.audit is not None
    anna.audit.look(anna.page)


def edits_what_lists_are_made_of(anna: Person) -> None:
    """A course type by keyboard, with second thoughts; a word; a look at levels and districts."""
    anna.go("/verwaltung")
    anna.follow("Kursarten")
    anna.follow("MiA-Kurs (Migrantinnen einfach stark im Alltag)")
    anna.fill("Gilt bis", "2030-12-31")
    anna.fill("UE", "12")
    anna.press("Weiter")
    assert "12 UE sind sehr wenig." in anna.text()
    anna.press("Weiter bearbeiten")
    assert anna.page.get_by_label("Gilt bis").input_value() == "2030-12-31"
    anna.fill("UE", "")
    anna.tab_to(["Weiter"])
    anna.enter()
    anna.tab_to(["So speichern"])
    anna.enter()
    assert "gilt bis 31.12.2030" in anna.text()
    anna.go("/verwaltung/kursarten/MIA")
    anna.fill("Neues Wort", "beendet geglaubt")
    anna.press("Wort hinzufügen")
    assert "„beendet geglaubt“ steht ab jetzt für" in anna.page.locator("body").inner_text()
    for address in ("/verwaltung/kursarten/neu", "/verwaltung/niveaus", "/verwaltung/niveaus/B1",
                    "/verwaltung/status/voll", "/verwaltung/kreise", "/verwaltung/kreise/goerlitz",
                    "/verwaltung/kreise/goerlitz/listen/neu"):  # fmt: skip
        anna.go(address)
    anna.go("/verwaltung/kreise/neu")
    anna.press("Weiter")
    assert "Name: Diese Angabe fehlt." in anna.text()


def writes_to_everybody(anna: Person) -> None:
    """An imprint, and an announcement that is taken down again."""
    anna.go("/verwaltung/texte/impressum")
    anna.fill("Text", "## Landratsamt\n\nBahnhofstraße 24")
    anna.press("Speichern")
    assert anna.page.locator("main h2").first.inner_text() == "Landratsamt"
    anna.go("/verwaltung/ankuendigungen")
    anna.fill("Text", "Am Freitag ab 18 Uhr Wartung")
    anna.press("Ankündigen")
    assert anna.page.locator(".announcement").inner_text() == "Am Freitag ab 18 Uhr Wartung"
    anna.press("Entfernen")
