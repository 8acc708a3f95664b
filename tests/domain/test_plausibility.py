"""Each notice fires where it should and keeps quiet where it should not."""

from datetime import date, time

import pytest

from kursliste.domain.course import CourseStatus, Delivery, LateEntry, StartKind
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.plausibility import (
    Finding,
    Notice,
    Severity,
    Usual,
    check_consistent,
    check_levels,
    findings,
    not_let_pass,
    severity_of,
)

TODAY = date(2026, 11, 24)
YESTERDAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 25)
USUAL = Usual(seats_max=25, units_total=700)
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
    Notice.STARTED_BUT_OPEN: (
        {"starts_on": YESTERDAY, "late_entry": LateEntry.NO},
        "status",
        {"value": YESTERDAY},
    ),
    Notice.STARTS_FAR_AHEAD: (
        {"starts_on": date(2028, 5, 26)},
        "starts_on",
        {"value": date(2028, 5, 26)},
    ),
    Notice.LASTS_LONG: (
        {"starts_on": TODAY, "ends_on": date(2029, 11, 27)},
        "ends_on",
        {"start": TODAY, "end": date(2029, 11, 27)},
    ),
    Notice.TAKEN_ABOVE_TOTAL: (
        {"seats_taken": 25, "seats_total": 16},
        "seats_taken",
        {"taken": 25, "total": 16},
    ),
    Notice.REGISTER_OVER_BUT_OPEN: (
        {"register_by": YESTERDAY, "starts_on": TOMORROW, "status": CourseStatus.FEW},
        "register_by",
        {"value": YESTERDAY},
    ),
    Notice.UNITS_UNLIKE_TYPE: (
        {"units_total": 1051},
        "units_total",
        {"units": 1051, "usual": 700},
    ),
    Notice.UNITS_UNLIKE_DATES: (
        {
            "units_per_week": 20,
            "units_total": 700,
            "starts_on": date(2026, 12, 7),
            "ends_on": date(2027, 4, 4),
        },
        "units_total",
        {
            "per_week": 20,
            "start": date(2026, 12, 7),
            "end": date(2027, 4, 4),
            "taught": 340,
            "units": 700,
        },
    ),
    Notice.UNITS_UNLIKE_TIMES: (
        {
            "units_per_week": 20,
            "weekdays": ("Mo", "Mi"),
            "time_from": time(9),
            "time_until": time(11, 15),
        },
        "units_per_week",
        {
            "days": ("Mo", "Mi"),
            "from": time(9),
            "until": time(11, 15),
            "possible": 6,
            "per_week": 20,
        },
    ),
    Notice.WEEK_TOO_FULL: (
        {"units_per_week": 25, "weekdays": ("Mo", "Mi", "Fr")},
        "units_per_week",
        {"days": ("Mo", "Mi", "Fr"), "per_week": 25},
    ),
    Notice.DAY_TOO_LONG: (
        {"time_from": time(9), "time_until": time(18, 1)},
        "time_until",
        {"from": time(9), "until": time(18, 1)},
    ),
}

BESIDE_OTHER_ROWS = {
    Notice.SEATS_JUMP,
    Notice.START_MOVED_BACK,
    Notice.START_MOVED_FAR,
    Notice.END_MOVED_FAR,
    Notice.LEVEL_CHANGED,
    Notice.MODULE_BACKWARDS,
    Notice.TWICE_IN_REPORT,
    Notice.TWICE_IN_DISTRICT,
    Notice.FAR_FROM_THE_OTHERS,
    Notice.MAIL_REFUSED,
}
"""What one row alone never tells; tried where the other rows are."""

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
    {"starts_on": YESTERDAY, "late_entry": LateEntry.YES},
    {"starts_on": YESTERDAY},
    {"starts_on": TODAY, "late_entry": LateEntry.NO},
    {"starts_on": YESTERDAY, "late_entry": LateEntry.NO, "status": CourseStatus.RUNNING},
    {"starts_on": date(2028, 5, 25)},
    {"starts_on": TODAY, "ends_on": date(2029, 11, 26)},
    {"starts_on": TODAY, "ends_on": date(2036, 1, 1), "start_kind": StartKind.ROLLING},
    {"seats_taken": 24, "seats_total": 16},
    {"seats_taken": 24},
    {"seats_taken": 3, "seats_total": 0},
    {"starts_on": TODAY, "register_by": TOMORROW, "late_entry": LateEntry.YES},
    {"starts_on": TODAY, "register_by": TOMORROW, "start_kind": StartKind.REGULAR},
    {"register_by": YESTERDAY, "late_entry": LateEntry.ON_CONSULTATION},
    {"register_by": YESTERDAY, "starts_on": YESTERDAY},
    {"register_by": YESTERDAY, "status": CourseStatus.FULL},
    {"register_by": TODAY},
    {"time_from": None, "delivery": Delivery.SELF_STUDY},
    {"units_total": 700},
    {"units_total": 1050},
    {"units_total": 88},
    {"units_total": 0},
    {"weekdays": ("Mo",), "units_per_week": 30, "times_note": "im Wechsel"},
    {"weekdays": ("Mo", "Mi", "Fr"), "units_per_week": 24},
    {"weekdays": ("Mo",)},
    {"units_per_week": 25},
    {"time_from": time(9), "time_until": time(18)},
    {"time_until": time(9)},
]

