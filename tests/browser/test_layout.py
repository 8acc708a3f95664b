"""A coordinator decides how the list looks: on a phone, in the dark, without JavaScript."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_layout_is_chosen_changed_looked_at_and_kept_without_javascript(somebody):
    looking = somebody()  # the pages are looked at where scripts may run
    looking.sign_in("koordination-nordhausen")
    looking.follow("Layout der Kursliste ändern")
    person = somebody(scripts=False)
    person.sign_in("koordination-nordhausen")
    person.follow("Layout der Kursliste ändern")
    person.follow("Ausführlich, wie in Weimar")
    page = person.page
    page.get_by_label("Eigene Überschrift: Titel").fill("Angebot")
    page.get_by_label("Platz: Titel").fill("5")
    page.get_by_label("Text über der Liste").fill("Willkommen in Nordhausen")
    person.press("Vorschau zeigen")
    preview = page.locator(".layout-preview")
    assert "Willkommen in Nordhausen" in preview.inner_text()
    assert preview.locator("thead th").first.inner_text() == "Angebot"
    assert page.get_by_label("Platz: Titel").input_value() == "10"
    page.get_by_text("Nicht gedruckt (", exact=False).click()
    page.get_by_label("Wo: Träger").select_option(label="weglassen")
    person.press("Speichern")
    assert "wer den Kurs anbietet (Träger): fehlt in der ganzen Liste" in person.text()
    page.get_by_label("Das ist so gemeint", exact=False).check()
    person.press("Speichern")
    assert "Das Layout ist gespeichert." in person.text()
