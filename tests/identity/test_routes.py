"""Signing in and out as browsers do it (SECURITY.md, T8 to T13, T15)."""

import dataclasses
import hashlib
import logging
import re

import pytest
from sqlalchemy import text

from kursliste.app import create_app
from kursliste.domain.permissions import Grant, Role
from kursliste.infrastructure.database import transaction
from kursliste.models import SignInLink
from tests import builders
from tests.identity.scenes import (
    RITA,
    ask,
    cookie_line,
    events,
    letter,
    mails,
    sessions,
    value_of,
)
from tests.page_client import PageClient
from tests.signing_in import sign_in


@pytest.fixture
def demo_client(settings, database, session):
    demo = create_app(dataclasses.replace(settings, demo=True), database=database)
    return PageClient(demo, session)


@pytest.fixture
def https_client(settings, database, session):
    safe = create_app(
        dataclasses.replace(settings, base_url="https://kurse.example.org"), database=database
    )
    client = PageClient(safe, session)
    client.flask.environ_base["wsgi.url_scheme"] = "https"
    client.flask.environ_base["HTTP_HOST"] = "kurse.example.org"
    return client


# ---- by link


@pytest.mark.asvs("7.6.2")
def test_the_link_signs_in_by_one_press(client, session, rita):
    ask(client)
    assert client.page.heading() == "Sehen Sie in Ihr Postfach"
    client.get(letter(session).path)
    assert client.page.heading() == "Fast geschafft"
    assert client.page.texts("main button") == ["Jetzt anmelden"]
    client.submit()
    assert client.response.location == "/meldungen"
    assert [s.user_id for s in sessions(session)] == [rita.id]
    client.get("/konto")
    assert client.page.heading() == "Mein Konto"


def test_the_mail_says_what_it_is_and_what_to_do_if_it_was_not_you(client, session, rita):
    ask(client)
    found = letter(session)
    assert [(m.to_address, m.subject) for m in mails(session)] == [
        (RITA, "Ihr Anmelde-Link für kursliste")
    ]
    assert re.fullmatch(r"http://localhost/anmelden/[A-Za-z0-9_-]{43}", found.token_line)
    assert "Link und Code gelten 10 Minuten und nur einmal." in found.text
    assert "Sie haben keine Anmeldung angefordert? Dann müssen Sie nichts tun" in found.text


@pytest.mark.asvs("6.6.2", "14.2.1")
def test_a_scanner_that_opens_and_presses_the_link_does_not_use_it_up(
    client, other_client, session, rita
):
    ask(client)
    path = letter(session).path
    scanner = other_client
    scanner.flask.head(path)
    scanner.get(path)
    scanner.get(path)
    assert scanner.page.heading() == "Hier geht es mit dem Code weiter"
    scanner.get("/anmelden")
    token = scanner.page.csrf_token()
    scanner.post(path, {"csrf_token": token}, 400)
    assert scanner.page.heading() == "Dieser Link gilt hier nicht"
    assert "Tippen Sie in jenem Browser den Code aus der E-Mail ein" in scanner.page.text()
    scanner.flask.set_cookie("anm", "A" * 43)
    scanner.post(path, {"csrf_token": token}, 400)
    assert sessions(session) == []
    client.get(path)
    client.submit()
    assert [s.user_id for s in sessions(session)] == [rita.id]


@pytest.mark.asvs("3.5.3", "7.6.2")
def test_looking_at_the_link_writes_nothing(client, session, rita):
    ask(client)
    before = session.execute(text("SELECT used_at, code_tries FROM sign_in_link")).all()
    client.get(letter(session).path)
    client.flask.head(letter(session).path)
    after = session.execute(text("SELECT used_at, code_tries FROM sign_in_link")).all()
    assert before == after == [(None, 0)]
    assert client.response.headers["Cache-Control"] == "no-store"


