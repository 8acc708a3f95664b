"""What readers do: order, confirm, change and end; and what a coordinator does for them."""

import logging
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from kursliste.domain.errors import ConflictError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.sign_in import hashed
from kursliste.domain.subscription import (
    MOST_OF_ONE_ADDRESS,
    REQUESTS_PER_ADDRESS,
    REQUESTS_PER_NETWORK,
    Filters,
    filter_key,
    has_lapsed,
    is_too_long,
    tidy,
)
from kursliste.infrastructure import clock, journal, mailbox
from kursliste.infrastructure.counting import count_try, counted, network_of
from kursliste.models.masterdata import CourseList
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.models.subscription import ReaderMail, Subscription
from kursliste.readers import mails, queries
from kursliste.readers.links import Links
from kursliste.web.languages import GERMAN, speaking

log = logging.getLogger(__name__)
FORGOTTEN = ""
"""What stands in the outbox instead of the address of a reader who has left."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody orders; ``filter_words`` says the filter in words, for the mail.

    ``language`` is one of ``LANGUAGES``: what the mails are written in.
    """

    email: str
    filters: Filters
    filter_words: Sequence[str] = ()
    always: bool = False
    language: str = GERMAN


def request_subscription(
    session: Session,
    course_list: CourseList,
    wish: Wish,
    *,
    address: str,
    links: Links,
    actor: Actor,
) -> None:
    """Keep an order and mail a link that confirms it; nobody is written to before that.

    The caller cannot learn whether the address is known, nor whether it had its mails for now.
    ``address`` is the network address of who asks. Raises RuleViolationError if it asked too
    often, or for a filter that nobody can have chosen.
    """
    require(actor, Permission.SUBSCRIBE, course_list.scope)
    count_try(session, f"abo:network:{network_of(address)}", REQUESTS_PER_NETWORK)
    _ask(session, course_list, wish, links=links, actor=actor)


def invite_reader(
    session: Session, course_list: CourseList, wish: Wish, *, links: Links, actor: Actor
) -> None:
    """Order for somebody who said yes to it; they confirm by mail as everybody does."""
    require(actor, Permission.SUBSCRIPTION_MANAGE, course_list.scope)
    _ask(session, course_list, wish, links=links, actor=actor, by=actor.name)


def _ask(
    session: Session,
    course_list: CourseList,
    wish: Wish,
    *,
    links: Links,
    actor: Actor,
    by: str = "",
) -> None:
    if is_too_long(wish.filters):
        raise RuleViolationError(Rule.FILTER_TOO_LONG)
    limit = REQUESTS_PER_ADDRESS
    tries = counted(session, f"abo:address:{hashed(wish.email)}", limit.window)
    found = _locked(session, course_list, wish)
    if tries > limit.most or (found is None and _has_enough(session, course_list, wish.email)):
        log.info("subscription_mail_not_sent: too often")
        return
    if found is None:
        found = _new(session, course_list, wish)
        event = JournalEvent.SUBSCRIPTION_REQUESTED
        journal.record(session, event, found, actor=actor, scope=found.scope)
    elif found.confirmed_at is None:
        found.requested_at, found.always = clock.now(), wish.always
        found.language = wish.language
    key = secrets.token_urlsafe(32)
    with speaking(wish.language):
        link = links.subscription(key)
        subject, body = (
            mails.known_already(course_list, wish.filter_words, link=link)
            if found.is_active
            else mails.confirmation(course_list, wish.filter_words, link=link, by=by)
        )
    mail = mailbox.enqueue(session, to=wish.email, subject=subject, body=body, holds_secret=True)
    session.flush()  # the key's row names the mail
    session.add(
        ReaderMail(
            subscription_id=found.id,
            mail_id=mail.id,
            key_hash=hashed(key),
            queued_at=mail.queued_at,
        )
    )


def _locked(session: Session, course_list: CourseList, wish: Wish) -> Subscription | None:
    """Return the same order if there is one. The lock is the list's: a first order has no row."""
    session.execute(select(CourseList.id).where(CourseList.id == course_list.id).with_for_update())
    query = select(Subscription).where(
        Subscription.course_list_id == course_list.id,
        Subscription.email == wish.email,
        Subscription.filter_key == filter_key(wish.filters),
    )
    return session.scalar(query)


def _has_enough(session: Session, course_list: CourseList, email: str) -> bool:
    query = select(func.count()).where(
        Subscription.course_list_id == course_list.id, Subscription.email == email
    )
    return (session.scalar(query) or 0) >= MOST_OF_ONE_ADDRESS


def _new(session: Session, course_list: CourseList, wish: Wish) -> Subscription:
    found = Subscription(
        course_list_id=course_list.id,
        district_id=course_list.district_id,
        email=wish.email,
        filters=tidy(wish.filters),
        filter_key=filter_key(wish.filters),
        always=wish.always,
        language=wish.language,
        requested_at=clock.now(),
    )
    session.add(found)
    session.flush()  # journal and mail name it
    return found


