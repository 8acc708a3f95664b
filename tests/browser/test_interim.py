"""Seats that change between two editions: how long it takes a provider to say so."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_provider_says_that_a_course_is_full_in_one_click_and_enter(somebody):
    office = somebody()
    office.sign_in("traeger-weimar-1")
    office.clicks = office.loads = 0

    office.follow("Plätze oder Status melden")
    office.fill("frei", "0")
    office.enter()

    assert (office.clicks, office.loads) == (1, 2)
    assert "Gespeichert. In der Kursliste steht jetzt bei" in office.text()
    office.follow(re.compile("^ansehen"))
    row = office.page.locator(office.page.url[office.page.url.index("#") :])
    assert "0 frei, ausgebucht" in row.inner_text()
