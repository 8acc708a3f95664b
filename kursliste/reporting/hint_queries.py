"""Open hints of readers: what a provider and a coordinator have to look at."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor, Role
from kursliste.models.hint import ReaderHint


def open_hints(
    session: Session,
    actor: Actor,
    *,
    provider_id: int | None = None,
    district_id: int | None = None,
) -> Sequence[ReaderHint]:
    """Return the hints that the actor may see and that nobody settled, the newest first."""
    query = (
        select(ReaderHint)
        .where(ReaderHint.settled_at.is_(None))
        .order_by(ReaderHint.given_at.desc(), ReaderHint.id)
        .options(joinedload(ReaderHint.provider))
    )
    if not actor.is_administrator:
        query = query.where(
            or_(
                ReaderHint.provider_id.in_(actor.provider_ids),
                ReaderHint.district_id.in_(actor.district_ids(Role.COORDINATOR)),
            )
        )
    if provider_id is not None:
        query = query.where(ReaderHint.provider_id == provider_id)
    if district_id is not None:
        query = query.where(ReaderHint.district_id == district_id)
    return session.scalars(query).all()


def open_hint(session: Session, actor: Actor, hint_id: int) -> ReaderHint:
    """Return an open hint that the actor may see, or raise NotFoundError."""
    found = next((one for one in open_hints(session, actor) if one.id == hint_id), None)
    if found is None:
        raise NotFoundError(f"hint {hint_id}")
    return found
