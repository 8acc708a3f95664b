"""Which reminder went to whom: written in the transaction that queues the mail."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.reminders import ReminderStep
from kursliste.models.base import Base, Key, enum_column
from kursliste.models.outbox import OutgoingMail
from kursliste.models.report import Report


class Reminder(Base):
    """One step for one person and one report (a provider's month); several share a mail.

    The unique key lets two servers or a restart queue no step twice. ``mail_id`` is empty when
    the report arrived before the mail had left the house, and the mail was withdrawn.
    """

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("address", "report_id", "step"),)

    id: Mapped[Key]
    address: Mapped[str] = mapped_column(String(254))
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    step: Mapped[ReminderStep] = mapped_column(enum_column(ReminderStep, "step"))
    queued_at: Mapped[datetime] = mapped_column(index=True)
    mail_id: Mapped[int | None] = mapped_column(
        ForeignKey("outgoing_mail.id", ondelete="SET NULL"), index=True
    )

    report: Mapped[Report] = relationship()
    mail: Mapped[OutgoingMail | None] = relationship()
