"""What a provider says to the coordinator's changes: it moves no value and confirms nothing."""

from datetime import time

import pytest
from sqlalchemy import select

from kursliste.domain.correction import CorrectionAction, CorrectionStatus
from kursliste.domain.errors import (
    NotFoundError,
    NotPermittedError,
    Rule,
    RuleViolationError,
    TransitionRefusedError,
)
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.journal import plain
from kursliste.models import Correction, JournalEntry, OutgoingMail
from kursliste.reporting import queries
from kursliste.reporting.correction_actions import (
    accept_correction,
    accept_corrections,
    object_to_correction,
)
from tests import builders
from tests.reporting.scenes import AS_BEFORE, confirmation
from tests.signing_in import sign_in

REVIEW = "http://localhost/pruefung/goerlitz"


def a_correction(scene, row, attribute, old, new, reason="") -> Correction:
    """The coordinator changed one field; the row holds the new value."""
    row.take({attribute: new})
    made = Correction(
        report_id=row.report_id,
        reported_course_id=row.id,
        attribute=attribute,
        old_value=plain(old),
        new_value=plain(new),
        reason=reason,
        made_at=clock.now(),
        made_by_id=scene.coordinator.id,
    )
    scene.session.add(made)
    scene.session.flush()
    scene.session.refresh(row.report, ["corrections"])
    return made


@pytest.fixture
def row(scene):
    return scene.row(scene.report(ReportStatus.SUBMITTED), title="Abendkurs")


@pytest.fixture
def made(scene, row):
    return a_correction(scene, row, "time_from", time(18), time(17, 30), "laut Aushang")


def events(session) -> list[tuple[str, str, str]]:
    session.flush()
    query = select(JournalEntry).where(JournalEntry.provider_id.is_not(None))
    entries = session.scalars(query.order_by(JournalEntry.id))
    return [(str(e.event), e.subject_table, e.subject_id) for e in entries]


def mails(session) -> list[OutgoingMail]:
    return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def object_to(session, made, actor, text="Nein, 18:00."):
    object_to_correction(session, made, text=text, actor=actor, review_link=REVIEW)


# ---- agreeing


def test_agreeing_confirms_nothing_and_writes_to_nobody(session, scene, row, made, frozen_clock):
    accept_correction(session, made, actor=scene.actor)

    assert (made.status, made.answered_by_id) == (CorrectionStatus.ACCEPTED, scene.person.id)
    assert (made.answered_at, made.objection) == (frozen_clock.now(), None)
    assert (row.time_from, confirmation(row)) == (time(17, 30), AS_BEFORE)
    assert events(session) == [("correction:accepted", "correction", str(made.id))]
    assert mails(session) == []


def test_agreeing_to_all_leaves_what_was_answered(session, scene, row, made):
    other = a_correction(scene, row, "title", "Alt", "Neu")
    third = a_correction(scene, row, "title", "Neu", "Ganz neu")
    object_to(session, other, scene.actor)

    count = accept_corrections(session, row.report, actor=scene.actor)

    assert count == 2
    assert [one.status for one in (made, other, third)] == [
        CorrectionStatus.ACCEPTED,
        CorrectionStatus.OBJECTED,
        CorrectionStatus.ACCEPTED,
    ]
    assert [event for event, *_ in events(session)] == [
        "correction:objected",
        "correction:accepted",
        "correction:accepted",
    ]
    assert accept_corrections(session, row.report, actor=scene.actor) == 0


# ---- objecting


