"""What a provider finds: its own, in order, and nothing of others."""

from datetime import date

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus
from kursliste.domain.errors import NotFoundError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import clock, journal
from kursliste.models import Question
from kursliste.reporting import actions, queries, report_page
from tests import builders


def test_own_reports_of_all_providers_newest_month_first(session, scene):
    weimar = builders.a_district(session, "weimar")
    second = builders.a_provider(session, weimar, name="Verein Sprache")
    stranger = builders.a_provider(session, weimar, name="Fremdes Haus")
    elsewhere = builders.a_round(session, builders.a_list(session, weimar))
    november = scene.november()
    here = scene.report()
    there = builders.a_report(session, elsewhere, second)
    builders.a_report(session, elsewhere, stranger)
    actor = builders.a_reporter(session, scene.provider, second).as_actor()

    assert list(queries.own_reports(session, actor)) == [here, there, november]
    assert list(queries.own_reports(session, Actor.anonymous())) == []


def test_what_belongs_to_others_is_not_there(session, scene):
    report = scene.report()
    row = scene.row(report)
    question = Question(report_id=report.id, text="?", asked_at=clock.now())
    session.add(question)
    session.flush()
    stranger = Actor(1, "", frozenset({Grant(Role.PROVIDER, provider_id=scene.provider.id + 1)}))

    for look in (
        lambda: queries.own_report(session, stranger, report.id),
        lambda: queries.own_row(session, stranger, report.id, row.id),
        lambda: queries.own_question(session, stranger, report.id, question.id),
        lambda: queries.own_row(session, scene.actor, report.id + 1, row.id),
        lambda: queries.own_question(session, scene.actor, report.id + 1, question.id),
    ):
        with pytest.raises(NotFoundError):
            look()
    assert queries.own_report(session, scene.actor, report.id) is report
    assert queries.own_row(session, scene.actor, report.id, row.id) is row
    assert queries.own_question(session, scene.actor, report.id, question.id) is question


def test_the_rows_before_are_those_of_the_last_report_with_rows_on_the_same_list(session, scene):
    report = scene.report()
    assert queries.previous_rows(session, report) == []

    scene.november()  # without rows
    other_list = builders.a_list(session, scene.district, slug="beratung")
    other_round = builders.a_round(session, other_list, Month(2026, 11))
    scene.row(builders.a_report(session, other_round, scene.provider))
    october = builders.a_report(
        session, builders.a_round(session, scene.course_list, Month(2026, 10)), scene.provider
    )
    row = scene.row(october, title="Läuft")
    scene.row(october, status=CourseStatus.ENDED)
    september = builders.a_round(session, scene.course_list, Month(2026, 9))
    scene.row(builders.a_report(session, september, scene.provider))
    january = builders.a_round(session, scene.course_list, Month(2027, 1))
    scene.row(builders.a_report(session, january, scene.provider))

    assert queries.rows_before(session, report)[0] is row
    assert queries.previous_rows(session, report) == [queries.as_row(row)]
    assert queries.as_row(row) == {"course_id": row.course_id, **row.facts()}


def test_who_is_written_to(session, scene):
    gone = builders.a_reporter(session, scene.provider, name="Gegangen", is_active=False)
    anna = builders.a_reporter(session, scene.provider, name="Anna Zuerst")
    builders.a_counsellor(session, scene.district)

    assert list(queries.reporters_of(session, scene.provider.id)) == [anna, scene.person]
    assert gone not in queries.reporters_of(session, scene.provider.id)
    assert list(queries.coordinators_of(session, scene.district.id)) == [scene.coordinator]


def test_a_providers_history_holds_nothing_internal_and_nothing_of_others(
    session, scene, frozen_clock
):
    report, other = scene.report(), scene.november()
    row, foreign = scene.row(report), scene.row(other)
    actions.confirm_course(session, row, actor=scene.actor)
    frozen_clock.forward(minutes=1)
    for subject, event in (
        (report, JournalEvent.REPORT_SUBMITTED),
        (report, JournalEvent.PROVIDER_CHANGED),
        (foreign, JournalEvent.COURSE_CONFIRMED),
    ):
        journal.record(session, event, subject, actor=scene.actor, scope=report.scope)
    session.flush()

    found = queries.history(session, queries.own_report(session, scene.actor, report.id))

    assert [entry.event for entry in found] == [
        JournalEvent.REPORT_SUBMITTED,
        JournalEvent.COURSE_CONFIRMED,
    ]


def test_looking_costs_the_same_for_one_row_and_for_three(session, scene, statements):
    report = scene.report(ReportStatus.ASKED)
    counts = []
    for number in (1, 3):
        while len(report.courses) < number:
            row = scene.row(report)
            session.add(
                Question(
                    report_id=report.id,
                    reported_course_id=row.id,
                    text="?",
                    asked_at=clock.now(),
                    asked_by_id=scene.coordinator.id,
                )
            )
        session.flush()
        actor, report_id = scene.actor, report.id
        session.expire_all()
        with statements() as seen:
            found = queries.own_report(session, actor, report_id)
            assert all(q.reported_course and q.reported_course.title for q in found.questions)
            assert len(queries.history(session, found)) == 0
        counts.append(len(seen))

    assert counts == [6, 6]


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (date(2026, 11, 22), "überfällig seit 2 Tagen"),
        (date(2026, 11, 23), "überfällig seit 1 Tag"),
        (date(2026, 11, 24), "letzter Tag"),
        (date(2026, 11, 25), "noch 1 Tag"),
        (date(2026, 11, 30), "noch 6 Tage"),
    ],
)
def test_how_long_there_is_in_words(due_on, words):
    assert report_page.days_left(due_on, date(2026, 11, 24)) == words
