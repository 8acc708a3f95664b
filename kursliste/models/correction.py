"""Corrections: one field of a course that the coordinator changed, with the provider's answer."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.correction import (
    OBJECTION_LENGTH,
    REASON_LENGTH,
    CorrectionAction,
    CorrectionStatus,
    next_correction_status,
)
from kursliste.domain.course import value_of
from kursliste.models.base import Base, JsonText, Key, enum_column
from kursliste.models.identity import User
from kursliste.models.report import Report, ReportedCourse


class Correction(Base):
    """``old_value`` and ``new_value`` are plain values of the attribute, as the journal keeps them;
    None is "unknown". The row itself holds the new value from the moment of the correction.
    """

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint(
            "status <> 'objected' OR coalesce(length(objection), 0) > 0", name="objection_says_why"
        ),
        CheckConstraint("(status = 'open') = (answered_at IS NULL)", name="answered_when"),
    )

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    reported_course_id: Mapped[int] = mapped_column(
        ForeignKey("reported_course.id", ondelete="CASCADE"), index=True
    )
    attribute: Mapped[str] = mapped_column(String(40))
    old_value: Mapped[Any] = mapped_column(JsonText(), nullable=True)
    new_value: Mapped[Any] = mapped_column(JsonText(), nullable=True)
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    status: Mapped[CorrectionStatus] = mapped_column(
        enum_column(CorrectionStatus, "status"), default=CorrectionStatus.OPEN
    )
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    objection: Mapped[str | None] = mapped_column(String(OBJECTION_LENGTH))

    report: Mapped[Report] = relationship(back_populates="corrections")
    reported_course: Mapped[ReportedCourse] = relationship()
    made_by: Mapped[User | None] = relationship(foreign_keys=[made_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])

    @property
    def old(self) -> object:
        """What the provider had told."""
        return value_of(self.attribute, self.old_value)

    @property
    def new(self) -> object:
        """What the coordinator made of it."""
        return value_of(self.attribute, self.new_value)

    def move(self, action: CorrectionAction, *, by_id: int | None, at: datetime) -> None:
        """Go to the next state; raise TransitionRefusedError where that is not allowed."""
        self.status = next_correction_status(self.status, action)
        if action is not CorrectionAction.SETTLE:
            self.answered_at, self.answered_by_id = at, by_id