@pytest.mark.asvs("6.4.1", "6.5.1")
@pytest.mark.con10("A1")
def test_a_link_holds_once(client, session, rita):
    ask(client)
    path = letter(session).path
    bind = value_of(client, "anm")
    client.get(path)
    client.submit()
    client.flask.set_cookie("anm", bind)
    client.get(path)
    client.submit(status=400)
    assert len(sessions(session)) == 1


@pytest.mark.asvs("6.4.1", "6.5.5")
@pytest.mark.con10("A1")
@pytest.mark.parametrize(("seconds", "status"), [(599, 302), (600, 400), (601, 400)])
def test_a_link_holds_ten_minutes(client, session, rita, frozen_clock, seconds, status):
    ask(client)
    client.get(letter(session).path)
    frozen_clock.forward(seconds=seconds)
    client.submit(status=status)
    assert len(sessions(session)) == (1 if status == 302 else 0)


def test_both_mails_of_one_browser_hold(client, session, rita):
    ask(client)
    first = letter(session).path
    ask(client)
    client.get(first)
    client.submit()
    assert len(sessions(session)) == 1


def test_an_unknown_token_is_refused_with_the_same_page(client, rita):
    ask(client)
    client.get("/anmelden/not-a-token")
    client.submit(status=400)
    assert client.page.heading() == "Dieser Link gilt hier nicht"


def test_a_link_without_the_form_token_is_refused_and_stays_good(client, session, rita):
    ask(client)
    path = letter(session).path
    client.post(path, {"csrf_token": "foreign"}, 400)
    client.get(path)
    client.submit()
    assert len(sessions(session)) == 1


@pytest.mark.asvs("7.4.2")
def test_an_account_that_was_closed_in_between_does_not_get_in(client, session, rita):
    ask(client)
    path = letter(session).path
    rita.is_active = False
    client.get(path)
    client.submit(status=400)
    assert sessions(session) == []


# ---- by code


def test_the_code_signs_in_where_it_was_asked_for(client, session, rita):
    ask(client)
    code = letter(session).code
    client.submit(code=f" {code[:4]}-{code[4:]} ")
    assert client.response.location == "/meldungen"
    assert [s.user_id for s in sessions(session)] == [rita.id]


@pytest.mark.asvs("6.6.2")
def test_the_code_is_worth_nothing_in_another_browser(client, other_client, session, rita):
    ask(client)
    other_client.get("/anmelden/code")
    other_client.submit(status=422, code=letter(session).code)
    assert sessions(session) == []
    client.submit(code=letter(session).code)
    assert len(sessions(session)) == 1


@pytest.mark.asvs("6.5.1", "6.5.5")
def test_a_code_holds_once_and_ten_minutes(client, session, rita, frozen_clock):
    ask(client)
    code, bind = letter(session).code, value_of(client, "anm")
    frozen_clock.forward(minutes=10, seconds=1)
    client.submit(status=422, code=code)
    ask(client)
    code = letter(session).code
    client.submit(code=code)
    client.flask.set_cookie("anm", bind)
    client.get("/anmelden/code")
    client.submit(status=422, code=code)
    assert len(sessions(session)) == 1


@pytest.mark.asvs("2.3.2", "6.3.1", "6.6.3")
@pytest.mark.con10("A1", "A6")
def test_after_five_wrong_codes_the_right_one_is_refused_too(client, session, rita):
    ask(client)
    code = letter(session).code
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    for _ in range(5):
        client.submit(status=422, code=wrong)
        assert "Dieser Code gilt nicht." in client.page.text()
    client.submit(status=422, code=code)
    assert sessions(session) == []
    assert session.execute(text("SELECT code_tries FROM sign_in_link")).all() == [(5,)]
    # The link of the same mail still holds: nobody is locked out by somebody else's guesses.
    client.get(letter(session).path)
    client.submit()
    assert len(sessions(session)) == 1


