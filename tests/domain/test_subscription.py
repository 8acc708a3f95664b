"""What is equal, too long, too late, too often."""

from datetime import UTC, datetime, timedelta

import pytest

from kursliste.domain.subscription import (
    CONFIRM_WITHIN,
    MOST_VALUES,
    filter_key,
    has_lapsed,
    is_too_long,
    needs_rest,
    tidy,
)

THEN = datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_equal_filters_are_stored_alike_whatever_their_order():
    one = {"ort": ["Zittau", "Görlitz", "Zittau"], "niveau": ["A2"], "q": []}
    other = {"niveau": ("A2",), "ort": ("Görlitz", "Zittau")}
    assert tidy(one) == {"niveau": ["A2"], "ort": ["Görlitz", "Zittau"]}
    assert filter_key(one) == filter_key(other)
    assert filter_key(one) != filter_key({"niveau": ["A2"]})
    assert len(filter_key({})) == 64


def test_more_values_than_a_page_offers_are_too_many():
    assert not is_too_long({"ort": ["x"] * MOST_VALUES})
    assert is_too_long({"ort": ["x"] * MOST_VALUES, "q": ["y"]})


def test_an_order_lapses_after_its_days_to_the_second():
    assert not has_lapsed(THEN, THEN + CONFIRM_WITHIN - timedelta(seconds=1))
    assert has_lapsed(THEN, THEN + CONFIRM_WITHIN)


@pytest.mark.parametrize(
    ("refused", "rests"),
    [
        ([], False),
        ([True, True], False),
        ([True, True, True], True),
        ([True, True, True, False], True),
        ([False, True, True, True], False),
        ([True, True, False, True], False),
    ],
)
def test_three_refusals_in_a_row_are_enough(refused, rests):
    assert needs_rest(refused) is rests
