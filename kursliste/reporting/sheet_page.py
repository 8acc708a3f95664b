"""The difference between an uploaded table and the report, as its page shows it and asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from wtforms import BooleanField, FileField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired

from kursliste.domain.course import FIELD, CourseStatus
from kursliste.infrastructure.codes import Codes
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting import row_facts
from kursliste.reporting.editing import Edit
from kursliste.reporting.round_trip import ReadRow, ReadTable
from kursliste.reporting.sheet_actions import SheetEdits, SheetResult
from kursliste.reporting.sheet_cells import Misread
from kursliste.web.forms import BaseForm

AS_TYPED: Final = "wie eingegeben"
ENDED: Final = "beendet"
FORGOTTEN: Final = "vergessen"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One value of a course: before, now, and how it was understood; or why it was not."""

    heading: str
    old: str
    new: str
    told: str
    is_misread: bool = False
    cell: str = ""


@dataclass(frozen=True, kw_only=True)
class CourseLines:
    """A course of which the table says something new."""

    row: ReadRow
    lines: Sequence[Line]

    @property
    def word(self) -> str:
        """What happens to the course, in a word."""
        if self.row.is_refused:
            return "wird nicht übernommen"
        if self.row.row_id is None:
            return "neuer Kurs"
        return "geändert" if self.row.facts else "bleibt, wie er ist"


@dataclass(frozen=True, kw_only=True)
class SheetView:
    """Everything the page of a difference tells."""

    courses: Sequence[CourseLines]
    misread: Sequence[Misread]
    missing: Sequence[ReportedCourse]
    unchanged: int
    remarks: Sequence[str]

    @property
    def is_unchanged(self) -> bool:
        """Whether the table says what the report says."""
        return not self.courses and not self.missing


class SheetFileForm(BaseForm):
    """The filled table."""

    file = FileField("Ausgefüllte Tabelle", [DataRequired("Wählen Sie die Datei aus.")])


class SheetForm(BaseForm):
    """Built for one difference: what became of courses that are not in the table, and yes."""

    right = BooleanField(
        "Alle Zeilen der Tabelle sind richtig und damit bestätigt",
        description="Ohne dieses Häkchen werden die Änderungen gespeichert, aber noch nicht "
        "bestätigt.",
    )

    def fate(self, row_id: int) -> str:
        """Return what the person says about a course that the table leaves out."""
        return str(self[fate_name(row_id)].data or "")


def fate_name(row_id: int) -> str:
    """Return the name of the question about one course."""
    return f"fehlt-{row_id}"


def sheet_form(view: SheetView, sent: Any = None) -> SheetForm:
    """Return the form for a difference; ``sent`` is what the request sent, if it did."""
    questions: dict[str, Any] = {}
    for row in view.missing:
        questions[fate_name(row.id)] = RadioField(
            row.title,
            [InputRequired("Beendet oder vergessen? Wählen Sie eines davon.")],
            choices=[
                SelectChoice(ENDED, "Der Kurs ist beendet"),
                SelectChoice(FORGOTTEN, "Vergessen: Der Kurs bleibt, wie er ist"),
            ],
        )
    if view.misread:
        questions["without"] = BooleanField(
            "Ohne die nicht verstandenen Angaben übernehmen",
            [DataRequired("Kreuzen Sie das an, oder bessern Sie die Datei aus.")],
            description="Was nicht verstanden wurde, bleibt in Ihrer Meldung, wie es ist.",
        )
    # Questions stand before the last word of the page.
    built = type("BuiltSheetForm", (SheetForm,), questions)
    form: SheetForm = built(sent)
    return form


def view_of(table: ReadTable, report: Report, codes: Codes) -> SheetView:
    """Return what the page shows of a table that was read, against the report as it is now."""
    stored = {row.id: row for row in report.courses}
    courses = [_course(row, stored.get(row.row_id or 0), codes) for row in table.rows]
    told = [course for course in courses if course.lines]
    return SheetView(
        courses=told,
        misread=[one for row in table.rows for one in row.misread],
        missing=[
            stored[key]
            for key in table.missing
            if key in stored and stored[key].status is not CourseStatus.ENDED
        ],
        unchanged=len(courses) - len(told),
        remarks=table.remarks,
    )


def _course(row: ReadRow, stored: ReportedCourse | None, codes: Codes) -> CourseLines:
    before = stored.facts() if stored is not None else {}
    words = {
        name: (row_facts.in_words(codes, name, before.get(name)), value)
        for name, value in row_facts.moved(before, row.facts).items()
    }
    lines = [
        Line(
            heading=FIELD[name].heading,
            old=old,
            new=row_facts.in_words(codes, name, value),
            told=row.notes.get(name, AS_TYPED),
        )
        for name, (old, value) in words.items()
    ]
    lines += [
        Line(
            heading=one.heading or "ganze Zeile",
            old=row_facts.in_words(codes, one.attribute, before.get(one.attribute)),
            new=one.typed,
            told=one.why,
            is_misread=True,
            cell=one.cell,
        )
        for one in row.misread
    ]
    return CourseLines(row=row, lines=lines)


def edits_of(
    table: ReadTable, view: SheetView, versions: Mapping[int, int], form: SheetForm
) -> SheetEdits:
    """Return what is to be done by what the person said on the page."""
    is_right = bool(form.right.data)
    taken = [row for row in table.rows if not row.is_refused]
    known = {row.row_id: row for row in taken if row.row_id is not None}
    confirmed = {key for key, row in known.items() if is_right and _may_be_confirmed(row)}
    return SheetEdits(
        edits={
            key: Edit(row.facts, versions.get(key, 0))
            for key, row in known.items()
            if row.facts or key in confirmed
        },
        ending={
            row.id: versions.get(row.id, 0) for row in view.missing if form.fate(row.id) == ENDED
        },
        new=[(row.facts, is_right and not row.misread) for row in taken if row.row_id is None],
        confirmed=confirmed,
    )


def _may_be_confirmed(row: ReadRow) -> bool:
    """Nobody vouches for a row with a value that was left out, or for a course that ended."""
    return not row.misread and row.facts.get("status") is not CourseStatus.ENDED


def told(result: SheetResult) -> str:
    """Return in words what an upload did."""
    words = ((result.changed, "geändert"), (result.added, "neu"), (result.ended, "beendet"),
             (result.confirmed, "bestätigt"))  # fmt: skip
    return ", ".join(f"{count} {word}" for count, word in words if count)