@pytest.mark.asvs("6.5.4")
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Geben Sie den Code ein."),
        ("1234567", "Der Code hat 8 Ziffern."),
        ("abcdefgh", "Der Code hat 8 Ziffern."),
        ("١٢٣٤٥٦٧٨", "Der Code hat 8 Ziffern."),
    ],
)
def test_what_cannot_be_a_code_is_named_and_costs_no_try(client, session, rita, typed, message):
    ask(client)
    client.submit(status=422, code=typed)
    assert client.page.texts(".kern-error") == [message]
    assert client.page.one("input#code").get("value") == typed
    assert session.execute(text("SELECT code_tries FROM sign_in_link")).all() == [(0,)]


@pytest.mark.asvs("6.3.1", "6.6.3")
@pytest.mark.con10("A6")
def test_too_many_codes_from_one_place_are_stopped(client, session, rita):
    for _ in range(30):
        client.get("/anmelden/code")
        client.submit(status=422, code="00000000")
    client.submit(status=429, code="00000000")
    assert "Warten Sie 15 Minuten." in client.page.text()


# ---- nobody learns who has an account


@pytest.mark.asvs("6.3.8")
@pytest.mark.con10("A10")
def test_the_answer_is_the_same_for_everybody(app, session, rita):
    answers = []
    inactive = builders.a_user(session, email="weg@example.org", is_active=False)
    assert inactive.id is not None
    for address in (RITA, "niemand@example.org", "weg@example.org"):
        client = PageClient(app, session)
        client.get("/anmelden")
        first = client.post("/anmelden", {"email": address})
        second = client.follow()
        answers.append((masked(first), masked(second)))
    assert answers[0] == answers[1] == answers[2]
    assert [m.to_address for m in mails(session)] == [RITA]


def masked(response):
    """The answer without what differs by chance; cookies end by the wall's clock, not by ours."""
    secret = r"(?<=[=\"])[A-Za-z0-9_.-]{40,}| Expires=[^;]+;"
    headers = [(name, re.sub(secret, "…", value)) for name, value in response.headers]
    return response.status_code, headers, re.sub(secret, "…", response.text)


def test_capitals_and_blanks_around_an_address_do_not_matter(client, session, rita):
    ask(client, "  Rita@Example.ORG ")
    assert [m.to_address for m in mails(session)] == [RITA]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Geben Sie Ihre E-Mail-Adresse ein."),
        ("rita", "Das ist keine E-Mail-Adresse. Sie hat die Form name@beispiel.de."),
        (
            "rita@example.org, x@example.org",
            "Das ist keine E-Mail-Adresse. Sie hat die Form name@beispiel.de.",
        ),
    ],
)
def test_what_is_no_address_is_named_and_kept(client, session, rita, typed, message):
    ask(client, typed, status=422)
    assert client.page.texts(".kern-error") == [message]
    assert client.page.one("input#email").get("value") == typed
    assert mails(session) == []


# ---- limits


@pytest.mark.asvs("2.3.2", "6.3.1")
def test_one_address_gets_three_mails_in_a_quarter_of_an_hour(client, session, rita, frozen_clock):
    for _ in range(5):
        ask(client)
        assert client.page.heading() == "Sehen Sie in Ihr Postfach"
    assert len(mails(session)) == 3
    frozen_clock.forward(minutes=15)
    ask(client)
    assert len(mails(session)) == 4


@pytest.mark.asvs("2.4.1", "6.3.1")
@pytest.mark.con10("A6")
def test_one_place_asks_for_twenty_mails_an_hour(client, session, rita, frozen_clock):
    for number in range(20):
        ask(client, f"person{number}@example.org")
    ask(client, status=429)
    assert "Warten Sie 60 Minuten." in client.page.text()
    assert client.page.one("input#email").get("value") == RITA
    assert mails(session) == []
    frozen_clock.forward(hours=1)
    ask(client)
    assert len(mails(session)) == 1


