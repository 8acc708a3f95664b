"""Interim updates (Zwischenmeldungen): seats and status of a published course between editions."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    ScalarSelect,
    String,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, aliased, mapped_column

from kursliste.domain.course import FIELD, CourseStatus
from kursliste.domain.interim import Told
from kursliste.domain.permissions import Scope
from kursliste.models.base import Base, Key, enum_column


class InterimUpdate(Base):
    """What a provider told about a published course; rows are added and never changed, but for
    ``superseded_at``: the moment from which a confirmation of the course knows better.

    A value that is None was not told. ``seats_taken`` and who told it are internal.
    """

    __tablename__ = "interim_update"
    __table_args__ = (
        ForeignKeyConstraint(
            ["provider_id", "district_id"],
            ["provider_district.provider_id", "provider_district.district_id"],
        ),
        *(
            CheckConstraint(
                f"{name} BETWEEN {FIELD[name].low} AND {FIELD[name].high}", name=f"{name}_in_range"
            )
            for name in ("seats_taken", "seats_free")
        ),
        CheckConstraint(
            "seats_taken IS NOT NULL OR seats_free IS NOT NULL OR status IS NOT NULL",
            name="tells_something",
        ),
        Index("ix_interim_update_course_id_given_at", "course_id", "given_at"),
    )

    id: Mapped[Key]
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"))
    district_id: Mapped[int]
    provider_id: Mapped[int] = mapped_column(index=True)
    seats_taken: Mapped[int | None]
    seats_free: Mapped[int | None]
    status: Mapped[CourseStatus | None] = mapped_column(enum_column(CourseStatus, "status"))
    given_at: Mapped[datetime]
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    given_by: Mapped[str] = mapped_column(String(120))
    superseded_at: Mapped[datetime | None]

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.district_id, provider_id=self.provider_id)

    def told(self) -> Told:
        """Return seats and status as rules read them."""
        return Told(seats_taken=self.seats_taken, seats_free=self.seats_free, status=self.status)


def newest_of(course_id: ColumnElement[str] | InstrumentedAttribute[str]) -> ScalarSelect[int]:
    """Return the key of a course's newest update, for a row of the statement around it."""
    one = aliased(InterimUpdate)
    return (
        select(one.id)
        .where(one.course_id == course_id)
        .order_by(one.given_at.desc(), one.id.desc())
        .limit(1)
        .scalar_subquery()
    )
