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
from kursliste.review.comparison import Baseline, baseline
from kursliste.review.fast_path import Judged, judged
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
    """One provider's report; ``is_late`` if it came, or is still missing, after the deadline.

    ``is_answered`` says that all is answered that was asked, and that the report did not come back.
    """

    report: Report
    numbers: Numbers
    is_late: bool
    is_answered: bool
    judged: Judged


@dataclass(frozen=True, kw_only=True)
class Board:
    """All reports of a round. ``by_status`` adds up to the number of lines, and so do those who
    are to act: ``for_you``, ``for_providers`` and, for nobody, ``decided``.

    ``answered`` are a part of the asked ones. A change after the approval is decided until it is
    submitted: what was approved stands.
    """

    round: Round
    baseline: Baseline
    lines: Sequence[BoardLine]
    totals: Numbers
    by_status: Mapping[ReportStatus, int]
    answered: int
    late: int
    fast: int
    for_you: int
    for_providers: int
    decided: int


def board(session: Session, actor: Actor, district: District, asked: Round) -> Board:
    """Return the board of a round; raise NotFoundError if the district is not the actor's.

    A constant number of statements, whatever the number of providers.
    """
    is_theirs = may(actor, Permission.REPORT_REVIEW, district.scope)
    if not is_theirs or asked.district_id != district.id:
        raise NotFoundError(f"round {asked.id} of {district.slug}")
    reports = reports_of_round(session, actor, asked)
    before = baseline(session, asked, [report.provider_id for report in reports])
    lines = [_line(one, asked) for one in judged(session, actor, asked, reports, before)]
    totals = Numbers()
    for line in lines:
        totals = totals.plus(line.numbers)
    count = Counter(report.status for report in reports)
    for_you = count[ReportStatus.SUBMITTED]
    decided = sum(r.stands and r.status is not ReportStatus.SUBMITTED for r in reports)
    return Board(
        round=asked,
        baseline=before,
        lines=sorted(lines, key=_place),
        totals=totals,
        by_status={status: count[status] for status in ReportStatus},
        answered=sum(line.is_answered for line in lines),
        late=sum(line.is_late for line in lines),
        fast=sum(line.judged.is_fast for line in lines),
        for_you=for_you,
        for_providers=len(reports) - for_you - decided,
        decided=decided,
    )


def _line(one: Judged, asked: Round) -> BoardLine:
    report, numbers = one.report, numbers_of(one, opens_on=asked.opens_on)
    return BoardLine(
        report=report,
        numbers=numbers,
        is_late=is_late(report, due_on=asked.due_on, on=clock.today()),
        is_answered=report.status is ReportStatus.ASKED
        and numbers.answered_questions > 0
        and numbers.open_questions == 0,
        judged=one,
    )


def _place(line: BoardLine) -> tuple[int, bool]:
    """Answered reports stand before those that wait for an answer; the rest is by name."""
    return BOARD_ORDER.index(line.report.status), not line.is_answered


def numbers_of(one: Judged, *, opens_on: date) -> Numbers:
    """Return the counts of one report; a report that nobody began has none."""
    if one.report.status is ReportStatus.OPEN:
        return Numbers()
    found = one.differences
    states = Counter(question.status for question in one.report.questions)
    return Numbers(
        rows=len(found.staying),
        new=len(found.new),
        changed=len(found.changed),
        ended=len(found.ended),
        unconfirmed=sum(not row.is_confirmed_since(opens_on) for row in found.staying),
        open_questions=states[QuestionStatus.OPEN],
        answered_questions=states[QuestionStatus.ANSWERED],
        objections=sum(made.status is CorrectionStatus.OBJECTED for made in one.report.corrections),
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
