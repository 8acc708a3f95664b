"""The rows of a list as a reader reads them: every value in words, groups in their order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from kursliste.catalogue.interim_news import InterimNews
from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus
from kursliste.domain.edition import ChangeKind, folded, group_rank
from kursliste.domain.layout import STANDARD, Grouping
from kursliste.domain.page_columns import public_facts
from kursliste.models.edition import EditionEntry
from kursliste.web.course_words import (
    admission_words,
    day_words,
    exam_words,
    feature_words,
    hours_words,
    level_words,
    place_words,
    seats_notes,
    seats_words,
    stand_words,
    start_notes,
    start_words,
    status_notes,
    time_notes,
    told,
    unit_words,
)
from kursliste.web.labels import CHANGE_KIND, PHASE, shown
from kursliste.web.languages import fact_word, month_name
from kursliste.web.languages import gettext as _
from kursliste.web.public_facts import PublicFacts

LAST: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Line:
    """One course, ready to be read; empty texts and tuples are not shown.

    ``entry`` tells what the layout of its edition tells. ``news`` is what its provider told since,
    ``seats_stand`` then the day of the published seats.
    """

    entry: PublicFacts
    news: InterimNews | None
    seats_stand: str
    kind: str
    marks: Sequence[tuple[str, str]]
    tone: str
    stand: str
    about: Sequence[str]
    level: str
    start: str
    start_notes: Sequence[str]
    days: str
    hours: str
    times_notes: Sequence[str]
    units: Sequence[str]
    place: Sequence[str]
    seats: str
    seats_notes: Sequence[str]
    status: str
    status_notes: Sequence[str]
    access: Sequence[str]
    features: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Part:
    """The lines of a group that start soon, or that run; without heading where it says nothing."""

    heading: str
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class Group:
    """Lines under one heading."""

    heading: str
    count: int
    parts: Sequence[Part]


SortKey = Callable[[EditionEntry], Any]  # whatever can be compared
Words = Mapping[str, Mapping[str, str]]
"""The frozen words of an edition: parameter -> code -> label."""
NewsById = Mapping[str, InterimNews]
Kilometres = Mapping[int, float]
EVERYTHING: Final = public_facts(STANDARD)
SORT_OF: Final[Mapping[Grouping, str]] = {
    Grouping.COURSE_GROUP: "gruppe",
    Grouping.TOWN: "ort",
    Grouping.PROVIDER: "traeger",
    Grouping.LEVEL: "niveau",
    Grouping.NONE: "ohne",
}
"""The way of sorting in which an edition stands anyway."""


def groups_of(
    entries: Sequence[EditionEntry],
    sort: str,
    words: Words,
    news: NewsById,
    told: frozenset[str] = EVERYTHING,
    kilometres: Kilometres = MappingProxyType({}),
) -> list[Group]:
    """Return the entries, given in the order of the list, in groups for a way of sorting.

    ``told`` are the facts that the layout of the edition tells; ``kilometres`` says how far away
    an entry is, by its key.
    """
    key, heading = _ways(words, kilometres)[sort]
    found: dict[str, list[EditionEntry]] = {}
    for entry in sorted(entries, key=key):
        found.setdefault(heading(entry), []).append(entry)
    return [
        Group(
            heading=name,
            count=len(rows),
            parts=_parts([line_of(e, words, news.get(e.course_id), told) for e in rows], sort),
        )
        for name, rows in found.items()
    ]


FAR: Final = 100_000
RINGS_KM: Final = (5, 10, 20, 50, 100)


def _ring(km: float | None) -> str:
    if km is None:
        return _("Entfernung unbekannt")
    return next(
        (_("bis %(km)s km", km=ring) for ring in RINGS_KM if km <= ring), _("weiter als 100 km")
    )


def _seats_heading(entry: EditionEntry) -> str:
    if entry.seats_free is None:
        return _("Plätze auf Anfrage")
    return _("mit freien Plätzen") if entry.seats_free else _("ausgebucht")


def _seats_rank(entry: EditionEntry) -> tuple[int, int, int]:
    """Free places first, the most of them on top, then unknown ones, then full courses."""
    free = entry.seats_free
    return (1 if free is None else 0 if free else 2, -(free or 0), entry.position)


def _ways(
    words: Words,
    kilometres: Kilometres,
) -> dict[str, tuple[SortKey, Callable[[EditionEntry], str]]]:
    levels = words["niveau"]

    def goal(entry: EditionEntry) -> str:
        code = entry.level_to or entry.level_from
        name = fact_word("level", code, levels.get(code, code or "")) if code else ""
        return _("Niveau %(level)s", level=name) if code else _("ohne Angabe des Niveaus")

    def goal_rank(entry: EditionEntry) -> tuple[int, int]:
        sort = entry.level_to_sort if entry.level_to_sort is not None else entry.level_from_sort
        return (LAST if sort is None else sort, entry.position)

    def start(entry: EditionEntry) -> str:
        if entry.starts_on is None:
            return _("ohne festen Beginn")
        return _("Beginn %(month)s", month=month_name(Month.of(entry.starts_on)))

    return {
        "gruppe": (
            lambda e: (group_rank(e.course_group), e.position),
            lambda e: fact_word("course_group", e.course_group),
        ),
        "ohne": (lambda e: e.position, lambda _entry: _("Alle Kurse")),
        "ort": (
            lambda e: (not e.town, folded(e.town), e.position),
            lambda e: e.town or _("ohne Ort"),
        ),
        "traeger": (lambda e: (folded(e.provider), e.position), lambda e: e.provider),
        "niveau": (goal_rank, goal),
        "plaetze": (_seats_rank, _seats_heading),
        "entfernung": (
            lambda e: (kilometres.get(e.id, FAR), e.position),
            lambda e: _ring(kilometres.get(e.id)),
        ),
        "beginn": (lambda e: (e.starts_on or date.max, e.position), start),
    }


def _parts(all_lines: Sequence[Line], sort: str) -> list[Part]:
    if sort in {"beginn", "plaetze", "entfernung"}:
        return [Part(heading="", lines=all_lines)]
    found = []
    for phase, heading in PHASE.items():
        lines = [line for line in all_lines if line.entry.phase is phase]
        if lines:
            found.append(Part(heading=_(heading), lines=lines))
    return found


def line_of(
    row: EditionEntry,
    words: Words,
    news: InterimNews | None = None,
    told_facts: frozenset[str] = EVERYTHING,
) -> Line:
    """Return an entry in words, with what its provider told since."""
    entry = PublicFacts(row, told_facts)
    kind = fact_word("course_type", row.course_type, row.course_type_label)
    kind = kind if entry.course_type else ""
    return Line(
        entry=entry,
        news=news,
        seats_stand=_seats_stand(row) if news else "",
        kind="" if folded(kind) == folded(entry.title) else kind,
        marks=_marks(row, news),
        tone=_tone(row),
        stand=stand_words(entry),
        about=told(_reference(entry), exam_words(entry)),
        level=level_words(entry, words["niveau"]),
        start=start_words(entry),
        start_notes=start_notes(entry),
        days=day_words(entry),
        hours=hours_words(entry),
        times_notes=time_notes(entry),
        units=unit_words(entry),
        place=place_words(entry),
        seats=seats_words(entry) if "seats_free" in told_facts else "",
        seats_notes=seats_notes(entry),
        status=_status(entry, words),
        status_notes=status_notes(entry),
        access=admission_words(entry),
        features=feature_words(entry),
    )


def _status(entry: PublicFacts, words: Words) -> str:
    if not entry.status:
        return ""
    return fact_word("status", entry.status, words["status"].get(str(entry.status), ""))


def _reference(entry: PublicFacts) -> str:
    number = entry.provider_reference
    return _("Kursnummer %(number)s", number=number) if number else ""


def _marks(entry: EditionEntry, news: InterimNews | None) -> list[tuple[str, str]]:
    mark = _("aktuell: %(news)s", news=news.mark) if news and news.mark else ""
    marks = [(mark, "danger")] if mark else []
    if entry.status is CourseStatus.CANCELLED:
        marks.append((_("abgesagt"), "danger"))
    if entry.change in {ChangeKind.NEW, ChangeKind.CHANGED}:
        tone = "success" if entry.change is ChangeKind.NEW else "info"
        marks.append((_(CHANGE_KIND[entry.change]), tone))
    return marks


def _tone(entry: EditionEntry) -> str:
    if entry.status is CourseStatus.CANCELLED:
        return "muted"
    if not entry.is_confirmed:
        return "warning"
    return "new" if entry.change is ChangeKind.NEW else ""


def _seats_stand(entry: EditionEntry) -> str:
    """The published seats are as old as their confirmation, not as the edition."""
    day = shown(entry.confirmed_on)
    return _("Stand %(day)s", day=day) if day else _("Stand unbekannt")
