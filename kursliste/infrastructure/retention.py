"""Walking the table of ``domain.retention``: what was kept long enough goes, in small batches.

Safe to run twice at once and to be killed: each batch is a transaction of its own that looks
anew, and a kind counts as walked only when nothing of it is left.
"""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Table, and_, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from kursliste.domain.retention import EVERY, Keeping, Kind
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import Database, transaction
from kursliste.models.base import Base
from kursliste.models.hint import ReaderHint
from kursliste.models.identity import SecondFactor, User
from kursliste.models.intake import ListUpload
from kursliste.models.journal import JournalEntry
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.models.retention import RetentionRun
from kursliste.models.subscription import ReaderMail, Subscription

log = logging.getLogger(__name__)

BATCH: Final = 200
"""Rows that one transaction removes: others write in between."""

Act = Callable[[Session, int], int]
"""Removes up to so many rows of one kind and returns how many; for what needs more than SQL."""

ONLY: Final[Mapping[Kind, ColumnElement[bool]]] = MappingProxyType(
    {
        Kind.UNPROVED_APP: SecondFactor.confirmed_at.is_(None),
        Kind.MAIL: OutgoingMail.state.in_((MailStatus.SENT, MailStatus.FAILED)),
        Kind.UNSETTLED_HINT: ReaderHint.settled_at.is_(None),
        Kind.UNCONFIRMED_ORDER: Subscription.confirmed_at.is_(None),
        Kind.LEFT_READER: ReaderMail.subscription_id.is_(None),
        Kind.DROPPED_UPLOAD: ListUpload.taken_over_at.is_(None),
        Kind.JOURNAL: JournalEntry.person_removed_at.is_(None),
    }
)
"""Which rows of a table a kind is about, where not all."""

TELLS_NO_PERSON: Final = frozenset(
    {
        "added",
        "attribute",
        "count",
        "courses",
        "edition",
        "editions",
        "fields",
        "how",
        "key",
        "keys",
        "kind",
        "left_out",
        "level",
        "mails",
        "month",
        "numbers",
        "role",
        "rows_sha256",
        "standing",
        "status",
        "step",
        "told_how",
        "types",
    }
)
"""Texts of journal entries that are codes, names of fields or of lists: they stay."""

DAY_OR_TIME: Final = re.compile(r"\d{4}-\d{2}(-\d{2}(T[0-9:.+Z-]+)?)?|\d{2}:\d{2}(:\d{2})?")


@dataclass(kw_only=True)
class Walked:
    """How many rows of each kind went, and how many kinds failed."""

    removed: dict[Kind, int]
    failed: int = 0


def kinds_due(session: Session) -> Sequence[Kind]:
    """Return the kinds that nobody walked for an hour, in the order of the table."""
    ran = _ran(session)
    now = clock.now()
    return [kind for kind in Kind if kind not in ran or ran[kind] <= now - EVERY]


def last_walk(session: Session) -> datetime | None:
    """Return when the kind was walked that waits longest; None where one never was."""
    ran = _ran(session)
    return min(ran.values()) if set(ran) >= set(Kind) else None


def _ran(session: Session) -> Mapping[Kind, datetime]:
    rows = session.execute(select(RetentionRun.kind, RetentionRun.ran_at))
    return dict(rows.all())


def walk(
    database: Database,
    keepings: Sequence[Keeping],
    *,
    acts: Mapping[Kind, Act] = MappingProxyType({}),
    batch: int = BATCH,
) -> Walked:
    """Remove what was kept long enough; ``acts`` says how, for kinds that need more than SQL.

    Says in the log what it removed, in numbers. A kind that fails is logged and tried again at
    the next walk; it keeps no other kind.
    """
    walked = Walked(removed={})
    for keeping in keepings:
        act = acts.get(keeping.kind) or _act_of(keeping)
        try:
            walked.removed[keeping.kind] = _walk_one(database, keeping.kind, act, batch)
        except Exception:
            log.exception("retention failed at %s", keeping.kind)
            walked.failed += 1
    if gone := {str(kind): count for kind, count in walked.removed.items() if count}:
        log.info("retention_removed: %s", ", ".join(f"{k} {n}" for k, n in gone.items()))
    return walked


