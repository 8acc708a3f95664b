"""Alembic without an ini file: the same from a checkout and from an installed wheel.

A run is one transaction: it arrives as a whole or the database stays as it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import DatabaseError, DBAPIError

from kursliste.infrastructure.database import make_engine
from kursliste.settings import resource_dir

Target = str | URL | Engine


class MigrationError(Exception):
    """The database cannot be used with this version; the text is a German line for operators."""


class UnreachableError(MigrationError):
    """The server of the database does not answer; in a minute it may."""


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration; ``connection`` is the one that ``migrations/env.py`` uses."""
    config = Config()
    location = str(resource_dir("migrations")).replace("%", "%%")
    config.set_main_option("script_location", location)
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def upgrade(target: Target, revision: str = "head") -> None:
    """Bring the database up to ``revision``."""
    with _one_transaction(target) as connection:
        _refuse_unknown(_revision_of(connection))
        command.upgrade(configuration(connection), revision)


def downgrade(target: Target, revision: str) -> None:
    """Take the database back to ``revision``; ``base`` empties it, data included."""
    if revision not in {"base", *_known()}:
        raise MigrationError(f"Den Stand {revision} kennt dieses Programm nicht.")
    with _one_transaction(target) as connection:
        _refuse_unknown(_revision_of(connection))
        command.downgrade(configuration(connection), revision)


def current(target: Target) -> str | None:
    """The revision that the database is at; None while it is empty."""
    with _connection(target, sqlite_begin="DEFERRED") as connection:
        return _revision_of(connection)


def _revision_of(connection: Connection) -> str | None:
    try:
        return MigrationContext.configure(connection).get_current_revision()
    except DatabaseError as error:
        raise _unusable(connection.engine, "lesen", error) from error


def head() -> str | None:
    """The newest revision that this version of the program knows."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def check(target: Target) -> None:
    """Raise ``MigrationError`` unless the database is at exactly the newest known revision."""
    found, wanted = current(target), head()
    if found == wanted:
        return
    _refuse_unknown(found)
    raise MigrationError(
        f"Die Datenbank hat den Stand {found or 'leer'}, nötig ist {wanted}: "
        "bitte „kursliste db upgrade“ ausführen."
    )


def _refuse_unknown(found: str | None) -> None:
    if found is not None and found not in _known():
        raise MigrationError(
            f"Die Datenbank ist neuer als dieses Programm (Stand {found}, bekannt bis {head()})."
        )


def _known() -> set[str]:
    return {script.revision for script in scripts()}


def scripts() -> list[Script]:
    """All revisions, newest first."""
    return list(ScriptDirectory.from_config(configuration()).walk_revisions())


@contextmanager
def _connection(target: Target, *, sqlite_begin: str = "IMMEDIATE") -> Iterator[Connection]:
    """A connection of its own, with the settings that rebuilding tables needs.

    ``sqlite_begin`` is DEFERRED for who only reads and waits for no writer.
    """
    engine = make_engine(target.url if isinstance(target, Engine) else target, for_migration=True)
    try:
        with _opened(engine.execution_options(sqlite_begin=sqlite_begin)) as connection:
            yield connection
    finally:
        engine.dispose()


def _opened(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except (DatabaseError, OSError) as error:
        raise _unusable(engine, "öffnen", error) from error


def _unusable(engine: Engine, what: str, error: Exception) -> MigrationError:
    kind = MigrationError if engine.dialect.name == "sqlite" else UnreachableError
    return kind(f"Die Datenbank lässt sich nicht {what}: {first_line(error)}.")


def first_line(error: Exception) -> str:
    """Return what a driver said in one line, without the statement that SQLAlchemy adds."""
    told = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return told.strip().partition("\n")[0].rstrip(".")


@contextmanager
def _one_transaction(target: Target) -> Iterator[Connection]:
    with _connection(target) as connection, connection.begin():
        yield connection
        if connection.dialect.name == "sqlite":
            refuse_broken_references(connection)


def refuse_broken_references(connection: Connection) -> None:
    """Foreign keys are off while tables are rebuilt, so they are checked before the commit."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({row[0] for row in broken}))
        raise MigrationError(f"Die Änderung hätte Verweise zerstört (Tabellen: {tables}).")