FULL_DAYS = {"weekdays": ("Mo", "Di", "Mi", "Do", "Fr"), "time_until": time(12, 45)}
TWENTY_WEEKS = {"starts_on": date(2026, 12, 7), "ends_on": date(2027, 4, 25)}
FITS: list[dict[str, object]] = [
    FULL_DAYS | {"units_per_week": 25},
    FULL_DAYS | {"units_per_week": 32},
    {"weekdays": (), "time_until": time(12), "units_per_week": 25},
    TWENTY_WEEKS | {"units_per_week": 20, "units_total": 400},
    TWENTY_WEEKS | {"units_per_week": 20, "units_total": 800},
    TWENTY_WEEKS | {"units_per_week": 20, "units_total": 200},
    TWENTY_WEEKS | {"units_per_week": 4, "units_total": 139},
    TWENTY_WEEKS | {"units_per_week": 20},
    TWENTY_WEEKS | {"units_total": 400},
    {"starts_on": date(2026, 12, 7), "units_per_week": 20, "units_total": 700},
    {"ends_on": date(2027, 12, 7), "units_per_week": 20, "units_total": 700},
]


def test_every_notice_is_tried():
    assert set(FIRES) == set(Notice) - BESIDE_OTHER_ROWS


@pytest.mark.parametrize("notice", FIRES)
def test_a_notice_fires_and_names_its_values(notice):
    odd, attribute, facts = FIRES[notice]

    found = findings({**QUIET, **odd}, on=TODAY, usual=USUAL)

    assert found == (Finding(notice=notice, attribute=attribute, facts=facts),)


@pytest.mark.parametrize("facts", KEEPS_QUIET)
def test_nothing_odd_is_no_notice(facts):
    assert findings({**QUIET, **facts}, on=TODAY, usual=USUAL) == ()


@pytest.mark.parametrize("facts", FITS)
def test_hours_that_fit_are_no_notice(facts):
    assert findings({**QUIET, **facts}, on=TODAY, usual=Usual()) == ()


def test_hours_that_fit_no_type_are_few_or_many():
    few = findings({**QUIET, "units_total": 87}, on=TODAY, usual=USUAL)
    small = findings({**QUIET, "units_total": 102}, on=TODAY, usual=Usual(units_total=34))

    assert [finding.notice for finding in few] == [Notice.UNITS_UNLIKE_TYPE]
    assert small == ()


@pytest.mark.parametrize(
    ("units_total", "taught"),
    [(801, 400), (199, 400)],
)
def test_hours_and_dates_may_differ_by_half(units_total, taught):
    facts = {**QUIET, **TWENTY_WEEKS, "units_per_week": 20, "units_total": units_total}

    found = findings(facts, on=TODAY)

    assert [(f.notice, f.facts["taught"]) for f in found] == [(Notice.UNITS_UNLIKE_DATES, taught)]


def test_a_contradiction_is_asked_and_what_is_only_unusual_is_looked_at():
    assert severity_of(Notice.FREE_ABOVE_TOTAL) is Severity.ASK
    assert Finding(notice=Notice.SEATS_JUMP, attribute="seats_total").severity is Severity.ASK
    assert severity_of(Notice.TIMES_MISSING) is Severity.LOOK


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


def test_what_the_list_said_just_so_is_not_told_again():
    published = {**QUIET, "seats_total": 40, "exam_on": TODAY, "starts_on": TOMORROW}
    now = {**published, "seats_free": 3}

    def told(facts):
        found = findings(facts, on=TODAY, usual=USUAL)
        left = not_let_pass(found, published, on=TODAY, usual=USUAL)
        return [finding.notice for finding in left]

    assert told(now) == []
    assert told({**now, "seats_total": 41}) == [Notice.SEATS_ABOVE_USUAL]
    assert told({**now, "exam_on": YESTERDAY}) == [Notice.EXAM_BEFORE_START]


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"ends_on": YESTERDAY}, Notice.ENDED_BUT_LISTED),
        ({"starts_on": YESTERDAY, "status": CourseStatus.PLANNED}, Notice.STARTED_BUT_PLANNED),
        ({"seats_free": 5, "seats_total": 4}, Notice.FREE_ABOVE_TOTAL),
        ({"contact_phone": None}, Notice.NOBODY_TO_CALL),
    ],
)
def test_what_gets_worse_or_misleads_readers_is_told_until_it_is_mended(facts, kind):
    row = {**QUIET, **facts}
    left = not_let_pass(findings(row, on=TODAY), row, on=TODAY)
    assert [finding.notice for finding in left] == [kind]


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
