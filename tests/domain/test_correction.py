"""When a coordinator may correct, and what a reason and an objection must say."""

from datetime import date, time
from decimal import Decimal

import pytest

from kursliste.domain.correction import (
    OBJECTION_LENGTH,
    REASON_LENGTH,
    check_correctable,
    check_objection,
    check_reason,
)
from kursliste.domain.course import value_of
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.report import ReportStatus


@pytest.mark.parametrize("status", list(ReportStatus))
def test_a_report_is_corrected_only_while_it_lies_with_the_coordinator(status):
    if status in {ReportStatus.SUBMITTED, ReportStatus.APPROVED}:
        check_correctable(status)
        return
    with pytest.raises(RuleViolationError) as refused:
        check_correctable(status)
    assert refused.value.rule is Rule.REPORT_NOT_CORRECTABLE


def test_a_reason_may_be_missing_but_not_too_long():
    check_reason("")
    check_reason("x" * REASON_LENGTH)

    with pytest.raises(RuleViolationError) as refused:
        check_reason("x" * (REASON_LENGTH + 1))

    assert (refused.value.rule, refused.value.field) == (Rule.TEXT_TOO_LONG, "reason")


@pytest.mark.parametrize(
    ("text", "rule"),
    [("", Rule.OBJECTION_EMPTY), ("x" * (OBJECTION_LENGTH + 1), Rule.TEXT_TOO_LONG)],
)
def test_an_objection_says_what_is_wrong(text, rule):
    check_objection("x" * OBJECTION_LENGTH)

    with pytest.raises(RuleViolationError) as refused:
        check_objection(text)

    assert (refused.value.rule, refused.value.field) == (rule, "objection")


@pytest.mark.parametrize(
    ("attribute", "stored", "value"),
    [
        ("title", None, None),
        ("title", "A2", "A2"),
        ("starts_on", "2026-12-01", date(2026, 12, 1)),
        ("time_from", "18:00:00", time(18)),
        ("price_eur", "229.00", Decimal("229.00")),
        ("weekdays", ["Mo", "Mi"], ("Mo", "Mi")),
        ("audience", ["Frauen"], ("Frauen",)),
        ("seats_free", 0, 0),
    ],
)
def test_a_kept_value_becomes_what_it_was(attribute, stored, value):
    assert value_of(attribute, stored) == value
