"""Signing in with the account of an authority: an honest provider, and one that lies."""

import dataclasses
import logging
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey
from sqlalchemy import select

from kursliste.domain.errors import NotPermittedError, Rule, RuleViolationError
from kursliste.domain.openid import Expected, what_is_wrong
from kursliste.domain.permissions import Actor
from kursliste.identity import actions
from kursliste.infrastructure import clock, openid
from kursliste.infrastructure.database import transaction
from kursliste.models import Base, JournalEntry, OutgoingMail, UserIdentity
from kursliste.settings import OpenIdSettings, Settings, SettingsError
from tests import builders
from tests.identity.fake_provider import CLIENT, SECRET, running
from tests.signing_in import sign_in

START = "/anmelden/behoerde"
DEMO = {"KURSLISTE_DEMO": "1"}


@pytest.fixture
def fake(client, settings, monkeypatch):
    with running() as provider:
        chosen = OpenIdSettings(
            issuer=provider.issuer, client_id=CLIENT, client_secret=SECRET, label="Mit Kreis-Konto"
        )
        extensions = client.flask.application.extensions
        monkeypatch.setitem(extensions, "settings", dataclasses.replace(settings, openid=chosen))
        yield provider


@pytest.fixture
def karla(session, fake):
    """A coordinator who connected her account."""
    user = builders.a_coordinator(session, builders.a_district(session), name="Karla Kreis")
    identity = UserIdentity(
        user_id=user.id, issuer=fake.issuer, subject="k-1", linked_at=clock.now()
    )
    session.add(identity)
    with transaction(session):
        return user


def goes_there(client, path=START) -> str:
    return str(client.visit(path).headers["Location"])


def comes_back(client, fake, path=START):
    return client.visit(fake.sign_in(goes_there(client, path)))


def is_signed_in(client) -> bool:
    return client.visit("/konto").status_code == 200


def test_an_honest_provider_lets_in_who_connected_their_account(client, fake, karla):
    client.get("/anmelden?next=/kurslisten/goerlitz")
    (link,) = [a for a in client.page.select("main a") if "behoerde" in str(a.get("href"))]
    answer = comes_back(client, fake, str(link.get("href")))
    assert answer.headers["Location"] == "/kurslisten/goerlitz"
    assert is_signed_in(client)


@pytest.mark.asvs("10.1.1", "10.2.3")
def test_no_more_is_asked_for_than_who_it_is_and_the_token_goes_no_further(
    client, fake, karla, session, monkeypatch
):
    given: list[str] = []
    sign = fake._signed

    def noting(claims):
        given.append(sign(claims))
        return given[-1]

    monkeypatch.setattr(fake, "_signed", noting)
    asked = parse_qs(urlsplit(goes_there(client)).query)
    assert asked["scope"] == ["openid"]
    comes_back(client, fake)
    assert is_signed_in(client)
    cookies = [cookie.value for cookie in (client.flask._cookies or {}).values()]
    rows = [str(session.execute(select(table)).all()) for table in Base.metadata.sorted_tables]
    assert len(given) == 1
    assert [kept for kept in (*cookies, *rows) if given[0] in kept] == []


@pytest.mark.asvs("3.7.2")
def test_the_browser_is_never_sent_elsewhere(client, fake, karla):
    answer = comes_back(client, fake, f"{START}?next=https://boese.example/")
    assert answer.headers["Location"].startswith("/pruefung")


LIES = (
    "another issuer",
    "odd endpoint",
    "another key",
    "alg none",
    "HS256 with the public key",
    "redirect",
    "garbage",
    "a list",
    "too much",
    "refuses",
)


@pytest.mark.asvs(
    "1.3.6", "6.8.2", "9.1.1", "9.1.2", "9.1.3", "10.5.3", "11.6.1", "15.3.2", "16.2.5"
)
@pytest.mark.parametrize("lie", LIES)
def test_a_provider_that_lies_lets_nobody_in(client, fake, karla, lie, caplog):
    caplog.set_level(logging.WARNING)
    fake.lies = lie
    there = client.visit(START)
    if there.status_code == 302:
        there = client.visit(fake.sign_in(str(there.headers["Location"])))
    assert there.status_code in {400, 503}
    assert "Link zuschicken" in client.page.text()
    assert not is_signed_in(client)
    assert "openid_refused" in caplog.text
    assert "eyJ" not in caplog.text  # no token in a log
    fake.lies = ""
    comes_back(client, fake)
    assert is_signed_in(client)


