"""The second step: an app, paper codes, remembered devices, and asking again (ADR 45)."""

import dataclasses
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from kursliste.app import create_app
from kursliste.domain.errors import NotPermittedError, RuleViolationError
from kursliste.domain.limit import Limit
from kursliste.domain.permissions import Actor, Grant, Permission, Role
from kursliste.domain.second_factor import (
    PAPER_ALPHABET,
    STEP_UP,
    awaits_second_step,
    is_app_code,
    is_fresh,
    is_paper_code,
)
from kursliste.domain.sign_in import hashed
from kursliste.identity import second_factor_actions
from kursliste.identity.beginning import Browser
from kursliste.identity.second_factor_actions import Proof
from kursliste.infrastructure.app_codes import code_of, matching_step_or_none, step_of
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.sealing import is_sealed_with, seal, unsealed_or_none
from kursliste.infrastructure.slow_hash import slow_hash_holds
from kursliste.models import (
    JournalEntry,
    PaperCode,
    RememberedDevice,
    SecondFactor,
    User,
    UserSession,
)
from tests import builders
from tests.identity.scenes import ask, cookie_line, letter, mails, value_of
from tests.page_client import PageClient
from tests.signing_in import sign_in

KATRIN = "katrin@example.org"
BROWSER = Browser(bind="b" * 43, address="192.0.2.7", device="Firefox auf Linux")


@pytest.fixture
def katrin(session):
    """A coordinator."""
    district = builders.a_district(session)
    user = builders.a_coordinator(session, district, name="Katrin Kreis", email=KATRIN)
    with transaction(session):
        pass
    return user


@pytest.fixture
def strict(settings, database, session):
    """A browser at an instance that asks staff for an app."""
    app = create_app(dataclasses.replace(settings, second_factor=True), database=database)
    return PageClient(app, session)


def secret_of(session, settings):
    session.expire_all()
    with transaction(session):
        known = session.scalars(select(SecondFactor)).one()
    return unsealed_or_none(known.sealed_secret, secret_keys=settings.secret_keys)


def code_now(session, settings, clock, later=0):
    return code_of(secret_of(session, settings), step_of(clock.now()) + later)


def by_link(client, session, email=KATRIN):
    """Take the first step."""
    ask(client, email)
    client.get(letter(session).path)
    client.submit("main form")


def set_up(client, session, settings, clock):
    """Set up an app on its page; return the paper codes."""
    client.post("/anmelden/app")
    client.follow()
    code = code_now(session, settings, clock)
    client.post("/anmelden/app/pruefen", {"code": code}, 200)
    assert client.page.heading() == "Ihre Ersatzcodes"
    return client.page.texts("main code")


@pytest.fixture
def with_app(client, session, settings, katrin, frozen_clock):
    """Katrin set up an app and signed out again; return her paper codes."""
    sign_in(client, session, katrin)
    codes = set_up(client, session, settings, frozen_clock)
    client.get("/konto")
    client.post("/abmelden")
    frozen_clock.forward(minutes=20)
    return codes


def events(session):
    session.expire_all()
    with transaction(session):
        found = session.scalars(select(JournalEntry.event).order_by(JournalEntry.id)).all()
    return [str(event) for event in found]


def a_proof(typed, settings, **more):
    browser = dataclasses.replace(BROWSER, **more)
    return Proof(typed, browser, settings.secret_keys)


# ---- the rules


@pytest.mark.parametrize(
    ("role", "has_app", "has_passed", "staff_must", "waits"),
    [
        (Role.COORDINATOR, False, False, True, True),
        (Role.COORDINATOR, False, False, False, False),
        (Role.COORDINATOR, True, False, False, True),
        (Role.COORDINATOR, True, True, True, False),
        (Role.ADMINISTRATOR, False, False, True, True),
        (Role.COUNSELLOR, False, False, True, False),
        (Role.PROVIDER, False, False, True, False),
        (Role.PROVIDER, True, False, False, True),
    ],
)
def test_who_waits_for_the_second_step(role, has_app, has_passed, staff_must, waits, frozen_clock):
    actor = Actor(1, "Katrin", frozenset({Grant(role)}))
    passed_at = frozen_clock.now() if has_passed else None
    found = awaits_second_step(actor, has_app=has_app, passed_at=passed_at, staff_must=staff_must)
    assert found is waits


