"""Publishing at a set time: once, in the name of who ordered it, or a mail that says why not."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import url_for
from sqlalchemy import func, select

from kursliste import ticking
from kursliste.domain.errors import NotPermittedError, Rule, RuleViolationError
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportAction
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Edition, JournalEntry, OutgoingMail, PublicationOrder
from kursliste.publishing.order_actions import cancel_publication, carry_out, order_publication
from tests.builders import a_coordinator, a_counsellor, a_reporter
from tests.publishing.scene import a_scene
from tests.signing_in import sign_in

CHECKLIST = "/veroeffentlichung/goerlitz/2026-12"
PAGE = f"{CHECKLIST}/termin"
DUE = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
SYSTEM = Actor.system()


class Carrier:
    def deliver(self, message):
        pass


@pytest.fixture
def scene(session, settings):
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course(title="Abendkurs")
    return scene


def ordered(scene, **more) -> PublicationOrder:
    with transaction(scene.session):
        wanted = {"due_at": DUE, "seen_number": 0, "reason": "", "mails_readers": False, **more}
        return order_publication(scene.session, scene.round, actor=scene.actor, **wanted)


def tick(database, scene):
    scene.session.close()
    return ticking.tick(
        database, Carrier(), base_url="https://k.example", sender="k@k.example", shelf=scene.shelf
    )


def events(session) -> list[str]:
    query = select(JournalEntry).where(
        JournalEntry.event.in_(
            [
                "publication:ordered",
                "publication:cancelled",
                "publication:done",
                "publication:missed",
            ]
        )
    )
    return [entry.event for entry in session.scalars(query.order_by(JournalEntry.id))]


def names(session) -> list[str]:
    return [edition.name for edition in session.scalars(select(Edition).order_by(Edition.id))]


def mail_bodies(session) -> list[str]:
    return [mail.body for mail in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))]


def test_the_tick_publishes_at_the_time_and_in_the_name_of_who_ordered(
    database, session, scene, frozen_clock
):
    ordered(scene)
    frozen_clock.move_to(DUE - timedelta(seconds=1))
    assert tick(database, scene).published == 0
    assert names(session) == []

    frozen_clock.move_to(DUE)
    assert tick(database, scene).published == 1
    assert tick(database, scene).published == 0

    edition = session.scalars(select(Edition)).one()
    assert (edition.name, edition.responsible, edition.published_by_id) == (
        "2026-12/1",
        "Karla Kreis",
        scene.coordinator.id,
    )
    assert [entry.title for entry in edition.entries] == ["Abendkurs"]
    assert events(session) == ["publication:ordered", "publication:done"]
    assert session.scalars(select(PublicationOrder)).all() == []
    assert mail_bodies(session) == []


def test_without_a_shelf_nothing_is_published(database, session, scene, frozen_clock):
    ordered(scene)
    frozen_clock.move_to(DUE)
    session.close()

    done = ticking.tick(database, Carrier(), base_url="https://k.example", sender="k@k.example")

    assert (done.published, names(session)) == (0, [])


def test_two_ticks_at_once_publish_once(database, session, scene, frozen_clock):
    order = ordered(scene)
    frozen_clock.move_to(DUE)
    key, shelf = order.id, scene.shelf
    session.close()
    gate, told = threading.Barrier(4), []

    def run() -> None:
        gate.wait()
        with database.session() as own, transaction(own):
            told.append(carry_out(own, shelf, key, actor=SYSTEM, link="{}/{}"))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == [False, False, False, True]
    assert names(session) == ["2026-12/1"]
    assert events(session) == ["publication:ordered", "publication:done"]


def test_what_only_a_person_can_mend_is_told_by_mail(database, session, scene, frozen_clock):
    ordered(scene)
    scene.publish()
    frozen_clock.move_to(DUE)
    assert tick(database, scene).published == 0
    assert names(session) == ["2026-12/1"]
    (body,) = mail_bodies(session)
    assert "Inzwischen wurde die Ausgabe 2026-12/1 veröffentlicht." in body
    assert f"https://k.example{CHECKLIST}" in body
    assert events(session) == ["publication:ordered", "publication:missed"]
    assert tick(database, scene).published == 0
    assert len(mail_bodies(session)) == 1


def test_nothing_approved_is_told_and_a_correction_keeps_its_reason(
    database, session, scene, frozen_clock
):
    scene.publish()
    with pytest.raises(RuleViolationError) as refused:
        ordered(scene, seen_number=1)
    assert refused.value.rule is Rule.REASON_MISSING
    ordered(scene, seen_number=1, reason="Nachgetragen")
    frozen_clock.move_to(DUE)
    assert tick(database, scene).published == 1
    second = session.scalars(select(Edition).where(Edition.number == 2)).one()
    assert second.reason == "Nachgetragen"

    ordered(scene, seen_number=2, reason="Noch einmal", due_at=DUE + timedelta(hours=1))
    report = session.merge(scene.report)
    report.move(ReportAction.REOPEN, by_id=scene.coordinator.id, at=clock.now())
    with transaction(session):
        pass
    frozen_clock.forward(hours=1)
    assert tick(database, scene).published == 0
    assert "noch keine Meldung freigegeben" in mail_bodies(session)[0]


def test_who_may_no_longer_publish_publishes_nothing_and_the_others_are_told(
    database, session, scene, frozen_clock
):
    ordered(scene)
    other = a_coordinator(session, scene.district, email="neu@kreis.example")
    session.merge(scene.coordinator).is_active = False
    with transaction(session):
        pass
    frozen_clock.move_to(DUE)

    assert tick(database, scene).published == 0

    to = session.scalars(select(OutgoingMail.to_address)).all()
    assert (list(to), names(session)) == ([other.email], [])
    assert "darf hier nicht mehr veröffentlichen" in mail_bodies(session)[0]


def test_an_order_of_nobody_is_given_up(database, session, scene, frozen_clock):
    order = ordered(scene)
    session.merge(order).ordered_by_id = None
    with transaction(session):
        pass
    frozen_clock.move_to(DUE)

    assert tick(database, scene).published == 0
    assert session.scalar(select(func.count()).select_from(PublicationOrder)) == 0


@pytest.mark.logs_errors
def test_what_may_pass_is_tried_again(database, session, scene, frozen_clock, monkeypatch):
    ordered(scene)
    frozen_clock.move_to(DUE)
    with monkeypatch.context() as patch:
        patch.setattr(
            Shelf,
            "put",
            lambda *_, **__: (_ for _ in ()).throw(RuleViolationError(Rule.PDF_FAILED)),
        )
        done = tick(database, scene)
    assert (done.published, done.failed, names(session), mail_bodies(session)) == (0, 1, [], [])

    assert tick(database, scene).published == 1


def test_orders_are_moved_and_cancelled(session, scene):
    ordered(scene)
    order = ordered(scene, due_at=DUE + timedelta(days=1))
    assert session.scalars(select(PublicationOrder)).all() == [order]
    assert order.due_at == DUE + timedelta(days=1)
    with pytest.raises(RuleViolationError) as refused:
        ordered(scene, seen_number=4)
    assert refused.value.rule is Rule.EDITION_MOVED_ON
    with pytest.raises(NotPermittedError):
        cancel_publication(session, scene.round, actor=Actor.anonymous())

    assert cancel_publication(session, scene.round, actor=scene.actor) is True
    session.flush()
    assert cancel_publication(session, scene.round, actor=scene.actor) is False
    assert events(session) == ["publication:ordered"] * 2 + ["publication:cancelled"]


def test_the_board_says_when_the_list_appears(client, session, scene):
    sign_in(client, session, scene.coordinator)
    client.get("/pruefung/goerlitz")
    assert "erscheint von selbst" not in client.page.text()
    ordered(scene)
    client.get("/pruefung/goerlitz")
    assert "erscheint von selbst am 01.12.2026, 08:00 Uhr" in client.page.text()


def test_the_page_is_for_who_coordinates_the_district(client, session, scene):
    client.get(PAGE, 302)
    elsewhere = a_scene(session, scene.shelf, slug="weimar").district
    for user, status in (
        (a_reporter(session, scene.report.provider), 403),
        (a_counsellor(session, scene.district), 403),
        (a_coordinator(session, elsewhere), 404),
    ):
        sign_in(client, session, user)
        client.get(PAGE, status)


def test_a_coordinator_sets_moves_and_deletes_the_time(client, session, scene, app):
    sign_in(client, session, scene.coordinator)
    client.get(CHECKLIST)
    assert "Zu einer bestimmten Zeit von selbst veröffentlichen" in client.page.text()

    client.get(PAGE)
    client.submit("#termin", status=422, day="", at="8 Uhr")
    assert "Geben Sie den Tag an" in client.page.text()
    client.submit("#termin", status=422, day="2026-11-23", at="08:00")
    assert "Diese Zeit ist schon vorbei." in client.page.text()
    client.submit("#termin", status=422, day="2027-03-28", at="02:30")
    assert "Am 28.03.2027 gibt es 02:30 Uhr nicht" in client.page.text()
    client.submit("#termin", day="2026-12-01", at="08:00")
    client.follow()
    assert "Die Liste erscheint von selbst am 01.12.2026, 08:00 Uhr." in client.page.text()
    assert "Den Termin hat Karla Kreis gesetzt." in client.page.text()
    client.get(PAGE)
    values = client.page.form_values("#termin") | {"day": ["2026-12-02"], "at": ["09:00"]}
    client.submit(".button-form")
    client.follow()
    assert "Der Termin ist gelöscht." in client.page.text()
    client.post(f"{PAGE}/loeschen")
    client.follow()
    assert "Es gab keinen Termin mehr." in client.page.text()
    scene.publish()
    client.post(PAGE, values, 409)
    assert "Inzwischen wurde die Ausgabe 2026-12/1 veröffentlicht." in client.page.text()
    with app.test_request_context():
        path = url_for("publishing.checklist", district="goerlitz", month=scene.round.month)
    assert path == ticking.MONTH_PATH.format("goerlitz", scene.round.month)
