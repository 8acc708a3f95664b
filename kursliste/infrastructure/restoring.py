"""Bringing back what ``backup`` wrote: all of it into an empty database and shelf, or nothing.

The archive is read to its end before anything is written.
"""

import hashlib
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from kursliste.infrastructure import backup_rows, migrating
from kursliste.infrastructure.backup import (
    FILES,
    FORMAT,
    MANIFEST,
    BackupError,
    Content,
    connected,
    rows_of,
)
from kursliste.infrastructure.shelf import Shelf

PIECE: Final = 1024 * 1024
OF_PEOPLE: Final = ("district", "app_user")
"""Where these tables have rows, somebody works already."""


def restore(source: Path, database_url: str, shelf: Shelf) -> Content:
    """Bring an archive back into an empty database and shelf, and up to this version's state.

    The archive is read to its end and every hash compared before anything is written; then files
    come first and all rows in one transaction. Raises BackupError, MigrationError, ShelfError.
    """
    content = checked(source)
    if content.revision not in {script.revision for script in migrating.scripts()}:
        raise BackupError(
            f"Die Sicherung ist neuer als dieses Programm (Stand {content.revision}). "
            "Nehmen Sie die Fassung, mit der sie gemacht wurde, oder eine neuere."
        )
    _refuse_used(database_url)
    if migrating.current(database_url) is None:
        migrating.upgrade(database_url, content.revision)
    elif migrating.current(database_url) != content.revision:
        migrating.downgrade(database_url, "base")
        migrating.upgrade(database_url, content.revision)
    _put_files(source, shelf)
    _put_rows(source, database_url, content)
    migrating.upgrade(database_url)
    return content


def checked(source: Path) -> Content:
    """Read an archive to its end and return what it holds; raise BackupError if it is not whole."""
    try:
        found, manifest = _hashes(source)
        content = _content(json.loads(manifest))
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BackupError(
            f"{source} ist keine vollständige Sicherung von kursliste. Es wurde nichts geändert."
        ) from error
    told = {rows_of(name): table["sha256"] for name, table in content.tables.items()}
    told |= {FILES + place: file["sha256"] for place, file in content.files.items()}
    for name in sorted(told.keys() | found.keys()):
        if told.get(name) != found.get(name):
            raise BackupError(
                f"In {source} ist {name} beschädigt oder fehlt. Es wurde nichts geändert."
            )
    return content


def _hashes(source: Path) -> tuple[dict[str, str], bytes]:
    found, manifest = {}, b""
    with tarfile.open(source, mode="r:gz") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is None:
                raise ValueError(member.name)
            if member.name == MANIFEST:
                manifest = stream.read()
                continue
            digest = hashlib.sha256()
            while piece := stream.read(PIECE):
                digest.update(piece)
            found[member.name] = digest.hexdigest()
    return found, manifest


def _content(told: Mapping[str, Any]) -> Content:
    if told["format"] != FORMAT:
        raise ValueError(told["format"])
    return Content(
        revision=told["revision"],
        created_at=told["created_at"],
        tables=dict(told["tables"]),
        files=dict(told["files"]),
    )


def _refuse_used(database_url: str) -> None:
    if migrating.current(database_url) is None:
        return
    with connected(database_url) as connection:
        tables = backup_rows.reflected(connection, OF_PEOPLE)
        used = any(connection.execute(select(t).limit(1)).first() for t in tables.values())
    if used:
        raise BackupError(
            "Die Datenbank ist nicht leer. Wiederhergestellt wird nur in eine leere Datenbank: "
            "Legen Sie eine neue an und nennen Sie sie in KURSLISTE_DATABASE_URL."
        )


def _put_files(source: Path, shelf: Shelf) -> None:
    with tarfile.open(source, mode="r:gz") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None and member.name.startswith(FILES):
                shelf.put(member.name.removeprefix(FILES), stream.read())


def _put_rows(source: Path, database_url: str, content: Content) -> None:
    """Put all rows back in one transaction, and hand out keys above them from then on."""
    try:
        with connected(database_url) as connection, tarfile.open(source, mode="r:gz") as archive:
            tables = backup_rows.reflected(connection, list(content.tables))
            for table in reversed(tables.values()):
                connection.execute(table.delete())
            for name, table in tables.items():
                lines = archive.extractfile(rows_of(name))
                backup_rows.take_back(connection, table, lines or ())
            backup_rows.go_on_counting(connection, tables.values())
            if connection.dialect.name == "sqlite":
                migrating.refuse_broken_references(connection)
    except backup_rows.UnreadableRowsError as error:
        raise BackupError(
            f"Die Sicherung enthält eine Zeile, die nicht zu ihrer Tabelle passt ({error}). "
            "Die Datenbank ist leer geblieben."
        ) from error
