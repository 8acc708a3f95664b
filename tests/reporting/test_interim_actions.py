"""Telling seats and status of published courses: who may, what is stored, where it goes."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus
from kursliste.domain.errors import ConflictError, NotPermittedError
from kursliste.domain.events import JournalEvent
from kursliste.domain.interim import Told
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.models import InterimUpdate, JournalEntry, ReportedCourse
from kursliste.reporting import actions, editing, interim_actions, interim_queries
from kursliste.reporting.interim_actions import Telling
from tests import builders
from tests.reporting.scenes import AS_BEFORE, LINK, confirmation
from tests.review.scene import an_edition

NOVEMBER = Month(2026, 11)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SEATS = {"seats_total": 15, "seats_taken": 12, "seats_free": 3}


@pytest.fixture
def published(session, scene) -> ReportedCourse:
    """A course of November's edition, confirmed in October."""
    row = scene.row(scene.november(), title="Morgenkurs", **SEATS)
    an_edition(session, scene, row, month=NOVEMBER)
    return row


def tell(session, scene, *rows, seen: int | None = None, actor: Actor | None = None, **told):
    """One telling about each of the rows."""
    tellings = {row.course_id: Telling(Told(**told), seen) for row in rows}
    return interim_actions.report_interim(
        session, scene.provider.id, tellings, actor=actor or scene.actor
    )


def journal(session) -> list[tuple[str, str, dict, dict]]:
    session.flush()
    query = select(JournalEntry).where(JournalEntry.provider_id.is_not(None))
    return [
        (e.event, e.subject_table, e.changes, e.details)
        for e in session.scalars(query.order_by(JournalEntry.id))
    ]


def updates(session) -> list[InterimUpdate]:
    return list(session.scalars(select(InterimUpdate).order_by(InterimUpdate.id)))


# ---- telling


def test_an_update_says_what_was_told_by_whom_and_when(session, scene, published, frozen_clock):
    [update] = tell(session, scene, published, seats_taken=14, status=CourseStatus.FEW)

    assert updates(session) == [update]
    assert (update.course_id, update.provider_id) == (published.course_id, scene.provider.id)
    assert update.district_id == scene.district.id
    assert update.told() == Told(seats_taken=14, seats_free=1, status=CourseStatus.FEW)
    assert (update.given_by_id, update.given_by) == (scene.person.id, "Rita Meldung")
    assert (update.given_at, update.superseded_at) == (frozen_clock.instant, None)
    assert journal(session) == [
        (
            JournalEvent.INTERIM_REPORTED,
            "interim_update",
            {"seats_taken": [12, 14], "seats_free": [3, 1], "status": ["offen", "knapp"]},
            {"course": published.course_id, "title": "Morgenkurs"},
        )
    ]


def test_the_reported_row_and_its_confirmation_stay(session, scene, published):
    tell(session, scene, published, seats_free=0)

    assert (published.seats_free, published.status) == (3, CourseStatus.OPEN)
    assert confirmation(published) == AS_BEFORE


def test_only_what_differs_makes_an_update(session, scene, published):
    other = scene.row(published.report, title="Abendkurs", **SEATS)
    an_edition(session, scene, published, other, month=NOVEMBER, number=2)

    assert tell(session, scene, published, seats_free=3, status=CourseStatus.OPEN) == []
    assert tell(session, scene, published) == []
    [one] = tell(session, scene, published, other, seats_free=2)[:1]
    assert one.course_id == published.course_id
    assert tell(session, scene, published, seats_free=2, seen=one.id) == []
    assert [update.seats_free for update in updates(session)] == [2, 2]


def test_the_newest_update_repeats_what_still_holds(session, scene, published, frozen_clock):
    [first] = tell(session, scene, published, seats_free=1)
    frozen_clock.forward(hours=1)
    [second] = tell(session, scene, published, status=CourseStatus.PAUSED, seen=first.id)

    assert second.told() == Told(seats_free=1, status=CourseStatus.PAUSED)
    assert journal(session)[1][2] == {"status": ["knapp", "unterbrochen"]}


