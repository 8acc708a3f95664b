"""The code tables in memory: their words and ranks, read once for a request or a job."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import String, literal, select, type_coerce, union_all
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.course_type import holds_in
from kursliste.domain.edition import CodeWords
from kursliste.domain.plausibility import Usual
from kursliste.models.codes import CourseType, Level, StatusWords


@dataclass(frozen=True)
class Codes:
    """Course types, levels and statuses by code, each in its order."""

    course_types: Mapping[str, CourseType]
    levels: Mapping[str, Level]
    statuses: Mapping[str, StatusWords]

    @cached_property
    def words(self) -> CodeWords:
        """Return the labels that an edition freezes."""
        return CodeWords(
            course_types={code: row.label for code, row in self.course_types.items()},
            levels={code: row.label for code, row in self.levels.items()},
            statuses={code: row.label for code, row in self.statuses.items()},
            explanations=[(row.label, row.explanation) for row in self.statuses.values()],
        )

    def offered(self, month: Month, *kept: object) -> "Codes":
        """Return the tables as a form of ``month`` offers them: only types that hold in it.

        ``kept`` are the types that courses have already; they stay to choose.
        """
        stays = {str(code) for code in kept if code}
        types = {
            code: row
            for code, row in self.course_types.items()
            if code in stays or holds_in(month, row.valid_from, row.valid_until)
        }
        return replace(self, course_types=types)

    def word(self, attribute: str, value: object) -> str | None:
        """Return the label behind a coded value of ``attribute``, or None if it has no code."""
        return self.words.word(attribute, value)

    def level_sort(self, code: object) -> int | None:
        """Return the rank of a level; None for no level."""
        row = self.levels.get(str(code)) if code else None
        return None if row is None else row.sort

    def group_of(self, course_type: object) -> str:
        """Return the course group of a course type; empty if the type is unknown."""
        row = self.course_types.get(str(course_type))
        return "" if row is None else row.course_group

    def type_rank(self, course_type: object) -> int:
        """Return the rank of a course type inside the list."""
        row = self.course_types.get(str(course_type))
        return 0 if row is None else row.sort

    def usual(self, course_type: object) -> Usual:
        """Return what is usual for a course type; a hint for notices."""
        row = self.course_types.get(str(course_type))
        if row is None:
            return Usual()
        return Usual(seats_max=row.seats_max, units_total=row.units_total)


def load_codes(session: Session) -> Codes:
    """Read the code tables; three statements, whatever their size."""
    types = session.scalars(select(CourseType).order_by(CourseType.sort, CourseType.code))
    levels = session.scalars(select(Level).order_by(Level.sort, Level.code))
    statuses = session.scalars(select(StatusWords).order_by(StatusWords.sort, StatusWords.code))
    return Codes(
        course_types={row.code: row for row in types},
        levels={row.code: row for row in levels},
        statuses={str(row.code): row for row in statuses},
    )


def load_words(session: Session) -> CodeWords:
    """Read the labels alone, in one statement: what a mail needs that is written under a lock."""
    words: dict[str, dict[str, str]] = {"type": {}, "level": {}, "status": {}}
    labels = union_all(
        select(literal("type"), CourseType.code, CourseType.label),
        select(literal("level"), Level.code, Level.label),
        select(literal("status"), type_coerce(StatusWords.code, String), StatusWords.label),
    )
    for kind, code, label in session.execute(labels):
        words[kind][code] = label
    return CodeWords(course_types=words["type"], levels=words["level"], statuses=words["status"])
