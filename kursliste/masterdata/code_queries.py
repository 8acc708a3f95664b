"""Finding course types, levels, statuses and the words of imports; for whoever edits them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from kursliste.domain.course import CourseStatus
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.words import compared
from kursliste.models.approved import ApprovedCourse
from kursliste.models.codes import Alias, CourseType, Level, StatusWords
from kursliste.models.current import CurrentCourse
from kursliste.models.edition import EditionEntry
from kursliste.models.report import ReportedCourse

COURSE_TYPE, LEVEL, STATUS = "course_type", "level", "status"
"""What a word may stand for; kinds of :class:`Alias`, but for the levels, which have none."""


def course_types(session: Session, actor: Actor) -> Sequence[CourseType]:
    """Return all course types in the order of the list."""
    require(actor, Permission.CODES_EDIT, Scope())
    return session.scalars(select(CourseType).order_by(CourseType.sort, CourseType.code)).all()


def course_type(session: Session, actor: Actor, code: str) -> CourseType:
    """Return one course type, or raise NotFoundError."""
    require(actor, Permission.CODES_EDIT, Scope())
    found = session.get(CourseType, code)
    if found is None:
        raise NotFoundError(f"course type {code}")
    return found


def levels(session: Session, actor: Actor) -> Sequence[Level]:
    """Return all levels, the lowest first."""
    require(actor, Permission.CODES_EDIT, Scope())
    return session.scalars(select(Level).order_by(Level.sort, Level.code)).all()


def level(session: Session, actor: Actor, code: str) -> Level:
    """Return one level, or raise NotFoundError."""
    require(actor, Permission.CODES_EDIT, Scope())
    found = session.get(Level, code)
    if found is None:
        raise NotFoundError(f"level {code}")
    return found


def statuses(session: Session, actor: Actor) -> Sequence[StatusWords]:
    """Return the words of all statuses in their order."""
    require(actor, Permission.CODES_EDIT, Scope())
    return session.scalars(select(StatusWords).order_by(StatusWords.sort, StatusWords.code)).all()


def status_words(session: Session, actor: Actor, code: str) -> StatusWords:
    """Return the words of one status, or raise NotFoundError."""
    require(actor, Permission.CODES_EDIT, Scope())
    found = session.get(StatusWords, CourseStatus(code)) if code in set(CourseStatus) else None
    if found is None:
        raise NotFoundError(f"status {code}")
    return found


def words_for(session: Session, kind: str, code: str) -> Sequence[Alias]:
    """Return the words by which an import knows a type or a status, in their order."""
    query = select(Alias).where(Alias.kind == kind, Alias.meaning == code)
    return session.scalars(query.order_by(Alias.alias, Alias.id)).all()


def word(session: Session, kind: str, code: str, alias_id: int) -> Alias:
    """Return one word of a type or a status, or raise NotFoundError."""
    found = session.get(Alias, alias_id)
    if found is None or (found.kind, found.meaning) != (kind, code):
        raise NotFoundError(f"word {alias_id} of {code}")
    return found


def labels_of(session: Session, kind: str) -> dict[str, str]:
    """Return the labels of one code table by code."""
    tables: Mapping[str, type[CourseType | Level | StatusWords]] = {
        COURSE_TYPE: CourseType,
        LEVEL: Level,
        STATUS: StatusWords,
    }
    table = tables[kind]
    return {str(code): label for code, label in session.execute(select(table.code, table.label))}


def meaning_of(session: Session, kind: str, text: str) -> str | None:
    """Return the code that an import reads in a word, or None.

    A label or a code goes before the other words, as it does in an import.
    """
    wanted, labels = compared(text), labels_of(session, kind)
    for code, label in labels.items():
        if wanted in {compared(code), compared(label)}:
            return code
    query = select(Alias.alias, Alias.meaning).where(Alias.kind == kind).order_by(Alias.id.desc())
    for alias, code in session.execute(query):
        if code in labels and compared(alias) == wanted:
            return str(code)
    return None


def is_used(session: Session, code: str) -> bool:
    """Return whether any course has this type: reported, approved or published."""
    tables = (ReportedCourse, ApprovedCourse, EditionEntry)
    return any(session.scalar(select(exists().where(t.course_type == code))) for t in tables)


def current_courses(session: Session, code: str) -> int:
    """Return how many courses of this type stand in current lists."""
    query = select(func.count()).where(CurrentCourse.course_type == code)
    return session.execute(query).scalar_one()
