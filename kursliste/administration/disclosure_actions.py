"""Telling a person what is held about them."""

from typing import Any

from sqlalchemy.orm import Session

from kursliste.administration.disclosure import held_about
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.infrastructure import clock, journal
from kursliste.models.identity import User

SCHEMA = "kursliste.disclosure/1"


def disclose_own(session: Session, person: User, *, actor: Actor) -> dict[str, Any]:
    """Return what is held about the actor, without texts of others that name them."""
    require(actor, Permission.ACCOUNT_USE, Scope(user_id=person.id))
    return _disclosed(session, person, mentions=False, actor=actor)


def disclose_person(session: Session, person: User, *, actor: Actor) -> dict[str, Any]:
    """Return what is held about a person, with every text that names them, to be read first."""
    require(actor, Permission.USER_MANAGE, Scope())
    return _disclosed(session, person, mentions=True, actor=actor)


def _disclosed(session: Session, person: User, *, mentions: bool, actor: Actor) -> dict[str, Any]:
    held = held_about(session, person, mentions=mentions)
    scope = Scope(user_id=person.id)
    count = sum(map(len, held.values()))
    event = JournalEvent.PERSON_EXPORTED
    journal.record(session, event, person, actor=actor, scope=scope, count=count)
    return {
        "schema": SCHEMA,
        "made_at": clock.now().isoformat(),
        "person": {"name": person.name, "email": person.email},
        "with_mentions": mentions,
        "held": held,
    }
