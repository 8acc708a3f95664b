"""When what is kept for a time only was last tidied."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kursliste.domain.retention import Kind
from kursliste.models.base import Base, enum_column


class RetentionRun(Base):
    """The last walk over rows of one kind that came to its end, and how many rows went."""

    __tablename__ = "retention_run"
    __table_args__ = (CheckConstraint("removed >= 0", name="removed_in_range"),)

    kind: Mapped[Kind] = mapped_column(enum_column(Kind, "kind"), primary_key=True)
    ran_at: Mapped[datetime]
    removed: Mapped[int]
