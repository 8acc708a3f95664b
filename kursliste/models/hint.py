"""What readers told about a published course; nothing about the reader is kept."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.hint import LONGEST_COMMENT, HintReason
from kursliste.domain.permissions import Scope
from kursliste.models.base import Base, Key, enum_column
from kursliste.models.masterdata import Provider


class ReaderHint(Base):
    """One hint; ``title`` is that of the course as it was published."""

    __tablename__ = "reader_hint"
    __table_args__ = (
        ForeignKeyConstraint(
            ["provider_id", "district_id"],
            ["provider_district.provider_id", "provider_district.district_id"],
        ),
        CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name="settled_by_somebody"),
        Index("ix_reader_hint_open", "provider_id", "district_id", "settled_at"),
    )

    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    district_id: Mapped[int]
    provider_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(150))
    reason: Mapped[HintReason] = mapped_column(enum_column(HintReason, "reason"))
    comment: Mapped[str] = mapped_column(String(LONGEST_COMMENT), default="")
    given_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(120))

    provider: Mapped[Provider] = relationship(
        primaryjoin="ReaderHint.provider_id == Provider.id",
        foreign_keys="ReaderHint.provider_id",
        viewonly=True,
    )

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.district_id, provider_id=self.provider_id)
