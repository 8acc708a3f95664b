"""Writing and removing notes about courses."""

from sqlalchemy.orm import Session

from kursliste.domain.errors import Rule
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.professionals import LONGEST_NOTE
from kursliste.domain.texts import checked_text
from kursliste.infrastructure import clock, journal
from kursliste.models.course_note import CourseNote


def write_course_note(
    session: Session, district_id: int, course_id: str, *, text: str, actor: Actor
) -> CourseNote:
    """Keep a note about a course; only professionals of the district ever see it.

    Raises RuleViolationError for an empty or too long text. The journal says who wrote when and
    not what: a note that is removed is gone.
    """
    require(actor, Permission.COURSE_NOTE_WRITE, Scope(district_id=district_id))
    words = checked_text(text, field="text", longest=LONGEST_NOTE, missing=Rule.NOTE_EMPTY)
    note = CourseNote(
        course_id=course_id,
        district_id=district_id,
        text=words,
        written_at=clock.now(),
        written_by_id=actor.user_id,
        written_by=actor.name,
    )
    session.add(note)
    session.flush()  # the journal needs its id
    event = JournalEvent.COURSE_NOTE_WRITTEN
    journal.record(session, event, note, actor=actor, scope=note.scope, course=course_id)
    return note


def remove_course_note(session: Session, note: CourseNote, *, actor: Actor) -> None:
    """Remove a note for good: whoever wrote it may, and the coordination of its district."""
    require(actor, Permission.COURSE_NOTE_REMOVE, note.scope)
    event = JournalEvent.COURSE_NOTE_REMOVED
    journal.record(session, event, note, actor=actor, scope=note.scope, course=note.course_id)
    session.delete(note)
