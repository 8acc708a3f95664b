"""What a district says in its reminders in words of its own."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kursliste.domain.mail_text import LONGEST_TEXT
from kursliste.domain.permissions import Scope
from kursliste.domain.reminders import ReminderStep
from kursliste.models.base import Base, Key, enum_column


class MailText(Base):
    """The words of one step of the ladder; a step without a row speaks the shipped words."""

    __tablename__ = "mail_text"
    __table_args__ = (UniqueConstraint("district_id", "step"),)

    id: Mapped[Key]
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    step: Mapped[ReminderStep] = mapped_column(enum_column(ReminderStep, "step"))
    text: Mapped[str] = mapped_column(String(LONGEST_TEXT))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.district_id)
