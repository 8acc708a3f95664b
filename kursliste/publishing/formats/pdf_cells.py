"""The cells of the printed list: which facts stand together, in which words.

A printed cell tells several facts ("Tage, Zeiten"). Which of them, and in which order the cells
stand, follows from the columns that the layout chose. Words are those of the page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final

from kursliste.domain.columns import COLUMNS
from kursliste.domain.course import CourseStatus
from kursliste.domain.edition import ChangeKind, CodeWords, Phase, Row, folded
from kursliste.domain.layout import Layout
from kursliste.publishing.formats.printable import printable
from kursliste.web import course_words as say
from kursliste.web.labels import CHANGE_KIND

LONGEST_MAIL: Final = 24
"""Characters of an address that stay on one line; a longer one is broken behind its @."""

CANCELLED_WORD: Final = "abgesagt"

Line = Mapping[str, object]
"""A line of a cell: ``text``, ``look`` (lead, mark, small, plain), ``struck``."""


@dataclass(frozen=True)
class PrintedCourse:
    """A row, with what the edition knows about it beside its facts."""

    row: Row
    phase: Phase
    is_confirmed: bool
    change: ChangeKind | None = None


@dataclass(frozen=True, kw_only=True)
class PrintedCell:
    """A column of the printed table: the facts it tells, and how.

    ``width`` is its share of the page. ``lines`` takes the facts that the layout chose; all others
    are unknown to it. ``is_struck`` says whether it is crossed out with a cancelled course.
    """

    heading: str
    attributes: tuple[str, ...]
    width: float
    lines: Callable[[Any, CodeWords], list[Line]]
    is_struck: bool = True


def _line(text: str, look: str = "plain") -> Line:
    return {"text": printable(text), "look": look}


def _lines(texts: Sequence[str | None], look: str = "plain") -> list[Line]:
    return [_line(text, look) for text in texts if text]


def _course(facts: Any, words: CodeWords) -> list[Line]:
    label = words.course_types.get(str(facts.course_type), "") if facts.course_type else ""
    kind = "" if folded(label) == folded(facts.title) else label
    about = say.told(facts.public_note, say.exam_words(facts))
    number = f"Kursnummer {facts.provider_reference}" if facts.provider_reference else ""
    return [
        *_lines(facts.marks, "mark"),
        *_lines([facts.title], "lead"),
        *_lines([kind]),
        *_lines([*about, number], "small"),
        *_lines([facts.stand], "small" if facts.is_confirmed else "warn"),
    ]


def _level(facts: Any, words: CodeWords) -> list[Line]:
    return _lines([say.level_words(facts, words.levels)])


def _start(facts: Any, _words: CodeWords) -> list[Line]:
    notes = say.start_notes(facts)
    begins = say.start_words(facts) or ("" if notes else "auf Anfrage")
    return [*_lines([begins]), *_lines([*notes, *say.unit_words(facts)], "small")]


def _times(facts: Any, _words: CodeWords) -> list[Line]:
    known = say.told(", ".join(facts.weekdays or ()), say.hours_words(facts))
    notes = say.told(facts.time_of_day, facts.times_note)
    return [
        *_lines(known or ([] if notes else ["auf Anfrage"])),
        *_lines(notes, "small"),
    ]


def _place(facts: Any, _words: CodeWords) -> list[Line]:
    place = say.place_words(facts) or ["auf Anfrage"]
    return [*_lines(place[:1]), *_lines(place[1:], "small")]


def _seats(facts: Any, _words: CodeWords) -> list[Line]:
    return [*_lines([say.seats_words(facts)], "lead"), *_lines(say.seats_notes(facts), "small")]


def _status(facts: Any, words: CodeWords) -> list[Line]:
    word = words.statuses.get(str(facts.status), "") if facts.status else ""
    return [*_lines([word]), *_lines(say.status_notes(facts), "small")]


def _access(facts: Any, _words: CodeWords) -> list[Line]:
    return [*_lines(facts.admission or ()), *_lines(say.feature_words(facts), "small")]


def _contact(facts: Any, _words: CodeWords) -> list[Line]:
    mail = facts.contact_email or ""
    if len(mail) > LONGEST_MAIL:
        mail = mail.replace("@", "@\n", 1)
    return [
        *_lines([facts.provider]),
        *_lines([facts.contact_name, facts.contact_phone, *mail.split("\n")], "small"),
    ]


CELLS: Final = (
    PrintedCell(
        heading="Kurs",
        attributes=(
            "course_type",
            "title",
            "provider_reference",
            "exams",
            "exam_on",
            "public_note",
            "confirmed_on",
        ),
        width=3.3,
        lines=_course,
    ),
    PrintedCell(heading="Niveau", attributes=("level_from", "level_to"), width=1.25, lines=_level),
    PrintedCell(
        heading="Beginn – Ende",
        attributes=(
            "starts_on",
            "ends_on",
            "start_kind",
            "start_note",
            "breaks_note",
            "units_total",
            "units_per_week",
            "current_module",
        ),
        width=2.1,
        lines=_start,
    ),
    PrintedCell(
        heading="Tage, Zeiten",
        attributes=("weekdays", "time_from", "time_until", "times_note", "time_of_day"),
        width=1.9,
        lines=_times,
    ),
    PrintedCell(
        heading="Kursort",
        attributes=("town", "postcode", "street", "venue_name", "delivery"),
        width=2.2,
        lines=_place,
    ),
    PrintedCell(
        heading="Plätze",
        attributes=("seats_free", "seats_total", "waiting_list", "seats_min"),
        width=1.4,
        lines=_seats,
    ),
    PrintedCell(
        heading="Status",
        attributes=("status", "late_entry", "late_entry_from", "register_by", "placement_test"),
        width=1.9,
        lines=_status,
    ),
    PrintedCell(
        heading="Zugang, Besonderes",
        attributes=(
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
        width=2.5,
        lines=_access,
    ),
    PrintedCell(
        heading="Träger, Kontakt",
        attributes=("provider", "contact_name", "contact_phone", "contact_email"),
        width=2.5,
        lines=_contact,
        is_struck=False,  # whoever was registered must know where to ask
    ),
)
"""Every printed cell; together they tell all public facts of a course but link, group and key."""

KNOWN: Final = {column.attribute for column in COLUMNS}


def columns_of(layout: Layout) -> list[tuple[PrintedCell, str]]:
    """Return the printed cells of a layout with their headings, in the order of its columns.

    A cell that tells one fact only has the heading that the layout gives this fact.
    """
    chosen = layout.columns(internal=False)
    place = {column.attribute: index for index, column in enumerate(chosen)}
    found = []
    for cell in CELLS:
        told = [name for name in cell.attributes if name in place]
        if told:
            first = min(place[name] for name in told)
            heading = chosen[first].heading if len(told) == 1 else cell.heading
            found.append((first, cell, heading))
    return [(cell, heading) for _, cell, heading in sorted(found, key=lambda one: one[0])]


def printed_row(
    course: PrintedCourse, cells: Sequence[PrintedCell], chosen: set[str], words: CodeWords
) -> list[list[Line]]:
    facts = _facts(course, chosen)
    is_cancelled = course.row.get("status") == CourseStatus.CANCELLED
    return [
        [
            _struck(line) if is_cancelled and cell.is_struck else line
            for line in cell.lines(facts, words)
        ]
        for cell in cells
    ]


def _struck(line: Line) -> Line:
    """Strike a line through, but never the words that say why or that warn."""
    kept = line["look"] in {"mark", "warn"} or line["text"] == CANCELLED_WORD
    return line if kept else {**line, "struck": True}


def _facts(course: PrintedCourse, chosen: set[str]) -> SimpleNamespace:
    """Return the facts that the layout chose; all others are unknown."""
    seen = {name: course.row.get(name) if name in chosen else None for name in KNOWN}
    facts = SimpleNamespace(**seen, is_confirmed=course.is_confirmed)
    facts.marks = _marks(course)
    facts.stand = (
        say.stand_words(facts) if "confirmed_on" in chosen or not course.is_confirmed else ""
    )
    return facts


def _marks(course: PrintedCourse) -> list[str]:
    marks = [CANCELLED_WORD] if course.row.get("status") == CourseStatus.CANCELLED else []
    if course.change in {ChangeKind.NEW, ChangeKind.CHANGED}:
        marks.append(CHANGE_KIND[course.change])
    return [", ".join(marks)] if marks else []
