"""Turning a proposal into providers, venues, contacts, courses and reports of a month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from kursliste.domain.course import OWN_FIELDS
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportAction, ReportOrigin, ReportStatus
from kursliste.infrastructure import clock, journal
from kursliste.infrastructure.codes import Codes
from kursliste.infrastructure.course_keys import new_course_key
from kursliste.intake import queries
from kursliste.intake.faults import completed
from kursliste.intake.master import new_provider
from kursliste.intake.matching import KnownCourses, ProviderMatch, provider_matches
from kursliste.intake.open_points import FILLABLE
from kursliste.intake.outcome import LeftRow, TakenOver
from kursliste.intake.storing import Proposal, ProposedCourse
from kursliste.intake.tables import key
from kursliste.masterdata import actions as masterdata
from kursliste.masterdata.linking import House, lock_house
from kursliste.masterdata.queries import active_providers, former_names, round_or_none
from kursliste.models.intake import ListUpload
from kursliste.models.masterdata import Provider
from kursliste.models.report import Course, Report, ReportedCourse, Round

LONGEST_ROW = 120
KEPT = "Der Träger hat diesen Kurs im Monat schon bearbeitet oder bestätigt."


@dataclass
class Tally:
    """What happened so far."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    providers_added: int = 0
    kept: list[LeftRow] = field(default_factory=list)


