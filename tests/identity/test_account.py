"""The own account: signing out, where one is signed in, and what changes a way in."""

import pytest

from kursliste.infrastructure.database import transaction
from tests import builders
from tests.identity.scenes import (
    FIREFOX,
    RITA,
    a_reporter,
    ask,
    events,
    letter,
    sessions,
    value_of,
)
from tests.page_client import PageClient
from tests.signing_in import sign_in

# ---- out


@pytest.mark.asvs("7.2.1", "7.4.1", "14.3.1")
@pytest.mark.con10("A3")
def test_signing_out_kills_the_sign_in_on_the_server(client, app, session, rita):
    sign_in(client, session, rita)
    copied = value_of(client, "sid")
    client.get("/konto")
    client.post("/abmelden")
    assert client.response.location == "/"
    assert client.response.headers["Clear-Site-Data"] == '"cache"'
    assert value_of(client, "sid") == ""
    assert sessions(session) == []
    client.follow()
    assert "Sie sind abgemeldet." in client.page.text()
    thief = PageClient(app, session)
    thief.flask.set_cookie("sid", copied)
    thief.get("/konto", 302)


def test_signing_out_twice_does_no_harm(client, session, rita):
    client.get("/anmelden")
    client.post("/abmelden")
    assert client.response.location == "/"
    assert events(session) == []


# ---- the own account


@pytest.mark.asvs("7.5.2")
def test_the_account_shows_name_address_roles_and_devices(client, other_client, session, rita):
    sign_in(other_client, session, rita)
    client.flask.environ_base["HTTP_USER_AGENT"] = FIREFOX
    ask(client)
    client.submit(code=letter(session).code)
    client.get("/konto")
    assert client.page.texts("main dd") == ["Rita Meldung", RITA]
    assert client.page.texts("main ul li") == ["Träger: Volkshochschule Neißebogen"]
    assert client.page.rows() == [
        ["Gerät", "angemeldet seit", "zuletzt gesehen", "Aktionen"],
        [
            "Firefox auf Windows dieses Gerät",
            "24.11.2026, 10:00 Uhr",
            "24.11.2026, 10:00 Uhr",
            "",
        ],
        ["Unbekanntes Gerät", "24.11.2026, 10:00 Uhr", "24.11.2026, 10:00 Uhr", "Abmelden"],
    ]


@pytest.mark.asvs("7.5.2")
def test_all_other_devices_are_signed_out_by_one_press(client, other_client, session, rita):
    stranger = builders.a_user(session, name="Fremde Person")
    outsider = PageClient(client.app, session)
    sign_in(outsider, session, stranger)
    sign_in(other_client, session, rita)
    sign_in(client, session, rita)
    client.get("/konto")
    client.submit("form[action=/konto/abmelden]")
    client.follow()
    assert "Ein anderes Gerät ist abgemeldet." in client.page.text()
    assert client.page.select("form[action=/konto/abmelden]") == []
    other_client.get("/konto", 302)
    outsider.get("/konto")


def test_the_number_of_devices_is_told(client, session, rita):
    for _ in range(2):
        sign_in(PageClient(client.app, session), session, rita)
    sign_in(client, session, rita)
    client.get("/konto")
    client.submit("form[action=/konto/abmelden]")
    client.follow()
    assert "2 andere Geräte sind abgemeldet." in client.page.text()


def test_an_account_without_a_role_says_whom_to_ask(client, session):
    sign_in(client, session, builders.a_user(session))
    client.get("/konto")
    assert "Ihr Konto hat noch keine Aufgabe. Fragen Sie Ihre Koordination." in client.page.text()


@pytest.mark.parametrize("path", ["/konto", "/konto/abmelden"])
def test_the_account_is_for_the_signed_in(client, path):
    client.get("/anmelden")
    if path == "/konto":
        client.get(path, 302)
    else:
        client.post(path, {})
    assert client.response.location.startswith("/anmelden")


# ---- what changes how one gets in


def _two_browsers(client, other_client, session, frozen_clock):
    """Rita is signed in twice, her colleague once; return the other sign-in of Rita, and his."""
    rita = a_reporter(session)
    rolf = builders.a_coordinator(
        session, builders.a_district(session, "weimar"), email="rolf@example.org"
    )
    sign_in(other_client, session, rolf)
    sign_in(other_client, session, rita)
    frozen_clock.forward(minutes=1)
    sign_in(client, session, rita)
    with transaction(session):
        found = {row.user_id: row.id for row in reversed(sessions(session))}
    return found[rita.id], found[rolf.id]


@pytest.mark.asvs("7.4.1", "7.5.2")
def test_one_other_sign_in_is_ended_and_nobody_elses(client, other_client, session, frozen_clock):
    hers, his = _two_browsers(client, other_client, session, frozen_clock)
    other_client.get("/konto")
    client.get("/konto")
    (button,) = client.page.select("main td form")
    assert button.get("action") == f"/konto/abmelden/{hers}"
    client.post(f"/konto/abmelden/{his}")
    client.follow()
    assert "war schon abgemeldet" in client.page.text()
    client.post(f"/konto/abmelden/{hers}")
    client.follow()
    assert "ist abgemeldet" in client.page.text()
    assert {row.id for row in sessions(session)} >= {his}
    assert hers not in {row.id for row in sessions(session)}
    other_client.get("/konto", 302)


@pytest.mark.asvs("7.5.1", "7.5.2")
@pytest.mark.con10("A12")
@pytest.mark.parametrize(
    "path", ["/konto/abmelden", "/konto/abmelden/7", "/konto/geraet/7/vergessen", "/anmelden/app"]
)
def test_who_signed_in_long_ago_signs_in_again_before_a_way_in_changes(
    client, session, rita, frozen_clock, path
):
    sign_in(client, session, rita)
    frozen_clock.forward(minutes=16)
    client.get("/konto")
    client.post(path)
    back = "/anmelden/app" if path == "/anmelden/app" else "/konto"
    assert client.response.location == f"/anmelden?next={back}"
    client.follow()
    assert "Melden Sie sich noch einmal an" in client.page.text()
    assert len(sessions(session)) == 1
    client.submit("main form", email=RITA)
    client.get(letter(session).path)
    client.submit("main form")
    assert client.response.location == back
    client.follow()
    client.post(path)
    assert client.response.location in {"/konto", "/anmelden/app"}
