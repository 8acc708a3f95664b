"""The flow of a month: a round asks, a report answers, its rows are courses with an identity."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.calendar import Month
from kursliste.domain.house import PERSON_FACTS, PLACE_FACTS
from kursliste.domain.permissions import Scope
from kursliste.domain.report import (
    DECIDED,
    SENT,
    ReportAction,
    ReportOrigin,
    ReportStatus,
    next_status,
)
from kursliste.domain.round import (
    RoundAction,
    RoundStatus,
    UnconfirmedRule,
    ends_on,
    next_round_status,
)
from kursliste.models.base import Base, Key, enum_column, in_sql
from kursliste.models.facts import CourseFacts, fact_checks
from kursliste.models.identity import User
from kursliste.models.masterdata import CourseList, District, Provider

if TYPE_CHECKING:  # questions are mapped above reports and name them
    from kursliste.models.approved import ApprovedVersion
    from kursliste.models.correction import Correction
    from kursliste.models.question import Question
    from kursliste.models.statement import Statement


class Round(Base):
    """One period of one list: when it opens, when reports are due, whether it is open.

    It closes on the day after ``open_until``, or after its month where nobody chose a day.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("course_list_id", "month"),
        UniqueConstraint("id", "district_id"),
        ForeignKeyConstraint(
            ["course_list_id", "district_id"], ["course_list.id", "course_list.district_id"]
        ),
        CheckConstraint("due_on >= opens_on", name="due_after_opening"),
    )

    id: Mapped[Key]
    course_list_id: Mapped[int]
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    month: Mapped[Month]
    opens_on: Mapped[date]
    due_on: Mapped[date]
    open_until: Mapped[date | None]
    status: Mapped[RoundStatus] = mapped_column(
        enum_column(RoundStatus, "status"), default=RoundStatus.OPEN
    )
    version: Mapped[int] = mapped_column(default=1)

    course_list: Mapped[CourseList] = relationship(overlaps="district")
    district: Mapped[District] = relationship(overlaps="course_list")
    reports: Mapped[list["Report"]] = relationship(
        back_populates="round", order_by="Report.id", overlaps="district,provider"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.district_id)

    @property
    def ends_on(self) -> date:
        """The last day on which it is open."""
        return ends_on(self.month, self.open_until)

    def move(self, action: RoundAction) -> None:
        """Close or reopen; raise TransitionRefusedError where that is not allowed."""
        self.status = next_round_status(self.status, action)


class Course(Base):
    """The identity of a course over the months; ``id`` is the Kurs-ID people see in files."""

    __tablename__ = "course"
    __table_args__ = (
        ForeignKeyConstraint(
            ["provider_id", "district_id"],
            ["provider_district.provider_id", "provider_district.district_id"],
        ),
    )

    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    district_id: Mapped[int] = mapped_column(index=True)
    provider_id: Mapped[int] = mapped_column(index=True)
    created_at: Mapped[datetime]


