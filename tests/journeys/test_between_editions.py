"""Between two editions: published, told, shown, in the next report, confirmed, published again."""

import hashlib

import pytest

from kursliste.domain.report import ReportStatus
from kursliste.infrastructure.shelf import Shelf
from kursliste.review.actions import approve_report
from tests import builders
from tests.publishing.scene import CONFIRMED
from tests.publishing.scene import a_scene as a_published_scene
from tests.signing_in import sign_in

LIST = "/kurslisten/goerlitz"
PAGE = "/meldungen/zwischenmeldung"


@pytest.fixture
def scene(session, settings):
    return a_published_scene(session, Shelf(settings.shelf))


def seats(client) -> list[str]:
    client.get(LIST)
    cells = [c for c in client.page.select("td") if c.get("data-label") == "Plätze"]
    return [" ".join(" ".join(c.itertext()).split()) for c in cells]


def test_from_one_edition_to_the_next(client, session, scene, frozen_clock):
    row = scene.course(title="Morgenkurs", seats_total=15, seats_taken=12, seats_free=3)
    edition = scene.publish()
    january = builders.a_round(session, scene.course_list, builders.DECEMBER.next())
    report = builders.a_report(session, january, scene.report.provider, ReportStatus.OPEN)
    reporter = builders.a_reporter(session, report.provider)
    frozen_clock.forward(days=20)  # December, 14th
    sign_in(client, session, reporter)
    tell_that_it_is_full(client, row)
    files_stay_as_they_are(client, scene, edition)
    frozen_clock.forward(days=6)
    the_next_report_starts_from_it(client, session, report)
    confirm_and_publish(client, session, scene, report)
    the_frozen_value_stands_alone(client)


def tell_that_it_is_full(client, row):
    client.get(PAGE)
    client.submit(**{f"k{row.course_id}-seats_free": "0"})
    now = "aktuell 0 frei, ausgebucht Meldung des Trägers vom 14.12.2026"
    assert seats(client) == [f"3 frei von 15 Stand 23.11.2026 {now}"]
    client.get(f"{LIST}?frei=1")
    assert client.page.texts(".course-title") == []


def files_stay_as_they_are(client, scene, edition):
    for file in edition.files:
        data = scene.shelf.read(f"{edition.folder}/{file.name}")
        assert hashlib.sha256(data).hexdigest() == file.sha256
    client.get(f"{LIST}/aktuell.json", 302)
    client.follow()
    [course] = client.response.json["courses"]
    assert course["seats_free"] == 3


def the_next_report_starts_from_it(client, session, report):
    client.get("/meldungen")
    client.submit("main form")
    client.follow()
    session.expire_all()
    [row] = report.courses
    assert (row.seats_free, row.seats_taken) == (0, None)
    assert {name: getattr(row, name) for name in CONFIRMED} == CONFIRMED
    assert client.page.form_values("#kurse")[f"k{row.id}-seats_free"] == ["0"]


def confirm_and_publish(client, session, scene, report):
    client.get(f"/meldungen/{report.id}/einreichen")
    client.submit("main form", confirm="1")
    session.expire_all()
    approve_report(session, report, actor=scene.actor, seen_version=report.version)
    scene.publish(month=report.month)


def the_frozen_value_stands_alone(client):
    assert seats(client) == ["ausgebucht 15 Plätze"]
    client.get(f"{LIST}/2026-12")
    assert client.page.texts(".news") == []
    assert "3 freivon 15" in client.page.text()
    client.get(PAGE)
    assert client.page.texts(".interim-now") == []
