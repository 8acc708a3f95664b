"""What was deleted is in no dump any more, and on SQLite in no byte of the file (G25)."""

import tarfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from kursliste.domain.retention import Kind, keepings
from kursliste.infrastructure import clock
from kursliste.infrastructure.backup import back_up
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.retention import walk
from kursliste.infrastructure.shelf import Shelf
from tests.infrastructure.test_retention import Scene

LONG = timedelta(days=40 * 366)
CANARY = "kanarienvogel"
WHERE = {
    Kind.SESSION: "device",
    Kind.SIGN_IN_LINK: "token_hash",
    Kind.DEVICE: "device",
    Kind.UNPROVED_APP: "sealed_secret",
    Kind.TRY: "key",
    Kind.MAIL: "body",
    Kind.SETTLED_HINT: "comment",
    Kind.UNSETTLED_HINT: "comment",
    Kind.NOTE: "text",
    Kind.UNCONFIRMED_ORDER: "email",
    Kind.LEFT_READER: "key_hash",
    Kind.DROPPED_UPLOAD: "file_name",
    Kind.UPLOAD: "file_name",
    Kind.JOURNAL: "actor_name",
}
"""A column of each kind that takes a text."""


NOT_BACKED_UP = {Kind.SESSION, Kind.SIGN_IN_LINK, Kind.DEVICE, Kind.TRY}
"""A restored database signs nobody in."""


def sung(kind):
    return f"{CANARY}-{kind.replace('_', '-')}"


@pytest.fixture
def canaries(session, frozen_clock):
    """One row of each kind that was kept long enough, with a word that stands nowhere else."""
    scene = Scene(session)
    for kind in Kind:
        scene.add(kind, clock.now() - LONG, **{WHERE[kind]: sung(kind)})
    with transaction(session):
        pass


def in_dump(database_url, folder):
    """The kinds whose word stands in a backup."""
    folder.mkdir()
    back_up(database_url, Shelf(folder / "shelf"), folder / "backup.tar.gz")
    with tarfile.open(folder / "backup.tar.gz") as archive:
        parts = [archive.extractfile(one) for one in archive.getmembers() if one.isfile()]
        content = b"".join(part.read() for part in parts if part)
    return {kind for kind in Kind if sung(kind).encode() in content}


def in_raw_files(database_url):
    """The kinds whose word stands in a file of SQLite, its journal included."""
    path = Path(make_url(database_url).database or "")
    content = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
    return {kind for kind in Kind if sung(kind).encode() in content}


@pytest.mark.asvs("14.2.7")
def test_what_went_is_in_no_dump(database, database_url, canaries, tmp_path):
    assert in_dump(database_url, tmp_path / "before") == set(Kind) - NOT_BACKED_UP
    walked = walk(database, keepings())
    assert walked.removed == dict.fromkeys(Kind, 1)
    assert in_dump(database_url, tmp_path / "after") == set()


@pytest.mark.asvs("14.2.7")
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_what_went_is_in_no_byte_of_the_file(database, database_url, canaries):
    assert in_raw_files(database_url) == set(Kind)
    walk(database, keepings())
    database.dispose()  # where SQLite writes ahead, its log is emptied with the last connection
    assert in_raw_files(database_url) == set()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_without_overwriting_bytes_would_stay(database, database_url, canaries):
    """The control of the test above: it sees what SQLite leaves by itself."""
    with database.engine.connect() as connection:
        connection.execute(text("PRAGMA secure_delete=OFF"))
        connection.execute(text(f"DELETE FROM course_note WHERE text = '{sung(Kind.NOTE)}'"))
        connection.commit()
    assert Kind.NOTE in in_raw_files(database_url)
