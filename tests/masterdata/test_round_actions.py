"""Moving, closing and opening one round again, and what the tick makes of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from kursliste.domain.errors import (
    ConflictError,
    NotPermittedError,
    Rule,
    RuleViolationError,
    TransitionRefusedError,
)
from kursliste.domain.permissions import Actor
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure.database import transaction
from kursliste.masterdata import actions, rounds
from kursliste.masterdata.round_actions import close_now, move_round, reopen_round
from kursliste.models import JournalEntry, Provider, Report, Round
from tests.builders import (
    a_coordinator,
    a_counsellor,
    a_district,
    a_list,
    a_provider,
    a_reporter,
    a_round,
)

SYSTEM = Actor.system()
MOVED = date(2026, 12, 4)
UNTIL = date(2027, 1, 15)


@pytest.fixture
def december(session):
    return a_round(session, a_list(session, a_district(session)))


@pytest.fixture
def coordinator(session, december):
    return a_coordinator(session, december.district).as_actor()


def entries(session):
    session.flush()
    told = select(JournalEntry).where(JournalEntry.subject_table == "round")
    return session.scalars(told.order_by(JournalEntry.id)).all()


def move(session, asked, actor, *, due_on=MOVED, open_until=UNTIL, seen_version=1):
    moved = move_round(
        session,
        asked,
        due_on=due_on,
        open_until=open_until,
        seen_version=seen_version,
        actor=actor,
    )
    session.flush()
    return moved


def test_a_round_gets_another_deadline_and_end(session, december, coordinator):
    assert move(session, december, coordinator)
    session.refresh(december)
    assert (december.due_on, december.open_until, december.ends_on) == (MOVED, UNTIL, UNTIL)
    (entry,) = entries(session)
    assert (str(entry.event), entry.details) == ("round:moved", {"month": "2026-12"})
    assert entry.changes == {
        "due_on": ["2026-11-30", "2026-12-04"],
        "open_until": [None, "2027-01-15"],
    }


def test_only_what_moves_is_told(session, december, coordinator):
    assert move(session, december, coordinator, open_until=None)
    assert [entry.changes for entry in entries(session)] == [
        {"due_on": ["2026-11-30", "2026-12-04"]}
    ]
    assert not move(session, december, coordinator, open_until=None, seen_version=1)
    assert len(entries(session)) == 1


@pytest.mark.asvs("2.2.3")
@pytest.mark.parametrize(
    ("due_on", "open_until", "rule"),
    [
        (date(2026, 11, 19), None, Rule.DUE_BEFORE_OPENING),
        (MOVED, date(2026, 12, 3), Rule.CLOSES_TOO_EARLY),
        (date(2026, 11, 20), date(2026, 11, 23), Rule.CLOSES_TOO_EARLY),
    ],
)
def test_days_that_contradict_each_other_are_refused(
    session, december, coordinator, due_on, open_until, rule
):
    with pytest.raises(RuleViolationError) as caught:
        move(session, december, coordinator, due_on=due_on, open_until=open_until)
    assert (caught.value.rule, entries(session)) == (rule, [])
    assert december.due_on == date(2026, 11, 30)


def test_what_somebody_else_moved_is_shown_beside_ones_own(session, december, coordinator):
    move(session, december, coordinator)
    with pytest.raises(ConflictError) as caught:
        move(session, december, coordinator, due_on=date(2026, 12, 2), open_until=None)
    assert caught.value.differences == (
        ("Meldeschluss", "02.12.2026", "04.12.2026"),
        ("Letzter Tag der Abfrage", "", "15.01.2027"),
    )


def test_closing_and_opening_again(session, december, coordinator, frozen_clock):
    close_now(session, december, actor=coordinator)
    session.flush()
    assert december.status is RoundStatus.CLOSED
    for again in (
        lambda: close_now(session, december, actor=coordinator),
        lambda: move(session, december, coordinator),
    ):
        with pytest.raises(RuleViolationError) as caught:
            again()
        assert caught.value.rule is Rule.ROUND_NOT_OPEN
    reopen_round(session, december, actor=coordinator)
    session.flush()
    assert (december.status, december.open_until) == (RoundStatus.OPEN, date(2026, 12, 8))
    with pytest.raises(TransitionRefusedError):
        reopen_round(session, december, actor=coordinator)
    assert [(str(e.event), e.changes) for e in entries(session)] == [
        ("round:closed", {}),
        ("round:reopened", {"open_until": [None, "2026-12-08"]}),
    ]


def test_a_round_that_was_closed_early_is_open_at_least_until_its_deadline(
    session, december, coordinator
):
    move(session, december, coordinator, due_on=date(2026, 12, 18), open_until=None)
    close_now(session, december, actor=coordinator)
    session.flush()
    reopen_round(session, december, actor=coordinator)
    assert december.open_until == date(2026, 12, 18)


def test_a_round_is_not_opened_for_a_day_that_is_past(session, december, coordinator, frozen_clock):
    close_now(session, december, actor=coordinator)
    session.flush()
    frozen_clock.move_to(datetime(2027, 1, 10, 11, tzinfo=UTC))
    with pytest.raises(RuleViolationError) as caught:
        reopen_round(session, december, until=date(2027, 1, 9), actor=coordinator)
    assert caught.value.rule is Rule.CLOSES_TOO_EARLY
    reopen_round(session, december, until=date(2027, 1, 10), actor=coordinator)
    assert december.status is RoundStatus.OPEN


def test_the_tick_closes_a_reopened_round_on_the_day_after_its_chosen_one(
    session, december, coordinator, frozen_clock
):
    frozen_clock.move_to(datetime(2027, 1, 1, 11, tzinfo=UTC))
    assert rounds.close_round(session, december.id, actor=SYSTEM)
    session.flush()
    reopen_round(session, december, until=UNTIL, actor=coordinator)
    session.flush()
    frozen_clock.move_to(datetime(2027, 1, 15, 22, 59, tzinfo=UTC))  # a minute to midnight
    assert rounds.over_rounds(session) == []
    assert not rounds.close_round(session, december.id, actor=SYSTEM)
    frozen_clock.forward(minutes=1)
    assert rounds.over_rounds(session) == [december.id]
    assert rounds.close_round(session, december.id, actor=SYSTEM)
    assert december.status is RoundStatus.CLOSED


def test_a_round_may_end_before_its_month(session, december, coordinator, frozen_clock):
    move(session, december, coordinator, open_until=MOVED)
    frozen_clock.move_to(datetime(2026, 12, 5, 11, tzinfo=UTC))
    assert rounds.over_rounds(session) == [december.id]


def test_a_tick_that_looked_before_leaves_a_round_that_was_given_more_time(
    session, december, coordinator, frozen_clock
):
    frozen_clock.move_to(datetime(2026, 12, 31, 23, 0, tzinfo=UTC))  # New Year in Berlin
    (seen,) = rounds.over_rounds(session)
    move(session, december, coordinator, due_on=december.due_on)
    assert not rounds.close_round(session, seen, actor=SYSTEM)
    assert december.status is RoundStatus.OPEN


def test_a_provider_that_joins_is_asked_in_every_round_that_still_runs(
    session, december, coordinator, frozen_clock
):
    move(session, december, coordinator)
    frozen_clock.move_to(datetime(2027, 1, 10, 11, tzinfo=UTC))
    found = actions.add_provider(
        session, Provider(name="Neu"), district=december.district, actor=coordinator
    )
    asked = select(Report.provider_id).where(Report.round_id == december.id)
    assert session.scalars(asked).all() == [found.id]
    close_now(session, december, actor=coordinator)
    session.flush()
    actions.add_provider(
        session, Provider(name="Zu spät"), district=december.district, actor=coordinator
    )
    assert session.scalars(asked).all() == [found.id]


def test_a_round_opens_with_the_deadline_that_its_list_chose(session, december, coordinator):
    december.course_list.due_working_days = 3
    december.course_list.opens_day = 5
    opened = actions.open_round(
        session, december.course_list, december.month.next(), actor=coordinator
    )
    assert (opened.opens_on, opened.due_on) == (date(2026, 12, 5), date(2026, 12, 28))


def test_only_coordinators_of_the_district_touch_its_rounds(session, december):
    strangers = (
        a_reporter(session, a_provider(session, december.district)),
        a_counsellor(session, december.district),
        a_coordinator(session, a_district(session, "weimar")),
    )
    for actor in (stranger.as_actor() for stranger in strangers):
        for refused in (
            lambda actor=actor: move(session, december, actor),
            lambda actor=actor: close_now(session, december, actor=actor),
            lambda actor=actor: reopen_round(session, december, actor=actor),
        ):
            with pytest.raises(NotPermittedError):
                refused()


def test_six_coordinators_at_once_close_a_round_once(database, session, december, coordinator):
    with transaction(session):
        pass

    def close(_number):
        with database.session() as own, transaction(own):
            try:
                close_now(own, own.get_one(Round, december.id), actor=coordinator)
            except RuleViolationError:
                return 0
            return 1

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(close, range(6))) == 1
    assert [str(entry.event) for entry in entries(session)] == ["round:closed"]
