"""What a layout may be: which columns it must have, what may be kept for professionals, how long
its words may be, and what a reader would miss.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kursliste.domain.columns import COLUMN, COLUMNS, KEY
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.layout import Layout
from kursliste.domain.texts import check_length

LONGEST_NAME: Final = 60
LONGEST_HEADING: Final = 40
LONGEST_LINES: Final = 500
"""Most characters of the text above and of the text below the list."""

LONGEST_LOGO_TEXT: Final = 150

ALWAYS: Final = ("title", "confirmed_on")
"""Without a title a row has no name; without the day of the confirmation a row that nobody
confirmed would look like any other (PRODUCT.md, rule 2 of the trade).
"""

SEARCHED: Final = frozenset(
    {
        "provider",
        "provider_reference",
        "course_group",
        "course_type",
        "title",
        "level_from",
        "level_to",
        "start_kind",
        "starts_on",
        "time_of_day",
        "delivery",
        "venue_name",
        "street",
        "postcode",
        "town",
        "wheelchair",
        "seats_free",
        "status",
        "late_entry",
        "audience",
        "admission",
        "funder",
        "price_eur",
        "childcare",
        "exams",
        "public_note",
    }
)
"""Facts that search and filters of the public list work with: a filter would tell them anyway."""

MAY_BE_WITHHELD: Final = frozenset(
    column.attribute
    for column in COLUMNS
    if not column.internal
    and column.attribute not in SEARCHED
    and column.attribute not in (*ALWAYS, KEY)
)
"""Public facts that a district may keep for professionals."""


class Essential(StrEnum):
    """What a reader needs of every course."""

    COURSE = "course"
    PROVIDER = "provider"
    CONTACT = "contact"
    CONFIRMED = "confirmed"


ESSENTIALS: Final[Mapping[Essential, tuple[str, ...]]] = MappingProxyType(
    {
        Essential.COURSE: ("title", "course_type"),
        Essential.PROVIDER: ("provider",),
        Essential.CONTACT: ("contact_phone", "contact_email"),
        Essential.CONFIRMED: ("confirmed_on",),
    }
)
"""One of these columns is enough."""


@dataclass(frozen=True)
class Gap:
    """Something that readers of the public list would miss, everywhere or on paper only."""

    essential: Essential
    on_paper_only: bool


def gaps_of(layout: Layout) -> tuple[Gap, ...]:
    """Return what the public list of this layout lacks; it may be so, but never unnoticed."""
    public = layout.columns(internal=False)
    shown = {column.attribute for column in public}
    printed = {column.attribute for column in public if column.printed}
    return tuple(
        Gap(essential, on_paper_only=not shown.isdisjoint(attributes))
        for essential, attributes in ESSENTIALS.items()
        if printed.isdisjoint(attributes)
    )


def check_layout(layout: Layout, *, knows_gaps: bool) -> None:
    """Raise RuleViolationError unless a list can be made with ``layout``.

    ``knows_gaps`` says that the person was told what readers will miss (:func:`gaps_of`).
    """
    _check_lengths(layout)
    _check_columns(layout)
    _check_headings(layout)
    if gaps_of(layout) and not knows_gaps:
        raise RuleViolationError(Rule.LAYOUT_HAS_GAPS, field="knows_gaps")


def _check_lengths(layout: Layout) -> None:
    if not layout.name:
        raise RuleViolationError(Rule.VALUE_MISSING, field="name")
    for field, text, longest in (
        ("name", layout.name, LONGEST_NAME),
        ("header", layout.header, LONGEST_LINES),
        ("footer", layout.footer, LONGEST_LINES),
    ):
        check_length(text, longest, field=field)
    for one in layout.chosen:
        check_length(one.heading, LONGEST_HEADING, field=f"heading_{one.attribute}")


def _check_columns(layout: Layout) -> None:
    names = [one.attribute for one in layout.chosen]
    for name in names:
        if name not in COLUMN or name == KEY or names.count(name) > 1:
            raise RuleViolationError(Rule.VALUE_UNKNOWN, value=name)
    for name in ALWAYS:
        if name not in names:
            raise RuleViolationError(
                Rule.COLUMN_NEEDED, field=f"place_{name}", heading=COLUMN[name].heading
            )
    for one in layout.chosen:
        if one.for_professionals and one.attribute not in MAY_BE_WITHHELD:
            raise RuleViolationError(
                Rule.COLUMN_IS_PUBLIC,
                field=f"for_professionals_{one.attribute}",
                heading=one.column.heading,
            )
    if not any(column.printed for column in layout.columns(internal=False)):
        raise RuleViolationError(Rule.NOTHING_PRINTED, field=f"place_{ALWAYS[0]}")


def _check_headings(layout: Layout) -> None:
    """Excel wants the headings of a table to differ, in whatever case they are written."""
    taken = {COLUMN[KEY].heading.casefold()}
    # Usual headings first: the column with a heading of its own is the one to be mended.
    for one in sorted(layout.chosen, key=lambda one: bool(one.heading)):
        heading = one.column.heading
        if heading.casefold() in taken:
            raise RuleViolationError(
                Rule.HEADING_TWICE, field=f"heading_{one.attribute}", heading=heading
            )
        taken.add(heading.casefold())
