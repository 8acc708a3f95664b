"""The code tables of the trade: data that an administrator edits, with dates of validity."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kursliste.domain.course import CourseStatus
from kursliste.models.base import Base, Key, WordList, enum_column


class Level(Base):
    """A language level; ``sort`` puts A1.2 between A1.1 and A2."""

    __tablename__ = "level"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    sort: Mapped[int]
    label: Mapped[str] = mapped_column(String(80))
    cefr: Mapped[str | None] = mapped_column(String(2))
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def id(self) -> str:
        """The key, by the name that the journal knows."""
        return self.code


class CourseType(Base):
    """A kind of course with what is usual for it; usual is a hint and never a limit."""

    __tablename__ = "course_type"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    course_group: Mapped[str] = mapped_column(String(60))
    sort: Mapped[int]
    label: Mapped[str] = mapped_column(String(150))
    short: Mapped[str] = mapped_column(String(60))
    units_total: Mapped[int | None]
    units_note: Mapped[str | None] = mapped_column(String(120))
    level_from: Mapped[str | None] = mapped_column(ForeignKey("level.code"))
    level_to: Mapped[str | None] = mapped_column(ForeignKey("level.code"))
    seats_min: Mapped[int | None]
    seats_max: Mapped[int | None]
    funder: Mapped[str | None] = mapped_column(String(80))
    admission: Mapped[tuple[str, ...] | None] = mapped_column(WordList(300))
    exams: Mapped[tuple[str, ...] | None] = mapped_column(WordList(200))
    kursnet: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="active")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def id(self) -> str:
        """The key, by the name that the journal knows."""
        return self.code


class StatusWords(Base):
    """The words for a course's status; its meaning is ``domain.course.CourseStatus``."""

    __tablename__ = "course_status"

    code: Mapped[CourseStatus] = mapped_column(enum_column(CourseStatus, "code"), primary_key=True)
    sort: Mapped[int]
    label: Mapped[str] = mapped_column(String(80))
    short: Mapped[str] = mapped_column(String(40))
    explanation: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def id(self) -> str:
        """The key, by the name that the journal knows."""
        return self.code.value


class Alias(Base):
    """A word found in hand-kept lists, and what it means: a heading, a course type, a status.

    An empty meaning is a shipped word that somebody took out: it stays out when the next version
    adds what is missing.
    """

    __tablename__ = "alias"
    __table_args__ = (UniqueConstraint("kind", "alias"),)

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20))
    alias: Mapped[str] = mapped_column(String(120))
    meaning: Mapped[str] = mapped_column(String(40))
