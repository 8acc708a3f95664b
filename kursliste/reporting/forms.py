"""The reporting station's forms: shape of input only, rules live in the domain."""

from collections.abc import Iterable
from typing import Any, Final

from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import NumberRange, Optional

from kursliste.domain.course import FIELD, MONTHLY_FIELDS, CourseStatus, LateEntry
from kursliste.infrastructure.codes import Codes
from kursliste.models.report import ReportedCourse
from kursliste.reporting.editing import Edit
from kursliste.reporting.row_facts import moved
from kursliste.web.course_form import NOT_CHOSEN
from kursliste.web.forms import BaseForm

FormData = MultiDict[str, str]
SUGGESTED_FROM_TYPE: Final = (
    "units_total",
    "level_from",
    "level_to",
    "funder",
    "admission",
    "exams",
)
SUGGESTED_FROM_ROW: Final = (
    "delivery",
    "venue_name",
    "street",
    "postcode",
    "town",
    "wheelchair",
    "contact_name",
    "contact_phone",
    "contact_email",
)


def count_field(attribute: str) -> Any:  # an unbound WTForms field
    """Return a box for a number of people, seats or modules; empty is unknown."""
    fact = FIELD[attribute]
    message = f"Möglich sind ganze Zahlen von {fact.low} bis {fact.high}."
    return IntegerField(fact.heading, [Optional(), NumberRange(fact.low, fact.high, message)])


class MonthlyForm(BaseForm):
    """The four things of one course that change each month."""

    seats_taken = count_field("seats_taken")
    seats_free = count_field("seats_free")
    status = SelectField(FIELD["status"].heading, [Optional()])
    current_module = count_field("current_module")
    late_entry = SelectField(
        FIELD["late_entry"].heading,
        [Optional()],
        choices=[SelectChoice(*NOT_CHOSEN), *(SelectChoice(word) for word in LateEntry)],
    )

    def facts(self) -> dict[str, object]:
        """Return the typed values by attribute name; empty is unknown."""
        status, late_entry = self.status.data, self.late_entry.data
        return {
            "seats_taken": self.seats_taken.data,
            "seats_free": self.seats_free.data,
            "status": CourseStatus(status) if status else None,
            "current_module": self.current_module.data,
            "late_entry": LateEntry(late_entry) if late_entry else None,
        }


class MonthlyTable(BaseForm):
    """All rows of a report at once; one small form for each row that was sent.

    WTForms checks and a macro draws: drawing hundreds of fields is slow (SPEED.md, decision 7).
    """

    def __init__(self, rows: Iterable[ReportedCourse], sent: FormData, codes: Codes) -> None:
        super().__init__()
        options = (NOT_CHOSEN, *codes.words.statuses.items())
        statuses = [SelectChoice(*option) for option in options]
        self.forms: dict[int, MonthlyForm] = {}
        self.versions: dict[int, int] = {}
        for row in rows:
            prefix = prefix_of(row)
            if f"{prefix}version" not in sent:
                continue
            form = MonthlyForm(sent, prefix=prefix)
            form.status.choices = statuses
            self.forms[row.id] = form
            self.versions[row.id] = sent.get(f"{prefix}version", 0, type=int)

    def validate(self, extra_validators: Any = None) -> bool:  # WTForms' type
        """Check every row, so that all mistakes are told at once."""
        checked = [form.validate(extra_validators) for form in self.forms.values()]
        return all(checked)

    def edits(self) -> dict[int, Edit]:
        """Return what was typed, by the key of the row."""
        return {key: Edit(form.facts(), self.versions[key]) for key, form in self.forms.items()}

    def changed(self, rows: Iterable[ReportedCourse]) -> set[int]:
        """Return the keys of the rows in which something else stands than is stored."""
        edits = self.edits()
        return {
            row.id for row in rows if row.id in edits and moved(row.facts(), edits[row.id].facts)
        }

    def mistakes(self, rows: Iterable[ReportedCourse]) -> list[tuple[str, str]]:
        """Return the texts of the error summary with the fields they lead to."""
        return [
            (f"{row.title}, {field.label.text}: {error}", f"#{field.id}")
            for row in rows
            if row.id in self.forms
            for field in self.forms[row.id]
            for error in field.errors[-1:]  # of two about one box, ours names the bounds
        ]


def prefix_of(row: ReportedCourse) -> str:
    """Return what stands before the names of a row's fields in the table."""
    return f"k{row.id}-"


def empty_table() -> MonthlyTable:
    """Return a table into which nothing was typed."""
    return MonthlyTable((), MultiDict(), Codes({}, {}, {}))


def suggestion(codes: Codes, course_type: str, like: ReportedCourse | None) -> dict[str, object]:
    """Return what a new course probably is: usual for its type, and at the place of ``like``."""
    kind = codes.course_types.get(course_type)
    suggested: dict[str, object] = {}
    if kind is not None:
        suggested = {name: getattr(kind, name) for name in SUGGESTED_FROM_TYPE}
        suggested |= {"course_type": kind.code, "title": kind.label}
    if like is not None:
        suggested |= {name: getattr(like, name) for name in SUGGESTED_FROM_ROW}
    return suggested


def monthly_values(row: ReportedCourse) -> dict[str, str]:
    """Return the stored monthly values as a browser shows and sends them."""
    stored = {name: getattr(row, name) for name in MONTHLY_FIELDS}
    return {name: "" if value is None else str(value) for name, value in stored.items()}
