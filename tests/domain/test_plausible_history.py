"""A course beside its row of last time: what every month brings is no notice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursliste.domain.course import LateEntry, StartKind
from kursliste.domain.notices import Finding, Notice
from kursliste.domain.plausible_history import history_findings

TODAY = date(2026, 11, 24)
MONDAY = date(2027, 1, 11)
QUARTER, HALF_YEAR = timedelta(days=92), timedelta(days=183)


@pytest.mark.parametrize(
    ("before", "now", "notice", "attribute"),
    [
        ({"seats_total": 16}, {"seats_total": 61}, Notice.SEATS_JUMP, "seats_total"),
        ({"seats_total": 10}, {"seats_total": 20}, Notice.SEATS_JUMP, "seats_total"),
        ({"seats_total": 25}, {"seats_total": 2}, Notice.SEATS_JUMP, "seats_total"),
        (
            {"starts_on": TODAY},
            {"starts_on": TODAY - timedelta(days=1)},
            Notice.START_MOVED_BACK,
            "starts_on",
        ),
        (
            {"starts_on": MONDAY},
            {"starts_on": date(2026, 1, 11)},
            Notice.START_MOVED_BACK,
            "starts_on",
        ),
        (
            {"starts_on": MONDAY},
            {"starts_on": MONDAY + QUARTER + timedelta(days=1)},
            Notice.START_MOVED_FAR,
            "starts_on",
        ),
        (
            {"starts_on": date(2026, 1, 12)},
            {"starts_on": MONDAY},
            Notice.START_MOVED_FAR,
            "starts_on",
        ),
        (
            {"ends_on": MONDAY},
            {"ends_on": MONDAY + HALF_YEAR + timedelta(days=1)},
            Notice.END_MOVED_FAR,
            "ends_on",
        ),
        ({"level_to": "B1"}, {"level_to": "B2"}, Notice.LEVEL_CHANGED, "level_to"),
        ({"level_to": "A1"}, {"level_to": "A2.1"}, Notice.LEVEL_CHANGED, "level_to"),
        ({"current_module": 5}, {"current_module": 4}, Notice.MODULE_BACKWARDS, "current_module"),
    ],
)
def test_a_jump_is_a_finding_with_both_values(before, now, notice, attribute):
    facts = {"old": before[attribute], "new": now[attribute]}

    assert history_findings(now, before, on=TODAY) == (
        Finding(notice=notice, attribute=attribute, facts=facts),
    )


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({}, {}),
        ({"seats_total": 16}, {"seats_total": 16}),
        ({"seats_total": 16}, {"seats_total": 25}),
        ({"seats_total": 4}, {"seats_total": 12}),
        ({"seats_total": 21}, {"seats_total": 40}),
        ({"seats_total": None}, {"seats_total": 61}),
        ({"seats_total": 16}, {"seats_total": None}),
        ({"starts_on": MONDAY}, {"starts_on": MONDAY + QUARTER}),
        ({"starts_on": MONDAY}, {"starts_on": MONDAY - timedelta(days=30)}),
        ({"starts_on": date(2026, 11, 20)}, {"starts_on": date(2026, 11, 16)}),
        ({"starts_on": TODAY}, {"starts_on": TODAY + timedelta(days=7)}),
        ({"starts_on": None}, {"starts_on": date(2020, 1, 1)}),
        ({"starts_on": MONDAY}, {"starts_on": None}),
        (
            {"starts_on": date(2026, 1, 12)},
            {"starts_on": MONDAY, "start_kind": StartKind.ROLLING},
        ),
        (
            {"starts_on": date(2026, 1, 12)},
            {"starts_on": MONDAY, "late_entry": LateEntry.YES},
        ),
        ({"ends_on": MONDAY}, {"ends_on": MONDAY + HALF_YEAR}),
        ({"ends_on": MONDAY}, {"ends_on": None}),
        ({"ends_on": None}, {"ends_on": MONDAY}),
        (
            {"ends_on": MONDAY},
            {"ends_on": MONDAY + 2 * HALF_YEAR, "start_kind": StartKind.REGULAR},
        ),
        (
            {"starts_on": MONDAY, "ends_on": MONDAY},
            {"starts_on": MONDAY + QUARTER, "ends_on": MONDAY + 3 * HALF_YEAR},
        ),
        ({"level_to": "A1.1"}, {"level_to": "A1.2"}),
        ({"level_to": "A1"}, {"level_to": "A1.2"}),
        ({"level_to": None}, {"level_to": "B1"}),
        ({"level_to": "B1"}, {}),
        ({"current_module": 5}, {"current_module": 6}),
        ({"current_module": 5}, {"current_module": 5}),
        ({"current_module": 5}, {"current_module": None}),
        ({"current_module": None}, {"current_module": 1}),
        (
            {"current_module": 7, "starts_on": MONDAY - QUARTER},
            {"current_module": 1, "starts_on": MONDAY},
        ),
    ],
)
def test_what_every_month_brings_is_no_finding(before, now):
    assert history_findings(now, before, on=TODAY) == ()


ROWS = st.fixed_dictionaries(
    {},
    optional={
        "seats_total": st.none() | st.integers(0, 999),
        "starts_on": st.none() | st.dates(),
        "ends_on": st.none() | st.dates(),
        "level_to": st.none() | st.sampled_from(["ohne", "A1", "A1.1", "B2"]),
        "current_module": st.none() | st.integers(0, 12),
        "late_entry": st.none() | st.sampled_from(LateEntry),
    },
)


@given(row=ROWS, on=st.dates())
def test_a_row_that_says_what_it_said_is_never_a_jump(row, on):
    assert history_findings(row, row, on=on) == ()


@given(row=ROWS, before=ROWS, on=st.dates())
def test_each_finding_is_about_a_value_that_moved(row, before, on):
    for finding in history_findings(row, before, on=on):
        assert finding.facts["old"] == before[finding.attribute]
        assert finding.facts["new"] == row[finding.attribute]
        assert finding.facts["old"] != finding.facts["new"]