def test_who_may_not_and_whose_course_it_is_not(session, scene, published):
    stranger = builders.a_provider(session, scene.district, name="Fremdes Haus")
    for actor in (
        scene.coordinator.as_actor(),
        builders.a_reporter(session, stranger).as_actor(),
        builders.a_counsellor(session, scene.district).as_actor(),
        Actor.anonymous(),
    ):
        with pytest.raises(NotPermittedError):
            tell(session, scene, published, actor=actor, seats_free=0)
    theirs = builders.a_report(session, scene.opened, stranger)
    foreign = builders.a_course(session, theirs, **SEATS)
    both = builders.a_reporter(session, scene.provider, stranger).as_actor()
    an_edition(session, scene, published, foreign, month=NOVEMBER, number=2)

    assert tell(session, scene, foreign, seats_free=0) == []
    assert tell(session, scene, foreign, actor=both, seats_free=0) == []
    assert updates(session) == []


def test_a_course_that_is_not_published_now_is_left_alone(session, scene, published):
    later = scene.row(scene.report(ReportStatus.APPROVED), title="Neu")
    an_edition(session, scene, later, month=Month(2026, 12))

    assert tell(session, scene, published, seats_free=0) == []
    assert [update.course_id for update in tell(session, scene, later, seats_free=0)] == [
        later.course_id
    ]


def test_somebody_else_was_faster(session, scene, published, frozen_clock):
    other = scene.row(published.report, title="Abendkurs", **SEATS)
    an_edition(session, scene, published, other, month=NOVEMBER, number=2)
    [theirs] = tell(session, scene, published, seats_free=0)
    frozen_clock.forward(minutes=1)

    with pytest.raises(ConflictError) as caught:
        tell(session, scene, published, other, seats_free=2, status=CourseStatus.FEW)

    assert caught.value.differences == (
        ("Morgenkurs: frei", "2", "0"),
        ("Morgenkurs: Status", "wenige Plätze frei", "ausgebucht"),
    )
    assert updates(session) == [theirs]  # all or nothing
    assert tell(session, scene, published, seats_free=0) == []  # the same words: no quarrel
    mine, _other = tell(session, scene, published, other, seats_free=2, seen=theirs.id)
    assert mine.seats_free == 2


# ---- into the report that is being filled


@pytest.mark.parametrize("status", [ReportStatus.DRAFT, ReportStatus.ASKED])
def test_a_report_being_filled_takes_it_too(session, scene, published, status):
    row = scene.row(scene.report(status), course_id=published.course_id, **SEATS)
    version = row.version

    tell(session, scene, published, seats_free=0)

    session.flush()
    assert (row.seats_free, row.seats_taken, row.status) == (0, None, CourseStatus.FULL)
    assert confirmation(row) == AS_BEFORE
    assert row.version == version + 1
    assert journal(session)[1] == (
        JournalEvent.COURSE_CHANGED,
        "reported_course",
        {"seats_taken": [12, None], "seats_free": [3, 0], "status": ["offen", "voll"]},
        {"confirmed": False},
    )


@pytest.mark.parametrize("status", [ReportStatus.SUBMITTED, ReportStatus.APPROVED])
def test_a_report_that_is_sent_stays_as_it_is(session, scene, published, status):
    row = scene.row(scene.report(status), course_id=published.course_id, **SEATS)

    tell(session, scene, published, seats_free=0)

    assert (row.seats_free, row.status) == (3, CourseStatus.OPEN)
    assert [entry[0] for entry in journal(session)] == [JournalEvent.INTERIM_REPORTED]


