"""Processes that publish one edition and die on the way: killed, or without memory.

A step is a statement, a commit or a write to the shelf, once before and once after it. A process
can be told the step at which it kills itself, so that a walk over all steps misses none.
"""

import os
import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.orm import configure_mappers

from kursliste.domain.permissions import Actor
from kursliste.infrastructure import clock, documents
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import CourseList
from kursliste.publishing.actions import publish_edition
from tests.builders import DECEMBER

# One server process forks for all fault tests: it has everything loaded.
_context = get_context("forkserver")
_context.set_forkserver_preload([__name__, "tests.faults.postmen", "tests.faults.migrators"])

configure_mappers()  # here, so that no fork has to

NEVER = -1


@dataclass(frozen=True, kw_only=True)
class Click:
    """One press of the button, as a process needs to know it."""

    url: str
    shelf: Path
    list_id: int
    actor: Actor
    seen: int
    at: datetime
    document: bytes = b""
    """Taken for every PDF: setting one touches neither rows nor shelf, and takes the most time."""

    def press(self, database: Database, shelf: Shelf) -> str:
        """Publish December and return the edition's name."""
        with ExitStack() as around:
            if self.document:
                around.enter_context(patch.object(documents, "run", lambda *_: self.document))
            session = around.enter_context(database.session())
            around.enter_context(transaction(session))
            return publish_edition(
                session,
                shelf,
                course_list=session.get_one(CourseList, self.list_id),
                month=DECEMBER,
                seen_number=self.seen,
                reason=f"Berichtigung {self.seen}",
                actor=self.actor,
            ).name


class LateShelf(Shelf):
    """The wrong order, as a control: files are written after the rows were committed."""

    def put(self, name: str, content: bytes, *, replacing: bool = False) -> str:  # noqa: ARG002 -- its form
        late = self.__dict__.setdefault("late", {})
        late[name] = content
        return ""

    def write(self) -> None:
        """Write what was put."""
        for name, content in self.__dict__.get("late", {}).items():
            super().put(name, content, replacing=True)


def start(
    click: Click, *, dies_at: int = NEVER, is_late: bool = False, room: int | None = None
) -> tuple[BaseProcess, Connection]:
    """Start a publisher that waits for a word; ``room`` are the bytes that it may still ask for.

    The connection gets "ready", waits for anything, and ends with the number of the last step.
    """
    ours, theirs = _context.Pipe()
    process = _context.Process(target=walk, args=(click, theirs, dies_at, is_late, room))
    process.start()
    theirs.close()
    assert ours.recv() == "ready"
    return process, ours


def walk(click: Click, line: Connection, dies_at: int, is_late: bool, room: int | None) -> None:
    """Publish once, or die in the attempt."""
    clock.wall = lambda: click.at
    database = Database(click.url)
    with database.session(readonly=True) as session:
        session.get(CourseList, click.list_id)  # connected, as a server is
    shelf = LateShelf(click.shelf) if is_late else Shelf(click.shelf)
    line.send("ready")
    line.recv()
    if room is not None:
        limit = _address_space() + room
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with _counting(database, dies_at) as step:
        click.press(database, shelf)
        if isinstance(shelf, LateShelf):
            shelf.write()
        done = step()  # after the commit
    line.send(done)


def _address_space() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()


@contextmanager
def _counting(database: Database, dies_at: int) -> Iterator[Callable[..., int]]:
    steps = count()

    def step(*_: object, **__: object) -> int:
        number = next(steps)
        if number == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(database.engine, name, step)

    def around(act: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*arguments: Any) -> Any:
            step()
            result = act(*arguments)
            step()
            return result

        return stepping

    with (
        patch.object(os, "fsync", around(os.fsync)),
        patch.object(os, "link", around(os.link)),
        patch.object(Path, "replace", around(Path.replace)),
    ):
        yield step
