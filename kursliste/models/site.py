"""Words of the operator: legal texts and announcements."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from kursliste.domain.site import LONGEST_ANNOUNCEMENT, SiteTextKey
from kursliste.models.base import Base, Key, enum_column


class SiteText(Base):
    """What the operator wrote for a page, as Markdown without HTML; empty texts have no row."""

    __tablename__ = "site_text"

    id: Mapped[Key]
    key: Mapped[SiteTextKey] = mapped_column(enum_column(SiteTextKey, "key"), unique=True)
    body: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Announcement(Base):
    """A sentence above the pages from one day to another, both included."""

    __tablename__ = "announcement"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    id: Mapped[Key]
    text: Mapped[str] = mapped_column(String(LONGEST_ANNOUNCEMENT))
    is_for_all: Mapped[bool] = mapped_column(default=False)
    """Whether people who are not signed in read it too, on the start page and when signing in."""

    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(index=True)