def test_a_report_sent_a_moment_ago_stays_as_it_is(session, scene, published, monkeypatch):
    """Between looking and locking: only the lock knows the state."""
    report = scene.report()
    row = scene.row(report, course_id=published.course_id, **SEATS)
    wait = editing.lock

    def submitted_meanwhile(session, report):
        report.move(ReportAction.SUBMIT, by_id=scene.person.id, at=NOW)
        wait(session, report)

    monkeypatch.setattr(editing, "lock", submitted_meanwhile)
    tell(session, scene, published, seats_free=0)

    assert (row.seats_free, report.status) == (3, ReportStatus.SUBMITTED)


def test_a_report_of_an_earlier_month_stays_as_it_is(session, scene, published):
    october = builders.a_round(session, scene.course_list, Month(2026, 10))
    old = builders.a_report(session, october, scene.provider)
    row = scene.row(old, course_id=published.course_id, **SEATS)

    tell(session, scene, published, seats_free=0)

    assert row.seats_free == 3


# ---- submitting


def test_submitting_supersedes_what_was_told_about_confirmed_courses(
    session, scene, published, frozen_clock
):
    report = scene.report()
    row = scene.row(report, course_id=published.course_id, **SEATS)
    other = scene.row(published.report, title="Abendkurs", **SEATS)
    scene.row(report, course_id=other.course_id, **SEATS)
    an_edition(session, scene, published, other, month=NOVEMBER, number=2)
    first, second = tell(session, scene, published, other, seats_free=0)
    frozen_clock.forward(hours=1)
    actions.confirm_course(session, row, actor=scene.actor)

    actions.submit_report(session, report, actor=scene.actor, link=LINK)

    session.expire_all()
    assert (first.superseded_at, second.superseded_at) == (frozen_clock.instant, None)
    actions.take_back_report(session, report, actor=scene.actor)
    frozen_clock.forward(hours=1)
    actions.submit_report(session, report, actor=scene.actor, link=LINK, confirm_all=True)
    session.expire_all()
    assert first.superseded_at == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert second.superseded_at == frozen_clock.instant


def test_submitting_supersedes_in_one_statement_for_any_number_of_rows(session, scene, statements):
    counts = []
    for month, number in ((Month(2027, 1), 1), (Month(2027, 2), 3)):
        opened = builders.a_round(session, scene.course_list, month)
        report = builders.a_report(session, opened, scene.provider)
        for _ in range(number):
            scene.row(report)
        editing.confirm_rest_of(session, report, scene.actor)
        session.flush()
        with statements() as sent:
            editing.supersede_updates(session, report)
        counts.append(len(sent))
    assert counts == [1, 1]


# ---- the next report starts from it


def start(session, scene) -> dict[str, ReportedCourse]:
    report = scene.report(ReportStatus.OPEN)
    actions.start_report(session, report, actor=scene.actor)
    return {row.title: row for row in report.courses}


def test_the_next_report_starts_from_the_newest_word(session, scene, published, frozen_clock):
    untouched = scene.row(published.report, title="Abendkurs", **SEATS)
    automatic = scene.row(published.report, title="Automatik", **SEATS, status=None)
    gone = scene.row(published.report, title="Fällt weg", **SEATS)
    cancelled = scene.row(published.report, title="Abgesagt", **SEATS)
    rows = (published, untouched, automatic, gone, cancelled)
    an_edition(session, scene, *rows, month=NOVEMBER, number=2)
    [first] = tell(session, scene, published, seats_free=5)
    tell(session, scene, automatic, seats_taken=15)
    tell(session, scene, gone, status=CourseStatus.ENDED)
    tell(session, scene, cancelled, status=CourseStatus.CANCELLED)
    frozen_clock.forward(hours=1)
    tell(session, scene, published, seats_free=0, seen=first.id)

    found = start(session, scene)

    assert {
        title: (row.seats_taken, row.seats_free, row.status) for title, row in found.items()
    } == {
        "Morgenkurs": (None, 0, CourseStatus.FULL),
        "Abendkurs": (12, 3, CourseStatus.OPEN),
        "Automatik": (15, 0, None),
    }
    assert {confirmation(row) for row in found.values()} == {AS_BEFORE}


