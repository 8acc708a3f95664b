"""Hostile words in every field, and every kind of page in Chromium: nothing runs, all is text."""

from collections.abc import Iterator
from html import escape
from urllib.parse import quote, urlencode, urlsplit

import pytest
from jinja2 import Template
from sqlalchemy import func, select

from kursliste.infrastructure.database import Database
from kursliste.models.base import Base
from kursliste.models.edition import EditionEntry
from kursliste.models.hint import ReaderHint
from kursliste.models.journal import JournalEntry
from kursliste.models.mail_text import MailText
from tests.browser.hostile_words import PAYLOADS, TEXTS, Spot, fitting
from tests.browser.hostile_world import Watched, can_be_said, columns_of
from tests.browser.site import Site, running
from tests.intake.lists import HEAD


@pytest.fixture(scope="module")
def hostile_copy(tmp_path_factory, hostile_world) -> Iterator[Site]:
    """A hostile site of its own, for what is sent to it."""
    folder = tmp_path_factory.mktemp("hostile-copy")
    url = f"sqlite:///{folder}/kursliste.db"
    with running(url, folder, template=hostile_world) as started:
        yield started


@pytest.fixture
def watched(chromium, hostile_site) -> Iterator[Watched]:
    """Somebody at the hostile site, whose complaints fail the test."""
    person = Watched(chromium, hostile_site.base_url)
    yield person
    person.context.close()
    assert person.complaints == []


@pytest.mark.asvs("1.1.2")
def test_each_field_of_a_published_course_holds_each_payload(hostile_site):
    database = Database(hostile_site.environment["KURSLISTE_DATABASE_URL"])
    with database.session(readonly=True) as session:
        entries = session.scalars(select(EditionEntry)).all()
        missing = {
            (name, text)
            for name in columns_of(Base.metadata.tables["reported_course"])
            for text in fitting(getattr(EditionEntry, name).type.length)
            if text not in {getattr(entry, name) for entry in entries}
        }
    database.dispose()
    assert len(TEXTS) >= 60
    assert sorted(missing) == []


@pytest.mark.asvs("1.1.2")
def test_hints_reminders_and_code_tables_hold_hostile_words(hostile_site):
    database = Database(hostile_site.environment["KURSLISTE_DATABASE_URL"])
    with database.session(readonly=True) as session:
        comments = set(session.scalars(select(ReaderHint.comment)))
        reminders = "\n".join(session.scalars(select(MailText.text)))
        labels = {
            (name, column): session.scalars(select(Base.metadata.tables[name].c[column])).all()
            for name in ("course_type", "level", "course_status")
            for column in columns_of(Base.metadata.tables[name])
        }
    database.dispose()
    assert {text.strip() for text in TEXTS} <= comments
    assert [text for text in TEXTS if can_be_said(text) and text.strip() not in reminders] == []
    assert [where for where, found in labels.items() if not set(found) - {None} <= set(TEXTS)] == []


@pytest.mark.asvs("1.2.1")
def test_nothing_runs_on_the_pages_of_code_tables(watched):
    watched.sign_in("admin")
    watched.wander("/verwaltung", leaving_out=r"sprache=|^(?!.*/verwaltung)")
    seen = " ".join(watched.visited)
    assert all(f"/verwaltung/{name}" in seen for name in ("kursarten", "niveaus", "kreise"))


@pytest.mark.asvs("1.2.1")
def test_hints_are_text_for_whoever_settles_them(watched):
    watched.sign_in(COORDINATOR)
    watched.see("/hinweise")
    said = "".join(watched.text().split())
    shown = [text for text in TEXTS if "".join(text.split()) in said]
    assert len(shown) > len(TEXTS) / 2


COORDINATOR, PROVIDER, COUNSELLOR = (
    "koordination-goerlitz",
    "traeger-goerlitz-1",
    "beratung-goerlitz",
)
PUBLIC = "/kurslisten/|/kurse/|/suche|/merkliste|/handzettel|/kurs-finden"
FILTERS = (
    "q", "ort", "plz", "umkreis", "niveau", "art", "gruppe", "traeger", "kreis", "status", "zeit",
    "zielgruppe", "zugang", "sortierung", "seite", "kurs", "next", "liste", "monat", "sprache",
)  # fmt: skip
ECHOING = ("/suche", "/kurslisten/goerlitz", "/kurslisten/goerlitz/einbinden", "/merkliste",
           "/einbetten/goerlitz", "/handzettel", "/kurs-finden", "/anmelden")  # fmt: skip


@pytest.mark.asvs("1.1.2", "1.2.1", "1.3.7", "3.2.2")
@pytest.mark.con10("A8")
@pytest.mark.parametrize(
    ("who", "start"),
    [("", "/"), (PROVIDER, "/meldungen"), (COORDINATOR, "/pruefung"), (COUNSELLOR, "/suche")],
)
def test_nothing_runs_on_any_kind_of_page(watched, who, start):
    if who:
        watched.sign_in(who)
    watched.wander(start, leaving_out="sprache=" if who else "nothing")
    assert len(watched.visited) > 15


