"""The forms of a taking over: choose a file, decide about names, mend a row."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

from flask import request
from werkzeug.datastructures import CombinedMultiDict
from wtforms import BooleanField, FileField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from kursliste.domain.calendar import Month
from kursliste.domain.course import FIELD
from kursliste.domain.errors import RuleViolationError
from kursliste.infrastructure.codes import Codes
from kursliste.intake.faults import is_typed
from kursliste.intake.preview import Preview, PreviewRow, ProviderLine
from kursliste.intake.storing import NEW, Decisions
from kursliste.web.course_form import CourseFormBase, course_form
from kursliste.web.forms import BaseForm, VersionedForm
from kursliste.web.labels import shown

PROVIDER: Final = FIELD["provider"]
NOT_YET: Final = ("", "Bitte wählen")


class UploadForm(BaseForm):
    """A file and the month that it is the list of."""

    file = FileField("Datei", [DataRequired("Wählen Sie die Datei mit Ihrer Kursliste aus.")])
    month = SelectField("Monat der Liste", [InputRequired("Wählen Sie einen Monat.")])

    def offer(self, months: Sequence[Month]) -> None:
        """Set the months to choose from."""
        self.month.choices = [SelectChoice(str(month), shown(month)) for month in months]

    @property
    def chosen_month(self) -> Month:
        """The month of a valid form."""
        return Month.parse(str(self.month.data))


def upload_form(months: Sequence[Month]) -> UploadForm:
    """Return the form with what the request sent; ``months`` may be chosen, the middle one is."""
    form = UploadForm(
        CombinedMultiDict([request.files, request.form]), month=str(months[len(months) // 2])
    )
    form.offer(months)
    return form


class SourceForm(VersionedForm):
    """What a row of a list says besides the facts of a course: who offers it."""

    provider = StringField(
        PROVIDER.heading,
        [
            InputRequired("Diese Angabe fehlt."),
            Length(
                max=PROVIDER.length, message=f"Höchstens {PROVIDER.length} Zeichen sind möglich."
            ),
        ],
    )


class MendForm:
    """A row of the list to be mended: the form of a course and the provider's name."""

    def __init__(self, codes: Codes, sent: Any, row: PreviewRow) -> None:
        facts = {name: value for name, value in row.facts.items() if is_typed(name, value)}
        self.course: CourseFormBase = course_form(codes)(sent, data=facts)
        self.source = SourceForm(
            sent, provider=row.course.provider, version=str(row.course.version)
        )

    def validate(self) -> bool:
        """Check both parts, so that the page names everything at once."""
        return all([self.source.validate(), self.course.validate()])

    def values(self) -> dict[str, object]:
        """Return what was typed by attribute name, the provider's name included."""
        return {"provider": self.source.provider.data, **self.course.facts()}

    def show(self, violations: Iterable[RuleViolationError]) -> None:
        """Put broken rules where the person can mend them."""
        for violation in violations:
            part = self.source if violation.field == "provider" else self.course
            part.show(violation)

    @property
    def more_errors(self) -> list[tuple[str, str]]:
        """The faults of the provider's name, for the summary of the page."""
        field = self.source.provider
        return [(f"{field.label.text}: {error}", f"#{field.id}") for error in field.errors]


class DecisionForm(BaseForm):
    """Built for one preview: a select for each name in doubt, a box for each sent report."""

    def decisions(self, preview: Preview) -> Decisions:
        """Return what was chosen; what was left open stays open."""
        folded = [line.match.key for line in preview.providers]
        chosen = self.answers("provider", folded)
        return Decisions(
            chosen={name: int(choice) for name, choice in chosen.items()},
            without=frozenset(self.answers("without", folded)),
            types=self.answers("type", preview.words),
        )

    def answers(self, question: str, names: Iterable[str]) -> dict[str, str]:
        """Return what was answered to one kind of question, by the key of the name or word."""
        fields = {name: self._fields.get(field_name(question, name)) for name in names}
        return {name: field.data for name, field in fields.items() if field and field.data}

    @property
    def questions(self) -> list[Any]:  # WTForms' fields
        """Return the fields in the order of the page."""
        return list(self._fields.values())


def decision_form(preview: Preview, codes: Codes, sent: Any = None) -> DecisionForm:
    """Return the form with the questions that this preview asks; ``sent`` is the request's form."""
    fields: dict[str, Any] = {}
    for line in preview.providers:
        if asks_who(line):
            fields[field_name("provider", line.match.key)] = who_field(line)
        if line.is_sent:
            fields[field_name("without", line.match.key)] = BooleanField(
                f"„{line.match.shown}“ auslassen",
                default=line.match.is_left_out,
                description="Die Meldung dieses Trägers ist schon eingereicht und wird nicht "
                "überschrieben.",
            )
    for folded, word in preview.words.items():
        choices = choices_of(codes.words.course_types.items())
        question = SelectField(f"„{word}“ bedeutet", [Optional()], choices=choices)
        fields[field_name("type", folded)] = question
    return type("Decisions", (DecisionForm,), fields)(sent)  # type: ignore[no-any-return]  # made from DecisionForm


def field_name(question: str, folded: str) -> str:
    """Return the name of a field: the same for the same word, whatever else the page asks.

    A number would mean another provider when somebody mends a row between page and answer.
    """
    return f"{question}-{hashlib.sha256(folded.encode()).hexdigest()[:8]}"


def choices_of(options: Iterable[tuple[str, str]]) -> list[Any]:
    """Return what can be chosen, after the line that asks to choose."""
    return [SelectChoice(*option) for option in (NOT_YET, *options)]


def asks_who(line: ProviderLine) -> bool:
    """Return whether the page offers a choice for this name: one that is only alike."""
    match = line.match
    known = {provider.id for provider in match.alike}
    settled = match.provider is not None and match.provider.name == match.name
    return bool(known) and not settled and (match.is_undecided or match.is_chosen)


def who_field(line: ProviderLine) -> Any:  # an unbound WTForms field
    """Return the question who a name is."""
    match = line.match
    new = (str(NEW), f"neuer Träger „{match.name}“")
    options = [(str(known.id), known.name) for known in match.alike]
    default = ""
    if not match.is_undecided:
        default = str(NEW if match.provider is None else match.provider.id)
    return SelectField(
        f"„{match.name}“: Meinten Sie einen dieser Träger?",
        [Optional()],
        choices=choices_of([*options, new]),
        default=default,
    )