CLAIMS = (
    ("iss", "https://boese.example"),
    ("aud", "another"),
    ("aud", ["another", "third"]),
    ("aud", [CLIENT, "another"]),
    ("azp", "another"),
    ("nonce", "stolen"),
    ("nonce", None),
    ("exp", 1_700_000_000),
    ("exp", None),
    ("iat", 4_000_000_000),
    ("iat", 1_700_000_000),
    ("iat", True),
    ("sub", None),
    ("sub", 7),
    ("sub", "x" * 256),
)


@pytest.mark.asvs("6.8.1", "9.2.1", "9.2.2", "9.2.3", "10.5.1", "10.5.4")
@pytest.mark.parametrize(("name", "value"), CLAIMS)
def test_a_token_that_does_not_hold_lets_nobody_in(client, fake, karla, name, value):
    fake.claims = {name: value}
    assert comes_back(client, fake).status_code == 400
    assert not is_signed_in(client)


def test_two_audiences_hold_when_the_token_is_for_us():
    now = clock.now()
    claims = {
        "iss": "i",
        "aud": [CLIENT, "b"],
        "azp": CLIENT,
        "sub": "s",
        "nonce": "n",
        "iat": now.timestamp(),
        "exp": now.timestamp() + 9,
    }
    assert what_is_wrong(claims, Expected("i", CLIENT, "n"), now=now) == ""


@pytest.mark.asvs("10.1.2", "10.2.1", "10.2.2")
def test_a_way_back_holds_once_and_in_one_browser(client, fake, karla):
    address = fake.sign_in(goes_there(client))
    assert client.visit(address.replace("state=", "state=x")).status_code == 400
    assert client.visit(address).status_code == 400  # the try is used up
    address = fake.sign_in(goes_there(client))
    client.flask.delete_cookie("form")  # somebody else's browser
    assert client.visit(address).status_code == 400
    address = fake.sign_in(goes_there(client))
    assert client.visit(f"{address}&iss=https://boese.example").status_code == 400
    goes_there(client)
    assert client.visit("/anmelden/behoerde/zurueck?error=access_denied").status_code == 400
    assert not is_signed_in(client)


@pytest.mark.asvs("6.3.4", "6.8.1", "10.5.2")
def test_nobody_is_found_by_mail_or_made(client, fake, karla, session):
    fake.subject = "stranger"
    fake.claims = {"email": karla.email, "email_verified": True}
    assert comes_back(client, fake).status_code == 403
    assert "noch nicht damit verbunden" in client.page.text()
    karla.is_active = False
    fake.subject, fake.claims = "k-1", {}
    assert comes_back(client, fake).status_code == 403
    assert not is_signed_in(client)


def _with(client, monkeypatch, **more):
    """Change what the operator set about the provider; staff have to take a second step."""
    known = client.flask.application.extensions["settings"]
    chosen = dataclasses.replace(
        known, second_factor=True, openid=dataclasses.replace(known.openid, **more)
    )
    monkeypatch.setitem(client.flask.application.extensions, "settings", chosen)


@pytest.mark.asvs("6.3.4", "6.8.4")
@pytest.mark.parametrize(
    ("chosen", "acr", "is_in"),
    [
        ({}, None, False),
        ({}, "2", False),
        ({"asks_two_factors": True}, None, True),
        ({"acr": ("2", "3")}, "3", True),
        ({"acr": ("2", "3")}, "1", False),
        ({"acr": ("2", "3")}, None, False),
        ({"acr": ("2",)}, ["2"], False),
        ({"acr": ("2",), "asks_two_factors": True}, "1", False),
    ],
)
def test_the_second_step_is_the_providers_only_where_it_says_so(
    client, fake, karla, monkeypatch, chosen, acr, is_in
):
    _with(client, monkeypatch, **chosen)
    fake.claims = {"acr": acr}
    there = goes_there(client)
    assert parse_qs(urlsplit(there).query).get("acr_values") == (
        [" ".join(chosen["acr"])] if "acr" in chosen else None
    )
    answer = client.visit(fake.sign_in(there))
    assert is_signed_in(client) is is_in
    assert (answer.headers["Location"] == "/anmelden/zweiter-schritt") is not is_in


