"""A provider gives courses to another one: what moves, what stays, and who is told."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    Rule,
    RuleViolationError,
)
from kursliste.domain.events import JournalEvent
from kursliste.domain.merging import Giving
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.domain.round import RoundAction
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.models import (
    Course,
    CourseHandover,
    JournalEntry,
    OutgoingMail,
    Provider,
    Question,
    Report,
    ReportedCourse,
)
from kursliste.reporting import queries as reporting_queries
from kursliste.reporting.actions import start_report
from kursliste.review import giving
from kursliste.review.comparison import baseline
from kursliste.review.giving_actions import give_courses
from kursliste.review.merging import going_on, merge_plan
from kursliste.review.merging_actions import merge_providers
from tests import builders
from tests.review.merging_scene import LINK, reported, titles
from tests.review.scene import Scene, a_scene, an_edition

DECEMBER, NOVEMBER, JANUARY = Month(2026, 12), Month(2026, 11), Month(2027, 1)


@dataclass
class Two:
    """The scene's provider lost a tender; ``receiver`` goes on with some of its courses."""

    scene: Scene
    receiver: Provider
    november: Report

    @property
    def giver(self) -> Provider:
        return self.scene.provider

    def key(self, title: str) -> str:
        return next(row.course_id for row in self.november.courses if row.title == title)


@pytest.fixture
def two(session) -> Two:
    scene = a_scene(session)
    asked = builders.a_round(session, scene.course_list, NOVEMBER)
    november = reported(session, scene.provider, asked, ReportStatus.APPROVED, "A1", "B1", "B2")
    asked.move(RoundAction.CLOSE)
    session.flush()
    receiver = builders.a_provider(session, scene.district, name="Lernhof e. V.")
    return Two(scene, receiver, november)


def plan(session, two, *titles_, month=DECEMBER):
    keys = [two.key(title) for title in titles_ or ("B1", "B2")]
    return giving.giving_plan(
        session, two.scene.district, two.giver, two.receiver, keys=keys, month=month
    )


def give(session, two, *titles_, actor=None, seal=None, month=DECEMBER):
    seen = plan(session, two, *titles_, month=month)
    actor = actor or two.scene.actor
    return give_courses(session, seen, seal=seal or seen.seal, link=LINK, actor=actor)


def went(session, two, *titles_, month=DECEMBER):
    return [one.giving for one in plan(session, two, *titles_, month=month).months]


def test_a_provider_that_only_received_courses_begins_with_them(session, two):
    mine = reported(session, two.giver, two.scene.round, ReportStatus.OPEN)
    theirs = reported(session, two.receiver, two.scene.round, ReportStatus.OPEN)
    assert went(session, two) == [Giving.WAITS]

    give(session, two)
    start_report(session, mine, actor=two.scene.actor)
    start_report(session, theirs, actor=two.scene.actor)

    assert titles(session, mine) == ["A1"]
    assert titles(session, theirs) == ["B1", "B2"]
    rows = session.scalars(select(ReportedCourse).where(ReportedCourse.report_id == theirs.id))
    assert {row.course_id for row in rows} == {two.key("B1"), two.key("B2")}
    assert titles(session, two.november) == ["A1", "B1", "B2"]  # what was said stays
    januarys = builders.a_round(session, two.scene.course_list, JANUARY)
    january = reported(session, two.receiver, januarys, ReportStatus.OPEN)
    start_report(session, january, actor=two.scene.actor)
    assert titles(session, january) == ["B1", "B2"]


def test_a_later_month_leaves_the_months_before_with_the_giver(session, two):
    mine = reported(session, two.giver, two.scene.round, ReportStatus.OPEN)
    theirs = reported(session, two.receiver, two.scene.round, ReportStatus.OPEN)
    assert went(session, two, month=JANUARY) == []

    give(session, two, month=JANUARY)
    start_report(session, mine, actor=two.scene.actor)
    start_report(session, theirs, actor=two.scene.actor)
    assert (titles(session, mine), titles(session, theirs)) == (["A1", "B1", "B2"], [])

    januarys = builders.a_round(session, two.scene.course_list, JANUARY)
    mine = reported(session, two.giver, januarys, ReportStatus.OPEN)
    theirs = reported(session, two.receiver, januarys, ReportStatus.OPEN)
    start_report(session, mine, actor=two.scene.actor)
    start_report(session, theirs, actor=two.scene.actor)
    assert (titles(session, mine), titles(session, theirs)) == (["A1"], ["B1", "B2"])


