"""Processes that bring a database up to date and are killed in the middle of it.

A step is the end of a statement, or the moment before a commit. A process can be told the step at
which it kills itself, so that a walk over all steps misses none.
"""

import os
import signal
import sqlite3
import time
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final

from sqlalchemy import Engine, NullPool, create_engine, event, make_url, text

from kursliste.infrastructure import clock
from kursliste.masterdata.code_tables import install

_context = get_context("forkserver")
_context.set_forkserver_preload([__name__, "tests.faults.postmen"])

NEVER: Final = -1
GONE_WITHIN_S: Final = 20


@dataclass(frozen=True)
class Steps:
    """How many steps there were, and at which the tables were committed."""

    total: int
    commit: int


def run(
    url: str, at: datetime, *, dies_at: int = NEVER, commits_each: bool = False
) -> Steps | None:
    """Let a process do ``kursliste db upgrade``; return its steps, or None if it was killed.

    ``commits_each`` is the flaw that the checks must see: each statement arrives by itself.
    """
    ours, theirs = _context.Pipe()
    process = _context.Process(target=walk, args=(url, at, dies_at, commits_each, theirs))
    process.start()
    theirs.close()
    try:
        done: Steps | None = ours.recv()
    except EOFError:
        done = None
    process.join()
    ours.close()
    if done is None:
        assert process.exitcode == -signal.SIGKILL
    _await_nobody(url)
    return done


def walk(url: str, at: datetime, dies_at: int, commits_each: bool, line: Connection) -> None:
    """Upgrade once, or die in the attempt."""
    clock.wall = lambda: at
    steps, commits = count(), []

    def step(*_: object) -> int:
        number = next(steps)
        if number == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    def step_at_commit(_connection: object) -> None:
        commits.append(step())

    if commits_each:
        event.listen(Engine, "after_cursor_execute", _commit)
    event.listen(Engine, "after_cursor_execute", step)
    event.listen(Engine, "commit", step_at_commit)
    install(url)
    line.send(Steps(next(steps), commits[0]))


def _commit(connection: Any, _cursor: object, statement: str, *_: object) -> None:
    """End the transaction behind SQLAlchemy's back and begin another."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        driver.commit()
    elif driver.in_transaction and not statement.startswith("BEGIN"):
        driver.execute("COMMIT")
        driver.execute("BEGIN")


def _await_nobody(url: str) -> None:
    """Wait until PostgreSQL has noticed that the killed process is not there any more."""
    if make_url(url).get_backend_name() == "sqlite":
        return
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    engine = create_engine(url, poolclass=NullPool)
    end = time.monotonic() + GONE_WITHIN_S
    with engine.connect() as connection:
        while connection.scalar(others) and time.monotonic() < end:
            time.sleep(0.005)
            connection.rollback()  # else it would see the same statistics for ever


# ---- what is in a database, to the last row

POSTGRES: Final = (
    (
        "SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), "
        "a.attnotnull, pg_get_expr(d.adbin, d.adrelid) "
        "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
        "LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT a.attisdropped "
        "AND a.attnum > 0"
    ),
    (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace"
    ),
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
)


def content(url: str) -> list[str]:
    """Return everything that a database holds, schema and rows, as lines that can be compared."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        connection = sqlite3.connect(address.database or "")
        try:
            return sorted(map(_in_order, connection.iterdump()))
        finally:
            connection.close()
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as reader:
        tables = reader.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        rows = [f"SELECT '{name}', t::text FROM \"{name}\" t" for name in tables]
        return sorted(str(row) for one in (*POSTGRES, *rows) for row in reader.execute(text(one)))


def _in_order(statement: str) -> str:
    """Sort the parts of a table: a rebuilt one has its constraints in any order."""
    if not statement.startswith("CREATE TABLE"):
        return statement
    return "\n".join(sorted(part.strip(" \t,()") for part in statement.splitlines()))
