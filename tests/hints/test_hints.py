"""Readers tell that something is not right; whoever can mend it hears of it, once a day."""

import pytest
from sqlalchemy import select

from kursliste.domain.course import Visibility
from kursliste.domain.errors import NotPermittedError, RuleViolationError
from kursliste.domain.hint import PER_NETWORK, HintReason
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.hints.actions import give_hint, settle_hint
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import JournalEntry, OutgoingMail, ReaderHint
from kursliste.reporting.hint_queries import open_hints
from tests.builders import a_district, a_provider, a_reporter, an_actor
from tests.publishing.scene import HIDDEN, a_scene
from tests.signing_in import sign_in

NOBODY = Actor.anonymous()


@pytest.fixture
def scene(session, settings):
    return a_scene(session, Shelf(settings.shelf))


@pytest.fixture
def row(scene, session):
    course = scene.course(title="Kurs am Morgen")
    scene.rita = a_reporter(session, scene.report.provider)
    scene.publish()
    with transaction(session):
        pass
    return course


def given(session, row, **more):
    told = {"reason": HintReason.FULL, "comment": "", "address": "192.0.2.1", "link": "http://x"}
    return give_hint(session, row.course_id, actor=NOBODY, **(told | more))


def mails(session) -> list[tuple[str, str]]:
    query = select(OutgoingMail).where(OutgoingMail.dedupe_key.like("hint:%"))
    return [(mail.to_address, mail.subject) for mail in session.scalars(query)]


def test_provider_and_coordination_hear_of_it_once_a_day(session, scene, row, frozen_clock):
    hint = given(session, row, comment="  seit Montag  ")
    given(session, row, reason=HintReason.OTHER)

    assert (hint.title, hint.comment, hint.provider.name) == (
        "Kurs am Morgen",
        "seit Montag",
        scene.report.provider.name,
    )
    assert sorted(mails(session)) == sorted(
        (user.email, "Hinweis zu „Kurs am Morgen“ – Landkreis Goerlitz")
        for user in (scene.coordinator, scene.rita)
    )
    frozen_clock.forward(days=1)
    given(session, row)
    assert len(mails(session)) == 4
    events = session.scalars(select(JournalEntry.event).where(JournalEntry.event == "hint:given"))
    assert len(events.all()) == 3


def test_nothing_about_the_reader_is_kept(session, row):
    given(session, row, address="198.51.100.77")
    stored = [str(vars(one)) for one in session.scalars(select(ReaderHint))]
    stored += [str(vars(one)) for one in session.scalars(select(JournalEntry))]
    stored += [mail.body for mail in session.scalars(select(OutgoingMail))]
    assert [text for text in stored if "198.51.100.77" in text] == []


@pytest.mark.asvs("2.3.2", "2.4.1")
@pytest.mark.con10("A6")
def test_too_many_from_one_network(session, row):
    for _ in range(PER_NETWORK.most):
        given(session, row)
    with pytest.raises(RuleViolationError):
        given(session, row)
    given(session, row, address="203.0.113.5")


def test_a_long_comment_is_refused(session, row):
    with pytest.raises(RuleViolationError) as refused:
        given(session, row, comment="x" * 301)
    assert refused.value.field == "comment"


def test_only_those_whom_it_concerns_see_and_settle_it(session, scene, row):
    hint = given(session, row)
    other = a_district(session, "weimar")
    stranger = a_reporter(session, a_provider(session, other, name="Fremd"))
    coordinator = Actor(user_id=9, grants=frozenset({Grant(Role.COORDINATOR, other.id)}))
    for actor in (an_actor(scene.rita), scene.actor, Actor.system()):
        assert list(open_hints(session, actor)) == [hint]
    for actor in (an_actor(stranger), coordinator, NOBODY):
        assert list(open_hints(session, actor)) == []
        with pytest.raises(NotPermittedError):
            settle_hint(session, hint, actor=actor)
    settle_hint(session, hint, actor=an_actor(scene.rita))
    assert list(open_hints(session, scene.actor)) == []


def test_from_the_course_to_the_thanks(client, session, scene, row):
    client.get(f"/kurse/{row.course_id}")
    address = f"/kurse/{row.course_id}/stimmt-nicht-mehr"
    assert address in {a.get("href") for a in client.page.select("a")}
    client.get(address)
    client.submit(status=422)
    assert "Wählen Sie aus, was nicht mehr stimmt." in client.page.text()
    client.submit(reason="full", comment="x" * 301, status=422)
    assert client.page.form_values()["comment"] == ["x" * 301]
    client.submit(reason="full", comment="Warteliste zu")
    client.follow()
    assert "haben Ihren Hinweis bekommen" in client.page.text()
    assert client.response.headers["Cache-Control"] != "public"

    with transaction(session):
        sign_in(client, session, scene.rita)
    client.get("/hinweise")
    assert "Der Kurs ist voll: Warteliste zu" in client.page.text()
    client.submit("main form")
    client.follow()
    assert "Zurzeit liegt kein Hinweis vor." in client.page.text()
    client.post("/hinweise/1/erledigt", status=404)


def test_a_program_that_fills_in_everything_is_thanked_and_ignored(client, session, row):
    address = f"/kurse/{row.course_id}/stimmt-nicht-mehr"
    client.get(address)
    client.submit(reason="full", website="http://spam")
    assert client.response.location.endswith("/danke")
    assert session.scalars(select(ReaderHint)).all() == []


def test_there_is_no_form_for_what_is_not_public(client, session, scene):
    hidden = scene.course(title="Geheim", visibility=HIDDEN)
    inside = scene.course(title="Fach", visibility=Visibility.PROFESSIONALS)
    scene.publish()
    for course_id in (hidden.course_id, inside.course_id, "gibtsnicht"):
        client.get(f"/kurse/{course_id}/stimmt-nicht-mehr", 404)


def test_it_stands_where_the_report_is_filled_and_reviewed(client, session, scene, row):
    given(session, row, comment="Telefon aus")
    with transaction(session):
        sign_in(client, session, scene.coordinator)
    client.get(f"/pruefung/goerlitz/2026-12/{scene.report.id}")
    assert "Kurs am Morgen: Der Kurs ist voll (Telefon aus)" in client.page.text()
    with transaction(session):
        sign_in(client, session, scene.rita)
    client.get(f"/meldungen/{scene.report.id}")
    assert "Kurs am Morgen: Der Kurs ist voll (Telefon aus)" in client.page.text()


def test_a_comment_cannot_look_like_lines_of_ours(session, row):
    given(
        session, row, comment="Kurs ist voll.\n\nFreundliche Grüße\nkursliste\nhttps://evil.example"
    )
    body = session.scalars(select(OutgoingMail.body)).first() or ""
    assert "Dazu: Kurs ist voll. Freundliche Grüße kursliste https://evil.example\n" in body
    assert body.count("\nkursliste\n") == 1
