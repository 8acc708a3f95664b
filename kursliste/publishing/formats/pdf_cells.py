"""The cells of the printed list: which facts stand together, in which words.

The columns are those of the page (``domain.page_columns``), and so are the words: a printed list
and its page say the same in the same places.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any, Final

from kursliste.domain.columns import COLUMNS
from kursliste.domain.course import CourseStatus
from kursliste.domain.edition import ChangeKind, CodeWords, Phase, Row, folded
from kursliste.domain.layout import Layout
from kursliste.domain.page_columns import PageColumn, page_columns, public_facts
from kursliste.publishing.formats.printable import printable
from kursliste.web import course_words as say
from kursliste.web.labels import CHANGE_KIND

CANCELLED_WORD: Final = "abgesagt"
UNKNOWN: Final = "auf Anfrage"

Line = Mapping[str, object]
"""A line of a cell: ``text``, ``look`` (lead, mark, warn, small, address, plain), ``struck``."""


@dataclass(frozen=True)
class PrintedCourse:
    """A row, with what the edition knows about it beside its facts."""

    row: Row
    phase: Phase
    is_confirmed: bool
    change: ChangeKind | None = None


@dataclass(frozen=True)
class PrintedCell:
    """How a column of the page is printed.

    ``width`` is its share of the paper. ``lines`` takes the facts that the layout chose; all others
    are unknown to it. ``is_struck`` says whether it is crossed out with a cancelled course.
    """

    width: float
    lines: Callable[[Any, CodeWords], list[Line]]
    is_struck: bool = True


def _line(text: str, look: str = "plain") -> Line:
    return {"text": printable(text), "look": look}


def _lines(texts: Sequence[str | None], look: str = "plain") -> list[Line]:
    return [_line(text, look) for text in texts if text]


def _on_request(facts: Any, *names: str) -> str:
    """Return the words for what is not known; nothing where the layout does not tell it anyway."""
    return UNKNOWN if facts.told.intersection(names) else ""


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
    begins = say.start_words(facts) or ("" if notes else _on_request(facts, "starts_on"))
    return [*_lines([begins]), *_lines(notes, "small")]


def _times(facts: Any, _words: CodeWords) -> list[Line]:
    known = say.told(", ".join(facts.weekdays or ()), say.hours_words(facts))
    notes = say.told(facts.time_of_day, facts.times_note)
    return [
        *_lines(known or ([] if notes else [_on_request(facts, "weekdays", "time_from")])),
        *_lines(notes, "small"),
    ]


def _place(facts: Any, _words: CodeWords) -> list[Line]:
    place = say.place_words(facts) or [_on_request(facts, "town", "street")]
    return [*_lines(place[:1]), *_lines(place[1:], "small")]


def _seats(facts: Any, _words: CodeWords) -> list[Line]:
    free = say.seats_words(facts) if "seats_free" in facts.told else ""
    return [*_lines([free], "lead"), *_lines(say.seats_notes(facts), "small")]


def _status(facts: Any, words: CodeWords) -> list[Line]:
    word = words.statuses.get(str(facts.status), "") if facts.status else ""
    return [*_lines([word]), *_lines(say.status_notes(facts), "small")]


def _access(facts: Any, _words: CodeWords) -> list[Line]:
    return [*_lines(facts.admission or ()), *_lines(say.feature_words(facts), "small")]


def _contact(facts: Any, _words: CodeWords) -> list[Line]:
    return [
        *_lines([facts.provider]),
        *_lines([facts.contact_name], "small"),
        *_lines([facts.contact_phone, facts.contact_email], "address"),
    ]


def _units(facts: Any, _words: CodeWords) -> list[Line]:
    units = say.unit_words(facts)
    return [*_lines(units[:1]), *_lines(units[1:], "small")]


CELLS: Final[Mapping[PageColumn, PrintedCell]] = MappingProxyType(
    {
        PageColumn.COURSE: PrintedCell(3.0, _course),
        PageColumn.LEVEL: PrintedCell(1.35, _level),
        PageColumn.DATES: PrintedCell(2.0, _start),
        PageColumn.TIMES: PrintedCell(1.95, _times),
        PageColumn.UNITS: PrintedCell(1.1, _units),
        PageColumn.PLACE: PrintedCell(2.25, _place),
        PageColumn.SEATS: PrintedCell(1.4, _seats),
        PageColumn.STATUS: PrintedCell(1.8, _status),
        PageColumn.ACCESS: PrintedCell(2.3, _access),
        # Not crossed out: whoever was registered must know where to ask.
        PageColumn.PROVIDER: PrintedCell(2.5, _contact, is_struck=False),
    }
)
"""Every column of the page (``domain.page_columns`` says which facts it tells), on paper."""

KNOWN: Final = {column.attribute for column in COLUMNS}


class Printer:
    """Prints the courses of a list as its layout wants them."""

    def __init__(self, layout: Layout, words: CodeWords) -> None:
        self.columns = page_columns(layout)
        self._words = words
        self._told = public_facts(layout)
        self._cells = [CELLS[shown.column] for shown in self.columns]

    def row(self, course: PrintedCourse) -> list[list[Line]]:
        """Return the cells of a course in the order of the layout, each as its lines."""
        facts = _facts(course, self._told)
        is_cancelled = course.row.get("status") == CourseStatus.CANCELLED
        return [
            [
                _struck(line) if is_cancelled and cell.is_struck else line
                for line in cell.lines(facts, self._words)
            ]
            for cell in self._cells
        ]


def _struck(line: Line) -> Line:
    """Strike a line through, but never the words that say why or that warn."""
    kept = line["look"] in {"mark", "warn"} or line["text"] == CANCELLED_WORD
    return line if kept else {**line, "struck": True}


def _facts(course: PrintedCourse, chosen: frozenset[str]) -> SimpleNamespace:
    """Return the facts that the layout chose; all others are unknown."""
    seen = {name: course.row.get(name) if name in chosen else None for name in KNOWN}
    facts = SimpleNamespace(**seen, told=chosen, is_confirmed=course.is_confirmed)
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
