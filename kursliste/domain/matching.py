"""From somebody's situation to the courses that fit: what fits, what nearly fits and why.

Nothing here knows a person: a situation is a handful of answers. What is unknown of a course
excludes nothing; it is something to ask by telephone. Whether somebody may take part is never
decided here: funding rules change, so a missing paper is a reason to apply for it, not a no.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Final

from kursliste.domain.course import (
    Childcare,
    CourseStatus,
    Delivery,
    LateEntry,
    StartKind,
    TimeOfDay,
    Wheelchair,
)
from kursliste.domain.interim import WITHOUT_PLACE

Facts = Mapping[str, object]
AN_EXAM: Final = "PRUEF"
"""An exam stands in a list beside the courses, but nobody learns German there."""


class Reached(StrEnum):
    """What somebody knows of German, as they or a placement test say it."""

    NOTHING = "nothing"
    NO_READING = "no_reading"
    A1 = "a1"
    A2 = "a2"
    B1 = "b1"
    B2 = "b2"
    UNKNOWN = "unknown"


class Paper(StrEnum):
    """What somebody has in hand; the values are the words of ``admission``."""

    ENTITLEMENT = "Berechtigungsschein"
    OBLIGATION = "Verpflichtung"
    ADMISSION = "Zulassung BAMF"
    WORK_ENTITLEMENT = "Teilnahmeberechtigung BSK"
    REGIONAL = "Zuweisung Land"


class Fit(StrEnum):
    """How well a course fits."""

    FITS = "fits"
    NEARLY = "nearly"
    NOT = "not"


class Reason(StrEnum):
    """Why a course does not fit quite, the weightiest first."""

    PAPER = "paper"
    NO_PLACE = "no_place"
    ALREADY_RUNS = "already_runs"
    LEVEL = "level"
    FAR = "far"
    TIME = "time"
    CHILDCARE = "childcare"
    COSTS = "costs"
    NOT_ONLY_WOMEN = "not_only_women"
    STEPS = "steps"
    NOT_CONFIRMED = "not_confirmed"


class Ask(StrEnum):
    """What is not told and has to be asked by telephone."""

    CHILDCARE = "childcare"
    SEATS = "seats"
    TIME = "time"
    WHEELCHAIR = "wheelchair"
    PAPER = "paper"


PLACES: Final[Mapping[Reached, tuple[int, int]]] = {
    Reached.NO_READING: (0, 3),
    Reached.NOTHING: (0, 12),
    Reached.A1: (10, 22),
    Reached.A2: (20, 32),
    Reached.B1: (30, 42),
    Reached.B2: (40, 52),
}
"""Where a course has to begin: places in the order of levels, from and to (``levels.csv``)."""

WITHOUT_PAPER: Final = frozenset({"ohne Voraussetzung", "Selbstzahler"})
WOMEN: Final = "Frauen"
WOMENS_TYPES: Final = frozenset({"IK-FRAUEN", "MIA"})
ALPHA_TYPES: Final = frozenset({"IK-ALPHA", "LSK-TH-ALPHA", "EOK", "MIA", "EHRENAMT", "KONV"})
NOON: Final = time(13, 30)
EVENING: Final = time(17)
OUT_OF_REACH: Final = 3
"""How many times as far as somebody wants to go a course may be to be named at all."""

MOST_REASONS: Final = 2
"""A course with more reasons against it does not nearly fit."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """The answers; what was not answered is None or empty and asks for nothing.

    ``max_km`` counts only where the distance of a course is known.
    """

    reached: Reached | None = None
    papers: frozenset[Paper] = frozenset()
    has_no_paper: bool = False
    times: frozenset[TimeOfDay] = frozenset()
    needs_childcare: bool = False
    women_only: bool = False
    must_be_free: bool = False
    needs_wheelchair: bool = False
    may_be_online: bool = True
    max_km: float | None = None


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What a situation and a course have to do with each other."""

    fit: Fit
    reasons: Sequence[Reason] = ()
    asks: Sequence[Ask] = ()