@pytest.mark.parametrize(
    ("minutes", "opens", "sends"),
    [(0, True, True), (15, True, True), (16, False, True), (60, False, True), (61, False, False)],
)
def test_a_form_may_be_filled_in_for_an_hour(minutes, opens, sends, frozen_clock):
    passed = frozen_clock.now() - timedelta(minutes=minutes)
    assert is_fresh(passed, frozen_clock.now(), reading=True) is opens
    assert is_fresh(passed, frozen_clock.now(), reading=False) is sends


def test_who_never_passed_is_not_fresh(frozen_clock):
    assert not is_fresh(None, frozen_clock.now(), reading=False)


@pytest.mark.parametrize(
    ("typed", "app", "paper"),
    [
        ("123456", True, False),
        (" 123 456 ", True, False),
        ("ABCD-efgh-jkmn", False, True),
        ("abcdefghjkm", False, False),
        ("abcdefghjkl1", False, False),
        ("12345", False, False),
        ("١٢٣٤٥٦", False, False),
        ("", False, False),
    ],
)
def test_what_a_code_looks_like(typed, app, paper):
    assert (is_app_code(typed), is_paper_code(typed)) == (app, paper)


@pytest.mark.asvs("6.5.5", "6.5.8")
def test_the_app_counts_as_rfc_6238_says(frozen_clock):
    # Appendix B: the secret "12345678901234567890", T = 59 s, the last six digits of 94287082.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert code_of(secret, 59 // 30) == "287082"
    now = frozen_clock.now()
    here = step_of(now)
    found = [
        matching_step_or_none(secret, code_of(secret, here + off), now) for off in range(-2, 3)
    ]
    assert found == [None, here - 1, here, here + 1, None]


@pytest.mark.asvs("11.2.5", "11.3.3")
@pytest.mark.con10("A18")
def test_a_sealed_secret_opens_with_its_key_only():
    sealed = seal("GEZDGNBV", secret_keys=["a" * 40])
    assert "GEZDGNBV" not in sealed
    assert unsealed_or_none(sealed, secret_keys=["a" * 40]) == "GEZDGNBV"
    assert unsealed_or_none(sealed, secret_keys=["b" * 40]) is None
    assert unsealed_or_none(sealed, secret_keys=["b" * 40, "a" * 40]) == "GEZDGNBV"
    assert unsealed_or_none("damaged", secret_keys=["a" * 40]) is None


@pytest.mark.asvs("6.5.2")
@pytest.mark.con10("A18")
def test_what_is_printed_on_paper_lies_hashed_slowly(client, session, settings, katrin, with_app):
    with transaction(session):
        stored = session.scalars(select(PaperCode.code_hash)).all()
    assert len({one.partition("$")[0] for one in stored}) == 10  # salts
    fast = {hashed(f"{katrin.id}:{code.replace('-', '')}") for code in with_app}
    assert fast.isdisjoint(stored)
    assert sum(slow_hash_holds(one, two) for one in stored for two in fast) == 10
    assert not slow_hash_holds("p" * 64, next(iter(fast)))


@pytest.mark.asvs("11.1.1", "11.2.2")
@pytest.mark.con10("A18")
def test_a_new_secret_key_keeps_apps_and_sign_ins(
    client, session, settings, database, katrin, with_app, frozen_clock
):
    code = code_now(session, settings, frozen_clock)
    new = dataclasses.replace(settings, secret_key="n" * 40, old_secret_keys=(settings.secret_key,))
    renewed = PageClient(create_app(new, database=database), session)
    by_link(renewed, session)
    renewed.follow()
    renewed.post("/anmelden/zweiter-schritt", {"code": code})
    with transaction(session):
        known = session.scalars(select(SecondFactor)).one()
        assert is_sealed_with(known.sealed_secret, secret_key="n" * 40)


# ---- staff set it up at their first sign-in


