"""Course types: when they hold, what cannot be kept, what only looks odd."""

from dataclasses import replace
from datetime import date

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.course_type import (
    Odd,
    TypeFacts,
    check_type,
    checked_code,
    holds_in,
    oddities,
)
from kursliste.domain.errors import Rule, RuleViolationError

DECEMBER = Month(2026, 12)
RANKS = {"A1": 10, "B1": 30}
PLAIN = TypeFacts(label="Allgemeiner Integrationskurs", course_group="Integrationskurse", sort=10)


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "holds"),
    [
        (None, None, True),
        (date(2026, 12, 31), None, True),
        (date(2027, 1, 1), None, False),
        (None, date(2026, 12, 1), True),
        (None, date(2026, 11, 30), False),
        (date(2026, 12, 10), date(2026, 12, 10), True),
        (date(2024, 1, 1), date(2024, 12, 31), False),
    ],
)
def test_one_day_in_a_month_is_enough(valid_from, valid_until, holds):
    assert holds_in(DECEMBER, valid_from, valid_until) is holds


@pytest.mark.parametrize(
    ("typed", "code"), [("ik-neu", "IK-NEU"), (" LSK2-SN ", "LSK2-SN"), ("A", "A")]
)
def test_a_code_is_written_in_capitals(typed, code):
    assert checked_code(typed) == code


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("", Rule.VALUE_MISSING),
        ("X" * 21, Rule.TEXT_TOO_LONG),
        ("ÜBER", Rule.CODE_MALFORMED),
        ("IK NEU", Rule.CODE_MALFORMED),
        ("IK/NEU", Rule.CODE_MALFORMED),
        ("-IK", Rule.CODE_MALFORMED),
        ("1IK", Rule.CODE_MALFORMED),
    ],
)
def test_a_code_that_no_address_holds_is_refused(typed, rule):
    with pytest.raises(RuleViolationError) as caught:
        checked_code(typed)
    assert (caught.value.rule, caught.value.field) == (rule, "code")


@pytest.mark.parametrize(
    ("more", "rule", "field"),
    [
        ({"label": "  "}, Rule.VALUE_MISSING, "label"),
        ({"label": "x" * 151}, Rule.TEXT_TOO_LONG, "label"),
        ({"short": "x" * 61}, Rule.TEXT_TOO_LONG, "short"),
        ({"units_note": "x" * 121}, Rule.TEXT_TOO_LONG, "units_note"),
        ({"funder": "x" * 81}, Rule.TEXT_TOO_LONG, "funder"),
        ({"course_group": "Kochkurse"}, Rule.VALUE_UNKNOWN, "course_group"),
        ({"sort": -1}, Rule.VALUE_OUT_OF_RANGE, "sort"),
        ({"units_total": 0}, Rule.VALUE_OUT_OF_RANGE, "units_total"),
        ({"seats_max": 1000}, Rule.VALUE_OUT_OF_RANGE, "seats_max"),
        (
            {"valid_from": date(2027, 1, 2), "valid_until": date(2027, 1, 1)},
            Rule.END_BEFORE_START,
            "valid_until",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(more, rule, field):
    with pytest.raises(RuleViolationError) as caught:
        check_type(replace(PLAIN, **more))
    assert (caught.value.rule, caught.value.field) == (rule, field)


def test_a_type_may_begin_and_end_on_one_day():
    check_type(replace(PLAIN, valid_from=date(2027, 1, 1), valid_until=date(2027, 1, 1)))


@pytest.mark.parametrize(
    ("more", "before", "odd"),
    [
        ({}, None, []),
        ({}, 700, []),
        ({"units_total": 700}, 600, []),
        ({"units_total": 19}, None, [Odd.FEW_UNITS]),
        ({"units_total": 1201}, None, [Odd.MANY_UNITS]),
        ({"units_total": 349}, 700, [Odd.UNITS_MOVED]),
        ({"units_total": 350}, 700, []),
        ({"units_total": 1000}, 499, [Odd.UNITS_MOVED]),
        ({"seats_min": 16, "seats_max": 15}, None, [Odd.SEATS_BACKWARDS]),
        ({"seats_max": 31}, None, [Odd.LARGE_GROUP]),
        ({"level_from": "B1", "level_to": "A1"}, None, [Odd.LEVEL_BACKWARDS]),
        ({"level_from": "B1", "level_to": "B1"}, None, []),
        ({"level_from": "B1"}, None, []),
    ],
)
def test_odd_numbers_are_told_and_pass(more, before, odd):
    facts = replace(PLAIN, **more)
    check_type(facts)
    assert [one.odd for one in oddities(facts, RANKS, before)] == odd
