"""Mails that were given up, and the words of the operator."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.errors import ConflictError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.site import LONGEST_ANNOUNCEMENT, LONGEST_SITE_TEXT, SiteTextKey
from kursliste.domain.texts import check_length, checked_text
from kursliste.infrastructure import clock, journal
from kursliste.infrastructure.mailbox import WIPED
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.models.site import Announcement, SiteText

NOWHERE = Scope()


def retry_mail(session: Session, mail: OutgoingMail, *, actor: Actor) -> None:
    """Send a mail that was given up once more, to the same address.

    Raises RuleViolationError (MAIL_NOT_FAILED) for one that was sent or is on its way, and for one
    whose secret was wiped: the person asks for a new one.
    """
    require(actor, Permission.OUTBOX_MANAGE, NOWHERE)
    query = select(OutgoingMail).where(OutgoingMail.id == mail.id).with_for_update()
    held = session.scalars(query.execution_options(populate_existing=True)).one()
    if held.state is not MailStatus.FAILED or held.body == WIPED:
        raise RuleViolationError(Rule.MAIL_NOT_FAILED)
    held.state = MailStatus.QUEUED
    held.due_at = clock.now()
    held.claimed_until, held.tries, held.last_error = None, 0, ""
    journal.record(session, JournalEvent.MAIL_RETRIED, held, actor=actor, scope=NOWHERE)


def write_site_text(
    session: Session, key: SiteTextKey, body: str, *, seen_version: int, actor: Actor
) -> None:
    """Keep what the operator wrote for a page; empty brings back the page's own words.

    Raises RuleViolationError for a text that is too long, ConflictError where somebody else wrote
    meanwhile.
    """
    require(actor, Permission.SITE_EDIT, NOWHERE)
    check_length(body, LONGEST_SITE_TEXT, field="body")
    query = select(SiteText).where(SiteText.key == key).with_for_update()
    known = session.scalar(query.execution_options(populate_existing=True))
    if (known.version if known else 0) != seen_version:
        raise ConflictError([("Text", body, known.body if known else "")])
    if known is None:
        known = SiteText(key=key, body="", changed_at=clock.now())
        session.add(known)
    before, known.body, known.changed_at = known.body, body, clock.now()
    session.flush()  # the journal needs its id
    journal.record(
        session,
        JournalEvent.SITE_TEXT_CHANGED,
        known,
        actor=actor,
        scope=NOWHERE,
        changes={"body": (before, body)},
        key=key.value,
    )


def add_announcement(
    session: Session,
    *,
    text: str,
    is_for_all: bool,
    days: tuple[date, date],
    actor: Actor,
) -> Announcement:
    """Show a sentence above the pages from the first to the last of ``days``.

    Raises RuleViolationError for an empty or too long text and for days the wrong way round.
    """
    require(actor, Permission.SITE_EDIT, NOWHERE)
    said = checked_text(
        text, field="text", longest=LONGEST_ANNOUNCEMENT, missing=Rule.VALUE_MISSING
    )
    starts_on, ends_on = days
    if ends_on < starts_on:
        raise RuleViolationError(
            Rule.END_BEFORE_START, field="ends_on", starts_on=starts_on, ends_on=ends_on
        )
    added = Announcement(text=said, is_for_all=is_for_all, starts_on=starts_on, ends_on=ends_on)
    session.add(added)
    session.flush()  # the journal needs its id
    journal.record(
        session, JournalEvent.ANNOUNCEMENT_ADDED, added, actor=actor, scope=NOWHERE, text=said
    )
    return added


def remove_announcement(session: Session, announcement: Announcement, *, actor: Actor) -> None:
    """Take an announcement down."""
    require(actor, Permission.SITE_EDIT, NOWHERE)
    event = JournalEvent.ANNOUNCEMENT_REMOVED
    journal.record(session, event, announcement, actor=actor, scope=NOWHERE, text=announcement.text)
    session.delete(announcement)
