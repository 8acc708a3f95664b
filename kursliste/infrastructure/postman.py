"""Sending what lies in the outbox: leased before it is sent, tried again later, or given up."""

import logging
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from kursliste.domain.errors import KurslisteError, NotFoundError, ShelfError
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.mailbox import as_message, wipe_secret
from kursliste.infrastructure.shelf import Shelf
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.settings import Settings

log = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=5)
BATCH: Final = 20
SMTP_TIMEOUT_S: Final = 10
WAITS: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))
PERMANENT: Final = 500


class DeliveryError(KurslisteError):
    """A mail did not get away; ``is_final`` says that trying again is no use."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final


class Carrier(Protocol):
    """A way for a mail to leave; raises DeliveryError."""

    def deliver(self, message: EmailMessage) -> None: ...


class FolderCarrier:
    """One ``.eml`` a mail, for the demo and for tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, message: EmailMessage) -> None:
        stem = str(message["Message-ID"]).strip("<>").split("@")[0]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{stem}.eml").write_bytes(message.as_bytes())
        except OSError as error:
            raise DeliveryError(f"{type(error).__name__}: {error}") from error

    def greet(self) -> None:
        """See whether mails could leave, without sending one; raise DeliveryError."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DeliveryError(f"{type(error).__name__}: {error}") from error


class SmtpCarrier:
    """A mail server; ``smtps://`` speaks TLS from the start, ``smtp://`` by STARTTLS if offered.

    A password is never sent without TLS.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._is_tls else 25)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")

    def deliver(self, message: EmailMessage) -> None:
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, why = next(iter(error.recipients.values()))
            raise _failed(code, why) from error
        except smtplib.SMTPResponseException as error:
            raise _failed(error.smtp_code, error.smtp_error) from error
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(f"{type(error).__name__}: {error}") from error

    def greet(self) -> None:
        """See whether mails could leave, without sending one; raise DeliveryError."""
        try:
            with self._connected() as server:
                server.noop()
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(f"{type(error).__name__}: {error}") from error

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=SMTP_TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=SMTP_TIMEOUT_S)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
            elif self._user:
                server.close()
                raise DeliveryError("Der Mailserver bietet kein TLS; Kennwort nicht gesendet.")
        if self._user:
            server.login(self._user, self._password)
        return server


def _failed(code: int, why: bytes | str) -> DeliveryError:
    words = why.decode("utf-8", "replace") if isinstance(why, bytes) else why
    return DeliveryError(f"{code} {words}", is_final=code >= PERMANENT)


def carrier_for(settings: Settings) -> FolderCarrier | SmtpCarrier:
    """Return the carrier that ``KURSLISTE_MAIL`` names."""
    if settings.mail.startswith("file:"):
        return FolderCarrier(Path.cwd() / settings.mail.removeprefix("file:"))
    return SmtpCarrier(settings.mail)


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
    sends the copy under the same Message-ID (SECURITY.md, rule 30).
    """
    sent, desk = 0, Desk(sender=sender, host=host, shelf=shelf)
    while True:
        with database.session() as session:
            with transaction(session):
                mails = _leased(session)
            for mail in mails:
                sent += _sent_one(session, mail, carrier, desk)
        if len(mails) < BATCH:
            return sent


def _leased(session: Session) -> Sequence[OutgoingMail]:
    now = clock.now()
    free = or_(OutgoingMail.claimed_until.is_(None), OutgoingMail.claimed_until < now)
    waiting = (
        select(OutgoingMail.id)
        .where(OutgoingMail.state == MailStatus.QUEUED, OutgoingMail.due_at <= now, free)
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
    """Send one leased mail and write down how it went."""
    with transaction(session):
        if not _renewed(session, mail):
            return False
    try:
        carrier.deliver(desk.written(mail))
    except DeliveryError as error:
        with transaction(session):
            _put_off(mail, error, now=clock.now())
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


def _put_off(mail: OutgoingMail, error: DeliveryError, *, now: datetime) -> None:
    mail.last_error = str(error)[:300]
    mail.claimed_until = None
    if error.is_final or mail.tries > len(WAITS):
        mail.state = MailStatus.FAILED
        wipe_secret(mail)
    else:
        mail.due_at = now + WAITS[mail.tries - 1]
