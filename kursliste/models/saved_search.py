"""Searches that professionals keep, and which courses each found last."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.permissions import Scope
from kursliste.domain.saved_search import LONGEST_NAME
from kursliste.models.base import Base, JsonText, Key
from kursliste.models.identity import User


class SavedSearch(Base):
    """The filters of an address under a name; it rests since ``paused_at``."""

    __tablename__ = "saved_search"
    __table_args__ = (CheckConstraint("length(name) > 0", name="has_a_name"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    arguments: Mapped[dict[str, list[str]]] = mapped_column(JsonText())
    saved_at: Mapped[datetime]
    checked_at: Mapped[datetime] = mapped_column(index=True)
    paused_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()

    @property
    def scope(self) -> Scope:
        return Scope(user_id=self.user_id)


class KnownCourse(Base):
    """A course that a saved search found when it was last looked through."""

    __tablename__ = "known_course"

    search_id: Mapped[int] = mapped_column(
        ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    course_id: Mapped[str] = mapped_column(String(12), primary_key=True)
