"""An edition that was published by mistake: taken back with a reason, for good."""

import json

import pytest
from sqlalchemy import func, select

from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotPermittedError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Edition, EditionEntry, EditionWithdrawal, JournalEntry
from kursliste.models.edition import current_edition_ids
from kursliste.publishing import queries
from kursliste.publishing.verifying import verify
from kursliste.publishing.withdrawal_actions import withdraw_edition
from tests.builders import a_coordinator, a_counsellor, a_reporter
from tests.publishing.scene import a_scene
from tests.signing_in import sign_in

LIST = "/kurslisten/goerlitz"
PAGE = "/veroeffentlichung/goerlitz/2026-12"
NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)


@pytest.fixture
def scene(session, settings):
    """November is published, December twice; the second time a course is gone and one is new."""
    scene = a_scene(session, Shelf(settings.shelf))
    report, opened = scene.report, scene.round
    scene.month(NOVEMBER)
    kept = scene.course(title="bleibt")
    scene.publish(month=NOVEMBER)
    scene.report, scene.round = report, opened
    scene.course(title="bleibt", course_id=kept.course_id)
    gone = scene.course(title="versehentlich")
    scene.publish()
    session.delete(gone)
    session.flush()
    session.refresh(scene.report, ["courses"])
    scene.course(title="neu")
    scene.publish(seen=1, reason="Kurs ergänzt")
    return scene


def edition(session, month: Month, number: int) -> Edition:
    return session.scalars(
        select(Edition).where(Edition.month == month, Edition.number == number)
    ).one()


def current(session) -> list[str]:
    found = session.scalars(select(Edition).where(Edition.id.in_(current_edition_ids())))
    return [one.name for one in found]


def test_withdrawing_brings_back_the_edition_before_and_keeps_everything(session, scene):
    second = edition(session, DECEMBER, 2)
    rows = session.scalar(select(func.count()).select_from(EditionEntry))

    withdraw_edition(session, second, reason="  Zu früh.  ", actor=scene.actor)
    session.flush()

    tomb = session.scalars(select(EditionWithdrawal)).one()
    assert (tomb.edition_id, tomb.reason, tomb.withdrawn_by) == (
        second.id,
        "Zu früh.",
        "Karla Kreis",
    )
    assert current(session) == ["2026-12/1"]
    assert session.scalar(select(func.count()).select_from(EditionEntry)) == rows
    told = session.scalars(
        select(JournalEntry).where(JournalEntry.event == JournalEvent.EDITION_WITHDRAWN)
    ).one()
    assert (told.actor_name, told.details) == (
        "Karla Kreis",
        {"name": "2026-12/2", "reason": "Zu früh."},
    )
    with transaction(session):
        pass
    assert verify(session, scene.shelf, repair=False).broken == []


def test_the_next_edition_goes_on_from_what_stands(session, scene):
    withdraw_edition(session, edition(session, DECEMBER, 1), reason="Zu früh", actor=scene.actor)
    withdraw_edition(session, edition(session, DECEMBER, 2), reason="Zu früh", actor=scene.actor)
    session.flush()
    assert current(session) == ["2026-11/1"]

    third = scene.publish(seen=2, reason="Jetzt richtig")

    assert (third.number, third.replaces, third.corrected) == (3, 2, [])
    assert [c["title"] for c in third.changes if not c["is_internal"]] == ["neu"]

    withdraw_edition(session, third, reason="Doch nicht", actor=scene.actor)
    withdraw_edition(session, edition(session, NOVEMBER, 1), reason="Falsch", actor=scene.actor)
    fourth = scene.publish(seen=3, reason="Ohne November")
    assert (fourth.changes, queries.listed_provider_ids(session, scene.course_list, DECEMBER)) == (
        [],
        frozenset(),
    )
    assert current(session) == ["2026-12/4"]


@pytest.mark.parametrize(
    ("reason", "rule"),
    [("   ", Rule.WITHDRAWAL_REASON_MISSING), ("x" * 501, Rule.TEXT_TOO_LONG)],
)
def test_a_reason_is_needed(session, scene, reason, rule):
    with pytest.raises(RuleViolationError) as refused:
        withdraw_edition(session, edition(session, DECEMBER, 2), reason=reason, actor=scene.actor)

    assert (refused.value.rule, refused.value.field) == (rule, "reason")


