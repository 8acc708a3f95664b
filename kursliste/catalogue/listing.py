"""The rows of a list as a reader reads them: every value in words, groups in their order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from kursliste.catalogue.news import News
from kursliste.domain.calendar import Month
from kursliste.domain.course import (
    Childcare,
    CourseStatus,
    Delivery,
    LateEntry,
    PlacementTest,
    StartKind,
    TravelCosts,
    Wheelchair,
    YesNo,
)
from kursliste.domain.edition import ChangeKind, folded
from kursliste.models.edition import EditionEntry
from kursliste.web.labels import CHANGE_KIND, PHASE, shown

LAST: Final = 10_000
BEGINNERS: Final = "ohne"
CHILDCARE_WORDS: Final = {
    Childcare.YES: "Kinderbetreuung",
    Childcare.ON_REQUEST: "Kinderbetreuung auf Anfrage",
}
WHEELCHAIR_WORDS: Final = {
    Wheelchair.YES: "barrierefrei",
    Wheelchair.PARTLY: "teilweise barrierefrei",
}
ENTRY_WORDS: Final = {
    LateEntry.YES: "Quereinstieg möglich",
    LateEntry.ON_CONSULTATION: "Quereinstieg nach Rücksprache",
}
TEST_WORDS: Final = {
    PlacementTest.NEEDED: "Einstufungstest nötig",
    PlacementTest.BY_APPOINTMENT: "Einstufungstest nach Vereinbarung",
}
TRAVEL_WORDS: Final = {
    TravelCosts.YES: "Fahrtkosten werden erstattet",
    TravelCosts.ON_APPLICATION: "Fahrtkosten auf Antrag",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One course, ready to be read; empty texts and tuples are not shown.

    ``news`` is what its provider told since, ``seats_stand`` then the day of the published seats.
    """

    entry: EditionEntry
    news: News | None
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
NewsById = Mapping[str, News]


def groups_of(
    entries: Sequence[EditionEntry], sort: str, words: Words, news: NewsById
) -> list[Group]:
    """Return the entries, given in the order of the list, in groups for a way of sorting."""
    key, heading = _ways(words)[sort]
    ordered = sorted(entries, key=key) if sort != "gruppe" else entries
    found: dict[str, list[EditionEntry]] = {}
    for entry in ordered:
        found.setdefault(heading(entry), []).append(entry)
    return [
        Group(heading=name, count=len(rows), parts=_parts(rows, sort, words, news))
        for name, rows in found.items()
    ]


def _ways(
    words: Words,
) -> dict[str, tuple[SortKey, Callable[[EditionEntry], str]]]:
    levels = words["niveau"]

    def goal(entry: EditionEntry) -> str:
        code = entry.level_to or entry.level_from
        return f"Niveau {levels.get(code, code)}" if code else "ohne Angabe des Niveaus"

    def goal_rank(entry: EditionEntry) -> tuple[int, int]:
        sort = entry.level_to_sort if entry.level_to_sort is not None else entry.level_from_sort
        return (LAST if sort is None else sort, entry.position)

    def start(entry: EditionEntry) -> str:
        if entry.starts_on is None:
            return "ohne festen Beginn"
        return f"Beginn {shown(Month.of(entry.starts_on))}"

    return {
        "gruppe": (lambda e: e.position, lambda e: e.course_group),
        "ort": (
            lambda e: (not e.town, folded(e.town), e.position),
            lambda e: e.town or "ohne Ort",
        ),
        "traeger": (lambda e: (folded(e.provider), e.position), lambda e: e.provider),
        "niveau": (goal_rank, goal),
        "beginn": (lambda e: (e.starts_on or date.max, e.position), start),
    }


def _parts(rows: Sequence[EditionEntry], sort: str, words: Words, news: NewsById) -> list[Part]:
    all_lines = [line_of(entry, words, news.get(entry.course_id)) for entry in rows]
    if sort == "beginn":
        return [Part(heading="", lines=all_lines)]
    found = []
    for phase, heading in PHASE.items():
        lines = [line for line in all_lines if line.entry.phase is phase]
        if lines:
            found.append(Part(heading=heading, lines=lines))
    return found


