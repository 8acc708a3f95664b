"""An edition (Ausgabe): its head, its order, and what changed since the one before.

Rows travel as plain mappings from attribute name to value, so that the formats know no table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from kursliste.domain.calendar import Month
from kursliste.domain.columns import PUBLIC_COLUMNS, Column
from kursliste.domain.course import CourseStatus, StartKind, Visibility, value_of
from kursliste.domain.layout import STANDARD, Grouping, Layout

BERLIN: Final = ZoneInfo("Europe/Berlin")

LONGEST_REASON: Final = 500
"""Most characters that the reason of a correction may have."""

Row = Mapping[str, object]
"""One course of an edition: attribute -> str, int, Decimal, date, time, tuple of words, or None."""


class Phase(StrEnum):
    """Inside a group, what starts soon stands before what runs (DOMAIN.md 7.1)."""

    STARTING = "starting"
    RUNNING = "running"


class ChangeKind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    ENDED = "ended"


COLUMN_GROUPS: Final = (
    "Integrationskurse",
    "Berufssprachkurse",
    "Landessprachkurse",
    "Erstorientierung",
    "Kommunale und weitere Kurse",
    "Ehrenamt und Begegnung",
    "Prüfungen",
)
"""Course groups in the fixed order of the list (DOMAIN.md 7.1, no. 4)."""


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field of a course, before and now, as values of a :data:`Row`."""

    attribute: str
    old: object
    new: object


@dataclass(frozen=True, kw_only=True)
class Change:
    """What happened to one course since the edition before."""

    kind: ChangeKind
    course_id: str
    title: str
    provider: str
    fields: tuple[FieldChange, ...] = ()


def change_from(stored: Mapping[str, Any]) -> Change:
    """Return a change as an edition stores it: values in ISO form, fields as triples."""
    return Change(
        kind=ChangeKind(stored["kind"]),
        course_id=stored["course_id"],
        title=stored["title"],
        provider=stored["provider"],
        fields=tuple(
            FieldChange(attribute=name, old=value_of(name, old), new=value_of(name, new))
            for name, old, new in stored["fields"]
        ),
    )


@dataclass(frozen=True, kw_only=True)
class CodeWords:
    """The words of the code tables at the moment of publishing: code -> label."""

    course_types: Mapping[str, str]
    levels: Mapping[str, str]
    statuses: Mapping[str, str]
    explanations: Sequence[tuple[str, str]] = ()

    def word(self, attribute: str, value: object) -> str | None:
        """Return the label behind a coded value of ``attribute``, or None if it has no code."""
        tables: Mapping[str, Mapping[str, str]] = {
            "course_type": self.course_types,
            "level_from": self.levels,
            "level_to": self.levels,
            "status": self.statuses,
        }
        table = tables.get(attribute)
        return None if table is None or value is None else table.get(str(value), str(value))


@dataclass(frozen=True, kw_only=True)
class EditionHead:
    """Everything above the rows: whose list it is, which one, and who answers for it.

    ``left_out`` courses are missing because nobody confirmed them; None if that is not known.
    On ``erased_on`` a person's data were taken out, after it was published.
    """

    ags: str
    slug: str
    district: str
    list_slug: str
    list_title: str
    month: Month
    number: int
    published_at: datetime
    responsible: str
    publisher: str
    contact: str = ""
    licence: str = ""
    replaces: int | None = None
    reason: str = ""
    silent_providers: tuple[str, ...] = ()
    left_out: int | None = None
    erased_on: date | None = None
    layout: Layout = STANDARD
    logo: bytes | None = None
    """The image that ``layout.logo`` names."""

    @property
    def name(self) -> str:
        """Return the number people quote, like ``2026-12/1``."""
        return f"{self.month}/{self.number}"

    @property
    def file_stem(self) -> str:
        """Return the file name without its ending (INTERFACE.md, addresses)."""
        return f"kursliste-{self.slug}-{self.month}-a{self.number}"

    @property
    def stand(self) -> date:
        """Return the day the list tells the state of: the day it was published in Germany."""
        return self.published_at.astimezone(BERLIN).date()


