"""That public pages say nothing in German to somebody who asked for another language."""

import pytest

from kursliste.infrastructure.shelf import Shelf
from kursliste.web import languages
from kursliste.web.interim_words import words_now
from tests.catalogue.test_routes import LIST
from tests.publishing.scene import FULL_ROW, a_scene
from tests.readers.scenes import publish, two_months
from tests.speaking import NAMES, Marked, words


@pytest.fixture
def scene(session, settings, monkeypatch):
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course(**FULL_ROW)
    scene.publish()
    scene.publish(seen=1, reason="Der Ort war falsch")
    monkeypatch.setattr(languages, "catalogue", lambda _code: Marked())
    return scene


PAGES = (
    "/",
    "/suche",
    "/suche?q=integration&niveau=B1",
    "/suche?q=nirgends",
    "/merkliste",
    "/kurs-finden",
    LIST,
    f"{LIST}?niveau=C1",
    f"{LIST}/2026-12/1",
    f"{LIST}/ausgaben",
    f"{LIST}/traeger",
    "/einbetten/goerlitz",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_nothing_that_nobody_could_translate(client, scene, path):
    client.get(f"{path}{'&' if '?' in path else '?'}sprache=en")

    assert "⟦" in client.page.html
    assert sorted(words(client.page.root) - NAMES) == []


def test_the_page_of_a_course_says_nothing_that_nobody_could_translate(client, scene, session):
    course_id = scene.report.courses[0].course_id
    client.get(f"/kurse/{course_id}?sprache=en")

    assert sorted(words(client.page.root) - NAMES) == []


def test_the_check_finds_what_is_not_marked(client, scene):
    """A page for staff is German only."""
    client.get("/anmelden")

    assert {"anmelden", "adresse"} & (words(client.page.root) - NAMES)


def test_a_filter_is_taken_away_in_the_language_of_the_page(client, scene):
    client.get(f"{LIST}?sprache=uk&niveau=B1&q=integration")

    assert [link.get("href") for link in client.page.select(".chip")] == [
        f"{LIST}?sprache=uk&q=integration",
        f"{LIST}?sprache=uk&niveau=B1",
        f"{LIST}?sprache=uk",
    ]


def test_an_embedded_list_speaks_as_its_website_says(client, scene):
    headers = {"Accept-Language": "uk"}
    client.get("/einbetten/goerlitz", headers=headers)
    assert client.page.root.get("lang") == "de"

    client.get("/einbetten/goerlitz?sprache=ar", headers=headers)
    assert (client.page.root.get("lang"), client.page.root.get("dir")) == (
        "ar",
        "rtl",
    )
    assert {a.get("target") for a in client.page.select(".languages__list a")} == {"_self"}

    client.get(f"{LIST}/einbinden?sprache=ar&frei=1")
    assert client.page.one("iframe").get("src") == "/einbetten/goerlitz?frei=1&sprache=ar"
    assert "/einbetten/goerlitz?frei=1&amp;sprache=ar" in client.page.texts("textarea")[0]


@pytest.fixture
def two_editions(session, settings, monkeypatch):
    """November and December: a course is new, one changed in all that readers are told."""
    scene = two_months(session, Shelf(settings.shelf))
    publish(scene, mails=False)
    monkeypatch.setattr(languages, "catalogue", lambda _code: Marked())
    return scene


OF_TWO_MONTHS = NAMES | {"abendkurs", "sommerkurs", "kurs", "markt", "zittau"}


def test_news_say_nothing_that_nobody_could_translate(client, two_editions):
    client.get(f"{LIST}?sprache=en")
    news = client.page.one(".news-list")
    assert sorted(words(news) - OF_TWO_MONTHS) == []
    told = client.page.texts(".news-list .sub")
    assert any("⟦Beginn⟧: 14.12.2026" in text for text in told)
    typed = {one.text for one in client.page.select(".news-list [lang=de]")}
    assert {"Abendkurs", "Kurs am Markt", "Zittau"} <= typed


def test_what_changed_in_a_course_says_nothing_that_nobody_could_translate(
    client, two_editions, session
):
    later = next(c for c in two_editions.report.courses if c.title == "Abendkurs")
    client.get(f"/kurse/{later.course_id}?sprache=en")
    assert "⟦Was sich geändert hat⟧" in client.page.text()
    assert sorted(words(client.page.root) - OF_TWO_MONTHS) == []


def test_what_a_provider_told_since_speaks():
    published = {"seats_free": 3, "status": "offen"}
    with languages.speaking("uk"):
        assert words_now(published, {"seats_free": 0, "status": "voll"}, "немає місць") == (
            "вільних місць: 0, немає місць"
        )
    assert words_now(published, {"seats_free": 0, "status": "offen"}, "") == "0 frei"
