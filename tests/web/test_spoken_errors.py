"""Pages for what goes wrong speak as the page that led to them; those of staff are German."""

import pytest
from sqlalchemy.exc import OperationalError

from kursliste.domain.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    Rule,
    RuleViolationError,
)
from kursliste.infrastructure.shelf import Shelf
from kursliste.web import error_words, languages
from kursliste.web.access import public
from tests import builders
from tests.publishing.scene import a_scene
from tests.signing_in import sign_in
from tests.speaking import Marked, words

AWAY = OperationalError("SELECT 1", {}, Exception("no server"))
TYPED = {"csrf_token": "", "email": "a@example.org"}
HERE = "http://localhost"
FAILURES = [
    (NotPermittedError("x"), 403),
    (NotFoundError("x"), 404),
    (ConflictError(), 409),
    (RuleViolationError(Rule.SUBSCRIPTION_KNOWN), 422),
    pytest.param(ValueError("x"), 500, marks=pytest.mark.logs_errors),
    (AWAY, 503),
]


@pytest.fixture
def app(own_app):
    """An application that takes more pages."""
    return own_app


@pytest.fixture
def raising(app):
    """Make ``/wirft`` raise the given error."""
    raised: list[Exception] = []

    @public
    def view():
        raise raised[-1]

    app.add_url_rule("/wirft", view_func=view, methods=["GET", "POST"])
    app.extensions["csrf"].exempt(view)
    return raised.append


@pytest.fixture
def marked(monkeypatch):
    """Every text that somebody could translate is in brackets."""
    monkeypatch.setattr(languages, "catalogue", lambda _code: Marked())


def speaks(client):
    return (client.page.root.get("lang"), client.page.root.get("dir"))


@pytest.mark.parametrize(("error", "status"), FAILURES, ids=lambda one: str(one)[:3])
def test_an_error_page_says_nothing_that_nobody_could_translate(
    client, raising, marked, error, status
):
    raising(error)
    client.get("/wirft?sprache=en", status)
    assert "⟦" in client.page.html
    number = "".join(client.page.texts("main code"))
    assert [word for word in words(client.page.root) - {"kursliste"} if word not in number] == []


@pytest.mark.parametrize("status", sorted(error_words.HTTP_STATUS))
def test_every_way_to_fail_has_words_in_every_language(status):
    german = error_words.HTTP_STATUS[status]
    for code in languages.LANGUAGES.keys() - {"de", "de-leicht"}:
        with languages.speaking(code):
            told = tuple(map(languages.gettext, german))
        assert all(told), code
        assert [one for one, other in zip(told, german, strict=True) if one == other] == [], code


def test_the_page_is_in_the_language_of_the_address(client):
    client.get("/gibt-es-nicht?sprache=ar", 404)
    assert speaks(client) == ("ar", "rtl")
    home = client.page.select("main a")[0].get("href")
    assert home == "/?sprache=ar"
    client.get("/gibt-es-nicht?sprache=klingonisch", 404)
    assert speaks(client) == ("de", None)


def test_the_page_is_in_the_language_of_the_page_that_led_here(client):
    def came_from(address):
        client.get("/gibt-es-nicht", 404, headers={"Referer": address, "Accept-Language": "tr"})
        return speaks(client)[0]

    assert came_from(f"{HERE}/suche?q=x&sprache=uk") == "uk"
    assert came_from(f"{HERE}/suche?sprache=de") == "de"
    assert came_from("https://anderswo.example/?sprache=uk") == "tr"
    assert came_from("http://[::1/?sprache=uk") == "tr"


def test_who_comes_by_a_link_alone_is_told_in_the_language_of_the_browser(client):
    response = client.get("/gibt-es-nicht", 404, headers={"Accept-Language": "fa, en;q=0.5"})
    assert speaks(client) == ("fa", "rtl")
    assert "Accept-Language" in response.headers["Vary"]
    assert response.headers["Cache-Control"] == "private, no-store"
    client.get("/gibt-es-nicht", 404, headers={"Accept-Language": "de, uk;q=0.5"})
    assert speaks(client) == ("de", None)


def test_a_form_fails_in_the_language_of_the_form(client, raising):
    raising(AWAY)
    client.post("/wirft", TYPED, 503, headers={"Accept-Language": "uk"})
    assert speaks(client)[0] == "de"
    client.post("/wirft?sprache=uk", TYPED, 503)
    assert speaks(client)[0] == "uk"
    assert client.page.one("main form").get("action") == "/wirft?sprache=uk"


def test_the_switch_leads_to_the_same_failure_in_another_language(client):
    client.get("/gibt-es-nicht?sprache=uk&a=b", 404)
    links = {a.get("hreflang"): a.get("href") for a in client.page.select(".languages__list a")}
    assert links["ro"] == "/gibt-es-nicht?a=b&sprache=ro"
    assert len(links) == len(languages.LANGUAGES)


def test_pages_of_staff_stay_german(client, session, raising):
    uk = {"Accept-Language": "uk"}
    client.get("/konto/gibt-es-nicht", 404, headers=uk)
    assert (speaks(client)[0], client.page.select(".languages")) == ("de", [])
    raising(NotPermittedError("x"))
    sign_in(client, session, builders.a_user(session))
    for path, status in (("/wirft?sprache=uk", 403), ("/gibt-es-nicht?sprache=uk", 404)):
        client.get(path, status, headers=uk)
        assert (speaks(client)[0], client.page.select(".languages")) == ("de", [])


@pytest.mark.logs_errors
def test_without_the_database_the_page_speaks_and_keeps_what_was_typed(
    client, app, raising, marked
):
    def broken():
        raise AWAY

    raising(AWAY)
    app.template_context_processors[None].append(broken)
    client.post("/wirft?sprache=ar", TYPED, 503)
    assert speaks(client) == ("ar", "rtl")
    assert words(client.page.root) - {"kursliste"} == set()
    assert client.page.one("input[name=email]").get("value") == "a@example.org"
    client.get("/wirft?sprache=ar", 503)
    assert client.page.select("main form") == []
    assert words(client.page.root) - {"kursliste"} == set()


def test_gates_speak_as_well(client, marked):
    client.post("/suche?sprache=tr", TYPED, 403, headers={"Origin": "https://anderswo.example"})
    assert speaks(client)[0] == "tr"
    assert words(client.page.root) - {"kursliste"} == set()
    client.post("/suche?sprache=tr", TYPED, 405)
    assert speaks(client)[0] == "tr"


def test_a_file_that_is_not_there_is_told_in_the_language_of_the_list(
    client, session, settings, marked
):
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course()
    scene.publish()
    came = {"Referer": f"{HERE}/kurslisten/goerlitz?sprache=uk"}
    client.get("/kurslisten/goerlitz/aktuell.docx", 404, headers=came)
    assert speaks(client)[0] == "uk"
    text = client.page.text()
    assert "⟦Diese Datei gibt es nicht⟧" in text and "⟦Diese Dateien gibt es:⟧" in text
