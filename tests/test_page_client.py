"""The reader of pages itself: it must find what it promises to find."""

import pytest
from flask import Flask, redirect, render_template_string, request
from flask_wtf import CSRFProtect

from tests.page_client import Page, PageClient

GOOD = """<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>Kurse – Görlitz</title>
<link rel="stylesheet" href="/s.css"><script src="/h.js" defer></script></head><body><main>
<h1 id="top">Kurse</h1><a href="#top">nach oben</a>
<form action="/senden" method="post"><input type="hidden" name="csrf_token" value="t">
<label for="name">Name</label><input id="name" name="name" value="Anna" aria-describedby="hint">
<span id="hint">So wie im Ausweis.</span>
<label><input type="checkbox" name="art" value="a" checked> A</label>
<label><input type="checkbox" name="art" value="b"> B</label>
<label>Ort <select name="ort"><option value="">-</option><option selected>Görlitz</option></select>
</label><label>Text <textarea name="text">
zwei
Zeilen</textarea></label><button name="weiter" value="1">Weiter</button></form>
<table><tr><th>Kurs</th></tr><tr><td class="frei wichtig">A&shy;1</td></tr></table>
</main></body></html>"""


def changed(old, new):
    assert old in GOOD
    return Page(GOOD.replace(old, new)).faults()


def test_a_good_page_has_no_faults():
    assert Page(GOOD).faults() == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<!DOCTYPE html>", "", "(1, 16): expected-doctype-but-got-start-tag {'name': 'html'}"),
        ('id="hint"', 'id="name"', "id 'name' 2 times"),
        ('<h1 id="top">Kurse</h1>', '<p id="top">Kurse</p>', "0 h1, one is needed: []"),
        ("<title>", "<title>Start: ", None),
        (' lang="de"', "", "html without lang"),
        (' action="/senden"', "", "form without action or method: {'method': 'post'}"),
        (' method="post"', "", "form without action or method: {'action': '/senden'}"),
        ('<label for="name">Name</label>', "", None),
        ('src="/h.js" defer', "", "inline script"),
        ("<main>", '<main style="x">', "style attribute on main"),
        ("<main>", '<main onclick="x">', "onclick attribute on main"),
        ("</head>", "<style>a{}</style></head>", "inline style element"),
        ("#top", "#unten", "the link #unten leads nowhere"),
        ("</main>", '<img src="/a.png"></main>', "img without alt: {'src': '/a.png'}"),
    ],
)
def test_each_fault_is_found(old, new, fault):
    faults = changed(old, new)
    assert faults != []
    if fault is not None:
        assert fault in faults


def test_the_title_of_a_page_with_errors_may_say_so_first():
    assert changed("<title>", "<title>Fehler: ") == []


def test_json_ld_is_data():
    assert changed("</head>", '<script type="application/ld+json">{}</script></head>') == []


def test_reading_a_page():
    page = Page(GOOD)
    assert page.title() == "Kurse – Görlitz"
    assert page.heading() == "Kurse"
    assert page.texts("main label span") == []
    assert page.texts("td.frei.wichtig") == ["A1"]
    assert page.texts("form [name=art][value=b]") == [""]
    assert page.one("#name").get("value") == "Anna"
    assert page.rows() == [["Kurs"], ["A1"]]
    assert page.csrf_token() == "t"


def test_form_values_are_what_a_browser_sends():
    assert Page(GOOD).form_values() == {
        "csrf_token": ["t"],
        "name": ["Anna"],
        "art": ["a"],
        "ort": ["Görlitz"],
        "text": ["zwei\nZeilen"],
    }


@pytest.fixture
def small_client():
    app = Flask(__name__)
    app.config.update(SECRET_KEY="x", TESTING=True)
    CSRFProtect(app)
    html = GOOD.replace('value="t"', 'value="{{ csrf_token() }}"')

    @app.get("/senden")
    def look():
        return render_template_string(html)

    @app.post("/senden")
    def send():
        return redirect(
            f"/ende?name={request.form['name']}&arten={len(request.form.getlist('art'))}"
        )

    @app.get("/ende")
    def end():
        return f"{request.args['name']} {request.args['arten']}", {"Content-Type": "text/plain"}

    return PageClient(app)


def test_a_post_fetches_the_token_it_needs(small_client):
    small_client.post("/senden", {"name": "Eva", "art": ["a", "b"]})
    assert small_client.follow().text == "Eva 2"


def test_a_form_is_sent_as_it_stands_with_changes(small_client):
    small_client.get("/senden")
    small_client.submit(name="Eva", ort=None, weiter="1")
    assert small_client.follow().text == "Eva 1"


def test_protection_against_forged_requests_is_on(small_client):
    response = small_client.flask.post("/senden", data={"name": "Eva"})
    assert response.status_code == 400
    response.close()


def test_another_status_than_the_expected_one_fails(small_client):
    with pytest.raises(AssertionError, match="200 OK instead of 404"):
        small_client.get("/senden", 404)


def test_a_bad_page_fails(small_client):
    small_client.app.view_functions["look"] = lambda: "<h1>x</h1>"
    with pytest.raises(AssertionError, match="GET /senden"):
        small_client.get("/senden")
