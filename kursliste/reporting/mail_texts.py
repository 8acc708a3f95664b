"""Finding what districts say in their reminders in words of their own."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.reminders import ReminderStep
from kursliste.models.mail_text import MailText
from kursliste.models.masterdata import District
from kursliste.reporting.reminder_mails import OwnWords


def own_words(session: Session, district_ids: Collection[int | None]) -> OwnWords:
    """Return the words of several districts by district and step; one statement."""
    query = select(MailText).where(MailText.district_id.in_(district_ids))
    return {(found.district_id, found.step): found.text for found in session.scalars(query)}


def texts_of(session: Session, district: District) -> Mapping[ReminderStep, MailText]:
    """Return a district's own texts by step."""
    query = select(MailText).where(MailText.district_id == district.id)
    return {found.step: found for found in session.scalars(query.order_by(MailText.id))}
