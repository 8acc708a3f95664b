"""A course that stands in the list twice, and the many courses that only look like it."""

from datetime import date, time

import pytest

from kursliste.domain.duplicates import Stated, duplicate
from kursliste.domain.notices import Finding, Notice

START = date(2027, 1, 11)
FACTS: dict[str, object] = {
    "course_type": "IK-ALLG",
    "title": "Integrationskurs am Vormittag",
    "starts_on": START,
    "weekdays": ("Mo", "Di"),
    "time_from": time(9),
    "street": "Lange Straße 4",
    "postcode": "02826",
}


def same_words(one, other):
    return one.casefold() == other.casefold()


def a_row(course_id="a", provider_id=1, provider="VHS", **facts):
    return Stated(
        course_id=course_id, provider_id=provider_id, provider=provider, facts={**FACTS, **facts}
    )


def found_in(*others, row=None):
    return duplicate(row or a_row(), others, similar=same_words)


def test_the_same_course_twice_in_a_report():
    assert found_in(a_row("b", title="INTEGRATIONSKURS am Vormittag")) == Finding(
        notice=Notice.TWICE_IN_REPORT,
        attribute="title",
        facts={"title": "INTEGRATIONSKURS am Vormittag", "start": START, "provider": "VHS"},
    )


def test_a_row_that_leaves_something_open_may_be_the_same():
    assert found_in(a_row("b", weekdays=None, street=None)).notice is Notice.TWICE_IN_REPORT


@pytest.mark.parametrize(
    "other",
    [
        {"course_type": "IK-ALPHA"},
        {"starts_on": date(2027, 1, 18)},
        {"title": "Konversation"},
        {"title": "Integrationskurs am Vormittag 2"},
        {"weekdays": ("Do", "Fr")},
        {"time_from": time(13)},
        {"street": "Am Markt 1"},
    ],
)
def test_parallel_courses_are_no_duplicates(other):
    assert found_in(a_row("b", **other)) is None


def test_two_numbers_are_two_courses():
    mine, other = a_row(provider_reference="A-1"), a_row("b", provider_reference="A-2")
    assert found_in(other, row=mine) is None


def test_a_row_is_no_duplicate_of_itself():
    assert found_in(a_row("a")) is None


def test_without_a_start_nothing_is_a_duplicate():
    assert found_in(a_row("b", starts_on=None), row=a_row(starts_on=None)) is None


def test_two_providers_with_the_same_course_in_one_room():
    other = a_row("b", 2, "Bildungswerk", title="IK 14")

    assert found_in(other) == Finding(
        notice=Notice.TWICE_IN_DISTRICT,
        attribute="title",
        facts={"title": "IK 14", "start": START, "provider": "Bildungswerk"},
    )


@pytest.mark.parametrize(
    "other",
    [
        {"street": "Am Markt 1"},
        {"street": None},
        {"time_from": time(13)},
        {"weekdays": ("Do", "Fr")},
        {"level_to": "B2"},
        {"postcode": "02827"},
    ],
)
def test_two_providers_with_courses_of_the_same_kind(other):
    assert found_in(a_row("b", 2, **other), row=a_row(level_to="B1")) is None


def test_the_first_one_is_named():
    others = [a_row("b", time_from=time(13)), a_row("c"), a_row("d", 2)]
    assert found_in(*others).notice is Notice.TWICE_IN_REPORT


@pytest.mark.parametrize("provider_id", [1, 2])
def test_both_rows_of_a_pair_are_told(provider_id):
    one, other = a_row(), a_row("b", provider_id)
    assert found_in(other, row=one).notice is found_in(one, row=other).notice
