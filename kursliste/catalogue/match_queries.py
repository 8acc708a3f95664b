"""How the rows of one edition answer a search; what never changes of them is read apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session

from kursliste.catalogue.queries import is_public
from kursliste.catalogue.rows import ENTRIES, Joined
from kursliste.catalogue.search import FLAGS, Search
from kursliste.domain.course import CourseStatus
from kursliste.domain.geo import Point
from kursliste.models.current import CurrentCourse
from kursliste.models.edition import EditionEntry


def facets(
    session: Session, edition_id: int, seen: ColumnElement[bool] | None = None
) -> list[dict[str, object]]:
    """Return, for every public row, the values that filters know; they never change.

    ``seen`` is another condition on the rows, for who may see more.
    """
    query = (
        select(
            EditionEntry.course_group.label("gruppe"),
            EditionEntry.course_type.label("art"),
            EditionEntry.town.label("ort"),
            EditionEntry.time_of_day.label("tageszeit"),
            EditionEntry.delivery.label("form"),
            EditionEntry.admission.label("zugang"),
            EditionEntry.provider.label("traeger"),
            EditionEntry.level_from_sort,
            EditionEntry.level_to_sort,
        )
        .where(EditionEntry.edition_id == edition_id, is_public() if seen is None else seen)
        .order_by(EditionEntry.position, EditionEntry.id)
    )
    return [dict(row) for row in session.execute(query).mappings()]


@dataclass(frozen=True)
class Told:
    """Seats and status of a row as they are now, where something else was told since."""

    on: date
    seats_free: int | None
    status: CourseStatus | None


@dataclass(frozen=True)
class Match:
    """Of a public row: which criteria it fulfils, which flags it has, what was told since,
    where it is.
    """

    entry_id: int
    fits: Sequence[bool]
    flags: Mapping[str, bool]
    told: Told | None
    at: Point | None


def matches(
    session: Session,
    edition_id: int,
    search: Search,
    *,
    is_current: bool,
    seen: ColumnElement[bool] | None = None,
) -> list[Match]:
    """Return how every public row of an edition answers a search, in the order of the list.

    ``seen`` is another condition on the rows, for who may see more.
    """
    rows = Joined() if is_current else ENTRIES
    conditions = [criterion.build(rows) for criterion in search.criteria]
    flags = [rows.flag(name) for name in FLAGS]
    query = (
        select(
            EditionEntry.id,
            CurrentCourse.told_on,
            CurrentCourse.told_free,
            CurrentCourse.told_status,
            CurrentCourse.lat,
            CurrentCourse.lon,
            *(case((condition, 1), else_=0) for condition in (*conditions, *flags)),
        )
        .outerjoin(CurrentCourse, CurrentCourse.entry_id == EditionEntry.id)
        .where(EditionEntry.edition_id == edition_id, is_public() if seen is None else seen)
        .order_by(EditionEntry.position, EditionEntry.id)
    )
    found = []
    for key, told_on, told_free, told_status, lat, lon, *answers in session.execute(query):
        fits = [bool(answer) for answer in answers]
        told = Told(told_on, told_free, told_status) if told_on and is_current else None
        at = None if lat is None or lon is None else Point(lat, lon)
        own = dict(zip(FLAGS, fits[len(conditions) :], strict=True))
        found.append(Match(key, fits[: len(conditions)], own, told, at))
    return found