def test_an_objection_tells_the_coordinators_and_moves_no_value(session, scene, row, made):
    other = builders.a_coordinator(session, scene.district, name="Zora", email="zora@example.org")

    object_to(session, made, scene.actor, " Nein, 18:00. ")

    assert (made.status, made.objection) == (CorrectionStatus.OBJECTED, "Nein, 18:00.")
    assert made.answered_by_id == scene.person.id
    assert (row.time_from, confirmation(row)) == (time(17, 30), AS_BEFORE)
    assert events(session) == [("correction:objected", "correction", str(made.id))]
    assert [mail.to_address for mail in mails(session)] == ["karl@example.org", other.email]
    assert mails(session)[0].subject == (
        "Nicht einverstanden: Volkshochschule Neißebogen, Dezember 2026"
    )
    assert mails(session)[0].body == (
        "Guten Tag,\n\n"
        "Volkshochschule Neißebogen ist in der Meldung für Dezember 2026 mit einer Änderung nicht "
        "einverstanden.\n\n"
        "Kurs: Abendkurs\n"
        "Ihre Änderung: Zeit von: 18:00 → 17:30\n"
        "Rita Meldung schreibt: Nein, 18:00.\n\n"
        "Ihre Änderung gilt weiter, bis Sie etwas anderes eintragen.\n\n"
        f"Meldung ansehen: {REVIEW}\n\n"
        "kursliste – diese E-Mail wurde automatisch geschickt.\n"
    )


def test_codes_are_told_by_their_words_and_nobody_writes_to_themselves(session, scene, row):
    made = a_correction(scene, row, "course_type", "IK-ALLG", "BSK-B2")
    administrator = builders.a_user(session, *scene.coordinator.as_actor().grants)
    object_to(session, made, scene.actor)
    assert len(mails(session)) == 2
    assert "IK-ALLG" not in mails(session)[0].body
    session.query(OutgoingMail).delete()
    both = builders.a_user(
        session, *administrator.as_actor().grants, *scene.actor.grants, email="both@example.org"
    )
    again = a_correction(scene, row, "title", "Alt", "Neu")
    object_to(session, again, both.as_actor())
    assert "both@example.org" not in [mail.to_address for mail in mails(session)]


@pytest.mark.parametrize(
    ("text", "rule"), [(" \n", Rule.OBJECTION_EMPTY), ("x" * 1001, Rule.TEXT_TOO_LONG)]
)
def test_an_objection_has_words_but_not_too_many(session, scene, made, text, rule):
    with pytest.raises(RuleViolationError) as refused:
        object_to(session, made, scene.actor, text)
    assert (refused.value.rule, refused.value.field) == (rule, "objection")
    assert (made.status, mails(session)) == (CorrectionStatus.OPEN, [])


def test_a_change_is_answered_once(session, scene, made):
    accept_correction(session, made, actor=scene.actor)
    session.flush()
    for again in (
        lambda: accept_correction(session, made, actor=scene.actor),
        lambda: object_to(session, made, scene.actor),
    ):
        with pytest.raises(TransitionRefusedError):
            again()
    assert made.status is CorrectionStatus.ACCEPTED


def test_only_its_provider_answers(session, scene, row, made):
    other = builders.a_reporter(session, builders.a_provider(session, scene.district, name="B"))
    for stranger in (other, scene.coordinator):
        actor = stranger.as_actor()
        with pytest.raises(NotPermittedError):
            accept_correction(session, made, actor=actor)
        with pytest.raises(NotPermittedError):
            accept_corrections(session, row.report, actor=actor)
        with pytest.raises(NotPermittedError):
            object_to(session, made, actor)
        with pytest.raises(NotFoundError):
            queries.own_correction(session, actor, row.report_id, made.id)
    assert made.status is CorrectionStatus.OPEN


# ---- looking


def test_a_correction_belongs_to_its_report(session, scene, row, made):
    assert queries.own_correction(session, scene.actor, row.report_id, made.id) is made
    with pytest.raises(NotFoundError):
        queries.own_correction(session, scene.actor, scene.november().id, made.id)


def test_the_history_tells_of_answers(session, scene, row, made):
    accept_correction(session, made, actor=scene.actor)
    session.flush()
    entries = queries.history(session, row.report)
    assert [str(entry.event) for entry in entries] == ["correction:accepted"]


@pytest.mark.parametrize("count", [1, 3])
def test_corrections_cost_no_statement_for_each(session, scene, row, statements, count):
    for number in range(count):
        a_correction(scene, row, "seats_free", None, number)
    actor, key = scene.actor, row.report_id
    session.expire_all()
    with statements() as seen:
        found = queries.own_report(session, actor, key)
        told = [
            (one.reported_course.title, one.made_by.name, one.answered_by)
            for one in found.corrections
            if one.made_by is not None
        ]
    assert told == [("Abendkurs", "Karl Prüfer", None)] * count
    assert len(seen) == 5


