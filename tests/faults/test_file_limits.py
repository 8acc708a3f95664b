"""No file may grow any more (a quota): what was told saved is there, the database is sound (X7)."""

import signal
import sqlite3
import sys
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import make_url, select
from sqlalchemy.exc import OperationalError

from kursliste.domain.errors import ShelfError
from kursliste.infrastructure import clock
from kursliste.infrastructure.backup import BackupError, back_up
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import OutgoingMail

if sys.platform != "win32":
    import resource

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="there are no limits"),
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),
]

_context = get_context("forkserver")
ROOM = 200_000
BIG = bytes(range(256)) * 8_000


def a_mail(number):
    now = clock.now()
    return OutgoingMail(
        to_address="a@b.example", subject=str(number), body="x" * 2000, queued_at=now, due_at=now
    )


def write(database, line):
    """Write mails until it does not go on, telling each that is saved; then one thing more."""
    with database.session() as session:
        for number in range(10_000):
            with transaction(session):
                session.add(a_mail(number))
            line.send(number)


def work(url, folder, line):
    """Do in a process of its own, whose files may not grow beyond a limit, what a server does."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as Python starts
    path = Path(make_url(url).database or "")
    limit = path.stat().st_size + ROOM
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    database, shelf = Database(url), Shelf(folder / "exports")
    try:
        write(database, line)
    except OperationalError as error:
        line.send(type(error).__name__)
    with database.session(readonly=True) as session:
        line.send(len(session.scalars(select(OutgoingMail.id)).all()))
    try:
        shelf.put("goerlitz/liste.csv", BIG)
    except ShelfError as error:
        line.send(type(error).__name__)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limit))
    try:
        back_up(url, shelf, folder / "a.tar.gz")
    except BackupError as error:
        line.send(str(error))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    line.close()


def lost(url, saved):
    """Return which mails were told to be saved and are not there, or not once."""
    database = Database(url)
    with database.session(readonly=True) as session:
        there = [int(subject) for subject in session.scalars(select(OutgoingMail.subject))]
    database.dispose()
    return [number for number in saved if there.count(number) != 1]


def test_what_was_saved_below_the_limit_is_there(database_url, tmp_path):
    ours, theirs = _context.Pipe()
    process = _context.Process(target=work, args=(database_url, tmp_path, theirs))
    process.start()
    theirs.close()
    told = []
    while True:
        try:
            told.append(ours.recv())
        except EOFError:
            break
    process.join()
    ours.close()

    stop = told.index("OperationalError")
    saved, (failed, read, shelf, backup) = told[:stop], told[stop:]
    assert (process.exitcode, failed, shelf) == (0, "OperationalError", "ShelfError")
    assert saved == list(range(len(saved)))
    assert read == len(saved) > 10
    assert lost(database_url, saved) == []
    assert "File too large" in backup or "too big" in backup or "disk I/O error" in backup
    assert "beschädigt" not in backup
    connection = sqlite3.connect(make_url(database_url).database or "")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    # With room it goes on, and the check can fail.
    database = Database(database_url)
    with database.session() as session, transaction(session):
        session.add(a_mail(len(saved)))
    database.dispose()
    assert lost(database_url, [len(saved), 10_000]) == [10_000]
