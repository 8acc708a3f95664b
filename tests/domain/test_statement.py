"""A provider's word by telephone or mail: who, how, when."""

from datetime import date, timedelta

import pytest

from kursliste.domain.course import ConfirmedHow
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.statement import SPOKEN, check_statement

OPENS, TODAY = date(2026, 11, 20), date(2026, 11, 24)
DAY = timedelta(days=1)


@pytest.mark.parametrize("how", SPOKEN)
@pytest.mark.parametrize("told_on", [OPENS, TODAY])
def test_a_name_a_way_and_a_day_of_the_round_are_enough(how, told_on):
    check_statement("Rita", how, told_on, opens_on=OPENS, today=TODAY)


def test_a_round_that_was_opened_early_takes_words_of_its_first_day():
    check_statement("Rita", SPOKEN[0], TODAY, opens_on=TODAY + DAY, today=TODAY)


@pytest.mark.parametrize(
    ("told_by", "how", "told_on", "rule", "field"),
    [
        ("", ConfirmedHow.MAIL, TODAY, Rule.VALUE_MISSING, "told_by"),
        ("x" * 121, ConfirmedHow.MAIL, TODAY, Rule.TEXT_TOO_LONG, "told_by"),
        ("Rita", ConfirmedHow.WEB, TODAY, Rule.VALUE_UNKNOWN, "how"),
        ("Rita", ConfirmedHow.MAIL, OPENS - DAY, Rule.VALUE_OUT_OF_RANGE, "told_on"),
        ("Rita", ConfirmedHow.MAIL, TODAY + DAY, Rule.VALUE_OUT_OF_RANGE, "told_on"),
    ],
)
def test_what_is_missing_or_impossible_is_refused(told_by, how, told_on, rule, field):
    with pytest.raises(RuleViolationError) as refused:
        check_statement(told_by, how, told_on, opens_on=OPENS, today=TODAY)
    assert (refused.value.rule, refused.value.field) == (rule, field)
