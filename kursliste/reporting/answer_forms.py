"""Answering questions and objecting to changes: shape of input only, rules live in the domain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import TextAreaField

from kursliste.domain.correction import OBJECTION_LENGTH
from kursliste.domain.errors import RuleViolationError
from kursliste.domain.question import QUESTION_LENGTH
from kursliste.infrastructure.codes import Codes
from kursliste.models.question import Question
from kursliste.models.report import ReportedCourse
from kursliste.reporting.forms import prefix_of
from kursliste.reporting.question_actions import Answer
from kursliste.web.course_form import OneFactForm, one_fact_form
from kursliste.web.forms import BaseForm

FormData = MultiDict[str, str]


class AnswerForm(BaseForm):
    """The words of an answer; whether it says anything is the domain's rule."""

    answer = TextAreaField(
        "Ihre Antwort",
        description=f"Höchstens {QUESTION_LENGTH} Zeichen. Die Koordination liest sie.",
        render_kw={"rows": 3},
    )


class ObjectionForm(BaseForm):
    """Why a change of the coordinator is not right."""

    objection = TextAreaField(
        "Was stimmt nicht?",
        description=f"Höchstens {OBJECTION_LENGTH} Zeichen. Die Koordination liest sie.",
        render_kw={"rows": 4},
    )


@dataclass(frozen=True)
class QuestionBox:
    """One question with the words of its answer and, where it can change, the field itself."""

    question: Question
    words: AnswerForm
    value: OneFactForm | None
    row: ReportedCourse | None
    seen_version: int

    @property
    def forms(self) -> Sequence[BaseForm]:
        """The small forms of the box, in the order in which they are shown."""
        return [self.words] if self.value is None else [self.value, self.words]

    def answer(self) -> Answer:
        """Return what was typed."""
        facts = {} if self.value is None else {self.value.named: self.value.fact()}
        return Answer(self.words.answer.data or "", facts, self.seen_version)


class AnswerSheet(BaseForm):
    """Open questions of a report in one form; one or all of them."""

    def __init__(
        self, asked: Iterable[Question], sent: FormData, codes: Codes, *, may_change: bool
    ) -> None:
        super().__init__()
        self.boxes = [_box(question, sent, codes, may_change=may_change) for question in asked]

    def validate(self, extra_validators: Any = None) -> bool:  # WTForms' type
        """Check every box, so that all mistakes are told at once."""
        checked = [form.validate(extra_validators) for box in self.boxes for form in box.forms]
        return all(checked)

    def answers(self) -> dict[int, Answer]:
        """Return what was typed, by the key of the question."""
        return {box.question.id: box.answer() for box in self.boxes}

    def versions(self) -> dict[str, int]:
        """Return the stored versions of the rows by the name of their hidden field."""
        return {version_of(box.row): box.row.version for box in self.boxes if box.row is not None}

    def show(self, violation: RuleViolationError) -> None:
        """Put a broken rule at the only field that it can be about, else above the form."""
        fitting = [
            form for box in self.boxes for form in box.forms if (violation.field or "") in form
        ]
        if len(fitting) == 1:
            fitting[0].show(violation)
        else:
            super().show(violation)

    def mistakes(self) -> list[tuple[str, str]]:
        """Return the texts of the error summary with the fields they lead to."""
        return [
            (f"{field.label.text}: {error}", f"#{field.id}")
            for box in self.boxes
            for form in box.forms
            for field in form
            for error in field.errors
        ]


def version_of(row: ReportedCourse) -> str:
    """Return the name of the hidden field with the version of a row that somebody saw."""
    return f"{prefix_of(row)}version"


def _box(question: Question, sent: FormData, codes: Codes, *, may_change: bool) -> QuestionBox:
    prefix = f"f{question.id}-"
    row, attribute = question.reported_course, question.attribute
    words = AnswerForm(sent, prefix=prefix)
    if row is None or attribute is None or not may_change:
        return QuestionBox(question, words, None, None, 0)
    offered = codes.offered(question.report.month, row.course_type)
    make = one_fact_form(offered, attribute)
    # Without the version of the row the page had no box: an empty one would not mean "unknown".
    typed = sent if version_of(row) in sent else None
    value = make(typed, prefix=prefix, data={attribute: getattr(row, attribute)})
    return QuestionBox(
        question, words, value, row, sent.get(version_of(row), row.version, type=int)
    )
