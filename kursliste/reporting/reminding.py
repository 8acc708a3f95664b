"""Reminders: who is due a mail today, and queueing it so that nobody gets it twice.

Looking (:func:`due_letters`) takes no lock. :func:`queue_letter` locks the reports of one letter
and looks again, so that a report that arrived meanwhile or another server that was faster leave
nothing to send.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from kursliste.domain.calendar import is_working_day
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.reminders import (
    CAP_WINDOW,
    SPACING,
    Audience,
    ReminderStep,
    is_mailing_time,
    may_write,
    question_is_due,
    step_on,
)
from kursliste.domain.report import ReportOrigin, ReportStatus
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure import clock, journal, mailbox
from kursliste.infrastructure.clock import BERLIN
from kursliste.masterdata.rounds import runs_itself
from kursliste.models.masterdata import CourseList
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.models.reminder import Reminder
from kursliste.models.report import Report, Round
from kursliste.reporting import reminder_mails
from kursliste.reporting.mail_texts import own_words
from kursliste.reporting.reminder_mails import Item, Letter, Link
from kursliste.reporting.waiting import Waiting, is_waited_for, waiting_reports

EVERYWHERE = Scope()


@dataclass(frozen=True)
class Sent:
    """What went out before: steps, the moment of each mail by address, first day by report."""

    steps: frozenset[tuple[str, int, ReminderStep]]
    moments: dict[str, set[datetime]]
    first_on: dict[int, date]

    def days(self, address: str) -> list[date]:
        """Return the day of each mail to an address."""
        return [_day(moment) for moment in self.moments.get(address, ())]


def due_letters(session: Session, *, actor: Actor) -> Sequence[Letter]:
    """Return the mails that are due now, by address; at most one per person.

    Nothing outside of 7 to 18 h in Berlin, nothing to a person one of whose missing reports
    belongs to a Land that rests today.
    """
    require(actor, Permission.ROUND_OPEN, EVERYWHERE)
    now = clock.now().astimezone(BERLIN)
    if not is_mailing_time(now):
        return []
    return _planned(now.date(), waiting_reports(session, *_asked_by_us()), _sent(session))


def queue_letter(session: Session, letter: Letter, *, actor: Actor, link: Link) -> bool:
    """Queue one mail and keep its steps, in the caller's transaction.

    False if nothing is left to say: the reports arrived, or another server was faster. The locks
    make a provider who submits this moment wait for some milliseconds. Raises IntegrityError if
    two servers get here with letters that share no report.
    """
    for item in letter.items:
        require(actor, Permission.ROUND_OPEN, item.scope)
    keys = [item.report_id for item in letter.items]
    locked = select(Report).where(Report.id.in_(keys)).order_by(Report.id).with_for_update()
    reports = {
        report.id: report
        for report in session.scalars(locked.execution_options(populate_existing=True))
    }
    waiting = waiting_reports(session, Report.id.in_(keys), *_asked_by_us())
    sent = _sent(session, or_(Reminder.address == letter.address, Reminder.report_id.in_(keys)))
    now = clock.now()
    for found in _planned(_day(now), waiting, sent):
        if found.address == letter.address:
            mail = _queued(session, found, link, now)
            for item in found.news:
                _keep(session, reports[item.report_id], item, mail, actor=actor)
            return True
    return False


def outdated_mails(session: Session, *, actor: Actor) -> Sequence[int]:
    """Return the waiting reminders that nobody needs any more before the mail could leave.

    All their reports arrived, or their rounds were closed, or their lists stopped reminding.
    """
    require(actor, Permission.ROUND_OPEN, EVERYWHERE)
    query = select(OutgoingMail.id).where(_is_outdated()).order_by(OutgoingMail.id)
    return session.scalars(query).all()


def withdraw_mail(session: Session, mail_id: int, *, actor: Actor) -> bool:
    """Take an outdated reminder out of the outbox; False if it has left or is needed again.

    The steps stay: they are not sent a second time.
    """
    require(actor, Permission.ROUND_OPEN, EVERYWHERE)
    about = select(Report).join(Reminder, Reminder.report_id == Report.id)
    reports = session.scalars(about.where(Reminder.mail_id == mail_id).order_by(Report.id)).all()
    gone = delete(OutgoingMail).where(OutgoingMail.id == mail_id, _is_outdated())
    if session.scalar(gone.returning(OutgoingMail.id)) is None:
        return False
    for report in reports:
        journal.record(
            session, JournalEvent.REMINDER_WITHDRAWN, report, actor=actor, scope=report.scope
        )
    return True


def _asked_by_us() -> tuple[ColumnElement[bool], ...]:
    """Return which reports the ladder is for: asked here, in an open round of a list that runs by
    itself and reminds.

    Rows that the coordinator took over from a list are an answer already; only a question about
    them, asked after their provider submitted, is a reason to write.
    """
    asked = or_(Report.origin != ReportOrigin.TAKEN_OVER, Report.status == ReportStatus.ASKED)
    return runs_itself(), CourseList.reminds.is_(True), Round.status == RoundStatus.OPEN, asked


def _sent(session: Session, *conditions: ColumnElement[bool]) -> Sent:
    recent = Reminder.queued_at >= clock.now() - CAP_WINDOW
    query = (
        select(Reminder.address, Reminder.report_id, Reminder.step, Reminder.queued_at)
        .join(Report, Report.id == Reminder.report_id)
        .join(Round, Round.id == Report.round_id)
        .where(or_(Round.status == RoundStatus.OPEN, recent), *conditions)
        .order_by(Reminder.queued_at, Reminder.id)
    )
    steps: set[tuple[str, int, ReminderStep]] = set()
    moments: dict[str, set[datetime]] = defaultdict(set)
    first_on: dict[int, date] = {}
    for address, report_id, step, queued_at in session.execute(query):
        steps.add((address, report_id, step))
        moments[address].add(queued_at)
        first_on.setdefault(report_id, _day(queued_at))
    return Sent(frozenset(steps), moments, first_on)


def _planned(today: date, waiting: Sequence[Waiting], sent: Sent) -> Sequence[Letter]:
    owed: dict[str, list[Item]] = defaultdict(list)
    resting: set[str | None] = set()
    for report in waiting:
        if not is_working_day(today, report.holidays):
            resting |= {*report.addresses, report.second_address}
        for address, step in _steps(report, sent, today):
            owed[address].append(item_of(report, step))
    letters = []
    for address, items in sorted(owed.items()):
        items.sort(key=lambda item: (item.due_on, item.district, item.provider, item.report_id))
        news = [item for item in items if (address, item.report_id, item.step) not in sent.steps]
        if news and address not in resting and may_write(today, sent.days(address)):
            letters.append(Letter(address=address, items=tuple(items), news=tuple(news)))
    return letters


def _steps(report: Waiting, sent: Sent, today: date) -> Iterator[tuple[str, ReminderStep]]:
    """Yield who has reached which step with a report today."""
    if report.asked_on is not None and report.status is ReportStatus.ASKED:
        if question_is_due(today, report.asked_on, report.holidays):
            yield from ((address, ReminderStep.QUESTION) for address in report.addresses)
        return
    for audience, addresses in (
        (Audience.REPORTERS, report.addresses),
        (Audience.SECOND_CONTACT, _second(report, sent, today)),
    ):
        step = step_on(
            today,
            audience,
            opens_on=report.opens_on,
            due_on=report.due_on,
            holidays=report.holidays,
            times=report.times,
        )
        if step is not None:
            yield from ((address, step) for address in addresses)


def _second(report: Waiting, sent: Sent, today: date) -> tuple[str, ...]:
    """Return the second contact once those who report have had their chance."""
    first_on = sent.first_on.get(report.report_id)
    had_a_chance = first_on is not None and today - first_on >= SPACING
    if report.second_address is None or (report.addresses and not had_a_chance):
        return ()
    return (report.second_address,)


def item_of(report: Waiting, step: ReminderStep) -> Item:
    """Return what a mail says about a report in this step."""
    return Item(
        report_id=report.report_id,
        scope=report.scope,
        step=step,
        month=report.month,
        due_on=report.due_on,
        provider=report.provider,
        list_title=report.list_title,
        district=report.district,
        contact=report.contact,
    )


def _queued(session: Session, letter: Letter, link: Link, now: datetime) -> OutgoingMail:
    own = own_words(session, {item.scope.district_id for item in letter.items})
    subject, body = reminder_mails.reminder(letter, link=link, own=own)
    person = sha256(letter.address.encode()).hexdigest()
    key = f"reminder:{_day(now)}:{person}"
    mailbox.enqueue(session, to=letter.address, subject=subject, body=body, dedupe_key=key)
    return session.scalars(select(OutgoingMail).where(OutgoingMail.dedupe_key == key)).one()


def _keep(
    session: Session, report: Report, item: Item, mail: OutgoingMail, *, actor: Actor
) -> None:
    session.add(
        Reminder(
            address=mail.to_address,
            report_id=report.id,
            step=item.step,
            queued_at=mail.queued_at,
            mail_id=mail.id,
        )
    )
    journal.record(
        session,
        JournalEvent.REMINDER_QUEUED,
        report,
        actor=actor,
        scope=report.scope,
        step=item.step,
    )


def _is_outdated() -> ColumnElement[bool]:
    """Return the condition for a reminder in the outbox that nobody is sending and nobody needs."""
    now = clock.now()
    about = exists().where(Reminder.mail_id == OutgoingMail.id)
    needed = exists().where(
        Reminder.mail_id == OutgoingMail.id,
        Report.id == Reminder.report_id,
        Round.id == Report.round_id,
        Round.status == RoundStatus.OPEN,
        CourseList.id == Round.course_list_id,
        CourseList.reminds.is_(True),
        is_waited_for(),
    )
    free = or_(OutgoingMail.claimed_until.is_(None), OutgoingMail.claimed_until < now)
    return and_(OutgoingMail.state == MailStatus.QUEUED, free, about, ~needed)


def _day(moment: datetime) -> date:
    return moment.astimezone(BERLIN).date()
