"""What the engines promise: nothing acknowledged is lost, nothing waits for ever."""

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from kursliste.infrastructure import clock
from kursliste.infrastructure import database as module
from kursliste.infrastructure.database import (
    Database,
    UnsafeDatabaseError,
    safe_journal,
    transaction,
)

on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize(
    "engine_name", [pytest.param("postgresql", marks=pytest.mark.pg)], indirect=True
)


@pytest.fixture
def counter(empty_database_url):
    """A database with one number in it."""
    database = Database(empty_database_url)
    with database.session() as session, transaction(session):
        session.execute(text("CREATE TABLE counter (value INTEGER NOT NULL CHECK (value < 1000))"))
        session.execute(text("INSERT INTO counter VALUES (0)"))
    yield database
    database.dispose()


def value(database):
    with database.session(readonly=True) as session:
        return session.execute(text("SELECT value FROM counter")).scalar_one()


@pytest.mark.asvs("15.4.2")
def test_no_acknowledged_update_is_lost(counter):
    """8 threads read, add one and write 25 times each; PostgreSQL needs the row's lock for it."""
    lock = " FOR UPDATE" if counter.engine.dialect.name == "postgresql" else ""

    def add_one():
        with counter.session() as session, transaction(session):
            before = session.execute(text(f"SELECT value FROM counter{lock}")).scalar_one()
            session.execute(text("UPDATE counter SET value = :v"), {"v": before + 1})

    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(add_one) for _ in range(200)]:
            done.result()
    assert value(counter) == 200


@pytest.mark.asvs("2.3.3", "16.5.3")
@pytest.mark.con10("A13")
def test_transaction_keeps_all_or_nothing(counter):
    with counter.session() as session:
        with transaction(session):
            session.execute(text("UPDATE counter SET value = 1"))
        with pytest.raises(IntegrityError), transaction(session):
            session.execute(text("UPDATE counter SET value = 2"))
            session.execute(text("UPDATE counter SET value = 1000"))
    assert value(counter) == 1


def test_transaction_rolls_back_on_a_keyboard_interrupt_too(counter):
    with counter.session() as session:
        with pytest.raises(KeyboardInterrupt), transaction(session):
            session.execute(text("UPDATE counter SET value = 2"))
            raise KeyboardInterrupt
        assert not session.in_transaction()
    assert value(counter) == 0


def test_readers_do_not_wait_for_a_writer(counter):
    with counter.session() as writer:
        writer.execute(text("UPDATE counter SET value = 5"))
        assert value(counter) == 0
        writer.rollback()


@on_sqlite
def test_a_writer_takes_the_lock_before_it_reads(counter):
    with counter.session() as first, sqlite3.connect(_path(counter), timeout=0) as second:
        first.execute(text("SELECT value FROM counter"))
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            second.execute("BEGIN IMMEDIATE")
    second.close()


@on_sqlite
def test_a_readonly_session_takes_no_lock(counter):
    with counter.session(readonly=True) as first, sqlite3.connect(_path(counter)) as second:
        first.connection()
        second.execute("BEGIN IMMEDIATE")
        second.execute("COMMIT")
    second.close()


def _path(database):
    return database.engine.url.database


@pytest.mark.asvs("16.2.5")
def test_an_error_of_the_database_tells_no_parameters(database, session):
    """Errors are logged; what was to be stored is people's data."""
    values = {"name": "Rita Reich", "email": "rita@haus.example", "at": clock.now()}
    words = "INSERT INTO app_user (name, email, nothing) VALUES (:name, :email, :at)"
    with pytest.raises(SQLAlchemyError) as caught:
        session.execute(text(words), values)
    assert "INSERT INTO app_user" in str(caught.value)
    assert "Rita" not in str(caught.value)


@on_sqlite
def test_sqlite_pragmas(counter):
    journal, synchronous = safe_journal(sqlite3.sqlite_version_info)
    numbers = {"FULL": 2, "EXTRA": 3}
    with counter.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in (
                "busy_timeout",
                "foreign_keys",
                "secure_delete",
                "trusted_schema",
                "journal_mode",
                "synchronous",
            )
        }
    assert found == {
        "busy_timeout": 15000,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "journal_mode": journal,
        "synchronous": numbers[synchronous],
    }


@pytest.mark.parametrize(
    ("version", "journal"),
    [
        ((3, 40, 1), ("delete", "EXTRA")),
        ((3, 44, 5), ("delete", "EXTRA")),
        ((3, 44, 6), ("wal", "FULL")),
        ((3, 45, 0), ("delete", "EXTRA")),
        ((3, 50, 6), ("delete", "EXTRA")),
        ((3, 50, 7), ("wal", "FULL")),
        ((3, 51, 2), ("delete", "EXTRA")),
        ((3, 51, 3), ("wal", "FULL")),
        ((3, 52, 0), ("delete", "EXTRA")),
        ((3, 53, 0), ("wal", "FULL")),
    ],
)
def test_the_journal_follows_the_linked_version(version, journal):
    assert safe_journal(version) == journal


def test_a_database_that_keeps_another_journal_is_refused(tmp_path, monkeypatch):
    """SQLite answers a pragma that it cannot follow with the old value and without an error."""
    monkeypatch.setattr(module, "safe_journal", lambda _version: ("nosuchmode", "EXTRA"))
    database = Database(f"sqlite:///{tmp_path}/x.db")
    with pytest.raises(UnsafeDatabaseError), database.session() as session:
        session.connection()


def test_a_new_sqlite_file_is_private_and_its_folder_is_made(tmp_path):
    path = tmp_path / "var" / "deep" / "kursliste.db"
    database = Database(f"sqlite:///{path}")
    with database.session() as session:
        session.connection()
    database.dispose()
    assert stat.filemode(Path(path).stat().st_mode) == "-rw-------"


@pytest.mark.asvs("15.2.2", "15.4.3")
@pytest.mark.con10("A17")
@on_postgresql
def test_postgresql_waits_only_so_long(counter):
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "TimeZone")
    with counter.engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in names}
    assert found == {
        "statement_timeout": "5s",
        "lock_timeout": "4s",
        "idle_in_transaction_session_timeout": "30s",
        "TimeZone": "UTC",
    }