@pytest.mark.asvs("4.1.3", "15.3.4")
@pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 302)])
def test_an_address_that_somebody_says_counts_only_if_our_proxy_says_it(
    settings, database, session, proxies, status
):
    app = create_app(dataclasses.replace(settings, proxies=proxies), database=database)
    client = PageClient(app, session)

    def from_there(said, expected=302):
        client.flask.environ_base["HTTP_X_FORWARDED_FOR"] = said
        ask(client, f"person{said}@example.org".replace(", ", "-"), status=expected)

    for number in range(20):
        from_there(f"203.0.113.{number}, 192.0.2.1")  # the proxy adds what it sees at the end
    from_there("203.0.113.99, 192.0.2.1", 429)
    from_there("203.0.113.99, 192.0.2.2", status)


# ---- secrets


@pytest.mark.asvs("14.2.4", "16.2.5")
@pytest.mark.con10("A7", "A18")
def test_no_secret_of_a_way_in_is_in_the_database_or_the_log(
    client, session, rita, database, caplog
):
    caplog.set_level(logging.DEBUG)
    ask(client)
    found, bind = letter(session), value_of(client, "anm")
    link = session.query(SignInLink).one()
    assert link.token_hash == hashlib.sha256(found.token.encode()).hexdigest()
    # The code's hash cannot be guessed from the database: the browser's secret is part of it.
    assert link.code_hash == hashlib.sha256(f"{bind}:{found.code}".encode()).hexdigest()
    client.submit(code=found.code)
    secret = value_of(client, "sid")
    (mail,) = mails(session)
    assert mail.dedupe_key is not None and mail.dedupe_key.startswith("wiped:")
    mail.body = ""  # the postman does this when it has left the house; see test_postman
    with transaction(session):
        pass
    kept = dump(session)
    for name in (found.token, found.code, bind, secret):
        assert name not in kept
        assert name not in caplog.text
    assert RITA not in caplog.text


def dump(session):
    tables = [t.name for t in SignInLink.metadata.sorted_tables]
    return repr([session.execute(text(f"SELECT * FROM {name}")).all() for name in tables])


@pytest.mark.asvs("3.3.2", "3.3.4", "7.2.3")
@pytest.mark.con10("A3", "A14")
def test_cookies_say_little_and_go_nowhere(client, session, rita):
    client.get("/anmelden")
    client.post("/anmelden", {"email": RITA})
    assert cookie_line(client, "anm") == "anm=…; Max-Age=600; HttpOnly; Path=/; SameSite=Lax"
    client.get(letter(session).path)
    client.submit()
    line = cookie_line(client, "sid")
    assert line == "sid=…; Max-Age=5184000; HttpOnly; Path=/; SameSite=Lax"
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", value_of(client, "sid"))
    assert value_of(client, "anm") == ""


@pytest.mark.asvs("3.3.1", "3.3.2", "3.3.3", "3.3.4")
@pytest.mark.con10("A3", "A14")
def test_cookies_are_bound_to_the_host_where_there_is_https(https_client, session, rita):
    client = https_client
    client.get("/anmelden")
    client.post("/anmelden", {"email": RITA})
    end = "; Secure; HttpOnly; Path=/; SameSite=Lax"
    assert cookie_line(client, "__Host-anm") == f"__Host-anm=…; Max-Age=600{end}"
    path = letter(session).text.split("https://kurse.example.org")[2].split()[0]
    client.get(path)
    client.submit()
    assert cookie_line(client, "__Host-sid") == f"__Host-sid=…; Max-Age=5184000{end}"
    client.get("/konto")
    lines = client.response.headers.getlist("Set-Cookie")
    assert [li.split("=")[0] for li in lines] == ["__Host-form"]
    assert all("Secure" in li and "HttpOnly" in li and "SameSite=Lax" in li for li in lines)


def test_the_cookie_of_staff_ends_with_the_browser(client, session):
    district = builders.a_district(session)
    builders.a_coordinator(session, district, email="karl@example.org")
    ask(client, "karl@example.org")
    client.submit(code=letter(session).code)
    assert cookie_line(client, "sid") == "sid=…; HttpOnly; Path=/; SameSite=Lax"
    assert client.response.location == "/pruefung"


