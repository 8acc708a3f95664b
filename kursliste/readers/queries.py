"""Finding subscriptions by the key of a mail, counting them, and what became of mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from kursliste.domain.sign_in import hashed
from kursliste.domain.subscription import DEFAULT_MOST_KB
from kursliste.models.edition import Edition
from kursliste.models.masterdata import CourseList, District
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.models.subscription import Mailing, MailingRules, ReaderMail, Subscription


@dataclass(frozen=True)
class Counts:
    """How many subscriptions a list has: written to, of those with a filter, waiting, resting."""

    active: int
    filtered: int
    unconfirmed: int
    asleep: int


@dataclass(frozen=True)
class SentMailing:
    """What became of the mails about an edition."""

    edition: Edition
    mailing: Mailing
    sent: int
    waiting: int
    failed: int
    taken_back: int


def mail_by_key_or_none(session: Session, key: str) -> ReaderMail | None:
    """Return the mail that bore this key in its links; its subscription may have ended."""
    query = (
        select(ReaderMail)
        .where(ReaderMail.key_hash == hashed(key))
        .options(
            joinedload(ReaderMail.subscription)
            .joinedload(Subscription.course_list)
            .joinedload(CourseList.district)
        )
    )
    return session.scalar(query)


def others_of(session: Session, one: Subscription) -> Sequence[Subscription]:
    """Return the other confirmed subscriptions of the same address, oldest first."""
    query = (
        select(Subscription)
        .where(
            Subscription.email == one.email,
            Subscription.id != one.id,
            Subscription.confirmed_at.is_not(None),
        )
        .order_by(Subscription.id)
        .options(joinedload(Subscription.course_list).joinedload(CourseList.district))
    )
    return session.scalars(query).all()


def first_list_or_none(session: Session, district: District) -> CourseList | None:
    """Return the list that a district's address shows."""
    query = select(CourseList).where(CourseList.district_id == district.id)
    return session.scalar(query.order_by(CourseList.id).limit(1))


def counts_of(session: Session, course_list: CourseList) -> Counts:
    """Return how many subscriptions a list has; one statement, no address."""
    confirmed, asleep = Subscription.confirmed_at.is_not(None), Subscription.asleep_since
    active = confirmed & asleep.is_(None)
    conditions = (
        active,
        active & (Subscription.filters != {}),
        ~confirmed,
        asleep.is_not(None),
    )
    columns = [func.coalesce(func.sum(case((c, 1), else_=0)), 0) for c in conditions]
    query = select(*columns).where(Subscription.course_list_id == course_list.id)
    return Counts(*(int(number) for number in session.execute(query).one()))


def active_filters(
    session: Session, course_list: CourseList, asked_at: datetime
) -> Sequence[tuple[dict[str, list[str]], bool, int]]:
    """Return each filter and wish of the subscriptions that are written to, with their number."""
    query = (
        select(Subscription.filters, Subscription.always, func.count())
        .where(
            Subscription.course_list_id == course_list.id,
            Subscription.confirmed_at <= asked_at,
            Subscription.asleep_since.is_(None),
        )
        .group_by(Subscription.filters, Subscription.always)
        .order_by(Subscription.filters, Subscription.always)
    )
    return [(filters, always, count) for filters, always, count in session.execute(query)]


def rules_of(session: Session, course_list: CourseList) -> MailingRules:
    """Return how a list's mails come; without a row the shipped rules, as a row not yet stored."""
    query = select(MailingRules).where(MailingRules.course_list_id == course_list.id)
    found = session.scalar(query)
    return found or MailingRules(
        course_list_id=course_list.id, attaches=False, most_kb=DEFAULT_MOST_KB
    )


def mailings_of(session: Session, course_list: CourseList) -> Sequence[SentMailing]:
    """Return the newest 24 mailings of a list with what became of their mails, newest first."""
    states = [
        func.coalesce(func.sum(case((OutgoingMail.state == state, 1), else_=0)), 0)
        for state in (MailStatus.SENT, MailStatus.QUEUED, MailStatus.FAILED)
    ]
    gone = func.coalesce(
        func.sum(case((ReaderMail.id.is_not(None) & ReaderMail.mail_id.is_(None), 1), else_=0)), 0
    )
    counted = (
        select(Mailing.id, *states, gone)
        .join(Edition, Edition.id == Mailing.edition_id)
        .outerjoin(ReaderMail, ReaderMail.mailing_id == Mailing.id)
        .outerjoin(OutgoingMail, OutgoingMail.id == ReaderMail.mail_id)
        .where(Edition.course_list_id == course_list.id)
        .group_by(Mailing.id)
        .order_by(Mailing.id.desc())
        .limit(24)
    )
    numbers = {row[0]: [int(count) for count in row[1:]] for row in session.execute(counted)}
    head = (Edition.month, Edition.number, Edition.district_slug)
    query = (
        select(Mailing)
        .where(Mailing.id.in_(numbers))
        .order_by(Mailing.id.desc())
        .options(joinedload(Mailing.edition).load_only(*head))
    )
    return [SentMailing(m.edition, m, *numbers[m.id]) for m in session.scalars(query)]