class Report(Base):
    """One provider's answer to one round. ``status`` is assigned in :meth:`move` only.

    ``unconfirmed`` is what becomes of its unconfirmed rows this month; None is what the list does.
    """

    __tablename__ = "report"
    __table_args__ = (
        UniqueConstraint("round_id", "provider_id"),
        ForeignKeyConstraint(["round_id", "district_id"], ["round.id", "round.district_id"]),
        ForeignKeyConstraint(
            ["provider_id", "district_id"],
            ["provider_district.provider_id", "provider_district.district_id"],
        ),
        CheckConstraint(
            f"status NOT IN {in_sql(SENT)} OR submitted_at IS NOT NULL", name="sent_has_time"
        ),
        CheckConstraint(
            f"(status IN {in_sql(DECIDED)}) = (decided_at IS NOT NULL)",
            name="decided_at_if_decided",
        ),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by_whom"),
        Index("ix_report_provider_round", "provider_id", "round_id"),
    )

    id: Mapped[Key]
    round_id: Mapped[int]
    district_id: Mapped[int] = mapped_column(index=True)
    provider_id: Mapped[int]
    status: Mapped[ReportStatus] = mapped_column(
        enum_column(ReportStatus, "status"), default=ReportStatus.OPEN
    )
    origin: Mapped[ReportOrigin] = mapped_column(
        enum_column(ReportOrigin, "origin"), default=ReportOrigin.PREFILLED
    )
    is_nil: Mapped[bool] = mapped_column(default=False)
    unconfirmed: Mapped[UnconfirmedRule | None] = mapped_column(
        enum_column(UnconfirmedRule, "unconfirmed")
    )
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[Round] = relationship(back_populates="reports", overlaps="district,provider")
    provider: Mapped[Provider] = relationship(
        primaryjoin="foreign(Report.provider_id) == Provider.id", viewonly=True
    )
    district: Mapped[District] = relationship(
        primaryjoin="foreign(Report.district_id) == District.id", viewonly=True
    )
    submitted_by: Mapped[User | None] = relationship(foreign_keys=[submitted_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
    courses: Mapped[list["ReportedCourse"]] = relationship(
        back_populates="report",
        cascade="all, delete-orphan",
        order_by="ReportedCourse.position, ReportedCourse.id",
    )
    questions: Mapped[list["Question"]] = relationship(
        back_populates="report", order_by="Question.id"
    )
    statements: Mapped[list["Statement"]] = relationship(
        back_populates="report", order_by="Statement.id"
    )
    corrections: Mapped[list["Correction"]] = relationship(
        back_populates="report", order_by="Correction.id"
    )
    approved_version: Mapped["ApprovedVersion | None"] = relationship(
        back_populates="report", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.district_id, provider_id=self.provider_id, report_id=self.id)

    @property
    def month(self) -> Month:
        return self.round.month

    @property
    def standing(self) -> "Report | ApprovedVersion":
        """Return what the list takes from this report: while its provider changes it after the
        approval, the version that was approved.
        """
        return self.approved_version or self

    @property
    def stands(self) -> bool:
        """Return whether :attr:`standing` is approved and goes into the list."""
        return self.status is ReportStatus.APPROVED or self.approved_version is not None

    @property
    def is_revision(self) -> bool:
        """Return whether the provider is changing this report after its approval."""
        return self.approved_version is not None

    def move(self, action: ReportAction, *, by_id: int | None, at: datetime) -> None:
        """Go to the next state and keep who did it when; raise TransitionRefusedError."""
        self.status = next_status(self.status, action)
        if action is ReportAction.SUBMIT:
            self.submitted_at = at
            self.submitted_by_id = by_id
        elif self.status in SENT and self.submitted_at is None:
            self.submitted_at = at  # carried over, then reopened: it waits, though nobody sent it
        if self.status in DECIDED:
            self.decided_at, self.decided_by_id = at, by_id
        else:
            self.decided_at = self.decided_by_id = None


class ReportedCourse(CourseFacts, Base):
    """The facts of a course this month, as its provider tells them.

    ``source_row`` says where a taken-over row came from ("Kurse Nov 2026!5"). ``venue_id`` and
    ``contact_id`` name the provider's venue and contact whose words the row repeats, so that a
    change in one place reaches it.
    """

    __tablename__ = "reported_course"
    __table_args__ = (
        UniqueConstraint("report_id", "course_id"),
        *fact_checks(),
    )

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[str] = mapped_column(ForeignKey("course.id"), index=True)
    venue_id: Mapped[int | None] = mapped_column(
        ForeignKey("venue.id", ondelete="SET NULL"), index=True
    )
    contact_id: Mapped[int | None] = mapped_column(
        ForeignKey("contact.id", ondelete="SET NULL"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    source_row: Mapped[str | None] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(default=1)

    report: Mapped[Report] = relationship(back_populates="courses")
    course: Mapped[Course] = relationship()

    __mapper_args__ = {"version_id_col": version}

    def take(self, facts: Mapping[str, object]) -> dict[str, tuple[object, object]]:
        """Set facts as every course does; other words name no venue and no contact any more.

        ``masterdata.linking`` finds out which ones they name instead.
        """
        moved = super().take(facts)
        if PLACE_FACTS.keys() & moved.keys():
            self.venue_id = None
        if PERSON_FACTS.keys() & moved.keys():
            self.contact_id = None
        return moved