def test_rows_of_a_draft_move_with_what_was_asked_about_them(session, two):
    mine = reported(session, two.giver, two.scene.round, ReportStatus.OPEN)
    start_report(session, mine, actor=two.scene.actor)
    row = mine.courses[1]
    row.take({"title": "B1 neu"})
    asked = Question(report_id=mine.id, reported_course_id=row.id, text="?", asked_at=clock.now())
    session.add(asked)
    theirs = reported(session, two.receiver, two.scene.round, ReportStatus.OPEN)
    session.flush()
    assert went(session, two) == [Giving.BEGINS]

    give(session, two)

    assert titles(session, mine) == ["A1"]
    assert titles(session, theirs) == ["B1 neu", "B2"]
    assert (theirs.status, asked.report_id) == (ReportStatus.DRAFT, theirs.id)


def test_rows_move_into_a_draft_and_where_the_receiver_was_not_asked(session, two):
    mine = reported(session, two.giver, two.scene.round, ReportStatus.OPEN)
    start_report(session, mine, actor=two.scene.actor)
    give(session, two, "B1")
    [theirs] = session.scalars(select(Report).where(Report.provider_id == two.receiver.id)).all()
    assert (theirs.status, titles(session, theirs)) == (ReportStatus.DRAFT, ["B1"])
    assert went(session, two, "B2") == [Giving.MOVES]

    give(session, two, "B2")

    assert titles(session, theirs) == ["B1", "B2"]
    assert titles(session, mine) == ["A1"]


def test_a_draft_that_lacks_them_is_offered_them(session, two):
    reported(session, two.giver, two.scene.round, ReportStatus.OPEN)
    theirs = reported(session, two.receiver, two.scene.round, ReportStatus.DRAFT, "C1")
    assert went(session, two) == [Giving.OFFERED]

    give(session, two)

    late = reporting_queries.late_courses(theirs, reporting_queries.rows_before(session, theirs))
    assert [row.title for row in late] == ["B1", "B2"]


def test_nothing_is_taken_out_of_a_report_that_was_sent(session, two):
    mine = reported(session, two.giver, two.scene.round, ReportStatus.OPEN)
    start_report(session, mine, actor=two.scene.actor)
    mine.move(ReportAction.SUBMIT, by_id=None, at=clock.now())
    session.flush()
    assert went(session, two) == [Giving.BLOCKED]

    with pytest.raises(RuleViolationError) as refused:
        give(session, two)
    assert (refused.value.rule, refused.value.facts) == (
        Rule.GIVING_BLOCKED, {"month": DECEMBER},
    )  # fmt: skip
    give(session, two, month=JANUARY)
    assert titles(session, mine) == ["A1", "B1", "B2"]


def test_a_plan_that_moved_meanwhile_is_not_done(session, two):
    reported(session, two.giver, two.scene.round, ReportStatus.OPEN)
    seen = plan(session, two).seal
    reported(session, two.receiver, two.scene.round, ReportStatus.DRAFT, "C1")
    with pytest.raises(ConflictError):
        give(session, two, seal=seen)
    assert session.scalars(select(CourseHandover)).all() == []


def test_only_own_courses_that_go_on_can_be_given(session, two):
    found = giving.courses_of(session, two.giver, two.scene.district)
    assert [one.title for one in found] == ["A1", "B1", "B2"]
    weimar = builders.a_district(session, "weimar")
    assert giving.courses_of(session, two.giver, weimar) == []
    give(session, two)
    assert [o.title for o in giving.courses_of(session, two.giver, two.scene.district)] == ["A1"]
    assert len(giving.courses_of(session, two.receiver, two.scene.district)) == 2
    with pytest.raises(NotFoundError):
        plan(session, two)  # a second time
    assert giving.receivers(session, two.giver, two.scene.district) == [two.receiver]
    assert giving.months(session, two.scene.district) == [DECEMBER, JANUARY]


