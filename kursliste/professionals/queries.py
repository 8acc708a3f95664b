"""The current edition of a district with everything that professionals may see, and their notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, defer

from kursliste.catalogue import queries as catalogue
from kursliste.domain.course import Visibility
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor, Permission, may
from kursliste.domain.professionals import COORDINATION_ONLY
from kursliste.models.course_note import CourseNote
from kursliste.models.edition import Edition, EditionEntry
from kursliste.models.masterdata import District


@dataclass(frozen=True)
class InternalList:
    """The current edition of a district; ``sees_all`` is for its coordination."""

    district: District
    edition: Edition
    sees_all: bool


def own_district(session: Session, actor: Actor, slug: str) -> District:
    """Return a district for a professional of it, else NotFoundError."""
    district = catalogue.district_by_slug(session, slug)
    if not may(actor, Permission.EDITION_READ_INTERNAL, district.scope):
        raise NotFoundError(f"district {slug}")
    return district


def internal_list(session: Session, actor: Actor, slug: str) -> InternalList:
    """Return the current edition of a district for a professional of it, else NotFoundError."""
    district = own_district(session, actor, slug)
    edition = catalogue.edition(session, district)
    return InternalList(district, edition, may(actor, Permission.EDITION_READ_ALL, district.scope))


def seen(*, sees_all: bool) -> ColumnElement[bool]:
    """Return the condition on the rows of an edition that somebody sees."""
    if sees_all:
        return EditionEntry.id.is_not(None)
    return EditionEntry.visibility.is_distinct_from(Visibility.INTERNAL)


def only(key: int) -> ColumnElement[bool]:
    """Return the condition for one row."""
    return EditionEntry.id == key


def entries(session: Session, keys: Sequence[int], *, sees_all: bool) -> Sequence[EditionEntry]:
    """Return rows with their internal facts in the order of the list."""
    query = (
        select(EditionEntry)
        .where(EditionEntry.id.in_(keys), seen(sees_all=sees_all))
        .order_by(EditionEntry.position, EditionEntry.id)
    )
    if not sees_all:
        hidden = (getattr(EditionEntry, name) for name in sorted(COORDINATION_ONLY))
        query = query.options(*(defer(column, raiseload=True) for column in hidden))
    return session.scalars(query).all()


def entry_key(session: Session, found: InternalList, course_id: str) -> int:
    """Return the key of a course's row in the list, or raise NotFoundError."""
    query = select(EditionEntry.id).where(
        EditionEntry.edition_id == found.edition.id,
        EditionEntry.course_id == course_id,
        seen(sees_all=found.sees_all),
    )
    key = session.scalar(query)
    if key is None:
        raise NotFoundError(f"course {course_id}")
    return key


def notes(
    session: Session, district_id: int, course_ids: Sequence[str]
) -> Mapping[str, Sequence[CourseNote]]:
    """Return the notes about courses of a district by Kurs-ID, the newest first."""
    query = (
        select(CourseNote)
        .where(CourseNote.district_id == district_id, CourseNote.course_id.in_(course_ids))
        .order_by(CourseNote.written_at.desc(), CourseNote.id.desc())
    )
    found: dict[str, list[CourseNote]] = {course_id: [] for course_id in course_ids}
    for note in session.scalars(query):
        found[note.course_id].append(note)
    return found


def own_note(session: Session, actor: Actor, note_id: int) -> CourseNote:
    """Return a note that somebody may remove, or raise NotFoundError."""
    note = session.get(CourseNote, note_id)
    if note is None or not may(actor, Permission.COURSE_NOTE_REMOVE, note.scope):
        raise NotFoundError(f"note {note_id}")
    return note