def phase_of(row: Row, *, on: date) -> Phase:
    """Return whether a course still starts or already runs on the day ``on``."""
    starts_on = row.get("starts_on")
    if isinstance(starts_on, date):
        return Phase.STARTING if starts_on > on else Phase.RUNNING
    if row.get("start_kind") in {StartKind.ROLLING, StartKind.REGULAR}:
        return Phase.RUNNING
    if row.get("status") in {CourseStatus.RUNNING, CourseStatus.RUNNING_ENTRY, CourseStatus.PAUSED}:
        return Phase.RUNNING
    return Phase.STARTING


def group_rank(group: object) -> int:
    """Return the place of a course group in the fixed order; unknown groups come last."""
    return COLUMN_GROUPS.index(str(group)) if group in COLUMN_GROUPS else len(COLUMN_GROUPS)


def folded(text: object) -> str:
    """Return ``text`` for sorting and comparing as German readers do: ä as ae, ß as ss."""
    plain = str(text or "").casefold()
    for letter, spelled in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(letter, spelled)
    return plain


def order_of(
    row: Row,
    *,
    on: date,
    type_rank: int = 0,
    level_rank: int | None = None,
    grouping: Grouping = Grouping.COURSE_GROUP,
) -> tuple[object, ...]:
    """Return the sort key of the list: what it is grouped by, then the order inside a group.

    Inside a group: phase, course group, type, town, start, provider, and the key. ``level_rank`` is
    the rank of the level that a course leads to, None where it has none.
    """
    starts_on = row.get("starts_on")
    return (
        *_place_of_group(row, grouping, level_rank),
        phase_of(row, on=on) is Phase.RUNNING,
        group_rank(row.get("course_group")),
        type_rank,
        folded(row.get("town")),
        starts_on if isinstance(starts_on, date) else date.max,
        folded(row.get("provider")),
        str(row.get("course_id")),
    )


def _place_of_group(row: Row, grouping: Grouping, level_rank: int | None) -> tuple[object, ...]:
    """Return where the group of a row stands among the groups; who has none stands last."""
    match grouping:
        case Grouping.COURSE_GROUP:
            return (group_rank(row.get("course_group")),)
        case Grouping.TOWN:
            return (not row.get("town"), folded(row.get("town")))
        case Grouping.PROVIDER:
            return (folded(row.get("provider")),)
        case Grouping.LEVEL:
            return (level_rank is None, level_rank or 0)
        case _:
            return ()


def is_for_public(row: Row) -> bool:
    """Return whether a row may stand in a public page, file, feed or API answer."""
    return row.get("visibility") in {None, Visibility.PUBLIC}


NOT_COMPARED: Final = frozenset({"course_id", "confirmed_on", "confirmed_by", "confirmed_how"})


def changes_between(
    before: Iterable[Row], now: Iterable[Row], *, columns: Sequence[Column] = PUBLIC_COLUMNS
) -> tuple[Change, ...]:
    """Return what is new, changed and ended, course by course, in the order of ``now``.

    A new confirmation alone is no change for the reader. Only ``columns`` are compared, so the
    public list never tells that an internal value moved.
    """
    old_rows = {str(row["course_id"]): row for row in before}
    found: list[Change] = []
    for row in now:
        old = old_rows.pop(str(row["course_id"]), None)
        if old is None:
            found.append(_change(ChangeKind.NEW, row))
            continue
        fields = tuple(
            FieldChange(attribute=name, old=old.get(name), new=row.get(name))
            for name in (column.attribute for column in columns)
            if name not in NOT_COMPARED and old.get(name) != row.get(name)
        )
        if fields:
            found.append(_change(ChangeKind.CHANGED, row, fields))
    found.extend(_change(ChangeKind.ENDED, row) for row in old_rows.values())
    return tuple(found)


def _change(kind: ChangeKind, row: Row, fields: tuple[FieldChange, ...] = ()) -> Change:
    return Change(
        kind=kind,
        course_id=str(row["course_id"]),
        title=str(row.get("title") or ""),
        provider=str(row.get("provider") or ""),
        fields=fields,
    )
