"""Marked courses side by side and as a handout; kept by the browser, told by the address."""

import io
import re

import pikepdf
import pytest
from pypdf import PdfReader

from kursliste.catalogue import shortlist_routes
from kursliste.catalogue.shortlist_page import MOST, ON_A_HANDOUT, shortlist
from kursliste.domain.calendar import Month
from kursliste.infrastructure.shelf import Shelf
from kursliste.web.brake import Brake
from kursliste.web.languages import LANGUAGES
from tests.publishing.scene import CANARIES, FULL_ROW, HIDDEN, a_scene


@pytest.fixture
def scene(session, settings):
    return a_scene(session, Shelf(settings.shelf))


@pytest.fixture
def keys(scene) -> list[str]:
    """Two public courses and one that nobody may see."""
    rows = [
        scene.course(**FULL_ROW),
        scene.course(title="Alphakurs", price_eur=None, town="Zittau", postcode="02763"),
        scene.course(title="Geheim", visibility=HIDDEN),
    ]
    scene.publish()
    return [row.course_id for row in rows]


def address(page: str, keys: list[str], language: str = "de") -> str:
    return f"/{page}?" + "&".join(f"kurs={key}" for key in keys) + f"&sprache={language}"


def test_courses_stand_in_the_order_of_marking_and_say_where_they_differ(session, keys):
    first, second, hidden = keys
    found = shortlist(session, [second, first, "NIEMALS", hidden, second, ""])
    assert [one.course_id for one in found.courses] == [second, first]
    assert found.unknown == ["NIEMALS", hidden]
    differing = {row.label: row.differs for row in found.rows}
    assert differing["Wo?"]


def test_it_takes_two_statements_however_many_are_marked(session, keys, statements):
    shortlist(session, keys[:1])
    with statements() as seen:
        shortlist(session, keys)
    assert len([one for one in seen if one.startswith("SELECT")]) <= 2


def test_too_many_are_left_out_and_counted(session, keys):
    made_up = [f"K{number:05}" for number in range(MOST)]
    found = shortlist(session, [*made_up, keys[0]])
    assert (len(found.courses), found.left_out) == (0, 1)


def test_the_page_compares_and_names_what_it_does_not_know(client, keys):
    client.get(address("merkliste", [*keys, "NIEMALS"]))
    text = client.page.text()
    assert "2 Kurse, nebeneinander." in text
    assert f"Diese Kurse kennt keine Liste: {keys[2]}, NIEMALS" in text
    assert "verschieden" in text
    assert CANARIES.search(client.response.text) is None
    assert client.response.headers["Cache-Control"] == "private, no-store"


def test_an_empty_list_says_how_to_mark(client, keys):
    client.get("/merkliste")
    assert "Drücken Sie bei einem Kurs auf „Merken“." in client.page.text()
    client.get("/handzettel")
    assert "merken Sie sich zuerst einen Kurs" in client.page.text()
    client.get("/handzettel.pdf", status=404)


def test_a_course_that_left_the_list_stays_and_says_so(client, scene, keys):
    scene.month(Month(2027, 1))
    scene.course(title="Ein anderer")
    scene.publish(month=Month(2027, 1))
    client.get(address("merkliste", keys[:1]))
    assert "nicht mehr in der Liste" in client.page.text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_handout_speaks_the_language_on_page_and_paper(client, keys, language):
    client.get(address("handzettel", keys[:2], language))
    spoken = LANGUAGES[language]
    [begin] = re.findall("<html[^>]*>", client.response.text)
    assert f'lang="{spoken.tag}"' in begin
    assert ('dir="rtl"' in begin) == (spoken.direction == "rtl")
    assert "Integrationskurs am Vormittag" in client.page.text()

    client.get(address("handzettel.pdf", keys[:2], language))
    assert client.response.mimetype == "application/pdf"
    assert f"handzettel-{language}.pdf" in client.response.headers["Content-Disposition"]
    with pikepdf.open(io.BytesIO(client.response.data)) as document:
        assert str(document.Root.Lang).split("-")[0] == spoken.tag.split("-")[0]
        assert document.Root.MarkInfo.Marked
    pages = PdfReader(io.BytesIO(client.response.data)).pages
    words = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Integrationskurs am Vormittag" in words
    assert CANARIES.search(words) is None


def test_only_the_first_four_fit_on_a_handout(client, scene):
    rows = [scene.course(title=f"Kurs {number}") for number in range(ON_A_HANDOUT + 1)]
    scene.publish()
    client.get(address("handzettel", [row.course_id for row in rows]))
    assert len(client.page.select("section.handout-course")) == ON_A_HANDOUT


def test_a_program_that_prints_without_end_has_to_wait(client, keys, monkeypatch):
    monkeypatch.setattr(shortlist_routes, "handouts", Brake(1))
    client.get(address("handzettel.pdf", keys[:1]))
    client.get(address("handzettel.pdf", keys[:1]), status=429)
    assert "Versuchen Sie es in einer Stunde noch einmal" in client.page.text()
