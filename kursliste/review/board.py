"""The month at a glance: one line per provider, with numbers that add up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from kursliste.domain.correction import CorrectionStatus
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor, Permission, may
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import clock
from kursliste.models.masterdata import District
from kursliste.models.report import Report, Round
from kursliste.review.comparison import Baseline, baseline, differences
from kursliste.review.queries import reports_of_round

BOARD_ORDER: Final = (
    ReportStatus.SUBMITTED,
    ReportStatus.ASKED,
    ReportStatus.DRAFT,
    ReportStatus.OPEN,
    ReportStatus.APPROVED,
)
"""What waits for the coordinator stands first, what is done last."""


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Counts of one report or of all.

    ``rows`` are the courses that stay in the list, ended ones not among them; ``new`` and
    ``changed`` are part of them, and so are ``unconfirmed`` ones.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    ended: int = 0
    unconfirmed: int = 0
    open_questions: int = 0
    answered_questions: int = 0
    objections: int = 0

    def plus(self, other: "Numbers") -> "Numbers":
        """Return the sums."""
        return Numbers(
            **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)}
        )


@dataclass(frozen=True, kw_only=True)
class BoardLine:
    """One provider's report; ``is_late`` if it came, or is still missing, after the deadline."""

    report: Report
    numbers: Numbers
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class Board:
    """All reports of a round. ``by_status`` adds up to the number of lines."""

    round: Round
    baseline: Baseline
    lines: Sequence[BoardLine]
    totals: Numbers
    by_status: Mapping[ReportStatus, int]


def board(session: Session, actor: Actor, district: District, asked: Round) -> Board:
    """Return the board of a round; raise NotFoundError if the district is not the actor's.

    Six statements at most, whatever the number of providers.
    """
    is_theirs = may(actor, Permission.REPORT_REVIEW, district.scope)
    if not is_theirs or asked.district_id != district.id:
        raise NotFoundError(f"round {asked.id} of {district.slug}")
    reports = reports_of_round(session, actor, asked)
    before = baseline(session, asked, [report.provider_id for report in reports])
    today = clock.today()
    lines = [
        BoardLine(
            report=report,
            numbers=numbers_of(report, before, opens_on=asked.opens_on),
            is_late=is_late(report, due_on=asked.due_on, on=today),
        )
        for report in reports
    ]
    totals = Numbers()
    for line in lines:
        totals = totals.plus(line.numbers)
    count = Counter(report.status for report in reports)
    return Board(
        round=asked,
        baseline=before,
        lines=sorted(lines, key=lambda line: BOARD_ORDER.index(line.report.status)),
        totals=totals,
        by_status={status: count[status] for status in ReportStatus},
    )


def numbers_of(report: Report, before: Baseline, *, opens_on: date) -> Numbers:
    """Return the counts of one report; a report that nobody began has none."""
    if report.status is ReportStatus.OPEN:
        return Numbers()
    found = differences(report.courses, before.of(report.provider_id))
    staying = [*found.new, *(change.course for change in found.changed), *found.unchanged]
    states = Counter(question.status for question in report.questions)
    return Numbers(
        rows=len(staying),
        new=len(found.new),
        changed=len(found.changed),
        ended=len(found.ended),
        unconfirmed=sum(not row.is_confirmed_since(opens_on) for row in staying),
        open_questions=states[QuestionStatus.OPEN],
        answered_questions=states[QuestionStatus.ANSWERED],
        objections=sum(one.status is CorrectionStatus.OBJECTED for one in report.corrections),
    )


def is_late(report: Report, *, due_on: date, on: date) -> bool:
    """Return whether a report came, or is missing on the day ``on``, after the deadline.

    A deadline day counts to its last second in Europe/Berlin (PRODUCT.md, rule 8). A report that
    the coordinator carried over was never sent, and is not late any more. One that was carried
    over and reopened has a time but nobody who sent it.
    """
    if report.submitted_at is not None and report.submitted_by_id is not None:
        return report.submitted_at.astimezone(clock.BERLIN).date() > due_on
    return report.status is not ReportStatus.APPROVED and on > due_on