@pytest.mark.asvs("7.2.4")
@pytest.mark.con10("A3")
def test_nothing_of_the_time_before_the_sign_in_is_kept(client, session, rita):
    client.flask.set_cookie("sid", "planted-by-somebody-else")
    ask(client)
    token = client.page.csrf_token()
    form = value_of(client, "form")
    client.submit(code=letter(session).code)
    assert value_of(client, "sid") not in {"planted-by-somebody-else", ""}
    assert value_of(client, "form") != form
    client.post("/konto/abmelden", {"csrf_token": token}, 400)


@pytest.mark.asvs("7.2.2", "7.2.4")
@pytest.mark.con10("A3")
def test_signing_in_again_ends_the_sign_in_that_the_browser_held(client, app, session, rita):
    sign_in(client, session, rita)
    old = value_of(client, "sid")
    ask(client)
    client.submit(code=letter(session).code)
    assert len(sessions(session)) == 1
    assert old != value_of(client, "sid")
    thief = PageClient(app, session)
    thief.flask.set_cookie("sid", old)
    thief.get("/konto", 302)


# ---- where to


@pytest.mark.asvs("3.7.2")
@pytest.mark.con10("A4")
@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/kurslisten/goerlitz?q=a", "/kurslisten/goerlitz?q=a"),
        ("https://evil.example", "/meldungen"),
        ("//evil.example", "/meldungen"),
        ("/\\evil.example", "/meldungen"),
    ],
)
def test_people_come_where_they_wanted_if_it_is_here(client, session, rita, target, location):
    client.get("/anmelden", query_string={"next": target})
    client.submit("main form", email=RITA)
    client.follow()
    client.submit(code=letter(session).code)
    assert client.response.location == location


def test_a_page_for_the_signed_in_asks_first_and_comes_back(client, session, rita):
    client.get("/konto", 302)
    assert client.response.location == "/anmelden?next=/konto"
    client.follow()
    client.submit("main form", email=RITA)
    client.get(letter(session).path)
    client.submit()
    assert client.response.location == "/konto"


@pytest.mark.parametrize(
    ("role", "location"),
    [
        (Role.PROVIDER, "/meldungen"),
        (Role.COORDINATOR, "/pruefung"),
        (Role.COUNSELLOR, "/"),
        (Role.ADMINISTRATOR, "/"),
        (None, "/"),
    ],
)
def test_work_begins_where_the_role_has_it(client, session, role, location):
    district = builders.a_district(session)
    grants = {
        Role.PROVIDER: [Grant(Role.PROVIDER, provider_id=builders.a_provider(session).id)],
        None: [],
    }.get(role) or ([Grant(role, district_id=district_of(role, district))] if role else [])
    builders.a_user(session, *grants, email=RITA)
    ask(client)
    client.submit(code=letter(session).code)
    assert client.response.location == location


def district_of(role, district):
    return None if role is Role.ADMINISTRATOR else district.id


def test_who_is_signed_in_already_is_told_so(client, session, rita):
    sign_in(client, session, rita)
    client.get("/anmelden")
    assert "Sie sind schon angemeldet als Rita Meldung." in client.page.text()


# ---- how long


@pytest.mark.asvs("7.3.2")
def test_a_provider_stays_signed_in_for_sixty_days(client, session, rita, frozen_clock):
    ask(client)
    client.submit(code=letter(session).code)
    frozen_clock.forward(days=59, hours=23)
    client.get("/konto")
    frozen_clock.forward(hours=1)
    client.get("/konto", 302)


@pytest.mark.asvs("7.3.1")
@pytest.mark.con10("A3")
def test_staff_is_signed_out_after_an_hour_without_a_click(client, session, frozen_clock):
    district = builders.a_district(session)
    builders.a_coordinator(session, district, email="karl@example.org")
    ask(client, "karl@example.org")
    client.submit(code=letter(session).code)
    frozen_clock.forward(minutes=60)
    client.get("/konto")
    frozen_clock.forward(minutes=60, seconds=1)
    client.get("/konto", 302)


