"""Which rows name the files in a folder of the shelf."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.models.edition import Edition, EditionFile
from kursliste.models.masterdata import CourseList, District
from kursliste.models.report import Round


@dataclass(frozen=True)
class Folder:
    """The folder of an edition, which may or may not exist; see ``Edition.folder``."""

    district_slug: str
    list_slug: str
    month: Month
    number: int

    @property
    def name(self) -> str:
        return f"{self.district_slug}/{self.list_slug}/{self.month}/a{self.number}"


def named_in(session: Session, folder: Folder) -> set[str]:
    """Return the names of the files that rows name in the folder."""
    query = select(EditionFile.name).join(Edition).where(*_is_in(folder)).order_by(EditionFile.id)
    return set(session.scalars(query))


def lock_folder(session: Session, folder: Folder) -> None:
    """Keep everybody from publishing into the folder until the transaction ends.

    It is the lock of ``queries.locked_round``. Without a round nobody can publish there.
    """
    query = (
        select(Round.id)
        .join(CourseList, CourseList.id == Round.course_list_id)
        .join(District, District.id == CourseList.district_id)
        .where(
            District.slug == folder.district_slug,
            CourseList.slug == folder.list_slug,
            Round.month == folder.month,
        )
        .order_by(Round.id)
        .with_for_update(of=Round)
    )
    session.scalars(query).all()


def has_another_in(session: Session, edition: Edition) -> bool:
    """Return whether another stored edition has its files in the same folder of the shelf.

    It happens where a district took over the short name of another one.
    """
    folder = Folder(edition.district_slug, edition.list_slug, edition.month, edition.number)
    query = select(Edition.id).where(*_is_in(folder), Edition.id != edition.id)
    return session.scalar(query.order_by(Edition.id).limit(1)) is not None


def _is_in(folder: Folder) -> tuple[ColumnElement[bool], ...]:
    return (
        Edition.district_slug == folder.district_slug,
        Edition.list_slug == folder.list_slug,
        Edition.month == folder.month,
        Edition.number == folder.number,
    )
