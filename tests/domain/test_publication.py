"""A day and a time in Germany as an instant, also where the clock is put forward or back."""

from datetime import UTC, date, datetime, time

import pytest

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.publication import instant_of

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        (date(2026, 12, 1), time(8), datetime(2026, 12, 1, 7, tzinfo=UTC)),
        (date(2027, 7, 1), time(8), datetime(2027, 7, 1, 6, tzinfo=UTC)),
        (date(2027, 10, 31), time(2, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (date(2027, 3, 28), time(3), datetime(2027, 3, 28, 1, tzinfo=UTC)),
    ],
)
def test_german_time_is_an_instant(day, at, instant):
    assert instant_of(day, at, now=NOW) == instant


@pytest.mark.parametrize(
    ("day", "at", "rule", "field"),
    [
        (date(2027, 3, 28), time(2, 30), Rule.TIME_LEFT_OUT, "at"),
        (date(2026, 11, 24), time(10), Rule.PUBLICATION_IN_PAST, "day"),
        (date(2026, 11, 23), time(23), Rule.PUBLICATION_IN_PAST, "day"),
    ],
)
def test_a_time_that_does_not_come_is_refused(day, at, rule, field):
    with pytest.raises(RuleViolationError) as refused:
        instant_of(day, at, now=NOW)

    assert (refused.value.rule, refused.value.field) == (rule, field)
