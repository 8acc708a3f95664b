"""The drill: a backup while people work, brought back on an empty machine (X26, G19).

Everything is done by the command line, as docs/operations.md tells it, and looked at from outside.
"""

import hashlib
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select, text

from benchmarks.clients import Kept, Tally, kept, work
from benchmarks.scene import Country, build
from benchmarks.submitting import serving
from kursliste import cli
from kursliste.infrastructure import backup_rows
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Edition, EditionFile
from kursliste.models.base import Base
from kursliste.settings import child_environment
from tests import postgres
from tests.infrastructure.test_backup import busy, counted
from tests.publishing.scene import FULL_ROW, a_scene

ROOT = Path(__file__).resolve().parents[2]
LONGEST_S = 300
"""Seconds from the backup to a green doctor (SECURITY.md, G19)."""

QUIET = ("Platz", "PostgreSQL", "Mailserver", "Uhr", "Löschfristen")
"""How full this machine is and what the role of the tests may is not what a drill is about; and
what is kept for too long is deleted by the first tick, which comes after it."""


@pytest.fixture
def empty_machine(engine_name, tmp_path, request):
    """Variables of a machine on which nothing is but the program."""
    folder = tmp_path / "new"
    if engine_name == "sqlite":
        yield f"sqlite:///{folder}/kursliste.db", folder / "exports"
        return
    server = request.getfixturevalue("postgres_server")
    with postgres.new_database(server, "kursliste_drill") as url:
        yield url.render_as_string(hide_password=False), folder / "exports"


def variables(url, shelf):
    return {
        "KURSLISTE_DATABASE_URL": url,
        "KURSLISTE_SHELF": str(shelf),
        "KURSLISTE_SECRET_KEY": "a mixed key of many signs 0123456789",
        "KURSLISTE_BASE_URL": "https://kurse.example.org",
        "KURSLISTE_MAIL": f"file:{shelf.parent}/mail",
    }


def kursliste(url, shelf, *arguments):
    """Run a command as an operator would; returns status and output."""
    environment = child_environment(**variables(url, shelf))
    command = [sys.executable, "-m", "kursliste", *map(str, arguments)]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def unwell(told):
    """What the doctor did not find well, of what a restore answers for."""
    return [
        one
        for one in json.loads(told)
        if one["health"] != "ok" and not one["check"].startswith(QUIET)
    ]


def wrong_files(url, shelf):
    """Return the published files that are not there to the byte; read without the program."""
    database = Database(url)
    with database.session(readonly=True) as session:
        query = select(Edition, EditionFile).join(EditionFile.edition)
        files = [(f"{e.folder}/{f.name}", f.sha256) for e, f in session.execute(query)]
    database.dispose()
    assert files
    return [
        name
        for name, sha256 in files
        if not (shelf / name).is_file()
        or hashlib.sha256((shelf / name).read_bytes()).hexdigest() != sha256
    ]


def bring_back(archive, url, shelf):
    """Restore on the empty machine, and look at it."""
    status, told = kursliste(url, shelf, "restore", archive)
    assert (status, "alle in Ordnung" in told) == (0, True), told
    _status, told = kursliste(url, shelf, "doctor", "--json")
    assert [one for one in unwell(told) if one["check"] != "Postausgang"] == []
    assert wrong_files(url, shelf) == []


def publish(session, shelf):
    """Two editions of a district that the crowd does not work in."""
    scene = a_scene(session, Shelf(shelf))
    scene.course(**FULL_ROW)
    scene.publish()
    scene.publish(seen=1, reason="Ort berichtigt")
    with transaction(session):
        pass


@pytest.fixture
def in_process(monkeypatch):
    """The same without a process for each command, which takes most of the time."""

    def call(url, shelf, *arguments):
        for name, value in variables(url, shelf).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["kursliste", *map(str, arguments)])
        with CliRunner().isolation() as (out, err, _both):
            try:
                cli.main()
            except SystemExit as end:
                status = end.code or 0
            else:
                status = 0
            return status, out.getvalue().decode() + err.getvalue().decode()

    return call


