"""Internal notes: what coordinators write for each other about a provider."""

from sqlalchemy.orm import Session

from kursliste.domain.errors import Rule
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.texts import checked_text
from kursliste.infrastructure import clock, journal
from kursliste.models.masterdata import District, Provider
from kursliste.models.review import NOTE_LENGTH, ProviderNote


def write_note(
    session: Session, district: District, provider: Provider, *, text: str, actor: Actor
) -> ProviderNote:
    """Keep a note about a provider of the district; only its coordinators ever see it.

    Raises RuleViolationError for an empty or too long text. The journal says who wrote when and
    not what: a note that is removed is gone.
    """
    require(actor, Permission.NOTE_WRITE, Scope(district_id=district.id, provider_id=provider.id))
    words = checked_text(text, field="text", longest=NOTE_LENGTH, missing=Rule.NOTE_EMPTY)
    note = ProviderNote(
        provider_id=provider.id,
        district_id=district.id,
        text=words,
        written_at=clock.now(),
        written_by_id=actor.user_id,
        written_by=actor.name,
    )
    session.add(note)
    session.flush()  # the journal needs its id
    journal.record(session, JournalEvent.NOTE_WRITTEN, note, actor=actor, scope=note.scope)
    return note


def remove_note(session: Session, note: ProviderNote, *, actor: Actor) -> None:
    """Remove a note for good; every coordinator of its district may, whoever wrote it."""
    require(actor, Permission.NOTE_WRITE, note.scope)
    journal.record(session, JournalEvent.NOTE_REMOVED, note, actor=actor, scope=note.scope)
    session.delete(note)
