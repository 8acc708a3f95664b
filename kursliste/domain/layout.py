"""A layout: which columns a district's list has, in which order, under which headings and words.

A layout belongs to a list, and every edition keeps the one it was made with. It decides what stands
in the workbook, the PDF and on the page; CSV and JSON are for programs and keep the full set.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from kursliste.domain.columns import COLUMN, COLUMNS, KEY, Column

WIDEST_ON_PAPER: Final = 20
"""Characters of a column that is usually not printed: a remark of full width leaves no room."""


class Grouping(StrEnum):
    """What the rows of a list stand together by; inside a group the usual order goes on."""

    COURSE_GROUP = "course_group"
    TOWN = "town"
    PROVIDER = "provider"
    LEVEL = "level"
    NONE = "none"


@dataclass(frozen=True)
class ChosenColumn:
    """A column that a district chose.

    ``heading`` "" means the usual one. ``for_professionals`` keeps a public fact out of the public
    edition; an internal fact stays internal whatever stands here.
    """

    attribute: str
    heading: str = ""
    is_printed: bool = False
    for_professionals: bool = False

    @property
    def is_internal(self) -> bool:
        """Whether only the internal edition has this column."""
        return self.for_professionals or COLUMN[self.attribute].internal

    @property
    def column(self) -> Column:
        """The column as files and page show it."""
        usual = COLUMN[self.attribute]
        is_new_on_paper = self.is_printed and not usual.printed
        return replace(
            usual,
            heading=self.heading or usual.heading,
            width=min(usual.width, WIDEST_ON_PAPER) if is_new_on_paper else usual.width,
            printed=self.is_printed,
            internal=self.is_internal,
        )


@dataclass(frozen=True, kw_only=True)
class Logo:
    """The image at the head of a list, named by the SHA-256 of its bytes.

    ``width`` and ``height`` are in pixels; ``text`` says what it shows to whom does not see it.
    """

    sha256: str
    media_type: str
    width: int
    height: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a list looks. ``header`` stands above the table, ``footer`` below it; "" is no text."""

    name: str
    chosen: tuple[ChosenColumn, ...]
    grouping: Grouping = Grouping.COURSE_GROUP
    header: str = ""
    footer: str = ""
    logo: Logo | None = None

    def columns(self, *, internal: bool) -> tuple[Column, ...]:
        """Return the columns that this reader sees: printed ones first, the hidden key last."""
        seen = [one.column for one in self.chosen if internal or not one.is_internal]
        printed = [column for column in seen if column.printed]
        return (*printed, *(column for column in seen if not column.printed), COLUMN[KEY])

    @property
    def withheld(self) -> frozenset[str]:
        """The public facts that this layout keeps for professionals."""
        return frozenset(one.attribute for one in self.chosen if one.for_professionals)

    def without(self, attributes: Collection[str]) -> "Layout":
        """Return this layout less some columns, for a reader who sees nothing in them."""
        left = tuple(one for one in self.chosen if one.attribute not in attributes)
        return replace(self, chosen=left)

    def with_logo_of(self, other: "Layout") -> "Layout":
        """Return this layout with the logo of ``other``: a logo is set by itself."""
        return replace(self, logo=other.logo)

    def stored(self) -> dict[str, Any]:
        """Return the layout as plain values for JSON; :func:`layout_from` reads them back."""
        return {
            "name": self.name,
            "columns": [
                {
                    "attribute": one.attribute,
                    "heading": one.heading,
                    "is_printed": one.is_printed,
                    "for_professionals": one.for_professionals,
                }
                for one in self.chosen
            ],
            "grouping": self.grouping.value,
            "header": self.header,
            "footer": self.footer,
            "logo": None if self.logo is None else vars(self.logo).copy(),
        }


STANDARD: Final = Layout(
    name="Standard",
    chosen=tuple(
        ChosenColumn(column.attribute, is_printed=column.printed)
        for column in COLUMNS
        if column.attribute != KEY
    ),
)
"""Every column in the usual order. Editions without a layout of their own are made with it, so a
change here would change the bytes of published files.
"""


def layout_from(stored: Mapping[str, Any] | None) -> Layout:
    """Return the layout that :meth:`Layout.stored` gave; without one the standard layout."""
    if stored is None:
        return STANDARD
    return Layout(
        name=stored["name"],
        chosen=tuple(ChosenColumn(**one) for one in stored["columns"]),
        grouping=Grouping(stored["grouping"]),
        header=stored["header"],
        footer=stored["footer"],
        logo=None if stored["logo"] is None else Logo(**stored["logo"]),
    )