@pytest.mark.slow
def test_a_backup_comes_back_by_one_command(
    session, database, database_url, empty_machine, tmp_path, in_process, frozen_clock
):
    frozen_clock.move_to(datetime.fromtimestamp(time.time(), UTC))
    shelf, archive = tmp_path / "exports", tmp_path / "kursliste.tar.gz"
    publish(session, shelf)
    session.close()
    url, new_shelf = empty_machine

    with busy(database):
        status, told = in_process(database_url, shelf, "backup", archive)
    assert status == 0, told
    status, told = in_process(url, new_shelf, "restore", archive)
    assert (status, "alle in Ordnung" in told) == (0, True), told

    mails, entries = counted(url)
    assert mails == entries > 0
    assert wrong_files(url, new_shelf) == []
    status, told = in_process(url, new_shelf, "doctor", "--json")
    assert unwell(told) == []

    # The drill can fail: one byte of one file.
    file = next(path for path in new_shelf.rglob("*.csv"))
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert wrong_files(url, new_shelf) == [file.relative_to(new_shelf).as_posix()]
    status, told = in_process(url, new_shelf, "doctor", "--json")
    assert (status, [one["check"] for one in unwell(told)]) == (1, ["Veröffentlichte Dateien"])


COUNTRY = Country(districts=8, houses=40, people=16)
EARLY, LATE = range(1, 9), range(9, 17)


def settle(database):
    """Build the country, and leave keys and addresses to those who come later."""
    build(database, COUNTRY)
    with database.engine.begin() as connection:
        backup_rows.go_on_counting(connection, Base.metadata.sorted_tables)
        connection.execute(text("UPDATE app_user SET email = 'land-' || email"))


def counts(url):
    database = Database(url)
    try:
        with database.session(readonly=True) as session:
            return kept(session, COUNTRY)
    finally:
        database.dispose()


def torn(before, now):
    """Return what in a database does not fit together; ``before`` is how it was at rest."""
    done = Tally(
        begun=now.begun - before.begun,
        saved=now.saved - before.saved,
        submitted=now.submitted - before.submitted,
        taken_back=now.taken_back - before.taken_back,
    )
    grown = Kept(**{name: value - vars(before)[name] for name, value in vars(now).items()})
    return grown.disagreements(done)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
def test_the_whole_drill(session, database, database_url, empty_machine, tmp_path, frozen_clock):
    """Providers submit to a real server all the while: what was told before is in the backup."""
    frozen_clock.move_to(datetime.fromtimestamp(time.time(), UTC))
    shelf, archive = tmp_path / "exports", tmp_path / "kursliste.tar.gz"
    settle(database)
    publish(session, shelf)
    session.close()
    url, new_shelf = empty_machine
    before = counts(database_url)
    with serving(database_url) as port, ThreadPoolExecutor(1) as other:
        early = work(port, COUNTRY, EARLY, 5)
        meanwhile = other.submit(work, port, COUNTRY, LATE, 20)
        time.sleep(1)
        begun = time.monotonic()
        status, told = kursliste(database_url, shelf, "backup", archive)
        assert status == 0, told
        late = meanwhile.result()
    assert early.refused == late.refused == []

    bring_back(archive, url, new_shelf)
    assert time.monotonic() - begun < LONGEST_S

    found, end = counts(url), counts(database_url)
    assert torn(before, found) == []
    assert 0 < early.submitted <= found.submitted - before.submitted
    assert found.submitted < end.submitted  # it was made while they worked
    assert end.submitted - before.submitted == early.submitted + late.submitted

    # The check can fail: one mail less than there are receipts.
    restored = Database(url)
    with restored.session() as own, transaction(own):
        own.execute(
            text("DELETE FROM outgoing_mail WHERE id = (SELECT max(id) FROM outgoing_mail)")
        )
    restored.dispose()
    assert len(torn(before, counts(url))) == 1
