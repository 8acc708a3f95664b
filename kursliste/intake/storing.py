"""What was read of a list until it becomes reports: typed in Python, plain JSON in the database.

Writing and reading back gives the same values: days, hours, amounts and lists of words carry a
tag that says what they are.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from kursliste.intake.cellwise import NotUnderstood, UnderstoodCourse
from kursliste.intake.findings import NotACourse, Understanding, UnderstoodProvider
from kursliste.intake.values.reading import Remark

Values = Mapping[str, object]
NEW: Final = 0
"""The choice for a provider name that is none of the known ones."""


@dataclass(frozen=True, kw_only=True)
class ProposedCourse:
    """One row of the preview. ``version`` counts how often somebody mended it."""

    row: str
    values: Values
    warnings: tuple[Remark, ...] = ()
    is_left_out: bool = False
    version: int = 1

    @property
    def is_mended(self) -> bool:
        """Whether somebody looked at the row and typed it anew."""
        return self.version > 1

    @property
    def provider(self) -> str:
        """The provider's name as the list writes it; empty if it names none."""
        return str(self.values.get("provider") or "")


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A whole list before it is taken over.

    ``chosen`` maps the key of a provider's name in the list to a provider of the district, or to
    ``NEW``. ``without`` are the keys of providers that the coordinator leaves out.
    """

    courses: tuple[ProposedCourse, ...]
    not_courses: tuple[NotACourse, ...] = ()
    not_understood: tuple[NotUnderstood, ...] = ()
    providers: tuple[UnderstoodProvider, ...] = ()
    remarks: tuple[str, ...] = ()
    as_of: date | None = None
    chosen: Mapping[str, int] = field(default_factory=dict)
    without: frozenset[str] = frozenset()

    @property
    def is_touched(self) -> bool:
        """Whether somebody decided anything about it yet."""
        rows = any(course.is_mended or course.is_left_out for course in self.courses)
        return rows or bool(self.chosen) or bool(self.without)

    def with_course(self, number: int, course: ProposedCourse) -> "Proposal":
        """Return the proposal with another row ``number`` (from 1)."""
        rows = list(self.courses)
        rows[number - 1] = course
        return replace(self, courses=tuple(rows))


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """What a coordinator chose for the whole list.

    ``chosen``: key of a provider's name -> a provider, or ``NEW``. ``without``: keys of
    providers to leave out. ``types``: key of a word that names no known course type -> its code.
    """

    chosen: Mapping[str, int] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    types: Mapping[str, str] = field(default_factory=dict)


def proposal_of(understanding: Understanding) -> Proposal:
    """Return a fresh proposal of what a file says."""
    return Proposal(
        courses=tuple(proposed(course) for course in understanding.courses),
        not_courses=understanding.not_courses,
        not_understood=understanding.not_understood,
        providers=understanding.providers,
        remarks=understanding.remarks,
        as_of=understanding.as_of,
    )


def proposed(course: UnderstoodCourse) -> ProposedCourse:
    """Return a row of the preview for an understood course."""
    return ProposedCourse(row=course.row, values=dict(course.values), warnings=course.warnings)


def as_stored(proposal: Proposal) -> dict[str, Any]:
    """Return the proposal as JSON holds it."""
    return {
        "courses": [
            {
                "row": storable(course.row),
                "values": {name: stored(value) for name, value in course.values.items()},
                "warnings": [plain(vars(remark)) for remark in course.warnings],
                "left_out": course.is_left_out,
                "version": course.version,
            }
            for course in proposal.courses
        ],
        "not_courses": [plain(vars(row)) for row in proposal.not_courses],
        "not_understood": [plain(vars(cell)) for cell in proposal.not_understood],
        "providers": [plain(vars(provider)) for provider in proposal.providers],
        "remarks": [storable(remark) for remark in proposal.remarks],
        "as_of": proposal.as_of.isoformat() if proposal.as_of else None,
        "chosen": dict(proposal.chosen),
        "without": sorted(proposal.without),
    }


def from_stored(data: Mapping[str, Any]) -> Proposal:
    """Return the proposal that :func:`as_stored` wrote."""
    return Proposal(
        courses=tuple(
            ProposedCourse(
                row=row["row"],
                values={name: restored(value) for name, value in row["values"].items()},
                warnings=tuple(Remark(**remark) for remark in row["warnings"]),
                is_left_out=row["left_out"],
                version=row["version"],
            )
            for row in data["courses"]
        ),
        not_courses=tuple(NotACourse(**row) for row in data["not_courses"]),
        not_understood=tuple(NotUnderstood(**cell) for cell in data["not_understood"]),
        providers=tuple(UnderstoodProvider(**provider) for provider in data["providers"]),
        remarks=tuple(data["remarks"]),
        as_of=date.fromisoformat(data["as_of"]) if data["as_of"] else None,
        chosen={key: int(choice) for key, choice in data["chosen"].items()},
        without=frozenset(data["without"]),
    )


def plain(facts: Mapping[str, str]) -> dict[str, str]:
    """Return texts that every database can hold."""
    return {name: storable(str(value)) for name, value in facts.items()}


def storable(text: str) -> str:
    """Return ``text`` with halves of broken characters replaced; nothing could hold them."""
    return text.encode("utf-8", "replace").decode()


def stored(value: object) -> Any:  # JSON
    """Return one typed value as JSON with a tag where JSON has no such type."""
    match value:
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case time():
            return {"hour": value.isoformat()}
        case Decimal():
            return {"amount": str(value)}
        case tuple() | list():
            return {"words": [storable(str(item)) for item in value]}
        case None | bool() | int() | float():
            return value
        case _:
            return storable(str(value))


TAGS: Final[Mapping[str, Callable[[Any], object]]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "hour": time.fromisoformat,
    "amount": Decimal,
    "words": tuple,
}


def restored(value: Any) -> object:  # JSON
    """Return the typed value that :func:`stored` wrote."""
    if not isinstance(value, dict):
        return value
    ((tag, content),) = value.items()
    return TAGS[tag](content)
