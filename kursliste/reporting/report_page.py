"""A report as its page shows it: plain values for the template, counted once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kursliste.domain.course import MONTHLY_FIELDS, ConfirmedHow, CourseStatus
from kursliste.domain.edition import Change as ListChange
from kursliste.domain.edition import ChangeKind, Row, changes_between
from kursliste.domain.modules import suggested_module
from kursliste.domain.plausibility import Finding, findings
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import EDITABLE, ReportAction, allowed_actions
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import Codes
from kursliste.models.question import Question
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting.editing import Changes
from kursliste.reporting.forms import MonthlyTable, monthly_values, prefix_of
from kursliste.web import labels

WHEN_CLOSED: Final = frozenset({ReportAction.DISCARD})
"""What a provider may still do once the round is closed."""

COUNTED: Mapping[str, str] = {
    "time_from": "ohne Uhrzeit",
    "starts_on": "ohne Beginn",
    "seats_total": "ohne Platzzahl",
    "contact_phone": "ohne Telefonnummer",
}
TOLD_OTHERWISE: Mapping[str, tuple[str, ...]] = {
    "time_from": ("times_note",),
    "starts_on": ("start_note", "start_kind"),
    "contact_phone": ("contact_email",),
}


@dataclass(frozen=True)
class Box:
    """One editable value of a row: what to draw, and what is wrong with it."""

    name: str
    value: str
    errors: Sequence[str] = ()


@dataclass(frozen=True)
class RowView:
    """A row of the table with its boxes, notices and confirmation in words."""

    row: ReportedCourse
    boxes: Mapping[str, Box]
    notices: Sequence[Finding]
    is_confirmed: bool
    is_ended: bool
    is_cancelled: bool
    standing: str
    module: int | None
    questions: Sequence[Question]

    @property
    def stored(self) -> Mapping[str, str]:
        """The version and the monthly values as they are stored, for the script of the page."""
        return {"version": str(self.row.version), **monthly_values(self.row)}


@dataclass(frozen=True)
class ReportView:
    """Everything the page of a report tells besides the report itself."""

    rows: Sequence[RowView]
    is_editable: bool
    may: frozenset[ReportAction]
    summary: str
    open_questions: Sequence[Question]
    days_left: str

    @property
    def unconfirmed(self) -> list[RowView]:
        """The rows that go on and that nobody confirmed this month."""
        return [view for view in self.rows if not view.is_ended and not view.is_confirmed]


def view_of(
    report: Report, codes: Codes, table: MonthlyTable, before: Sequence[ReportedCourse] = ()
) -> ReportView:
    """Return what the page shows; typed values of ``table`` stand before stored ones.

    ``before`` are the rows of the report before; without them no module is suggested.
    """
    today = clock.today()
    modules = {row.id: module_of(row, before) for row in report.courses} if before else {}
    rows = [_row_view(report, row, codes, table, modules.get(row.id)) for row in report.courses]
    return ReportView(
        rows=rows,
        is_editable=report.status in EDITABLE and report.round.status is RoundStatus.OPEN,
        may=buttons(report),
        summary=_summary(rows),
        open_questions=[q for q in report.questions if q.status is QuestionStatus.OPEN],
        days_left=days_left(report.round.due_on, today),
    )


def buttons(report: Report) -> frozenset[ReportAction]:
    """Return what may be done with a report now; nearly nothing once its round is closed."""
    found = allowed_actions(report.status, is_revision=report.is_revision)
    return found if report.round.status is RoundStatus.OPEN else found & WHEN_CLOSED


def _row_view(
    report: Report, row: ReportedCourse, codes: Codes, table: MonthlyTable, module: int | None
) -> RowView:
    is_ended = row.status is CourseStatus.ENDED
    is_confirmed = row.is_confirmed_since(report.round.opens_on)
    return RowView(
        row=row,
        boxes=_boxes(row, table),
        notices=() if is_ended else notices(row, codes),
        is_confirmed=is_confirmed,
        is_ended=is_ended,
        is_cancelled=row.status is CourseStatus.CANCELLED,
        standing=_standing(report, row, is_confirmed=is_confirmed),
        module=module,
        questions=[q for q in report.questions if q.reported_course_id == row.id],
    )


def notices(row: ReportedCourse, codes: Codes) -> tuple[Finding, ...]:
    """Return what looks odd in a row today."""
    return findings(row.facts(), on=clock.today(), usual=codes.usual(row.course_type))


def module_of(row: ReportedCourse, before: Sequence[ReportedCourse]) -> int | None:
    """Return the module that the calendar suggests for the state that the report tells, or None.

    Reports are made before their month begins, and the list tells the state of its first day. Only
    a module that still is what the report ``before`` said is old: whoever typed one knows better.
    """
    if (row.course_id, row.current_module) not in {(b.course_id, b.current_module) for b in before}:
        return None
    on = max(clock.today(), row.report.round.month.first_day())
    return suggested_module(row.facts(), on=on)


def saved(title: str, changes: Changes, *, is_confirmed: bool) -> str:
    """Return in words what saving one course did."""
    if is_confirmed:
        return f"{'Gespeichert und bestätigt' if changes else 'Bestätigt'}: {title}."
    if changes:
        return f"Gespeichert, noch nicht bestätigt: {title}."
    return f"Nichts geändert: {title}."


def _boxes(row: ReportedCourse, table: MonthlyTable) -> dict[str, Box]:
    prefix, stored, form = prefix_of(row), monthly_values(row), table.forms.get(row.id)
    boxes: dict[str, Box] = {}
    for name in MONTHLY_FIELDS:
        value, errors = stored[name], []
        if form is not None:
            typed = form[name].raw_data
            value = str(typed[0]) if typed else ""
            errors = [str(error) for error in form[name].errors[-1:]]
        boxes[name] = Box(f"{prefix}{name}", value, errors)
    return boxes


def _standing(report: Report, row: ReportedCourse, *, is_confirmed: bool) -> str:
    if row.confirmed_on is None:
        return "aus Liste übernommen, noch nicht bestätigt" if row.source_row else "nicht bestätigt"
    who = f" von {row.confirmed_by}" if row.confirmed_by else ""
    word = labels.CONFIRMED[row.confirmed_how or ConfirmedHow.WEB]
    told = f"{word} am {labels.shown(row.confirmed_on)}{who}{_typed_by(report, row)}"
    return told if is_confirmed else f"noch nicht bestätigt, zuletzt {told}"


def _typed_by(report: Report, row: ReportedCourse) -> str:
    """Return who typed a confirmation that came by telephone or mail, where it is known."""
    word = (row.confirmed_by, row.confirmed_how, row.confirmed_on)
    for statement in reversed(report.statements):
        if statement.taken_by and word == (statement.told_by, statement.how, statement.told_on):
            return f", eingetragen von {statement.taken_by.name}"
    return ""


def _summary(rows: Sequence[RowView]) -> str:
    listed = [view for view in rows if not view.is_ended]
    if not listed:
        return "Noch kein Kurs in dieser Meldung."
    confirmed = sum(view.is_confirmed for view in listed)
    rest = len(listed) - confirmed
    told = [f"{confirmed} bestätigt", f"{rest} noch offen" if rest else ""]
    ended = len(rows) - len(listed)
    told.append(f"{ended} beendet" if ended else "")
    parts = [f"{courses(len(listed))}: {', '.join(part for part in told if part)}"]
    for attribute, words in COUNTED.items():
        missing = sum(_lacks(view.row, attribute) for view in listed)
        if missing:
            parts.append(f"{missing} von {of_courses(len(listed))} {words}")
    return "; ".join(parts) + "."


def _lacks(row: ReportedCourse, attribute: str) -> bool:
    names = (attribute, *TOLD_OTHERWISE.get(attribute, ()))
    return all(getattr(row, name) is None for name in names)


def courses(count: int) -> str:
    """Return a number of courses in words: 1 Kurs, 12 Kurse."""
    return "1 Kurs" if count == 1 else f"{count} Kurse"


def of_courses(count: int) -> str:
    """Return a number of courses as it stands behind "von": 1 Kurs, 12 Kursen."""
    return "1 Kurs" if count == 1 else f"{count} Kursen"


def days_left(due_on: date, today: date) -> str:
    """Return in words how long there is to report."""
    days = (due_on - today).days
    if days < 0:
        return "überfällig seit 1 Tag" if days == -1 else f"überfällig seit {-days} Tagen"
    if days == 0:
        return "letzter Tag"
    return "noch 1 Tag" if days == 1 else f"noch {days} Tage"


@dataclass(frozen=True)
class ReaderChanges:
    """What changes for the reader of the list if this report is taken over."""

    new: Sequence[ListChange]
    changed: Sequence[ListChange]
    ended: Sequence[ListChange]
    unchanged: int


def reader_changes(before: Sequence[Row], now: Sequence[Row]) -> ReaderChanges:
    """Compare the report before with this one, column by column of the public list."""
    found = changes_between(before, now)
    kinds = {kind: [c for c in found if c.kind is kind] for kind in ChangeKind}
    new, changed = kinds[ChangeKind.NEW], kinds[ChangeKind.CHANGED]
    return ReaderChanges(new, changed, kinds[ChangeKind.ENDED], len(now) - len(new) - len(changed))
