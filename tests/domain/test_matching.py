"""What fits whom: each reason, each question, and that unknown facts exclude nothing."""

from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursliste.domain.course import (
    Childcare,
    CourseStatus,
    Delivery,
    LateEntry,
    StartKind,
    TimeOfDay,
    Wheelchair,
)
from kursliste.domain.matching import (
    Ask,
    Fit,
    Judged,
    Paper,
    Reached,
    Reason,
    Situation,
    judged,
    starts_at_once,
    times_of,
)

R, T = Reason, TimeOfDay
COURSE = {
    "course_type": "IK-ALLG",
    "level_from_sort": 10,
    "level_to_sort": 30,
    "status": CourseStatus.OPEN,
    "admission": ("Berechtigungsschein", "Verpflichtung"),
    "time_of_day": T.MORNING,
    "childcare": Childcare.NO,
    "wheelchair": Wheelchair.NO,
    "seats_free": 3,
    "price_eur": Decimal(0),
    "is_confirmed": True,
}


def judge(km: float | None = None, *, place=True, shut=False, course=None, **answers) -> Judged:
    facts = COURSE | (course or {})
    return judged(Situation(**answers), facts, kilometres=km, has_place=place, shut=shut)


def test_without_answers_everything_fits():
    assert judge() == Judged(fit=Fit.FITS, reasons=[], asks=[])


@pytest.mark.parametrize(
    ("answers", "course", "reasons"),
    [
        ({"papers": frozenset({Paper.ENTITLEMENT})}, {}, []),
        ({"papers": frozenset({Paper.WORK_ENTITLEMENT})}, {}, [R.PAPER]),
        ({"has_no_paper": True}, {}, [R.PAPER]),
        ({"has_no_paper": True}, {"admission": ("Selbstzahler",)}, []),
        (
            {"has_no_paper": True, "must_be_free": True},
            {"admission": ("Selbstzahler",)},
            [R.PAPER, R.COSTS],
        ),
        ({"has_no_paper": True}, {"admission": ("Berechtigungsschein", "ohne Voraussetzung")}, []),
        ({}, {"status": CourseStatus.FULL}, [R.NO_PLACE]),
        ({}, {"status": CourseStatus.RUNNING, "late_entry": LateEntry.NO}, [R.ALREADY_RUNS]),
        ({}, {"status": CourseStatus.RUNNING, "late_entry": LateEntry.YES}, []),
        ({"reached": Reached.A2}, {}, []),
        ({"reached": Reached.A1}, {"level_from_sort": 30, "level_to_sort": 40}, [R.LEVEL]),
        ({"reached": Reached.B1}, {"level_from_sort": 20, "level_to_sort": 30}, [R.LEVEL]),
        ({"reached": Reached.A2}, {"level_from_sort": 20, "level_to_sort": 20}, []),
        ({"reached": Reached.B2}, {"level_from_sort": 40, "level_to_sort": None}, []),
        ({"reached": Reached.UNKNOWN}, {"level_from_sort": 50, "level_to_sort": 60}, []),
        ({"reached": Reached.A1}, {"level_from_sort": None, "level_to_sort": None}, []),
        ({"reached": Reached.NO_READING}, {"course_type": "IK-ALPHA", "level_from_sort": 1}, []),
        (
            {"reached": Reached.NO_READING},
            {"level_from_sort": None, "level_to_sort": None},
            [R.LEVEL],
        ),
        (
            {"reached": Reached.NO_READING},
            {"course_type": "VHS-DAF", "level_from_sort": 0, "level_to_sort": 10},
            [],
        ),
        ({"times": frozenset({T.EVENING})}, {}, [R.TIME]),
        ({"times": frozenset({T.MORNING})}, {"time_of_day": T.ALL_DAY}, [R.TIME]),
        ({"times": frozenset({T.MORNING, T.AFTERNOON})}, {"time_of_day": T.ALL_DAY}, []),
        ({"needs_childcare": True}, {}, [R.CHILDCARE]),
        ({"needs_wheelchair": True}, {}, [R.STEPS]),
        ({"must_be_free": True}, {"price_eur": Decimal(90)}, [R.COSTS]),
        ({"women_only": True}, {}, [R.NOT_ONLY_WOMEN]),
        ({"women_only": True}, {"audience": ("Frauen",)}, []),
        ({"women_only": True}, {"course_type": "MIA"}, []),
        ({"may_be_online": False}, {"delivery": Delivery.ONLINE}, [R.FAR]),
        ({}, {"is_confirmed": False}, [R.NOT_CONFIRMED]),
    ],
)
def test_each_reason(answers, course, reasons):
    assert judge(course=course, **answers).reasons == reasons


