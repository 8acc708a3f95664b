"""Everything that is due, once: what ``kursliste tick`` and the scheduler beside the server do.

Safe to run twice, late, or on two servers at once: each step looks without a lock and then does
one thing in a transaction of its own, where it looks again. What fails is logged and tried again
at the next tick; it keeps neither the other things nor the mails in the house.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar
from urllib.parse import urlsplit

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kursliste.domain.permissions import Actor
from kursliste.domain.retention import JOURNAL_YEARS, Kind, keepings
from kursliste.infrastructure.carriers import Carrier
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.postman import send_waiting
from kursliste.infrastructure.retention import kinds_due, walk
from kursliste.infrastructure.search_rows import index_list, lists_out_of_step
from kursliste.infrastructure.shelf import Shelf
from kursliste.masterdata.rounds import close_round, due_lists, open_due_round, over_rounds
from kursliste.professionals.search_actions import tell_person
from kursliste.professionals.search_queries import due_people
from kursliste.publishing.order_actions import carry_out
from kursliste.publishing.order_queries import due_orders
from kursliste.readers.links import Links
from kursliste.readers.mailing import Errand, errands, forget_orders, run_errand
from kursliste.reporting.reminding import due_letters, outdated_mails, queue_letter, withdraw_mail

log = logging.getLogger(__name__)

First = TypeVar("First")
Second = TypeVar("Second")
Thing = TypeVar("Thing")
SYSTEM: Final = Actor.system()
MONTH_PATH: Final = "/veroeffentlichung/{}/{}"
REPORT_PATH: Final = "/meldungen/{}"
"""The page of a report; a test compares it with the route. Mails are written without a request."""


@dataclass(kw_only=True)
class Done:
    """How much a tick did; ``failed`` counts what raised an error that nobody expected."""

    opened: int = 0
    closed: int = 0
    reminded: int = 0
    withdrawn: int = 0
    indexed: int = 0
    published: int = 0
    mailed: int = 0
    forgotten: int = 0
    sent: int = 0
    failed: int = 0


def tick(
    database: Database,
    carrier: Carrier,
    *,
    base_url: str,
    sender: str,
    shelf: Shelf | None = None,
    journal_years: int = JOURNAL_YEARS,
) -> Done:
    """Do all that is due: rounds, search, publishing, reminders, mails to readers, the outbox.

    ``shelf`` is where files lie; without it nothing is published and mails have the link only.
    ``journal_years`` is after how many years the journal loses persons.
    """
    done = Done()

    def link(report_id: int) -> str:
        return base_url + REPORT_PATH.format(report_id)

    over, due = _found(database, done, over_rounds, due_lists)
    done.closed = _each(database, done, over, lambda s, key: close_round(s, key, actor=SYSTEM))
    done.opened = _each(
        database, done, due, lambda s, key: open_due_round(s, key, actor=SYSTEM) is not None
    )
    lists, _ = _found(database, done, lists_out_of_step, _nothing)
    done.indexed = _each(database, done, lists, index_list)
    if shelf is not None:
        _publish(database, done, shelf, base_url + MONTH_PATH)
    letters = partial(due_letters, actor=SYSTEM)
    outdated = partial(outdated_mails, actor=SYSTEM)
    news, old = _found(database, done, letters, outdated)
    done.reminded = _each(
        database, done, news, lambda s, letter: queue_letter(s, letter, actor=SYSTEM, link=link)
    )
    done.withdrawn = _each(database, done, old, lambda s, key: withdraw_mail(s, key, actor=SYSTEM))
    _serve_readers(database, done, Links(base_url))
    people, kept = _found(database, done, due_people, kinds_due)
    done.mailed += _each(
        database, done, people, lambda s, key: tell_person(s, key, base_url=base_url, actor=SYSTEM)
    )
    _tidy(database, done, kept, journal_years)
    host = urlsplit(base_url).hostname or "localhost"
    done.sent = send_waiting(database, carrier, sender=sender, host=host, shelf=shelf)
    return done


def _publish(database: Database, done: Done, shelf: Shelf, link: str) -> None:
    """Publish what coordinators ordered for now, before the mails about it are written."""
    due, _ = _found(database, done, due_orders, _nothing)
    done.published = _each(
        database, done, due, lambda s, key: carry_out(s, shelf, key, actor=SYSTEM, link=link)
    )


def _serve_readers(database: Database, done: Done, links: Links) -> None:
    """Do what is due for readers; a mailing batch by batch until nobody is left."""

    def run(session: Session, errand: tuple[Errand, int]) -> int:
        return run_errand(session, *errand, actor=SYSTEM, links=links)

    while True:
        due, _ = _found(database, done, partial(errands, actor=SYSTEM), _nothing)
        letters = [errand for errand in due if errand[0] is Errand.WRITE]
        failed = done.failed
        done.mailed += _each(database, done, letters, run)
        done.forgotten += _each(
            database, done, [errand for errand in due if errand not in letters], run
        )
        if not letters or done.failed > failed:
            return  # what failed is tried again at the next tick


def _tidy(database: Database, done: Done, kinds: Sequence[Kind], journal_years: int) -> None:
    """Remove what was kept long enough (ADR 47); orders of readers are told in the journal."""
    due = [one for one in keepings(journal_years) if one.kind in kinds]
    acts = {Kind.UNCONFIRMED_ORDER: partial(forget_orders, actor=SYSTEM)}
    walked = walk(database, due, acts=acts)
    done.forgotten += sum(walked.removed.values())
    done.failed += walked.failed


def _nothing(_session: Session) -> Sequence[None]:
    return ()


def _found(
    database: Database,
    done: Done,
    first: Callable[[Session], Sequence[First]],
    second: Callable[[Session], Sequence[Second]],
) -> tuple[Sequence[First], Sequence[Second]]:
    """Look for two kinds of things in one short reading transaction."""
    try:
        with database.session(readonly=True) as session:
            return first(session), second(session)
    except Exception:
        log.exception("a tick could not look for what is due")
        done.failed += 1
        return (), ()


def _each(
    database: Database,
    done: Done,
    things: Sequence[Thing],
    act: Callable[[Session, Thing], int],
) -> int:
    """Do what is due to each thing, in a transaction each; return how often something was."""
    count = 0
    for thing in things:
        try:
            with database.session() as session, transaction(session):
                count += act(session, thing)
        except IntegrityError as error:
            # A unique key held: another server or a coordinator did the same this very moment.
            # Which one says the first line; what follows on PostgreSQL names the values.
            log.info("already done elsewhere: %s", str(error.orig).partition("\n")[0])
        except Exception:
            log.exception("a tick failed at one thing")
            done.failed += 1
    return count