@pytest.mark.asvs("6.3.3", "6.3.7")
@pytest.mark.con10("A1", "A16")
def test_staff_without_an_app_get_no_further_than_setting_it_up(
    strict, session, settings, katrin, frozen_clock
):
    by_link(strict, session)
    strict.follow(302)
    strict.follow()
    assert strict.page.heading() == "App für die Anmeldung einrichten"
    assert strict.response.headers["Cache-Control"] == "no-store"
    for inside in ("/konto", "/pruefung/goerlitz", "/gespeicherte-suchen"):
        strict.get(inside, 302)
        assert strict.response.location.startswith("/anmelden?next=")
    strict.get("/anmelden/zweiter-schritt", 302)
    codes = set_up(strict, session, settings, frozen_clock)
    assert len(set(codes)) == 10
    strict.get("/konto")
    assert "Eingerichtet am 24.11.2026" in strict.page.text()
    assert "sind noch 10" in strict.page.text()
    assert mails(session)[-1].subject == "Die App für Ihre Anmeldung ist eingerichtet"
    assert events(session)[-3:] == [
        "second_factor:begun", "second_factor:set_up", "paper_codes:made",
    ]  # fmt: skip


def test_whoever_waits_too_long_begins_anew(strict, session, katrin, frozen_clock):
    by_link(strict, session)
    frozen_clock.forward(minutes=31)
    strict.get("/anmelden/zweiter-schritt", 302)
    assert strict.response.location == "/anmelden"
    strict.get("/anmelden/app", 404)


def test_nobody_has_no_app_to_set_up(client):
    client.get("/anmelden/app", 404)


def test_a_wrong_first_code_sets_up_nothing(client, session, settings, katrin, frozen_clock):
    sign_in(client, session, katrin)
    client.get("/konto")
    client.post("/anmelden/app")
    client.follow()
    assert "otpauth://totp/kursliste:katrin" in client.page.html
    code = code_now(session, settings, frozen_clock, later=5)
    client.post("/anmelden/app/pruefen", {"code": code}, 422)
    assert "Dieser Code gilt nicht." in client.page.text()
    client.post("/anmelden/app/pruefen", {"code": "12"}, 422)
    assert "Der Code der App hat 6 Ziffern" in client.page.text()
    with transaction(session):
        assert session.scalars(select(SecondFactor)).one().confirmed_at is None
        assert session.scalars(select(PaperCode)).all() == []


@pytest.mark.asvs("7.4.3")
def test_setting_up_ends_the_other_sessions(client, session, settings, katrin, frozen_clock):
    sign_in(client, session, katrin)
    sign_in(client, session, katrin)
    set_up(client, session, settings, frozen_clock)
    client.get("/konto")
    with transaction(session):
        assert len(session.scalars(select(UserSession)).all()) == 1


def test_an_app_that_counts_is_not_replaced(client, session, settings, katrin, frozen_clock):
    sign_in(client, session, katrin)
    set_up(client, session, settings, frozen_clock)
    before = secret_of(session, settings)
    client.get("/konto")
    client.post("/anmelden/app")
    assert secret_of(session, settings) == before
    client.get("/anmelden/app", 302)


# ---- the second step


@pytest.mark.asvs("6.3.3", "6.3.4", "7.2.4")
@pytest.mark.con10("A1", "A16")
def test_the_link_alone_lets_nobody_in(client, session, settings, katrin, with_app, frozen_clock):
    by_link(client, session)
    before = value_of(client, "sid")
    client.follow()
    assert client.page.heading() == "Code der App eingeben"
    client.get("/konto", 302)
    client.get("/anmelden/zweiter-schritt")
    code = code_now(session, settings, frozen_clock)
    client.post("/anmelden/zweiter-schritt", {"code": code})
    assert value_of(client, "sid") != before
    client.get("/konto")
    assert events(session)[-2:] == ["second_step:asked", "person:signed_in"]
    client.flask.set_cookie("sid", before)
    client.get("/konto", 302)


def test_the_way_after_the_first_step_is_kept(
    client, session, settings, katrin, with_app, frozen_clock
):
    client.get("/pruefung/goerlitz", 302)
    client.follow()
    client.post("/anmelden", {"email": KATRIN, "next": "/konto"})
    client.get(letter(session).path)
    client.submit("main form")
    client.follow()
    client.post("/anmelden/zweiter-schritt", {"code": code_now(session, settings, frozen_clock)})
    assert client.response.location == "/konto"