@pytest.mark.asvs("6.8.4", "7.5.1")
@pytest.mark.parametrize(("age", "status"), [(0, 302), (30, 302), (120, 400), (None, 400)])
def test_proving_again_takes_a_new_sign_in_there(client, fake, karla, frozen_clock, age, status):
    comes_back(client, fake)
    frozen_clock.forward(minutes=16)
    client.get("/konto")
    client.post("/konto/behoerde/trennen", status=302)
    assert client.response.location == "/anmelden?next=/konto"
    client.follow()
    (link,) = [a for a in client.page.select("main a") if "behoerde" in str(a.get("href"))]
    there = goes_there(client, str(link.get("href")))
    assert parse_qs(urlsplit(there).query)["max_age"] == ["0"]
    now = frozen_clock.now().timestamp()
    fake.claims = {"auth_time": None if age is None else now - age}
    assert client.visit(fake.sign_in(there)).status_code == status
    client.get("/konto")
    client.post("/konto/behoerde/trennen", status=302)
    assert (client.response.location == "/konto") is (status == 302)


@pytest.mark.asvs("6.3.7")
@pytest.mark.con10("A12")
def test_a_person_connects_and_disconnects_their_account(client, fake, session):
    user = builders.a_coordinator(session, builders.a_district(session), email="k@example.org")
    sign_in(client, session, user)
    client.get("/konto")
    assert "Konto der Behörde verbinden" in client.page.texts("main a")
    comes_back(client, fake, "/konto/behoerde/verbinden")
    client.get("/konto")
    assert "Verbunden seit" in client.page.text()
    mails = session.scalars(select(OutgoingMail.subject)).all()
    assert mails == ["Das Konto Ihrer Behörde ist verbunden"]
    fake.subject = "k-2"
    comes_back(client, fake, "/konto/behoerde/verbinden")
    assert session.scalars(select(UserIdentity.subject)).all() == ["k-2"]
    comes_back(client, fake, "/konto/behoerde/verbinden")  # once more changes nothing
    client.get("/konto")
    client.post("/konto/behoerde/trennen", status=302)
    assert session.scalars(select(UserIdentity)).all() == []
    events = ["identity:linked", "identity:unlinked"]
    query = select(JournalEntry.event).where(JournalEntry.event.in_(events))
    assert session.scalars(query.order_by(JournalEntry.id)).all() == [
        *["identity:linked"] * 3,
        "identity:unlinked",
    ]


@pytest.mark.asvs("6.8.1")
def test_what_belongs_to_somebody_else_is_not_taken(client, fake, karla, session):
    other = builders.a_coordinator(session, karla_district(session), email="o@example.org")
    sign_in(client, session, other)
    comes_back(client, fake, "/konto/behoerde/verbinden")
    client.get("/konto")
    assert "gehört schon zu einer anderen Person" in client.page.text()
    with pytest.raises(RuleViolationError) as refused:
        actions.link_identity(session, fake.issuer, "k-1", site="", actor=builders.an_actor(other))
    assert refused.value.rule is Rule.IDENTITY_TAKEN


def karla_district(session):
    return builders.a_district(session, "weimar")


@pytest.mark.asvs("10.1.2")
def test_who_changed_in_between_connects_nothing(client, fake, session):
    district = builders.a_district(session)
    one = builders.a_coordinator(session, district, email="eins@example.org")
    two = builders.a_coordinator(session, district, email="zwei@example.org")
    sign_in(client, session, one)
    address = fake.sign_in(goes_there(client, "/konto/behoerde/verbinden"))
    sign_in(client, session, two)
    assert client.visit(address).status_code == 400
    assert session.scalars(select(UserIdentity)).all() == []


