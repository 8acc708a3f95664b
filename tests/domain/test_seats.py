"""Free seats and the status that follows from dates and seats (DOMAIN.md 6.4)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursliste.domain.course import CourseStatus, LateEntry, StartKind, YesNo
from kursliste.domain.seats import SET_BY_HAND, SeatState, derived_seats_free, derived_status

TODAY = date(2026, 11, 24)
YESTERDAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 25)
COUNTS = st.integers(0, 999)
UNKNOWN_OR_COUNT = st.none() | COUNTS
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("total", "taken", "free"),
    [
        (16, 10, 6),
        (16, 16, 0),
        (16, 20, 0),
        (0, 0, 0),
        (None, 10, None),
        (16, None, None),
        (None, None, None),
    ],
)
def test_free_seats(total, taken, free):
    assert derived_seats_free(total, taken) == free


@given(COUNTS, COUNTS)
def test_free_seats_are_never_fewer_than_none(total, taken):
    free = derived_seats_free(total, taken)
    assert free is not None and 0 <= free <= total


@given(UNKNOWN_OR_COUNT, UNKNOWN_OR_COUNT)
def test_unknown_never_becomes_a_number(total, taken):
    assert (derived_seats_free(total, taken) is None) == (total is None or taken is None)


STARTS: dict[str, object] = {"starts_on": TOMORROW}
RUNS: dict[str, object] = {"starts_on": TODAY}
TABLE: list[tuple[dict[str, object], CourseStatus]] = [
    # what a person set stays
    ({"status": CourseStatus.CANCELLED, "ends_on": YESTERDAY}, CourseStatus.CANCELLED),
    ({"status": CourseStatus.PAUSED, **RUNS}, CourseStatus.PAUSED),
    ({"status": CourseStatus.ENDED, **RUNS}, CourseStatus.ENDED),
    # the end
    ({"ends_on": YESTERDAY, **STARTS}, CourseStatus.ENDED),
    ({"ends_on": TODAY, "starts_on": YESTERDAY}, CourseStatus.RUNNING),
    # not yet
    ({"start_kind": StartKind.UNDECIDED}, CourseStatus.PLANNED),
    ({"start_kind": StartKind.EXPECTED, "seats_free": 0}, CourseStatus.PLANNED),
    ({"start_kind": StartKind.EXPECTED, **STARTS}, CourseStatus.OPEN),
    ({"start_kind": StartKind.ROLLING}, CourseStatus.OPEN),
    ({}, CourseStatus.OPEN),
    ({"status": CourseStatus.FULL, **STARTS}, CourseStatus.OPEN),
    ({"seats_free": 0, **STARTS}, CourseStatus.FULL),
    ({"seats_free": 0, "waiting_list": YesNo.NO, **STARTS}, CourseStatus.FULL),
    ({"seats_free": 0, "waiting_list": YesNo.YES, **STARTS}, CourseStatus.WAITING_LIST),
    ({"seats_free": 1, **STARTS}, CourseStatus.FEW),
    ({"seats_free": 3, "seats_total": 16, **STARTS}, CourseStatus.FEW),
    ({"seats_free": 4, "seats_total": 16, **STARTS}, CourseStatus.OPEN),
    ({"seats_free": 4, "seats_total": 20, **STARTS}, CourseStatus.FEW),
    ({"seats_free": 5, "seats_total": 25, **STARTS}, CourseStatus.FEW),
    ({"seats_free": 6, "seats_total": 25, **STARTS}, CourseStatus.OPEN),
    ({"seats_free": 4, "seats_total": 0, **STARTS}, CourseStatus.OPEN),
    ({"seats_free": 4, **STARTS}, CourseStatus.OPEN),
    # it runs
    (RUNS, CourseStatus.RUNNING),
    ({"late_entry": LateEntry.YES, **RUNS}, CourseStatus.RUNNING_ENTRY),
    ({"late_entry": LateEntry.YES, "seats_free": 2, **RUNS}, CourseStatus.RUNNING_ENTRY),
    ({"late_entry": LateEntry.YES, "seats_free": 0, **RUNS}, CourseStatus.RUNNING),
    ({"late_entry": LateEntry.NO, "seats_free": 2, **RUNS}, CourseStatus.RUNNING),
    ({"late_entry": LateEntry.ON_CONSULTATION, **RUNS}, CourseStatus.RUNNING),
]


@pytest.mark.parametrize(("facts", "status"), TABLE)
def test_the_status_that_dates_and_seats_give(facts, status):
    assert derived_status(SeatState.of(facts), on=TODAY) is status


def test_the_state_of_seats_is_picked_from_all_facts():
    facts = {"title": "Kurs", "seats_total": 16, "starts_on": TODAY}
    assert SeatState.of(facts) == SeatState(seats_total=16, starts_on=TODAY)


@given(
    st.builds(
        SeatState,
        starts_on=DAYS,
        ends_on=DAYS,
        start_kind=st.none() | st.sampled_from(StartKind),
        seats_total=UNKNOWN_OR_COUNT,
        seats_free=UNKNOWN_OR_COUNT,
        waiting_list=st.none() | st.sampled_from(YesNo),
        late_entry=st.none() | st.sampled_from(LateEntry),
        status=st.none() | st.sampled_from(CourseStatus),
    )
)
def test_there_is_always_a_status_and_it_never_promises_seats_that_are_gone(state):
    status = derived_status(state, on=TODAY)

    if state.status in SET_BY_HAND:
        assert status is state.status
    elif state.seats_free == 0:
        promising = {CourseStatus.OPEN, CourseStatus.FEW, CourseStatus.RUNNING_ENTRY}
        assert status not in promising
    if status is CourseStatus.CANCELLED:
        assert state.status is CourseStatus.CANCELLED