@pytest.mark.asvs("16.3.1")
def test_each_step_that_fails_is_logged(
    client, session, settings, katrin, with_app, frozen_clock, caplog
):
    ask(client, KATRIN)
    client.submit(status=422, code="00000000")
    client.get("/anmelden/" + "x" * 43)
    client.submit(status=400)
    client.get(letter(session).path)
    client.submit("main form")
    client.follow()
    wrong = code_now(session, settings, frozen_clock, later=9)
    client.post("/anmelden/zweiter-schritt", {"code": wrong}, 422)
    client.post("/anmelden/zweiter-schritt", {"code": with_app[0]})
    assert [told for told in caplog.messages if "refused" in told] == [
        "sign_in_refused: code",
        "sign_in_refused: link",
        f"second_step_refused: user {katrin.id}",
    ]
    assert events(session)[-1] == "person:signed_in"


@pytest.mark.asvs("6.5.1")
def test_a_code_holds_once(client, session, settings, katrin, with_app, frozen_clock):
    code = code_now(session, settings, frozen_clock)
    by_link(client, session)
    client.follow()
    client.post("/anmelden/zweiter-schritt", {"code": code})
    client.get("/konto")
    client.post("/abmelden")
    by_link(client, session)
    client.follow()
    client.post("/anmelden/zweiter-schritt", {"code": code}, 422)
    assert "Jeder Code gilt nur einmal." in client.page.text()


@pytest.mark.asvs("6.5.1")
def test_a_paper_code_holds_once_and_is_told(client, session, katrin, with_app):
    for status in (302, 422):
        by_link(client, session)
        client.follow()
        client.post("/anmelden/zweiter-schritt", {"code": with_app[3].upper()}, status)
        if status == 302:
            client.get("/konto")
            assert "sind noch 9" in client.page.text()
            client.post("/abmelden")
    subjects = [mail.subject for mail in mails(session)]
    assert subjects.count("Ein Ersatzcode wurde benutzt") == 1


@pytest.mark.asvs("2.3.2", "6.3.1", "6.6.3")
@pytest.mark.con10("A1")
def test_five_wrong_codes_are_enough(client, session, settings, katrin, with_app, frozen_clock):
    by_link(client, session)
    client.follow()
    wrong = code_now(session, settings, frozen_clock, later=9)
    for _ in range(5):
        client.post("/anmelden/zweiter-schritt", {"code": wrong}, 422)
    right = code_now(session, settings, frozen_clock)
    client.post("/anmelden/zweiter-schritt", {"code": right}, 429)
    assert "Warten Sie 15 Minuten." in client.page.text()
    frozen_clock.forward(minutes=15)
    client.post("/anmelden/zweiter-schritt", {"code": code_now(session, settings, frozen_clock)})


def test_of_forty_at_once_five_are_looked_at(database, session, settings, katrin, with_app):
    with transaction(session):
        person_id = katrin.id

    def one(_number):
        with database.session() as own:
            try:
                with transaction(own):
                    return second_factor_actions.pass_second_step(
                        own,
                        a_proof("000000", settings),
                        site="http://localhost",
                        actor=builders.an_actor(own.get(User, person_id)),
                    )
            except RuleViolationError as violation:
                return violation.rule

    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(one, range(40)))
    assert found.count(None) == 5
    assert len(found) == 40


@pytest.mark.asvs("6.5.1", "15.4.2")
def test_of_twelve_with_the_same_code_one_gets_in(
    database, session, settings, katrin, with_app, frozen_clock, monkeypatch
):
    monkeypatch.setattr(
        "kursliste.identity.second_factor_actions.TRIES", Limit(100, timedelta(minutes=15))
    )
    code = code_now(session, settings, frozen_clock)

    with transaction(session):
        person_id = katrin.id

    def one(_number):
        with database.session() as own, transaction(own):
            return second_factor_actions.pass_second_step(
                own,
                a_proof(code, settings),
                site="http://localhost",
                actor=builders.an_actor(own.get(User, person_id)),
            )

    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(one, range(12)))
    assert sum(one is not None for one in found) == 1


@pytest.mark.asvs("11.2.5")
def test_with_another_key_of_the_instance_no_code_holds(session, settings, katrin, with_app):
    with transaction(session):
        found = second_factor_actions.pass_second_step(
            session,
            Proof("123456", BROWSER, "another key of forty characters .........."),
            site="http://localhost",
            actor=builders.an_actor(katrin),
        )
    assert found is None


