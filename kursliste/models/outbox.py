"""Mails written in the same transaction as the fact they tell; posted after the commit."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kursliste.models.base import Base, Key, enum_column


class MailStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class OutgoingMail(Base):
    """One mail to one address. ``dedupe_key`` makes a mail that may only go once go once.

    ``unsubscribe_url`` is where a mail program ends such mails with one click (RFC 8058),
    ``attachment`` a published file that goes along, by its name on the shelf.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_waiting", "status", "due_at"),)

    id: Mapped[Key]
    dedupe_key: Mapped[str | None] = mapped_column(String(160), unique=True)
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[MailStatus] = mapped_column(
        "status", enum_column(MailStatus, "status"), default=MailStatus.QUEUED
    )
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(300), default="")
    unsubscribe_url: Mapped[str | None] = mapped_column(String(300))
    attachment: Mapped[str | None] = mapped_column(String(400))
