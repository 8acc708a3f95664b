"""Master data: districts, their standing lists, providers, venues and contacts."""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    ScalarSelect,
    String,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.calendar import DEFAULT_OPENS_DAY
from kursliste.domain.course import Wheelchair
from kursliste.domain.licence import Licence
from kursliste.domain.permissions import Scope
from kursliste.domain.reminders import DEFAULT_TIMES, LadderTimes
from kursliste.domain.round import ListKind, Rhythm, UnconfirmedRule
from kursliste.models.base import Base, Key, WordList, enum_column


class District(Base):
    """A Landkreis or kreisfreie Stadt, keyed by its AGS as text (PRODUCT.md, rule 9)."""

    __tablename__ = "district"
    __table_args__ = (CheckConstraint("length(ags) = 5", name="ags_five_digits"),)

    id: Mapped[Key]
    ags: Mapped[str] = mapped_column(String(5), unique=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(2))
    publisher: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    lists: Mapped[list["CourseList"]] = relationship(
        back_populates="district", order_by="CourseList.id"
    )
    providers: Mapped[list["Provider"]] = relationship(
        secondary="provider_district", back_populates="districts", order_by="Provider.name"
    )

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.id)


class CourseList(Base):
    """A standing list of a district: what it is about, its rhythm, its rules.

    A round opens on ``opens_day`` of the month before and is due ``due_working_days`` working days
    before that month's last one. The other days are those of the reminder ladder, see
    ``domain.reminders.LadderTimes``; nobody is reminded unless ``reminds``.
    """

    __tablename__ = "course_list"
    __table_args__ = (
        UniqueConstraint("district_id", "slug"),
        UniqueConstraint("id", "district_id"),
        CheckConstraint("opens_day BETWEEN 1 AND 31", name="opens_day_in_month"),
        CheckConstraint("due_working_days BETWEEN 0 AND 15", name="due_working_days_in_range"),
        CheckConstraint("friendly_days BETWEEN 1 AND 20", name="friendly_days_in_range"),
        CheckConstraint(
            "1 <= overdue_working_days AND overdue_working_days < second_contact_working_days "
            "AND second_contact_working_days < calls_working_days AND calls_working_days <= 20",
            name="steps_in_order",
        ),
    )

    id: Mapped[Key]
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)
    slug: Mapped[str] = mapped_column(String(60))
    kind: Mapped[ListKind] = mapped_column(
        enum_column(ListKind, "kind"), default=ListKind.LANGUAGE_COURSES
    )
    title: Mapped[str] = mapped_column(String(150))
    rhythm: Mapped[Rhythm] = mapped_column(enum_column(Rhythm, "rhythm"), default=Rhythm.MONTHLY)
    opens_day: Mapped[int] = mapped_column(default=DEFAULT_OPENS_DAY)
    due_working_days: Mapped[int] = mapped_column(default=0)
    reminds: Mapped[bool] = mapped_column(default=True)
    friendly_days: Mapped[int] = mapped_column(default=DEFAULT_TIMES.friendly_days)
    overdue_working_days: Mapped[int] = mapped_column(default=DEFAULT_TIMES.overdue_working_days)
    second_contact_working_days: Mapped[int] = mapped_column(
        default=DEFAULT_TIMES.second_contact_working_days
    )
    calls_working_days: Mapped[int] = mapped_column(default=DEFAULT_TIMES.calls_working_days)
    unconfirmed_rule: Mapped[UnconfirmedRule] = mapped_column(
        enum_column(UnconfirmedRule, "unconfirmed_rule"), default=UnconfirmedRule.PRINT
    )
    licence: Mapped[Licence] = mapped_column(enum_column(Licence, "licence"), default=Licence.NONE)
    version: Mapped[int] = mapped_column(default=1)

    district: Mapped[District] = relationship(back_populates="lists")

    __mapper_args__ = {"version_id_col": version}

    @property
    def scope(self) -> Scope:
        return Scope(district_id=self.district_id)

    @property
    def times(self) -> LadderTimes:
        """When the steps of the reminder ladder come."""
        return LadderTimes(
            friendly_days=self.friendly_days,
            overdue_working_days=self.overdue_working_days,
            second_contact_working_days=self.second_contact_working_days,
            calls_working_days=self.calls_working_days,
        )