def kept(site: Site) -> int:
    """How much a site has written down: hardly any form leaves no entry."""
    database = Database(site.environment["KURSLISTE_DATABASE_URL"])
    with database.session(readonly=True) as session:
        found = session.scalar(select(func.count()).select_from(JournalEntry))
    database.dispose()
    return found or 0


@pytest.mark.asvs("1.2.1")
@pytest.mark.con10("A8")
@pytest.mark.parametrize(
    ("who", "start", "forms", "stored"),
    [
        pytest.param("", "/kurslisten/goerlitz", 2, 0, marks=pytest.mark.nightly),
        pytest.param(PROVIDER, "/meldungen", 6, 1, marks=pytest.mark.nightly),
        (COORDINATOR, "/stammdaten/kreise/goerlitz/texte", 12, 6),
    ],
)
def test_nothing_runs_after_hostile_words_were_sent(
    hostile_copy, chromium, who, start, forms, stored
):
    person, before = Watched(chromium, hostile_copy.base_url), kept(hostile_copy)
    if who:
        person.sign_in(who)
    person.wander(start, leaving_out=f"sprache=|/api|/anleitung|{PUBLIC if who else 'nothing'}")
    sent = person.tell_all(0)
    for address in person.visited:
        person.see(address)
    person.context.close()
    assert person.complaints == []
    assert sent >= forms
    assert kept(hostile_copy) - before >= stored


@pytest.mark.asvs("1.2.1", "1.2.3")
def test_nothing_runs_on_the_page_of_any_course(watched, pytestconfig):
    watched.see("/kurslisten/goerlitz")
    courses = sorted({link for link in watched.links() if "/kurse/" in urlsplit(link).path})
    assert len(courses) > 60
    for address in courses if pytestconfig.getoption("--nightly") else courses[::3]:
        watched.see(address)


@pytest.mark.asvs("1.2.2")
def test_nothing_runs_that_stands_in_an_address(watched, pytestconfig):
    step = 1 if pytestconfig.getoption("--nightly") else 3
    for number, text in enumerate(TEXTS[::step]):
        query = urlencode(dict.fromkeys(FILTERS, text))
        watched.see(f"{ECHOING[number % len(ECHOING)]}?{query}")
        watched.see(f"/suche?{urlencode({'q': text})}")
        watched.see(f"/gibt-es-nicht/{quote(text, safe='')}?{query}")


def complaints_about(person: Watched, spot: Spot, text: str) -> list[str]:
    """What the watch says about a page that escapes nothing."""
    body = Template(text).render() if spot is Spot.TEMPLATE else spot.value % text
    page = f"<!doctype html><html><body>{body}"
    person.context.unroute_all()
    person.context.route(
        lambda address: "evil.example" not in address,
        lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=page),
    )
    person.context.route("**evil.example/**", lambda route: route.abort())
    person.see("/unescaped")
    found, person.complaints = person.complaints, []
    return found


def test_the_watch_sees_each_payload_that_runs(chromium, hostile_site):
    person = Watched(chromium, hostile_site.base_url)
    usual = {spot: len(complaints_about(person, spot, "harmlos")) for spot in Spot if "%" in spot}
    unseen = [
        payload.text
        for payload in PAYLOADS
        if payload.spot is not Spot.NOWHERE
        and len(complaints_about(person, payload.spot, payload.text)) <= usual.get(payload.spot, 0)
    ]
    person.context.close()
    assert usual[Spot.TEXT] == 0
    assert unseen == []


def test_the_watch_says_nothing_about_escaped_words(chromium, hostile_site):
    person = Watched(chromium, hostile_site.base_url)
    found = complaints_about(person, Spot.DOUBLE, escape(" ".join(TEXTS[:50])))
    person.context.close()
    assert found == []


@pytest.mark.asvs("1.2.1", "5.4.2")
def test_nothing_runs_in_the_preview_of_a_hostile_list(hostile_copy, chromium):
    person = Watched(chromium, hostile_copy.base_url)
    person.sign_in(COORDINATOR)
    person.see("/uebernahme/goerlitz")
    lines = [";".join(HEAD), *(";".join([quoted(text)] * len(HEAD)) for text in TEXTS)]
    for name in ("<img src=x onerror=x__()>.csv", '" autofocus onfocus="x__().csv'):
        person.see("/uebernahme/goerlitz")
        content = "\n".join([*lines, name]).encode()
        person.page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": content}
        )
        with person.page.expect_navigation(wait_until="load"):
            person.page.locator("main form:has(input[type=file]) button").first.click()
        person.look()
        assert "x__()" in person.text()
        person.wander(person.page.url, leaving_out="^(?!.*/uebernahme/)")
    person.context.close()
    assert person.complaints == []


def quoted(text: str) -> str:
    """One value of a text list."""
    return '"' + text.replace('"', '""') + '"'