@pytest.mark.asvs("9.1.3")
def test_keys_that_changed_are_fetched_anew_and_not_for_every_forgery(
    client, fake, karla, monkeypatch
):
    comes_back(client, fake)
    monkeypatch.setattr(openid, "ASK_AGAIN_AFTER_S", 0)
    fake.keys = [RSAKey.generate_key(2048, parameters={"kid": "2"}, private=True)]
    client.flask.delete_cookie("sid")
    comes_back(client, fake)
    assert is_signed_in(client)
    monkeypatch.setattr(openid, "ASK_AGAIN_AFTER_S", 30)
    client.flask.delete_cookie("sid")
    fake.lies = "another key"
    before = fake.asked.count("/realm/keys")
    for _ in range(3):
        assert comes_back(client, fake).status_code == 400
    assert fake.asked.count("/realm/keys") == before


@pytest.mark.asvs("11.2.3")
@pytest.mark.filterwarnings("ignore:Key size should be")
def test_a_key_that_can_be_broken_lets_nobody_in(client, fake, karla, caplog):
    fake.keys = [RSAKey.generate_key(1024, parameters={"kid": "1"}, private=True)]
    assert comes_back(client, fake).status_code == 400
    assert "weak key" in caplog.text
    assert not is_signed_in(client)


def test_keys_that_are_none_are_refused(client, fake, karla, monkeypatch):
    monkeypatch.setattr(fake, "keys", [])
    assert comes_back(client, fake).status_code == 400


@pytest.mark.asvs("16.5.2")
def test_a_provider_that_is_down_is_said_and_the_link_is_left(client, fake, monkeypatch):
    monkeypatch.setattr(openid, "WAIT_S", 0.2)
    monkeypatch.setattr(fake, "description", dict)
    assert client.visit(START).status_code == 503
    assert "gerade nicht erreichbar" in client.page.text()


def test_without_a_provider_the_addresses_do_not_exist(client, session):
    for path in (START, f"{START}/zurueck"):
        assert client.visit(path).status_code == 404
    client.get("/anmelden")
    assert [a for a in client.page.select("a") if "behoerde" in str(a.get("href"))] == []


def test_actions_ask_for_permission(session):
    nobody = Actor.anonymous()
    with pytest.raises(NotPermittedError):
        actions.link_identity(session, "i", "s", site="", actor=nobody)
    with pytest.raises(NotPermittedError):
        actions.unlink_identity(session, "i", actor=nobody)


OIDC = {
    "KURSLISTE_OIDC_ISSUER": "https://sso.kreis.example/realms/kreis/",
    "KURSLISTE_OIDC_CLIENT_ID": "kursliste",
    "KURSLISTE_OIDC_CLIENT_SECRET": "geheim",
}


def test_settings_are_taken_together_or_not_at_all():
    assert Settings.from_environment(DEMO).openid is None
    given = Settings.from_environment(DEMO | OIDC).openid
    assert given is not None
    assert given.issuer == "https://sso.kreis.example/realms/kreis"
    assert "geheim" not in repr(given)
    for name in OIDC:
        with pytest.raises(SettingsError, match=name):
            Settings.from_environment(DEMO | {key: v for key, v in OIDC.items() if key != name})
    for issuer in ("http://sso.kreis.example", "sso", "https://a.example/?x=1"):
        with pytest.raises(SettingsError, match="ISSUER"):
            Settings.from_environment(DEMO | OIDC | {"KURSLISTE_OIDC_ISSUER": issuer})


def test_what_the_provider_says_of_factors_is_set_by_the_operator():
    plain = Settings.from_environment(DEMO | OIDC).openid
    assert plain is not None
    assert (plain.acr, plain.asks_two_factors) == ((), False)
    more = {"KURSLISTE_OIDC_ACR": "2 gold", "KURSLISTE_OIDC_SECOND_FACTOR": "1"}
    told = Settings.from_environment(DEMO | OIDC | more).openid
    assert told is not None
    assert (told.acr, told.asks_two_factors) == (("2", "gold"), True)
