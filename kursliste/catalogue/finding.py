"""Finding courses in the current lists of one district, of several, or of all.

Three statements at most once codes and editions are known: how many there are for each value, the
keys of a page, its rows. Only published rows are read; internal ones only where the caller says so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, String, case, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, defer

from kursliste.catalogue.counting import level_counts
from kursliste.catalogue.known import Head, heads, known_codes
from kursliste.catalogue.match_queries import Told
from kursliste.catalogue.options import CHOICES
from kursliste.catalogue.queries import INTERNAL
from kursliste.catalogue.rows import CURRENT
from kursliste.catalogue.search import FLAGS, Search
from kursliste.domain.course import StartKind, Visibility
from kursliste.domain.geo import Point, distance_km
from kursliste.infrastructure import clock
from kursliste.models.current import CurrentCourse
from kursliste.models.edition import EditionEntry

PER_PAGE: Final = 50
MOST_COUNTED: Final = 10_000
"""Exact up to here; above it says "mehr als 10.000" (SPEED.md, section 3)."""

HARD: Final = frozenset({"q", "plz", "ab", "bis"})
"""Parameters without a list of values: every count is taken after them."""

SEVERAL: Final = "zugang"
SIMPLE: Final = tuple(name for name in CHOICES if name not in {"niveau", SEVERAL})


@dataclass(frozen=True)
class Area:
    """Where to look: in some districts, by key, or everywhere."""

    district_ids: frozenset[int] | None = None


EVERYWHERE: Final = Area()


@dataclass(frozen=True)
class FoundCourse:
    """A row that fits, with what was told since, where it is, and its edition in short."""

    entry: EditionEntry
    head: Head
    told: Told | None
    rank: int
    kilometres: float | None


@dataclass(frozen=True)
class Found:
    """A page of what was found; ``count`` is exact up to ``MOST_COUNTED``."""

    courses: Sequence[FoundCourse]
    count: int
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def is_capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > MOST_COUNTED


def find(  # noqa: PLR0913 -- what, where, how much of it
    session: Session,
    search: Search,
    *,
    area: Area = EVERYWHERE,
    per_page: int = PER_PAGE,
    is_internal: bool = False,
    has_counts: bool = True,
    more: Sequence[ColumnElement[bool]] = (),
) -> Found:
    """Return a page of the courses that fit, the recommendable ones first.

    ``is_internal`` adds the rows for professionals and their columns; the caller has asked for
    permission. Without ``has_counts`` only the number of all is counted; ``more`` are further
    conditions on the rows of the index.
    """
    where = [*in_area(area, is_internal=is_internal), *more]
    if has_counts:
        count, counts = _counted(session, search, where)
    else:
        count, counts = _number_of(session, search, where), {}
    keys = _keys(session, search, where, per_page) if count else []
    courses = _courses(session, keys, search.centre, is_internal=is_internal) if keys else []
    return Found(courses, count, counts)


def in_area(area: Area, *, is_internal: bool = False) -> list[ColumnElement[bool]]:
    """Return the conditions for the rows that may be looked through."""
    seen = [Visibility.PUBLIC, *([Visibility.PROFESSIONALS] if is_internal else [])]
    where: list[ColumnElement[bool]] = [
        or_(CurrentCourse.visibility.is_(None), CurrentCourse.visibility.in_(seen))
    ]
    if area.district_ids is not None:
        where.append(CurrentCourse.district_id.in_(area.district_ids))
    return where


# ---- counts


def _counted(
    session: Session, search: Search, where: Sequence[ColumnElement[bool]]
) -> tuple[int, dict[str, Mapping[str, int]]]:
    """Return how many fit, and how many each value would leave; one statement."""
    conditions = search.conditions(CURRENT)
    soft = {name: condition for name, condition in conditions.items() if name not in HARD}
    hard = [condition for name, condition in conditions.items() if name in HARD]
    base = (
        select(
            *(CURRENT.column(name).label(name) for name in (*SIMPLE, SEVERAL)),
            CurrentCourse.level_from_sort,
            CurrentCourse.level_to_sort,
            *(_answer(CURRENT.flag(name)).label(f"flag_{name}") for name in FLAGS),
            *(_answer(condition).label(f"is_{name}") for name, condition in soft.items()),
        )
        .where(*where, *hard)
        .cte("base")
    )
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*CHOICES, *FLAGS)}
    pairs: Counter[tuple[int | None, int | None]] = Counter()
    total = 0
    for parameter, value, other, count in session.execute(union_all(*_parts(base, list(soft)))):
        if parameter == "":
            total = count
        elif parameter == "niveau":
            pairs[_number(value), _number(other)] += count
        elif value and parameter == SEVERAL:
            for word in CurrentCourse.admission.type.process_result_value(value, None) or ():
                counts[parameter][word] += count
        elif value:
            counts[parameter][value] += count
    counts["niveau"] = level_counts(pairs, list(known_codes(session).levels.values()))
    return total, dict(counts)


def _number_of(session: Session, search: Search, where: Sequence[ColumnElement[bool]]) -> int:
    capped = (
        select(literal(1).label("one"))
        .select_from(CurrentCourse)
        .where(*where, *search.conditions(CURRENT).values())
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    return session.scalars(select(func.count()).select_from(capped)).one()


def _answer(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _parts(base: CTE, soft: Sequence[str]) -> Iterable[Any]:  # Any: selects of four columns
    def met(*, but: str = "") -> list[ColumnElement[bool]]:
        return [base.c[f"is_{name}"] == 1 for name in soft if name != but]

    nothing = cast(literal(None), String)
    capped = select(literal(1)).select_from(base).where(*met()).limit(MOST_COUNTED + 1).subquery()
    yield select(literal(""), nothing, nothing, func.count()).select_from(capped)
    for name in (*SIMPLE, SEVERAL):
        column = base.c[name]
        yield (
            select(literal(name), cast(column, String), nothing, func.count())
            .where(*met(but=name))
            .group_by(column)
        )
    lower, upper = base.c.level_from_sort, base.c.level_to_sort
    yield (
        select(literal("niveau"), cast(lower, String), cast(upper, String), func.count())
        .where(*met(but="niveau"))
        .group_by(lower, upper)
    )
    for name in FLAGS:
        yield (
            select(literal(name), literal("1"), nothing, func.count())
            .select_from(base)
            .where(*met(but=name), base.c[f"flag_{name}"] == 1)
        )


def _number(value: str | None) -> int | None:
    return None if value is None else int(value)


# ---- rows


def _order(search: Search) -> list[ColumnElement[Any]]:
    """Recommendable first, then stale, full and cancelled; inside by what was asked for."""
    row: Any = CurrentCourse  # its columns, whatever they hold
    today = clock.today()
    joins_anytime = row.start_kind.in_((StartKind.ROLLING, StartKind.REGULAR))
    comes = case(
        (row.starts_on >= today, 0), (joins_anytime, 1), (row.starts_on < today, 2), else_=3
    )
    start: list[Any] = [comes, row.starts_on]
    ways: Mapping[str, list[Any]] = {
        "plaetze": [func.coalesce(row.told_free, row.seats_free, -1).desc(), *start],
        "niveau": [row.level_from_sort.is_(None), row.level_from_sort, row.level_to_sort, *start],
        "ort": [row.town.is_(None), row.town, *start],
        "traeger": [row.provider, *start],
    }
    if search.sort == "entfernung" and search.centre is not None:
        distance = CURRENT.square_degrees(search.centre)
        return [row.rank, distance.is_(None), distance, *start, row.entry_id]
    return [row.rank, *ways.get(search.sort, start), row.entry_id]


def _keys(
    session: Session, search: Search, where: Sequence[ColumnElement[bool]], per_page: int
) -> Sequence[int]:
    query = (
        select(CurrentCourse.entry_id)
        .where(*where, *search.conditions(CURRENT).values())
        .order_by(*_order(search))
        .limit(per_page)
        .offset((search.page - 1) * per_page)
    )
    return session.scalars(query).all()


def _courses(
    session: Session, keys: Sequence[int], centre: Point | None, *, is_internal: bool
) -> list[FoundCourse]:
    query = (
        select(EditionEntry, CurrentCourse)
        .join(CurrentCourse, CurrentCourse.entry_id == EditionEntry.id)
        .where(EditionEntry.id.in_(keys))
    )
    if not is_internal:
        query = query.options(*(defer(column, raiseload=True) for column in INTERNAL))
    rows = {entry.id: (entry, current) for entry, current in session.execute(query)}
    known = heads(session, {entry.edition_id for entry, _ in rows.values()})
    return [course_of(*rows[key], known, centre) for key in keys]


def course_of(
    entry: EditionEntry, current: CurrentCourse, known: Mapping[int, Head], centre: Point | None
) -> FoundCourse:
    """Return a row with what was told since and its distance from ``centre``."""
    km = None
    if centre is not None and current.lat is not None and current.lon is not None:
        km = distance_km(centre, Point(current.lat, current.lon))
    return FoundCourse(entry, known[entry.edition_id], told_of(current), current.rank, km)


def told_of(current: CurrentCourse) -> Told | None:
    """Return what was told of a row since, if anything."""
    if current.told_on is None:
        return None
    return Told(current.told_on, current.told_free, current.told_status)


def counts_of(
    session: Session, searches: Sequence[tuple[Search, Area]], *, is_internal: bool = False
) -> list[int]:
    """Return how many courses each of several searches would find; one statement."""
    if not searches:
        return []
    columns = []
    for search, area in searches:
        conditions = [
            *in_area(area, is_internal=is_internal),
            *search.conditions(CURRENT).values(),
        ]
        met = case((conditions[0] if len(conditions) == 1 else _all(conditions), 1), else_=0)
        columns.append(func.coalesce(func.sum(met), 0))
    return [int(count) for count in session.execute(select(*columns)).one()]


def _all(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *rest = conditions
    for condition in rest:
        first = first & condition
    return first
