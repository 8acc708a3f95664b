"""Looking at people, mails and the journal; who may see what is filtered here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select
from sqlalchemy.orm import Session, selectinload

from kursliste.domain.errors import NotFoundError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Role, Scope, require
from kursliste.domain.site import SiteTextKey
from kursliste.infrastructure.any_case import says
from kursliste.infrastructure.clock import BERLIN
from kursliste.models.identity import Membership, User, UserSession
from kursliste.models.journal import JournalEntry
from kursliste.models.masterdata import Provider
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.models.site import Announcement, SiteText

PAGE: Final = 50
Row = TypeVar("Row")


@dataclass(frozen=True)
class Found(Generic[Row]):
    """One page of what was found."""

    rows: Sequence[Row]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


def people(
    session: Session, actor: Actor, *, words: str = "", role: Role | None = None, page: int = 1
) -> Found[User]:
    """Return people by name, with their roles; each word must stand in name or address."""
    require(actor, Permission.USER_MANAGE, Scope())
    query = select(User)
    for word in words.split():
        query = query.where(or_(says(User.name, word), says(User.email, word)))
    if role is not None:
        query = query.where(User.memberships.any(Membership.role == role))
    query = query.options(selectinload(User.memberships), selectinload(User.second_factor))
    return _page(session, query, page, User.name, User.id)


def person(session: Session, actor: Actor, user_id: int) -> User:
    """Return one person with their roles, or raise NotFoundError."""
    require(actor, Permission.USER_MANAGE, Scope())
    query = select(User).where(User.id == user_id).options(selectinload(User.memberships))
    found = session.scalar(query)
    if found is None:
        raise NotFoundError(f"user {user_id}")
    return found


def signed_in_since(session: Session, user: User) -> datetime | None:
    """Return when the person was last seen in a session that is kept; None for none."""
    return session.scalar(
        select(func.max(UserSession.seen_at)).where(UserSession.user_id == user.id)
    )


def mails(
    session: Session,
    actor: Actor,
    *,
    state: MailStatus | None = None,
    words: str = "",
    page: int = 1,
) -> Found[OutgoingMail]:
    """Return mails, newest first; ``words`` stand in the address or the subject."""
    require(actor, Permission.OUTBOX_MANAGE, Scope())
    query = select(OutgoingMail)
    if state is not None:
        query = query.where(OutgoingMail.state == state)
    if words:
        address, subject = OutgoingMail.to_address, OutgoingMail.subject
        query = query.where(or_(says(address, words), says(subject, words)))
    return _page(session, query, page, OutgoingMail.queued_at.desc(), OutgoingMail.id.desc())


def mail(session: Session, actor: Actor, mail_id: int) -> OutgoingMail:
    """Return one mail, or raise NotFoundError."""
    require(actor, Permission.OUTBOX_MANAGE, Scope())
    found = session.get(OutgoingMail, mail_id)
    if found is None:
        raise NotFoundError(f"mail {mail_id}")
    return found


@dataclass(frozen=True)
class JournalQuestion:
    """What somebody looks for in the journal; days are German days, both included."""

    words: str = ""
    district_id: int | None = None
    event: JournalEvent | None = None
    first: date | None = None
    last: date | None = None


def journal_entries(
    session: Session, actor: Actor, asked: JournalQuestion, *, page: int = 1
) -> Found[JournalEntry]:
    """Return what happened, newest first: an administrator sees all, others their districts."""
    query = select(JournalEntry)
    if not actor.is_administrator:
        own = actor.district_ids(Role.COORDINATOR)
        query = query.where(JournalEntry.district_id.in_(own))
    if asked.district_id is not None:
        query = query.where(JournalEntry.district_id == asked.district_id)
    if asked.event is not None:
        query = query.where(JournalEntry.event == asked.event)
    if asked.first is not None:
        query = query.where(JournalEntry.at >= _midnight(asked.first))
    if asked.last is not None:
        query = query.where(JournalEntry.at < _midnight(asked.last + timedelta(days=1)))
    for word in asked.words.split():
        query = query.where(or_(*_stands_in_entry(word)))
    return _page(session, query, page, JournalEntry.at.desc(), JournalEntry.id.desc())


def _stands_in_entry(word: str) -> list[ColumnElement[bool]]:
    columns = (
        JournalEntry.actor_name,
        JournalEntry.subject_id,
        cast(JournalEntry.changes, String),
        cast(JournalEntry.details, String),
    )
    return [says(column, word) for column in columns]


def subjects_of(session: Session, entries: Sequence[JournalEntry]) -> dict[tuple[str, str], str]:
    """Return the names of the accounts and providers that entries are about, by table and key."""
    found: dict[tuple[str, str], str] = {}
    for table in (User, Provider):
        keys = {
            int(entry.subject_id)
            for entry in entries
            if entry.subject_table == table.__tablename__ and entry.subject_id.isdigit()
        }
        rows = session.execute(select(table.id, table.name).where(table.id.in_(keys)))
        found |= {(table.__tablename__, str(key)): name for key, name in rows}
    return found


def site_texts(session: Session) -> dict[SiteTextKey, SiteText]:
    """Return what the operator wrote."""
    return {found.key: found for found in session.scalars(select(SiteText))}


def announcements(session: Session) -> Sequence[Announcement]:
    """Return all announcements, the one that ends last first."""
    query = select(Announcement).order_by(Announcement.ends_on.desc(), Announcement.id.desc())
    return session.scalars(query).all()


def announcement(session: Session, announcement_id: int) -> Announcement:
    """Return one announcement, or raise NotFoundError."""
    found = session.get(Announcement, announcement_id)
    if found is None:
        raise NotFoundError(f"announcement {announcement_id}")
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BERLIN).astimezone(UTC)


def _page(session: Session, query: Select[Row], page: int, *order: Any) -> Found[Row]:
    total = session.execute(
        select(func.count()).select_from(query.order_by(None).options().subquery())
    ).scalar_one()
    here = min(max(page, 1), max(1, -(-total // PAGE)))
    rows = session.scalars(query.order_by(*order).limit(PAGE).offset((here - 1) * PAGE)).all()
    return Found(rows, total, here)
