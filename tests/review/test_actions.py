"""What a coordinator decides: every action in every state, who may, and who hears of it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    Rule,
    RuleViolationError,
    TransitionRefusedError,
)
from kursliste.domain.permissions import Grant, Role
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import ReportAction, ReportOrigin, ReportStatus
from kursliste.infrastructure.database import transaction
from kursliste.models import Question, Report
from kursliste.review import actions
from tests.builders import (
    a_coordinator,
    a_counsellor,
    a_course,
    a_provider,
    a_report,
    a_reporter,
    a_round,
    a_user,
)
from tests.review.scene import a_scene, journal_of, mails_of

LINK = "http://localhost/meldungen/1"


@pytest.fixture
def scene(session):
    return a_scene(session)


def ask(session, report, actor, **more):
    facts = {"text": "Stimmt das?", "reported_course_id": None, "attribute": None, "link": LINK}
    return actions.ask_question(session, report, actor=actor, **{**facts, **more})


def perform(action, session, report, actor):
    """The action with the version that the page shows now."""
    if action is ReportAction.ASK:
        ask(session, report, actor, seen_version=report.version)
        return
    does = {
        ReportAction.APPROVE: actions.approve_report,
        ReportAction.CARRY_OVER: actions.carry_over_report,
        ReportAction.REOPEN: actions.reopen_report,
    }[action]
    does(session, report, actor=actor, seen_version=report.version)


DECISIONS = {
    (ReportStatus.SUBMITTED, ReportAction.APPROVE): ReportStatus.APPROVED,
    (ReportStatus.DRAFT, ReportAction.CARRY_OVER): ReportStatus.APPROVED,
    (ReportStatus.ASKED, ReportAction.CARRY_OVER): ReportStatus.APPROVED,
    (ReportStatus.APPROVED, ReportAction.REOPEN): ReportStatus.SUBMITTED,
    (ReportStatus.SUBMITTED, ReportAction.ASK): ReportStatus.ASKED,
    (ReportStatus.ASKED, ReportAction.ASK): ReportStatus.ASKED,
}
OURS = (ReportAction.APPROVE, ReportAction.CARRY_OVER, ReportAction.REOPEN, ReportAction.ASK)


@pytest.mark.parametrize("status", list(ReportStatus))
@pytest.mark.parametrize("action", OURS)
def test_each_action_in_each_state_leads_where_the_table_says(session, scene, status, action):
    report = a_report(session, scene.round, scene.provider, status)
    if status is not ReportStatus.OPEN:
        a_course(session, report)
    expected = DECISIONS.get((status, action))
    if expected is None:
        # Nobody began and there is no earlier report: carrying over finds no course.
        silent = status is ReportStatus.OPEN and action is ReportAction.CARRY_OVER
        refused = RuleViolationError if silent else TransitionRefusedError
        with pytest.raises(refused):
            perform(action, session, report, scene.actor)
        return
    perform(action, session, report, scene.actor)
    session.flush()
    assert report.status is expected


@pytest.mark.parametrize("action", OURS)
def test_strangers_decide_nothing(session, scene, action):
    elsewhere = a_scene(session, "weimar")
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    strangers = [
        a_coordinator(session, elsewhere.district),
        a_counsellor(session, scene.district),
        a_reporter(session, scene.provider),
        a_user(session),
    ]
    for stranger in strangers:
        with pytest.raises(NotPermittedError):
            perform(action, session, report, stranger.as_actor())
    assert (report.status, journal_of(session)) == (ReportStatus.SUBMITTED, [])


def test_approving_writes_who_when_and_one_journal_entry(session, scene, frozen_clock):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    actions.approve_report(session, report, actor=scene.actor, seen_version=report.version)
    session.flush()
    assert (report.decided_by_id, report.decided_at) == (scene.coordinator.id, frozen_clock.now())
    assert journal_of(session) == [
        ("report:approved", "report", str(report.id), {"status": ["submitted", "approved"]})
    ]


def test_an_administrator_may_decide(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    administrator = a_user(session, Grant(Role.ADMINISTRATOR)).as_actor()
    actions.approve_report(session, report, actor=administrator, seen_version=report.version)
    assert report.status is ReportStatus.APPROVED


def test_a_stale_page_decides_nothing_and_says_what_happened(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    seen = report.version
    ask(session, report, scene.actor)
    with pytest.raises(ConflictError) as caught:
        actions.approve_report(session, report, actor=scene.actor, seen_version=seen)
    assert caught.value.differences == (("Stand der Meldung", "eingereicht", "Rückfrage"),)
    assert report.status is ReportStatus.ASKED


def test_a_stale_page_names_who_decided_before(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    seen = report.version
    actions.approve_report(session, report, actor=scene.actor, seen_version=seen)
    session.flush()
    with pytest.raises(ConflictError) as caught:
        actions.approve_report(session, report, actor=scene.actor, seen_version=seen)
    assert caught.value.differences == (
        ("Stand der Meldung", "eingereicht", "freigegeben"),
        (
            "Letzter Schritt",
            "freigeben",
            "Meldung freigegeben von Koordination goerlitz, 24.11.2026, 10:00 Uhr",
        ),
    )


def test_two_coordinators_at_once_only_one_decides(session, scene, database):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    with transaction(session):
        pass
    seen = report.version
    with database.session() as other, transaction(other):
        theirs = other.get_one(Report, report.id)
        actions.approve_report(other, theirs, actor=scene.actor, seen_version=seen)
    with pytest.raises(ConflictError):
        actions.approve_report(session, report, actor=scene.actor, seen_version=seen)
    session.rollback()


# ---- carrying over


def test_carrying_over_never_moves_a_confirmation(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.DRAFT)
    row = a_course(session, report, confirmed_on=date(2026, 10, 21), confirmed_how=ConfirmedHow.WEB)
    actions.carry_over_report(session, report, actor=scene.actor, seen_version=report.version)
    session.flush()
    assert (row.confirmed_on, row.confirmed_how) == (date(2026, 10, 21), ConfirmedHow.WEB)
    assert not row.is_confirmed_since(scene.round.opens_on)
    assert (report.submitted_at, report.decided_by_id) == (None, scene.coordinator.id)


def test_carrying_over_a_silent_provider_starts_from_its_last_report(session, scene):
    november = a_round(session, scene.course_list, Month(2026, 11))
    before = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    a_course(
        session,
        before,
        title="A1 am Abend",
        confirmed_on=date(2026, 10, 21),
        confirmed_how=ConfirmedHow.WEB,
    )
    report = a_report(session, scene.round, scene.provider, ReportStatus.OPEN)
    actions.carry_over_report(session, report, actor=scene.actor, seen_version=report.version)
    session.flush()
    assert report.status is ReportStatus.APPROVED
    assert [(row.title, row.confirmed_on) for row in report.courses] == [
        ("A1 am Abend", date(2026, 10, 21))
    ]
    assert [event for event, *_ in journal_of(session)] == [
        "report:started",
        "report:carried_over",
    ]


def test_nothing_is_carried_over_where_there_is_no_course(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.DRAFT)
    with pytest.raises(RuleViolationError) as caught:
        actions.carry_over_report(session, report, actor=scene.actor, seen_version=report.version)
    assert caught.value.rule is Rule.NOTHING_TO_REPORT
    assert report.status is ReportStatus.DRAFT


def test_a_nil_report_can_be_carried_over(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.DRAFT, is_nil=True)
    actions.carry_over_report(session, report, actor=scene.actor, seen_version=report.version)
    assert report.status is ReportStatus.APPROVED


def test_what_was_carried_over_can_be_reopened_though_nobody_sent_it(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.DRAFT)
    a_course(session, report)
    actions.carry_over_report(session, report, actor=scene.actor, seen_version=report.version)
    session.flush()
    actions.reopen_report(session, report, actor=scene.actor, seen_version=report.version)
    session.flush()
    assert (report.status, report.submitted_by_id) == (ReportStatus.SUBMITTED, None)
    assert (report.decided_at, report.decided_by_id) == (None, None)


def three_lists(session, scene):
    """One report from the district's list, one that its provider began, one that nobody did."""
    taken = a_report(session, scene.round, scene.provider, origin=ReportOrigin.TAKEN_OVER)
    a_course(session, taken)
    begun = a_report(session, scene.round, a_provider(session, scene.district, name="Begonnen"))
    a_course(session, begun)
    silent_provider = a_provider(session, scene.district, name="Still")
    november = a_round(session, scene.course_list, Month(2026, 11))
    before = a_report(session, november, silent_provider, ReportStatus.APPROVED)
    a_course(session, before)
    silent = a_report(session, scene.round, silent_provider, ReportStatus.OPEN)
    never = a_provider(session, scene.district, name="Ohne alles")
    nothing = a_report(session, scene.round, never, ReportStatus.OPEN)
    return taken, begun, silent, nothing


