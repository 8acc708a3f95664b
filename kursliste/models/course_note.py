"""What professionals of a district write for each other about a course."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from kursliste.domain.permissions import Scope
from kursliste.domain.professionals import LONGEST_NOTE
from kursliste.models.base import Base, Key


class CourseNote(Base):
    """A note about a course; no provider and no reader ever sees one."""

    __tablename__ = "course_note"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="says_something"),
        Index("ix_course_note_of", "district_id", "course_id"),
    )

    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    text: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    written_at: Mapped[datetime] = mapped_column(index=True)
    written_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="SET NULL")
    )
    written_by: Mapped[str] = mapped_column(String(120))

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.district_id, user_id=self.written_by_id)
