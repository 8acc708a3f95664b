"""What publishing says about mails to readers; the tick writes them (see ``readers``)."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.infrastructure import clock, journal
from kursliste.models.edition import Edition
from kursliste.models.masterdata import CourseList
from kursliste.models.subscription import Mailing, MailingRules, Subscription


def ask_mailing(session: Session, edition: Edition, *, sends: bool, actor: Actor) -> Mailing:
    """Keep in the transaction that publishes whether the readers are written to.

    Whether the Excel file goes along is decided now, by the list's rules and the file's size.
    """
    require(actor, Permission.EDITION_PUBLISH, edition.scope)
    now = clock.now()
    mailing = Mailing(
        edition_id=edition.id,
        sends=sends,
        attaches=sends and _attaches(session, edition),
        asked_at=now,
        finished_at=None if sends else now,
    )
    session.add(mailing)
    session.flush()  # the journal needs its id
    journal.record(
        session,
        JournalEvent.MAILING_ASKED,
        mailing,
        actor=actor,
        scope=edition.scope,
        name=edition.name,
        sends=sends,
    )
    return mailing


def _attaches(session: Session, edition: Edition) -> bool:
    query = select(MailingRules).where(MailingRules.course_list_id == edition.course_list_id)
    rules = session.scalar(query)
    workbook = next(file for file in edition.files if file.name == workbook_name(edition))
    return rules is not None and rules.attaches and workbook.size <= rules.most_kb * 1024


def workbook_name(edition: Edition) -> str:
    """Return the name of the public Excel file of an edition (INTERFACE.md, addresses)."""
    return f"kursliste-{edition.district_slug}-{edition.month}-a{edition.number}.xlsx"


def readers_of(session: Session, course_list: CourseList) -> int:
    """Return how many subscriptions hear of a list's next edition."""
    query = select(func.count()).where(
        Subscription.course_list_id == course_list.id,
        Subscription.confirmed_at.is_not(None),
        Subscription.asleep_since.is_(None),
    )
    return session.scalar(query) or 0
