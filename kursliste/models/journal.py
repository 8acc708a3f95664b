"""What happened, who did it, when: written once; only the person goes after years (ADR 47)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from kursliste.domain.events import JournalEvent
from kursliste.models.base import Base, JsonText, Key, enum_column


class JournalEntry(Base):
    """``changes`` is ``{attribute: [old, new]}``; ``is_internal`` keeps it from providers.

    ``person_removed_at`` is when the period of the records was over and the person was taken out.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (Index("ix_journal_entry_subject", "subject_table", "subject_id"),)

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    actor_name: Mapped[str] = mapped_column(String(120), default="")
    event: Mapped[JournalEvent] = mapped_column(enum_column(JournalEvent, "event"))
    subject_table: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(40))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)
    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    is_internal: Mapped[bool] = mapped_column(default=False)
    changes: Mapped[dict[str, Any]] = mapped_column(JsonText(), default=dict)
    details: Mapped[dict[str, Any]] = mapped_column(JsonText(), default=dict)
    person_removed_at: Mapped[datetime | None]
