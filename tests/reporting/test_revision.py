"""Changing a report after its approval: what was approved stays in the list until the next word."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from kursliste.domain.course import CourseStatus
from kursliste.domain.errors import (
    NotPermittedError,
    Rule,
    RuleViolationError,
    TransitionRefusedError,
)
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.domain.round import RoundAction
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import load_codes
from kursliste.models import ApprovedCourse, ApprovedVersion, JournalEntry, Report
from kursliste.models.facts import FACT_NAMES
from kursliste.reporting import actions
from kursliste.reporting.revision_actions import discard_revision, revise_report
from kursliste.reporting.waiting import waiting_reports
from kursliste.review.actions import (
    approve_report,
    ask_question,
    carry_over_report,
    close_question,
)
from kursliste.review.board import board
from kursliste.review.correction_actions import correct_course
from kursliste.review.queries import reports_to_carry_over, reviewed_report
from kursliste.review.report_page import report_page
from tests import builders
from tests.reporting.scenes import LINK
from tests.signing_in import sign_in


def facts_of(report: Report) -> dict[str, dict[str, object]]:
    return {row.course_id: row.facts() for row in report.courses}


def events_of(session, report: Report) -> list[JournalEvent]:
    query = select(JournalEntry.event).where(
        JournalEntry.subject_table == "report", JournalEntry.subject_id == str(report.id)
    )
    return list(session.scalars(query.order_by(JournalEntry.id)))


def count(session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def approved(session, scene) -> Report:
    """Two courses that the coordinator approved an hour ago."""
    report = scene.report(ReportStatus.APPROVED)
    scene.row(report, title="Morgenkurs", seats_total=16, seats_free=6)
    scene.row(report, title="Abendkurs", starts_on=date(2026, 12, 7))
    report.submitted_by_id = scene.person.id
    session.flush()
    return report


def test_what_was_approved_is_kept_whole(session, scene, approved, frozen_clock):
    facts, decided_at = facts_of(approved), approved.decided_at
    frozen_clock.forward(hours=1)

    revise_report(session, approved, actor=scene.actor)
    session.flush()
    session.expire_all()

    kept = approved.approved_version
    assert (approved.status, approved.is_revision, approved.stands) == (
        ReportStatus.DRAFT,
        True,
        True,
    )
    assert approved.standing is kept
    assert {row.course_id: row.facts() for row in kept.courses} == facts
    assert set(next(iter(facts.values()))) == set(FACT_NAMES)
    assert (kept.decided_at, kept.decided_by_id) == (decided_at, scene.coordinator.id)
    assert (kept.submitted_by_id, kept.kept_at) == (scene.person.id, clock.now())
    assert approved.decided_at is None
    assert events_of(session, approved) == [JournalEvent.REPORT_REVISED]


@pytest.mark.parametrize("status", [s for s in ReportStatus if s is not ReportStatus.APPROVED])
def test_only_an_approved_report_is_changed_this_way(session, scene, status):
    report = scene.report(status)
    with pytest.raises(TransitionRefusedError):
        revise_report(session, report, actor=scene.actor)
    assert count(session, ApprovedVersion) == 0


def test_a_closed_round_takes_no_change(session, scene, approved):
    scene.opened.move(RoundAction.CLOSE)
    with pytest.raises(RuleViolationError) as refused:
        revise_report(session, approved, actor=scene.actor)
    assert (refused.value.rule, refused.value.facts) == (
        Rule.ROUND_NOT_OPEN,
        {"month": scene.opened.month},
    )


def test_strangers_neither_change_nor_discard(session, scene, approved):
    other = builders.a_provider(session, scene.district, name="Fremde Schule")
    stranger = builders.a_reporter(session, other).as_actor()
    for action in (revise_report, discard_revision):
        with pytest.raises(NotPermittedError):
            action(session, approved, actor=stranger)


def test_discarding_gives_back_rows_and_decision(session, scene, approved, frozen_clock):
    facts, decided_at, submitted_at = facts_of(approved), approved.decided_at, approved.submitted_at
    revise_report(session, approved, actor=scene.actor)
    frozen_clock.forward(hours=1)
    morning, evening = approved.courses
    actions.change_course(
        session,
        morning,
        {"seats_free": 1, "title": "Ganz anders"},
        seen_version=morning.version,
        actor=scene.actor,
        confirm=True,
    )
    actions.end_course(session, evening, actor=scene.actor)
    actions.add_course(
        session, approved, {"title": "Neu", "course_type": "KONV"}, actor=scene.actor
    )
    actions.submit_report(session, approved, actor=scene.actor, link=LINK)
    actions.take_back_report(session, approved, actor=scene.actor)

    discard_revision(session, approved, actor=scene.actor)
    session.flush()
    session.expire_all()

    assert facts_of(approved) == facts
    assert approved.status is ReportStatus.APPROVED
    assert (approved.decided_at, approved.decided_by_id) == (decided_at, scene.coordinator.id)
    assert (approved.submitted_at, approved.submitted_by_id) == (submitted_at, scene.person.id)
    assert (approved.approved_version, count(session, ApprovedCourse)) == (None, 0)
    assert events_of(session, approved)[-1] is JournalEvent.REVISION_DISCARDED


def test_a_correction_of_the_change_goes_with_it(session, scene, approved, frozen_clock):
    desk = scene.coordinator.as_actor()

    def correct(seats: int) -> None:
        row = approved.courses[0]
        facts = {"seats_free": seats}
        seen = row.version
        correct_course(session, row, facts, reason="", seen_version=seen, actor=desk, link=LINK)

    correct(5)
    frozen_clock.forward(minutes=1)
    revise_report(session, approved, actor=scene.actor)
    actions.submit_report(session, approved, actor=scene.actor, link=LINK)
    correct(1)
    actions.take_back_report(session, approved, actor=scene.actor)

    discard_revision(session, approved, actor=desk)
    session.flush()
    session.expire_all()

    assert approved.courses[0].seats_free == 5
    assert [correction.new_value for correction in approved.corrections] == [5]


def test_discarding_brings_a_lost_row_back(session, scene, approved):
    """No action deletes a row; should one be gone all the same, the approved one returns."""
    facts = facts_of(approved)
    revise_report(session, approved, actor=scene.actor)
    session.flush()
    approved.courses.remove(approved.courses[0])
    session.flush()

    discard_revision(session, approved, actor=scene.actor)
    session.flush()
    session.expire_all()

    assert facts_of(approved) == facts


def test_a_nil_report_that_is_changed_and_discarded_is_nil_again(session, scene):
    report = scene.report(ReportStatus.APPROVED, is_nil=True)
    revise_report(session, report, actor=scene.actor)
    assert (report.is_nil, report.standing.is_nil) == (False, True)
    discard_revision(session, report, actor=scene.actor)
    assert report.is_nil is True


@pytest.mark.parametrize("status", ReportStatus)
def test_there_is_nothing_to_discard_in_an_ordinary_report(session, scene, status):
    with pytest.raises(TransitionRefusedError):
        discard_revision(session, scene.report(status), actor=scene.actor)


def test_a_version_that_waits_for_the_review_is_taken_back_first(session, scene, approved):
    revise_report(session, approved, actor=scene.actor)
    actions.submit_report(session, approved, actor=scene.actor, link=LINK)
    with pytest.raises(TransitionRefusedError):
        discard_revision(session, approved, actor=scene.actor)


def test_questions_about_the_change_are_settled_and_stay_in_the_history(session, scene, approved):
    old = approved.courses[0]
    revise_report(session, approved, actor=scene.actor)
    new = actions.add_course(
        session, approved, {"title": "Neu", "course_type": "KONV"}, actor=scene.actor
    )
    actions.submit_report(session, approved, actor=scene.actor, link=LINK)
    desk = scene.coordinator.as_actor()
    asked = [
        ask_question(
            session,
            approved,
            text="Stimmt das?",
            reported_course_id=row.id,
            attribute="title",
            actor=desk,
            link=LINK,
        )
        for row in (new, old)
    ]
    close_question(session, asked[1], actor=desk)

    discard_revision(session, approved, actor=desk)
    session.flush()
    session.expire_all()

    assert [(q.status, q.attribute, q.reported_course_id, q.old_value) for q in asked] == [
        (QuestionStatus.CLOSED, None, None, "Neu"),
        (QuestionStatus.CLOSED, "title", old.id, "Morgenkurs"),
    ]


def test_the_new_version_takes_the_place_of_the_one_before(session, scene, approved):
    revise_report(session, approved, actor=scene.actor)
    actions.submit_report(session, approved, actor=scene.actor, link=LINK)
    approve_report(
        session, approved, actor=scene.coordinator.as_actor(), seen_version=approved.version
    )
    session.flush()
    assert (approved.standing, count(session, ApprovedVersion)) == (approved, 0)


def test_a_change_is_not_carried_over_because_the_approved_version_stands(session, scene, approved):
    revise_report(session, approved, actor=scene.actor)
    session.flush()
    desk = scene.coordinator.as_actor()
    with pytest.raises(TransitionRefusedError):
        carry_over_report(session, approved, actor=desk, seen_version=approved.version)
    late = scene.opened.due_on + timedelta(days=1)
    assert list(reports_to_carry_over(session, desk, scene.opened, on=late)) == []


def test_nobody_is_reminded_of_a_change_but_of_a_question_about_it(session, scene, approved):
    revise_report(session, approved, actor=scene.actor)
    session.flush()
    assert list(waiting_reports(session)) == []
    actions.submit_report(session, approved, actor=scene.actor, link=LINK)
    ask_question(
        session,
        approved,
        text="Stimmt das?",
        reported_course_id=None,
        attribute=None,
        actor=scene.coordinator.as_actor(),
        link=LINK,
    )
    assert [found.report_id for found in waiting_reports(session)] == [approved.id]


def test_the_coordinator_sees_what_changed_since_the_approval(session, scene, approved):
    desk = scene.coordinator.as_actor()
    decided_at = approved.decided_at
    revise_report(session, approved, actor=scene.actor)
    morning = approved.courses[0]
    actions.change_course(
        session,
        morning,
        {"seats_free": 1},
        seen_version=morning.version,
        actor=scene.actor,
        confirm=True,
    )
    actions.submit_report(session, approved, actor=scene.actor, link=LINK)
    session.flush()
    session.expire_all()
    found = reviewed_report(session, desk, scene.district.slug, scene.opened.month, approved.id)

    page = report_page(session, desk, found, load_codes(session))

    assert page.baseline.approved_at == decided_at
    [changed] = page.differences.changed
    assert [(f.attribute, f.old, f.new) for f in changed.fields] == [("seats_free", 6, 1)]
    assert len(page.differences.unchanged) == 1
    assert page.actions == {ReportAction.APPROVE, ReportAction.ASK, ReportAction.TAKE_BACK}
    [line] = board(session, desk, scene.district, scene.opened).lines
    assert (line.report.is_revision, line.is_late) == (True, False)


# ---- closed rounds


@pytest.mark.parametrize(
    ("status", "act"),
    [
        (
            ReportStatus.DRAFT,
            lambda s, r, a: actions.submit_report(s, r, actor=a, link=LINK, nil=True),
        ),
        (ReportStatus.DRAFT, lambda s, r, a: actions.confirm_rest(s, r, actor=a)),
        (ReportStatus.OPEN, lambda s, r, a: actions.start_report(s, r, actor=a)),
        (ReportStatus.SUBMITTED, lambda s, r, a: actions.take_back_report(s, r, actor=a)),
    ],
    ids=["submit", "confirm", "start", "take_back"],
)
def test_a_closed_round_takes_nothing_from_its_providers(session, scene, status, act):
    report = scene.report(status)
    scene.opened.move(RoundAction.CLOSE)
    with pytest.raises(RuleViolationError) as refused:
        act(session, report, scene.actor)
    assert refused.value.rule is Rule.ROUND_NOT_OPEN
    assert report.status is status


def test_whoever_reviews_begins_a_report_of_a_closed_round(session, scene):
    scene.row(scene.november(), title="Morgenkurs")
    report = scene.report(ReportStatus.OPEN)
    scene.opened.move(RoundAction.CLOSE)
    desk = scene.coordinator.as_actor()
    carry_over_report(session, report, actor=desk, seen_version=report.version)
    assert [row.title for row in report.courses] == ["Morgenkurs"]


# ---- pages


@pytest.fixture
def rita(client, session, scene):
    sign_in(client, session, scene.person)
    return client


def test_the_way_through_a_change(rita, session, scene, approved):
    rita.get(f"/meldungen/{approved.id}")
    assert "Ihre Meldung ist freigegeben." in rita.page.text()
    rita.submit(f"form[action=/meldungen/{approved.id}/aendern]")
    rita.follow()
    assert "Sie ändern eine freigegebene Meldung." in rita.page.text()
    morning = session.get(Report, approved.id).courses[0]
    rita.submit("#kurse", **{f"k{morning.id}-seats_free": "2"})
    rita.follow()
    rita.get("/meldungen")
    assert "Änderung nach der Freigabe" in rita.page.text()
    assert "überfällig" not in rita.page.text()
    rita.get(f"/meldungen/{approved.id}")
    rita.submit(f"form[action=/meldungen/{approved.id}/verwerfen]")
    rita.follow()
    assert "Ihre Änderungen sind verworfen." in rita.page.text()
    session.expire_all()
    assert morning.seats_free == 6


def test_a_closed_round_says_so_and_shows_no_buttons(rita, session, scene):
    drafts = scene.report(ReportStatus.DRAFT)
    scene.row(drafts, title="Morgenkurs")
    scene.opened.move(RoundAction.CLOSE)
    session.flush()
    rita.get(f"/meldungen/{drafts.id}")
    assert "Die Abfrage für Dezember 2026 ist abgeschlossen." in rita.page.text()
    assert [f.get("action") for f in rita.page.select("main form")] == []
    rita.get("/meldungen")
    assert "Abgeschlossen, nicht eingereicht" in rita.page.text()
    assert "Meldung ansehen" in rita.page.text()
    rita.get(f"/meldungen/{drafts.id}/kurse/neu", 422)
    assert "Die Koordination kann sie wieder öffnen." in rita.page.text()


def test_the_coordinator_discards_a_change(client, session, scene, approved):
    revise_report(session, approved, actor=scene.actor)
    session.flush()
    sign_in(client, session, scene.coordinator)
    page = f"/pruefung/{scene.district.slug}/2026-12/{approved.id}"
    client.get(page)
    assert "Der Träger ändert seine freigegebene Meldung." in client.page.text()
    assert "Verglichen mit der Fassung, die am" in client.page.text()
    client.submit(f"form[action={page}/verwerfen]")
    client.follow()
    assert "Die Änderungen sind verworfen." in client.page.text()
    session.expire_all()
    assert approved.status is ReportStatus.APPROVED


def test_a_word_of_the_system_is_not_a_provider(session, scene, approved):
    """The command line may do what an administrator may; the history says so."""
    revise_report(session, approved, actor=Actor.system())
    [entry] = session.scalars(
        select(JournalEntry).where(JournalEntry.event == JournalEvent.REPORT_REVISED)
    )
    assert entry.actor_name == "System"
    assert approved.courses[0].status is CourseStatus.OPEN
