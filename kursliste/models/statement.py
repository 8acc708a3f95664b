"""What a provider said by telephone or mail, and who typed it: kept, so that it can be told."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.course import ConfirmedHow
from kursliste.domain.permissions import OnBehalf, Scope
from kursliste.domain.statement import SPOKEN
from kursliste.models.base import Base, Key, enum_column, in_sql
from kursliste.models.identity import User
from kursliste.models.report import Report

_OPEN = text("ended_at IS NULL")


class Statement(Base):
    """The word of a provider about one report. Until ``ended_at`` its taker may fill the report."""

    __tablename__ = "statement"
    __table_args__ = (
        CheckConstraint(f"how IN {in_sql(SPOKEN)}", name="spoken"),
        CheckConstraint("told_by <> ''", name="told_by_somebody"),
        Index(
            "uq_statement_report_id_taken_by_id_open",
            "report_id",
            "taken_by_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), index=True)
    told_by: Mapped[str] = mapped_column(String(120))
    how: Mapped[ConfirmedHow] = mapped_column(enum_column(ConfirmedHow, "how"))
    told_on: Mapped[date]
    taken_at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    ended_at: Mapped[datetime | None]

    report: Mapped[Report] = relationship(back_populates="statements")
    taken_by: Mapped[User | None] = relationship()

    @property
    def scope(self) -> Scope:
        return self.report.scope

    def as_on_behalf(self) -> OnBehalf:
        """Return what an actor carries while typing this statement."""
        return OnBehalf(self.report_id, self.told_by, self.how, self.told_on)
