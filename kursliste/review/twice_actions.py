"""Saying that two providers that look like one are two."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.infrastructure import clock, journal
from kursliste.masterdata.moving import lock_providers
from kursliste.models.masterdata import District, KnownApart, Provider


def tell_apart(
    session: Session, district: District, one: Provider, other: Provider, *, actor: Actor
) -> None:
    """Keep for good that two providers are two; said twice it is kept once."""
    require(actor, Permission.PROVIDER_MERGE, district.scope)
    lock_providers(session, one, other)  # pressed twice, the second one finds the first one's word
    first, second = sorted((one, other), key=lambda provider: provider.id)
    known = select(KnownApart.id).where(
        KnownApart.one_id == first.id, KnownApart.other_id == second.id
    )
    if session.scalar(known) is not None:
        return
    session.add(
        KnownApart(one_id=first.id, other_id=second.id, told_at=clock.now(), told_by=actor.name)
    )
    journal.record(
        session,
        JournalEvent.PROVIDERS_TOLD_APART,
        first,
        actor=actor,
        scope=Scope(district_id=district.id, provider_id=first.id),
        provider=second.name,
    )
