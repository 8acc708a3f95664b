"""One archive of everything that has to survive: the rows of the database and the published files.

It is a packed tar that any tool opens: ``rows/<table>.jsonl``, ``shelf/<place>``, and at its end
``manifest.json`` with the hash of each. Rows are taken in one moment while people work on (ADR 35);
files are those that the rows name. ``restoring`` brings it back.
"""

import hashlib
import json
import logging
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import Connection, make_url, select

from kursliste.domain.errors import KurslisteError, NotFoundError
from kursliste.infrastructure import backup_rows, clock, migrating
from kursliste.infrastructure.database import make_engine
from kursliste.infrastructure.shelf import Shelf
from kursliste.models.base import Base
from kursliste.models.edition import Edition, EditionFile

log = logging.getLogger(__name__)

FORMAT: Final = "kursliste.backup/1"
MANIFEST: Final = "manifest.json"
ROWS: Final = "rows/"
FILES: Final = "shelf/"
LEFT_OUT: Final = frozenset({"user_session", "sign_in_link", "rate_counter", "remembered_device"})
"""Who is signed in right now, and how often somebody tried, is not brought back."""


class BackupError(KurslisteError):
    """No backup was made, or none restored; the text is a German sentence for operators."""


@dataclass
class Content:
    """What an archive holds: rows by table, published files by place, and when it was made."""

    revision: str
    created_at: str
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(int(table["rows"]) for table in self.tables.values())


def back_up(database_url: str, shelf: Shelf, target: Path) -> Content:
    """Write an archive to ``target`` while others work; it is there whole or not at all.

    Raises BackupError where a published file is missing or damaged, or ``target`` exists.
    """
    if target.exists():
        raise BackupError(f"{target} gibt es schon. Nehmen Sie einen anderen Namen.")
    migrating.check(database_url)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with draft.open("w+b") as file:
            content = _write(database_url, shelf, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except OSError as error:
        raise BackupError(f"{target} lässt sich nicht schreiben: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    _keep_name(target.parent)
    return content


def _keep_name(folder: Path) -> None:
    """Let the new name survive a power cut as well."""
    if hasattr(os, "O_DIRECTORY"):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _write(database_url: str, shelf: Shelf, file: IO[bytes]) -> Content:
    content = Content(
        revision=str(migrating.current(database_url)), created_at=clock.now().isoformat()
    )
    with (
        tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive,
        _one_moment(database_url) as connection,
    ):
        for name, table in backup_rows.reflected(connection, _names()).items():
            with tempfile.TemporaryFile() as draft:
                count, sha256 = _spool(backup_rows.lines_of(connection, table), draft)
                _add(archive, rows_of(name), draft)
            content.tables[name] = {"rows": count - 1, "sha256": sha256}
        for place, size, sha256 in _published(connection):
            _add_file(archive, shelf, place, sha256)
            content.files[place] = {"size": size, "sha256": sha256}
        told = json.dumps({"format": FORMAT} | vars(content), ensure_ascii=False, indent=1)
        _add(archive, MANIFEST, BytesIO(told.encode()))
    return content


def rows_of(table: str) -> str:
    """Return the name of the member that holds the rows of a table."""
    return f"{ROWS}{table}.jsonl"


def _names() -> list[str]:
    """Tables in an order in which none names a later one; what can be made anew is left out."""
    return [
        table.name
        for table in Base.metadata.sorted_tables
        if table.name not in LEFT_OUT and not table.info.get("derived")
    ]


def _spool(lines: Iterator[bytes], draft: IO[bytes]) -> tuple[int, str]:
    digest, count = hashlib.sha256(), 0
    for count, line in enumerate(lines, start=1):  # noqa: B007 -- counted on purpose
        digest.update(line)
        draft.write(line)
    draft.seek(0)
    return count, digest.hexdigest()


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    member = tarfile.TarInfo(name)
    member.size = content.seek(0, os.SEEK_END)
    member.mode = 0o600
    member.mtime = int(clock.now().timestamp())
    content.seek(0)
    archive.addfile(member, content)


def _published(connection: Connection) -> Sequence[tuple[str, int, str]]:
    query = (
        select(
            Edition.district_slug,
            Edition.list_slug,
            Edition.month,
            Edition.number,
            EditionFile.name,
            EditionFile.size,
            EditionFile.sha256,
        )
        .join(EditionFile, EditionFile.edition_id == Edition.id)
        .order_by(EditionFile.id)
    )
    return [
        (f"{district}/{list_}/{month}/a{number}/{name}", size, sha256)
        for district, list_, month, number, name, size, sha256 in connection.execute(query)
    ]


def _add_file(archive: tarfile.TarFile, shelf: Shelf, place: str, sha256: str) -> None:
    try:
        content = shelf.read(place)
    except NotFoundError as error:
        raise BackupError(
            f"{place} fehlt in der Ablage. „kursliste verify --repair“ baut die Datei neu."
        ) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BackupError(
            f"{place} hat andere Bytes als veröffentlicht. „kursliste verify“ sagt, was los ist; "
            "wurde gerade eine Person entfernt, starten Sie die Sicherung noch einmal."
        )
    _add(archive, FILES + place, BytesIO(content))


@contextmanager
def _one_moment(database_url: str) -> Iterator[Connection]:
    """A connection that sees one state of the database, and keeps nobody from writing.

    SQLite: a copy, because a long reading would hold up the writers. PostgreSQL: a snapshot.
    """
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        with connected(database_url, isolation_level="REPEATABLE READ") as connection:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            yield connection
        return
    with tempfile.TemporaryDirectory(prefix="kursliste-") as folder:
        copy = Path(folder) / "copy.db"
        _copy_sqlite(Path(url.database or ""), copy)
        with connected(f"sqlite:///{copy}") as connection:
            yield connection


@contextmanager
def connected(database_url: str, **options: str) -> Iterator[Connection]:
    """A connection for long work, in one transaction: no limit of time, no foreign keys."""
    engine = make_engine(database_url, for_migration=True)
    try:
        with engine.execution_options(**options).begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _copy_sqlite(source: Path, copy: Path) -> None:
    """Copy a database in use; raise BackupError if the copy is not sound."""
    try:
        original = f"{source.resolve().as_uri()}?mode=ro"
        # A damaged page of a long text is copied as it is, and nothing is wrong with the copy.
        is_sound = _run_on(original, "PRAGMA quick_check") == [("ok",)]
        _run_on(original, "VACUUM INTO ?", str(copy))
        is_sound = is_sound and _run_on(copy.as_uri(), "PRAGMA integrity_check") == [("ok",)]
        is_sound = is_sound and not _run_on(copy.as_uri(), "PRAGMA foreign_key_check")
    except sqlite3.OperationalError as error:  # a full disk, a lock: nothing says it is damaged
        raise BackupError(
            f"Die Datenbank lässt sich nicht nach {copy.parent} kopieren: {error}. Dort braucht "
            "die Sicherung so viel Platz wie die Datenbank; TMPDIR nennt einen anderen Ordner."
        ) from error
    except sqlite3.DatabaseError:
        log.exception("the database cannot be copied")
        is_sound = False
    if not is_sound:
        raise BackupError(
            "Die Datenbank ist beschädigt (PRAGMA integrity_check). Es wurde nichts gesichert: "
            "Heben Sie die letzte gute Sicherung auf und stellen Sie sie wieder her."
        )


def _run_on(uri: str, statement: str, *values: str) -> list[Any]:
    connection = sqlite3.connect(uri, uri=True, timeout=60)
    try:
        return connection.execute(statement, values).fetchall()
    finally:
        connection.close()