def _walk_one(database: Database, kind: Kind, act: Act, batch: int) -> int:
    removed = 0
    while True:
        with database.session() as session, transaction(session):
            count = act(session, batch)
            removed += count
            if count < batch:
                _note(session, kind, removed)
                return removed


def _note(session: Session, kind: Kind, removed: int) -> None:
    # Both engines know ON CONFLICT, but SQLAlchemy has a statement for each.
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(RetentionRun) if is_sqlite else postgresql.insert(RetentionRun)
    values = {"ran_at": clock.now(), "removed": removed}
    session.execute(
        insert.values(kind=kind, **values).on_conflict_do_update(
            index_elements=[RetentionRun.kind], set_=values
        )
    )


def table_of(keeping: Keeping) -> Table:
    """Return the table that a keeping is about; KeyError where there is none."""
    return Base.metadata.tables[keeping.table]


def is_over(keeping: Keeping) -> ColumnElement[bool]:
    """Return the condition on rows that were kept long enough."""
    over = table_of(keeping).c[keeping.since] < keeping.ended(clock.now())
    only = ONLY.get(keeping.kind)
    return over if only is None else and_(over, only)


def _act_of(keeping: Keeping) -> Act:
    """Return what removes rows of a kind: all of the row, or the person in it."""
    if keeping.entry_stays:
        return lambda session, most: _take_person_out(session, keeping, most)
    return lambda session, most: _delete(session, keeping, most)


def _delete(session: Session, keeping: Keeping, most: int) -> int:
    table = table_of(keeping)
    keys = list(table.primary_key)
    # Rows that somebody else holds are theirs, or come at the next walk.
    query = (
        select(*keys)
        .where(is_over(keeping))
        .order_by(*keys)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    found: Sequence[Row[Any]] = session.execute(query).all()
    if not found:
        return 0
    these = tuple_(*keys).in_([tuple(row) for row in found])
    gone = session.execute(delete(table).where(these).returning(keys[0]))
    return len(gone.all())


def _take_person_out(session: Session, keeping: Keeping, most: int) -> int:
    """Leave of journal entries what happened, when and to which thing; who did it goes.

    Of what an entry tells, numbers, days, times and codes stay; any other text may be a name, an
    address or a sentence about somebody, and goes. Which fields changed stays.
    """
    query = (
        select(
            JournalEntry.id,
            JournalEntry.subject_table,
            JournalEntry.subject_id,
            JournalEntry.changes,
            JournalEntry.details,
        )
        .where(is_over(keeping))
        .order_by(JournalEntry.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    found = session.execute(query).all()
    now = clock.now()
    for key, about, subject_id, changes, details in found:
        session.execute(
            update(JournalEntry)
            .where(JournalEntry.id == key)
            .values(
                actor_id=None,
                actor_name="",
                # An account leads to a person as long as it exists.
                subject_id="" if about == User.__tablename__ else subject_id,
                changes=_without_persons(changes),
                details=_without_persons(details),
                person_removed_at=now,
            )
            .execution_options(synchronize_session=False)
        )
    return len(found)


def _without_persons(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _impersonal(name, value) for name, value in told.items()}


def _impersonal(name: str, value: Any) -> Any:
    """Return a value of the journal without any text that may tell of a person."""
    if isinstance(value, list):
        return [_impersonal(name, one) for one in value]
    if isinstance(value, dict):
        return {key: _impersonal(key, one) for key, one in value.items()}
    if not isinstance(value, str) or name in TELLS_NO_PERSON or DAY_OR_TIME.fullmatch(value):
        return value
    return None
