"""The handover: first what is open, then each provider with its months and nobody else's notes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.correction import CorrectionAction
from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.question import QuestionAction
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.domain.round import RoundAction, UnconfirmedRule
from kursliste.infrastructure import clock
from kursliste.models import Contact, Correction, MailStatus, OutgoingMail, Question
from kursliste.reporting.revision_actions import revise_report
from kursliste.review import provider_queries
from kursliste.review.handover import handover, handover_of
from kursliste.review.note_actions import write_note
from tests.builders import (
    a_coordinator,
    a_counsellor,
    a_course,
    a_district,
    a_provider,
    a_report,
    a_reporter,
    a_round,
    a_user,
    an_actor,
)
from tests.review.scene import Statements, a_scene

TELEPHONE, WEB = ConfirmedHow.TELEPHONE, ConfirmedHow.WEB
AFTER_THE_DEADLINE = datetime(2026, 12, 2, 9, tzinfo=UTC)


@pytest.fixture
def scene(session):
    return a_scene(session)


def a_row(session, report, how=None, **facts):
    told = {} if how is None else {"confirmed_on": date(2026, 11, 23), "confirmed_how": how}
    return a_course(session, report, **{**told, **facts})


def a_question(session, report, text="Stimmt das?", *, row=None, answer=None):
    asked = Question(
        report_id=report.id,
        reported_course_id=row and row.id,
        text=text,
        asked_at=clock.now(),
    )
    session.add(asked)
    session.flush()
    if answer:
        asked.answer = answer
        asked.move(QuestionAction.ANSWER, at=clock.now())
    return asked


def an_objection(session, row, text="Es sind 18."):
    found = Correction(
        report_id=row.report_id,
        reported_course_id=row.id,
        attribute="seats_total",
        old_value=18,
        new_value=16,
        made_at=clock.now(),
        objection=text,
    )
    session.add(found)
    session.flush()
    found.move(CorrectionAction.OBJECT, by_id=None, at=clock.now())
    session.flush()
    return found


# ---- whose


def test_only_coordinators_of_the_district_find_it(session, scene):
    strangers = [
        Actor.anonymous(),
        an_actor(a_reporter(session, scene.provider)),
        an_actor(a_counsellor(session, scene.district)),
        a_scene(session, "weimar", name="VHS Ilm").actor,
    ]
    for actor in strangers:
        with pytest.raises(NotFoundError):
            handover(session, actor, "goerlitz")
        with pytest.raises(NotFoundError):
            handover_of(session, actor, "goerlitz", scene.provider.id)
        with pytest.raises(NotFoundError):
            provider_queries.reviewed_providers(session, actor, scene.district)
        with pytest.raises(NotFoundError):
            provider_queries.reviewed_provider(session, actor, scene.district, scene.provider.id)
        keys = [scene.provider.id]
        assert provider_queries.notes_about(session, actor, scene.district, keys) == {}
    for user in (
        a_coordinator(session, scene.district),
        a_user(session, Grant(Role.ADMINISTRATOR)),
    ):
        page = handover(session, user.as_actor(), "goerlitz")
        assert [block.provider for block in page.blocks] == [scene.provider]


def test_a_provider_of_two_districts_has_two_kinds_of_notes(session, scene):
    other = a_scene(session, "weimar", name="VHS Ilm")
    both = a_provider(session, scene.district, other.district, name="Bildungswerk")
    for one in (scene, other):
        write_note(session, one.district, both, text=f"in {one.district.slug}", actor=one.actor)
    session.flush()
    for one in (scene, other):
        page = handover_of(session, one.actor, one.district.slug, both.id)
        assert [note.text for note in page.block.notes] == [f"in {one.district.slug}"]
        (note,) = page.block.notes
        found = provider_queries.note_about(session, one.actor, one.district, both, note.id)
        assert found is note
        strange = other if one is scene else scene
        with pytest.raises(NotFoundError):
            provider_queries.note_about(session, strange.actor, strange.district, both, note.id)


def test_a_provider_of_another_district_is_not_there(session, scene):
    ilm = a_scene(session, "weimar", name="VHS Ilm").provider
    administrator = a_user(session, Grant(Role.ADMINISTRATOR)).as_actor()
    for key in (ilm.id, 4711):
        with pytest.raises(NotFoundError):
            handover_of(session, administrator, "goerlitz", key)


# ---- open matters


def test_a_district_without_a_round_has_nothing_open(session):
    district = a_district(session, "nordhausen")
    actor = a_coordinator(session, district).as_actor()
    with pytest.raises(NotFoundError):  # as the board: without a list there is nothing to hand over
        handover(session, actor, "nordhausen")


def test_before_the_first_round_it_is_an_address_book(session, scene):
    session.delete(scene.round)
    session.flush()
    a_reporter(session, scene.provider, name="Rita Meldung")
    page = handover(session, scene.actor, "goerlitz")
    assert (page.newest, page.matters.is_empty) == (None, True)
    assert [(b.months, [p.name for p in b.reporters]) for b in page.blocks] == [
        ([], ["Rita Meldung"])
    ]


def test_every_kind_of_open_matter_is_named(session, scene, frozen_clock):
    frozen_clock.move_to(AFTER_THE_DEADLINE)
    reports = {}
    for status in ReportStatus:
        address = f"{status}@x.example"
        provider = a_provider(
            session, scene.district, name=f"Träger {status}", report_email=address
        )
        reports[status] = a_report(session, scene.round, provider, status)
    asked = reports[ReportStatus.ASKED]
    row = a_row(session, asked, WEB, title="Abendkurs")
    answered = a_question(session, asked, "Noch frei?", row=row, answer="Ja, drei.")
    still_open = a_question(session, asked)
    closed = a_question(session, asked, "Alt?")
    closed.move(QuestionAction.CLOSE, at=clock.now())
    approved = reports[ReportStatus.APPROVED]
    objected = an_objection(session, a_row(session, approved, TELEPHONE))
    a_row(session, approved, title="alt", confirmed_on=date(2026, 10, 23), confirmed_how=WEB)
    a_row(session, approved, title="aus", status=CourseStatus.ENDED)
    session.add(
        OutgoingMail(
            to_address="draft@x.example",
            subject="s",
            body="b",
            state=MailStatus.FAILED,
            queued_at=clock.now(),
            due_at=clock.now(),
            last_error="550 unbekannt",
        )
    )
    session.flush()

    matters = handover(session, scene.actor, "goerlitz").matters

    assert [found.report for found in matters.waiting] == [reports[ReportStatus.SUBMITTED]]
    assert matters.questions == [answered, still_open]
    assert matters.objections == [objected]
    assert [found.report for found in matters.missing] == [
        reports[ReportStatus.DRAFT],
        reports[ReportStatus.OPEN],
    ]
    assert [(one.provider, one.address, one.error) for one in matters.refused] == [
        ("Träger draft", "draft@x.example", "550 unbekannt"),
        ("VHS Neißebogen", "", ""),
    ]
    assert [(found.report, found.unconfirmed) for found in matters.unconfirmed] == [(approved, 1)]
    assert not matters.is_empty


def test_before_the_deadline_nobody_is_missing(session, scene):
    a_report(session, scene.round, scene.provider, ReportStatus.OPEN)
    page = handover(session, scene.actor, "goerlitz")
    assert page.matters.missing == []
    assert [(m.is_missing, m.is_late) for m in page.blocks[0].months] == [(True, False)]


def test_closed_months_leave_only_objections_behind(session, scene):
    november = a_round(session, scene.course_list, Month(2026, 11))
    report = a_report(session, november, scene.provider, ReportStatus.SUBMITTED)
    row = a_row(session, report)
    a_question(session, report)
    objected = an_objection(session, row)
    running = handover(session, scene.actor, "goerlitz").matters
    assert (len(running.waiting), len(running.questions)) == (1, 1)
    november.move(RoundAction.CLOSE)
    session.flush()
    matters = handover(session, scene.actor, "goerlitz").matters
    assert (matters.waiting, matters.questions, matters.objections) == ([], [], [objected])
    scene.round.move(RoundAction.CLOSE)  # the newest month counts, even closed
    newest = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    matters = handover(session, scene.actor, "goerlitz").matters
    assert [found.report for found in matters.waiting] == [newest]


def test_the_page_of_one_provider_names_only_its_own_matters(session, scene):
    other = a_provider(session, scene.district, name="Andere e. V.")
    mine = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    theirs = a_report(session, scene.round, other, ReportStatus.SUBMITTED)
    a_question(session, theirs)
    page = handover_of(session, scene.actor, "goerlitz", scene.provider.id)
    assert [found.report for found in page.matters.waiting] == [mine]
    assert page.matters.questions == []
    assert [one.provider_id for one in page.matters.refused] == [scene.provider.id]
    assert page.block.provider is scene.provider


# ---- a provider's months


def test_the_last_six_months_newest_first_with_how_they_were_confirmed(session, scene):
    for number in range(5, 12):
        opened = a_round(session, scene.course_list, Month(2026, number))
        a_report(session, opened, scene.provider, ReportStatus.APPROVED)
    report = a_report(session, scene.round, scene.provider, ReportStatus.APPROVED)
    for how in (WEB, TELEPHONE, WEB, None):
        a_row(session, report, how)
    (block,) = handover(session, scene.actor, "goerlitz").blocks
    assert [found.month for found in block.months] == [Month(2026, n) for n in range(12, 6, -1)]
    newest = block.months[0]
    assert list(newest.confirmed.items()) == [(WEB, 2), (TELEPHONE, 1)]
    assert (newest.unconfirmed, newest.courses, newest.is_carried_over) == (1, 4, False)
    assert (newest.is_missing, newest.is_late, newest.is_left_out) == (False, False, False)


def test_what_was_carried_over_or_left_out_is_told(session, scene):
    report = a_report(session, scene.round, scene.provider, unconfirmed=UnconfirmedRule.LEAVE_OUT)
    a_row(session, report)
    report.move(ReportAction.CARRY_OVER, by_id=scene.coordinator.id, at=clock.now())
    session.flush()
    ((found,),) = [block.months for block in handover(session, scene.actor, "goerlitz").blocks]
    assert (found.is_carried_over, found.is_left_out, found.unconfirmed) == (True, True, 1)


def test_while_a_provider_changes_it_the_approved_version_counts(session, scene):
    reporter = a_reporter(session, scene.provider)
    report = a_report(session, scene.round, scene.provider, ReportStatus.APPROVED, by=reporter)
    a_row(session, report, WEB)
    a_row(session, report)
    revise_report(session, report, actor=reporter.as_actor())
    a_row(session, report, TELEPHONE, title="neu")
    session.flush()
    session.expire_all()
    page = handover(session, scene.actor, "goerlitz")
    ((found,),) = [block.months for block in page.blocks]
    assert (dict(found.confirmed), found.unconfirmed) == ({WEB: 1}, 1)
    assert (found.is_missing, found.is_carried_over) == (False, False)
    assert [m.report for m in page.matters.unconfirmed] == [report]


def test_notes_stand_newest_first_and_a_removed_contact_is_nobody(session, scene, frozen_clock):
    for text in ("erst", "dann"):
        write_note(session, scene.district, scene.provider, text=text, actor=scene.actor)
        frozen_clock.forward(minutes=1)
    for name in ("Anmeldung", ""):
        session.add(Contact(provider_id=scene.provider.id, name=name))
    session.flush()
    session.expire_all()
    (block,) = handover(session, scene.actor, "goerlitz").blocks
    assert [note.text for note in block.notes] == ["dann", "erst"]
    assert [contact.name for contact in block.contacts] == ["Anmeldung"]


def test_providers_stand_by_name_and_retired_ones_have_only_their_own_page(session, scene):
    first = a_provider(session, scene.district, name="AWO")
    retired = a_provider(session, scene.district, name="Bildung a. D.", is_active=False)
    page = handover(session, scene.actor, "goerlitz")
    assert [block.provider for block in page.blocks] == [first, scene.provider]
    alone = handover_of(session, scene.actor, "goerlitz", retired.id)
    assert alone.block.provider is retired


def test_the_number_of_statements_stays(session, scene):
    counts = []
    for more in (1, 2):
        for number in range(more):
            provider = a_provider(session, scene.district, name=f"Träger {more}{number}")
            a_reporter(session, provider)
            write_note(session, scene.district, provider, text="Notiz", actor=scene.actor)
            session.add(Contact(provider_id=provider.id, name="Büro"))
            report = a_report(session, scene.round, provider, ReportStatus.APPROVED)
            row = a_row(session, report)
            a_question(session, report, row=row)
            an_objection(session, row)
        actor = scene.actor
        session.flush()
        session.expunge_all()
        with Statements(session) as statements:
            page = handover(session, actor, "goerlitz")
            told = [
                (found.report.provider.name, found.report.district.slug, found.report.stands)
                for block in page.blocks
                for found in block.months
            ]
            names = [q.reported_course and q.reported_course.title for q in page.matters.questions]
            others = [c.reported_course.title for c in page.matters.objections]
        assert (len(told), len(names), len(others)) == (2 * more - 1, 2 * more - 1, 2 * more - 1)
        counts.append(statements.count)
    assert counts[0] == counts[1]


def test_late_is_what_came_after_the_deadline(session, scene, frozen_clock):
    frozen_clock.instant = AFTER_THE_DEADLINE + timedelta(days=1)
    a_report(session, scene.round, scene.provider, ReportStatus.APPROVED)
    (block,) = handover(session, scene.actor, "goerlitz").blocks
    assert [(found.is_late, found.is_missing) for found in block.months] == [(True, False)]
