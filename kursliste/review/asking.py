"""One question on its way: what it is about, and what stands there now."""

from dataclasses import dataclass
from typing import Final

from kursliste.domain.course import OWN_FIELDS
from kursliste.domain.edition import CodeWords
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.question import QUESTION_LENGTH, check_question
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting.row_facts import in_words
from kursliste.review import queries

_ASKABLE: Final = frozenset(field.attribute for field in OWN_FIELDS)


@dataclass(frozen=True)
class Asking:
    """A question that somebody typed: about a report, one of its courses, or one field of it."""

    text: str
    reported_course_id: int | None = None
    attribute: str | None = None

    def check(self) -> None:
        """Raise RuleViolationError for a text or an aim that cannot be asked.

        A field without a course is nobody's.
        """
        check_question(self.text)
        if self.attribute is None:
            return
        if self.attribute not in _ASKABLE:
            raise RuleViolationError(Rule.VALUE_UNKNOWN, field="attribute", value=self.attribute)
        if self.reported_course_id is None:
            raise RuleViolationError(Rule.VALUE_MISSING, field="reported_course_id")

    def aim(self, report: Report) -> ReportedCourse | None:
        """Return the row it is about, if one; raise as :meth:`check` does, or NotFoundError."""
        self.check()
        if self.reported_course_id is None:
            return None
        return queries.reviewed_row(report, self.reported_course_id)


def value_in_words(
    course: ReportedCourse | None, attribute: str | None, words: CodeWords
) -> str | None:
    """Return what stands in the field now, as the page shows it; it stays with the question."""
    if course is None or attribute is None:
        return None
    return in_words(words, attribute, getattr(course, attribute))[:QUESTION_LENGTH] or None
