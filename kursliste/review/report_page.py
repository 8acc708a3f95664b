"""What a report's page shows: differences first, what looks odd, and what was asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kursliste.domain.correction import CORRECTABLE, CorrectionStatus
from kursliste.domain.permissions import Actor
from kursliste.domain.plausibility import Finding
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import ReportAction, allowed_actions
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import Codes
from kursliste.models.correction import Correction
from kursliste.models.question import Question
from kursliste.models.report import Report
from kursliste.review.board import is_late
from kursliste.review.comparison import (
    Baseline,
    Differences,
    approved_before,
    baseline,
    differences,
)
from kursliste.review.oddities import oddities
from kursliste.review.queries import History, history, next_waiting


@dataclass(frozen=True, kw_only=True)
class ReportPage:
    """One report as the coordinator sees it. ``findings``, ``questions`` and ``corrections`` are by
    row id; ``objections`` are the corrections that wait for the coordinator.
    """

    report: Report
    baseline: Baseline
    differences: Differences
    findings: Mapping[int, Sequence[Finding]]
    questions: Mapping[int, Sequence[Question]]
    corrections: Mapping[int, Sequence[Correction]]
    objections: Sequence[Correction]
    may_correct: bool
    open_questions: int
    answered_questions: int
    actions: frozenset[ReportAction]
    history: History
    next_waiting_id: int | None
    is_late: bool
    unconfirmed: int


def report_page(session: Session, actor: Actor, report: Report, codes: Codes) -> ReportPage:
    """Return the page of a report that was loaded for the actor; at most ten statements."""
    asked, today = report.round, clock.today()
    approved = report.approved_version
    before = (
        baseline(session, asked, [report.provider_id])
        if approved is None
        else approved_before(approved, report)
    )
    found = differences(report.courses, before.of(report.provider_id))
    questions: dict[int, list[Question]] = {row.id: [] for row in report.courses}
    for question in report.questions:
        if question.reported_course_id is not None:
            questions[question.reported_course_id].append(question)
    corrections: dict[int, list[Correction]] = {row.id: [] for row in report.courses}
    for correction in report.corrections:
        corrections[correction.reported_course_id].append(correction)
    states = [question.status for question in report.questions]
    return ReportPage(
        report=report,
        baseline=before,
        differences=found,
        findings=oddities(session, asked, found.staying, codes, before=before),
        questions=questions,
        corrections=corrections,
        objections=[one for one in report.corrections if one.status is CorrectionStatus.OBJECTED],
        may_correct=report.status in CORRECTABLE,
        open_questions=states.count(QuestionStatus.OPEN),
        answered_questions=states.count(QuestionStatus.ANSWERED),
        actions=allowed_actions(report.status, is_revision=report.is_revision),
        history=history(session, report),
        next_waiting_id=next_waiting(session, actor, asked, after_id=report.id),
        is_late=is_late(report, due_on=asked.due_on, on=today),
        unconfirmed=sum(not row.is_confirmed_since(asked.opens_on) for row in found.staying),
    )
