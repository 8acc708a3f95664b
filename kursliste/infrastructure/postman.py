"""Sending what lies in the outbox: leased before it is sent, tried again later, or given up."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from time import monotonic
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from kursliste.domain.errors import NotFoundError, ShelfError
from kursliste.infrastructure import clock
from kursliste.infrastructure.carriers import Carrier, DeliveryError
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.mailbox import as_message, wipe_secret
from kursliste.infrastructure.shelf import Shelf
from kursliste.models.outbox import MailStatus, OutgoingMail

log = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=5)
BATCH: Final = 20
SENDING_S: Final = 60
"""Seconds after which the postman lets other work have its turn; the rest waits for a tick."""

WAITS: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
WRONG_CLOCK: Final = timedelta(hours=1)
"""A mail that waits longer than a mail can by more than this was put off by a wrong clock."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where mails are written: who sends them, from which host, with files from which shelf."""

    sender: str
    host: str
    shelf: Shelf | None = None

    def written(self, mail: OutgoingMail) -> EmailMessage:
        """Return the message; one that cannot be written must not keep the others in the house.

        Raises DeliveryError.
        """
        try:
            return as_message(mail, sender=self.sender, host=self.host, attached=self._file(mail))
        except ValueError as error:
            raise DeliveryError(f"{type(error).__name__}: {error}", is_final=True) from error

    def _file(self, mail: OutgoingMail) -> bytes | None:
        """Return what goes along; a file that is lost keeps no mail: its text has the link.

        Raises DeliveryError where the shelf does not answer now.
        """
        if mail.attachment is None or self.shelf is None:
            return None
        try:
            return self.shelf.read(mail.attachment)
        except NotFoundError:
            log.error("a file to attach is not on the shelf: %s", mail.attachment)  # noqa: TRY400 -- no traceback needed
            return None
        except ShelfError as error:
            raise DeliveryError(f"the shelf does not answer: {error}") from error


def send_waiting(
    database: Database, carrier: Carrier, *, sender: str, host: str, shelf: Shelf | None = None
) -> int:
    """Send every mail that is due and return how many left the house.

    A batch is leased and committed before the first mail is sent, so that two postmen never send
    the same mail and one that is killed loses nothing: after five minutes another takes over and
    sends the copy under the same Message-ID (SECURITY.md, rule 30). With a mail server that is
    away or slow the rest of the mails stays for the next tick, for other things are due as well.
    """
    sent, desk, end = 0, Desk(sender=sender, host=host, shelf=shelf), monotonic() + SENDING_S
    while True:
        with database.session() as session:
            with transaction(session):
                mails = _leased(session)
            for place, mail in enumerate(mails):
                try:
                    sent += _sent_one(session, mail, carrier, desk)
                    is_enough = monotonic() > end
                except DeliveryError as error:
                    log.warning("the mail server takes no mail: %s", error)
                    is_enough = True
                if is_enough:
                    with transaction(session):
                        _give_back(session, mails[place + 1 :])
                    return sent
        if len(mails) < BATCH:
            return sent


def _leased(session: Session) -> Sequence[OutgoingMail]:
    now = clock.now()
    held, due_at = OutgoingMail.claimed_until, OutgoingMail.due_at
    free = or_(held.is_(None), held < now, held > now + LEASE + WRONG_CLOCK)
    due = or_(due_at <= now, due_at > now + WAITS[-1] + WRONG_CLOCK)
    waiting = (
        select(OutgoingMail.id)
        .where(OutgoingMail.state == MailStatus.QUEUED, due, free)
        .order_by(OutgoingMail.due_at, OutgoingMail.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    ids = session.scalars(waiting).all()
    if not ids:
        return []
    session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.id.in_(ids))
        .values(claimed_until=now + LEASE, tries=OutgoingMail.tries + 1)
    )
    mails = select(OutgoingMail).where(OutgoingMail.id.in_(ids)).order_by(OutgoingMail.id)
    return session.scalars(mails.execution_options(populate_existing=True)).all()


def _sent_one(session: Session, mail: OutgoingMail, carrier: Carrier, desk: Desk) -> bool:
    """Send one leased mail and write down how it went; whether it got away.

    Raises DeliveryError, all written down, where the next mail would fare no better.
    """
    with transaction(session):
        if not _renewed(session, mail):
            return False
    try:
        carrier.deliver(desk.written(mail))
    except DeliveryError as error:
        with transaction(session):
            _put_off(mail, error, now=clock.now())
        if error.is_servers:
            raise
        return False
    except Exception as error:
        # Whatever it is, it must not keep the other mails, nor be tried for ever.
        log.exception("a mail could not be delivered")
        with transaction(session):
            _put_off(mail, DeliveryError(type(error).__name__), now=clock.now())
        return False
    with transaction(session):
        mail.state = MailStatus.SENT
        wipe_secret(mail)
        mail.sent_at = clock.now()
        mail.claimed_until = None
    return True


def _renewed(session: Session, mail: OutgoingMail) -> bool:
    """Begin the lease anew; False if it ran out and another postman has taken the mail.

    With a slow mail server the last mail of a batch may come up after its lease has ended.
    """
    claimed_until = mail.claimed_until
    session.refresh(mail, with_for_update=True)
    if mail.state is not MailStatus.QUEUED or mail.claimed_until != claimed_until:
        return False
    mail.claimed_until = clock.now() + LEASE
    return True


def _give_back(session: Session, mails: Sequence[OutgoingMail]) -> None:
    """End the leases of mails that were not tried, as if they had never been taken."""
    for mail in mails:
        claimed_until = mail.claimed_until
        session.execute(
            update(OutgoingMail)
            .where(
                OutgoingMail.id == mail.id,
                OutgoingMail.state == MailStatus.QUEUED,
                OutgoingMail.claimed_until == claimed_until,
            )
            .values(claimed_until=None, tries=OutgoingMail.tries - 1)
        )


def _put_off(mail: OutgoingMail, error: DeliveryError, *, now: datetime) -> None:
    mail.last_error = str(error)[:300]
    mail.claimed_until = None
    if error.is_final or mail.tries > len(WAITS):
        mail.state = MailStatus.FAILED
        wipe_secret(mail)
    else:
        mail.due_at = now + WAITS[mail.tries - 1]
