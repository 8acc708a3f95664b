"""What the coordinator does when mails did not help: whom to call, which addresses to mend."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor, Role
from kursliste.domain.reminders import ReminderStep, calls_from
from kursliste.domain.report import ReportStatus
from kursliste.domain.schedule import LADDER_ENDS
from kursliste.infrastructure import clock
from kursliste.infrastructure.holidays_by_state import holidays_between
from kursliste.models.identity import Membership, User
from kursliste.models.masterdata import Contact, CourseList, District, Provider
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.models.reminder import Reminder
from kursliste.models.report import Report, Round
from kursliste.reporting.waiting import Waiting, waiting_reports

LOOK_BACK: Final = timedelta(days=90)
"""How old a mail may be to tell something about an address."""


@dataclass(frozen=True, kw_only=True)
class SentReminder:
    """A step that was queued; ``state`` is None if its mail was withdrawn."""

    step: ReminderStep
    address: str
    queued_at: datetime
    state: MailStatus | None


@dataclass(frozen=True, kw_only=True)
class Call:
    """A provider to call about a report. ``people`` are name and address of those who report,
    ``contacts`` are the provider's people with a telephone number.
    """

    report_id: int
    status: ReportStatus
    provider: str
    phone: str
    people: tuple[tuple[str, str], ...]
    contacts: tuple[Contact, ...]
    mails: tuple[SentReminder, ...]


@dataclass(frozen=True, kw_only=True)
class CallList:
    """Every missing report of a round, by provider; calling makes sense from ``from_on``."""

    from_on: date
    calls: tuple[Call, ...]

    @property
    def is_due(self) -> bool:
        return clock.today() >= self.from_on


@dataclass(frozen=True, kw_only=True)
class AddressToCheck:
    """A contact to check (Kontakt prüfen); ``address`` is empty if no address is known at all.

    ``error`` is what the mail server said, ``failed_at`` when the mail had been written.
    """

    provider_id: int
    provider: str
    address: str = ""
    error: str = ""
    failed_at: datetime | None = None


def call_list(session: Session, actor: Actor, district: District, asked: Round) -> CallList:
    """Return whom to call about a round; raise NotFoundError unless it is the actor's district."""
    _check_coordinates(actor, district)
    if asked.district_id != district.id:
        raise NotFoundError(f"round {asked.id} of {district.slug}")
    waiting = waiting_reports(session, Round.id == asked.id)
    providers = _providers(session, waiting)
    mails = _mails(session, asked)
    calls = [
        Call(
            report_id=report.report_id,
            status=report.status,
            provider=report.provider,
            phone=providers[report.provider_id].phone,
            people=report.reporters,
            contacts=tuple(c for c in providers[report.provider_id].contacts if c.phone),
            mails=tuple(mails[report.report_id]),
        )
        for report in waiting
    ]
    holidays = holidays_between(district.state, asked.due_on, asked.due_on + LADDER_ENDS)
    times = session.get_one(CourseList, asked.course_list_id).times
    return CallList(
        from_on=calls_from(asked.due_on, holidays, times),
        calls=tuple(sorted(calls, key=lambda call: (call.provider, call.report_id))),
    )


def addresses_to_check(
    session: Session, actor: Actor, district: District
) -> Sequence[AddressToCheck]:
    """Return the providers of a district with a refused address or with none, by name.

    An address counts as refused if its newest mail of the last 90 days was given up; the first
    mail that arrives clears it. Raises NotFoundError unless it is the actor's district.
    """
    _check_coordinates(actor, district)
    known = _addresses(session, district)
    refused = refused_mails(session, {address for _provider, people in known for address in people})
    found: list[AddressToCheck] = []
    for provider, addresses in known:
        if not addresses:
            found.append(AddressToCheck(provider_id=provider.id, provider=provider.name))
        found += [
            AddressToCheck(
                provider_id=provider.id,
                provider=provider.name,
                address=address,
                error=refused[address].last_error,
                failed_at=refused[address].queued_at,
            )
            for address in addresses
            if address in refused
        ]
    return found


def _check_coordinates(actor: Actor, district: District) -> None:
    if not actor.is_administrator and district.id not in actor.district_ids(Role.COORDINATOR):
        raise NotFoundError(f"district {district.slug}")


def _providers(session: Session, waiting: Sequence[Waiting]) -> dict[int, Provider]:
    keys = [report.provider_id for report in waiting]
    query = select(Provider).where(Provider.id.in_(keys)).options(selectinload(Provider.contacts))
    return {provider.id: provider for provider in session.scalars(query)}


def _mails(session: Session, asked: Round) -> dict[int, list[SentReminder]]:
    query = (
        select(
            Reminder.report_id,
            Reminder.step,
            Reminder.address,
            Reminder.queued_at,
            OutgoingMail.state,
        )
        .join(Report, Report.id == Reminder.report_id)
        .outerjoin(OutgoingMail, OutgoingMail.id == Reminder.mail_id)
        .where(Report.round_id == asked.id)
        .order_by(Reminder.queued_at, Reminder.id)
    )
    found: dict[int, list[SentReminder]] = defaultdict(list)
    for report_id, step, address, queued_at, state in session.execute(query):
        found[report_id].append(
            SentReminder(step=step, address=address, queued_at=queued_at, state=state)
        )
    return found


def _addresses(session: Session, district: District) -> Sequence[tuple[Provider, tuple[str, ...]]]:
    """Return each active provider with the addresses that reminders may go to."""
    people = (
        select(Membership.provider_id, User.email)
        .join(User, User.id == Membership.user_id)
        .where(Membership.role == Role.PROVIDER, User.is_active.is_(True))
        .where(Membership.provider_id.in_(_active(district).with_only_columns(Provider.id)))
        .order_by(User.name, User.id)
    )
    by_provider: dict[int | None, list[str]] = defaultdict(list)
    for provider_id, email in session.execute(people):
        by_provider[provider_id].append(email)
    found = []
    for provider in session.scalars(_active(district).order_by(Provider.name, Provider.id)):
        house = (provider.report_email.strip().lower(), provider.email.strip().lower())
        addresses = dict.fromkeys((*by_provider[provider.id], *filter(None, house)))
        found.append((provider, tuple(addresses)))
    return found


def _active(district: District) -> Select[Provider]:
    belongs = Provider.districts.any(District.id == district.id)
    return select(Provider).where(belongs, Provider.is_active.is_(True))


def refused_mails(session: Session, addresses: set[str]) -> dict[str, OutgoingMail]:
    """Return the newest mail of each address whose newest mail was given up."""
    query = (
        select(OutgoingMail)
        .where(
            func.lower(OutgoingMail.to_address).in_(addresses),
            OutgoingMail.state.in_((MailStatus.SENT, MailStatus.FAILED)),
            OutgoingMail.queued_at >= clock.now() - LOOK_BACK,
        )
        .order_by(OutgoingMail.queued_at, OutgoingMail.id)
    )
    newest = {mail.to_address.lower(): mail for mail in session.scalars(query)}
    return {address: mail for address, mail in newest.items() if mail.state is MailStatus.FAILED}
