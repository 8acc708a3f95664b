"""Courses that changed hands: from which month on which provider reports them."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    ScalarSelect,
    String,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, aliased, mapped_column

from kursliste.domain.calendar import Month
from kursliste.models.base import Base, Key


class CourseHandover(Base):
    """A course went from one provider to another; rows are added and never changed.

    Reports of months before ``month`` stay those of the giver.
    """

    __tablename__ = "course_handover"
    __table_args__ = (
        CheckConstraint("from_provider_id <> to_provider_id", name="to_another"),
        Index("ix_course_handover_course_id_month", "course_id", "month"),
    )

    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    from_provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    to_provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    month: Mapped[Month]
    handed_at: Mapped[datetime]
    handed_by: Mapped[str] = mapped_column(String(120))


def holder_of(
    course_id: ColumnElement[str] | InstrumentedAttribute[str], month: Month
) -> ScalarSelect[int]:
    """Return the provider that got a course last for ``month`` or before; none if it never moved.

    For a row of the statement around it.
    """
    one = aliased(CourseHandover)
    return (
        select(one.to_provider_id)
        .where(one.course_id == course_id, one.month <= month)
        .order_by(one.id.desc())
        .limit(1)
        .scalar_subquery()
    )