NOT: Final = Judged(fit=Fit.NOT)


def judged(
    situation: Situation, facts: Facts, *, kilometres: float | None, has_place: bool, shut: bool
) -> Judged:
    """Return how well a course fits.

    ``facts`` are the public ones of a course, with ``level_from_sort`` and ``level_to_sort``;
    ``has_place`` and ``shut`` are of now: a number of free seats, and that nobody gets in.
    """
    if facts.get("status") in {CourseStatus.CANCELLED, CourseStatus.ENDED}:
        return NOT
    if facts.get("course_type") == AN_EXAM:
        return NOT
    reasons = [
        reason
        for reason, is_so in (
            (Reason.PAPER, _lacks_paper(situation, facts)),
            (Reason.NO_PLACE, facts.get("status") in WITHOUT_PLACE or (shut and not has_place)),
            (Reason.ALREADY_RUNS, _runs_without_entry(facts)),
            (Reason.LEVEL, _is_wrong_level(situation, facts)),
            (Reason.FAR, _is_far(situation, facts, kilometres)),
            (Reason.TIME, _is_at_another_time(situation, facts)),
            (Reason.CHILDCARE, _lacks(situation.needs_childcare, facts, "childcare")),
            (Reason.COSTS, situation.must_be_free and _costs(facts)),
            (Reason.NOT_ONLY_WOMEN, situation.women_only and not _is_for_women(facts)),
            (Reason.STEPS, _lacks(situation.needs_wheelchair, facts, "wheelchair")),
            (Reason.NOT_CONFIRMED, not facts.get("is_confirmed", True)),
        )
        if is_so
    ]
    if Reason.LEVEL in reasons and _is_far_off(situation, facts):
        return NOT
    if Reason.FAR in reasons and (kilometres or 0) > OUT_OF_REACH * (situation.max_km or 0):
        return NOT
    if len(reasons) > MOST_REASONS or {Reason.LEVEL, Reason.FAR} <= set(reasons):
        return NOT
    asks = list(_to_ask(situation, facts))
    fit = Fit.NEARLY if set(reasons) - {Reason.NOT_CONFIRMED} else Fit.FITS
    return Judged(fit=fit, reasons=reasons, asks=asks)


def _is_for_women(facts: Facts) -> bool:
    return WOMEN in _words(facts, "audience") or facts.get("course_type") in WOMENS_TYPES


def _words(facts: Facts, name: str) -> tuple[str, ...]:
    value = facts.get(name)
    return tuple(map(str, value)) if isinstance(value, tuple | list) else ()


def _lacks_paper(situation: Situation, facts: Facts) -> bool:
    """Whether every way in needs a paper that somebody does not have."""
    wanted = set(_words(facts, "admission"))
    if not wanted or not (situation.papers or situation.has_no_paper):
        return False
    open_to_all = wanted & WITHOUT_PAPER
    if situation.must_be_free:
        open_to_all -= {"Selbstzahler"}
    return not open_to_all and not wanted & {str(paper) for paper in situation.papers}


def _runs_without_entry(facts: Facts) -> bool:
    if facts.get("late_entry") in {LateEntry.YES, LateEntry.ON_CONSULTATION}:
        return False
    return facts.get("status") in {CourseStatus.RUNNING, CourseStatus.PAUSED}


def _ends_of(facts: Facts) -> tuple[int, int] | None:
    lower, upper = facts.get("level_from_sort"), facts.get("level_to_sort")
    begin = lower if isinstance(lower, int) else upper
    goal = upper if isinstance(upper, int) else lower
    return (begin, goal) if isinstance(begin, int) and isinstance(goal, int) else None