def test_who_received_courses_may_go_into_another_provider_before_reporting_them(session, two):
    give(session, two)
    third = builders.a_provider(session, two.scene.district, name="Dritter")
    assert going_on(session, two.receiver) == sorted([two.key("B1"), two.key("B2")])
    seal = merge_plan(session, two.scene.actor, two.receiver, third).seal
    merge_providers(session, two.receiver, third, seal=seal, link=LINK, actor=two.scene.actor)
    report = reported(session, third, two.scene.round, ReportStatus.OPEN)
    start_report(session, report, actor=two.scene.actor)
    assert titles(session, report) == ["B1", "B2"]


def test_the_comparison_counts_them_with_the_receiver(session, two):
    an_edition(session, two.scene, *two.november.courses, month=NOVEMBER)
    give(session, two)
    before = baseline(session, two.scene.round, [two.giver.id, two.receiver.id])
    assert [row["title"] for row in before.of(two.giver.id)] == ["A1"]
    assert [row["title"] for row in before.of(two.receiver.id)] == ["B1", "B2"]


def test_journal_mails_and_history(session, two):
    builders.a_reporter(session, two.giver, email="giver@x.example")
    builders.a_reporter(session, two.receiver, email="receiver@x.example")
    give(session, two)

    query = select(JournalEntry).where(JournalEntry.subject_table == "provider")
    told = [(entry.event, entry.provider_id, entry.details) for entry in session.scalars(query)]
    keys = [two.key("B1"), two.key("B2")]
    facts = {"courses": 2, "keys": keys, "month": "2026-12"}
    assert told == [
        (JournalEvent.COURSES_HANDED_OVER, two.giver.id, {"provider": "Lernhof e. V.", **facts}),
        (JournalEvent.COURSES_RECEIVED, two.receiver.id, {"provider": "VHS Neißebogen", **facts}),
    ]
    mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.to_address)).all()
    assert [mail.to_address for mail in mails] == ["giver@x.example", "receiver@x.example"]
    assert mails[0].subject == "Kurse von VHS Neißebogen gehen an Lernhof e. V."
    assert "- B1\n- B2" in mails[0].body
    handed = session.scalars(select(CourseHandover).order_by(CourseHandover.id)).all()
    assert {one.course_id for one in handed} == set(keys)
    owners = session.scalars(select(Course.provider_id).where(Course.id.in_(keys))).all()
    assert owners == [two.receiver.id, two.receiver.id]


@pytest.mark.parametrize("role", ["reporter", "counsellor", "elsewhere"])
def test_nobody_else_gives_courses_away(session, two, role):
    weimar = builders.a_district(session, "weimar")
    actor = {
        "reporter": builders.a_reporter(session, two.giver, two.receiver),
        "counsellor": builders.a_counsellor(session, two.scene.district),
        "elsewhere": builders.a_coordinator(session, weimar),
    }[role].as_actor()
    with pytest.raises(NotPermittedError):
        give(session, two, actor=actor)


def test_of_coordinators_who_give_at_once_one_does(database, session, two):
    reported(session, two.giver, two.scene.round, ReportStatus.OPEN)
    reported(session, two.receiver, two.scene.round, ReportStatus.OPEN)
    seal, actor = plan(session, two).seal, two.scene.actor
    place, keys = (two.scene.district.id, two.giver.id, two.receiver.id), plan(session, two).courses
    keys = [one.course_id for one in keys]
    with transaction(session):
        pass

    def press(_number):
        with database.session() as own, transaction(own):
            houses = [own.get_one(Provider, key) for key in place[1:]]
            district = own.get_one(type(two.scene.district), place[0])
            try:
                seen = giving.giving_plan(own, district, *houses, keys=keys, month=DECEMBER)
                give_courses(own, seen, seal=seal, link=LINK, actor=actor)
            except (NotFoundError, ConflictError):
                return 0
            return 1

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, range(4))) == 1
    assert len(session.scalars(select(CourseHandover)).all()) == 2
