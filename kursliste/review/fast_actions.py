"""Deciding about many reports at once, and taking that back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from kursliste.domain.errors import ConflictError, TransitionRefusedError
from kursliste.domain.fast_path import LookReason
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.models.report import Report, Round
from kursliste.review import actions, queries
from kursliste.review.comparison import baseline
from kursliste.review.fast_path import judged


@dataclass(frozen=True, kw_only=True)
class Together:
    """What was done about several reports, and what was left with its reason to look at it."""

    done: Sequence[Report]
    left: Sequence[tuple[Report, LookReason]]


def approve_together(
    session: Session, asked: Round, *, actor: Actor, seen: Mapping[int, int]
) -> Together:
    """Approve the reports that the person saw on the fast path, by key and version.

    Each is judged again: one that changed since, or that needs a look by now, is left as it is.
    Keys of other rounds are nobody's.
    """
    require(actor, Permission.REPORT_REVIEW, asked.scope)
    reports = queries.reports_of_round(session, actor, asked)
    before = baseline(session, asked, [report.provider_id for report in reports])
    done: list[Report] = []
    left: list[tuple[Report, LookReason]] = []
    for one in judged(session, actor, asked, reports, before):
        report = one.report
        if report.id not in seen:
            continue
        if report.version != seen[report.id]:
            left.append((report, LookReason.MOVED_ON))
        elif one.reasons:
            left.append((report, one.reasons[0]))
        else:
            try:
                with session.begin_nested():  # one that is passed over stays as it was
                    actions.approve_report(
                        session, report, actor=actor, seen_version=seen[report.id]
                    )
            except ConflictError:
                left.append((report, LookReason.MOVED_ON))  # in this very second
            else:
                done.append(report)
    return Together(done=done, left=left)


def reopen_together(
    session: Session, asked: Round, *, actor: Actor, seen: Mapping[int, int]
) -> Together:
    """Take back the decision about these reports, by key and version as they were decided.

    One that somebody has moved on meanwhile stays as it is.
    """
    require(actor, Permission.REPORT_REVIEW, asked.scope)
    done: list[Report] = []
    left: list[tuple[Report, LookReason]] = []
    for report in queries.reports_named(session, actor, asked, seen.keys()):
        try:
            with session.begin_nested():  # as above
                actions.reopen_report(session, report, actor=actor, seen_version=seen[report.id])
        except (ConflictError, TransitionRefusedError):
            left.append((report, LookReason.MOVED_ON))
        else:
            done.append(report)
    return Together(done=done, left=left)
