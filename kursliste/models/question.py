"""Questions (Rückfragen): a row of its own each, with text, answer, and old and new value."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.question import (
    QUESTION_LENGTH,
    QuestionAction,
    QuestionStatus,
    next_question_status,
)
from kursliste.models.base import Base, Key, enum_column
from kursliste.models.identity import User
from kursliste.models.report import Report, ReportedCourse


class Question(Base):
    """Asked about a report, or about one ``attribute`` of one of its courses."""

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("attribute IS NULL OR reported_course_id IS NOT NULL", name="field_of_row"),
        CheckConstraint("status <> 'answered' OR answered_at IS NOT NULL", name="answered_when"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_when"),
    )

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    reported_course_id: Mapped[int | None] = mapped_column(
        ForeignKey("reported_course.id", ondelete="SET NULL")
    )
    attribute: Mapped[str | None] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(QUESTION_LENGTH))
    status: Mapped[QuestionStatus] = mapped_column(
        enum_column(QuestionStatus, "status"), default=QuestionStatus.OPEN
    )
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    old_value: Mapped[str | None] = mapped_column(String(QUESTION_LENGTH))
    new_value: Mapped[str | None] = mapped_column(String(QUESTION_LENGTH))
    answer: Mapped[str | None] = mapped_column(String(QUESTION_LENGTH))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    closed_at: Mapped[datetime | None]

    report: Mapped[Report] = relationship(back_populates="questions")
    reported_course: Mapped[ReportedCourse | None] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])

    def move(self, action: QuestionAction, *, at: datetime) -> None:
        """Go to the next state; raise TransitionRefusedError where that is not allowed."""
        self.status = next_question_status(self.status, action)
        if action is QuestionAction.ANSWER:
            self.answered_at = at
        else:
            self.closed_at = at
