"""What a deputy or a successor needs: first what is open, then each provider with its months."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.course import ConfirmedHow
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportStatus
from kursliste.domain.round import RoundStatus, leaves_out_unconfirmed
from kursliste.infrastructure import clock
from kursliste.masterdata.queries import coordinated_district, list_of, rounds_of
from kursliste.models.correction import Correction
from kursliste.models.identity import User
from kursliste.models.masterdata import Contact, CourseList, District, Provider
from kursliste.models.question import Question
from kursliste.models.report import Report, Round
from kursliste.models.review import ProviderNote
from kursliste.reporting.call_list import AddressToCheck, addresses_to_check
from kursliste.review import handover_queries, provider_queries
from kursliste.review.board import is_late

MONTHS_BACK: Final = 6
NOT_SENT: Final = (ReportStatus.OPEN, ReportStatus.DRAFT)


@dataclass(frozen=True, kw_only=True)
class MonthOf:
    """How a provider reported in one month.

    ``confirmed`` counts the courses by the way they were confirmed for this month, ``unconfirmed``
    the others that stay in the list. Both are those of the standing version.
    """

    report: Report
    confirmed: Mapping[ConfirmedHow, int]
    unconfirmed: int
    is_late: bool
    is_left_out: bool

    @property
    def month(self) -> Month:
        return self.report.month

    @property
    def courses(self) -> int:
        return sum(self.confirmed.values()) + self.unconfirmed

    @property
    def is_missing(self) -> bool:
        """Whether nothing was sent and nothing stands in the list instead."""
        return self.report.status in NOT_SENT and not self.report.stands

    @property
    def is_carried_over(self) -> bool:
        """Whether it stands in the list though nobody sent it."""
        return self.report.stands and self.report.standing.submitted_by_id is None


@dataclass(frozen=True, kw_only=True)
class OpenMatters:
    """What waits for somebody; of each kind the oldest month first, then by provider."""

    waiting: Sequence[MonthOf]
    questions: Sequence[Question]
    objections: Sequence[Correction]
    missing: Sequence[MonthOf]
    refused: Sequence[AddressToCheck]
    unconfirmed: Sequence[MonthOf]

    @property
    def is_empty(self) -> bool:
        asked = self.waiting or self.questions or self.objections or self.missing
        return not (asked or self.refused or self.unconfirmed)


@dataclass(frozen=True, kw_only=True)
class ProviderBlock:
    """One provider in one district; ``months`` newest first, ``notes`` newest first."""

    provider: Provider
    contacts: Sequence[Contact]
    reporters: Sequence[User]
    notes: Sequence[ProviderNote]
    months: Sequence[MonthOf]


@dataclass(frozen=True, kw_only=True)
class Handover:
    """The page of a district, or of one provider in it; ``newest`` is None before any round."""

    district: District
    course_list: CourseList
    newest: Round | None
    matters: OpenMatters
    blocks: Sequence[ProviderBlock]

    @property
    def block(self) -> ProviderBlock:
        """The only block of the page of one provider."""
        (only,) = self.blocks
        return only


def handover(session: Session, actor: Actor, slug: str) -> Handover:
    """Return the handover of a district; raise NotFoundError unless the actor coordinates it.

    The number of statements does not depend on the number of providers.
    """
    district = coordinated_district(session, actor, slug)
    providers = provider_queries.reviewed_providers(session, actor, district)
    return _about(session, actor, district, providers)


def handover_of(session: Session, actor: Actor, slug: str, provider_id: int) -> Handover:
    """Return the same for one provider of the district, or raise NotFoundError."""
    district = coordinated_district(session, actor, slug)
    provider = provider_queries.reviewed_provider(session, actor, district, provider_id)
    return _about(session, actor, district, [provider])


def _about(
    session: Session, actor: Actor, district: District, providers: Sequence[Provider]
) -> Handover:
    course_list = list_of(session, district)
    rounds = rounds_of(session, course_list)[:MONTHS_BACK]
    keys = [provider.id for provider in providers]
    months = _months(session, rounds, course_list, keys)
    notes = provider_queries.notes_about(session, actor, district, keys)
    reporters = provider_queries.reporters_by_provider(session, keys)
    by_provider: dict[int, list[MonthOf]] = defaultdict(list)
    for found in months:
        by_provider[found.report.provider_id].append(found)
    return Handover(
        district=district,
        course_list=course_list,
        newest=rounds[0] if rounds else None,
        matters=_matters(session, actor, district, rounds, months, keys),
        blocks=[
            ProviderBlock(
                provider=provider,
                contacts=[one for one in provider.contacts if one.name],
                reporters=reporters.get(provider.id, ()),
                notes=notes.get(provider.id, ()),
                months=by_provider[provider.id],
            )
            for provider in providers
        ],
    )


def _months(
    session: Session, rounds: Sequence[Round], course_list: CourseList, keys: Collection[int]
) -> list[MonthOf]:
    reports = handover_queries.reports_of(session, rounds, keys)
    told = handover_queries.rows_by_confirmation(session, reports)
    today = clock.today()
    return [
        MonthOf(
            report=report,
            confirmed={how: told[report.id][how] for how in ConfirmedHow if how in told[report.id]},
            unconfirmed=told[report.id].get(None, 0),
            is_late=is_late(report, due_on=report.round.due_on, on=today),
            is_left_out=leaves_out_unconfirmed(report.unconfirmed, course_list.unconfirmed_rule),
        )
        for report in reports
    ]


def _matters(
    session: Session,
    actor: Actor,
    district: District,
    rounds: Sequence[Round],
    months: Sequence[MonthOf],
    keys: Collection[int],
) -> OpenMatters:
    """Return what is open in the rounds that run, and objections of all the months."""
    running = [asked for asked in rounds if asked.status is RoundStatus.OPEN or asked is rounds[0]]
    now = [found for found in reversed(months) if found.report.round in running]
    now.sort(key=lambda found: (found.month, found.report.provider.name, found.report.id))
    return OpenMatters(
        waiting=[found for found in now if found.report.status is ReportStatus.SUBMITTED],
        questions=handover_queries.unsettled_questions(session, running, keys),
        objections=handover_queries.objections(session, rounds, keys),
        missing=[found for found in now if found.is_missing and found.is_late],
        refused=[
            one for one in addresses_to_check(session, actor, district) if one.provider_id in keys
        ],
        unconfirmed=[found for found in now if found.report.stands and found.unconfirmed],
    )
