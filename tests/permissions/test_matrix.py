"""Whoever has an account in Weimar learns nothing about Görlitz and changes nothing there.

Every address x every stranger; what would be a leak is found by canaries (SECURITY.md, G9). That
the matrix can find one is shown by bugs that are put in on purpose.
"""

import importlib

import pytest
from sqlalchemy import true

from kursliste.domain.permissions import Actor
from kursliste.masterdata.queries import district_by_slug
from kursliste.readers.routes import ONE_CLICK
from tests.permissions.matrix import (
    CANARY,
    a_world,
    addresses,
    content,
    damage,
    entered,
    leaks,
    poison,
    read,
)

STRANGERS = (
    "nobody",
    "without a role",
    "provider of the same district",
    "provider elsewhere",
    "counsellor elsewhere",
    "coordinator elsewhere",
)


@pytest.fixture
def world(session):
    return a_world(session)


@pytest.mark.asvs("8.2.1", "8.2.2", "8.3.1", "8.4.1")
@pytest.mark.con10("A2")
@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_reads_nothing(app, session, world, who):
    assert leaks(app, session, world, who) == []


@pytest.mark.asvs("8.2.1", "8.2.2", "8.3.1", "8.4.1", "15.3.3")
@pytest.mark.con10("A2")
@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_changes_nothing(app, session, world, who):
    assert damage(app, session, world, who) == []


def test_the_canaries_are_there_for_those_they_belong_to(app, session, world):
    """The control: whoever may read, reads them on many pages."""
    opened: dict[str, set[str]] = {}
    for who in ("coordinator", "owner"):
        client = entered(app, session, world, who)
        opened[who] = set()
        for endpoint, _method, path in addresses(app, world, unsafe=False):
            with client.flask.get(path) as response:
                if CANARY in read(response):
                    opened[who].add(endpoint)
    assert len(opened["coordinator"]) >= 15, opened
    assert len(opened["owner"]) >= 4, opened


@pytest.mark.asvs("3.5.1")
@pytest.mark.con10("A15")
def test_nothing_is_sent_without_its_token(app, session, world):
    client = entered(app, session, world, "coordinator")
    before, let_through = content(session), []
    for endpoint, method, path in addresses(app, world, unsafe=True):
        if app.view_functions[endpoint] is ONE_CLICK:
            continue
        with client.flask.open(path, method=method, data={"text": "x"}) as response:
            if response.status_code not in {400, 403, 404, 405}:
                let_through.append((endpoint, response.status_code))
    after = content(session)
    after["user_session"] = before["user_session"]
    assert after == before
    assert let_through == []


@pytest.mark.asvs("3.5.1")
@pytest.mark.con10("A15")
def test_nothing_is_taken_from_another_site(app, session, world):
    client = entered(app, session, world, "coordinator")
    page = client.flask.get("/anmelden").get_data(as_text=True)
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    before = content(session)
    for _endpoint, method, path in addresses(app, world, unsafe=True):
        with client.flask.open(
            path,
            method=method,
            data={"csrf_token": token, "text": "x"},
            headers={"Origin": "https://evil.example"},
        ) as response:
            assert response.status_code in {400, 403, 404, 405}, path
    after = content(session)
    after["user_session"] = before["user_session"]
    assert after == before


# ---- bugs put in on purpose


def careless(function):
    """A query that forgot to ask who asks."""

    def asked_by_anybody(session, _actor, *arguments, **more):
        return function(session, Actor.system(), *arguments, **more)

    return asked_by_anybody


def any_district(session, _actor, slug):
    return district_by_slug(session, slug)


def unscoped(old):
    """A part of a query that forgot whose it is."""
    return lambda _actor: old(Actor.system())


EVERYWHERE = frozenset(range(1, 9))
BUGS = [
    *(
        [(f"kursliste.{module}", "coordinated_district", lambda _old: any_district)]
        for module in (
            "reporting.text_routes", "review.fast_routes", "review.routes",
            "review.rules_routes", "readers.desk_routes", "publishing.queries",
            "publishing.erasure_routes", "masterdata.list_routes", "masterdata.list_page",
            "intake.routes",
        )
    ),
    [("kursliste.review.queries", "mine", lambda _old: lambda _actor: true())],
    [("kursliste.masterdata.house_queries", "_maintained", unscoped)],
    [("kursliste.masterdata.house_queries", "maintained_provider", careless)],
    [("kursliste.hints.routes", "open_hints", careless)],
    [("kursliste.administration.queries", "journal_entries", careless)],
    [("kursliste.professionals.queries", "own_district", lambda _old: any_district)],
    [("kursliste.reporting.queries", "_reported_by", lambda _old: lambda _actor: true())],
    [("kursliste.domain.permissions", "Actor.district_ids",
      lambda _old: lambda _self, *_roles: EVERYWHERE)],
    [("kursliste.domain.permissions", "Actor.provider_ids",
      lambda _old: property(lambda _self: EVERYWHERE))],
    [("kursliste.domain.permissions", "Actor.is_administrator",
      lambda _old: property(lambda self: self.is_signed_in))],
]  # fmt: skip
"""Each is one forgotten check. Where a second net holds, cutting the first opens nothing."""

SHOWN = [3, 10, 14]


@pytest.mark.parametrize(
    "number",
    [
        number if number in SHOWN else pytest.param(number, marks=pytest.mark.nightly)
        for number in range(len(BUGS))
    ],
)
def test_a_bug_put_in_on_purpose_is_found(app, session, world, monkeypatch, number):
    for module, name, broken in BUGS[number]:
        home = importlib.import_module(module)
        if name.startswith("Actor."):
            home, name = home.Actor, name.removeprefix("Actor.")  # noqa: PLW2901 -- inside the class
        monkeypatch.setattr(home, name, broken(getattr(home, name)))
    found: list[str] = []
    for who in ("coordinator elsewhere", "provider elsewhere", "without a role"):
        found += leaks(app, session, world, who) + damage(app, session, world, who)
        if found:
            break
    assert found, BUGS[number]


def test_poison_reaches_what_is_not_published(session, world):
    """Tables without a single canary are published, or hold no text of people."""
    poison(session, 0, set())
    texts = content(session)
    silent = {
        name
        for name, rows in texts.items()
        if rows and not any(CANARY in str(row) for row in rows.values())
    }
    told = {
        "app_user", "reported_course", "question", "provider_note", "course_note",
        "statement", "correction", "outgoing_mail", "journal_entry", "subscription",
        "reader_hint", "saved_search", "venue", "mail_text", "interim_update",
    }  # fmt: skip
    assert silent & told == set()
