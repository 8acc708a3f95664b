"""The columns of the page: ten that fit a screen, each made of several facts of a course.

This is the one place that says which fact stands in which column of the page. A column whose facts
a district did not choose is not there, and the columns follow the order of the district's layout.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kursliste.domain.layout import Layout


class PageColumn(StrEnum):
    """The columns of the page in their usual order."""

    COURSE = "course"
    LEVEL = "level"
    DATES = "dates"
    TIMES = "times"
    UNITS = "units"
    PLACE = "place"
    SEATS = "seats"
    STATUS = "status"
    ACCESS = "access"
    PROVIDER = "provider"


FACTS: Final[Mapping[PageColumn, tuple[str, ...]]] = MappingProxyType(
    {
        PageColumn.COURSE: (
            "title",
            "course_type",
            "provider_reference",
            "exams",
            "exam_on",
            "public_note",
            "confirmed_on",
        ),
        PageColumn.LEVEL: ("level_from", "level_to"),
        PageColumn.DATES: ("starts_on", "ends_on", "start_kind", "start_note", "breaks_note"),
        PageColumn.TIMES: ("weekdays", "time_from", "time_until", "time_of_day", "times_note"),
        PageColumn.UNITS: ("units_total", "units_per_week", "current_module"),
        PageColumn.PLACE: ("street", "postcode", "town", "venue_name", "delivery"),
        PageColumn.SEATS: ("seats_free", "seats_total", "seats_min", "waiting_list"),
        PageColumn.STATUS: (
            "status",
            "late_entry",
            "late_entry_from",
            "placement_test",
            "register_by",
        ),
        PageColumn.ACCESS: (
            "admission",
            "audience",
            "childcare",
            "wheelchair",
            "price_eur",
            "price_note",
            "self_payer",
            "funder",
            "travel_costs",
        ),
        PageColumn.PROVIDER: (
            "provider",
            "contact_name",
            "contact_phone",
            "contact_email",
            "link",
        ),
    }
)
"""Which facts make up a column. Internal ones are in none; the group stands above its rows, and how
a row was confirmed stands in files only.
"""


NAMING: Final[PageColumn] = PageColumn.COURSE
"""The column that names its row; it is always there and stands first."""


@dataclass(frozen=True)
class ShownColumn:
    """A column as the page of one list has it; ``heading`` "" means the page's usual one."""

    column: PageColumn
    heading: str = ""


def public_facts(layout: Layout) -> frozenset[str]:
    """Return the facts that a public page of this layout may tell."""
    return frozenset(column.attribute for column in layout.columns(internal=False))


def page_columns(layout: Layout) -> tuple[ShownColumn, ...]:
    """Return the columns of the public page in the order of the layout.

    The course stands first, because it names its row. A column of which nothing is printed stays
    behind its usual neighbour. A column that holds one fact only bears that fact's heading; the
    course bears the title's heading if the district gave it one.
    """
    public = layout.columns(internal=False)
    shown = {name: place for place, name in enumerate(column.attribute for column in public)}
    printed = {column.attribute for column in public if column.printed}
    found = {
        column: told
        for column, facts in FACTS.items()
        if (told := [name for name in facts if name in shown])
    }
    first = {
        column: min((shown[name] for name in told if name in printed), default=None)
        for column, told in found.items()
    }
    order: list[PageColumn] = [NAMING]
    order += sorted(
        (column for column in found if first[column] is not None and column != NAMING),
        key=lambda column: first[column] or 0,
    )
    usual = list(found)
    for number, column in enumerate(usual):
        if column not in order:
            order.insert(order.index(usual[number - 1]) + 1, column)
    return tuple(ShownColumn(column, _heading(layout, column, found[column])) for column in order)


def _heading(layout: Layout, column: PageColumn, told: Sequence[str]) -> str:
    if column == NAMING:
        return next(one.heading for one in layout.chosen if one.attribute == "title")
    if len(told) > 1:
        return ""
    return next(one.column.heading for one in layout.chosen if one.attribute == told[0])
