"""What a reader wants to know first: "neu seit dem letzten Monat".

The one home of this choice. The page, the sheet "Änderungen", the first page of the PDF, the JSON
and the mail to readers all ask :func:`news_of`; none of them chooses by itself.

An edition stores every change (``domain.edition.changes_between``). Of those a reader needs few:
what is new, what starts, meets or takes place otherwise, where seats became free or ran out, what
was cancelled and what ended. A corrected telephone number is no news.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kursliste.domain.course import CourseStatus
from kursliste.domain.edition import Change, ChangeKind, FieldChange, Row

TELLING: Final = frozenset(
    {
        "start_kind",
        "starts_on",
        "start_note",
        "weekdays",
        "time_from",
        "time_until",
        "times_note",
        "delivery",
        "venue_name",
        "street",
        "postcode",
        "town",
        "seats_total",
        "seats_free",
        "waiting_list",
    }
)
"""Start, time, place, seats."""

SHUT: Final = frozenset(
    {
        CourseStatus.FULL,
        CourseStatus.WAITING_LIST,
        CourseStatus.CANCELLED,
        CourseStatus.PAUSED,
    }
)
"""States in which nobody gets in; a status that moves into or out of them is told as well."""


class NewsKind(StrEnum):
    """The four parts in which news are told, in their order."""

    NEW = "new"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class NewsItem:
    """One course in the news.

    ``row`` is the course as it stands in the list now, None if it left the list. ``fields`` are
    the changes that matter, only for what changed.
    """

    course_id: str
    title: str
    provider: str
    row: Row | None = None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class News:
    """The news of an edition, part by part; inside a part the order of the list."""

    items: Mapping[NewsKind, tuple[NewsItem, ...]]

    def __bool__(self) -> bool:
        return any(self.items.values())

    def __getitem__(self, kind: NewsKind) -> tuple[NewsItem, ...]:
        return self.items[kind]

    def parts(self) -> Iterator[tuple[NewsKind, tuple[NewsItem, ...]]]:
        """Return the parts that have something to tell, in their order."""
        return ((kind, items) for kind, items in self.items.items() if items)

    def count(self, kind: NewsKind) -> int:
        """Return how many courses a part names."""
        return len(self.items[kind])


def news_of(changes: Iterable[Change], rows: Iterable[Row]) -> News:
    """Return the news among ``changes``; ``rows`` are the courses that the reader sees now.

    Changes and rows must be meant for the same reader (public or internal). A course that came
    into the list cancelled is told as cancelled, and one that is taken back (from cancelled to
    open) as changed.
    """
    by_id = {str(row["course_id"]): row for row in rows}
    found: dict[NewsKind, list[NewsItem]] = {kind: [] for kind in NewsKind}
    for change in changes:
        row = by_id.get(change.course_id)
        fields = tuple(field for field in change.fields if _is_telling(field))
        kind = _kind_of(change, row, fields)
        if kind is not None:
            item = NewsItem(
                course_id=change.course_id,
                title=change.title,
                provider=change.provider,
                row=row,
                fields=fields if kind is NewsKind.CHANGED else (),
            )
            found[kind].append(item)
    return News({kind: tuple(items) for kind, items in found.items()})


def _kind_of(change: Change, row: Row | None, fields: tuple[FieldChange, ...]) -> NewsKind | None:
    if change.kind is ChangeKind.ENDED:
        return NewsKind.ENDED
    is_cancelled = row is not None and row.get("status") == CourseStatus.CANCELLED
    if change.kind is ChangeKind.NEW:
        return NewsKind.CANCELLED if is_cancelled else NewsKind.NEW
    if is_cancelled:
        # Whatever else moved in a course that was cancelled before tells nobody anything.
        became = any(field.attribute == "status" for field in change.fields)
        return NewsKind.CANCELLED if became else None
    return NewsKind.CHANGED if fields else None


def _is_telling(field: FieldChange) -> bool:
    if field.attribute == "status":
        return field.old in SHUT or field.new in SHUT
    return field.attribute in TELLING
