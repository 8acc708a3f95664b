"""Finding editions, their entries and their files. Only what is published is known here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, defer, load_only, selectinload

from kursliste.catalogue.search import Search
from kursliste.domain.calendar import Month
from kursliste.domain.course import FIELDS, Visibility
from kursliste.domain.errors import NotFoundError
from kursliste.models.codes import Level
from kursliste.models.edition import (
    Edition,
    EditionEntry,
    EditionErasure,
    EditionFile,
    EditionWithdrawal,
    current_edition_ids,
    newest_first,
    stands,
)
from kursliste.models.layout import LogoImage
from kursliste.models.masterdata import District, first_list_ids

INTERNAL: Final = tuple(
    getattr(EditionEntry, field.attribute) for field in FIELDS if field.internal
)
"""Columns that are never even read for a public page; touching one raises an error."""

HEAD: Final = (
    Edition.district_slug,
    Edition.district_name,
    Edition.month,
    Edition.number,
    Edition.published_at,
    Edition.list_title,
    Edition.list_slug,
    Edition.responsible,
    Edition.replaces,
    Edition.reason,
)

TOLD: Final = (
    EditionEntry.edition_id,
    EditionEntry.course_id,
    EditionEntry.status,
    EditionEntry.starts_on,
    EditionEntry.start_note,
    EditionEntry.town,
    EditionEntry.seats_free,
)
"""What news tell of a row, see ``news_section``."""


@dataclass(frozen=True)
class DistrictLine:
    """A district and its current edition, if it has one, with the number of its public courses."""

    district: District
    edition: Edition | None
    courses: int


def is_public() -> ColumnElement[bool]:
    """Return the condition for a row that everybody may see."""
    return or_(EditionEntry.visibility.is_(None), EditionEntry.visibility == Visibility.PUBLIC)


def districts(session: Session) -> list[DistrictLine]:
    """Return all districts by name, each with its current edition."""
    current = session.scalars(
        select(Edition)
        .where(Edition.id.in_(current_edition_ids()), Edition.course_list_id.in_(first_list_ids()))
        .order_by(Edition.district_id, Edition.id)
        .options(load_only(*HEAD, Edition.district_id))
    ).all()
    counted = session.execute(
        select(EditionEntry.edition_id, func.count())
        .where(EditionEntry.edition_id.in_([e.id for e in current]), is_public())
        .group_by(EditionEntry.edition_id)
        .order_by(EditionEntry.edition_id)
    )
    counts = {row[0]: row[1] for row in counted}
    editions = {edition.district_id: edition for edition in current}
    found = session.scalars(select(District).order_by(District.name, District.id))
    return [_line(district, editions.get(district.id), counts) for district in found]


def _line(district: District, edition: Edition | None, counts: Mapping[int, int]) -> DistrictLine:
    return DistrictLine(district, edition, counts.get(edition.id, 0) if edition else 0)


def district_by_slug(session: Session, slug: str) -> District:
    """Return a district, or raise NotFoundError."""
    found = session.scalar(select(District).where(District.slug == slug))
    if found is None:
        raise NotFoundError(f"district {slug}")
    return found


def archive(session: Session, district: District) -> Sequence[Edition]:
    """Return the heads of all editions of a district's list with their files, newest first."""
    query = (
        select(Edition)
        .where(Edition.district_id == district.id, Edition.course_list_id.in_(first_list_ids()))
        .order_by(*newest_first())
        .options(load_only(*HEAD), selectinload(Edition.files), selectinload(Edition.withdrawal))
    )
    return session.scalars(query).all()


def newest_editions(session: Session, district: District, most: int) -> Sequence[Edition]:
    """Return the newest editions of a list that stand, with changes, words and files."""
    query = (
        select(Edition)
        .where(
            Edition.district_id == district.id,
            Edition.course_list_id.in_(first_list_ids()),
            stands(),
        )
        .order_by(*newest_first())
        .limit(most)
        .options(selectinload(Edition.files))
    )
    return session.scalars(query).all()


def told_rows(session: Session, edition_ids: Sequence[int]) -> dict[int, list[EditionEntry]]:
    """Return of the public rows of several editions what news tell; one statement."""
    query = (
        select(EditionEntry)
        .where(EditionEntry.edition_id.in_(edition_ids), is_public())
        .order_by(EditionEntry.edition_id, EditionEntry.position, EditionEntry.id)
        .options(load_only(*TOLD, raiseload=True))
    )
    found: dict[int, list[EditionEntry]] = {key: [] for key in edition_ids}
    for entry in session.scalars(query):
        found[entry.edition_id].append(entry)
    return found


@dataclass(frozen=True)
class Numbered:
    """An edition of a list in short; ``erasures`` is how often a person was taken out of it."""

    id: int
    month: Month
    number: int
    reason: str
    is_withdrawn: bool
    erasures: int


@dataclass(frozen=True)
class Shelved:
    """A district and all editions of its list, the newest first."""

    district: District
    editions: Sequence[Numbered]

    @property
    def standing(self) -> Sequence[Numbered]:
        """The editions that were not withdrawn."""
        return [edition for edition in self.editions if not edition.is_withdrawn]

    def one(self, month: Month | None, number: int | None) -> Numbered:
        """Return the newest edition, a month's newest, or one by its number.

        One that was withdrawn is never the newest while another of that month stands; by its month
        or number it is found. Raises NotFoundError if there is none.
        """
        found = self.standing if month is None else [e for e in self.editions if e.month == month]
        wanted = [edition for edition in found if number in {None, edition.number}]
        if not wanted:
            raise NotFoundError(f"edition {month}/{number} of {self.district.slug}")
        return next((edition for edition in wanted if not edition.is_withdrawn), wanted[0])


