"""What other websites, search engines and data portals ask for; published rows only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kursliste.catalogue.queries import is_public
from kursliste.domain.calendar import Month
from kursliste.models.edition import Edition, EditionEntry, stands
from kursliste.models.masterdata import CourseList, District


@dataclass(frozen=True)
class CourseLine:
    """One public course in short."""

    course_id: str
    provider: str
    course_type: str | None
    title: str
    level_from: str | None
    level_to: str | None
    town: str | None
    starts_on: date | None

    @property
    def levels(self) -> str:
        """From which level to which, as codes; "" if neither is known."""
        return " – ".join(dict.fromkeys(filter(None, (self.level_from, self.level_to))))


@dataclass(frozen=True)
class PublishedMonth:
    """The newest edition of a month that a district's address shows."""

    district: str
    month: Month
    number: int
    published_at: datetime


def course_lines(session: Session, of: Edition) -> list[CourseLine]:
    """Return the public courses of an edition in short, in the order of the list."""
    query = (
        select(
            EditionEntry.course_id,
            EditionEntry.provider,
            EditionEntry.course_type,
            EditionEntry.title,
            EditionEntry.level_from,
            EditionEntry.level_to,
            EditionEntry.town,
            EditionEntry.starts_on,
        )
        .where(EditionEntry.edition_id == of.id, is_public())
        .order_by(EditionEntry.position, EditionEntry.id)
    )
    return [CourseLine(*row) for row in session.execute(query)]


def published_months(session: Session, *, most: int) -> Sequence[PublishedMonth]:
    """Return the newest standing edition of the last ``most`` months of every district's list.

    By district, the newest month first.
    """
    first_lists = select(func.min(CourseList.id)).group_by(CourseList.district_id)
    in_month = func.row_number().over(
        partition_by=(Edition.course_list_id, Edition.month), order_by=Edition.number.desc()
    )
    age = func.dense_rank().over(partition_by=Edition.course_list_id, order_by=Edition.month.desc())
    ranked = (
        select(
            District.slug,
            Edition.id,
            Edition.month,
            Edition.number,
            Edition.published_at,
            in_month.label("in_month"),
            age.label("age"),
        )
        .join(District, District.id == Edition.district_id)
        .where(Edition.course_list_id.in_(first_lists.scalar_subquery()), stands())
        .subquery()
    )
    query = (
        select(ranked.c.slug, ranked.c.month, ranked.c.number, ranked.c.published_at)
        .where(ranked.c.in_month == 1, ranked.c.age <= most)
        .order_by(ranked.c.slug, ranked.c.age, ranked.c.id)
    )
    return [PublishedMonth(*row) for row in session.execute(query)]