@pytest.mark.asvs("6.5.2", "14.2.4")
@pytest.mark.con10("A7", "A18")
def test_nothing_secret_lies_open(session, settings, katrin, with_app):
    secret = secret_of(session, settings)
    with transaction(session):
        rows = [
            str(row)
            for table in ("second_factor", "paper_code", "journal_entry", "outgoing_mail")
            for row in session.execute(text(f"SELECT * FROM {table}")).all()
        ]
    everything = "\n".join(rows)
    assert secret not in everything
    assert not any(code in everything or code.replace("-", "") in everything for code in with_app)


# ---- remembered devices


def remember(client, session, settings, clock):
    by_link(client, session)
    client.follow()
    code = code_now(session, settings, clock)
    client.post("/anmelden/zweiter-schritt", {"code": code, "remembers": "y"})
    client.get("/konto")
    client.post("/abmelden")
    clock.forward(minutes=2)


@pytest.mark.asvs("6.3.4")
def test_a_remembered_device_needs_the_app_only(
    client, session, settings, katrin, with_app, frozen_clock
):
    remember(client, session, settings, frozen_clock)
    client.get("/anmelden")
    assert "Weiter als Katrin Kreis" in client.page.text()
    client.get("/anmelden/geraet")
    client.post("/anmelden/geraet", {"code": with_app[0]}, 422)
    code = code_now(session, settings, frozen_clock)
    client.post("/anmelden/geraet", {"code": code, "next": "/konto"})
    client.follow()
    assert client.page.heading() == "Mein Konto"
    assert "Ohne E-Mail melden Sie sich an auf:" in client.page.text()
    assert ", bis 24.12.2026, " in client.page.text()


@pytest.mark.asvs("3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.3.5")
@pytest.mark.con10("A14")
def test_each_cookie_is_bound_to_the_host_and_small(
    settings, database, session, katrin, with_app, frozen_clock
):
    """Of everybody who signs in where there is https, with an app and a remembered device."""
    site = dataclasses.replace(settings, base_url="https://kurse.example.org")
    client = PageClient(create_app(site, database=database), session)
    client.flask.environ_base |= {
        "wsgi.url_scheme": "https",
        "HTTP_HOST": "kurse.example.org",
    }
    lines: list[str] = []

    def noted():
        assert client.response is not None
        lines.extend(client.response.headers.getlist("Set-Cookie"))

    client.get("/anmelden?next=/" + "x" * 499)
    noted()
    client.post("/anmelden", {"email": KATRIN})
    noted()
    client.follow()
    client.submit(code=letter(session).code)
    noted()
    client.follow()
    code = code_now(session, settings, frozen_clock)
    client.post("/anmelden/zweiter-schritt", {"code": code, "remembers": "y"})
    noted()
    client.get("/konto")
    noted()
    names = {line.partition("=")[0] for line in lines}
    assert names == {"__Host-form", "__Host-anm", "__Host-sid", "__Host-geraet"}
    for line in lines:
        said = set(line.split("; ")[1:])
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= said, line
        assert len(line.partition(";")[0]) < 4096
        assert "Domain" not in line


@pytest.mark.asvs("6.5.6")
@pytest.mark.parametrize("how", ["time", "elsewhere", "gone", "inactive"])
def test_a_device_is_forgotten(client, session, settings, katrin, with_app, frozen_clock, how):
    remember(client, session, settings, frozen_clock)
    if how == "time":
        frozen_clock.forward(days=31)
    elif how == "elsewhere":
        with transaction(session):
            session.execute(text("UPDATE remembered_device SET token_hash = 'x'"))
    elif how == "inactive":
        with transaction(session):
            session.get(User, katrin.id).is_active = False
    else:
        by_link(client, session)
        client.follow()
        code = code_now(session, settings, frozen_clock)
        client.post("/anmelden/zweiter-schritt", {"code": code})
        client.get("/konto")
        client.post("/konto/app/entfernen")
        with transaction(session):
            assert session.scalars(select(RememberedDevice)).all() == []
    client.get("/anmelden/geraet", 302)
    assert client.response.location == "/anmelden"


