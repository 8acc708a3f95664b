"""Layouts to begin with: the standard one, and three that follow the practice of three districts.

All keep every column under its usual heading, so that any program and any neighbour can read the
file; what they do not print stands to the right of the printed columns. They differ in what is
printed, in the order of the columns and in what the rows stand together by.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from kursliste.domain.columns import COLUMNS, KEY
from kursliste.domain.layout import STANDARD, ChosenColumn, Grouping, Layout


def _layout(name: str, printed: Sequence[str], grouping: Grouping) -> Layout:
    rest = (c.attribute for c in COLUMNS if c.attribute not in (*printed, KEY))
    return Layout(
        name=name,
        chosen=(
            *(ChosenColumn(attribute, is_printed=True) for attribute in printed),
            *(ChosenColumn(attribute) for attribute in rest),
        ),
        grouping=grouping,
    )


BY_TOWN: Final = _layout(
    "Nach Orten",
    (
        "provider",
        "course_type",
        "title",
        "level_from",
        "level_to",
        "starts_on",
        "ends_on",
        "start_note",
        "weekdays",
        "time_from",
        "time_until",
        "units_total",
        "street",
        "postcode",
        "town",
        "seats_free",
        "status",
        "late_entry",
        "childcare",
        "contact_name",
        "contact_phone",
        "confirmed_on",
    ),
    Grouping.TOWN,
)
"""Görlitz keeps a sheet for each town: provider first, then course, period, lessons, place, seats,
entry and whom to call.
"""

OVERVIEW: Final = _layout(
    "Übersicht",
    (
        "course_type",
        "title",
        "level_from",
        "level_to",
        "postcode",
        "town",
        "street",
        "starts_on",
        "ends_on",
        "start_note",
        "weekdays",
        "time_from",
        "time_until",
        "units_total",
        "seats_total",
        "seats_free",
        "late_entry",
        "childcare",
        "provider",
        "contact_phone",
        "public_note",
        "confirmed_on",
    ),
    Grouping.COURSE_GROUP,
)
"""Nordhausen keeps one overview: what, level, where, when, lessons, seats, who offers it, and what
else matters.
"""

DETAILED: Final = _layout(
    "Ausführlich",
    (
        "course_type",
        "title",
        "provider_reference",
        "provider",
        "level_from",
        "level_to",
        "starts_on",
        "ends_on",
        "current_module",
        "units_total",
        "late_entry",
        "late_entry_from",
        "weekdays",
        "time_from",
        "time_until",
        "seats_total",
        "seats_free",
        "exams",
        "exam_on",
        "status",
        "contact_phone",
        "confirmed_on",
    ),
    Grouping.COURSE_GROUP,
)
"""Weimar keeps a detailed sheet of each course for those who plan and advise: number, module, next
entry, seats and exam; the addresses stand in the provider list.
"""

SHIPPED: Final[Mapping[str, Layout]] = MappingProxyType(
    {"standard": STANDARD, "orte": BY_TOWN, "uebersicht": OVERVIEW, "ausfuehrlich": DETAILED}
)
"""By the word that stands for it in addresses."""
