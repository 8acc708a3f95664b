"""What reading a file finds: courses, other rows, unread cells, providers, remarks."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any

from kursliste.intake.courses import NotUnderstood, UnderstoodCourse


@dataclass(frozen=True, kw_only=True)
class NotACourse:
    """A row that is no course, and what it is instead."""

    row: str
    why: str


@dataclass(frozen=True, kw_only=True)
class UnderstoodProvider:
    """A row that describes a provider."""

    row: str
    name: str
    short: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    office_hours: str = ""


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """What a file says. ``remarks`` are about the whole file; ``as_of`` is its Stand."""

    courses: tuple[UnderstoodCourse, ...]
    not_courses: tuple[NotACourse, ...]
    not_understood: tuple[NotUnderstood, ...]
    providers: tuple[UnderstoodProvider, ...]
    remarks: tuple[str, ...]
    as_of: date | None


@dataclass(kw_only=True)
class Findings:
    """The same while it grows, sheet by sheet and row by row."""

    courses: list[UnderstoodCourse] = field(default_factory=list)
    not_courses: list[NotACourse] = field(default_factory=list)
    not_understood: list[NotUnderstood] = field(default_factory=list)
    providers: list[UnderstoodProvider] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    titles: set[str] = field(default_factory=set)
    as_of: date | None = None
    has_table: bool = False

    def leave(self, row: str, why: str) -> None:
        """Name a row that is no course."""
        self.not_courses.append(NotACourse(row=row, why=why))

    def result(self) -> Understanding:
        """Return everything that was found."""
        return Understanding(
            courses=tuple(self.courses),
            not_courses=tuple(self.not_courses),
            not_understood=tuple(self.not_understood),
            providers=tuple(self.providers),
            remarks=tuple(dict.fromkeys(self.remarks)),
            as_of=self.as_of,
        )


def to_json(understanding: Understanding) -> dict[str, Any]:
    """Return the report of ``kursliste import --json`` (INTERFACE.md)."""
    return {
        "courses": [
            {
                "row": course.row,
                **{name: json_value(value) for name, value in course.values.items()},
                "warnings": [
                    {"attribute": w.attribute, "value": w.value, "why": w.why}
                    for w in course.warnings
                ],
            }
            for course in understanding.courses
        ],
        "not_courses": [{"row": n.row, "why": n.why} for n in understanding.not_courses],
        "not_understood": [
            {"row": n.row, "column": n.column, "value": n.value, "why": n.why}
            for n in understanding.not_understood
        ],
        "providers": [
            {name: value for name, value in vars(provider).items() if value}
            for provider in understanding.providers
        ],
        "remarks": list(understanding.remarks),
        "as_of": understanding.as_of.isoformat() if understanding.as_of else None,
    }


def json_value(value: object) -> Any:
    """Return a value as JSON has it: days and hours as text, money as a number."""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return [str(item) for item in value] if isinstance(value, tuple) else value
