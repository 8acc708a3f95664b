"""A provider as the coordinators of one district know it; notes of other districts are not there.

Every query takes the actor, or a district that was found with one.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor, Permission, Role, may
from kursliste.models.identity import Membership, User
from kursliste.models.masterdata import District, Provider
from kursliste.models.review import ProviderNote


def reviewed_provider(
    session: Session, actor: Actor, district: District, provider_id: int
) -> Provider:
    """Return a provider of a district that the actor coordinates, or raise NotFoundError."""
    found = session.scalar(_of(district).where(Provider.id == provider_id))
    if found is None or not may(actor, Permission.NOTE_WRITE, district.scope):
        raise NotFoundError(f"provider {provider_id} of {district.slug}")
    return found


def reviewed_providers(session: Session, actor: Actor, district: District) -> Sequence[Provider]:
    """Return the active providers of a district that the actor coordinates, by name."""
    if not may(actor, Permission.NOTE_WRITE, district.scope):
        raise NotFoundError(f"district {district.slug}")
    query = _of(district).where(Provider.is_active.is_(True))
    return session.scalars(query.order_by(Provider.name, Provider.id)).all()


def _of(district: District) -> Select[Provider]:
    return (
        select(Provider)
        .where(Provider.districts.any(District.id == district.id))
        .options(selectinload(Provider.contacts))
    )


def notes_about(
    session: Session, actor: Actor, district: District, provider_ids: Collection[int]
) -> Mapping[int, Sequence[ProviderNote]]:
    """Return the notes of a district by provider, newest first; nothing of a foreign district."""
    if not may(actor, Permission.NOTE_WRITE, district.scope):
        return {}
    query = (
        select(ProviderNote)
        .where(ProviderNote.district_id == district.id, ProviderNote.provider_id.in_(provider_ids))
        .order_by(ProviderNote.written_at.desc(), ProviderNote.id.desc())
    )
    found: dict[int, list[ProviderNote]] = defaultdict(list)
    for note in session.scalars(query):
        found[note.provider_id].append(note)
    return found


def note_about(
    session: Session, actor: Actor, district: District, provider: Provider, note_id: int
) -> ProviderNote:
    """Return one note about a provider in a district of the actor, or raise NotFoundError."""
    for note in notes_about(session, actor, district, [provider.id]).get(provider.id, ()):
        if note.id == note_id:
            return note
    raise NotFoundError(f"note {note_id} about provider {provider.id} in {district.slug}")


def reporters_by_provider(
    session: Session, provider_ids: Collection[int]
) -> Mapping[int, Sequence[User]]:
    """Return the active people who report for each of these providers, by name."""
    query = (
        select(Provider.id, User)
        .join(Membership, Membership.provider_id == Provider.id)
        .join(Membership.user)
        .where(
            Membership.role == Role.PROVIDER,
            Provider.id.in_(provider_ids),
            User.is_active.is_(True),
        )
        .order_by(User.name, User.id)
    )
    found: dict[int, list[User]] = defaultdict(list)
    for provider_id, user in session.execute(query):
        found[provider_id].append(user)
    return found
