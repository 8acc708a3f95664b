"""Static files say their version, are kept for a year, and travel packed to everybody."""

import re
from pathlib import Path

import brotli
import pytest
from flask import url_for

from kursliste.settings import resource_dir
from kursliste.web.page_cache import PageCache
from kursliste.web.static_files import FOREVER, ONCE, version
from tests import builders
from tests.signing_in import sign_in

FONT = "vendor/kern/fira-sans/FiraSans-Regular-latin.woff2"


@pytest.fixture
def address(own_app):
    with own_app.test_request_context():
        return url_for("static", filename="app.css")


def test_an_address_names_the_content(own_app, address):
    assert re.fullmatch(r"/static/app\.css\?v=[0-9a-f]{10}", address)
    with own_app.test_request_context():
        assert url_for("static", filename=FONT) == f"/static/{FONT}"
        assert url_for("static", filename="gibt-es-nicht.css") == "/static/gibt-es-nicht.css"


def test_another_content_is_another_address(tmp_path):
    file = tmp_path / "a.css"
    file.write_text("a {}")
    first = version(str(tmp_path), "a.css")
    file.write_text("a { color: red }")
    assert version(str(tmp_path), "a.css") != first
    assert version(str(tmp_path), "no\0name") == ""


@pytest.mark.parametrize(
    ("query", "control"), [("", "no-cache"), ("?v=0123456789", ONCE), (None, FOREVER)]
)
def test_how_long_a_browser_keeps_it(own_app, address, query, control):
    asked = address if query is None else f"/static/app.css{query}"
    with own_app.test_client().get(asked) as answer:
        assert answer.headers["Cache-Control"] == control


def test_a_font_is_kept_for_a_year(own_app):
    with own_app.test_client().get(f"/static/{FONT}") as answer:
        assert answer.headers["Cache-Control"] == FOREVER


def test_it_travels_packed_and_from_memory_also_to_the_signed_in(own_app, address):
    own_app.wsgi_app = PageCache(own_app.wsgi_app, seconds=5)
    client = own_app.test_client()
    client.set_cookie("sid", "x" * 43)
    headers = {"Accept-Encoding": "br", "Accept-Language": "uk"}
    first = client.get(address, headers=headers)
    assert first.headers["Content-Encoding"] == "br"
    assert b"--kern-color" in brotli.decompress(first.data)
    assert own_app.wsgi_app.kept.paths() == [address]
    again = client.get(address, headers=headers | {"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("query", ["v=0123456789", "v=" + "0" * 50, "x=1", "v=%C3%A4"])
def test_what_others_ask_for_does_not_fill_the_memory(own_app, query):
    own_app.wsgi_app = PageCache(own_app.wsgi_app, seconds=5)
    with own_app.test_client().get(f"/static/app.css?{query}") as answer:
        assert answer.status_code == 200
    assert own_app.wsgi_app.kept.paths() == []


@pytest.mark.asvs("3.5.7")
def test_scripts_are_files_that_say_the_same_to_everybody(client, session, settings):
    """Whoever includes a script of ours in another website learns nothing about who looks."""
    sign_in(client, session, builders.a_coordinator(session, builders.a_district(session)))
    folder = resource_dir("static")
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.js"))
    assert {"sw.js", "einbetten.js", "app.js"} < set(names)
    for name in [*(f"static/{name}" for name in names), "sw.js", "einbetten.js"]:
        with client.flask.get(f"/{name}") as answer:
            assert answer.mimetype == "text/javascript"
            assert answer.get_data() == (folder / name.removeprefix("static/")).read_bytes()


@pytest.mark.asvs("3.5.7")
def test_nothing_else_is_a_script(app):
    """Whatever makes an answer, it says that it is a script at two addresses only."""
    sources = Path(__file__).parents[2].joinpath("kursliste").rglob("*.py")
    homes = {path.name for path in sources if "javascript" in path.read_text(encoding="utf-8")}
    assert homes == {"offline.py"}
