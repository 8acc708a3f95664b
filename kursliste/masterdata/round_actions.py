"""What a coordinator does with the dates of one round: move them, close it, open it again."""

from datetime import date

from sqlalchemy.orm import Session

from kursliste.domain.errors import ConflictError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.domain.round import REOPENED_FOR, RoundAction, RoundStatus, check_round_dates
from kursliste.infrastructure import clock, journal
from kursliste.models.report import Round
from kursliste.web.labels import ROUND_DATES, shown


def move_round(
    session: Session,
    asked: Round,
    *,
    due_on: date,
    open_until: date | None,
    seen_version: int,
    actor: Actor,
) -> bool:
    """Give an open round another deadline or end; False if nothing changes.

    Raises RuleViolationError for days that contradict each other and for a closed round,
    ConflictError if somebody else moved it meanwhile.
    """
    require(actor, Permission.LIST_CONFIGURE, asked.scope)
    _lock(session, asked)
    _check_open(asked)
    new = {"due_on": due_on, "open_until": open_until}
    changes = {
        name: (getattr(asked, name), value)
        for name, value in new.items()
        if getattr(asked, name) != value
    }
    if not changes:
        return False
    if asked.version != seen_version:
        raise ConflictError(
            [(ROUND_DATES[name], shown(mine), shown(old)) for name, (old, mine) in changes.items()]
        )
    check_round_dates(
        asked.month,
        opens_on=asked.opens_on,
        due_on=due_on,
        open_until=open_until,
        today=clock.today(),
    )
    asked.due_on, asked.open_until = due_on, open_until
    journal.record(
        session,
        JournalEvent.ROUND_MOVED,
        asked,
        actor=actor,
        scope=asked.scope,
        changes=changes,
        month=asked.month,
    )
    return True


def close_now(session: Session, asked: Round, *, actor: Actor) -> None:
    """Close a round before its time; raise RuleViolationError if it is closed already."""
    require(actor, Permission.LIST_CONFIGURE, asked.scope)
    _lock(session, asked)
    _check_open(asked)
    asked.move(RoundAction.CLOSE)
    journal.record(
        session,
        JournalEvent.ROUND_CLOSED,
        asked,
        actor=actor,
        scope=asked.scope,
        month=asked.month,
    )


def reopen_round(
    session: Session, asked: Round, *, until: date | None = None, actor: Actor
) -> None:
    """Open a closed round again, for two weeks or to the end of a chosen day.

    Raises TransitionRefusedError if it is open, RuleViolationError for a day that is too early.
    """
    require(actor, Permission.LIST_CONFIGURE, asked.scope)
    _lock(session, asked)
    today = clock.today()
    open_until = until or max(today + REOPENED_FOR, asked.due_on)
    check_round_dates(
        asked.month,
        opens_on=asked.opens_on,
        due_on=asked.due_on,
        open_until=open_until,
        today=today,
    )
    before = asked.open_until
    asked.move(RoundAction.REOPEN)
    asked.open_until = open_until
    journal.record(
        session,
        JournalEvent.ROUND_REOPENED,
        asked,
        actor=actor,
        scope=asked.scope,
        changes={"open_until": (before, open_until)},
        month=asked.month,
    )


def _lock(session: Session, asked: Round) -> None:
    """Wait for a tick that closes the round this moment, and see what it did."""
    session.refresh(asked, with_for_update=True)


def _check_open(asked: Round) -> None:
    if asked.status is not RoundStatus.OPEN:
        raise RuleViolationError(Rule.ROUND_NOT_OPEN, month=asked.month)
