"""One engine per application, one session per request, one ``commit`` in the code base."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from kursliste.infrastructure import any_case
from kursliste.infrastructure.writers import WriterQueue

BUSY_TIMEOUT_MS: Final = 15_000
MIGRATION_LOCK_TIMEOUT_MS: Final = 4_000


class UnsafeDatabaseError(Exception):
    """The database did not take a setting without which written data may be lost."""


class Database:
    """The engine of one database and its sessions; safe to share between threads.

    SQLite: one writer at a time (``BEGIN IMMEDIATE``), so that two people who save at once wait
    for each other instead of losing one another's words. PostgreSQL: bounded waiting.
    ``source`` is its URL, or an engine that :func:`make_engine` made.
    """

    def __init__(self, source: str | Engine) -> None:
        self.engine: Engine = make_engine(source) if isinstance(source, str) else source
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._readers = sessionmaker(
            self.engine.execution_options(sqlite_begin="DEFERRED"), expire_on_commit=False
        )

    def session(self, *, readonly: bool = False) -> Session:
        """A new session; ``readonly`` ones (GET requests) do not queue up behind writers."""
        return self._readers() if readonly else self._sessions()

    def dispose(self) -> None:
        """Close all idle connections."""
        self.engine.dispose()


@contextmanager
def transaction(session: Session) -> Iterator[Session]:
    """All of the block or nothing of it. The only ``commit`` and ``rollback`` in the code base."""
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def make_engine(url: str | URL, *, for_migration: bool = False) -> Engine:
    """An engine with the safe settings of its kind.

    ``for_migration`` switches off what stands in the way of rebuilding tables: foreign keys on
    SQLite (a pragma that counts only before BEGIN), the time limit of a statement on PostgreSQL.
    """
    url = make_url(url)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, for_migration=for_migration)
    statement_timeout = 0 if for_migration else 5_000
    return create_engine(
        url,
        hide_parameters=True,  # errors are logged, and parameters are people's data
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args={
            "connect_timeout": 5,
            "application_name": "kursliste",
            "options": f"-c statement_timeout={statement_timeout} "
            f"-c lock_timeout={MIGRATION_LOCK_TIMEOUT_MS} "
            "-c idle_in_transaction_session_timeout=30000 -c timezone=UTC",
        },
    )


def safe_journal(version: tuple[int, int, int]) -> tuple[str, str]:
    """``journal_mode`` and ``synchronous`` for a linked SQLite of this version.

    Versions with the WAL-reset bug may corrupt a database in WAL mode; they get the rollback
    journal. Fixed in 3.51.3, 3.50.7 and 3.44.6; 3.52.0 was withdrawn.
    """
    fixed = (
        (version >= (3, 51, 3) and version[:2] != (3, 52))
        or (3, 50, 7) <= version < (3, 51)
        or (3, 44, 6) <= version < (3, 45)
    )
    return ("wal", "FULL") if fixed else ("delete", "EXTRA")


class QueuedConnection(sqlite3.Connection):
    """A connection that keeps its turn from ``await_turn`` to the end of the transaction."""

    def __init__(self, *arguments: Any, queue: WriterQueue, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._queue = queue
        self._has_turn = False

    def await_turn(self) -> None:
        """Wait before ``BEGIN IMMEDIATE``.

        Whoever waited too long goes on all the same: SQLite itself then says that it is locked.
        """
        if not self._has_turn:
            self._has_turn = self._queue.enter()

    def commit(self) -> None:
        super().commit()  # one that fails leaves the transaction open; a rollback follows
        self._hand_on()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._hand_on()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._hand_on()

    def _hand_on(self) -> None:
        if self._has_turn:
            self._has_turn = False
            self._queue.leave()


def _sqlite_engine(url: URL, *, for_migration: bool) -> Engine:
    foreign_keys = "OFF" if for_migration else "ON"
    patience_s = BUSY_TIMEOUT_MS / 1000
    factory = partial(QueuedConnection, queue=WriterQueue(patience_s))
    engine = create_engine(
        url,
        hide_parameters=True,  # errors are logged, and parameters are people's data
        connect_args={"timeout": patience_s, "factory": factory},
    )
    path = Path(url.database or "")

    @event.listens_for(engine, "do_connect")
    def _prepare_file(*_: Any) -> None:
        _create_privately(path)

    @event.listens_for(engine, "connect")
    def _configure(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late to be safe
        connection.create_function(any_case.NAME, 1, any_case.small, deterministic=True)
        _apply_pragmas(connection, foreign_keys)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        kind = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
        driver = connection.connection.driver_connection
        if kind == "IMMEDIATE" and isinstance(driver, QueuedConnection):
            driver.await_turn()
        connection.exec_driver_sql(f"BEGIN {kind}")

    return engine


def _apply_pragmas(connection: DBAPIConnection, foreign_keys: str) -> None:
    journal, synchronous = safe_journal(sqlite3.sqlite_version_info)
    cursor = connection.cursor()
    try:
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            f"foreign_keys={foreign_keys}",
            "secure_delete=ON",
            "trusted_schema=OFF",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.execute(f"PRAGMA journal_mode={journal}")
        row = cursor.fetchone()
        if row is None or row[0] != journal:
            raise UnsafeDatabaseError(
                f"SQLite kept journal_mode={row and row[0]}, but {journal} is needed "
                f"with version {sqlite3.sqlite_version}"
            )
        cursor.execute(f"PRAGMA synchronous={synchronous}")
    finally:
        cursor.close()


def _create_privately(path: Path) -> None:
    """Make an absent database file readable by its owner only.

    A file that exists is never opened here: closing it again would drop the locks that SQLite
    holds on it for the whole process.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return  # another process was faster
