"""The feed is what RFC 4287 asks for, tells each edition once, and nothing internal."""

from datetime import date
from xml.etree.ElementTree import fromstring

import pytest

from kursliste.domain.calendar import Month
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.publishing.withdrawal_actions import withdraw_edition
from tests.builders import a_course, a_district
from tests.publishing.scene import CANARIES, CONFIRMED, FULL_ROW, HIDDEN, Statements, a_scene

FEED = "/kurslisten/goerlitz/feed.atom"
NS = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def scene(session, settings):
    scene = a_scene(session, Shelf(settings.shelf))
    december, report = scene.round, scene.report
    scene.month(Month(2026, 11))
    later = scene.course(**FULL_ROW)
    scene.publish(month=Month(2026, 11))
    scene.round, scene.report = december, report
    a_course(
        session,
        report,
        course_id=later.course_id,
        **{**FULL_ROW, **CONFIRMED, "starts_on": date(2026, 12, 14)},
    )
    scene.course(title="Kurs <am> Markt & Bach", town="Zittau")
    scene.course(title="Geheim", visibility=HIDDEN)
    scene.publish()
    return scene


def texts(parent, path):
    return [element.text for element in parent.findall(path, NS)]


def links(parent):
    return {(link.get("rel"), link.get("href")) for link in parent.findall("a:link", NS)}


def test_the_feed_tells_each_edition_with_what_is_new(client, scene, frozen_clock):
    frozen_clock.forward(days=1)
    scene.course(title="Steuer\x0bzeichen")
    scene.publish(seen=1, reason="Titel berichtigt")
    client.get(FEED)
    assert client.response.content_type == "application/atom+xml; charset=utf-8"
    feed = fromstring(client.response.get_data())  # noqa: S314 -- our own answer
    assert texts(feed, "a:id") == ["tag:localhost,2026:kurslisten/goerlitz"]
    assert texts(feed, "a:title") == ["Kursliste – Landkreis Goerlitz"]
    assert texts(feed, "a:updated") == ["2026-11-25T09:00:00Z"]
    assert texts(feed, "a:author/a:name") == ["Landratsamt, Bildungskoordination"]
    assert links(feed) == {
        ("self", f"http://localhost{FEED}"),
        ("alternate", "http://localhost/kurslisten/goerlitz"),
    }
    entries = feed.findall("a:entry", NS)
    assert [texts(entry, "a:id") for entry in entries] == [
        [f"tag:localhost,2026:kurslisten/goerlitz/{name}"]
        for name in ("2026-12/2", "2026-12/1", "2026-11/1")
    ]
    assert [texts(entry, "a:title") for entry in entries] == [
        ["Kursliste Dezember 2026 – Korrektur (2026-12/2)"],
        ["Kursliste Dezember 2026"],
        ["Kursliste November 2026"],
    ]
    assert {len(texts(entry, "a:updated")) for entry in entries} == {1}
    correction, december, november = (texts(entry, "a:content")[0] for entry in entries)
    assert correction.startswith("Ersetzt die Ausgabe 2026-12/1. Grund: Titel berichtigt\n2 neu: ")
    assert "Steuerzeichen (" in correction
    assert december == (
        "1 neu: Kurs <am> Markt & Bach (Volkshochschule Neißebogen)\n"
        "1 geändert: Integrationskurs am Vormittag (Volkshochschule Neißebogen)"
    )
    assert november == "Seit dem letzten Monat ist nichts neu."
    here = "http://localhost/kurslisten/goerlitz/2026-12/1"
    assert links(entries[1]) == {
        ("alternate", here),
        ("enclosure", f"{here}/kursliste-goerlitz-2026-12-a1.xlsx"),
    }
    text = client.response.text
    assert CANARIES.search(text) is None
    assert "Geheim" not in text


def test_it_is_answered_from_memory_by_its_tag_and_pages_lead_to_it(client, scene):
    client.get(FEED)
    tag = client.response.headers["ETag"]
    client.get(FEED, 304, headers={"If-None-Match": tag})
    for page in ("/kurslisten/goerlitz", "/kurslisten/goerlitz/ausgaben"):
        client.get(page)
        found = client.page.one("link[type=application/atom+xml]")
        assert found.get("href") == FEED


def test_statements_do_not_grow_with_editions(client, session, database, scene):
    def count():
        with Statements(database) as counted:
            client.get(FEED)
        return len(counted.sent)

    with_two = count()
    for number in (1, 2, 3):
        scene.publish(seen=number, reason="noch einmal")
    assert count() == with_two


def test_a_district_without_an_edition_has_an_empty_feed_that_holds(client, session):
    a_district(session)
    client.get(FEED)
    feed = fromstring(client.response.get_data())  # noqa: S314 -- our own answer
    assert texts(feed, "a:updated") == ["2026-01-01T00:00:00Z"]
    assert feed.findall("a:entry", NS) == []
    client.get("/kurslisten/ulm/feed.atom", 404)


def test_an_edition_that_was_taken_back_is_no_longer_told(client, session, scene):
    second = scene.publish(seen=1, reason="Titel berichtigt")
    with transaction(session):
        withdraw_edition(session, second, reason="Irrtum", actor=scene.actor)
    client.get(FEED)
    feed = fromstring(client.response.get_data())  # noqa: S314 -- our own answer
    assert [entry.findtext("a:id", "", NS)[-9:] for entry in feed.findall("a:entry", NS)] == [
        "2026-12/1",
        "2026-11/1",
    ]