def confirm_subscription(session: Session, key: str, *, actor: Actor) -> Subscription | None:
    """Begin to write to a reader, or again to one whose subscription rests.

    None if the key leads to nothing, or the order was not confirmed in time. Pressing twice does
    no harm.
    """
    require(actor, Permission.SUBSCRIBE, Scope())
    found = _by_key(session, key)
    now = clock.now()
    if found is None or (found.confirmed_at is None and has_lapsed(found.requested_at, now)):
        return None
    if not found.is_active:
        found.confirmed_at, found.asleep_since = now, None
        event = JournalEvent.SUBSCRIPTION_CONFIRMED
        journal.record(session, event, found, actor=actor, scope=found.scope)
    return found


def change_subscription(
    session: Session,
    key: str,
    filters: Filters,
    *,
    always: bool,
    language: str | None = None,
    actor: Actor,
) -> Subscription | None:
    """Change what a reader hears of and in which language; None if the key leads to nothing.

    Without ``language`` it stays as it was. Raises RuleViolationError if the reader has a
    subscription with this filter already.
    """
    require(actor, Permission.SUBSCRIBE, Scope())
    found = _by_key(session, key)
    if found is None:
        return None
    if is_too_long(filters):
        raise RuleViolationError(Rule.FILTER_TOO_LONG)
    wish = Wish(email=found.email, filters=filters)
    same = _locked(session, found.course_list, wish)
    if same is not None and same.id != found.id:
        raise RuleViolationError(Rule.SUBSCRIPTION_KNOWN)
    found.filters, found.filter_key = tidy(filters), filter_key(filters)
    found.always, found.language = always, language or found.language
    event = JournalEvent.SUBSCRIPTION_CHANGED
    journal.record(session, event, found, actor=actor, scope=found.scope)
    return found


def end_subscription(session: Session, key: str, *, everything: bool, actor: Actor) -> int:
    """Forget a subscription, or all of its address, and return how many there were.

    0 if the key leads to nothing, also because it was ended before.
    """
    require(actor, Permission.SUBSCRIBE, Scope())
    found = _by_key(session, key)
    if found is None:
        return 0
    ending = [found, *queries.others_of(session, found)] if everything else [found]
    return forget(session, ending, actor=actor, how="reader")


def remove_reader(session: Session, course_list: CourseList, email: str, *, actor: Actor) -> int:
    """Forget all subscriptions of an address to a list, and return how many there were."""
    require(actor, Permission.SUBSCRIPTION_MANAGE, course_list.scope)
    query = select(Subscription).where(
        Subscription.course_list_id == course_list.id, Subscription.email == email
    )
    ending = session.scalars(query.order_by(Subscription.id)).all()
    return forget(session, ending, actor=actor, how="coordinator")


def change_mailing_rules(
    session: Session,
    course_list: CourseList,
    *,
    attaches: bool,
    most_kb: int,
    seen_version: int,
    actor: Actor,
) -> None:
    """Decide whether the Excel file goes along, and up to which size.

    Raises ConflictError if somebody else decided since ``seen_version`` (0: the shipped rules).
    """
    require(actor, Permission.SUBSCRIPTION_MANAGE, course_list.scope)
    session.execute(select(CourseList.id).where(CourseList.id == course_list.id).with_for_update())
    rules = queries.rules_of(session, course_list)
    if (rules.version or 0) != seen_version:
        raise ConflictError
    session.add(rules)
    changes = {
        "attaches": (bool(rules.attaches), attaches),
        "most_kb": (rules.most_kb, most_kb),
    }
    rules.attaches, rules.most_kb = attaches, most_kb
    session.flush()  # the journal needs its id
    event = JournalEvent.MAILING_RULES_CHANGED
    scope = course_list.scope
    journal.record(session, event, rules, actor=actor, scope=scope, changes=changes)


def _by_key(session: Session, key: str) -> Subscription | None:
    """Return the subscription behind a key, locked; others wait."""
    query = (
        select(Subscription)
        .join(ReaderMail, ReaderMail.subscription_id == Subscription.id)
        .where(ReaderMail.key_hash == hashed(key))
        .with_for_update(of=Subscription)
        .execution_options(populate_existing=True)
    )
    return session.scalar(query)


def forget(session: Session, ending: Collection[Subscription], *, actor: Actor, how: str) -> int:
    """Delete subscriptions and what the outbox knows of their readers; return how many.

    Mails that wait are taken back; of those that left only the fact stays.
    """
    require(actor, Permission.SUBSCRIBE, Scope())
    keys = [found.id for found in ending]
    for found in ending:
        event = JournalEvent.SUBSCRIPTION_ENDED
        journal.record(session, event, found, actor=actor, scope=found.scope, how=how)
    mail_ids = select(ReaderMail.mail_id).where(
        ReaderMail.subscription_id.in_(keys), ReaderMail.mail_id.is_not(None)
    )
    ours = OutgoingMail.id.in_(mail_ids)
    for statement in (
        update(OutgoingMail)
        .where(ours, OutgoingMail.state != MailStatus.QUEUED)
        .values(to_address=FORGOTTEN),
        delete(OutgoingMail).where(
            ours, OutgoingMail.state == MailStatus.QUEUED, mailbox.is_free()
        ),
        delete(Subscription).where(Subscription.id.in_(keys)),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    session.expire_all()
    return len(keys)
