"""The outbox: a mail exists if and only if the fact it tells was committed."""

import secrets
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Final

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.infrastructure import clock
from kursliste.models.outbox import OutgoingMail

LONGEST_SUBJECT: Final = 200
WIPED_LATER: Final = "wiped:"
WIPED: Final = "Dieser Text wurde nach dem Senden gelöscht.\n"


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


def enqueue(
    session: Session,
    *,
    to: str,
    subject: str,
    body: str,
    dedupe_key: str | None = None,
    holds_secret: bool = False,
) -> None:
    """Queue one mail to one address in the caller's transaction.

    ``subject`` is cut to 200 characters and loses line breaks; nothing is sent here. The text of
    a mail that ``holds_secret`` is wiped from the database when it has left the house or was
    given up (SECURITY.md, T10); such a mail takes no ``dedupe_key``.
    """
    now = clock.now()
    if holds_secret:
        dedupe_key = WIPED_LATER + secrets.token_urlsafe(16)
    session.add(
        OutgoingMail(
            to_address=to,
            subject=as_subject(subject),
            body=body,
            dedupe_key=dedupe_key,
            queued_at=now,
            due_at=now,
        )
    )


def as_subject(text: str) -> str:
    """Return ``text`` as a subject can hold it: on one line, not too long."""
    return " ".join(text.split())[:LONGEST_SUBJECT]


def wipe_secret(mail: OutgoingMail) -> None:
    """Forget the text of a mail that held a secret; other mails stay as they were."""
    if (mail.dedupe_key or "").startswith(WIPED_LATER):
        mail.body = WIPED


def as_message(mail: OutgoingMail, *, sender: str, host: str) -> EmailMessage:
    """Return the mail as it leaves the house; the same row always has the same Message-ID.

    Domains with umlauts are written in the form that every mail server knows. Raises ValueError
    for an address that is none.
    """
    address = validate_email(mail.to_address, check_deliverability=False, allow_smtputf8=False)
    message = EmailMessage()
    message["From"] = Address("kursliste", addr_spec=sender)
    message["To"] = Address(addr_spec=address.ascii_email or "")
    message["Subject"] = mail.subject
    message["Date"] = mail.queued_at
    message["Message-ID"] = f"<kursliste-{mail.id}-{int(mail.queued_at.timestamp())}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message