def test_before_the_deadline_only_the_districts_own_list_is_carried_over(session, scene):
    reports = three_lists(session, scene)
    assert actions.carry_over_all(session, scene.round, actor=scene.actor) == 1
    session.flush()
    assert [report.status for report in reports] == [
        ReportStatus.APPROVED,
        ReportStatus.DRAFT,
        ReportStatus.OPEN,
        ReportStatus.OPEN,
    ]


def test_after_the_deadline_all_that_was_never_sent_is_carried_over(session, scene, frozen_clock):
    reports = three_lists(session, scene)
    frozen_clock.move_to(datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert actions.carry_over_all(session, scene.round, actor=scene.actor) == 3
    session.flush()
    assert [report.status for report in reports] == [
        ReportStatus.APPROVED,
        ReportStatus.APPROVED,
        ReportStatus.APPROVED,
        ReportStatus.OPEN,
    ]


def test_only_what_stood_on_the_page_is_carried_over(session, scene, frozen_clock):
    taken, begun, *_ = three_lists(session, scene)
    frozen_clock.move_to(datetime(2026, 12, 1, 9, tzinfo=UTC))
    done = actions.carry_over_all(session, scene.round, actor=scene.actor, report_ids=[begun.id])
    assert (done, taken.status, begun.status) == (1, ReportStatus.DRAFT, ReportStatus.APPROVED)


def test_a_provider_whose_courses_all_ended_is_passed_over(session, scene, frozen_clock):
    november = a_round(session, scene.course_list, Month(2026, 11))
    before = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    a_course(session, before, status=CourseStatus.ENDED)
    report = a_report(session, scene.round, scene.provider, ReportStatus.OPEN)
    frozen_clock.move_to(datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert actions.carry_over_all(session, scene.round, actor=scene.actor) == 0
    assert report.status is ReportStatus.OPEN


def test_strangers_carry_nothing_over(session, scene):
    stranger = a_coordinator(session, a_scene(session, "weimar").district)
    with pytest.raises(NotPermittedError):
        actions.carry_over_all(session, scene.round, actor=stranger.as_actor())


# ---- questions


def test_a_question_keeps_the_value_it_is_about(session, scene, frozen_clock):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    row = a_course(session, report, seats_free=61, level_from="B1")
    asked = ask(
        session,
        report,
        scene.actor,
        text="61 freie Plätze?",
        reported_course_id=row.id,
        attribute="seats_free",
    )
    assert (asked.text, asked.old_value, asked.status) == (
        "61 freie Plätze?",
        "61",
        QuestionStatus.OPEN,
    )
    assert (asked.asked_by_id, asked.asked_at) == (scene.coordinator.id, frozen_clock.now())
    assert journal_of(session) == [("question:asked", "question", str(asked.id), {})]


def test_a_question_keeps_codes_as_words_and_an_empty_field_as_nothing(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    row = a_course(session, report, status=CourseStatus.FULL)
    about = {"reported_course_id": row.id}
    status = ask(session, report, scene.actor, attribute="status", **about)
    empty = ask(session, report, scene.actor, attribute="ends_on", **about)
    course = ask(session, report, scene.actor, **about)
    assert [status.old_value, empty.old_value, course.old_value] == ["ausgebucht", None, None]


def test_a_question_goes_to_the_people_of_the_provider_and_to_nobody_else(session, scene):
    other = a_provider(session, scene.district, name="Anderer Träger", report_email="x@example.org")
    a_reporter(session, other, email="fremd@example.org")
    a_reporter(session, scene.provider, email="anna@example.org")
    a_reporter(session, scene.provider, email="ben@example.org")
    a_reporter(session, scene.provider, email="weg@example.org", is_active=False)
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    row = a_course(session, report, title="A2 am Morgen", seats_free=61)
    ask(
        session,
        report,
        scene.actor,
        text="Wirklich 61?\nBitte prüfen.",
        reported_course_id=row.id,
        attribute="seats_free",
    )
    mails = mails_of(session)
    assert [mail.to_address for mail in mails] == ["anna@example.org", "ben@example.org"]
    assert mails[0].subject == "Rückfrage zu Ihrer Meldung für Dezember 2026 – Landkreis Goerlitz"
    assert mails[0].body == (
        "Guten Tag,\n\nzu Ihrer Kursmeldung für Dezember 2026 (Landkreis Goerlitz, "
        "VHS Neißebogen) gibt es eine Rückfrage:\n\nKurs: A2 am Morgen\n"
        "Angabe: frei (jetzt: 61)\n\n> Wirklich 61?\n> Bitte prüfen.\n\n"
        "Antworten Sie hier; dort können Sie auch den Kurs ändern:\n"
        f"{LINK}\n\n"
        "Bis 30.11.2026 eingereichte Meldungen kommen sicher in die Liste.\n\n"
        "Freundliche Grüße\nKoordination goerlitz\nLandratsamt, Bildungskoordination\n"
    )


def test_a_provider_without_people_is_asked_at_its_address(session, scene):
    scene.provider.report_email = "meldung@example.org"
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    ask(session, report, scene.actor)
    assert [mail.to_address for mail in mails_of(session)] == ["meldung@example.org"]


def test_a_provider_that_nobody_can_reach_is_asked_without_mail(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    ask(session, report, scene.actor)
    assert (mails_of(session), len(report.questions)) == ([], 1)


def test_the_mail_of_the_system_names_no_person(session, scene):
    scene.provider.report_email = "meldung@example.org"
    scene.district.publisher = ""
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    row = a_course(session, report)
    system = a_user(session, Grant(Role.ADMINISTRATOR)).as_actor().system()
    ask(session, report, system, reported_course_id=row.id)
    body = mails_of(session)[0].body
    assert body.endswith("Freundliche Grüße\ndie Koordination\n")
    assert "Kurs: Allgemeiner Integrationskurs\n\n> Stimmt das?" in body


@pytest.mark.parametrize(
    ("given", "rule", "field"),
    [
        ({"text": "  \n"}, Rule.QUESTION_EMPTY, "text"),
        ({"text": "x" * 1001}, Rule.TEXT_TOO_LONG, "text"),
        ({"attribute": "seats_free"}, Rule.VALUE_MISSING, "reported_course_id"),
        ({"attribute": "password"}, Rule.VALUE_UNKNOWN, "attribute"),
        ({"attribute": "confirmed_on"}, Rule.VALUE_UNKNOWN, "attribute"),
    ],
)
def test_a_question_that_cannot_be_is_refused(session, scene, given, rule, field):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    with pytest.raises(RuleViolationError) as caught:
        ask(session, report, scene.actor, **given)
    assert (caught.value.rule, caught.value.field) == (rule, field)
    assert session.scalars(select(Question)).all() == []


def test_a_course_of_another_report_cannot_be_asked_about(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    other = a_report(session, scene.round, a_provider(session, scene.district, name="Zweiter"))
    row = a_course(session, other)
    with pytest.raises(NotFoundError):
        ask(session, report, scene.actor, reported_course_id=row.id)


def test_asking_from_a_stale_page_is_a_conflict(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    with pytest.raises(ConflictError):
        ask(session, report, scene.actor, seen_version=report.version + 1)


def test_closing_settles_a_question_once(session, scene, frozen_clock):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    asked = ask(session, report, scene.actor)
    actions.close_question(session, asked, actor=scene.actor)
    session.flush()
    assert (asked.status, asked.closed_at) == (QuestionStatus.CLOSED, frozen_clock.now())
    assert journal_of(session)[-1] == ("question:closed", "question", str(asked.id), {})
    with pytest.raises(TransitionRefusedError):
        actions.close_question(session, asked, actor=scene.actor)


def test_strangers_close_nothing(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    asked = ask(session, report, scene.actor)
    stranger = a_coordinator(session, a_scene(session, "weimar").district)
    with pytest.raises(NotPermittedError):
        actions.close_question(session, asked, actor=stranger.as_actor())
    assert asked.status is QuestionStatus.OPEN
