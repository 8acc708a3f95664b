"""How many current courses each value of a filter would leave: by profiles, and by rows.

What a profile decides (kind, level, times, yes and no) is counted by profile: the database says how
many rows each has, and every profile is looked at once. Places and houses are counted by row.
Counts over more than ``MANY`` rows are remembered for a minute: they are the same for everybody.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from kursliste.catalogue.counting import level_counts
from kursliste.catalogue.known import A_MINUTE, known_codes
from kursliste.catalogue.options import CHOICES
from kursliste.catalogue.rows import CURRENT, Rows
from kursliste.catalogue.search import FLAGS, PLACES, Search
from kursliste.domain.profile import Profile, profile_from
from kursliste.infrastructure.remembering import Remembered
from kursliste.models.current import CourseProfile, CurrentCourse

MANY: Final = 5_000
Counts = dict[str, Counter[str]]
Where = Sequence[ColumnElement[bool]]
Counted = Mapping[str, Mapping[str, int]]
LEVELS: Final = "niveau"

_profiles: Final[Remembered[dict[int, Profile]]] = Remembered(1, seconds=A_MINUTE)
_numbers: Final[Remembered["Numbers"]] = Remembered(200, seconds=A_MINUTE)
_places: Final[Remembered[Counted]] = Remembered(200, seconds=A_MINUTE)


def is_many(count: int) -> bool:
    """Return whether rows are so many that they are not looked at one by one."""
    return count > MANY


@dataclass(frozen=True)
class Numbers:
    """How many rows each profile has: of those that fulfil everything that no profile decides.

    ``beside`` has them by value of a place that was chosen, with the other values as well.
    """

    by_profile: Mapping[int, int]
    beside: Mapping[str, Sequence[tuple[int, str, int]]]

    @property
    def rows(self) -> int:
        """How many rows were counted."""
        return sum(self.by_profile.values())


@dataclass(frozen=True)
class Tally:
    """How many fit, by value of every filter that a profile or a choice decides, and which do.

    ``profiles`` are the keys of those that fit; None where all do.
    """

    count: int
    counts: Counts
    profiles: Sequence[int] | None

    def condition(self) -> list[ColumnElement[bool]]:
        """Return the condition on a row that its profile fits."""
        if self.profiles is None:
            return []
        keys: BindParameter[Sequence[int]] = bindparam(
            "profiles", self.profiles, expanding=True, literal_execute=True
        )
        return [CurrentCourse.profile_id.in_(keys)]


def undecided(search: Search, rows: Rows = CURRENT) -> dict[str, ColumnElement[bool]]:
    """Return, by parameter, what a row has to fulfil beside its profile."""
    decided = {c.parameter for c in search.criteria if c.suits is not None}
    found = search.conditions(rows)
    return {name: condition for name, condition in found.items() if name not in decided}


def tallied(session: Session, search: Search, where: Where, area: Hashable) -> Tally:
    """Count by profile; ``area`` stands for ``where`` in what is remembered, None for nothing."""
    numbers = _numbers_of(session, search, where, area)
    profiles = _known(session, numbers)
    lacking = _lacking(search, profiles)
    fitting = {key: n for key, n in numbers.by_profile.items() if lacking.get(key) == ""}
    counts: Counts = {name: Counter() for name in (*CHOICES, *FLAGS)}
    ends: Counter[tuple[int | None, int | None]] = Counter()
    for key, lacks in lacking.items():
        number, profile = numbers.by_profile.get(key, 0), profiles[key]
        if lacks in {"", LEVELS}:
            ends[profile.level_from, profile.level_to] += number
        for name, value in profile.pairs_of(lacks):
            counts[name][value] += number
    counts[LEVELS] = level_counts(ends, list(known_codes(session).levels.values()))
    for name, lines in numbers.beside.items():
        for key, value, number in lines:
            if value and lacking.get(key) == "":
                counts[name][value] += number
    is_everything = len(fitting) == len(numbers.by_profile)
    return Tally(sum(fitting.values()), counts, None if is_everything else sorted(fitting))


def _lacking(search: Search, profiles: Mapping[int, Profile]) -> dict[int, str]:
    """Return what each profile lacks: nothing (""), or one parameter; who lacks more is left out.

    A profile that lacks one thing is counted for the other values of this parameter.
    """
    tests = search.decided_by_profile()
    found = {}
    for key, profile in profiles.items():
        lacks = [name for name, suits in tests.items() if not suits(profile)]
        if len(lacks) <= 1:
            found[key] = lacks[0] if lacks else ""
    return found


def places_of(
    session: Session, search: Search, where: Where, area: Hashable, counts: Counts
) -> None:
    """Count places and houses that were not chosen, in rows without number."""
    names = [name for name in PLACES if not search.chosen(name)]
    if not names:
        return

    def read() -> Counted:
        found: Counts = {name: Counter() for name in names}
        for name, value, number in session.execute(
            union_all(
                *(
                    select(literal(name), CURRENT.column(name), func.count())
                    .where(*where)
                    .group_by(CURRENT.column(name))
                    for name in names
                )
            )
        ):
            if value:
                found[name][value] = number
        return found

    known = read() if area is None else _places.get((area, _signed(search, all_of_it=True)), read)
    counts.update({name: Counter(known[name]) for name in names})


def _numbers_of(session: Session, search: Search, where: Where, area: Hashable) -> Numbers:
    key = (area, _signed(search))
    known = None if area is None else _numbers.peek(key)
    if known is not None:
        return known
    numbers = _counted(session, search, where)
    if area is not None and is_many(numbers.rows):
        _numbers.get(key, lambda: numbers)
    return numbers


def _signed(search: Search, *, all_of_it: bool = False) -> Hashable:
    """Return what tells a search from others: everything, or only what no profile decides."""
    criteria = sorted(
        (c.parameter, c.value) for c in search.criteria if all_of_it or c.suits is None
    )
    return (*criteria, search.centre, search.radius_km if search.centre else 0)


def _counted(session: Session, search: Search, where: Where) -> Numbers:
    """Ask for the numbers; one statement."""
    conditions = undecided(search)
    beside: dict[str, list[tuple[int, str, int]]] = {
        name: [] for name in PLACES if name in conditions
    }
    by_profile: dict[int, int] = {}
    for name, profile_id, value, number in session.execute(
        union_all(*_questions(where, conditions, list(beside)))
    ):
        if name:
            beside[name].append((profile_id, value, number))
        else:
            by_profile[profile_id] = number
    return Numbers(by_profile, beside)


def _questions(
    where: Where, conditions: Mapping[str, ColumnElement[bool]], chosen: Iterable[str]
) -> Iterable[Any]:  # Any: selects of four columns
    profile_id = CurrentCourse.profile_id
    yield (
        select(literal(""), profile_id, null(), func.count())
        .where(*where, *conditions.values())
        .group_by(profile_id)
    )
    for name in chosen:
        others = [condition for of, condition in conditions.items() if of != name]
        column = CURRENT.column(name)
        yield (
            select(literal(name), profile_id, column, func.count())
            .where(*where, *others)
            .group_by(profile_id, column)
        )


def _known(session: Session, numbers: Numbers) -> Mapping[int, Profile]:
    """Return the profiles that were counted; a statement only for those that are new."""
    known = _profiles.get("all", dict)
    wanted = {*numbers.by_profile, *(key for lines in numbers.beside.values() for key, *_ in lines)}
    missing = [key for key in wanted if key not in known]  # other threads add to it
    if missing:
        query = select(CourseProfile.id, CourseProfile.text)
        if len(missing) < len(wanted):
            query = query.where(CourseProfile.id.in_(missing))
        known.update((key, profile_from(text)) for key, text in session.execute(query))
    return {key: known[key] for key in wanted}