# ---- the pages


@pytest.fixture
def rita(session, client, scene):
    sign_in(client, session, scene.person)
    return client


def buttons(rita) -> list[str]:
    return [
        text
        for text in (*rita.page.texts("main button"), *rita.page.texts("main a"))
        if "einverstanden" in text
    ]


@pytest.mark.parametrize("status", [ReportStatus.SUBMITTED, ReportStatus.APPROVED])
def test_the_report_shows_what_was_changed(rita, session, scene, status):
    row = scene.row(scene.report(status), title="Abendkurs")
    made = a_correction(scene, row, "time_from", time(18), time(17, 30), "laut Aushang")
    address = f"/meldungen/{row.report_id}"

    rita.get(address)
    text = rita.page.text()
    assert "Von der Koordination geändert" in rita.page.texts("main h2")
    assert "vorher 18:00 jetzt 17:30" in text
    assert "Warum: laut Aushang" in text
    assert buttons(rita) == [
        "einverstanden: Abendkurs, Zeit von",
        "nicht einverstanden: Abendkurs, Zeit von",
    ]
    rita.submit(f"form[action={address}/berichtigungen/{made.id}/einverstanden]")
    rita.follow()
    assert "Sie sind mit der Änderung einverstanden." in rita.page.text()
    assert buttons(rita) == []
    assert "Beantwortet (1)" in rita.page.texts("main summary")


def test_all_changes_are_accepted_at_once(rita, session, scene, row, made):
    a_correction(scene, row, "title", "Alt", "Neu")
    address = f"/meldungen/{row.report_id}"
    rita.get(address)
    rita.submit(f"form[action={address}/berichtigungen/einverstanden]")
    rita.follow()
    assert "Sie sind mit allen Änderungen einverstanden." in rita.page.text()
    assert {one.status for one in session.scalars(select(Correction))} == {
        CorrectionStatus.ACCEPTED
    }


def test_an_objection_needs_words_and_then_is_shown(rita, session, row, made):
    address = f"/meldungen/{row.report_id}/berichtigungen/{made.id}/nicht-einverstanden"
    rita.get(address)
    assert rita.page.texts(".facts__item") == ["Zeit vonvorher 18:00 jetzt 17:30"]
    rita.submit(status=422)
    assert "Schreiben Sie, was an der Änderung nicht stimmt." in rita.page.text()
    rita.submit(objection="Nein, 18:00.")
    rita.follow()
    assert "„Nein, 18:00.“" in rita.page.text()
    assert f"/pruefung/goerlitz/2026-12/{row.report_id}" in mails(session)[0].body
    rita.get(address, 302)


def test_pressing_too_late_is_told(rita, session, row, made):
    rita.get(f"/meldungen/{row.report_id}")
    token = {"csrf_token": rita.page.csrf_token()}
    made.move(CorrectionAction.ACCEPT, by_id=None, at=clock.now())
    session.flush()
    rita.post(f"/meldungen/{row.report_id}/berichtigungen/{made.id}/einverstanden", token, 409)


def test_other_providers_changes_do_not_exist(rita, session, scene):
    other = builders.a_provider(session, scene.district, name="Fremdes Haus")
    report = builders.a_report(session, scene.opened, other, ReportStatus.SUBMITTED)
    row = builders.a_course(session, report)
    made = a_correction(scene, row, "title", "Alt", "Neu")
    rita.get(f"/meldungen/{scene.report().id}")
    token = {"csrf_token": rita.page.csrf_token()}
    one = f"/meldungen/{report.id}/berichtigungen"
    rita.get(f"{one}/{made.id}/nicht-einverstanden", 404)
    for path in ("/einverstanden", f"/{made.id}/einverstanden", f"/{made.id}/nicht-einverstanden"):
        rita.post(f"{one}{path}", token, 404)
    assert made.status is CorrectionStatus.OPEN
