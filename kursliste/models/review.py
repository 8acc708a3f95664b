"""What a coordinator keeps for the review: internal notes, and the rules of the district."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from kursliste.domain.permissions import Scope
from kursliste.models.base import Base, Key, WordList

NOTE_LENGTH = 2000


class ProviderNote(Base):
    """An internal note about a provider in a district; no provider and no reader ever sees one."""

    __tablename__ = "provider_note"
    __table_args__ = (
        ForeignKeyConstraint(
            ["provider_id", "district_id"],
            ["provider_district.provider_id", "provider_district.district_id"],
        ),
        CheckConstraint("length(text) > 0", name="says_something"),
    )

    id: Mapped[Key]
    provider_id: Mapped[int] = mapped_column(index=True)
    district_id: Mapped[int]
    text: Mapped[str] = mapped_column(String(NOTE_LENGTH))
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="SET NULL")
    )
    written_by: Mapped[str] = mapped_column(String(120))

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.district_id, provider_id=self.provider_id)


class ReviewRules(Base):
    """How a district reviews: a district without a row reviews by the shipped rules.

    ``trivial_fields`` are attributes whose plausible change needs no look at the single report,
    ``ignored_notices`` names of ``domain.plausibility.Notice`` that are not shown.
    """

    __tablename__ = "review_rules"

    id: Mapped[Key]
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), unique=True)
    trivial_fields: Mapped[tuple[str, ...] | None] = mapped_column(WordList(1500))
    ignored_notices: Mapped[tuple[str, ...] | None] = mapped_column(WordList(1500))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.district_id)
