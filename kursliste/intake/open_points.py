"""What stands between a row of the preview and its report; pages and actions ask the same."""

from collections.abc import Mapping
from dataclasses import dataclass

from kursliste.domain.calendar import Month
from kursliste.domain.course import FIELD
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure.codes import Codes
from kursliste.intake.faults import completed, faults
from kursliste.intake.matching import ProviderMatch
from kursliste.intake.storing import ProposedCourse
from kursliste.intake.tables import key
from kursliste.models.report import Report
from kursliste.web.error_words import message

FILLABLE = (ReportStatus.OPEN, ReportStatus.DRAFT)
"""States of a report that a list may still fill; nobody has answered for it yet."""
LEFT_OUT = "Die Zeile wurde auf der Übernahmeseite ausgelassen."
PROVIDER_LEFT_OUT = "Der Träger „{name}“ wurde auf der Übernahmeseite ausgelassen."
UNDECIDED = "Der Träger „{name}“ ähnelt „{alike}“. Entscheiden Sie auf der Übernahmeseite."


@dataclass(frozen=True, kw_only=True)
class RowPoints:
    """Why a row cannot be taken over as it is. ``faults`` are broken rules, each with its field,
    that mending the row settles; ``refusal`` concerns its provider. ``skipped`` says that somebody
    decided to leave it out. All texts are German.
    """

    faults: tuple[RuleViolationError, ...] = ()
    refusal: RuleViolationError | None = None
    refusal_words: str = ""
    skipped: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether the row can be stored."""
        return not (self.faults or self.refusal or self.skipped)

    @property
    def first(self) -> RuleViolationError | None:
        """The rule to name where only one can be named."""
        return self.faults[0] if self.faults else self.refusal

    @property
    def words(self) -> str:
        """Every reason in German."""
        told = [self.skipped] if self.skipped else []
        told += [f"{FIELD[f.field or 'title'].heading}: {message(f)}" for f in self.faults]
        told += [self.refusal_words] if self.refusal_words else []
        return " ".join(told)


def row_points(
    course: ProposedCourse,
    codes: Codes,
    matches: Mapping[str, ProviderMatch],
    reports: Mapping[int, Report],
    month: Month,
) -> RowPoints:
    """Return what is open about one row; ``reports`` are the month's by provider."""
    if course.is_left_out:
        return RowPoints(skipped=LEFT_OUT)
    match = matches.get(key(course.provider))
    if match is not None and match.is_left_out:
        return RowPoints(skipped=PROVIDER_LEFT_OUT.format(name=match.name))
    values = completed(course.values, codes)
    found = faults(values, codes)
    if match is None:
        return RowPoints(faults=found)
    if match.is_undecided:
        violation = RuleViolationError(Rule.PROVIDER_UNKNOWN, field="provider", name=match.name)
        words = UNDECIDED.format(name=match.name, alike=match.alike[0].name)
        return RowPoints(faults=found, refusal=violation, refusal_words=words)
    if is_sent(match, reports):
        violation = RuleViolationError(
            Rule.REPORT_ALREADY_SUBMITTED, field="provider", provider=match.shown, month=month
        )
        return RowPoints(faults=found, refusal=violation, refusal_words=message(violation))
    return RowPoints(faults=found)


def is_sent(match: ProviderMatch, reports: Mapping[int, Report]) -> bool:
    """Return whether the provider has answered for the month, so that no list may fill it."""
    report = reports.get(match.provider.id) if match.provider is not None else None
    return report is not None and report.status not in FILLABLE


def type_word(course: ProposedCourse, codes: Codes) -> str:
    """Return the word of the list that names no known course type; empty if the type is known."""
    if course.is_left_out or course.values.get("course_type") in codes.course_types:
        return ""
    warned = [remark.value for remark in course.warnings if remark.attribute == "course_type"]
    told = [*warned, str(course.values.get("course_type") or course.values.get("title") or "")]
    return next((word for word in told if key(word)), "")
