"""Who may enter, who is there, and where to go after signing in."""

from datetime import timedelta

import pytest

from kursliste.domain.permissions import Permission
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.models import UserSession
from kursliste.web.access import ACCESS_MARK, public, requires, safe_next
from kursliste.web.context import current_actor
from tests import builders
from tests.signing_in import sign_in

FOREIGN = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "https:evil.example",
    "http:/evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/%0d%0aLocation: x\r\n",
    "///evil.example",
    "/.//evil.example\\",
    "//evil.example/%2f..",
    "https:///evil.example",
    "%2f%2fevil.example",
    "/\x00/evil",
    "data:text/html,x",
    "//google.com@evil.example",
    "/\r\n/evil",
]
OWN = ["/", "/kurslisten/weimar?monat=2026-03", "/a/b#c", "/%2f%2fevil.example"]


@pytest.mark.asvs("3.7.2")
@pytest.mark.con10("A4")
@pytest.mark.parametrize("target", [*FOREIGN, None, "", "a", "/" + "a" * 500, "/\x7f"])
def test_a_foreign_target_is_none(target):
    assert safe_next(target) is None


@pytest.mark.asvs("1.1.1")
@pytest.mark.parametrize("target", OWN)
def test_an_own_path_is_kept(target):
    assert safe_next(target) == target


@pytest.fixture
def app(own_app):
    """The application with two more pages."""

    @requires(Permission.REPORT_REVIEW)
    def inside():
        head = "<!doctype html><html lang=de><title>Hier</title><h1>Hier</h1>"
        return head + current_actor().name

    @public
    def open_to_all():
        return "{}", {"Content-Type": "application/json"}

    own_app.add_url_rule("/nur-innen", view_func=inside, methods=["GET", "POST"])
    own_app.add_url_rule("/nur-senden", "send_only", view_func=inside, methods=["POST"])
    own_app.add_url_rule("/offen", view_func=open_to_all)
    return own_app


def test_views_carry_their_mark(app):
    assert getattr(app.view_functions["inside"], ACCESS_MARK) is Permission.REPORT_REVIEW
    assert getattr(app.view_functions["open_to_all"], ACCESS_MARK) == "public"


def test_nobody_signed_in_is_sent_to_the_sign_in_and_back(client):
    client.get("/nur-innen", 302, query_string={"monat": "2026-12"})
    assert client.response.location == "/anmelden?next=/nur-innen?monat%3D2026-12"
    client.get("/nur-innen", 302)
    assert client.response.location == "/anmelden?next=/nur-innen"


def test_a_form_sent_too_late_leads_back_to_a_page_that_can_be_opened(client):
    client.get("/anmelden")
    client.post("/nur-innen?a=b", {})
    assert client.response.location == "/anmelden?next=/nur-innen"
    client.get("/anmelden")
    client.post("/nur-senden", {}, headers={"Referer": "http://localhost/konto?a=b"})
    assert client.response.location == "/anmelden?next=/konto"
    client.get("/anmelden")
    client.post("/nur-senden", {}, headers={"Referer": "http://evil.example/konto"})
    assert client.response.location == "/anmelden"
    client.get("/anmelden")
    client.post("/nur-senden", {})
    assert client.response.location == "/anmelden"


def test_who_may_not_enter_anywhere_is_told(client, session):
    district = builders.a_district(session)
    sign_in(client, session, builders.a_counsellor(session, district))
    client.get("/nur-innen", 403)
    assert client.page.heading() == "Kein Zugang"


def test_who_may_enters(client, session):
    district = builders.a_district(session)
    sign_in(client, session, builders.a_coordinator(session, district, name="Karl Prüfer"))
    client.get("/nur-innen")
    assert "Karl Prüfer" in client.page.text()


@pytest.mark.asvs("7.2.1")
@pytest.mark.con10("A3")
@pytest.mark.parametrize("cookie", ["", "wrong", "ä", "x" * 4000])
def test_a_cookie_of_nobody_is_nobody(client, cookie):
    client.flask.set_cookie("sid", cookie)
    client.get("/nur-innen", 302)


@pytest.mark.asvs("8.3.2")
@pytest.mark.con10("A2")
def test_a_role_taken_away_counts_at_the_next_click(client, session):
    district = builders.a_district(session)
    user = builders.a_coordinator(session, district)
    sign_in(client, session, user)
    client.get("/nur-innen")
    user.memberships.clear()
    client.get("/nur-innen", 403)


@pytest.mark.asvs("7.4.1")
@pytest.mark.con10("A3")
def test_a_sign_in_that_ended_is_none(client, session, frozen_clock):
    provider = builders.a_provider(session)
    sign_in(client, session, builders.a_reporter(session, provider))
    frozen_clock.forward(days=13, hours=23, minutes=59)
    client.get("/konto")
    frozen_clock.forward(minutes=1)
    client.get("/konto", 302)


@pytest.mark.parametrize(
    ("passed", "noted"),
    [(timedelta(minutes=5), timedelta(0)), (timedelta(minutes=6), timedelta(minutes=6))],
)
@pytest.mark.parametrize("path", ["/offen", "/nur-innen"])
def test_being_seen_is_noted_every_five_minutes(client, session, frozen_clock, path, passed, noted):
    district = builders.a_district(session)
    sign_in(client, session, builders.a_coordinator(session, district))
    begun = clock.now()
    frozen_clock.forward(seconds=passed.total_seconds())
    client.get(path)
    session.expire_all()
    with transaction(session):
        assert session.query(UserSession).one().seen_at == begun + noted


def test_static_files_ask_for_nobody(client, session):
    client.flask.set_cookie("sid", "anything")
    answer = client.get("/static/app.css")
    assert "Cookie" not in answer.headers.get("Vary", "")
