"""Finding a course, what it was before, what is like it, what follows it; published rows only."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, defer

from kursliste.catalogue.finding import EVERYWHERE, FoundCourse, course_of, in_area
from kursliste.catalogue.known import heads
from kursliste.catalogue.queries import INTERNAL, is_public
from kursliste.domain.errors import NotFoundError
from kursliste.domain.pathway import NextStep
from kursliste.infrastructure import clock
from kursliste.models.current import CurrentCourse
from kursliste.models.edition import Edition, EditionEntry, newest_first, stands
from kursliste.models.masterdata import first_list_ids

MOST_EDITIONS: Final = 24
FEW: Final = 5
A_STAGE: Final = 10
"""Places in the order of levels from one stage to the next: A2 is 20, B1 is 30."""

STILL_GOOD: Final = 1
"""The rank of a row that nobody confirmed lately; full and cancelled ones stand behind it."""


def versions(session: Session, course_id: str) -> list[tuple[EditionEntry, CurrentCourse | None]]:
    """Return a course as it was published, the newest first; the first one may be current.

    One edition of each month counts, the last that stands. Raises NotFoundError for a course that
    no public list ever had.
    """
    query = (
        select(EditionEntry, CurrentCourse, Edition.course_list_id, Edition.month)
        .join(Edition, Edition.id == EditionEntry.edition_id)
        .outerjoin(CurrentCourse, CurrentCourse.entry_id == EditionEntry.id)
        .where(
            EditionEntry.course_id == course_id,
            is_public(),
            stands(),
            Edition.course_list_id.in_(first_list_ids()),
        )
        .order_by(CurrentCourse.entry_id.is_(None), *newest_first())
        .limit(MOST_EDITIONS * 2)
        .options(*(defer(column, raiseload=True) for column in INTERNAL))
    )
    found: dict[Any, tuple[EditionEntry, CurrentCourse | None]] = {}
    for entry, current, list_id, month in session.execute(query):
        found.setdefault((list_id, month), (entry, current))
    if not found:
        raise NotFoundError(f"course {course_id}")
    return list(found.values())[:MOST_EDITIONS]


def newest_of_each(
    session: Session, course_ids: Sequence[str]
) -> dict[str, tuple[EditionEntry, CurrentCourse | None]]:
    """Return several courses as they were published last, by Kurs-ID; one statement."""
    if not course_ids:
        return {}
    age = func.row_number().over(
        partition_by=EditionEntry.course_id,
        order_by=(CurrentCourse.entry_id.is_(None), *newest_first()),
    )
    ranked = (
        select(EditionEntry.id, age.label("age"))
        .join(Edition, Edition.id == EditionEntry.edition_id)
        .outerjoin(CurrentCourse, CurrentCourse.entry_id == EditionEntry.id)
        .where(
            EditionEntry.course_id.in_(course_ids),
            is_public(),
            stands(),
            Edition.course_list_id.in_(first_list_ids()),
        )
        .subquery()
    )
    query = (
        select(EditionEntry, CurrentCourse)
        .join(ranked, ranked.c.id == EditionEntry.id)
        .outerjoin(CurrentCourse, CurrentCourse.entry_id == EditionEntry.id)
        .where(ranked.c.age == 1)
        .order_by(EditionEntry.id)
        .options(*(defer(column, raiseload=True) for column in INTERNAL))
    )
    return {entry.course_id: (entry, current) for entry, current in session.execute(query)}


def current_course(session: Session, course_id: str) -> FoundCourse:
    """Return a course of a current public list, or raise NotFoundError."""
    found = newest_of_each(session, [course_id]).get(course_id)
    if found is None or found[1] is None:
        raise NotFoundError(f"course {course_id}")
    entry, current = found[0], found[1]
    return course_of(entry, current, heads(session, {entry.edition_id}), None)


def alike(session: Session, entry: EditionEntry, district_id: int) -> list[FoundCourse]:
    """Return current courses of the same kind and goal at other providers, near ones first."""
    row = CurrentCourse
    return _few(
        session,
        district_id,
        row.course_type == entry.course_type,
        row.level_to.is_not_distinct_from(entry.level_to),
        row.provider_id != entry.provider_id,
    )


def following(
    session: Session, entry: EditionEntry, step: NextStep, district_id: int
) -> list[FoundCourse]:
    """Return current courses that go on where a course ends, the usual ones first."""
    row = CurrentCourse
    rank = case({group: number for number, group in enumerate(step.groups)}, value=row.course_group)
    begins = and_(row.level_from_sort >= step.place, row.level_from_sort < step.place + A_STAGE)
    return _few(
        session,
        district_id,
        row.course_group.in_(step.groups),
        row.course_id != entry.course_id,
        begins,
        or_(row.level_to_sort.is_(None), row.level_to_sort > step.place),
        order=(rank,),
    )


def similar(session: Session, entry: EditionEntry, district_id: int) -> list[FoundCourse]:
    """Return current courses of the same group and goal: for a course that is no longer there."""
    row = CurrentCourse
    return _few(
        session,
        district_id,
        row.course_group == entry.course_group,
        row.level_to.is_not_distinct_from(entry.level_to),
        row.course_id != entry.course_id,
    )


def _few(
    session: Session,
    district_id: int,
    *conditions: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]] = (),
) -> list[FoundCourse]:
    """Return some recommendable courses: those of the district first, then the next to start."""
    row = CurrentCourse
    comes = case((row.starts_on >= clock.today(), 0), (row.starts_on.is_(None), 1), else_=2)
    query = (
        select(EditionEntry, CurrentCourse)
        .join(CurrentCourse, CurrentCourse.entry_id == EditionEntry.id)
        .where(*in_area(EVERYWHERE), row.rank <= STILL_GOOD, *conditions)
        .order_by(row.district_id != district_id, *order, comes, row.starts_on, row.entry_id)
        .limit(FEW)
        .options(*(defer(column, raiseload=True) for column in INTERNAL))
    )
    rows = [(entry, current) for entry, current in session.execute(query)]
    known = heads(session, {entry.edition_id for entry, _ in rows})
    return [course_of(entry, current, known, None) for entry, current in rows]
