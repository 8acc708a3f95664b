"""What was told between two editions: when it counts, what follows from it, where it is laid on."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursliste.domain.course import CourseStatus, LateEntry, StartKind, YesNo
from kursliste.domain.interim import (
    FOLLOWS_SEATS,
    NOTHING,
    WITHOUT_PLACE,
    Told,
    has_place,
    knows_better,
    laid_on,
    told_anew,
)
from kursliste.domain.seats import SET_BY_HAND

DAY = date(2026, 11, 12)
BEFORE, AFTER = date(2026, 11, 11), date(2026, 11, 13)
S = CourseStatus
COUNTS = st.none() | st.integers(0, 999)
STATES = st.none() | st.sampled_from(CourseStatus)
TOLD = st.builds(Told, seats_taken=COUNTS, seats_free=COUNTS, status=STATES)
FACTS = st.fixed_dictionaries(
    {"seats_total": COUNTS, "seats_taken": COUNTS, "seats_free": COUNTS, "status": STATES}
)


@pytest.mark.parametrize(
    ("given_on", "confirmed_on", "is_superseded", "counts"),
    [
        (DAY, None, False, True),
        (DAY, None, True, True),
        (DAY, BEFORE, False, True),
        (DAY, BEFORE, True, True),
        (DAY, DAY, False, True),
        (DAY, DAY, True, False),
        (DAY, AFTER, False, False),
        (DAY, AFTER, True, False),
    ],
)
def test_the_newer_word_counts_and_on_the_day_itself_the_order(
    given_on, confirmed_on, is_superseded, counts
):
    found = knows_better(given_on, confirmed_on=confirmed_on, is_superseded=is_superseded)
    assert found is counts


def test_the_december_list_knows_the_25th_and_not_the_29th():
    """An update of the 24th stays beside November's list until December is out (ADR 0015)."""
    in_november, in_december = date(2026, 10, 22), date(2026, 11, 25)

    def beside(day, confirmed_on, *, superseded=False):
        given_on = date(2026, 11, day)
        return knows_better(given_on, confirmed_on=confirmed_on, is_superseded=superseded)

    assert beside(29, in_december) is True
    assert beside(24, in_december, superseded=True) is False
    assert beside(24, in_november, superseded=True) is True


# ---- a new update

FACT = {"seats_total": 15, "seats_taken": 12, "seats_free": 3, "status": S.OPEN}


@pytest.mark.parametrize(
    ("typed", "before", "told"),
    [
        # what was typed, and the free seats that follow
        (Told(seats_free=0), NOTHING, Told(seats_free=0)),
        (Told(seats_taken=14), NOTHING, Told(seats_taken=14, seats_free=1)),
        (Told(seats_taken=99), NOTHING, Told(seats_taken=99, seats_free=0)),
        (
            Told(seats_taken=14, seats_free=2),
            NOTHING,
            Told(seats_taken=14, seats_free=2),
        ),
        # "ausgebucht" says 0, unless a number was typed
        (Told(status=S.FULL), NOTHING, Told(seats_free=0, status=S.FULL)),
        (Told(status=S.WAITING_LIST), NOTHING, Told(seats_free=0, status=S.WAITING_LIST)),
        (Told(status=S.FULL, seats_free=3), NOTHING, Told(seats_free=3, status=S.FULL)),
        (
            Told(status=S.FULL, seats_taken=14),
            NOTHING,
            Told(seats_taken=14, seats_free=1, status=S.FULL),
        ),
        (Told(status=S.PAUSED), NOTHING, Told(status=S.PAUSED)),
        # what was told before still holds
        (
            Told(status=S.PAUSED),
            Told(seats_taken=14, seats_free=1),
            Told(seats_taken=14, seats_free=1, status=S.PAUSED),
        ),
        (Told(seats_free=5), Told(status=S.CANCELLED), Told(seats_free=5, status=S.CANCELLED)),
        (
            Told(seats_free=1),
            Told(seats_taken=14, seats_free=1, status=S.RUNNING),
            Told(seats_taken=14, seats_free=1, status=S.RUNNING),
        ),
        (
            Told(seats_free=1, seats_taken=13),
            Told(seats_taken=14, seats_free=1),
            Told(seats_taken=13, seats_free=1),
        ),
        # unless the new values speak against it
        (Told(seats_free=5), Told(seats_free=0, status=S.FULL), Told(seats_free=5)),
        (Told(seats_free=0), Told(seats_free=2, status=S.FEW), Told(seats_free=0)),
        (Told(seats_free=5), Told(seats_taken=14, seats_free=1), Told(seats_free=5)),
        (Told(status=S.OPEN), Told(seats_free=0, status=S.FULL), Told(status=S.OPEN)),
    ],
)
def test_what_a_new_update_tells(typed, before, told):
    assert told_anew(typed, before=before, facts=FACT) == told


