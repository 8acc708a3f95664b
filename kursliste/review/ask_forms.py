"""Several questions in one form: shape of input only, rules live in the domain."""

from collections.abc import Sequence
from typing import Any, Final

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from kursliste.domain.course import FIELD, OWN_FIELDS
from kursliste.domain.errors import RuleViolationError
from kursliste.models.report import Report
from kursliste.review.asking import Asking
from kursliste.web.forms import BaseForm, VersionedForm, number
from kursliste.web.labels import shown

LINES: Final = 3
MOST_LINES: Final = 40


class QuestionLine(BaseForm):
    """One question: its words, and what it is about."""

    reported_course_id = SelectField("Worum geht es?", choices=[])
    attribute = SelectField(
        "Um welche Angabe?",
        choices=[
            SelectChoice("", "keine bestimmte Angabe"),
            *(SelectChoice(field.attribute, field.heading) for field in OWN_FIELDS),
        ],
    )
    text = TextAreaField("Ihre Frage", render_kw={"rows": 3})

    def offer(self, report: Report) -> None:
        """Offer the rows of ``report`` to choose from."""
        self.reported_course_id.choices = [
            SelectChoice("", "die ganze Meldung"),
            *(
                SelectChoice(str(row.id), _name(row.title, row.starts_on, row.town))
                for row in report.courses
            ),
        ]

    @property
    def is_blank(self) -> bool:
        """Whether nobody asks anything here."""
        return not (self.text.data or self.reported_course_id.data or self.attribute.data)

    def asking(self) -> Asking:
        """Return the question as it was typed."""
        attribute = self.attribute.data
        return Asking(
            self.text.data or "",
            number(self.reported_course_id.data),
            attribute if attribute in FIELD else None,
        )


class AskSheet(VersionedForm):
    """Questions of one mail. ``lines`` is how many the page has; blank ones ask nothing."""

    count = HiddenField()

    def __init__(
        self, report: Report, sent: MultiDict[str, str], prefilled: Sequence[Asking] = ()
    ) -> None:
        wanted = number(sent.get("count")) or max(LINES, len(prefilled))
        wanted = min(wanted + ("more" in sent), MOST_LINES)
        super().__init__(sent, version=str(report.version))
        self.count.data = str(wanted)
        self.lines: list[QuestionLine] = []
        for index in range(wanted):
            asked = prefilled[index] if index < len(prefilled) else Asking("")
            line = QuestionLine(
                sent,
                prefix=f"f{index}-",
                text=asked.text,
                reported_course_id=str(asked.reported_course_id or ""),
                attribute=asked.attribute or "",
            )
            line.offer(report)
            self.lines.append(line)

    def validate(self, extra_validators: Any = None) -> bool:  # WTForms' type
        """Check every line that asks something, so that all mistakes are told at once."""
        asked = [line for line in self.lines if not line.is_blank] or self.lines[:1]
        checked = [super().validate(extra_validators)]
        for line in asked:
            is_good = line.validate(extra_validators)
            try:
                line.asking().check()
            except RuleViolationError as violation:
                line.show(violation)
                is_good = False
            checked.append(is_good)
        return all(checked)

    def askings(self) -> list[Asking]:
        """Return the questions that were typed."""
        return [line.asking() for line in self.lines if not line.is_blank]

    def mistakes(self) -> list[tuple[str, str]]:
        """Return the texts of the error summary with the fields they lead to."""
        return [
            (f"{place}. {field.label.text}: {error}", f"#{field.id}")
            for place, line in enumerate(self.lines, start=1)
            for field in line
            for error in field.errors
        ]


def _name(*parts: object) -> str:
    return ", ".join(shown(part) for part in parts if part)
