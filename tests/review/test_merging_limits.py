"""Two providers become one: what stands in the way, who may, and two who do it at once."""

from concurrent.futures import ThreadPoolExecutor

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
from kursliste.domain.merging import Obstacle
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.domain.round import RoundAction
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.masterdata import actions as masterdata
from kursliste.masterdata.linking import lock_house
from kursliste.masterdata.member_actions import invite_member
from kursliste.models import (
    Provider,
    Report,
)
from kursliste.reporting import queries as reporting_queries
from kursliste.reporting.actions import submit_report
from kursliste.review.merging import merge_plan, partner, partners
from kursliste.review.merging_actions import merge_providers
from tests import builders
from tests.review.merging_scene import (
    LINK,
    Two,
    merge,
    plan,
    reported,
    titles,
    two_providers,
)

NOVEMBER, JANUARY = Month(2026, 11), Month(2027, 1)


@pytest.fixture
def two(session) -> Two:
    return two_providers(session)


# ---- what stands in the way


def test_two_reports_of_one_month_that_were_sent_stand_in_the_way(session, two):
    reported(session, two.old, two.scene.round, ReportStatus.SUBMITTED, "B1")
    reported(session, two.new, two.scene.round, ReportStatus.APPROVED, "A1")
    assert plan(session, two).obstacles == [Obstacle.BOTH_REPORTED]

    with pytest.raises(RuleViolationError) as refused:
        merge(session, two)
    assert refused.value.rule is Rule.MERGE_BLOCKED
    assert two.old.is_active

    two.scene.round.move(RoundAction.CLOSE)
    session.flush()
    merge(session, two)  # what the page advises: close the round first
    assert not two.old.is_active


def test_a_plan_that_moved_meanwhile_is_not_done(session, two):
    old = reported(session, two.old, two.scene.round, ReportStatus.DRAFT, "B1")
    seen = plan(session, two).seal
    old.move(ReportAction.SUBMIT, by_id=None, at=clock.now())
    session.flush()

    with pytest.raises(ConflictError):
        merge(session, two, seal=seen)
    assert two.old.is_active
    merge(session, two)


def test_nobody_is_merged_twice(session, two):
    merge(session, two)
    seal = plan(session, two).seal
    with pytest.raises(RuleViolationError) as refused:
        merge(session, two, seal=seal)
    assert refused.value.facts == {"obstacles": ["closed"]}


def test_nothing_new_comes_to_a_provider_that_was_merged(session, two):
    merge(session, two)

    with pytest.raises(ConflictError):
        lock_house(session, two.old)
    with pytest.raises(ConflictError):
        invite_member(
            session, two.old, name="N", email="n@x.example", link=LINK, actor=two.scene.actor
        )
    opened = masterdata.open_round(session, two.scene.course_list, JANUARY, actor=two.scene.actor)
    assert [r.provider_id for r in session.scalars(
        select(Report).where(Report.round_id == opened.id))] == [two.new.id]  # fmt: skip


# ---- who may


def test_a_coordinator_merges_only_inside_own_districts(session, two):
    weimar = builders.a_district(session, "weimar")
    two.new.districts.append(weimar)
    session.flush()
    found = plan(session, two)
    assert (found.obstacles, [d.slug for d in found.foreign]) == (
        [Obstacle.FOREIGN_DISTRICT], ["weimar"],
    )  # fmt: skip

    with pytest.raises(NotPermittedError):
        merge(session, two)
    grants = {Grant(Role.COORDINATOR, district_id=d.id) for d in (two.scene.district, weimar)}
    of_both = Actor(two.scene.coordinator.id, "Beide", frozenset(grants))
    merge(session, two, actor=of_both)
    assert not two.old.is_active


@pytest.mark.parametrize("role", ["reporter", "counsellor", "elsewhere"])
def test_nobody_else_merges(session, two, role):
    weimar = builders.a_district(session, "weimar")
    actor = {
        "reporter": builders.a_reporter(session, two.old, two.new),
        "counsellor": builders.a_counsellor(session, two.scene.district),
        "elsewhere": builders.a_coordinator(session, weimar),
    }[role].as_actor()
    with pytest.raises(NotPermittedError):
        merge(session, two, actor=actor)


def test_partners_are_the_active_providers_of_own_districts(session, two):
    weimar = builders.a_district(session, "weimar")
    builders.a_provider(session, weimar, name="Ganz woanders")
    builders.a_provider(session, two.scene.district, name="Zu", is_active=False)

    assert [p.name for p in partners(session, two.scene.actor, two.old)] == ["VHS Neißebogen"]
    everywhere = partners(session, Actor.system(), two.old)
    assert [p.name for p in everywhere] == ["Ganz woanders", "VHS Neißebogen"]
    assert partner(session, two.scene.actor, two.old, two.new.id) is two.new


# ---- at once


def test_of_coordinators_who_merge_at_once_one_does(database, session, two):
    reported(session, two.old, two.scene.round, ReportStatus.DRAFT, "B1")
    reported(session, two.new, two.scene.round, ReportStatus.DRAFT, "A1")
    there, back = plan(session, two).seal, merge_plan(session, two.scene.actor, two.new, two.old)
    keys, actor = (two.old.id, two.new.id), two.scene.actor
    with transaction(session):
        pass

    def press(number):
        old_id, new_id = keys if number % 2 else keys[::-1]
        seal = there if number % 2 else back.seal
        with database.session() as own, transaction(own):
            houses = own.get_one(Provider, old_id), own.get_one(Provider, new_id)
            try:
                merge_providers(own, *houses, seal=seal, link=LINK, actor=actor)
            except (RuleViolationError, ConflictError):
                return 0
            return 1

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, range(4))) == 1
    session.expire_all()
    assert sorted([two.old.is_active, two.new.is_active]) == [False, True]
    [left] = session.scalars(select(Report)).all()
    assert sorted(titles(session, left)) == ["A1", "B1"]


def test_a_report_that_is_sent_meanwhile_is_not_merged_unseen(database, session, two):
    """Whoever comes second sees what the first one did: nothing is lost and nothing mixed."""
    reporter = builders.a_reporter(session, two.old).as_actor()
    old = reported(session, two.old, two.scene.round, ReportStatus.DRAFT, "B1")
    reported(session, two.new, two.scene.round, ReportStatus.DRAFT, "A1")
    seal, keys, report_id = plan(session, two).seal, (two.old.id, two.new.id), old.id
    actor = two.scene.actor
    with transaction(session):
        pass

    def press():
        with database.session() as own, transaction(own):
            houses = [own.get_one(Provider, key) for key in keys]
            try:
                merge_providers(own, *houses, seal=seal, link=LINK, actor=actor)
            except (RuleViolationError, ConflictError):
                return "not merged"
            return "merged"

    def send():
        with database.session() as own, transaction(own):
            try:
                found = reporting_queries.own_report(own, reporter, report_id)
                submit_report(own, found, actor=reporter, link=LINK, confirm_all=True)
            except (NotFoundError, ConflictError):
                return "not sent"
            return "sent"

    with ThreadPoolExecutor(2) as pool:
        done = [one.result() for one in (pool.submit(press), pool.submit(send))]
    assert done in (["merged", "not sent"], ["not merged", "sent"])