class TakingOver:
    """One taking over, in the caller's transaction; every step may refuse the whole."""

    def __init__(
        self,
        session: Session,
        upload: ListUpload,
        proposal: Proposal,
        *,
        codes: Codes,
        actor: Actor,
    ) -> None:
        self.session, self.upload, self.actor = session, upload, actor
        self.proposal, self.codes = proposal, codes
        self.tally = Tally()

    def run(self, rows: Sequence[ProposedCourse]) -> TakenOver:
        """Store ``rows``, which have no faults and whose providers are decided."""
        by_name: dict[str, list[ProposedCourse]] = {}
        for row in rows:
            by_name.setdefault(key(row.provider), []).append(row)
        providers = self.providers(by_name)
        opened = self.round()
        reports = self.reports(opened, providers.values())
        by_hand = queries.rows_changed_by_hand(self.session, opened)
        earlier = queries.earlier_rows(self.session, opened)
        for folded, provider in providers.items():
            report = reports[provider.id]
            house = self.house(provider, by_name[folded], report)
            known = Known(report, house, earlier.get(provider.id, ()), by_hand)
            self.fill(report, by_name[folded], known)
        return TakenOver(
            added=self.tally.added,
            updated=self.tally.updated,
            unchanged=self.tally.unchanged,
            reports=len(providers),
            providers_added=self.tally.providers_added,
            kept=tuple(self.tally.kept),
        )

    def providers(self, named: Iterable[str]) -> dict[str, Provider]:
        """Return the provider of each name; those that the district lacks are added."""
        district = self.upload.course_list.district
        known = active_providers(self.session, district)
        former = former_names(self.session, district)
        matches = provider_matches(self.proposal, known, former)
        return {folded: self.provider(matches[folded]) for folded in named}

    def provider(self, match: ProviderMatch) -> Provider:
        """Return the provider of one name."""
        if match.provider is not None:
            return match.provider
        self.tally.providers_added += 1
        return masterdata.add_provider(
            self.session,
            new_provider(match.name, self.proposal.providers),
            district=self.upload.course_list.district,
            actor=self.actor,
        )

    def round(self) -> Round:
        """Return the round of the month; open it if nobody did."""
        course_list, month = self.upload.course_list, self.upload.month
        found = round_or_none(self.session, course_list, month)
        return found or masterdata.open_round(self.session, course_list, month, actor=self.actor)

    def reports(self, opened: Round, providers: Iterable[Provider]) -> Mapping[int, Report]:
        """Return the reports to fill by provider; raise RuleViolationError if one is sent."""
        reports = dict(queries.locked_reports(self.session, opened))
        for provider in providers:
            report = reports.get(provider.id)
            if report is None:
                lock_house(self.session, provider)  # one that was merged meanwhile gets none
                report = Report(
                    round_id=opened.id, district_id=opened.district_id, provider_id=provider.id
                )
                self.session.add(report)
                self.session.flush()  # its rows and its journal entry need the key
                reports[provider.id] = report
            elif report.status not in FILLABLE:
                raise RuleViolationError(
                    Rule.REPORT_ALREADY_SUBMITTED, provider=provider.name, month=opened.month
                )
        return reports

    def house(self, provider: Provider, rows: Iterable[ProposedCourse], report: Report) -> House:
        """Return the provider's lists with all places and people that the rows name."""
        house = House(self.session, provider)
        told = [row.values for row in rows]
        house.remember(told, actor=self.actor, scope=report.scope)
        return house

    def fill(self, report: Report, rows: Sequence[ProposedCourse], known: "Known") -> None:
        """Write the rows into a report and start it if nobody did."""
        if report.status is ReportStatus.OPEN:
            report.move(ReportAction.START, by_id=self.actor.user_id, at=clock.now())
            report.origin = ReportOrigin.TAKEN_OVER
        report.is_nil = False
        for row in rows:
            self.write(report, row, known)
        self.session.flush()  # a new course needs its key before the next report looks for it
        journal.record(
            self.session,
            JournalEvent.LIST_TAKEN_OVER,
            report,
            actor=self.actor,
            scope=report.scope,
            courses=len(rows),
            file=self.upload.file_name,
        )

    def write(self, report: Report, row: ProposedCourse, known: "Known") -> None:
        """Write one row over the course it stands for, or add it."""
        facts = {
            name: value
            for name, value in completed(row.values, self.codes).items()
            if name in OWN_NAMES
        }
        found = known.current.take(facts)
        if found is None:
            self.add(report, row, facts, known)
        elif known.is_kept(found):
            self.tally.kept.append(LeftRow(row=row.row, why=f"{found.title}: {KEPT}"))
        else:
            # A row that came from a list is what the newer list says, its empty cells included.
            blank = dict.fromkeys(OWN_NAMES) if found.source_row is not None else {}
            moved = found.take({**blank, **facts})
            known.house.link(found)
            found.source_row = source_of(row)
            self.tally.updated += bool(moved)
            self.tally.unchanged += not moved

    def add(
        self, report: Report, row: ProposedCourse, facts: Mapping[str, object], known: "Known"
    ) -> None:
        """Add a row; a course of an earlier month keeps its Kurs-ID."""
        before = known.earlier.take(facts)
        course_id = before.course_id if before is not None else self.new_course(report)
        added = ReportedCourse(
            course_id=course_id, position=known.next_position(), source_row=source_of(row)
        )
        added.take(facts)
        known.house.link(added)
        report.courses.append(added)
        self.tally.added += 1

    def new_course(self, report: Report) -> str:
        """Give a course its identity."""
        course = Course(
            id=new_course_key(),
            district_id=report.district_id,
            provider_id=report.provider_id,
            created_at=clock.now(),
        )
        self.session.add(course)
        self.session.flush()  # the row refers to it without a relationship to order by
        return course.id


class Known:
    """What a report's provider told before: this month, and in the months before."""

    def __init__(
        self,
        report: Report,
        house: House,
        earlier: Iterable[ReportedCourse],
        by_hand: frozenset[int],
    ) -> None:
        self.house = house
        self.opens_on = report.round.opens_on
        self.by_hand = by_hand
        self.current = KnownCourses(report.courses)
        held = {row.course_id for row in report.courses}
        self.earlier = KnownCourses(row for row in earlier if row.course_id not in held)
        self.position = max((row.position for row in report.courses), default=0)

    def is_kept(self, row: ReportedCourse) -> bool:
        """Return whether the provider's own word stands against the list."""
        return row.id in self.by_hand or row.is_confirmed_since(self.opens_on)

    def next_position(self) -> int:
        """Return the place after the last row."""
        self.position += 1
        return self.position


OWN_NAMES = tuple(known.attribute for known in OWN_FIELDS)


def source_of(row: ProposedCourse) -> str:
    """Return where a row came from; a very long name of a sheet loses its beginning."""
    return row.row[-LONGEST_ROW:]
