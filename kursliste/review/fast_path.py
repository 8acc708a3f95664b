"""Every report of a round with the reasons to look at it; without one it is on the fast path."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kursliste.domain.fast_path import Glance, LookReason, reasons_to_look
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import load_codes
from kursliste.models.report import Report, Round
from kursliste.review.comparison import (
    Baseline,
    Differences,
    baseline,
    baseline_of,
    differences,
)
from kursliste.review.oddities import oddities
from kursliste.review.queries import providers_approved_before, reports_of_round
from kursliste.review.rules import rules_of


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A report, what is different in it, and why somebody has to look at it by itself."""

    report: Report
    differences: Differences
    reasons: tuple[LookReason, ...]

    @property
    def is_fast(self) -> bool:
        """Whether it may be approved from the list, together with others."""
        return not self.reasons

    @property
    def is_unchanged(self) -> bool:
        """Whether it says what the list said before."""
        found = self.differences
        return not (found.new or found.changed or found.ended)


def fast_reports(session: Session, actor: Actor, asked: Round) -> Sequence[Judged]:
    """Return the reports of a round that stand on the fast path, by provider."""
    reports = reports_of_round(session, actor, asked)
    before = baseline(session, asked, [report.provider_id for report in reports])
    return [one for one in judged(session, actor, asked, reports, before) if one.is_fast]


def judged(
    session: Session, actor: Actor, asked: Round, reports: Sequence[Report], before: Baseline
) -> Sequence[Judged]:
    """Judge reports of a round that :func:`reports_of_round` loaded, in their order.

    A constant number of statements; none where no report waits, for only those are asked about.
    """
    found = {
        report.id: differences(report.courses, baseline_of(report, before).of(report.provider_id))
        for report in reports
    }
    waiting = [report for report in reports if report.status is ReportStatus.SUBMITTED]
    reasons = _reasons(session, actor, asked, waiting, before, found) if waiting else {}
    return [
        Judged(
            report=report,
            differences=found[report.id],
            reasons=reasons.get(report.id, (LookReason.NOT_SUBMITTED,)),
        )
        for report in reports
    ]


def _reasons(
    session: Session,
    actor: Actor,
    asked: Round,
    waiting: Collection[Report],
    before: Baseline,
    found: dict[int, Differences],
) -> dict[int, tuple[LookReason, ...]]:
    rules = rules_of(session, asked.district_id)
    known = providers_approved_before(session, actor, asked)
    if before.number is not None:
        known |= before.rows.keys()  # they stand in the edition that readers have
    staying = [row for report in waiting for row in found[report.id].staying]
    odd = oddities(session, asked, staying, load_codes(session), before=before, rules=rules)
    today = clock.today()
    return {
        report.id: reasons_to_look(
            Glance(
                status=report.status,
                is_known_provider=report.provider_id in known,
                questions=[question.status for question in report.questions],
                corrections=[correction.status for correction in report.corrections],
                new=len(found[report.id].new),
                changed=found[report.id].attributes,
                ended=[ended.known for ended in found[report.id].ended],
                unconfirmed=sum(
                    not row.is_confirmed_since(asked.opens_on) for row in found[report.id].staying
                ),
                odd=sum(len(odd[row.id]) for row in found[report.id].staying),
            ),
            trivial=rules.trivial,
            on=today,
        )
        for report in waiting
    }
