"""Mails to readers, written by the tick: each once for an edition and a subscription.

Looking (:func:`errands`) takes no lock; what acts locks the mailing and looks again. A batch and
how far it got are committed together, so a tick that is killed leaves the batch undone and no half
of it.
"""

import secrets
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, literal, select, union_all, update
from sqlalchemy.orm import Session

from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.sign_in import hashed
from kursliste.domain.subscription import CONFIRM_WITHIN, needs_rest
from kursliste.infrastructure import clock, journal, mailbox
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.models.subscription import Mailing, ReaderMail, Subscription
from kursliste.readers import mails
from kursliste.readers.actions import FORGOTTEN, forget
from kursliste.readers.fitting import Reading, is_worth_a_mail, issue_of, reading_of
from kursliste.readers.letters import letter_of
from kursliste.readers.links import Links
from kursliste.readers.mails import Letter
from kursliste.web.languages import known, speaking

EVERYWHERE: Final = Scope()
BATCH = 100


class Errand(StrEnum):
    """What the tick does for readers."""

    WRITE = "write"
    FORGET_ADDRESS = "forget_address"


def errands(session: Session, *, actor: Actor) -> Sequence[tuple[Errand, int]]:
    """Return what is due for readers, with the key of the thing; one statement."""
    require(actor, Permission.MAILING_SEND, EVERYWHERE)
    looks: tuple[tuple[Errand, ColumnElement[Any], ColumnElement[bool]], ...] = (
        (Errand.WRITE, Mailing.id.expression, _is_due()),
        (Errand.FORGET_ADDRESS, ReaderMail.mail_id.expression, _has_left()),
    )
    found = union_all(*(select(literal(kind), key).where(due) for kind, key, due in looks))
    rows = sorted((str(kind), int(key)) for kind, key in session.execute(found))
    return [(Errand(kind), key) for kind, key in rows]


def run_errand(session: Session, errand: Errand, key: int, *, actor: Actor, links: Links) -> int:
    """Do one thing that is due, in the caller's transaction; return how much was done."""
    require(actor, Permission.MAILING_SEND, EVERYWHERE)
    match errand:
        case Errand.WRITE:
            return write_batch(session, key, actor=actor, links=links)
        case Errand.FORGET_ADDRESS:
            return forget_address(session, key, actor=actor)


def _is_due() -> ColumnElement[bool]:
    return and_(Mailing.finished_at.is_(None), Mailing.withdrawn_at.is_(None))


def write_batch(session: Session, mailing_id: int, *, actor: Actor, links: Links) -> int:
    """Queue the mails to the next readers of a mailing, and return how many.

    0 also where none of them is written to; the mailing then has gone on all the same. It is
    finished with the batch in which nobody is left.
    """
    require(actor, Permission.MAILING_SEND, EVERYWHERE)
    mailing = _locked(session, mailing_id)
    if mailing is None:
        return 0
    readers = _next_readers(session, mailing)
    issue = issue_of(session, mailing.edition)
    readings: dict[tuple[str, str], Reading] = {}
    resting = _resting(session, readers)
    count = 0
    for reader in readers:
        mailing.reached_id = reader.id
        if reader.id in resting:
            _rest(session, reader, actor=actor)
            continue
        with speaking(known(reader.language)) as language:
            told_by = (language.code, reader.filter_key)
            reading = readings.get(told_by)
            if reading is None:
                reading = readings[told_by] = reading_of(issue, reader.filters)
            if is_worth_a_mail(issue, reading, always=reader.always):
                letter = letter_of(issue, reading, links, attaches=mailing.attaches)
                _write(session, mailing, reader, letter, links)
                count += 1
    if len(readers) < BATCH:
        _finish(session, mailing, actor=actor)
    return count


