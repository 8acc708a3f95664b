"""Writing the journal; there is no function to change or delete an entry."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.events import INTERNAL_EVENTS, JournalEvent
from kursliste.domain.permissions import Actor, Scope
from kursliste.infrastructure import clock
from kursliste.models.journal import JournalEntry


class Subject(Protocol):
    """Anything with a row of its own."""

    __tablename__: str

    @property
    def id(self) -> Any: ...  # a number, or the text key of a course


def record(
    session: Session,
    event: JournalEvent,
    subject: Subject,
    *,
    actor: Actor,
    scope: Scope,
    changes: Mapping[str, tuple[object, object]] | None = None,
    **details: object,
) -> None:
    """Add one entry in the caller's transaction.

    ``scope`` says whose history it belongs to, ``changes`` is attribute -> (old, new). Whether a
    provider may see it follows from the event (``INTERNAL_EVENTS``). The subject must have its id.
    """
    session.add(
        JournalEntry(
            at=clock.now(),
            actor_id=actor.user_id,
            actor_name=actor.name,
            event=event,
            subject_table=subject.__tablename__,
            subject_id=str(subject.id),
            district_id=scope.district_id,
            provider_id=scope.provider_id,
            is_internal=event in INTERNAL_EVENTS,
            changes={
                name: [plain(old), plain(new)] for name, (old, new) in (changes or {}).items()
            },
            details={name: plain(value) for name, value in details.items()},
        )
    )


def plain(value: object) -> Any:
    """Return ``value`` as JSON can hold it: dates, times, months in ISO form, amounts as text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, str | Decimal | Month) else repr(value)