def test_it_happens_once_and_only_by_who_coordinates(session, scene):
    second = edition(session, DECEMBER, 2)
    with pytest.raises(NotPermittedError):
        withdraw_edition(session, second, reason="x", actor=Actor.anonymous())
    withdraw_edition(session, second, reason="Zu früh", actor=scene.actor)

    with pytest.raises(RuleViolationError) as refused:
        withdraw_edition(session, second, reason="Noch einmal", actor=scene.actor)

    assert refused.value.rule is Rule.EDITION_WITHDRAWN
    assert session.scalars(select(EditionWithdrawal)).one().reason == "Zu früh"


def test_readers_are_told_in_place_of_page_and_files(client, session, scene):
    files = [f"{LIST}/2026-12/2/{f.name}" for f in edition(session, DECEMBER, 2).files]
    public = [path for path in files if "-intern" not in path]
    withdraw_edition(session, edition(session, DECEMBER, 2), reason="Zu <früh>", actor=scene.actor)

    for path in (f"{LIST}/2026-12/2", *public):
        client.get(path, 410)
        assert client.page.heading() == "Ausgabe 2026-12/2 ist zurückgezogen"
        assert "Grund: Zu <früh>" in client.page.text()
    for path in (LIST, f"{LIST}/2026-12", f"{LIST}/2026-12/1"):
        client.get(path)
        assert "ersetzt durch" not in client.page.text()
        assert sorted(client.page.texts(".course-title")) == ["bleibt", "versehentlich"]
    client.get(f"{LIST}/aktuell.json", 302)
    assert json.loads(client.follow().get_data())["number"] == 1
    client.get(f"{LIST}/ausgaben")
    assert "Ausgabe 2026-12/2 zurückgezogen am 24.11.2026" in client.page.text()
    assert "Zu <früh>" in client.page.text()
    assert f"{LIST}/2026-12/2" not in client.page.html

    withdraw_edition(session, edition(session, DECEMBER, 1), reason="Auch", actor=scene.actor)
    client.get(f"{LIST}/2026-12", 410)
    client.get(LIST)
    assert client.page.texts(".course-title") == ["bleibt"]
    withdraw_edition(session, edition(session, NOVEMBER, 1), reason="Alles", actor=scene.actor)
    client.get(LIST)
    assert "noch keine Ausgabe" in client.page.text()
    client.get("/")
    client.get(f"{LIST}/aktuell.json", 404)


def test_a_coordinator_withdraws_on_a_page_that_says_what_follows(client, session, scene):
    path = f"{PAGE}/2/zurueckziehen"
    client.get(path, 302)
    for user, status in (
        (a_reporter(session, scene.report.provider), 403),
        (a_counsellor(session, scene.district), 403),
        (a_coordinator(session, a_scene(session, scene.shelf, slug="weimar").district), 404),
    ):
        sign_in(client, session, user)
        client.get(path, status)
    sign_in(client, session, scene.coordinator)
    client.get(f"{PAGE}/7/zurueckziehen", 404)

    client.get(path)
    assert "Aktuell ist dann wieder die Ausgabe 2026-12/1." in client.page.text()
    client.submit(status=422, reason=" ")
    assert "Schreiben Sie, warum die Ausgabe zurückgezogen wird." in client.page.text()
    client.submit(status=422, reason="x" * 501)
    assert client.page.form_values()["reason"] == ["x" * 501]
    values = {**client.page.form_values(), "reason": ["Zu früh"]}
    client.submit(reason="Zu früh")
    client.follow()
    assert "Die Ausgabe 2026-12/2 ist zurückgezogen." in client.page.text()
    assert "zurückgezogen am 24.11.2026, 10:00 Uhr von Karla Kreis: Zu früh" in client.page.text()
    client.post(path, values, 409)
    assert "Die Ausgabe 2026-12/2 ist schon zurückgezogen." in client.page.text()
    assert client.page.select("main form") == []

    client.get(PAGE)
    assert "Korrektur: was sich gegenüber 2026-12/1 ändert" in client.page.text()
    client.submit("main form", reason="Jetzt richtig")
    assert edition(session, DECEMBER, 3).replaces == 1
