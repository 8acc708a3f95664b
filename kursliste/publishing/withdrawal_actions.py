"""Taking back an edition that was published by mistake: a tombstone, nothing is deleted."""

from sqlalchemy.orm import Session

from kursliste.domain.edition import LONGEST_REASON
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.domain.texts import checked_text
from kursliste.infrastructure import clock, journal, search_rows
from kursliste.models.edition import Edition, EditionWithdrawal
from kursliste.publishing import queries
from kursliste.publishing.mailing import take_back_mailing


def withdraw_edition(
    session: Session, edition: Edition, *, reason: str, actor: Actor
) -> EditionWithdrawal:
    """Take an edition back, with a reason that stands in its place.

    Its rows stay frozen, its files stay on the shelf, its number stays taken; page, files and
    change lists go on as if it had never been published, and mails about it that wait go to
    nobody. It cannot be undone: publish again instead. Whoever comes second gets
    RuleViolationError (EDITION_WITHDRAWN).
    """
    require(actor, Permission.EDITION_WITHDRAW, edition.scope)
    why = checked_text(
        reason, field="reason", longest=LONGEST_REASON, missing=Rule.WITHDRAWAL_REASON_MISSING
    )
    # Whoever publishes or withdraws in this month waits here for the other.
    queries.locked_round(session, edition.course_list, edition.month)
    if queries.is_withdrawn(session, edition):
        raise RuleViolationError(Rule.EDITION_WITHDRAWN, name=edition.name)
    withdrawal = EditionWithdrawal(
        edition_id=edition.id,
        withdrawn_at=clock.now(),
        withdrawn_by_id=actor.user_id,
        withdrawn_by=actor.name,
        reason=why,
    )
    session.add(withdrawal)
    take_back_mailing(session, edition, actor=actor)
    search_rows.index_list(session, edition.course_list_id)
    journal.record(
        session,
        JournalEvent.EDITION_WITHDRAWN,
        edition,
        actor=actor,
        scope=edition.scope,
        name=edition.name,
        reason=why,
    )
    return withdrawal