@pytest.mark.asvs("6.5.6")
def test_ending_the_other_sessions_forgets_the_devices(
    client, session, settings, katrin, with_app, frozen_clock
):
    remember(client, session, settings, frozen_clock)
    code = code_now(session, settings, frozen_clock)
    client.get("/anmelden/geraet")
    client.post("/anmelden/geraet", {"code": code})
    client.get("/konto")
    client.post("/konto/abmelden")
    with transaction(session):
        assert session.scalars(select(RememberedDevice)).all() == []


# ---- asking again


@pytest.mark.asvs("7.2.4", "7.5.3")
@pytest.mark.con10("A12")
def test_what_is_dangerous_asks_again(client, session, settings, katrin, with_app, frozen_clock):
    by_link(client, session)
    client.follow()
    client.post("/anmelden/zweiter-schritt", {"code": code_now(session, settings, frozen_clock)})
    erasing = "/veroeffentlichung/goerlitz/angaben-entfernen"
    client.get(erasing)
    frozen_clock.forward(minutes=16)
    client.get(erasing, 302)
    assert client.response.location == f"/konto/bestaetigen?next={erasing}"
    client.follow()
    before = value_of(client, "sid")
    client.submit("main form", 422, code="000000")
    client.submit("main form", code=code_now(session, settings, frozen_clock))
    assert value_of(client, "sid") != before
    client.follow()
    assert events(session)[-1] == "second_factor:passed"


@pytest.mark.asvs("7.5.1")
@pytest.mark.con10("A12")
def test_new_paper_codes_ask_again_and_replace_the_old(
    client, session, settings, katrin, with_app, frozen_clock
):
    by_link(client, session)
    client.follow()
    client.post("/anmelden/zweiter-schritt", {"code": code_now(session, settings, frozen_clock)})
    client.get("/konto")
    client.post("/konto/ersatzcodes", status=200)
    new = client.page.texts("main code")
    assert len(set(new)) == 10
    assert not set(new) & set(with_app)
    frozen_clock.forward(minutes=16)
    client.get("/konto")
    client.post("/konto/ersatzcodes")
    assert client.response.location == "/konto/bestaetigen?next=/konto"
    client.get("/konto")
    client.post("/konto/app/entfernen")
    assert client.response.location == "/konto/bestaetigen?next=/konto"


def test_asking_again_signs_nobody_out_of_a_device(client, session, settings, frozen_clock):
    """Who reports stays signed in for weeks; the new secret has to stay as long as the old one."""
    rita = builders.a_reporter(session, builders.a_provider(session, builders.a_district(session)))
    sign_in(client, session, rita)
    set_up(client, session, settings, frozen_clock)
    frozen_clock.forward(minutes=16)
    client.get("/konto/bestaetigen")
    client.submit("main form", code=code_now(session, settings, frozen_clock))
    assert "Max-Age=" in cookie_line(client, "sid")


@pytest.mark.asvs("6.5.4")
def test_everything_to_be_asked_again_is_a_permission():
    assert set(Permission) >= STEP_UP
    assert len(set(PAPER_ALPHABET)) ** 12 > 2**58


# ---- who lost everything


@pytest.mark.asvs("6.3.7", "6.4.4", "6.4.6", "6.5.6")
@pytest.mark.con10("A1")
def test_an_administrator_takes_a_lost_app_away(session, settings, katrin, with_app):
    with transaction(session), pytest.raises(NotPermittedError):
        second_factor_actions.reset_second_factor(
            session, katrin, site="http://localhost", actor=builders.an_actor(katrin)
        )
    with transaction(session):
        second_factor_actions.reset_second_factor(
            session, katrin, site="http://localhost", actor=Actor.system()
        )
    with transaction(session):
        for table in (SecondFactor, PaperCode, RememberedDevice, UserSession):
            assert session.scalars(select(table)).all() == []
    assert mails(session)[-1].subject == "Die App für Ihre Anmeldung ist entfernt"


def test_the_secret_of_a_device_is_stored_hashed(
    client, session, settings, katrin, with_app, frozen_clock
):
    remember(client, session, settings, frozen_clock)
    with transaction(session):
        stored = session.scalars(select(RememberedDevice)).one().token_hash
    assert stored == hashed(value_of(client, "geraet"))
    assert re.fullmatch(r"[0-9a-f]{64}", stored)
