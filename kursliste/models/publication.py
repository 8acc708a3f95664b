"""An order to publish a month at a set time; it is gone when it was carried out or given up."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.edition import LONGEST_REASON
from kursliste.domain.permissions import Scope
from kursliste.models.base import Base, Key
from kursliste.models.identity import User
from kursliste.models.report import Round


class PublicationOrder(Base):
    """What would be pressed at ``due_at``: by whom, and which edition they saw (0 for none)."""

    __tablename__ = "publication_order"
    __table_args__ = (UniqueConstraint("round_id"),)

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    due_at: Mapped[datetime] = mapped_column(index=True)
    ordered_at: Mapped[datetime]
    ordered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="SET NULL")
    )
    ordered_by_name: Mapped[str] = mapped_column(String(120))
    seen_number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    mails_readers: Mapped[bool] = mapped_column(default=False)

    round: Mapped[Round] = relationship()
    ordered_by: Mapped[User | None] = relationship()

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.round.district_id)