@pytest.mark.parametrize(
    ("confirmed_on", "is_superseded", "free"),
    [
        (date(2026, 11, 23), True, 0),
        (date(2026, 11, 24), False, 0),
        (date(2026, 11, 24), True, 3),
        (date(2026, 11, 25), False, 3),
    ],
)
def test_a_newer_confirmation_knows_better(
    session, scene, published, confirmed_on, is_superseded, free
):
    [update] = tell(session, scene, published, seats_free=0)
    update.superseded_at = NOW if is_superseded else None
    published.confirmed_on = confirmed_on
    session.flush()

    assert start(session, scene)["Morgenkurs"].seats_free == free


# ---- looking


def test_published_courses_are_those_of_current_editions_list_by_list(session, scene, published):
    stranger = builders.a_provider(session, scene.district, name="Fremdes Haus")
    foreign = builders.a_course(session, builders.a_report(session, scene.opened, stranger))
    second = scene.row(published.report, title="Abendkurs")
    an_edition(session, scene, second, published, foreign, month=NOVEMBER, number=2)
    other_list = builders.a_list(session, scene.district, slug="beratung")
    scene.course_list = other_list
    an_edition(session, scene, published, month=Month(2026, 10))

    found = interim_queries.published_courses(session, scene.actor)

    assert [(one.entry.edition.course_list_id, one.entry.title) for one in found] == [
        (published.report.round.course_list_id, "Abendkurs"),
        (published.report.round.course_list_id, "Morgenkurs"),
        (other_list.id, "Morgenkurs"),
    ]
    assert interim_queries.count_published(session, scene.actor) == 3
    assert interim_queries.published_courses(session, Actor.anonymous()) == []
    assert interim_queries.count_published(session, Actor.anonymous()) == 0
    keys = [foreign.course_id, second.course_id]
    found = interim_queries.published_courses(session, scene.actor, keys=keys)
    assert [one.entry.title for one in found] == ["Abendkurs"]


def test_a_published_course_knows_what_counts_beside_it(session, scene, published):
    [one] = interim_queries.published_courses(session, scene.actor)
    assert (one.update, one.given_on, one.told) == (None, None, Told())
    [update] = tell(session, scene, published, seats_free=0)
    [one] = interim_queries.published_courses(session, scene.actor)
    assert (one.update, one.given_on) == (update, date(2026, 11, 24))
    assert one.now(on=date(2026, 12, 1))["status"] is CourseStatus.FULL

    one.entry.confirmed_on = date(2026, 11, 25)
    session.flush()
    [one] = interim_queries.published_courses(session, scene.actor)
    assert (one.update, one.given_on, one.told) == (update, None, Told())
    assert one.now(on=date(2026, 12, 1))["seats_free"] == 3


def test_looking_and_starting_cost_the_same_for_one_row_and_for_three(
    session, scene, statements, frozen_clock
):
    counts = []
    for month, number in ((Month(2026, 9), 1), (Month(2026, 10), 3)):
        opened = builders.a_round(session, scene.course_list, month)
        report = builders.a_report(session, opened, scene.provider)
        rows = [scene.row(report, **SEATS) for _ in range(number)]
        an_edition(session, scene, *rows, month=month)
        tell(session, scene, *rows, seats_free=0)
        session.flush()
        session.expire_all()
        actor = scene.actor
        keys = [row.course_id for row in report.courses]
        with statements() as sent:
            found = interim_queries.published_courses(session, actor)
            assert {one.entry.edition.month for one in found} == {month}
            interim_queries.count_published(session, actor)
            interim_queries.hold_courses(session, scene.provider.id, keys)
            being_filled = interim_queries.rows_being_filled(session, found)
            assert [row.report.round.month for row in being_filled] == [month] * number
            assert len(interim_queries.facts_now(session, being_filled)) == number
        counts.append(len(sent))
    assert counts[0] == counts[1]
