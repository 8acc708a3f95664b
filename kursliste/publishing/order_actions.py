"""Publishing at a set time: ordered by a person, carried out once by the tick in their name."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from kursliste.domain.errors import NotPermittedError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.publication import checked_reason
from kursliste.infrastructure import clock, journal, mailbox
from kursliste.infrastructure.shelf import Shelf
from kursliste.models.publication import PublicationOrder
from kursliste.models.report import Round
from kursliste.publishing import mails, order_queries, queries
from kursliste.publishing.actions import publish_edition
from kursliste.reporting.queries import coordinators_of
from kursliste.web import error_words

EVERYWHERE: Final = Scope()
FOR_THE_PERSON: Final = frozenset({Rule.EDITION_MOVED_ON, Rule.NOTHING_APPROVED})
"""What only a person can mend. Everything else (a full disk) is tried again at the next tick."""

NO_LONGER: Final = "Wer den Termin gesetzt hat, darf hier nicht mehr veröffentlichen."


def order_publication(  # noqa: PLR0913 -- what a person decides when ordering
    session: Session,
    asked: Round,
    *,
    due_at: datetime,
    seen_number: int,
    reason: str,
    mails_readers: bool,
    actor: Actor,
) -> PublicationOrder:
    """Let a month be published at ``due_at``, or move that time; the newer order counts.

    Nothing is frozen now: what is approved then goes in. Raises RuleViolationError as publishing
    does, so that an order that cannot work is refused at once.
    """
    require(actor, Permission.EDITION_PUBLISH, asked.course_list.scope)
    queries.locked_round(session, asked.course_list, asked.month)
    newest = queries.newest_number(session, asked.course_list, asked.month)
    if newest != seen_number:
        raise RuleViolationError(Rule.EDITION_MOVED_ON, name=f"{asked.month}/{newest}")
    order = order_queries.order_or_none(session, asked)
    if order is None:
        order = PublicationOrder(round=asked)
        session.add(order)
    order.due_at, order.ordered_at = due_at, clock.now()
    order.ordered_by_id, order.ordered_by_name = actor.user_id, actor.name
    order.seen_number, order.mails_readers = seen_number, mails_readers
    order.reason = checked_reason(reason) if newest else ""
    session.flush()  # the journal needs its id
    journal.record(
        session,
        JournalEvent.PUBLICATION_ORDERED,
        order,
        actor=actor,
        scope=order.scope,
        month=asked.month,
        due_at=due_at,
    )
    return order


def cancel_publication(session: Session, asked: Round, *, actor: Actor) -> bool:
    """Give up the order for a month; False if there is none any more."""
    require(actor, Permission.EDITION_PUBLISH, asked.course_list.scope)
    queries.locked_round(session, asked.course_list, asked.month)
    order = order_queries.order_or_none(session, asked)
    if order is None:
        return False
    journal.record(
        session,
        JournalEvent.PUBLICATION_CANCELLED,
        order,
        actor=actor,
        scope=order.scope,
        month=asked.month,
        due_at=order.due_at,
    )
    session.delete(order)
    return True


def carry_out(session: Session, shelf: Shelf, order_id: int, *, actor: Actor, link: str) -> bool:
    """Publish what is ordered, once, in the name of who ordered it; False if it did not appear.

    Where nothing is approved, somebody published meanwhile, or the person may not any more, the
    order is given up and a mail says why. ``link`` is the address of the month's page with places
    for district and month.
    """
    require(actor, Permission.EDITION_PUBLISH, EVERYWHERE)
    order = order_queries.locked_order(session, order_id)
    if order is None:
        return False
    asked = order.round
    person = order.ordered_by.as_actor() if order.ordered_by else Actor.anonymous()
    name, why = "", ""
    try:
        name = publish_edition(
            session,
            shelf,
            course_list=asked.course_list,
            month=asked.month,
            seen_number=order.seen_number,
            reason=order.reason,
            actor=person,
            mails_readers=order.mails_readers,
        ).name
    except NotPermittedError:
        why = NO_LONGER
    except RuleViolationError as violation:
        if violation.rule not in FOR_THE_PERSON:
            raise
        why = error_words.message(violation)
    if why:
        _tell(session, order, why, link.format(asked.district.slug, asked.month))
    journal.record(
        session,
        JournalEvent.PUBLICATION_MISSED if why else JournalEvent.PUBLICATION_DONE,
        order,
        actor=actor,
        scope=order.scope,
        month=asked.month,
        edition=name,
        ordered_by=order.ordered_by_name,
        why=why,
    )
    session.delete(order)
    return not why


def _tell(session: Session, order: PublicationOrder, why: str, link: str) -> None:
    subject, body = mails.publication_missed(order, why, link=link)
    person = order.ordered_by
    if person is not None and person.is_active and why != NO_LONGER:
        people = [person]
    else:
        people = list(coordinators_of(session, order.round.district_id))
    for one in people:
        mailbox.enqueue(session, to=one.email, subject=subject, body=body)
