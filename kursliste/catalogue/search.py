"""What a reader looks for: read from the address, kept as conditions on the rows of an edition.

Filters are GET parameters, the same everywhere (INTERFACE.md). A value that the edition does not
know is named on the page and ignored; it never ends in an error.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, or_, type_coerce

from kursliste.catalogue.options import CHOICES, Option
from kursliste.domain.course import (
    Childcare,
    CourseStatus,
    LateEntry,
    StartKind,
    Wheelchair,
)
from kursliste.domain.edition import folded
from kursliste.domain.interim import WITHOUT_PLACE
from kursliste.models.codes import Level
from kursliste.models.edition import EditionEntry

LONGEST_TEXT: Final = 200
MOST_WORDS: Final = 12
FLAGS: Final[Mapping[str, str]] = {
    "frei": "freie Plätze",
    "quereinstieg": "Quereinstieg möglich",
    "kinderbetreuung": "Kinderbetreuung",
    "frauen": "für Frauen",
    "kostenlos": "kostenlos",
    "barrierefrei": "barrierefrei",
}
DATES: Final[Mapping[str, str]] = {"ab": "Beginn ab", "bis": "Beginn bis"}
SORTS: Final[Mapping[str, str]] = {
    "gruppe": "nach Kursgruppe",
    "ort": "nach Ort",
    "niveau": "nach Niveau",
    "traeger": "nach Träger",
    "beginn": "nach Beginn",
    "ohne": "ohne Gruppen",
}
NOT_YET: Final = ("plz", "umkreis")
WOMEN: Final = "Frauen"
WOMENS_COURSES: Final = ("IK-FRAUEN", "MIA")
Places = Mapping[str, bool]
"""Kurs-ID -> whether the course has a place now, for courses that something was told about."""


@dataclass(frozen=True)
class Criterion:
    """One thing that is looked for; criteria of the same parameter widen, others narrow."""

    parameter: str
    value: str
    label: str
    condition: ColumnElement[bool]


@dataclass(frozen=True, kw_only=True)
class Search:
    """Everything read from an address; ``usual_sort`` is the way in which the edition stands."""

    criteria: Sequence[Criterion] = ()
    unknown: Sequence[tuple[str, str]] = ()
    sort: str = "gruppe"
    usual_sort: str = "gruppe"

    def chosen(self, parameter: str) -> list[str]:
        """Return the values in use for a parameter."""
        return [c.value for c in self.criteria if c.parameter == parameter]

    def arguments(self, *, without: Criterion | None = None) -> dict[str, list[str]]:
        """Return the parameters of an address that shows the same, or the same less one thing."""
        found: dict[str, list[str]] = {}
        for criterion in self.criteria:
            if criterion is not without:
                found.setdefault(criterion.parameter, []).append(criterion.value)
        if self.sort != self.usual_sort:
            found["sortierung"] = [self.sort]
        return found

    def condition(self, *, without: Criterion | None = None) -> ColumnElement[bool] | None:
        """Return what a row has to fulfil, or None if everything fits."""
        sought: dict[str, list[ColumnElement[bool]]] = {}
        for criterion in self.criteria:
            if criterion is not without:
                sought.setdefault(criterion.parameter, []).append(criterion.condition)
        return and_(*(or_(*conditions) for conditions in sought.values())) if sought else None


def read_search(
    arguments: Mapping[str, Sequence[str]],
    options: Mapping[str, Sequence[Option]],
    levels: Sequence[Level],
    now: Places = MappingProxyType({}),
    usual_sort: str = "gruppe",
) -> Search:
    """Read the parameters of an address.

    ``options`` are the values that the edition knows, ``now`` is what was told since; the edition
    stands in the order of ``usual_sort``.
    """
    criteria: list[Criterion] = []
    unknown: list[tuple[str, str]] = []
    for parameter, values in arguments.items():
        for value in dict.fromkeys(value.strip() for value in values if value.strip()):
            found = (
                _free(value, now)
                if parameter == "frei"
                else _criterion(parameter, value, options, levels)
            )
            if found is not None:
                criteria.append(found)
            elif _is_ours(parameter, value):
                unknown.append((_heading(parameter), value))
    sort = next(iter(arguments.get("sortierung", ())), "")
    return Search(
        criteria=criteria,
        unknown=unknown,
        sort=sort if sort in SORTS else usual_sort,
        usual_sort=usual_sort,
    )


def _is_ours(parameter: str, value: str) -> bool:
    """Return whether a parameter without effect is worth telling; strangers are none of ours."""
    if parameter == "sortierung":
        return value not in SORTS
    return parameter in {"q", *CHOICES, *FLAGS, *DATES, *NOT_YET}


def _heading(parameter: str) -> str:
    words = {"q": "Suche", "sortierung": "Sortierung", "plz": "PLZ", "umkreis": "Umkreis"}
    return {**words, **CHOICES, **FLAGS, **DATES}[parameter]


def _criterion(
    parameter: str,
    value: str,
    options: Mapping[str, Sequence[Option]],
    levels: Sequence[Level],
) -> Criterion | None:
    if parameter == "q":
        return _text(value)
    if parameter in CHOICES:
        return _choice(parameter, value, options, levels)
    if parameter in FLAGS and value == "1":
        return Criterion(parameter, value, FLAGS[parameter], _flag(parameter))
    return _start(parameter, value) if parameter in DATES else None


def _free(value: str, now: Places) -> Criterion | None:
    return Criterion("frei", value, FLAGS["frei"], has_free_seats(now)) if value == "1" else None


def _text(value: str) -> Criterion | None:
    plain = "".join(sign if sign.isprintable() else " " for sign in value)
    words = folded(plain).split()
    if not words or len(plain) > LONGEST_TEXT or len(words) > MOST_WORDS:
        return None
    found = (EditionEntry.search_text.contains(word, autoescape=True) for word in words)
    shown = " ".join(plain.split())
    return Criterion("q", shown, f"„{shown}“", and_(*found))


def _choice(
    parameter: str,
    value: str,
    options: Mapping[str, Sequence[Option]],
    levels: Sequence[Level],
) -> Criterion | None:
    known = next((o for o in options[parameter] if folded(o.value) == folded(value)), None)
    if known is None:
        return None
    label = f"{CHOICES[parameter]}: {known.label}"
    if parameter == "niveau":
        return Criterion(parameter, known.value, label, _fits_level(known.value, levels))
    return Criterion(parameter, known.value, label, _equals(parameter, known.value))


def _equals(parameter: str, value: str) -> ColumnElement[bool]:
    if parameter == "zugang":
        return _has_word(EditionEntry.admission, value)
    columns: Mapping[str, ColumnElement[Any]] = {
        "gruppe": EditionEntry.course_group.expression,
        "art": EditionEntry.course_type.expression,
        "ort": EditionEntry.town.expression,
        "tageszeit": EditionEntry.time_of_day.expression,
        "form": EditionEntry.delivery.expression,
        "traeger": EditionEntry.provider.expression,
    }
    return columns[parameter] == value


def _has_word(column: Any, word: str) -> ColumnElement[bool]:
    """Several words lie in one text as a JSON array; a whole word has its quotes."""
    text = type_coerce(column, String)
    return text.contains(json.dumps(word, ensure_ascii=False), autoescape=True)


def _fits_level(code: str, levels: Sequence[Level]) -> ColumnElement[bool]:
    """Return rows whose way from entry to goal passes this level.

    A2 takes in A2.1 and A2.2; and who looks for A2.2 also finds courses that only say "A2".
    """
    level = next(level for level in levels if level.code == code)
    stage = [other for other in levels if level.cefr and other.cefr == level.cefr] or [level]
    whole = min(other.sort for other in stage)
    highest = max(other.sort for other in stage) if level.sort == whole else level.sort
    lower, upper = EditionEntry.level_from_sort, EditionEntry.level_to_sort
    begins = or_(lower <= highest, and_(lower.is_(None), upper <= highest))
    reaches = or_(
        upper >= level.sort,
        upper == whole,
        and_(upper.is_(None), or_(lower >= level.sort, lower == whole)),
    )
    return and_(begins, reaches)


def _start(parameter: str, value: str) -> Criterion | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    # Who can join at any time can join on that day too.
    anytime = and_(
        EditionEntry.starts_on.is_(None),
        EditionEntry.start_kind.in_((StartKind.ROLLING, StartKind.REGULAR)),
    )
    fits = EditionEntry.starts_on >= day if parameter == "ab" else EditionEntry.starts_on <= day
    label = f"{DATES[parameter]} {day:%d.%m.%Y}"
    return Criterion(parameter, day.isoformat(), label, or_(fits, anytime))


def _flag(parameter: str) -> ColumnElement[bool]:
    match parameter:
        case "quereinstieg":
            return or_(
                EditionEntry.late_entry.in_((LateEntry.YES, LateEntry.ON_CONSULTATION)),
                EditionEntry.status == CourseStatus.RUNNING_ENTRY,
            )
        case "kinderbetreuung":
            return EditionEntry.childcare.in_((Childcare.YES, Childcare.ON_REQUEST))
        case "frauen":
            return or_(
                _has_word(EditionEntry.audience, WOMEN),
                EditionEntry.course_type.in_(WOMENS_COURSES),
            )
        case "kostenlos":
            return EditionEntry.price_eur == Decimal(0)
        case _:
            return EditionEntry.wheelchair == Wheelchair.YES


def has_free_seats(now: Places = MappingProxyType({})) -> ColumnElement[bool]:
    """Return the condition for a free seat that is told as a number; unknown is not free.

    What was told since counts instead of what was published.
    """
    published = and_(
        EditionEntry.seats_free > 0,
        or_(EditionEntry.status.is_(None), EditionEntry.status.not_in(WITHOUT_PLACE)),
    )
    if not now:
        return published
    free = [course_id for course_id, has_place in now.items() if has_place]
    return or_(
        EditionEntry.course_id.in_(free), and_(published, EditionEntry.course_id.not_in(now))
    )
