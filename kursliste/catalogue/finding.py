"""Finding courses in the current lists of one district, of several, or of all.

Three statements at most once codes and editions are known: how many there are for each value, the
keys of a page, its rows. Only published rows are read; internal ones only where the caller says so.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from heapq import nsmallest
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, literal, or_, select
from sqlalchemy.orm import Session, defer

from kursliste.catalogue.known import Head, heads
from kursliste.catalogue.match_queries import Told
from kursliste.catalogue.queries import INTERNAL
from kursliste.catalogue.rows import CURRENT, WALKED, Rows
from kursliste.catalogue.search import PLACES, Search
from kursliste.catalogue.tallying import Counted, Where, is_many, places_of, tallied, undecided
from kursliste.domain.course import StartKind, Visibility
from kursliste.domain.geo import Point, distance_km
from kursliste.infrastructure import clock
from kursliste.models.current import CurrentCourse
from kursliste.models.edition import EditionEntry

PER_PAGE: Final = 50
MOST_COUNTED: Final = 10_000
"""Exact up to here; above it says "mehr als 10.000" (SPEED.md, section 3)."""


@dataclass(frozen=True)
class Area:
    """Where to look: in some districts, by key, or everywhere."""

    district_ids: frozenset[int] | None = None


EVERYWHERE: Final = Area()
LAST: Final = 1_000_000
"""Behind every level and every distance."""

SORTED_OTHERWISE: Final = frozenset({"plaetze", "niveau", "ort", "traeger", "entfernung"})


@dataclass(frozen=True)
class FoundCourse:
    """A row that fits, with what was told since, where it is, and its edition in short."""

    entry: EditionEntry
    head: Head
    told: Told | None
    rank: int
    kilometres: float | None
    at: Point | None = None


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
        shared = None if more else (area, is_internal)
        count, counts, keys = _counted(session, search, where, shared, per_page)
    else:
        count, counts = _number_of(session, search, where), {}

        def conditions(rows: Rows) -> Where:
            return [*where, *search.conditions(rows).values()]

        keys = _page(session, search, conditions, per_page, count) if count else []
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


def _number_of(session: Session, search: Search, where: Sequence[ColumnElement[bool]]) -> int:
    capped = (
        select(literal(1).label("one"))
        .select_from(CurrentCourse)
        .where(*where, *search.conditions(CURRENT).values())
        .limit(MOST_COUNTED + 1)
        .subquery()
    )
    return session.scalars(select(func.count()).select_from(capped)).one()


# ---- rows


def _counted(
    session: Session, search: Search, where: Where, shared: Hashable, per_page: int
) -> tuple[int, Counted, Sequence[int]]:
    """Return how many fit, how many each value would leave, and the keys of a page."""
    tally = tallied(session, search, where, shared)
    if not tally.count:
        return 0, tally.counts, []

    def conditions(rows: Rows) -> Where:
        return [*where, *undecided(search, rows).values(), *tally.condition()]

    if is_many(tally.count):
        places_of(session, search, conditions(CURRENT), shared, tally.counts)
        return tally.count, tally.counts, _page(session, search, conditions, per_page, tally.count)
    places = [CURRENT.column(name) for name in PLACES]
    rows = session.execute(select(*places, *_turn(search)).where(*conditions(CURRENT))).all()
    for number, name in enumerate(PLACES):
        if not search.chosen(name):
            tally.counts[name] = Counter(row[number] for row in rows if row[number])
    first = (search.page - 1) * per_page
    turn = itemgetter(slice(len(places), None))
    ordered = nsmallest(first + per_page, rows, key=turn)
    return len(rows), tally.counts, [row[-1] for row in ordered[first:]]


def _turn(search: Search) -> list[ColumnElement[Any]]:
    """Return what rows are sorted by, the key last; nothing of it is unknown.

    Recommendable first, then stale, full and cancelled; inside by what was asked for.
    """
    row: Any = CurrentCourse  # its columns, whatever they hold
    today = clock.today()
    joins_anytime = row.start_kind.in_((StartKind.ROLLING, StartKind.REGULAR))
    comes = case(
        (row.starts_on >= today, 0), (joins_anytime, 1), (row.starts_on < today, 2), else_=3
    )
    start: list[Any] = [comes, func.coalesce(row.starts_on, date.max)]
    last = func.coalesce(row.level_to_sort, LAST)
    ways: Mapping[str, list[Any]] = {
        "plaetze": [-func.coalesce(row.told_free, row.seats_free, -1), *start],
        "niveau": [func.coalesce(row.level_from_sort, LAST), last, *start],
        "ort": [row.town.is_(None), func.coalesce(row.town, ""), *start],
        "traeger": [row.provider, *start],
    }
    if search.sort == "entfernung" and search.centre is not None:
        distance = func.coalesce(CURRENT.square_degrees(search.centre), LAST)
        return [row.rank, distance, *start, row.entry_id]
    return [row.rank, *ways.get(search.sort, start), row.entry_id]


def _page(
    session: Session, search: Search, where: Callable[[Rows], Where], per_page: int, count: int
) -> Sequence[int]:
    """Return the keys of a page.

    Most pages of the usual order hold only courses that begin and can be recommended; the index
    has those in their order, so that of many rows only a page is looked at.
    """
    first = (search.page - 1) * per_page
    if is_many(count) and search.sort not in SORTED_OTHERWISE:
        row = CurrentCourse
        query = (
            select(row.entry_id)
            .where(row.rank == 0, row.starts_on >= clock.today(), *where(WALKED))
            .order_by(row.starts_on, row.entry_id)
        )
        keys = session.scalars(query.limit(per_page).offset(first)).all()
        if len(keys) == per_page:
            return keys
    query = select(CurrentCourse.entry_id).where(*where(CURRENT)).order_by(*_turn(search))
    return session.scalars(query.limit(per_page).offset(first)).all()


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
    at = None
    if current.lat is not None and current.lon is not None:
        at = Point(current.lat, current.lon)
    km = None if at is None or centre is None else distance_km(centre, at)
    return FoundCourse(entry, known[entry.edition_id], told_of(current), current.rank, km, at)


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
