"""The outbox: a mail exists if and only if the fact it tells was committed."""

import secrets
from datetime import timedelta
from email import policy
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from mimetypes import guess_type
from typing import Final

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.infrastructure import clock
from kursliste.models.outbox import MailStatus, OutgoingMail

LONGEST_SUBJECT: Final = 200
STUCK_AFTER: Final = timedelta(hours=1)
WIPED_LATER: Final = "wiped:"
WIPED: Final = "Dieser Text wurde nach dem Senden gelöscht.\n"


class _Unfolded(UnstructuredHeader, BaseHeader):
    """A header on one line: mail programs do not read an encoded address of a page."""

    def fold(self, *, policy: policy.Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS: Final = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Unfolded)
POLICY: Final = policy.default.clone(header_factory=_HEADERS)


def checked_address(text: str, *, field: str = "email") -> str:
    """Return exactly one mail address in lower case, or raise RuleViolationError.

    ``"a@x, b@y"`` would become two recipients, and an address with umlauts before the @ cannot be
    delivered everywhere (LIBRARIES.md, P11); both are refused.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise RuleViolationError(Rule.VALUE_UNKNOWN, field=field, value=text) from error
    return found.normalized.lower()


def enqueue(  # noqa: PLR0913 -- what a mail is made of
    session: Session,
    *,
    to: str,
    subject: str,
    body: str,
    dedupe_key: str | None = None,
    holds_secret: bool = False,
    unsubscribe_url: str | None = None,
    attachment: str | None = None,
) -> OutgoingMail:
    """Queue one mail to one address in the caller's transaction, and return it.

    ``subject`` is cut to 200 characters and loses line breaks; nothing is sent here. The text of
    a mail that ``holds_secret`` is wiped from the database when it has left the house or was
    given up (SECURITY.md, T10); such a mail takes no ``dedupe_key``. ``attachment`` names
    a file on the shelf; it is read when the mail leaves.
    """
    now = clock.now()
    if holds_secret:
        dedupe_key = WIPED_LATER + secrets.token_urlsafe(16)
    mail = OutgoingMail(
        to_address=to,
        subject=as_subject(subject),
        body=body,
        dedupe_key=dedupe_key,
        queued_at=now,
        due_at=now,
        unsubscribe_url=unsubscribe_url,
        attachment=attachment,
    )
    session.add(mail)
    return mail


def mail_is_stuck(session: Session) -> bool:
    """Return whether a mail has been due for longer than an hour: nobody sends."""
    waiting = select(OutgoingMail.id).where(
        OutgoingMail.state == MailStatus.QUEUED, OutgoingMail.due_at < clock.now() - STUCK_AFTER
    )
    return session.scalar(waiting.limit(1)) is not None


def failed_mails(session: Session) -> int:
    """Return how many mails were given up."""
    query = select(func.count(OutgoingMail.id)).where(OutgoingMail.state == MailStatus.FAILED)
    return session.execute(query).scalar_one()


def as_subject(text: str) -> str:
    """Return ``text`` as a subject can hold it: on one line, not too long."""
    return " ".join(text.split())[:LONGEST_SUBJECT]


def is_free() -> ColumnElement[bool]:
    """Return the condition for a mail that no postman is just sending."""
    return or_(OutgoingMail.claimed_until.is_(None), OutgoingMail.claimed_until < clock.now())


def is_secret(dedupe_key: str | None) -> bool:
    """Whether the mail with this key holds a way in: only its receiver reads the text."""
    return (dedupe_key or "").startswith(WIPED_LATER)


def wipe_secret(mail: OutgoingMail) -> None:
    """Forget the text of a mail that held a secret; other mails stay as they were."""
    if is_secret(mail.dedupe_key):
        mail.body, mail.unsubscribe_url = WIPED, None


def as_message(
    mail: OutgoingMail, *, sender: str, host: str, attached: bytes | None = None
) -> EmailMessage:
    """Return the mail as it leaves the house; the same row always has the same Message-ID.

    ``attached`` is the content of its attachment. Domains with umlauts are written in the form
    that every mail server knows. Raises ValueError for an address that is none.
    """
    address = validate_email(mail.to_address, check_deliverability=False, allow_smtputf8=False)
    message = EmailMessage(policy=POLICY)
    message["From"] = Address("kursliste", addr_spec=sender)
    message["To"] = Address(addr_spec=address.ascii_email or "")
    message["Subject"] = mail.subject
    message["Date"] = mail.queued_at
    message["Message-ID"] = f"<kursliste-{mail.id}-{int(mail.queued_at.timestamp())}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.body)
    if mail.attachment and attached is not None:
        name = mail.attachment.rpartition("/")[2]
        main, _, sub = (guess_type(name)[0] or "application/octet-stream").partition("/")
        message.add_attachment(attached, maintype=main, subtype=sub, filename=name)
    return message
