"""The published course that a hint is about, and who hears of it."""

from collections.abc import Sequence

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from kursliste.catalogue.queries import is_public
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Role
from kursliste.models.current import CurrentCourse
from kursliste.models.edition import Edition, EditionEntry
from kursliste.models.identity import Membership, User
from kursliste.models.outbox import OutgoingMail


def published(session: Session, course_id: str) -> tuple[EditionEntry, Edition]:
    """Return the public row of a course in its current list, or raise NotFoundError."""
    query = (
        select(EditionEntry, Edition)
        .join(CurrentCourse, CurrentCourse.entry_id == EditionEntry.id)
        .join(Edition, Edition.id == EditionEntry.edition_id)
        .where(EditionEntry.course_id == course_id, is_public())
        .order_by(EditionEntry.id.desc())
        .limit(1)
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFoundError(f"course {course_id}")
    return found[0], found[1]


def who_hears(session: Session, provider_id: int, district_id: int) -> Sequence[User]:
    """Return the provider's reporters and the district's coordinators, by key."""
    query = (
        select(User)
        .where(
            User.is_active.is_(True),
            exists().where(
                Membership.user_id == User.id,
                or_(
                    and_(Membership.role == Role.PROVIDER, Membership.provider_id == provider_id),
                    and_(
                        Membership.role == Role.COORDINATOR, Membership.district_id == district_id
                    ),
                ),
            ),
        )
        .order_by(User.id)
    )
    return session.scalars(query).all()


def is_queued(session: Session, dedupe_key: str) -> bool:
    """Return whether a mail with this key was written already."""
    query = select(OutgoingMail.id).where(OutgoingMail.dedupe_key == dedupe_key)
    return session.scalar(query) is not None
