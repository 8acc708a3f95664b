"""Rounds that run by themselves: opened on their day, closed when their time is over.

Looking (``due_lists``, ``over_rounds``) takes no lock; doing looks again under one, so that two
servers that tick at once open and close each round once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from kursliste.domain.calendar import Month
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.domain.report import ReportOrigin
from kursliste.domain.rhythm import is_over, month_to_open
from kursliste.domain.round import Rhythm, RoundAction, RoundStatus
from kursliste.infrastructure import clock, journal
from kursliste.masterdata.actions import open_round
from kursliste.models.edition import Edition
from kursliste.models.journal import JournalEntry
from kursliste.models.masterdata import CourseList
from kursliste.models.report import Report, Round


@dataclass(frozen=True)
class Newest:
    """A list with its newest month, and when somebody opened the newest round, if that is known."""

    id: int
    rhythm: Rhythm
    opens_day: int
    month: Month
    opened_at: datetime | None

    @property
    def opened_on(self) -> date | None:
        """The day in Berlin on which somebody opened the newest round."""
        return None if self.opened_at is None else self.opened_at.astimezone(clock.BERLIN).date()


def runs_itself() -> ColumnElement[bool]:
    """Return the condition under which a ``CourseList`` of the query asks without being told to.

    It has an edition, or a round that somebody opened to ask. A round that only holds a list
    brought from Excel asks nobody: whoever tries kursliste out must not write to all providers.
    """
    # Aliases: a query around this one may speak of rounds and reports of its own.
    asking, answer = aliased(Round), aliased(Report)
    published = exists().where(Edition.course_list_id == CourseList.id)
    taken_over = exists().where(
        answer.round_id == asking.id, answer.origin == ReportOrigin.TAKEN_OVER
    )
    asked = exists().where(asking.course_list_id == CourseList.id, ~taken_over)
    return or_(published, asked)


def due_lists(session: Session) -> Sequence[int]:
    """Return the keys of the lists that have a round to open today, in order."""
    today = clock.today()
    return [found.id for found in _newest(session) if _month(found, today) is not None]


def open_due_round(session: Session, course_list_id: int, *, actor: Actor) -> Round | None:
    """Open the round that a list is due, in the caller's transaction.

    None if there is nothing to open any more: another server or a coordinator was faster.
    """
    course_list = session.get_one(
        CourseList, course_list_id, with_for_update=True, populate_existing=True
    )
    require(actor, Permission.ROUND_OPEN, course_list.scope)
    today = clock.today()
    for found in _newest(session, course_list_id):
        month = _month(found, today)
        if month is not None:
            return open_round(session, course_list, month, actor=actor)
    return None


def over_rounds(session: Session) -> Sequence[int]:
    """Return the keys of the open rounds whose time is over, in order."""
    query = select(Round.id, Round.month, Round.open_until).where(Round.status == RoundStatus.OPEN)
    today = clock.today()
    return [
        key
        for key, month, open_until in session.execute(query.order_by(Round.id))
        if is_over(month, today, open_until)
    ]


def close_round(session: Session, round_id: int, *, actor: Actor) -> bool:
    """Close a round whose time is over, in the caller's transaction.

    False if it is closed already, or if somebody gave it more time meanwhile.
    """
    query = select(Round).where(Round.id == round_id, Round.status == RoundStatus.OPEN)
    locked = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(locked)
    if found is None:
        return False
    require(actor, Permission.ROUND_OPEN, found.scope)
    if not is_over(found.month, clock.today(), found.open_until):
        return False
    found.move(RoundAction.CLOSE)
    journal.record(
        session,
        JournalEvent.ROUND_CLOSED,
        found,
        actor=actor,
        scope=found.scope,
        month=found.month,
    )
    return True


def newest_of(session: Session, course_list: CourseList) -> Newest | None:
    """Return the newest month of a list that runs by itself; None if it does not."""
    return next(iter(_newest(session, course_list.id)), None)


def _newest(session: Session, course_list_id: int | None = None) -> Sequence[Newest]:
    """Return each list that runs itself with its newest month and when that was asked for."""
    opened = and_(
        JournalEntry.event == JournalEvent.ROUND_OPENED,
        JournalEntry.subject_table == Round.__tablename__,
        JournalEntry.subject_id == cast(Round.id, String),
    )
    query = (
        select(
            CourseList.id,
            CourseList.rhythm,
            CourseList.opens_day,
            func.max(Round.month),
            func.max(JournalEntry.at),
        )
        .join(Round, Round.course_list_id == CourseList.id)
        .outerjoin(JournalEntry, opened)
        .where(runs_itself())
        .group_by(CourseList.id)
        .order_by(CourseList.id)
    )
    if course_list_id is not None:
        query = query.where(CourseList.id == course_list_id)
    return [Newest(*row) for row in session.execute(query)]


def _month(found: Newest, today: date) -> Month | None:
    return month_to_open(
        found.month,
        rhythm=found.rhythm,
        opens_day=found.opens_day,
        today=today,
        opened_on=found.opened_on,
    )