@pytest.mark.parametrize(
    ("km", "limit", "fit"),
    [
        (5, 10, Fit.FITS),
        (11, 10, Fit.NEARLY),
        (31, 10, Fit.NOT),
        (None, 10, Fit.FITS),
        (500, None, Fit.FITS),
    ],
)
def test_how_far_somebody_goes(km, limit, fit):
    assert judge(km, max_km=limit).fit is fit


@pytest.mark.parametrize(
    ("answers", "course"),
    [
        ({}, {"status": CourseStatus.CANCELLED}),
        ({"reached": Reached.NOTHING}, {"level_from_sort": 40, "level_to_sort": 50}),
        ({"reached": Reached.B2}, {"level_from_sort": 10, "level_to_sort": 20}),
        ({"needs_childcare": True, "needs_wheelchair": True, "women_only": True}, {}),
    ],
)
def test_what_does_not_fit_at_all(answers, course):
    assert judge(course=course, **answers).fit is Fit.NOT


def test_nobody_gets_in_although_the_status_does_not_say_so():
    assert judge(place=False, shut=True).reasons == [R.NO_PLACE]
    assert judge(place=True, shut=True).reasons == []


def test_a_stale_row_fits_and_says_so():
    assert judge(course={"is_confirmed": False}).fit is Fit.FITS


UNKNOWN = dict.fromkeys(COURSE, None) | {"is_confirmed": True}


def test_what_is_unknown_is_a_question_and_no_reason():
    found = judge(
        course=UNKNOWN,
        reached=Reached.A2,
        has_no_paper=True,
        times=frozenset({T.EVENING}),
        needs_childcare=True,
        needs_wheelchair=True,
        must_be_free=True,
    )
    assert found == Judged(fit=Fit.FITS, reasons=[], asks=list(Ask))


@given(
    reached=st.none() | st.sampled_from(Reached),
    papers=st.frozensets(st.sampled_from(Paper)),
    times=st.frozensets(st.sampled_from(TimeOfDay)),
    flags=st.tuples(*[st.booleans()] * 5),
    km=st.none() | st.floats(0, 1000),
)
def test_unknown_facts_exclude_nobody(reached, papers, times, flags, km):
    childcare, women, free, wheels, none = flags
    found = judge(
        km,
        course=UNKNOWN,
        reached=None if reached is Reached.NO_READING else reached,
        papers=papers,
        has_no_paper=none,
        times=times,
        needs_childcare=childcare,
        women_only=women,
        must_be_free=free,
        needs_wheelchair=wheels,
    )
    assert found.fit is (Fit.NEARLY if women else Fit.FITS)


@pytest.mark.parametrize(
    ("begin", "end", "times"),
    [
        (time(8), time(12), {T.MORNING}),
        (time(8), time(15), {T.MORNING, T.AFTERNOON}),
        (time(8), None, {T.MORNING}),
        (time(13), time(16), {T.AFTERNOON}),
        (time(17, 30), time(20), {T.EVENING}),
        (None, None, set()),
    ],
)
def test_times_of_the_day(begin, end, times):
    assert times_of({"time_from": begin, "time_until": end}) == times


@pytest.mark.parametrize(
    ("course", "answer"),
    [
        ({"admission": ("ohne Voraussetzung",), "start_kind": StartKind.ROLLING}, True),
        ({"admission": None, "late_entry": LateEntry.YES}, True),
        ({"admission": None, "start_kind": StartKind.FIXED}, False),
        ({"admission": ("Berechtigungsschein",), "start_kind": StartKind.ROLLING}, False),
        ({"admission": None, "late_entry": LateEntry.YES, "price_eur": Decimal(5)}, False),
    ],
)
def test_where_one_can_go_at_once(course, answer):
    assert starts_at_once(course) is answer


def test_an_exam_is_no_course_to_go_to():
    assert judge(course={"course_type": "PRUEF"}).fit is Fit.NOT
    assert judge(course={"course_type": "PRUEFVOR"}).fit is Fit.FITS
