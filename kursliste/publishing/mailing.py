"""What publishing says about mails to readers; the tick writes them (see ``readers``)."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.infrastructure import clock, journal, mailbox
from kursliste.models.edition import Edition
from kursliste.models.masterdata import CourseList
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.models.subscription import Mailing, MailingRules, ReaderMail, Subscription


def ask_mailing(session: Session, edition: Edition, *, sends: bool, actor: Actor) -> Mailing:
    """Keep in the transaction that publishes whether the readers are written to.

    Whether the Excel file goes along is decided now, by the list's rules and the file's size.
    """
    require(actor, Permission.EDITION_PUBLISH, edition.scope)
    now = clock.now()
    mailing = Mailing(
        edition_id=edition.id,
        sends=sends,
        attaches=sends and _attaches(session, edition),
        asked_at=now,
        finished_at=None if sends else now,
    )
    session.add(mailing)
    if sends:
        session.flush()  # the journal needs its id
        event = JournalEvent.MAILING_ASKED
        scope = edition.scope
        journal.record(session, event, mailing, actor=actor, scope=scope, name=edition.name)
    return mailing


def _attaches(session: Session, edition: Edition) -> bool:
    query = select(MailingRules).where(MailingRules.course_list_id == edition.course_list_id)
    rules = session.scalar(query)
    workbook = next(file for file in edition.files if file.name == workbook_name(edition))
    return rules is not None and rules.attaches and workbook.size <= rules.most_kb * 1024


def take_back_mailing(session: Session, edition: Edition, *, actor: Actor) -> None:
    """Let nobody hear of an edition any more that is withdrawn in this transaction.

    Mails that wait are deleted. One that a postman has in hand is marked, so that it leaves only
    if it is being delivered this very moment. Waits for a tick that just writes mails of it.
    """
    require(actor, Permission.EDITION_WITHDRAW, edition.scope)
    query = select(Mailing).where(Mailing.edition_id == edition.id, Mailing.sends.is_(True))
    mailing = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if mailing is None:
        return
    mailing.withdrawn_at = clock.now()
    waiting = (
        select(OutgoingMail)
        .join(ReaderMail, ReaderMail.mail_id == OutgoingMail.id)
        .where(ReaderMail.mailing_id == mailing.id, OutgoingMail.state == MailStatus.QUEUED)
        .order_by(OutgoingMail.id)
        .with_for_update(of=OutgoingMail)
    )
    mails = session.scalars(waiting.execution_options(populate_existing=True)).all()
    _forget_mails(session, mails)
    journal.record(
        session,
        JournalEvent.MAILING_WITHDRAWN,
        mailing,
        actor=actor,
        scope=edition.scope,
        name=edition.name,
        mails=len(mails),
    )


def _forget_mails(session: Session, mails: Sequence[OutgoingMail]) -> None:
    now = clock.now()
    ids = [mail.id for mail in mails]
    session.execute(update(ReaderMail).where(ReaderMail.mail_id.in_(ids)).values(mail_id=None))
    for mail in mails:
        if mail.claimed_until is None or mail.claimed_until < now:
            session.delete(mail)
        else:
            mail.state, mail.last_error = MailStatus.FAILED, "Ausgabe zurückgenommen"
            mail.to_address = ""
            mailbox.wipe_secret(mail)


def workbook_name(edition: Edition) -> str:
    """Return the name of the public Excel file of an edition (INTERFACE.md, addresses)."""
    return f"kursliste-{edition.district_slug}-{edition.month}-a{edition.number}.xlsx"


def readers_of(session: Session, course_list: CourseList) -> int:
    """Return how many subscriptions hear of a list's next edition."""
    query = select(func.count()).where(
        Subscription.course_list_id == course_list.id,
        Subscription.confirmed_at.is_not(None),
        Subscription.asleep_since.is_(None),
    )
    return session.scalar(query) or 0
