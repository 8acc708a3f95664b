"""When a report needs no look of its own: every clause alone keeps it off the fast path."""

from dataclasses import replace
from datetime import date

import pytest

from kursliste.domain.correction import CorrectionStatus
from kursliste.domain.course import OWN_FIELDS, CourseStatus
from kursliste.domain.fast_path import Glance, LookReason, reasons_to_look
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import ReportStatus
from kursliste.domain.triviality import DEFAULT_TRIVIAL
from kursliste.web.labels import LOOK_REASON

TODAY = date(2026, 11, 24)
FINE = Glance(status=ReportStatus.SUBMITTED, is_known_provider=True)


def reasons(*, trivial=DEFAULT_TRIVIAL, **more):
    return reasons_to_look(replace(FINE, **more), trivial=trivial, on=TODAY)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"changed": frozenset({"seats_taken", "status", "starts_on", "time_from", "venue_name"})},
        {"questions": [QuestionStatus.CLOSED]},
        {"corrections": [s for s in CorrectionStatus if s is not CorrectionStatus.OBJECTED]},
        {"ended": [{"ends_on": date(2026, 11, 23), "status": CourseStatus.RUNNING}]},
        {"ended": [{"ends_on": None, "status": CourseStatus.CANCELLED}]},
    ],
)
def test_what_is_small_needs_no_look(more):
    assert reasons(**more) == ()


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        *(
            ({"status": status}, LookReason.NOT_SUBMITTED)
            for status in ReportStatus
            if status is not ReportStatus.SUBMITTED
        ),
        ({"questions": [QuestionStatus.OPEN]}, LookReason.QUESTION),
        ({"questions": [QuestionStatus.CLOSED, QuestionStatus.ANSWERED]}, LookReason.QUESTION),
        ({"corrections": [CorrectionStatus.OBJECTED]}, LookReason.OBJECTION),
        ({"is_known_provider": False}, LookReason.NEW_PROVIDER),
        ({"new": 1}, LookReason.NEW_COURSE),
        ({"ended": [{"ends_on": TODAY}]}, LookReason.ENDED_EARLY),
        ({"ended": [{"ends_on": date(2026, 11, 1)}, {"ends_on": None}]}, LookReason.ENDED_EARLY),
        ({"changed": frozenset({"seats_taken", "price_eur"})}, LookReason.OTHER_CHANGE),
        ({"unconfirmed": 1}, LookReason.UNCONFIRMED),
        ({"odd": 1}, LookReason.ODD),
    ],
)
def test_each_of_these_alone_asks_for_a_look(more, reason):
    assert reasons(**more) == (reason,)


def test_all_reasons_are_told_in_their_order():
    found = reasons(new=1, odd=2, unconfirmed=1, questions=[QuestionStatus.OPEN])
    assert found == (
        LookReason.QUESTION,
        LookReason.NEW_COURSE,
        LookReason.UNCONFIRMED,
        LookReason.ODD,
    )


def test_what_is_trivial_is_the_district_s_choice():
    seats, price = frozenset({"seats_taken"}), frozenset({"price_eur"})
    assert reasons(trivial=(), changed=seats) == (LookReason.OTHER_CHANGE,)
    assert reasons(trivial=price, changed=price) == ()


def test_the_shipped_trivial_fields_are_fields_that_providers_report():
    assert {field.attribute for field in OWN_FIELDS} >= DEFAULT_TRIVIAL
    kept_out = {"title", "course_type", "price_eur", "seats_total", "level_to", "visibility"}
    assert not DEFAULT_TRIVIAL & kept_out


def test_every_reason_has_words():
    assert set(LOOK_REASON) == set(LookReason)