def _locked(session: Session, mailing_id: int) -> Mailing | None:
    query = (
        select(Mailing)
        .where(Mailing.id == mailing_id, _is_due())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalar(query)


def _next_readers(session: Session, mailing: Mailing) -> Sequence[Subscription]:
    """Return who comes next; locked, so that nobody leaves while a mail is written to them."""
    query = (
        select(Subscription)
        .where(
            Subscription.course_list_id == mailing.edition.course_list_id,
            Subscription.id > mailing.reached_id,
            Subscription.confirmed_at <= mailing.asked_at,
            Subscription.asleep_since.is_(None),
        )
        .order_by(Subscription.id)
        .limit(BATCH)
        .with_for_update()
    )
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _resting(session: Session, readers: Iterable[Subscription]) -> set[int]:
    """Return whose last mails were refused one after the other since they confirmed."""
    query = (
        select(Subscription.id, OutgoingMail.state)
        .join(ReaderMail, ReaderMail.subscription_id == Subscription.id)
        .join(OutgoingMail, OutgoingMail.id == ReaderMail.mail_id)
        .where(
            Subscription.id.in_([reader.id for reader in readers]),
            ReaderMail.mailing_id.is_not(None),
            ReaderMail.queued_at >= Subscription.confirmed_at,
            OutgoingMail.state != MailStatus.QUEUED,
        )
        .order_by(ReaderMail.id.desc())
    )
    refused: dict[int, list[bool]] = {}
    for reader_id, state in session.execute(query):
        refused.setdefault(reader_id, []).append(state is MailStatus.FAILED)
    return {reader_id for reader_id, mails_of in refused.items() if needs_rest(mails_of)}


def _rest(session: Session, reader: Subscription, *, actor: Actor) -> None:
    reader.asleep_since = clock.now()
    event = JournalEvent.SUBSCRIPTION_RESTED
    journal.record(session, event, reader, actor=actor, scope=reader.scope)


def _write(
    session: Session, mailing: Mailing, reader: Subscription, letter: Letter, links: Links
) -> None:
    key = secrets.token_urlsafe(32)
    subject, body = mails.edition_mail(letter, own_link=links.subscription(key))
    mail = mailbox.enqueue(
        session,
        to=reader.email,
        subject=subject,
        body=body,
        holds_secret=True,
        unsubscribe_url=links.one_click(key),
        attachment=letter.attachment,
    )
    session.flush()  # the key's row names the mail
    session.add(
        ReaderMail(
            subscription_id=reader.id,
            mailing_id=mailing.id,
            mail_id=mail.id,
            key_hash=hashed(key),
            queued_at=mail.queued_at,
        )
    )


def _finish(session: Session, mailing: Mailing, *, actor: Actor) -> None:
    mailing.finished_at = clock.now()
    session.flush()  # the count below includes this batch
    written = select(func.count()).where(ReaderMail.mailing_id == mailing.id)
    journal.record(
        session,
        JournalEvent.MAILING_SENT,
        mailing,
        actor=actor,
        scope=mailing.scope,
        name=mailing.edition.name,
        mails=session.scalar(written) or 0,
    )


# ---- tidying up


def forget_orders(session: Session, most: int, *, actor: Actor) -> int:
    """Delete up to ``most`` orders that nobody confirmed in time; return how many.

    Who confirms at this moment keeps the order: what another transaction holds is left out.
    """
    require(actor, Permission.MAILING_SEND, EVERYWHERE)
    query = select(Subscription).where(_has_lapsed()).order_by(Subscription.id).limit(most)
    found = session.scalars(query.with_for_update(skip_locked=True)).all()
    return forget(session, found, actor=actor, how="unconfirmed") if found else 0


def _has_lapsed() -> ColumnElement[bool]:
    too_early = clock.now() - CONFIRM_WITHIN
    return and_(Subscription.confirmed_at.is_(None), Subscription.requested_at <= too_early)


def forget_address(session: Session, mail_id: int, *, actor: Actor) -> int:
    """Forget whom a mail went to that was just leaving when its reader left."""
    require(actor, Permission.MAILING_SEND, EVERYWHERE)
    mail = update(OutgoingMail).where(OutgoingMail.id == mail_id)
    session.execute(mail.values(to_address=FORGOTTEN))
    return 1


def _has_left() -> ColumnElement[bool]:
    known = exists().where(
        OutgoingMail.id == ReaderMail.mail_id,
        OutgoingMail.state != MailStatus.QUEUED,
        OutgoingMail.to_address != FORGOTTEN,
    )
    return and_(ReaderMail.subscription_id.is_(None), known)
