"""What a coordinator does with the words of the reminders."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.errors import ConflictError
from kursliste.domain.events import JournalEvent
from kursliste.domain.mail_text import checked_text
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.domain.reminders import ReminderStep
from kursliste.infrastructure import journal
from kursliste.models.mail_text import MailText
from kursliste.models.masterdata import District
from kursliste.reporting.reminder_mails import SECTIONS

NOT_STORED = 0
"""The version of a text that was never changed."""


def change_text(
    session: Session,
    district: District,
    step: ReminderStep,
    text: str,
    *,
    seen_version: int,
    actor: Actor,
) -> bool:
    """Say a step in the district's own words; False if nothing changes.

    Raises RuleViolationError for an empty or long text and for unknown placeholders,
    ConflictError if somebody else changed it since ``seen_version`` (0: the shipped words).
    """
    require(actor, Permission.LIST_CONFIGURE, district.scope)
    text = checked_text(text)
    found = _locked(session, district, step)
    before = found.text if found else SECTIONS[step]
    if text == before:
        return False
    if seen_version != (found.version if found else NOT_STORED):
        raise ConflictError([("Text", text, before)])
    if found is None:
        found = MailText(district_id=district.id, step=step, text=text)
        session.add(found)
    found.text = text
    session.flush()  # the journal needs its id
    _record(session, found, before, text, actor=actor)
    return True


def reset_text(
    session: Session, district: District, step: ReminderStep, *, seen_version: int, actor: Actor
) -> bool:
    """Go back to the shipped words; False if they hold already.

    Raises ConflictError if somebody else changed the text since ``seen_version``.
    """
    require(actor, Permission.LIST_CONFIGURE, district.scope)
    found = _locked(session, district, step)
    if found is None:
        return False
    if found.version != seen_version:
        raise ConflictError([("Text", SECTIONS[step], found.text)])
    _record(session, found, found.text, SECTIONS[step], actor=actor)
    session.delete(found)
    return True


def _locked(session: Session, district: District, step: ReminderStep) -> MailText | None:
    """Return the own text of a step. The lock is the district's: a new text has no row yet."""
    session.execute(select(District.id).where(District.id == district.id).with_for_update())
    query = select(MailText).where(MailText.district_id == district.id, MailText.step == step)
    return session.scalar(query.execution_options(populate_existing=True))


def _record(session: Session, found: MailText, before: str, after: str, *, actor: Actor) -> None:
    journal.record(
        session,
        JournalEvent.MAIL_TEXT_CHANGED,
        found,
        actor=actor,
        scope=found.scope,
        changes={"text": (before, after)},
        step=found.step,
    )
