"""Each notice fires where it should and keeps quiet where it should not."""

from datetime import date, time

import pytest

from kursliste.domain.course import CourseStatus
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.plausibility import (
    Finding,
    Notice,
    Usual,
    check_consistent,
    check_levels,
    findings,
)

TODAY = date(2026, 11, 24)
YESTERDAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 25)
QUIET = {"contact_phone": "03581 1", "time_from": time(9), "status": CourseStatus.OPEN}

FIRES: dict[Notice, tuple[dict[str, object], str, dict[str, object]]] = {
    Notice.STARTED_BUT_PLANNED: (
        {"starts_on": YESTERDAY, "status": CourseStatus.PLANNED},
        "status",
        {"value": YESTERDAY},
    ),
    Notice.ENDED_BUT_LISTED: ({"ends_on": YESTERDAY}, "ends_on", {"value": YESTERDAY}),
    Notice.FREE_ABOVE_TOTAL: (
        {"seats_free": 61, "seats_total": 16},
        "seats_free",
        {"free": 61, "total": 16},
    ),
    Notice.FREE_CONTRADICTS_TAKEN: (
        {"seats_free": 5, "seats_total": 16, "seats_taken": 10},
        "seats_free",
        {"free": 5, "total": 16, "taken": 10},
    ),
    Notice.FULL_BUT_FREE: (
        {"seats_free": 1, "status": CourseStatus.FULL},
        "status",
        {"free": 1},
    ),
    Notice.SEATS_ABOVE_USUAL: (
        {"seats_total": 26},
        "seats_total",
        {"total": 26, "usual": 25},
    ),
    Notice.EXAM_BEFORE_START: (
        {"starts_on": TOMORROW, "exam_on": TODAY},
        "exam_on",
        {"exam": TODAY, "start": TOMORROW},
    ),
    Notice.REGISTER_AFTER_START: (
        {"starts_on": TODAY, "register_by": TOMORROW},
        "register_by",
        {"register": TOMORROW, "start": TODAY},
    ),
    Notice.NOBODY_TO_CALL: ({"contact_phone": None}, "contact_phone", {}),
    Notice.TIMES_MISSING: ({"time_from": None}, "time_from", {}),
    Notice.NEVER_ENDS: (
        {"course_type": "IK-ALLG", "starts_on": TOMORROW},
        "ends_on",
        {},
    ),
}

KEEPS_QUIET: list[dict[str, object]] = [
    {},
    {"starts_on": TODAY, "status": CourseStatus.PLANNED},
    {"starts_on": YESTERDAY, "status": CourseStatus.RUNNING},
    {"ends_on": TODAY},
    {"ends_on": YESTERDAY, "status": CourseStatus.ENDED},
    {"seats_free": 16, "seats_total": 16},
    {"seats_free": 61},
    {"seats_total": 16},
    {"seats_free": 6, "seats_total": 16, "seats_taken": 10},
    {"seats_free": 0, "seats_total": 16, "seats_taken": 18},
    {"seats_total": 16, "seats_taken": 10},
    {"seats_free": 0, "status": CourseStatus.FULL},
    {"seats_free": None, "status": CourseStatus.WAITING_LIST},
    {"seats_free": 3, "status": CourseStatus.OPEN},
    {"seats_total": 25},
    {"starts_on": TODAY, "exam_on": TODAY},
    {"exam_on": YESTERDAY},
    {"starts_on": TODAY, "register_by": TODAY},
    {"register_by": TOMORROW},
    {"contact_phone": None, "contact_email": "a@example.org"},
    {"time_from": None, "times_note": "nach Absprache"},
    {"time_from": None, "time_of_day": "abends"},
    {"course_type": "IK-ALLG"},
    {"course_type": "BSK-B2", "starts_on": TOMORROW, "ends_on": TOMORROW},
    {"course_type": "KOM", "starts_on": TOMORROW},
]


def test_every_notice_is_tried():
    assert set(FIRES) == set(Notice)


@pytest.mark.parametrize("notice", Notice)
def test_a_notice_fires_and_names_its_values(notice):
    odd, attribute, facts = FIRES[notice]

    found = findings({**QUIET, **odd}, on=TODAY, usual=Usual(seats_max=25))

    assert found == (Finding(notice=notice, attribute=attribute, facts=facts),)


@pytest.mark.parametrize("facts", KEEPS_QUIET)
def test_nothing_odd_is_no_notice(facts):
    assert findings({**QUIET, **facts}, on=TODAY, usual=Usual(seats_max=25)) == ()


def test_where_nothing_is_usual_nothing_is_unusual():
    assert findings({**QUIET, "seats_total": 999}, on=TODAY) == ()
    assert findings({**QUIET, "seats_total": 999}, on=TODAY, usual=Usual()) == ()


def test_several_notices_come_in_a_fixed_order():
    found = findings({"seats_free": 5, "seats_total": 4, "seats_taken": 1}, on=TODAY)

    assert [finding.notice for finding in found] == [
        Notice.FREE_ABOVE_TOTAL,
        Notice.FREE_CONTRADICTS_TAKEN,
        Notice.NOBODY_TO_CALL,
        Notice.TIMES_MISSING,
    ]


@pytest.mark.parametrize(
    ("facts", "rule", "field"),
    [
        ({"starts_on": TODAY, "ends_on": YESTERDAY}, Rule.END_BEFORE_START, "ends_on"),
        ({"time_from": time(9), "time_until": time(9)}, Rule.UNTIL_BEFORE_FROM, "time_until"),
        ({"time_from": time(9), "time_until": time(8)}, Rule.UNTIL_BEFORE_FROM, "time_until"),
    ],
)
def test_contradictions_are_errors_with_their_values(facts, rule, field):
    with pytest.raises(RuleViolationError) as refused:
        check_consistent(facts)
    assert (refused.value.rule, refused.value.field) == (rule, field)
    assert refused.value.facts == facts


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"starts_on": TODAY, "ends_on": TODAY},
        {"starts_on": TODAY},
        {"ends_on": YESTERDAY},
        {"time_from": time(9), "time_until": time(9, 1)},
        {"time_from": time(9)},
        {"time_until": time(9)},
    ],
)
def test_what_fits_is_no_error(facts):
    check_consistent(facts)


@pytest.mark.parametrize(("low", "high"), [(None, None), (1, None), (None, 1), (1, 1), (1, 2)])
def test_levels_that_go_up_are_fine(low, high):
    check_levels(low, high)


def test_levels_that_go_down_are_an_error():
    with pytest.raises(RuleViolationError) as refused:
        check_levels(2, 1)
    assert (refused.value.rule, refused.value.field) == (Rule.LEVEL_BACKWARDS, "level_to")
