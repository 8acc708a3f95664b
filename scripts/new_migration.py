"""Write the next numbered migration: the difference between the newest revision and the models.

Usage: ``make migration m="what changes"``. Read the result: Alembic does not see changed CHECKs.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from kursliste.infrastructure import migrating
from kursliste.infrastructure.database import make_engine


def write_next(message: str) -> Path:
    """Write the migration and return its path; the comparison uses a database of its own."""
    number = f"{len(migrating.scripts()) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder).as_posix()}/compare.db"
        migrating.upgrade(url)
        engine = make_engine(url, for_migration=True)
        with engine.connect() as connection:
            written = command.revision(
                migrating.configuration(connection), message, autogenerate=True, rev_id=number
            )
        engine.dispose()
    if written is None or isinstance(written, list):
        raise RuntimeError("Alembic wrote no single revision")
    return Path(written.path)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip():  # noqa: PLR2004 -- the program and its message
        sys.exit('usage: make migration m="what changes"')
    print(write_next(sys.argv[1].strip()))