def _is_wrong_level(situation: Situation, facts: Facts) -> bool:
    """Whether a course begins elsewhere, or ends where somebody is already.

    Who can enter a running course may do so in any part of it, so only its ends count then.
    """
    reached, ends = situation.reached, _ends_of(facts)
    if reached is Reached.NO_READING and facts.get("course_type") not in ALPHA_TYPES:
        return ends is None or ends[0] > PLACES[reached][1]
    if reached in {None, Reached.UNKNOWN} or ends is None:
        return False
    begin, goal = ends
    low, high = PLACES[reached]
    if begin == goal:  # a meeting for people of one level leads nowhere else
        return not low <= goal <= high
    return begin > high or goal <= low


def _is_far_off(situation: Situation, facts: Facts) -> bool:
    """Whether a course is more than a stage away from what somebody knows."""
    ends = _ends_of(facts)
    if ends is None or situation.reached in {None, Reached.UNKNOWN}:
        return False
    low, high = PLACES[situation.reached or Reached.NOTHING]
    return ends[0] > high + 8 or ends[1] < low


def _is_far(situation: Situation, facts: Facts, kilometres: float | None) -> bool:
    if facts.get("delivery") in {Delivery.ONLINE, Delivery.SELF_STUDY}:
        return not situation.may_be_online
    limit = situation.max_km
    return limit is not None and kilometres is not None and kilometres > limit


def times_of(facts: Facts) -> frozenset[TimeOfDay]:
    """Return at which times of the day a course is; empty if nothing is told."""
    told = facts.get("time_of_day")
    if told:
        found = TimeOfDay(str(told))
        both = {TimeOfDay.MORNING, TimeOfDay.AFTERNOON}
        return frozenset(both) if found is TimeOfDay.ALL_DAY else frozenset({found})
    begin, end = facts.get("time_from"), facts.get("time_until")
    if not isinstance(begin, time):
        return frozenset()
    if begin >= EVENING:
        return frozenset({TimeOfDay.EVENING})
    found_times = {TimeOfDay.MORNING} if begin < time(12) else {TimeOfDay.AFTERNOON}
    if begin < time(12) and isinstance(end, time) and end > NOON:
        found_times.add(TimeOfDay.AFTERNOON)
    return frozenset(found_times)


def _is_at_another_time(situation: Situation, facts: Facts) -> bool:
    times = times_of(facts)
    return bool(situation.times and times) and not times <= situation.times


def _lacks(is_needed: bool, facts: Facts, name: str) -> bool:  # noqa: FBT001 -- an answer
    return is_needed and facts.get(name) in {Childcare.NO, Wheelchair.NO}


def _costs(facts: Facts) -> bool:
    price = facts.get("price_eur")
    return bool(price) or set(_words(facts, "admission")) == {"Selbstzahler"}


def _to_ask(situation: Situation, facts: Facts) -> Sequence[Ask]:
    unclear = {None, Childcare.ON_REQUEST}
    return [
        ask
        for ask, is_so in (
            (
                Ask.CHILDCARE,
                situation.needs_childcare and facts.get("childcare") in unclear,
            ),
            (Ask.SEATS, facts.get("seats_free") is None),
            (Ask.TIME, bool(situation.times) and not times_of(facts)),
            (
                Ask.WHEELCHAIR,
                situation.needs_wheelchair and facts.get("wheelchair") in {None, Wheelchair.PARTLY},
            ),
            (
                Ask.PAPER,
                bool(situation.papers or situation.has_no_paper) and not _words(facts, "admission"),
            ),
        )
        if is_so
    ]


def starts_at_once(facts: Facts) -> bool:
    """Return whether somebody can go there without a paper and without waiting for a start."""
    admission = set(_words(facts, "admission"))
    needs_nothing = not admission or "ohne Voraussetzung" in admission
    is_rolling = facts.get("start_kind") in {StartKind.ROLLING, StartKind.REGULAR}
    joins = is_rolling or facts.get("late_entry") == LateEntry.YES
    return needs_nothing and joins and not _costs(facts)