def line_of(entry: EditionEntry, words: Words, news: News | None = None) -> Line:
    """Return an entry in words, with what its provider told since."""
    kind = entry.course_type_label
    return Line(
        entry=entry,
        news=news,
        seats_stand=_seats_stand(entry) if news else "",
        kind="" if folded(kind) == folded(entry.title) else kind,
        marks=_marks(entry, news),
        tone=_tone(entry),
        stand=_stand(entry),
        about=_told(entry.public_note, _exam(entry)),
        level=_level(entry, words["niveau"]),
        start=_start(entry),
        start_notes=_start_notes(entry),
        days=", ".join(entry.weekdays or ()),
        hours=_hours(entry),
        times_notes=_told(entry.time_of_day, entry.times_note),
        units=_units(entry),
        place=_place(entry),
        seats=_seats(entry),
        seats_notes=_seats_notes(entry),
        status=words["status"].get(str(entry.status), "") if entry.status else "",
        status_notes=_status_notes(entry),
        access=entry.admission or (),
        features=_features(entry),
    )


def _exam(entry: EditionEntry) -> str:
    if not entry.exams and not entry.exam_on:
        return ""
    day = f"am {shown(entry.exam_on)}" if entry.exam_on else ""
    return " ".join(_told("Prüfung:", ", ".join(entry.exams or ()), day))


def _told(*texts: str | None) -> list[str]:
    return [text for text in texts if text]


def _marks(entry: EditionEntry, news: News | None) -> list[tuple[str, str]]:
    marks = [(f"aktuell: {news.mark}", "danger")] if news and news.mark else []
    if entry.status is CourseStatus.CANCELLED:
        marks.append(("abgesagt", "danger"))
    if entry.change in {ChangeKind.NEW, ChangeKind.CHANGED}:
        tone = "success" if entry.change is ChangeKind.NEW else "info"
        marks.append((CHANGE_KIND[entry.change], tone))
    return marks


def _tone(entry: EditionEntry) -> str:
    if entry.status is CourseStatus.CANCELLED:
        return "muted"
    if not entry.is_confirmed:
        return "warning"
    return "new" if entry.change is ChangeKind.NEW else ""


def _stand(entry: EditionEntry) -> str:
    if entry.is_confirmed:
        return f"bestätigt am {shown(entry.confirmed_on)}"
    since = shown(entry.confirmed_on)
    return f"nicht bestätigt seit {since}" if since else "nicht bestätigt"


def _seats_stand(entry: EditionEntry) -> str:
    """The published seats are as old as their confirmation, not as the edition."""
    return f"Stand {shown(entry.confirmed_on)}" if entry.confirmed_on else "Stand unbekannt"


def _level(entry: EditionEntry, labels: Mapping[str, str]) -> str:
    """The codes are the words of the trade (A1, Alpha); from nothing to A1 is "bis A1"."""
    begin, goal = entry.level_from, entry.level_to
    if begin == BEGINNERS and goal not in {None, BEGINNERS}:
        return f"bis {goal}"
    codes = dict.fromkeys(code for code in (begin, goal) if code)
    return " – ".join(labels.get(code, code) if code == BEGINNERS else code for code in codes)


def _start(entry: EditionEntry) -> str:
    expected = "voraussichtlich " if entry.start_kind is StartKind.EXPECTED else ""
    if entry.starts_on and entry.starts_on == entry.ends_on:
        return f"{expected}am {shown(entry.starts_on)}"
    if entry.starts_on and entry.ends_on:
        return f"{expected}{shown(entry.starts_on)} – {shown(entry.ends_on)}"
    if entry.starts_on:
        return f"{expected}ab {shown(entry.starts_on)}"
    return f"bis {shown(entry.ends_on)}" if entry.ends_on else ""