def test_taken_seats_without_a_total_say_nothing_about_free_ones():
    facts = {"seats_total": None, "seats_taken": None, "seats_free": 3}
    told = told_anew(Told(seats_taken=4), before=NOTHING, facts=facts)
    assert told == Told(seats_taken=4)
    again = told_anew(Told(seats_taken=5), before=Told(seats_free=2), facts=facts)
    assert again == Told(seats_taken=5, seats_free=2)


@given(TOLD.filter(lambda told: told != NOTHING), TOLD, FACTS)
def test_what_was_typed_is_always_told(typed, before, facts):
    told = told_anew(typed, before=before, facts=facts).facts()
    assert {name: told.get(name) for name in typed.facts()} == typed.facts()


# ---- laid on


def test_nothing_told_changes_nothing():
    assert laid_on(FACT, NOTHING, on=DAY) == FACT
    assert laid_on(FACT, Told(seats_free=3), on=DAY) == FACT


@pytest.mark.parametrize(
    ("facts", "told", "now"),
    [
        ({}, Told(seats_free=0), {"seats_free": 0, "seats_taken": None, "status": S.FULL}),
        ({}, Told(seats_free=2), {"seats_free": 2, "seats_taken": None, "status": S.FEW}),
        (
            {"waiting_list": YesNo.YES},
            Told(seats_free=0),
            {"seats_free": 0, "seats_taken": None, "status": S.WAITING_LIST},
        ),
        # taken seats that fit stay, those that were told stay in any case
        ({"seats_free": None}, Told(seats_free=3), {"seats_free": 3, "status": S.FEW}),
        (
            {},
            Told(seats_free=1, seats_taken=14),
            {"seats_free": 1, "seats_taken": 14, "status": S.FEW},
        ),
        # a status that was told stands, whatever the seats say
        (
            {},
            Told(seats_free=4, status=S.FULL),
            {"seats_free": 4, "seats_taken": None, "status": S.FULL},
        ),
        ({}, Told(status=S.CANCELLED), {"status": S.CANCELLED}),
        # a status that only a person sets stays
        (
            {"status": S.PAUSED},
            Told(seats_free=0),
            {"seats_free": 0, "seats_taken": None},
        ),
        ({"status": S.PLANNED}, Told(seats_free=0), {"seats_free": 0, "seats_taken": None}),
        # one that is left to the computer stays so
        ({"status": None}, Told(seats_free=0), {"seats_free": 0, "seats_taken": None}),
        # full stays what it was called
        (
            {"status": S.WAITING_LIST, "seats_free": 1},
            Told(seats_free=0),
            {"seats_free": 0, "seats_taken": None},
        ),
        # a running course runs on
        (
            {"status": S.RUNNING_ENTRY, "late_entry": LateEntry.YES},
            Told(seats_free=0),
            {"seats_free": 0, "seats_taken": None, "status": S.RUNNING},
        ),
        (
            {"status": S.RUNNING, "seats_free": 0, "late_entry": LateEntry.YES},
            Told(seats_free=2),
            {"seats_free": 2, "seats_taken": None, "status": S.RUNNING_ENTRY},
        ),
        (
            {"status": S.RUNNING, "seats_free": 0},
            Told(seats_free=2),
            {"seats_free": 2, "seats_taken": None},
        ),
        # dates count for the day on which it was told; a passed end does not end the course
        (
            {"starts_on": DAY, "ends_on": BEFORE},
            Told(seats_free=0),
            {"seats_free": 0, "seats_taken": None, "status": S.RUNNING},
        ),
        (
            {"start_kind": StartKind.UNDECIDED},
            Told(seats_free=0),
            {"seats_free": 0, "seats_taken": None, "status": S.PLANNED},
        ),
    ],
)
def test_what_is_laid_on(facts, told, now):
    whole = {**FACT, **facts}
    assert laid_on(whole, told, on=DAY) == {**whole, **now}


@given(FACTS, TOLD)
def test_what_was_told_stands_and_only_seats_and_status_move(facts, told):
    now = laid_on({**facts, "title": "Kurs"}, told, on=DAY)
    assert {name: now[name] for name in told.facts()} == told.facts()
    assert now["title"] == "Kurs"
    assert now["seats_total"] == facts["seats_total"]
    if told.status is None and facts["status"] not in FOLLOWS_SEATS:
        assert now["status"] == facts["status"]


def test_states_set_by_hand_never_follow_seats():
    assert frozenset() == FOLLOWS_SEATS & SET_BY_HAND


@pytest.mark.parametrize("status", [None, *CourseStatus])
def test_a_place_is_a_number_above_zero_that_can_be_taken(status):
    expected = status not in WITHOUT_PLACE
    assert has_place({"seats_free": 1, "status": status}) is expected
    assert has_place({"seats_free": 0, "status": status}) is False
    assert has_place({"seats_free": None, "status": status}) is False