class ProviderDistrict(Base):
    """A provider works in a district; a provider may work in several."""

    __tablename__ = "provider_district"

    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True
    )
    district_id: Mapped[int] = mapped_column(
        ForeignKey("district.id"), primary_key=True, index=True
    )


class Provider(Base):
    """A Träger. ``report_email`` is who reports, never published; ``email`` is for the public.

    One that was merged into another is closed for good, and ``merged_into_id`` points to it.
    """

    __tablename__ = "provider"
    __table_args__ = (
        CheckConstraint("merged_into_id IS NULL OR NOT is_active", name="merged_is_closed"),
        CheckConstraint("merged_into_id <> id", name="merged_into_another"),
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[str] = mapped_column(String(60), default="")
    street: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str] = mapped_column(String(5), default="")
    town: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    website: Mapped[str] = mapped_column(String(500), default="")
    office_hours: Mapped[str] = mapped_column(String(200), default="")
    languages: Mapped[tuple[str, ...] | None] = mapped_column(WordList(300))
    approvals: Mapped[tuple[str, ...] | None] = mapped_column(WordList(100))
    report_email: Mapped[str] = mapped_column(String(254), default="")
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    merged_into: Mapped["Provider | None"] = relationship(remote_side="Provider.id")
    districts: Mapped[list[District]] = relationship(
        secondary="provider_district", back_populates="providers", order_by="District.name"
    )
    venues: Mapped[list["Venue"]] = relationship(
        back_populates="provider", cascade="all, delete-orphan", order_by="Venue.town, Venue.id"
    )
    contacts: Mapped[list["Contact"]] = relationship(
        back_populates="provider", cascade="all, delete-orphan", order_by="Contact.name, Contact.id"
    )

    __mapper_args__ = {"version_id_col": version}


class FormerName(Base):
    """A name under which lists may still know a provider: that of one that was merged into it."""

    __tablename__ = "former_name"
    __table_args__ = (
        UniqueConstraint("provider_id", "name"),
        CheckConstraint("name <> ''", name="says_something"),
    )

    id: Mapped[Key]
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))


class KnownApart(Base):
    """Two providers look like one and are two: a coordinator said so, and nobody asks again."""

    __tablename__ = "known_apart"
    __table_args__ = (
        UniqueConstraint("one_id", "other_id"),
        CheckConstraint("one_id < other_id", name="smaller_first"),
    )

    id: Mapped[Key]
    one_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), index=True)
    told_at: Mapped[datetime]
    told_by: Mapped[str] = mapped_column(String(120))


class Venue(Base):
    """A place where a provider teaches (Kursort); PLZ is text and keeps its leading zero."""

    __tablename__ = "venue"
    __table_args__ = (UniqueConstraint("provider_id", "name", "street", "postcode", "town"),)

    id: Mapped[Key]
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(120), default="")
    street: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str] = mapped_column(String(5), default="")
    town: Mapped[str] = mapped_column(String(80), default="")
    wheelchair: Mapped[Wheelchair | None] = mapped_column(enum_column(Wheelchair, "wheelchair"))
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Provider] = relationship(back_populates="venues")

    __mapper_args__ = {"version_id_col": version}


class Contact(Base):
    """A person or a function ("Anmeldung Deutschkurse"); public only with its flag (rule 11)."""

    __tablename__ = "contact"

    id: Mapped[Key]
    provider_id: Mapped[int] = mapped_column(
        ForeignKey("provider.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    is_public: Mapped[bool] = mapped_column(Boolean, default=False)
    version: Mapped[int] = mapped_column(default=1)

    provider: Mapped[Provider] = relationship(back_populates="contacts")

    __mapper_args__ = {"version_id_col": version}


def first_list_ids() -> ScalarSelect[int]:
    """Return the question for the list that each district's own address shows: its first one."""
    return select(func.min(CourseList.id)).group_by(CourseList.district_id).scalar_subquery()
