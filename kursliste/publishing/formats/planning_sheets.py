"""The two sheets for planning in the internal workbook, as plain data.

"Balkendiagramm" shows when courses run: a row per course, a column per month from three before the
Stand to twelve after it. A cell of the bar holds a word, so that the sheet says without its colours
what it says with them. "Auslastung" counts seats by type, level, town and provider.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus, Kind, StartKind
from kursliste.domain.edition import CodeWords, EditionHead, Row, folded
from kursliste.publishing.formats.sheets import Bars, TableColumn, TableSheet
from kursliste.web.course_words import BEGINNERS
from kursliste.web.labels import MONTHS

MONTHS_BEFORE: Final = 3
MONTHS_AFTER: Final = 12
MONTH_WIDTH: Final = 8
PERCENT: Final = 100

BEGIN: Final = "Beginn"
EXPECTED: Final = "vorauss."
RUNNING: Final = "läuft"
END: Final = "Ende"
UNKNOWN_PLACE: Final = "ohne Angabe"


def bar_sheet(head: EditionHead, rows: Iterable[Row], words: CodeWords) -> TableSheet:
    """Return the sheet "Balkendiagramm"; cancelled courses and those without a day are left out."""
    months = _months(Month.of(head.stand))
    told = [row for row in rows if row.get("status") != CourseStatus.CANCELLED]
    lines = [line for row in told if (line := _bar_line(row, months, words))]
    columns = [
        TableColumn("kind", "Kursart", Kind.TEXT, 22),
        TableColumn("title", "Titel", Kind.TEXT, 26),
        TableColumn("provider", "Träger", Kind.TEXT, 22),
        TableColumn("level", "Niveau", Kind.TEXT, 11),
        TableColumn("starts_on", "Beginn", Kind.DATE, 11),
        TableColumn("ends_on", "Ende", Kind.DATE, 11),
        TableColumn("seats", "frei / gesamt", Kind.TEXT, 9),
        *(
            TableColumn(str(month), _month_heading(month, head), Kind.TEXT, MONTH_WIDTH)
            for month in months
        ),
    ]
    return TableSheet(
        title="Balkendiagramm",
        table="Balkendiagramm",
        columns=columns,
        rows=lines,
        note=_bar_note(len(told) - len(lines)),
        frozen=2,
        bars=Bars(first=len(columns) - len(months) + 1, last=len(columns), expected=EXPECTED),
    )


def _months(stand: Month) -> list[Month]:
    return [stand.plus(offset) for offset in range(-MONTHS_BEFORE, MONTHS_AFTER + 1)]


def _month_heading(month: Month, head: EditionHead) -> str:
    """Return a month in two short lines; the one of the Stand is named, as the line "heute"."""
    name = f"{MONTHS[month.number - 1][:3]} {month.year % 100:02d}"
    return f"{name} (Stand)" if month == Month.of(head.stand) else name


def _bar_note(missing: int) -> str:
    note = (
        "Jede Zeile ist ein Kurs, jede farbige Zelle ein Monat, in dem er läuft. "
        f"„{EXPECTED}“: Der Beginn steht noch nicht fest."
    )
    if missing:
        courses = "1 Kurs steht" if missing == 1 else f"{missing} Kurse stehen"
        note += f" {courses} hier nicht: ohne Beginn und Ende, oder außerhalb dieser Monate."
    return note


def _bar_line(row: Row, months: Sequence[Month], words: CodeWords) -> Row | None:
    cells = bar_cells(row, months)
    if not cells:
        return None
    free, total = row.get("seats_free"), row.get("seats_total")
    return {
        "kind": words.word("course_type", row.get("course_type")),
        "title": row.get("title"),
        "provider": row.get("provider"),
        "level": _level(row),
        "starts_on": row.get("starts_on"),
        "ends_on": row.get("ends_on"),
        "seats": "" if free is None and total is None else f"{_known(free)} / {_known(total)}",
        **cells,
    }


def bar_cells(row: Row, months: Sequence[Month]) -> dict[str, str]:
    """Return the words of a course's bar by month; empty where none of ``months`` is touched.

    A course without an end is known to begin, no more; one without a beginning runs already.
    """
    starts_on, ends_on = row.get("starts_on"), row.get("ends_on")
    first = Month.of(starts_on) if isinstance(starts_on, date) else None
    last = Month.of(ends_on) if isinstance(ends_on, date) else first
    if last is None:
        return {}
    begin = EXPECTED if row.get("start_kind") == StartKind.EXPECTED else BEGIN
    cells = {}
    for month in months:
        if month == first:
            cells[str(month)] = begin
        elif month == last:
            cells[str(month)] = END
        elif (first is None or first < month) and month < last:
            cells[str(month)] = RUNNING
    return cells


def _known(number: object) -> str:
    return "?" if number is None else str(number)


def _level(row: Row) -> str:
    codes = (row.get("level_from"), row.get("level_to"))
    known = [str(code) for code in codes if code and code != BEGINNERS]
    return " – ".join(dict.fromkeys(known))


# ---- seats


@dataclass(frozen=True, kw_only=True)
class Seats:
    """How full some courses are.

    ``courses`` counts all of them; the seats are those of ``told`` courses, of which both numbers
    are known: unknown is a value and never 0 (PRODUCT.md, rule 3).
    """

    courses: int
    told: int
    total: int
    taken: int

    @property
    def percent(self) -> int | None:
        """Seats taken of seats in total, rounded; None if no course tells both."""
        return round(self.taken / self.total * PERCENT) if self.total else None


def seats_of(rows: Iterable[Row]) -> Seats:
    """Return the seats of ``rows``; cancelled courses have none."""
    courses, known = 0, []
    for row in rows:
        if row.get("status") == CourseStatus.CANCELLED:
            continue
        courses += 1
        total, taken = row.get("seats_total"), _taken(row)
        if isinstance(total, int) and taken is not None:
            known.append((total, taken))
    return Seats(
        courses=courses,
        told=len(known),
        total=sum(total for total, _ in known),
        taken=sum(taken for _, taken in known),
    )


def _taken(row: Row) -> int | None:
    taken, total, free = (row.get(name) for name in ("seats_taken", "seats_total", "seats_free"))
    if isinstance(taken, int):
        return taken
    if isinstance(total, int) and isinstance(free, int):
        return max(0, total - free)
    return None


SEATS_COLUMNS: Final = (
    TableColumn("by", "gezählt nach", Kind.TEXT, 14),
    TableColumn("value", "was", Kind.TEXT, 46),
    TableColumn("courses", "Kurse", Kind.INTEGER, 9),
    TableColumn("told", "davon mit Platzzahlen", Kind.INTEGER, 14),
    TableColumn("total", "Plätze", Kind.INTEGER, 10),
    TableColumn("taken", "belegt", Kind.INTEGER, 10),
    TableColumn("free", "frei", Kind.INTEGER, 10),
    TableColumn("percent", "Auslastung in %", Kind.INTEGER, 13),
)


def seats_sheet(rows: Sequence[Row], words: CodeWords) -> TableSheet:
    """Return the sheet "Auslastung": all courses, then by type, level, town and provider."""
    lines = [_seats_line("alle Kurse", "", seats_of(rows))]
    for name, value_of, rank in _ways(words):
        found: dict[str, list[Row]] = {}
        for row in rows:
            found.setdefault(value_of(row), []).append(row)
        ordered = sorted(found, key=lambda value: (value == UNKNOWN_PLACE, rank(value)))
        lines += [
            line
            for value in ordered
            if (line := _seats_line(name, value, seats_of(found[value])))["courses"]
        ]
    return TableSheet(
        title="Auslastung",
        table="Auslastung",
        columns=SEATS_COLUMNS,
        rows=lines,
        note=(
            "Plätze, belegt, frei und Auslastung zählen nur Kurse, deren Platzzahlen bekannt sind. "
            "Abgesagte Kurse zählen nicht."
        ),
        frozen=2,
    )


def _seats_line(name: str, value: str, seats: Seats) -> Row:
    is_told = seats.told > 0
    return {
        "by": name,
        "value": value,
        "courses": seats.courses,
        "told": seats.told,
        "total": seats.total if is_told else None,
        "taken": seats.taken if is_told else None,
        # More may be registered than there are seats; nothing is then free.
        "free": max(0, seats.total - seats.taken) if is_told else None,
        "percent": seats.percent,
    }


Way = tuple[str, Callable[[Row], str], Callable[[str], tuple[int, str]]]
"""A way of counting: its name, the value of a row, the place of a value among the others."""


def _ways(words: CodeWords) -> list[Way]:
    levels, types = list(words.levels), list(words.course_types.values())

    def by_table(table: Sequence[str]) -> Callable[[str], tuple[int, str]]:
        return lambda value: (table.index(value) if value in table else len(table), folded(value))

    def by_name(value: str) -> tuple[int, str]:
        return (0, folded(value))

    def word(value: object) -> str:
        return str(value or UNKNOWN_PLACE)

    return [
        (
            "Kursart",
            lambda row: word(words.word("course_type", row.get("course_type"))),
            by_table(types),
        ),
        (
            "Niveau",
            lambda row: word(row.get("level_to") or row.get("level_from")),
            by_table(levels),
        ),
        ("Ort", lambda row: word(row.get("town")), by_name),
        ("Träger", lambda row: word(row.get("provider")), by_name),
    ]
