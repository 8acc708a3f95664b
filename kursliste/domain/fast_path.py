"""Which reports may be approved together after a look at the list: those with no reason to look."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kursliste.domain.correction import CorrectionStatus
from kursliste.domain.prefill import drops_out
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import ReportStatus


class LookReason(StrEnum):
    """Why somebody has to look at a report by itself; ``web.labels.LOOK_REASON`` has the words."""

    NOT_SUBMITTED = "not_submitted"
    MOVED_ON = "moved_on"
    QUESTION = "question"
    OBJECTION = "objection"
    NEW_PROVIDER = "new_provider"
    NEW_COURSE = "new_course"
    ENDED_EARLY = "ended_early"
    OTHER_CHANGE = "other_change"
    UNCONFIRMED = "unconfirmed"
    ODD = "odd"


@dataclass(frozen=True, kw_only=True)
class Glance:
    """What is known of a report without anybody having read it.

    ``changed`` are the attributes that differ from what the list said before, ``ended`` the facts
    of the courses that leave it, as readers know them. ``unconfirmed`` and ``odd`` count rows and
    findings.
    """

    status: ReportStatus
    is_known_provider: bool
    questions: Collection[QuestionStatus] = ()
    corrections: Collection[CorrectionStatus] = ()
    new: int = 0
    changed: frozenset[str] = frozenset()
    ended: Sequence[Mapping[str, object]] = ()
    unconfirmed: int = 0
    odd: int = 0


def reasons_to_look(
    glance: Glance, *, trivial: Collection[str], on: date
) -> tuple[LookReason, ...]:
    """Return every reason to look at a report by itself; none means it stands on the fast path.

    A question counts until it is settled: what was answered must be read. A course may leave by
    itself if the rules let it drop out anyway: its own end date is past on the day ``on``, or
    readers know it as cancelled.
    """
    checks = {
        LookReason.NOT_SUBMITTED: glance.status is not ReportStatus.SUBMITTED,
        LookReason.QUESTION: any(q is not QuestionStatus.CLOSED for q in glance.questions),
        LookReason.OBJECTION: CorrectionStatus.OBJECTED in glance.corrections,
        LookReason.NEW_PROVIDER: not glance.is_known_provider,
        LookReason.NEW_COURSE: glance.new > 0,
        LookReason.ENDED_EARLY: any(not drops_out(facts, on=on) for facts in glance.ended),
        LookReason.OTHER_CHANGE: not glance.changed <= frozenset(trivial),
        LookReason.UNCONFIRMED: glance.unconfirmed > 0,
        LookReason.ODD: glance.odd > 0,
    }
    return tuple(reason for reason, holds in checks.items() if holds)
