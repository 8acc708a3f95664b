"""Ticks as processes of their own: two at once, or one that is killed at a step it is told."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import wraps
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import BrokenBarrierError
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, configure_mappers

from kursliste import ticking
from kursliste.infrastructure import clock, documents, mailbox
from kursliste.infrastructure.database import Database
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import SavedSearch
from kursliste.professionals import search_actions, search_queries
from tests.faults.publishers import NEVER, _counting

_context = get_context("forkserver")
_context.set_forkserver_preload([__name__, "tests.faults.publishers", "tests.faults.postmen"])

configure_mappers()  # here, so that no fork has to

MEETING: Final = ("carry_out", "queue_letter", "run_errand", "tell_person", "walk")
"""Where two ticks wait for each other: both have looked, neither has done anything."""

PATIENCE_S: Final = 20


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One tick, as a process needs to know it."""

    url: str
    folder: Path
    at: datetime
    document: bytes
    """Taken for every PDF: setting one touches neither rows nor shelf."""

    flaw: str = ""
    dies_at: int = NEVER
    """The step, a statement or commit, once before and once after it."""

    dies_at_mail: int = NEVER
    """The mail, counted from 0, at whose queueing the process dies."""

    @property
    def delivered(self) -> Path:
        """The file with one line for each mail that a process gave to the mail server."""
        return self.folder / "delivered"


class Notebook:
    """A mail server that writes down whom it got a mail for."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def deliver(self, message: EmailMessage) -> None:
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(f"{message['To']} {message['Message-ID']}\n")


def meetings() -> dict[str, Barrier]:
    """Return the places where two ticks wait for each other."""
    return {name: _context.Barrier(2) for name in MEETING}


def start(turn: Turn, meeting: dict[str, Barrier] | None = None) -> tuple[BaseProcess, Connection]:
    """Start a tick; the connection gets the number of its last step, and of what failed."""
    ours, theirs = _context.Pipe()
    process = _context.Process(target=walk, args=(turn, theirs, meeting or {}), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def ended(process: BaseProcess, line: Connection) -> tuple[int, int] | None:
    """Wait for a tick; None if it was killed."""
    try:
        told: tuple[int, int] = line.recv()
    except EOFError:
        return None
    finally:
        process.join(PATIENCE_S)
    return told


def walk(turn: Turn, line: Connection, meeting: dict[str, Barrier]) -> None:
    """Tick once, or die in the attempt."""
    clock.wall = lambda: turn.at
    documents.run = lambda *_: turn.document
    mailbox.enqueue = _deadly(mailbox.enqueue, turn.dies_at_mail)
    if turn.flaw:
        FLAWS[turn.flaw]()
    for name, barrier in meeting.items():
        setattr(ticking, name, _after_meeting(getattr(ticking, name), barrier))
    database = Database(turn.url)
    with _counting(database, turn.dies_at) as step:
        done = ticking.tick(
            database,
            Notebook(turn.delivered),
            base_url="https://kurse.example",
            sender="kursliste@kreis.example",
            shelf=Shelf(turn.folder / "exports"),
        )
        line.send((step(), done.failed))


def _after_meeting(act: Callable[..., Any], barrier: Barrier) -> Callable[..., Any]:
    calls = count()

    @wraps(act)
    def met(*arguments: Any, **more: Any) -> Any:
        if next(calls) == 0:
            try:
                barrier.wait(PATIENCE_S)
            except BrokenBarrierError as error:
                raise AssertionError("the other tick found nothing to do") from error
        return act(*arguments, **more)

    return met


def _deadly(enqueue: Callable[..., Any], dies_at: int) -> Callable[..., Any]:
    calls = count()

    @wraps(enqueue)
    def queued(*arguments: Any, **more: Any) -> Any:
        if next(calls) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return enqueue(*arguments, **more)

    return queued


# ---- ticks that do it wrong, so that the checks can show what they are worth


def _decide_first() -> None:
    """Commit what was decided, and queue its mail afterwards."""
    enqueue = mailbox.enqueue

    def late(session: Session, **mail: Any) -> Any:
        session.commit()
        return enqueue(session, **mail)

    mailbox.enqueue = late


def _look_once() -> None:
    """Trust what was seen before, remember nothing, and give each mail a key of its own."""

    def searches(session: Session, user_id: int) -> list[SavedSearch]:
        return list(session.scalars(select(SavedSearch).where(SavedSearch.user_id == user_id)))

    search_actions._know = lambda *_: None
    search_queries.locked_searches = searches
    search_queries.mail_key = lambda user_id: f"searches:{user_id}:{os.getpid()}"


FLAWS: Final[dict[str, Callable[[], None]]] = {
    "decides first": _decide_first,
    "looks once": _look_once,
}
