"""The approved version of a report that its provider is changing; it stays in the list."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.models.base import Base, Key
from kursliste.models.facts import CourseFacts, fact_checks
from kursliste.models.report import Report


class ApprovedVersion(Base):
    """What was decided about a report, kept from the first change until the next decision."""

    __tablename__ = "approved_version"
    __table_args__ = (UniqueConstraint("report_id"),)

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"))
    is_nil: Mapped[bool]
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    kept_at: Mapped[datetime]

    report: Mapped[Report] = relationship(back_populates="approved_version")
    courses: Mapped[list["ApprovedCourse"]] = relationship(
        back_populates="approved_version",
        cascade="all, delete-orphan",
        order_by="ApprovedCourse.position, ApprovedCourse.id",
    )


class ApprovedCourse(CourseFacts, Base):
    """A row as it was approved; it has the shape of a reported course."""

    __tablename__ = "approved_course"
    __table_args__ = (UniqueConstraint("approved_version_id", "course_id"), *fact_checks())

    id: Mapped[Key]
    approved_version_id: Mapped[int] = mapped_column(
        ForeignKey("approved_version.id", ondelete="CASCADE")
    )
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    position: Mapped[int]
    source_row: Mapped[str | None] = mapped_column(String(120))

    approved_version: Mapped[ApprovedVersion] = relationship(back_populates="courses")