def shelved(session: Session, slug: str) -> Shelved:
    """Return a district with the editions of its list; one statement. Raises NotFoundError."""
    is_withdrawn = exists().where(EditionWithdrawal.edition_id == Edition.id)
    erasures = (
        select(func.count())
        .where(EditionErasure.edition_id == Edition.id)
        .correlate(Edition)
        .scalar_subquery()
    )
    query = (
        select(
            District,
            Edition.id,
            Edition.month,
            Edition.number,
            Edition.reason,
            is_withdrawn,
            erasures,
        )
        .outerjoin(
            Edition,
            and_(Edition.district_id == District.id, Edition.course_list_id.in_(first_list_ids())),
        )
        .where(District.slug == slug)
        .order_by(*newest_first())
    )
    rows = session.execute(query).all()
    if not rows:
        raise NotFoundError(f"district {slug}")
    return Shelved(rows[0][0], [Numbered(*row[1:]) for row in rows if row[1] is not None])


def edition_by_id(session: Session, edition_id: int) -> Edition:
    """Return an edition with its files, tombstones and words."""
    return session.scalars(
        select(Edition)
        .where(Edition.id == edition_id)
        .options(
            selectinload(Edition.files),
            selectinload(Edition.withdrawal),
            selectinload(Edition.erasures),
        )
    ).one()


def edition(
    session: Session, district: District, month: Month | None = None, number: int | None = None
) -> Edition:
    """Return a district's newest edition, a month's newest, or one by its number.

    One that was withdrawn is never the newest while another of that month stands; by its month or
    number it is found, and ``withdrawal`` says so. Raises NotFoundError if there is none.
    """
    query = select(Edition).where(
        Edition.district_id == district.id, Edition.course_list_id.in_(first_list_ids())
    )
    query = query.where(stands() if month is None else Edition.month == month)
    if number is not None:
        query = query.where(Edition.number == number)
    found = session.scalar(
        query.order_by(stands().desc(), *newest_first())
        .limit(1)
        .options(
            selectinload(Edition.files),
            selectinload(Edition.withdrawal),
            selectinload(Edition.erasures),
        )
    )
    if found is None:
        raise NotFoundError(f"edition {month}/{number} of {district.slug}")
    return found


def file(session: Session, slug: str, month: Month, number: int, name: str) -> EditionFile:
    """Return a public file by its address, with the head of its edition; else NotFoundError.

    Of a withdrawn edition too: ``edition.withdrawal`` says so.
    """
    query = (
        select(EditionFile)
        .join(EditionFile.edition)
        .join(District, District.id == Edition.district_id)
        .where(
            District.slug == slug,
            Edition.course_list_id.in_(first_list_ids()),
            Edition.month == month,
            Edition.number == number,
            EditionFile.name == name,
            EditionFile.is_internal.is_(False),
        )
        .options(
            contains_eager(EditionFile.edition).load_only(*HEAD).selectinload(Edition.withdrawal)
        )
    )
    found = session.scalar(query)
    if found is None:
        raise NotFoundError(f"file {name} of {slug} {month}/{number}")
    return found


def logo(session: Session, sha256: str) -> LogoImage:
    """Return an image that a published edition names, or raise NotFoundError."""
    found = session.scalar(
        select(LogoImage).where(
            LogoImage.sha256 == sha256, exists().where(Edition.logo_sha256 == LogoImage.sha256)
        )
    )
    if found is None:
        raise NotFoundError(f"logo {sha256}")
    return found


def levels(session: Session) -> Sequence[Level]:
    """Return the language levels in their order."""
    return session.scalars(select(Level).order_by(Level.sort, Level.code)).all()


def entries_by_id(session: Session, keys: Sequence[int]) -> Sequence[EditionEntry]:
    """Return rows in the order of the list, without internal columns."""
    query = (
        select(EditionEntry)
        .where(EditionEntry.id.in_(keys))
        .order_by(EditionEntry.position, EditionEntry.id)
        .options(*(defer(column, raiseload=True) for column in INTERNAL))
    )
    return session.scalars(query).all()


def entries(session: Session, of: Edition, search: Search) -> Sequence[EditionEntry]:
    """Return the public rows that fit as published, in the order of the list.

    Internal columns are not read.
    """
    query = (
        select(EditionEntry)
        .where(EditionEntry.edition_id == of.id, _fits(search))
        .order_by(EditionEntry.position, EditionEntry.id)
        .options(*(defer(column, raiseload=True) for column in INTERNAL))
    )
    return session.scalars(query).all()


def _fits(search: Search) -> ColumnElement[bool]:
    """Return the condition for a public row that a reader looks for."""
    condition = search.condition()
    return and_(is_public(), true() if condition is None else condition)


def fitting(
    session: Session, edition_ids: Iterable[int], search: Search
) -> dict[int, frozenset[str]]:
    """Return the Kurs-IDs of the public rows that fit, by edition; one statement."""
    keys = list(edition_ids)
    query = (
        select(EditionEntry.edition_id, EditionEntry.course_id)
        .where(EditionEntry.edition_id.in_(keys), _fits(search))
        .order_by(EditionEntry.edition_id, EditionEntry.position, EditionEntry.id)
    )
    found: dict[int, set[str]] = {key: set() for key in keys}
    for edition_id, course_id in session.execute(query):
        found[edition_id].add(course_id)
    return {key: frozenset(ids) for key, ids in found.items()}


def month_before(session: Session, of: Edition) -> Edition | None:
    """Return the newest edition that stands of the last month before that of an edition."""
    query = (
        select(Edition)
        .where(Edition.course_list_id == of.course_list_id, Edition.month < of.month, stands())
        .order_by(*newest_first())
        .limit(1)
    )
    return session.scalar(query)
