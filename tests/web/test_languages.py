"""Which language a page speaks, how it is chosen, and that links keep it."""

import pytest
from flask import Blueprint, render_template_string, url_for

from kursliste.web.access import public
from kursliste.web.languages import (
    LANGUAGES,
    current_language,
    fact_word,
    gettext,
    in_order,
    is_translated,
    ngettext,
    pgettext,
    speaking,
)
from kursliste.web.speaking import in_other_languages, preferred, speaks


@pytest.fixture
def speaking_app(own_app):
    """An application with one page that speaks, one that does not, and links to both."""
    bp = Blueprint("spoken", __name__)

    @bp.get("/spoken")
    @public
    @speaks
    def page():
        return render_template_string("{{ current_language().code }} " + links())

    @bp.get("/german")
    @public
    def german():
        return render_template_string("{{ current_language().code }} " + links())

    def links() -> str:
        return f"{url_for('spoken.page', q='x')} {url_for('spoken.german')}"

    own_app.register_blueprint(bp)
    return own_app


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("/spoken", "de /spoken?q=x /german"),
        ("/spoken?sprache=uk", "uk /spoken?q=x&sprache=uk /german"),
        ("/spoken?sprache=xx", "de /spoken?q=x /german"),
        ("/german?sprache=uk", "de /spoken?q=x /german"),
    ],
)
def test_the_address_says_the_language_and_links_keep_it(speaking_app, address, answer):
    assert speaking_app.test_client().get(address).text.replace("&amp;", "&") == answer


@pytest.mark.parametrize(
    ("accepted", "target"),
    [
        ("uk,ru;q=0.8", "/spoken?q=alpha&sprache=uk"),
        ("pl,fa-IR;q=0.5", "/spoken?q=alpha&sprache=fa"),
        ("en-GB,de;q=0.1", None),
        ("pl", None),
        ("", None),
    ],
)
def test_a_first_visit_speaks_what_the_browser_wants(speaking_app, accepted, target):
    headers = {"Accept-Language": accepted} if accepted else {}
    response = speaking_app.test_client().get("/spoken?q=alpha", headers=headers)
    assert (response.status_code, response.location) == ((302, target) if target else (200, None))
    if target:
        assert response.headers["Vary"] == "Accept-Language"
        assert response.headers["Cache-Control"] == "private, no-store"


def test_a_choice_for_german_stays(speaking_app):
    client = speaking_app.test_client()
    response = client.get("/spoken?sprache=de", headers={"Accept-Language": "uk"})
    assert response.text.startswith("de ")


def test_nothing_but_the_page_speaks_another_language():
    assert current_language().code == "de"
    with speaking("ar") as language:
        assert (current_language(), language.direction) == (LANGUAGES["ar"], "rtl")
    assert current_language().code == "de"


def test_german_needs_no_catalogue():
    assert gettext("Stand: %(day)s", day="01.12.2026") == "Stand: 01.12.2026"
    assert ngettext("%(num)d Kurs", "%(num)d Kurse", 1) == "1 Kurs"
    assert ngettext("%(num)d Kurs", "%(num)d Kurse", 0) == "0 Kurse"
    assert pgettext("weekdays", "Mo") == "Mo"
    assert fact_word("status", "offen", "Anmeldung möglich") == "Anmeldung möglich"
    assert is_translated("status", "offen")


@pytest.mark.parametrize("code", sorted(LANGUAGES.keys() - {"de"}))
def test_a_word_that_nobody_translated_stays_german(code):
    with speaking(code):
        assert fact_word("course_type", "EIGENER-TYP", "Eigener Typ") == "Eigener Typ"
        assert not is_translated("course_type", "EIGENER-TYP")
        assert gettext("Das sagt keine Seite.") == "Das sagt keine Seite."


@pytest.mark.parametrize("hostile", ["*", ";;;q=", "x" * 10_000, "de;q=0,uk", "uk;q=abc"])
def test_any_header_gives_one_of_our_languages(hostile):
    assert preferred(hostile) in LANGUAGES


def test_the_switch_names_each_language_in_itself(speaking_app):
    with speaking_app.test_request_context("/spoken?q=x&sprache=tr"):
        speaking_app.preprocess_request()
        found = {language.name: address for language, address in in_other_languages()}
    assert found["Deutsch"] == "/spoken?q=x&sprache=de"
    assert found["Українська"] == "/spoken?q=x&sprache=uk"
    assert list(found) == [language.name for language in LANGUAGES.values()]


def test_the_name_of_an_edition_keeps_its_order():
    assert in_order("2026-12/1") == "2026-12/1"
    with speaking("fa"):
        assert (
            in_order("2026-12/1") == "\N{LEFT-TO-RIGHT ISOLATE}2026-12/1\N{POP DIRECTIONAL ISOLATE}"
        )
