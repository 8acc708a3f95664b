"""A published edition: a frozen copy, so that what was published stays published.

Nothing in this code base updates a row of these tables, except that a person's name may be taken
out, which leaves a tombstone; a correction is the next number.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Select,
    String,
    UniqueConstraint,
    exists,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.calendar import Month
from kursliste.domain.edition import LONGEST_REASON, ChangeKind, Phase
from kursliste.domain.permissions import Scope
from kursliste.models.base import Base, JsonText, Key, enum_column
from kursliste.models.facts import CourseFacts, fact_checks
from kursliste.models.layout import LogoImage
from kursliste.models.masterdata import CourseList, District


class Edition(Base):
    """The head of an edition; ``providers``, ``changes``, ``words``, ``layout`` are frozen with it.

    ``changes`` are those since last month, ``corrected`` those since the edition it replaces.
    ``left_out`` says per provider how many rows are missing because nobody confirmed them: a list
    of ``{"provider", "courses", "public"}``. ``layout``, ``corrected`` and ``left_out`` are empty
    where the edition is older than they are: it has the standard layout and tells nothing.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("course_list_id", "month", "number"),
        ForeignKeyConstraint(
            ["course_list_id", "district_id"], ["course_list.id", "course_list.district_id"]
        ),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("(number = 1) = (replaces IS NULL)", name="later_replaces"),
        CheckConstraint("replaces IS NULL OR length(reason) > 0", name="correction_has_reason"),
    )

    id: Mapped[Key]
    course_list_id: Mapped[int]
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    month: Mapped[Month]
    number: Mapped[int]
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    responsible: Mapped[str] = mapped_column(String(120))
    district_ags: Mapped[str] = mapped_column(String(5))
    district_slug: Mapped[str] = mapped_column(String(60))
    district_name: Mapped[str] = mapped_column(String(120))
    list_slug: Mapped[str] = mapped_column(String(60))
    list_title: Mapped[str] = mapped_column(String(150))
    publisher: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(300), default="")
    licence: Mapped[str] = mapped_column(String(120), default="")
    replaces: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    silent_providers: Mapped[list[str]] = mapped_column(JsonText())
    providers: Mapped[list[dict[str, Any]]] = mapped_column(JsonText())
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JsonText())
    words: Mapped[dict[str, Any]] = mapped_column(JsonText())
    layout: Mapped[dict[str, Any] | None] = mapped_column(JsonText())
    logo_sha256: Mapped[str | None] = mapped_column(ForeignKey("logo_image.sha256"), index=True)
    corrected: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonText())
    left_out: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonText())
    rows_sha256: Mapped[str] = mapped_column(String(64))

    course_list: Mapped[CourseList] = relationship(overlaps="district")
    district: Mapped[District] = relationship(overlaps="course_list")
    logo: Mapped[LogoImage | None] = relationship()
    entries: Mapped[list["EditionEntry"]] = relationship(
        back_populates="edition", order_by="EditionEntry.position"
    )
    files: Mapped[list["EditionFile"]] = relationship(
        back_populates="edition", order_by="EditionFile.name"
    )
    withdrawal: Mapped["EditionWithdrawal | None"] = relationship(back_populates="edition")
    erasures: Mapped[list["EditionErasure"]] = relationship(
        back_populates="edition", order_by="EditionErasure.id"
    )

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.district_id)

    @property
    def name(self) -> str:
        return f"{self.month}/{self.number}"

    @property
    def folder(self) -> str:
        """Return where its files lie on the shelf."""
        return f"{self.district_slug}/{self.list_slug}/{self.month}/a{self.number}"


def newest_first() -> tuple[ColumnElement[Any], ...]:
    """Return the order of editions: the newest month first, in it the highest number."""
    return Edition.month.desc(), Edition.number.desc(), Edition.id.asc()


def stands() -> ColumnElement[bool]:
    """Return the condition for an edition that was not withdrawn."""
    return ~exists().where(EditionWithdrawal.edition_id == Edition.id)


def current_edition_ids() -> Select[int]:
    """Return the question for the newest edition of each list that was not withdrawn."""
    rank = func.row_number().over(partition_by=Edition.course_list_id, order_by=newest_first())
    ranked = select(Edition.id, rank.label("rank")).where(stands()).subquery()
    return select(ranked.c.id).where(ranked.c.rank == 1)


class EditionEntry(CourseFacts, Base):
    """One course as it was published, with every word that page, files and search need."""

    __tablename__ = "edition_entry"
    __table_args__ = (UniqueConstraint("edition_id", "position"), *fact_checks())

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    position: Mapped[int]
    course_id: Mapped[str] = mapped_column(String(12), index=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id"), index=True)
    provider: Mapped[str] = mapped_column(String(200))
    course_group: Mapped[str] = mapped_column(String(60))
    course_type_label: Mapped[str] = mapped_column(String(150))
    level_from_sort: Mapped[int | None]
    level_to_sort: Mapped[int | None]
    phase: Mapped[Phase] = mapped_column(enum_column(Phase, "phase"))
    change: Mapped[ChangeKind | None] = mapped_column(enum_column(ChangeKind, "change"))
    is_confirmed: Mapped[bool]
    search_text: Mapped[str] = mapped_column(String(2000))

    edition: Mapped[Edition] = relationship(back_populates="entries")

    def row(self) -> dict[str, object]:
        """Return the entry as a ``domain.edition.Row``."""
        return self.facts() | {
            "course_id": self.course_id,
            "provider": self.provider,
            "course_group": self.course_group,
        }


class EditionFile(Base):
    """A file on the shelf; it was there before this row was committed."""

    __tablename__ = "edition_file"
    __table_args__ = (UniqueConstraint("edition_id", "name"),)

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    name: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(10))
    is_internal: Mapped[bool] = mapped_column(default=False)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))

    edition: Mapped[Edition] = relationship(back_populates="files")


class EditionWithdrawal(Base):
    """The tombstone of an edition that was published by mistake: who took it back, when, why.

    The edition's rows stay frozen and its number stays taken; no reader gets page or files.
    """

    __tablename__ = "edition_withdrawal"
    __table_args__ = (
        UniqueConstraint("edition_id"),
        CheckConstraint("length(reason) > 0", name="says_why"),
    )

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    withdrawn_at: Mapped[datetime]
    withdrawn_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="SET NULL")
    )
    withdrawn_by: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))

    edition: Mapped[Edition] = relationship(back_populates="withdrawal")


class EditionErasure(Base):
    """The tombstone of a person's data in an edition: what kind of columns, when, who, why.

    ``rows_sha256`` is the hash that the rows had before. What was taken out is stored nowhere.
    """

    __tablename__ = "edition_erasure"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="says_why"),)

    id: Mapped[Key]
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    erased_at: Mapped[datetime]
    erased_by_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    erased_by: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    columns: Mapped[list[str]] = mapped_column(JsonText())
    rows_sha256: Mapped[str] = mapped_column(String(64))

    edition: Mapped[Edition] = relationship(back_populates="erasures")
