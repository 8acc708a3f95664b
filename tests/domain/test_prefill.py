"""What the next report starts with: every field has a stated rule."""

from datetime import date

import pytest

from kursliste.domain.course import FIELD, FIELDS, MONTHLY_FIELDS, OWN_FIELDS, Carry, CourseStatus
from kursliste.domain.prefill import CONFIRMATION, carried_over, drops_out, next_run
from kursliste.models.facts import FACT_NAMES

TODAY = date(2026, 11, 24)
IDENTITY = {"course_id", "provider", "course_group"}
# Written out again on purpose: whoever adds a field decides what happens to it.
ASKED_AGAIN = {
    "current_module",
    "seats_taken",
    "seats_free",
    "waiting_list",
    "waiting_count",
    "status",
    "late_entry",
    "late_entry_from",
}


def test_every_field_is_copied_asked_again_or_identity():
    rules = {field.attribute: field.carry for field in FIELDS}
    asked = {name for name, carry in rules.items() if carry is Carry.ASK}
    cleared = {name for name, carry in rules.items() if carry is Carry.CLEAR}

    assert asked == ASKED_AGAIN
    assert cleared == set()
    assert set(MONTHLY_FIELDS) <= asked


def test_no_field_is_forgotten():
    facts = {field.attribute: f"value of {field.attribute}" for field in FIELDS}

    carried = carried_over(facts)

    assert carried == {name: value for name, value in facts.items() if name not in IDENTITY}
    assert set(carried) == set(FACT_NAMES)
    assert set(CONFIRMATION) <= set(carried)


def test_what_is_unknown_stays_unknown():
    assert set(carried_over({}).values()) == {None}


def test_a_field_that_is_to_be_cleared_is_left_out(monkeypatch):
    cleared = [f.attribute for f in OWN_FIELDS if f.attribute == "title"]
    monkeypatch.setattr(
        "kursliste.domain.prefill.OWN_FIELDS",
        tuple(
            type(f)(**{**f.__dict__, "carry": Carry.CLEAR}) if f.attribute in cleared else f
            for f in OWN_FIELDS
        ),
    )
    assert "title" not in carried_over({"title": "weg"})
    assert FIELD["title"].carry is Carry.COPY


@pytest.mark.parametrize("status", [None, *CourseStatus])
def test_cancelled_and_ended_courses_drop_out(status):
    expected = status in {CourseStatus.CANCELLED, CourseStatus.ENDED}
    assert drops_out({"status": status}, on=TODAY) is expected


@pytest.mark.parametrize(
    ("ends_on", "expected"),
    [
        (None, False),
        (date(2026, 11, 23), True),
        (TODAY, False),
        (date(2026, 11, 25), False),
        ("bald", False),
    ],
)
def test_a_course_drops_out_the_day_after_its_end(ends_on, expected):
    facts = {"status": CourseStatus.RUNNING, "ends_on": ends_on}
    assert drops_out(facts, on=TODAY) is expected


def test_the_next_run_leaves_out_what_belongs_to_one_run():
    facts = {field.attribute: f"value of {field.attribute}" for field in FIELDS}

    left_out = {field.attribute for field in OWN_FIELDS} - set(next_run(facts))

    assert left_out == ASKED_AGAIN | {
        "starts_on",
        "ends_on",
        "register_by",
        "exam_on",
        "start_note",
        "breaks_note",
        "provider_reference",
        "bamf_reference",
    }
    assert next_run(facts)["title"] == "value of title"