def _start_notes(entry: EditionEntry) -> list[str]:
    told_already = {StartKind.FIXED, None}
    if entry.starts_on:
        told_already.add(StartKind.EXPECTED)
    return _told(
        None if entry.start_kind in told_already else str(entry.start_kind),
        entry.start_note,
        f"Pausen: {entry.breaks_note}" if entry.breaks_note else "",
    )


def _hours(entry: EditionEntry) -> str:
    if entry.time_from and entry.time_until:
        return f"{shown(entry.time_from)} – {shown(entry.time_until)} Uhr"
    if entry.time_from:
        return f"ab {shown(entry.time_from)} Uhr"
    return f"bis {shown(entry.time_until)} Uhr" if entry.time_until else ""


def _units(entry: EditionEntry) -> list[str]:
    return _told(
        f"{entry.units_total} UE" if entry.units_total else "",
        f"{entry.units_per_week} je Woche" if entry.units_per_week else "",
        f"Modul {entry.current_module}" if entry.current_module else "",
    )


def _place(entry: EditionEntry) -> list[str]:
    delivery = {Delivery.ONLINE: "online", Delivery.SELF_STUDY: "Selbstlernen"}
    return _told(
        " ".join(_told(entry.postcode, entry.town)),
        entry.street,
        entry.venue_name,
        delivery.get(entry.delivery, "") if entry.delivery else "",
        "hybrid (vor Ort und online)" if entry.delivery is Delivery.HYBRID else "",
    )


def _seats(entry: EditionEntry) -> str:
    """Unknown is a value: it is said as such and never as 0 (PRODUCT.md, rule 3)."""
    if entry.seats_free is None:
        return "auf Anfrage"
    return f"{entry.seats_free} frei" if entry.seats_free else "ausgebucht"


def _seats_notes(entry: EditionEntry) -> list[str]:
    total = ""
    if entry.seats_total:
        total = f"{'von ' if entry.seats_free else ''}{entry.seats_total}"
        total += "" if entry.seats_free else " Plätze"
    return _told(
        total,
        "Warteliste möglich" if entry.waiting_list is YesNo.YES else "",
        f"startet ab {entry.seats_min} Anmeldungen" if entry.seats_min else "",
    )


def _status_notes(entry: EditionEntry) -> list[str]:
    entry_words = ENTRY_WORDS.get(entry.late_entry, "") if entry.late_entry else ""
    if entry.status is CourseStatus.RUNNING_ENTRY and entry.late_entry is LateEntry.YES:
        entry_words = ""  # the status says so already
    if entry.status is CourseStatus.RUNNING and entry.late_entry is LateEntry.YES:
        entry_words = "Quereinstieg, wenn ein Platz frei wird"  # the status says: not now
    return _told(
        entry_words,
        f"Einstieg ab {entry.late_entry_from}" if entry.late_entry_from else "",
        f"Anmeldung bis {shown(entry.register_by)}" if entry.register_by else "",
        TEST_WORDS.get(entry.placement_test, "") if entry.placement_test else "",
    )


def _features(entry: EditionEntry) -> list[str]:
    audience = [word for word in entry.audience or () if word != "alle"]
    return _told(
        f"für {', '.join(audience)}" if audience else "",
        CHILDCARE_WORDS.get(entry.childcare, "") if entry.childcare else "",
        WHEELCHAIR_WORDS.get(entry.wheelchair, "") if entry.wheelchair else "",
        _price(entry),
        entry.price_note,
        "Selbstzahler möglich" if entry.self_payer is YesNo.YES else "",
        f"Förderung: {entry.funder}" if entry.funder else "",
        TRAVEL_WORDS.get(entry.travel_costs, "") if entry.travel_costs else "",
    )


def _price(entry: EditionEntry) -> str:
    if entry.price_eur is None:
        return ""
    return f"{entry.price_eur:.2f}\u00a0€".replace(".", ",") if entry.price_eur else "kostenlos"


def ended(changes: Iterable[Mapping[str, object]]) -> list[str]:
    """Return title and provider of the courses that left the public list since last month."""
    return [
        f"{change['title']} ({change['provider']})"
        for change in changes
        if change["kind"] == ChangeKind.ENDED and change["is_internal"] is False
    ]
