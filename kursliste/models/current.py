"""What search reads: the rows of the current editions, narrow and with indexes.

All of it is made from editions, interim updates and places by ``infrastructure.search_rows`` and
can be made anew at any time; nothing here is a source.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kursliste.domain.course import (
    Childcare,
    CourseStatus,
    Delivery,
    LateEntry,
    StartKind,
    TimeOfDay,
    Visibility,
    Wheelchair,
)
from kursliste.models.base import Base, Euro, JsonText, WordList
from kursliste.models.edition import EditionEntry


def _copied(kind: type[StrEnum]) -> Enum:
    """A coded value that was checked where it was stored first."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


SEEN: Final = ("visibility", "district_id")
"""Who may see a row and where it belongs: asked of every row."""

TURN: Final = ("rank", "starts_on", "start_kind", "entry_id")
"""What a page is sorted by."""


class CourseProfile(Base):
    """The coded values that courses have in common (``domain.profile``), each once."""

    __tablename__ = "course_profile"
    __table_args__ = ({"info": {"derived": True}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(1000), unique=True)


class CurrentCourse(Base):
    """One row of a list's current edition, with what was told since and where it is.

    ``has_place`` and ``told_…`` are of now, everything else is as published. ``rank`` is 0 for a
    course that can be recommended; stale, full and cancelled ones come behind in this order.
    """

    __tablename__ = "current_course"
    __table_args__ = (
        Index("ix_current_course_level", "level_from_sort", "level_to_sort", "starts_on"),
        Index("ix_current_course_course_type", "course_type", "starts_on"),
        Index("ix_current_course_order", "rank", "starts_on", "entry_id", "profile_id", *SEEN),
        Index("ix_current_course_profile", "profile_id", *SEEN, *TURN, "town", "provider"),
        Index("ix_current_course_place", "lat", "lon"),
        Index("ix_current_course_town", "town"),
        Index("ix_current_course_district_id", "district_id", "position"),
        {"info": {"derived": True}},
    )

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("edition_entry.id"), primary_key=True, autoincrement=False
    )
    edition_id: Mapped[int] = mapped_column(index=True)
    course_list_id: Mapped[int] = mapped_column(index=True)
    district_id: Mapped[int]
    course_id: Mapped[str] = mapped_column(String(12), index=True)
    position: Mapped[int]
    profile_id: Mapped[int] = mapped_column(ForeignKey("course_profile.id"))
    visibility: Mapped[Visibility | None] = mapped_column(_copied(Visibility))
    provider_id: Mapped[int] = mapped_column(index=True)
    provider: Mapped[str] = mapped_column(String(200))
    course_group: Mapped[str] = mapped_column(String(60))
    course_type: Mapped[str] = mapped_column(String(20))
    level_from: Mapped[str | None] = mapped_column(String(10))
    level_to: Mapped[str | None] = mapped_column(String(10))
    level_from_sort: Mapped[int | None]
    level_to_sort: Mapped[int | None]
    start_kind: Mapped[StartKind | None] = mapped_column(_copied(StartKind))
    starts_on: Mapped[date | None]
    time_of_day: Mapped[TimeOfDay | None] = mapped_column(_copied(TimeOfDay))
    delivery: Mapped[Delivery | None] = mapped_column(_copied(Delivery))
    town: Mapped[str | None] = mapped_column(String(80))
    wheelchair: Mapped[Wheelchair | None] = mapped_column(_copied(Wheelchair))
    childcare: Mapped[Childcare | None] = mapped_column(_copied(Childcare))
    late_entry: Mapped[LateEntry | None] = mapped_column(_copied(LateEntry))
    audience: Mapped[tuple[str, ...] | None] = mapped_column(WordList(300))
    admission: Mapped[tuple[str, ...] | None] = mapped_column(WordList(300))
    price_eur: Mapped[Decimal | None] = mapped_column(Euro())
    seats_free: Mapped[int | None]
    status: Mapped[CourseStatus | None] = mapped_column(_copied(CourseStatus))
    is_confirmed: Mapped[bool]
    has_place: Mapped[bool]
    told_on: Mapped[date | None]
    told_free: Mapped[int | None]
    told_status: Mapped[CourseStatus | None] = mapped_column(_copied(CourseStatus))
    rank: Mapped[int]
    lat: Mapped[float | None]
    lon: Mapped[float | None]

    entry: Mapped[EditionEntry] = relationship(viewonly=True)


class SearchWord(Base):
    """A word that occurs in a current row, folded."""

    __tablename__ = "search_word"
    __table_args__ = ({"info": {"derived": True}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(40), unique=True)


class CurrentWord(Base):
    """A word occurs in a current row."""

    __tablename__ = "current_word"
    __table_args__ = (
        Index("ix_current_word_entry_id", "entry_id"),
        {"info": {"derived": True}, "sqlite_with_rowid": False},
    )

    word_id: Mapped[int] = mapped_column(
        ForeignKey("search_word.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    entry_id: Mapped[int] = mapped_column(
        ForeignKey("current_course.entry_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )


class Place(Base):
    """A town with its postcode and where it is; loaded by an operator (GeoNames, CC BY 4.0)."""

    __tablename__ = "place"

    postcode: Mapped[str] = mapped_column(String(5), primary_key=True)
    name_folded: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    ags: Mapped[str] = mapped_column(String(5), index=True)
    lat: Mapped[float]
    lon: Mapped[float]


class DistrictNeighbour(Base):
    """Two districts have a border with each other; every pair stands twice, once from each side."""

    __tablename__ = "district_neighbour"

    ags: Mapped[str] = mapped_column(String(5), primary_key=True)
    neighbour_ags: Mapped[str] = mapped_column(String(5), primary_key=True)


class DistrictOutline(Base):
    """How a district is drawn on the map: coordinates of a GeoJSON MultiPolygon, fewer corners.

    Loaded by an operator (BKG, dl-de/by-2-0) in the year that the credit names. South, west, north
    and east say between which degrees it lies; ``sha256`` is the hash of coordinates and year.
    """

    __tablename__ = "district_outline"
    __table_args__ = (
        CheckConstraint("south < north AND west < east", name="lies_somewhere"),
        CheckConstraint("loaded_year BETWEEN 1990 AND 2999", name="loaded_year_in_range"),
        CheckConstraint("length(sha256) = 64", name="sha256_is_whole"),
    )

    ags: Mapped[str] = mapped_column(String(5), primary_key=True)
    shape: Mapped[Any] = mapped_column(JsonText())
    south: Mapped[float]
    west: Mapped[float]
    north: Mapped[float]
    east: Mapped[float]
    loaded_year: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
