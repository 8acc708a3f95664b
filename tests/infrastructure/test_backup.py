"""What a backup holds is all there is, and only a whole one comes back."""

import gzip
import hashlib
import io
import itertools
import json
import sqlite3
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text

from kursliste.domain.events import JournalEvent
from kursliste.infrastructure import clock, migrating
from kursliste.infrastructure.backup import LEFT_OUT, BackupError, back_up
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.restoring import checked, restore
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import District, JournalEntry, OutgoingMail
from kursliste.models.base import Base
from tests import postgres
from tests.builders import a_district, a_provider
from tests.publishing.scene import FULL_ROW, a_scene

KEPT = [
    table
    for table in Base.metadata.sorted_tables
    if table.name not in LEFT_OUT and not table.info.get("derived")
]


def everything(url: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables that a backup keeps."""
    database = Database(url)
    try:
        with database.session(readonly=True) as session:
            return {
                table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
                for table in KEPT
            }
    finally:
        database.dispose()


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    return Shelf(tmp_path / "exports")


@pytest.fixture
def published(session, shelf):
    """Two editions with every kind of value in them, and a mail that waits."""
    scene = a_scene(session, shelf)
    scene.course(**FULL_ROW)
    scene.publish()
    edition = scene.publish(seen=1, reason="Ort berichtigt")
    with transaction(session):
        session.execute(text("UPDATE provider SET town = 'Zittau – „Süd“ ż'"))
    return edition


@pytest.fixture
def other_url(engine_name, tmp_path, request):
    """An empty database of the other engine where there is one: PostgreSQL goes to SQLite."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path}/new/kursliste.db"
        return
    server = request.getfixturevalue("postgres_server")
    with postgres.new_database(server, "kursliste_restored") as url:
        yield url.render_as_string(hide_password=False)


def files_of(shelf: Shelf) -> dict[str, bytes]:
    return {stored.name: shelf.read(stored.name) for stored in shelf.names()}


def test_what_was_saved_comes_back_on_either_engine(
    published, database_url, other_url, shelf, tmp_path
):
    archive, between = tmp_path / "a.tar.gz", tmp_path / "b.tar.gz"
    content = back_up(database_url, shelf, archive)
    sqlite_url, new_shelf = f"sqlite:///{tmp_path}/copy.db", Shelf(tmp_path / "new-exports")
    restore(archive, sqlite_url, new_shelf)
    back_up(sqlite_url, new_shelf, between)
    again = restore(between, other_url, Shelf(tmp_path / "third"))

    before = everything(database_url)
    assert everything(sqlite_url) == before
    assert everything(other_url) == before
    assert files_of(new_shelf) == files_of(shelf) == files_of(Shelf(tmp_path / "third"))
    assert len(content.files) == len(files_of(shelf))
    assert (again.tables, again.files) == (content.tables, content.files)
    assert archive.stat().st_mode & 0o777 == 0o600


def test_new_rows_get_keys_above_the_old_ones(published, database_url, other_url, shelf, tmp_path):
    back_up(database_url, shelf, tmp_path / "a.tar.gz")
    restore(tmp_path / "a.tar.gz", other_url, Shelf(tmp_path / "new"))
    database = Database(other_url)
    with database.session() as session, transaction(session):
        district = a_district(session, "weimar")
        a_provider(session, district)
        keys = set(session.scalars(select(District.id)))
    database.dispose()
    assert len(keys) == 2


def test_who_is_signed_in_is_not_saved(session, database_url, shelf, tmp_path):
    content = back_up(database_url, shelf, tmp_path / "a.tar.gz")
    assert LEFT_OUT.isdisjoint(content.tables)
    assert set(content.tables) == {table.name for table in KEPT}


def pair(number: int) -> tuple[OutgoingMail, JournalEntry]:
    """A mail and the entry about it, which no copy may have one without the other."""
    now, name = clock.now(), str(number)
    return (
        OutgoingMail(to_address="a@b.example", subject=name, body="", queued_at=now, due_at=now),
        JournalEntry(at=now, event=JournalEvent.CODES_LOADED, subject_table=LOAD, subject_id=name),
    )


LOAD = "load"


@contextmanager
def busy(database: Database) -> Iterator[None]:
    """Two writers who never rest."""
    done = threading.Event()

    def work() -> None:
        for number in itertools.count():
            if done.is_set():
                return
            with database.session() as own, transaction(own):
                own.add_all(pair(number))

    writers = [threading.Thread(target=work) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        yield
    finally:
        done.set()
        for writer in writers:
            writer.join()


def counted(url: str) -> tuple[int, int]:
    rows = everything(url)
    entries = [row for row in rows["journal_entry"] if LOAD in row]
    return len(rows["outgoing_mail"]), len(entries)


@pytest.mark.parametrize(
    "rounds", [3, pytest.param(100, marks=[pytest.mark.nightly, pytest.mark.timeout(1800)])]
)
def test_a_backup_under_load_is_one_moment(database, database_url, shelf, tmp_path, rounds):
    with busy(database):
        for number in range(rounds):
            back_up(database_url, shelf, tmp_path / f"{number}.tar.gz")
    grown = []
    for number in range(rounds):
        url = f"sqlite:///{tmp_path}/{number}.db"
        restore(tmp_path / f"{number}.tar.gz", url, shelf)
        mails, entries = counted(url)
        assert mails == entries
        grown.append(mails)
    assert sorted(grown) == grown
    assert grown[-1] > 0


# ---- what does not work is said, and nothing was done


def refused(call, *arguments) -> str:
    with pytest.raises(BackupError) as told:
        call(*arguments)
    return str(told.value)


def test_a_file_in_the_way_is_left_alone(session, database_url, shelf, tmp_path):
    target = tmp_path / "a.tar.gz"
    target.write_text("older")
    assert "gibt es schon" in refused(back_up, database_url, shelf, target)
    assert target.read_text() == "older"


def test_a_folder_that_is_not_there(session, database_url, shelf, tmp_path):
    told = refused(back_up, database_url, shelf, tmp_path / "no" / "a.tar.gz")
    assert told.endswith("lässt sich nicht schreiben: No such file or directory.")


@pytest.mark.parametrize(("content", "words"), [(None, "fehlt"), (b"other", "andere Bytes")])
def test_a_damaged_shelf_is_not_saved(published, database_url, shelf, tmp_path, content, words):
    name = f"{published.folder}/{published.files[0].name}"
    shelf.delete(name)
    if content:
        shelf.put(name, content)
    told = refused(back_up, database_url, shelf, tmp_path / "a.tar.gz")
    assert name in told
    assert words in told
    assert [path.name for path in tmp_path.iterdir()] == ["exports"]


@pytest.mark.parametrize(
    "broken", [pytest.param("page", marks=pytest.mark.logs_errors), "reference"]
)
def test_a_damaged_database_is_not_saved(tmp_path, shelf, broken):
    """A hundred bytes of page 5 are overwritten, or a list belongs to no district."""
    url, path = f"sqlite:///{tmp_path}/k.db", tmp_path / "k.db"
    migrating.upgrade(url)
    if broken == "page":
        with path.open("r+b") as file:
            file.seek(5 * 4096)
            file.write(b"\xff" * 100)
    else:
        connection = sqlite3.connect(path)
        connection.execute("INSERT INTO provider_district VALUES (1, 1)")
        connection.commit()
        connection.close()
    assert "Die Datenbank ist beschädigt" in refused(back_up, url, shelf, tmp_path / "a.tar.gz")
    assert not (tmp_path / "a.tar.gz").exists()


def rewritten(source: Path, target: Path, change) -> Path:
    """A copy of an archive whose members went through ``change(name, bytes) -> bytes or None``."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            stream = old.extractfile(member)
            assert stream is not None
            content = change(member.name, stream.read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


def without_file(name, content):
    return None if name.startswith("shelf/") else content


def with_other_rows(name, content):
    return content.replace(b"Zittau", b"Zettau") if name == "rows/provider.jsonl" else content


def of_another_program(name, content):
    return (
        content.replace(b"kursliste.backup/1", b"other/9") if name == "manifest.json" else content
    )


def without_manifest(name, content):
    return None if name == "manifest.json" else content


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without_file, "beschädigt oder fehlt"),
        (with_other_rows, "ist rows/provider.jsonl beschädigt"),
        (of_another_program, "keine vollständige Sicherung"),
        (without_manifest, "keine vollständige Sicherung"),
    ],
)
def test_a_changed_archive_is_refused_whole(
    published, database_url, shelf, tmp_path, change, words
):
    back_up(database_url, shelf, tmp_path / "a.tar.gz")
    bad = rewritten(tmp_path / "a.tar.gz", tmp_path / "b.tar.gz", change)
    assert words in refused(restore, bad, f"sqlite:///{tmp_path}/n.db", Shelf(tmp_path / "n"))
    assert not (tmp_path / "n.db").exists()


@pytest.mark.parametrize("share", [0.0, 0.5, 0.98])
def test_half_an_archive_is_refused(published, database_url, shelf, tmp_path, share):
    whole = tmp_path / "a.tar.gz"
    back_up(database_url, shelf, whole)
    half = tmp_path / "half.tar.gz"
    half.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
    assert "keine vollständige Sicherung" in refused(checked, half)


def test_something_else_is_refused(tmp_path):
    other = tmp_path / "x.gz"
    other.write_bytes(gzip.compress(b"hello"))
    assert "keine vollständige Sicherung" in refused(checked, other)


def test_a_database_in_use_is_left_alone(published, database_url, shelf, tmp_path):
    back_up(database_url, shelf, tmp_path / "a.tar.gz")
    before = everything(database_url)
    told = refused(restore, tmp_path / "a.tar.gz", database_url, shelf)
    assert "Die Datenbank ist nicht leer" in told
    assert everything(database_url) == before


def stamped(revision: str, source: Path, target: Path) -> Path:
    """A copy of an archive that says it is of another revision."""

    def change(name, content):
        if name != "manifest.json":
            return content
        return json.dumps(json.loads(content) | {"revision": revision}).encode()

    return rewritten(source, target, change)


def test_a_newer_archive_is_refused(session, database_url, shelf, tmp_path):
    back_up(database_url, shelf, tmp_path / "a.tar.gz")
    newer = stamped("9999", tmp_path / "a.tar.gz", tmp_path / "b.tar.gz")
    told = refused(restore, newer, f"sqlite:///{tmp_path}/n.db", shelf)
    assert "neuer als dieses Programm (Stand 9999)" in told


def test_an_installed_but_empty_database_may_be_filled(published, database_url, shelf, tmp_path):
    back_up(database_url, shelf, tmp_path / "a.tar.gz")
    url = f"sqlite:///{tmp_path}/n.db"
    migrating.upgrade(url, migrating.scripts()[1].revision)  # of the version before
    restore(tmp_path / "a.tar.gz", url, Shelf(tmp_path / "n"))
    assert everything(url) == everything(database_url)


@pytest.mark.parametrize(
    "line",
    [b"{", b'["x"]', b"[]", b'{"table":"district","columns":{}}', b'{"table":"x"}', b"7"],
)
def test_a_row_that_fits_no_table_leaves_the_database_empty(
    session, database_url, shelf, tmp_path, line
):
    """An archive of whole hashes whose rows are nonsense: somebody made it so."""
    with transaction(session):
        a_district(session)
    back_up(database_url, shelf, tmp_path / "a.tar.gz")
    rows = {}

    def change(name, content):
        if name == "rows/district.jsonl":
            head = b"" if line.startswith(b'{"table') or line == b"7" else content.splitlines()[0]
            rows[name] = content = b"\n".join(filter(None, (head, line))) + b"\n"
        if name == "manifest.json":
            told = json.loads(content)
            told["tables"]["district"]["sha256"] = hashlib.sha256(
                rows["rows/district.jsonl"]
            ).hexdigest()
            content = json.dumps(told).encode()
        return content

    bad = rewritten(tmp_path / "a.tar.gz", tmp_path / "b.tar.gz", change)
    url = f"sqlite:///{tmp_path}/n.db"
    assert "district, Zeile" in refused(restore, bad, url, shelf)
    assert everything(url)["district"] == []
