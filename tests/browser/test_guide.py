"""The guide for providers tells the truth: its buttons exist, its pictures can be taken."""

import re

import pytest

from kursliste.settings import resource_dir
from kursliste.web.guides import FOLDER, PICTURES
from tests.browser.guide_walk import walk, walk_advice, walk_desk, walk_office

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TEXT, DESK_TEXT, ADVICE_TEXT, OFFICE_TEXT = (
    (resource_dir(FOLDER) / f"{name}.md").read_text(encoding="utf-8")
    for name in ("traeger", "koordination", "beratung", "verwaltung")
)
ELSEWHERE = {
    "Meldung ändern",  # once the coordinator has decided: tests/reporting/test_revision.py
    "Derzeit keine Kurse: so einreichen",  # without courses: tests/reporting/test_routes.py
}


def test_every_button_that_the_guide_names_stands_on_its_way(somebody, fresh_site):
    seen, pictures = "", set()
    for person, scene in walk(fresh_site, somebody):
        seen += " " + " ".join(person.page.locator("body").inner_text().split())
        pictures.add(scene)

    # Words in bold are names of buttons and links; what introduces a paragraph ends with a mark.
    named = {name for name in re.findall(r"\*\*([^*]+)\*\*", TEXT) if name[-1] not in "?.:"}
    assert {name for name in named if name not in seen} == ELSEWHERE
    assert pictures - {""} == pictures_of(TEXT)


def test_the_coordinators_pictures_stand_on_their_way(somebody, fresh_site):
    pictures = {scene for _person, scene in walk_desk(fresh_site, somebody)}
    assert pictures == pictures_of(DESK_TEXT)


def test_a_counsellor_goes_the_way_of_the_guide(somebody, fresh_site):
    pictures = {scene for _person, scene in walk_advice(fresh_site, somebody)}
    assert pictures == pictures_of(ADVICE_TEXT) | {""}


def test_an_administrator_goes_the_way_of_the_guide(somebody, fresh_site):
    pictures = {scene for _person, scene in walk_office(fresh_site, somebody)}
    assert pictures == pictures_of(OFFICE_TEXT) | {""}


def pictures_of(text: str) -> set[str]:
    return set(re.findall(rf"\]\({PICTURES}/([a-z-]+)\.png\)", text))


def test_the_guide_is_one_click_away_for_who_reports(somebody):
    office = somebody()
    office.sign_in("traeger-nordhausen-1")
    office.follow("Anleitung")
    assert office.page.locator("h1").inner_text() == "Anleitung für Träger: Kurse melden"
    widths = office.page.evaluate(
        "[...document.querySelectorAll('main img')].map(picture => picture.naturalWidth)"
    )
    assert len(widths) == 4
    assert min(widths) > 0
