"""What holds for every address and every template."""

from pathlib import Path

import pytest
from jinja2 import nodes

from kursliste.web.access import ACCESS_MARK

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
READ_ONLY = {"GET", "HEAD", "OPTIONS"}

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.mark.asvs("8.2.1")
@pytest.mark.con10("A2")
def test_every_view_says_who_may_enter(app):
    silent = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if not hasattr(view, ACCESS_MARK) and endpoint != "static"
    }
    assert silent == set()


def test_paths_are_kebab_case(app):
    odd = [
        rule.rule
        for rule in app.url_map.iter_rules()
        for literal, part in rule._trace
        if not literal and (part != part.lower() or "_" in part)
    ]
    assert odd == []


def test_every_promised_address_is_there(app):
    """INTERFACE.md, the addresses that exist so far."""
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    promised = {
        "/",
        "/kurslisten/<slug:district>",
        "/kurslisten/<slug:district>/ausgaben",
        "/kurslisten/<slug:district>/feed.atom",
        "/kurslisten/<slug:district>/<month:month>",
        "/kurslisten/<slug:district>/aktuell.<ext>",
        "/kurslisten/<slug:district>/traeger",
        "/kurslisten/<slug:district>/traeger.<ext>",
        "/einbetten/<slug:district>",
        "/einbetten.js",
        "/robots.txt",
        "/sitemap.xml",
        "/anmelden",
        "/anmelden/demo",
        "/abmelden",
        "/konto",
        "/gesund",
        "/bereit",
        "/impressum",
        "/datenschutz",
        "/barrierefreiheit",
        "/meldungen",
        "/meldungen/<key:report_id>",
        "/meldungen/<key:report_id>/kurse/neu",
        "/meldungen/<key:report_id>/einreichen",
        "/pruefung/<slug:district>",
        "/pruefung/<slug:district>/<month:month>/<key:report_id>",
        "/veroeffentlichung/<slug:district>/<month:month>",
    }
    assert promised - rules == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_templates_use_what_they_import(app, path):
    tree = app.jinja_env.parse(path.read_text(encoding="utf-8"))
    imported = {
        name[1] if isinstance(name, tuple) else name
        for node in tree.find_all(nodes.FromImport)
        for name in node.names
    }
    used = {n.node.name for n in tree.find_all(nodes.Call) if isinstance(n.node, nodes.Name)}
    assert imported - used == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_templates_have_no_inline_code_and_name_endpoints_that_exist(app, path):
    text = path.read_text(encoding="utf-8")
    assert "style=" not in text
    assert "javascript:" not in text
    tree = app.jinja_env.parse(text)
    linked = {
        call.args[0].value
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
        and call.node.name == "url_for"
        and call.args
        and isinstance(call.args[0], nodes.Const)
    }
    assert linked - set(app.view_functions) == set()


@pytest.mark.asvs("7.4.4")
@pytest.mark.con10("A3")
def test_every_page_of_the_signed_in_has_the_way_out(app):
    """The frame of all pages signs out; the two other whole pages are for nobody signed in."""
    whole = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in TEMPLATES
        if "<!doctype" in path.read_text(encoding="utf-8").lower()
    }
    whole_pages = {"base.html", "catalogue/embedded.html", "errors/bare.html", "errors/again.html"}
    assert whole == whole_pages
    frame = (ROOT / "templates" / "base.html").read_text(encoding="utf-8")
    assert "url_for('identity.sign_out')" in frame
