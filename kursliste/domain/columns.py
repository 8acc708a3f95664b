"""The columns of the list: one definition feeds page and all files (house rule 17)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kursliste.domain.course import FIELD, Kind


@dataclass(frozen=True)
class Column:
    """A column of the list: its values, its heading, how wide it is and who may see it.

    ``width`` is in characters of the standard font. ``printed`` columns come first and make up the
    print area, so that a printed page stays readable.
    """

    attribute: str
    heading: str
    kind: Kind
    width: int
    printed: bool = False
    internal: bool = False


def _column(attribute: str, width: int, *, printed: bool = False) -> Column:
    field = FIELD[attribute]
    return Column(attribute, field.heading, field.kind, width, printed, field.internal)


COLUMNS: Final[tuple[Column, ...]] = (
    _column("course_type", 17, printed=True),
    _column("title", 22, printed=True),
    _column("level_from", 6, printed=True),
    _column("level_to", 6, printed=True),
    _column("starts_on", 10, printed=True),
    _column("ends_on", 10, printed=True),
    _column("start_note", 13, printed=True),
    _column("weekdays", 9, printed=True),
    _column("time_from", 6, printed=True),
    _column("time_until", 6, printed=True),
    _column("street", 14, printed=True),
    _column("postcode", 6, printed=True),
    _column("town", 11, printed=True),
    _column("seats_free", 5, printed=True),
    _column("seats_total", 7, printed=True),
    _column("status", 12, printed=True),
    _column("late_entry", 11, printed=True),
    _column("admission", 19, printed=True),
    _column("childcare", 13, printed=True),
    _column("provider", 17, printed=True),
    _column("contact_phone", 14, printed=True),
    _column("confirmed_on", 10, printed=True),
    _column("course_group", 18),
    _column("provider_reference", 16),
    _column("bamf_reference", 18),
    _column("current_module", 8),
    _column("units_total", 7),
    _column("units_per_week", 10),
    _column("start_kind", 17),
    _column("breaks_note", 26),
    _column("times_note", 32),
    _column("time_of_day", 12),
    _column("delivery", 12),
    _column("venue_name", 26),
    _column("wheelchair", 12),
    _column("seats_min", 11),
    _column("seats_taken", 8),
    _column("waiting_list", 11),
    _column("waiting_count", 13),
    _column("late_entry_from", 18),
    _column("placement_test", 17),
    _column("register_by", 15),
    _column("audience", 28),
    _column("self_payer", 12),
    _column("funder", 22),
    _column("price_eur", 11),
    _column("price_note", 30),
    _column("travel_costs", 12),
    _column("exams", 18),
    _column("exam_on", 15),
    _column("contact_name", 24),
    _column("contact_email", 32),
    _column("link", 40),
    _column("public_note", 70),
    _column("internal_note", 90),
    _column("visibility", 15),
    _column("confirmed_by", 22),
    _column("confirmed_how", 13),
    _column("course_id", 14),
)
"""Every column of an edition in the order of the files; ``course_id`` is last and hidden."""

PUBLIC_COLUMNS: Final = tuple(column for column in COLUMNS if not column.internal)

COLUMN: Final[Mapping[str, Column]] = MappingProxyType({c.attribute: c for c in COLUMNS})
"""The same columns by their attribute."""

KEY: Final = "course_id"
"""The column by which an edited file finds its courses again; last and hidden in every file."""
