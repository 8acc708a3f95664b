"""Whether the program can work where it is about to start: asked once, before anybody is served."""

import errno
import logging
import os
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from kursliste.infrastructure import migrating
from kursliste.infrastructure.migrating import MigrationError
from kursliste.infrastructure.shelf_folder import FolderBacking
from kursliste.settings import Settings

log = logging.getLogger(__name__)

WITHOUT_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
"""A full disk stops nobody from reading, so it does not stop a start."""
EFFECTIVE: Final = os.access in os.supports_effective_ids


def refuse_unusable(settings: Settings) -> None:
    """Raise MigrationError, whose text says why, unless database and shelf can be worked with.

    The database has to be of this version, and one has to be able to write to it and to the folder
    of the shelf. A bucket is not asked: it may come later, as a server of PostgreSQL may
    (UnreachableError).
    """
    migrating.check(settings.database_url)
    check_writable(settings.database_url)
    if isinstance(settings.shelf, Path):
        _check_shelf(settings.shelf)


def check_writable(database_url: str) -> None:
    """Raise MigrationError where SQLite can only be read: the disk, or files of somebody else."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return
    path = Path(url.database or "")
    # SQLite itself would not tell: BEGIN IMMEDIATE quietly only reads where it cannot write.
    if not all(os.access(one, os.W_OK, effective_ids=EFFECTIVE) for one in (path, path.parent)):
        raise MigrationError(
            f"In die Datenbank lässt sich nicht schreiben: {path}. Prüfen Sie, ob die Platte nur "
            "lesbar eingehängt ist und wem Ordner und Datei gehören."
        )


def _check_shelf(folder: Path) -> None:
    try:
        FolderBacking(folder).try_out()
    except OSError as error:
        if error.errno in WITHOUT_ROOM:
            log.exception("the shelf is full")
            return
        raise MigrationError(
            f"In der Ablage lässt sich nichts schreiben: {folder} ({error.strerror}). Prüfen Sie "
            "KURSLISTE_SHELF und wem der Ordner gehört."
        ) from error