@pytest.mark.asvs("7.3.2")
@pytest.mark.con10("A3")
def test_staff_is_signed_out_after_twelve_hours_in_any_case(client, session, frozen_clock):
    district = builders.a_district(session)
    builders.a_coordinator(session, district, email="karl@example.org")
    ask(client, "karl@example.org")
    client.submit(code=letter(session).code)
    for _ in range(15):
        frozen_clock.forward(minutes=45)
        client.get("/konto")
    frozen_clock.forward(minutes=45)
    client.get("/konto", 302)


@pytest.mark.asvs("8.3.2")
def test_who_becomes_staff_gets_the_limits_of_staff_at_once(client, session, rita, frozen_clock):
    sign_in(client, session, rita)
    frozen_clock.forward(days=2)
    client.get("/konto")
    rita.memberships[0].role = Role.ADMINISTRATOR
    rita.memberships[0].provider_id = None
    client.get("/konto", 302)


@pytest.mark.asvs("7.4.2", "8.3.2")
def test_a_closed_account_is_out_at_the_next_click(client, session, rita):
    sign_in(client, session, rita)
    client.get("/konto")
    rita.is_active = False
    client.get("/konto", 302)


# ---- the demo


def test_the_demo_offers_a_button_for_each_person_that_is_there(demo_client, session, rita):
    rita.demo_slug = "traeger-goerlitz-1"
    builders.a_user(session, Grant(Role.ADMINISTRATOR), demo_slug="admin", name="Anna Amsel")
    demo_client.get("/anmelden")
    assert demo_client.page.texts("main section h3") == [
        "Träger",
        "Verwaltung",
    ]
    assert demo_client.page.texts("main section button") == [
        "Volkshochschule Lausitzblick (Görlitz)",
        "ganze Anwendung",
    ]


def test_a_demo_person_is_signed_in_by_one_click(demo_client, session, rita):
    rita.demo_slug = "traeger-goerlitz-1"
    demo_client.get("/anmelden", query_string={"next": "/konto"})
    demo_client.submit("main section form")
    assert demo_client.response.location == "/konto"
    demo_client.follow()
    assert demo_client.page.texts("main dd")[0] == "Rita Meldung"
    assert events(session) == [("person:signed_in", rita.id, True)]


def test_an_unknown_demo_person_is_not_there(demo_client):
    demo_client.get("/anmelden")
    demo_client.post("/anmelden/demo", {"person": "kaiser-von-china"}, 404)
    demo_client.get("/anmelden")
    demo_client.post("/anmelden/demo", {}, 404)


def test_a_demo_person_that_is_not_loaded_yet_is_told(demo_client, session, rita):
    rita.demo_slug = "traeger-goerlitz-1"
    rita.is_active = False
    demo_client.get("/anmelden")
    assert "Noch gibt es keine Demo-Personen." in demo_client.page.text()
    demo_client.post("/anmelden/demo", {"person": "traeger-goerlitz-1"})
    demo_client.follow()
    assert "Diese Person gibt es in der Datenbank noch nicht." in demo_client.page.text()
    assert sessions(session) == []


@pytest.mark.asvs("6.3.2", "15.2.3")
def test_outside_the_demo_there_are_no_demo_persons(client, session, rita):
    rita.demo_slug = "traeger-goerlitz-1"
    client.get("/anmelden")
    assert client.page.texts("main h2") == []
    client.post("/anmelden/demo", {"person": "traeger-goerlitz-1"}, 404)
    assert sessions(session) == []


# ---- the journal


@pytest.mark.asvs("16.3.1")
def test_every_step_is_in_the_journal_and_stays_internal(client, session, rita):
    ask(client)
    client.submit(code=letter(session).code)
    client.get("/konto")
    client.post("/konto/abmelden", {})
    client.get("/konto")
    client.post("/abmelden", {})
    assert events(session) == [
        ("sign_in:requested", None, True),
        ("person:signed_in", rita.id, True),
        ("sessions:ended", rita.id, True),
        ("person:signed_out", rita.id, True),
    ]
