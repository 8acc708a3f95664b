"""The program starts on a database and a disk that it can work with, and else says why not.

A database of another version, one that is no database, one that nobody may write to (SECURITY.md,
X8 and X32).
"""

import logging
import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from kursliste import app, cli
from kursliste.infrastructure import database as databases
from kursliste.infrastructure import migrating
from kursliste.infrastructure.database import make_engine
from kursliste.infrastructure.migrating import MigrationError
from tests.disks import HAS_DISKS, remount, small_disk
from tests.faults.test_databases import held

PORT = "48731"
STARTS = (("serve", "--port", PORT), ("run", "--no-demo", "--port", PORT), ("tick",))


@pytest.fixture
def variables(database_url, tmp_path, monkeypatch):
    """An installation as its environment tells it."""
    monkeypatch.chdir(tmp_path)
    told = {
        "KURSLISTE_DATABASE_URL": database_url,
        "KURSLISTE_SECRET_KEY": "only-for-tests-0123456789-0123456789",
        "KURSLISTE_MAIL": "file:mail",
        "KURSLISTE_SHELF": str(tmp_path / "exports"),
        "KURSLISTE_BASE_URL": "http://localhost",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def call(variables, monkeypatch):
    """Run ``kursliste`` as a person would; returns status and output."""

    def calling(*arguments):
        monkeypatch.setattr(sys, "argv", ["kursliste", *arguments])
        with CliRunner().isolation() as (out, err, _both):
            try:
                cli.main()
            except SystemExit as end:
                status = end.code or 0
            else:
                status = 0
            return status, out.getvalue().decode() + err.getvalue().decode()

    return calling


@pytest.fixture
def served(variables, monkeypatch):
    """Make the application as gunicorn, waitress and granian's workers do."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", root.handlers[:])
    monkeypatch.setattr(root, "level", root.level)
    return app.from_environment


def set_revision(url, revision):
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")
    engine.dispose()


def path_of(url):
    return Path(make_url(url).database or "")


NEWER = f"Die Datenbank ist neuer als dieses Programm (Stand 9999, bekannt bis {migrating.head()})."
OLDER = (
    f"Die Datenbank hat den Stand 0022, nötig ist {migrating.head()}: "
    "bitte „kursliste db upgrade“ ausführen."
)


@pytest.mark.parametrize(
    "arguments",
    [*STARTS, ("db", "upgrade"), ("db", "downgrade", "0022"), ("db", "check"), ("demo", "load")],
    ids=" ".join,
)
def test_nothing_works_on_a_newer_database(call, database_url, arguments):
    set_revision(database_url, "9999")
    assert call(*arguments) == (1, f"Fehlgeschlagen: {NEWER}\n")
    assert migrating.current(database_url) == "9999"


@pytest.mark.parametrize("arguments", [STARTS[0], STARTS[2], ("backup", "b.tar.gz")], ids=" ".join)
def test_nothing_works_on_an_older_database(call, database_url, arguments):
    set_revision(database_url, "0022")
    assert call(*arguments) == (1, f"Fehlgeschlagen: {OLDER}\n")


@pytest.mark.parametrize(("revision", "told"), [("9999", NEWER), ("0022", OLDER)])
def test_no_other_server_starts_on_it_either(served, database_url, revision, told):
    assert served().extensions["database"]  # the control: on its own database it starts
    set_revision(database_url, revision)
    with pytest.raises(MigrationError) as refused:
        served()
    assert str(refused.value) == told


def test_the_way_back_leads_to_no_revision_that_nobody_knows(call, database_url):
    status, told = call("db", "downgrade", "0099")
    assert (status, told) == (1, "Fehlgeschlagen: Den Stand 0099 kennt dieses Programm nicht.\n")
    assert migrating.current(database_url) == migrating.head()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("arguments", [*STARTS, ("db", "upgrade")], ids=" ".join)
def test_what_is_no_database_is_said(call, served, database_url, arguments):
    path_of(database_url).write_bytes(b"no database at all " * 1000)
    told = "Die Datenbank lässt sich nicht öffnen: file is not a database."
    assert call(*arguments) == (1, f"Fehlgeschlagen: {told}\n")
    with pytest.raises(MigrationError):
        served()


@pytest.mark.parametrize(
    "engine_name", [pytest.param("postgresql", marks=pytest.mark.pg)], indirect=True
)
def test_a_server_that_is_away_stops_commands_and_a_worker_waits_for_it(
    call, served, monkeypatch, caplog
):
    """A worker that starts while PostgreSQL is restarted answers 503 and goes on by itself."""
    monkeypatch.setenv("KURSLISTE_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    status, told = call("tick")
    assert status == 1
    assert told.startswith("Fehlgeschlagen: Die Datenbank lässt sich nicht öffnen: ")
    assert len(told.splitlines()) == 1
    root = logging.getLogger()
    started = served()
    root.addHandler(caplog.handler)
    assert started.test_client().get("/bereit").status_code == 503


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_database_that_fails_a_command_is_one_line(call, database_url, monkeypatch):
    monkeypatch.setattr(databases, "BUSY_TIMEOUT_MS", 50)
    with held(database_url, ""):
        assert call("db", "check") == (0, "Die Datenbank passt zu diesem Programm.\n")
        assert call("provider", "add", "VHS", "--district", "goerlitz") == (
            1, "Fehlgeschlagen: Die Datenbank antwortet nicht: database is locked.\n",
        )  # fmt: skip


# ---- disks that nobody may write to


@pytest.mark.skipif(not HAS_DISKS, reason="needs root and Linux for a disk of its own")
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("arguments", STARTS, ids=" ".join)
def test_nothing_starts_on_a_database_that_cannot_be_written(
    call, served, database_url, tmp_path, monkeypatch, arguments
):
    with small_disk(tmp_path / "disk") as disk:
        path = disk / "kursliste.db"
        path.write_bytes(path_of(database_url).read_bytes())
        monkeypatch.setenv("KURSLISTE_DATABASE_URL", f"sqlite:///{path}")
        served().extensions["database"].dispose()  # the control: as long as one can write it starts
        remount(disk, "ro")
        status, told = call(*arguments)
        assert status == 1
        assert told == (
            f"Fehlgeschlagen: In die Datenbank lässt sich nicht schreiben: {path}. Prüfen Sie, "
            "ob die Platte nur lesbar eingehängt ist und wem Ordner und Datei gehören.\n"
        )
        with pytest.raises(MigrationError):
            served()


@pytest.mark.skipif(not HAS_DISKS, reason="needs root and Linux for a disk of its own")
def test_nothing_is_served_with_a_shelf_that_cannot_be_written(call, served, tmp_path, monkeypatch):
    with small_disk(tmp_path / "disk") as disk:
        monkeypatch.setenv("KURSLISTE_SHELF", str(disk / "exports"))
        served()
        remount(disk, "ro")
        status, told = call("serve", "--port", PORT)
        assert status == 1
        assert told == (
            f"Fehlgeschlagen: In der Ablage lässt sich nichts schreiben: {disk / 'exports'} "
            "(Read-only file system). Prüfen Sie KURSLISTE_SHELF und wem der Ordner gehört.\n"
        )


@pytest.mark.logs_errors
@pytest.mark.skipif(not HAS_DISKS, reason="needs root and Linux for a disk of its own")
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_full_shelf_keeps_nobody_from_reading(served, tmp_path, monkeypatch):
    with small_disk(tmp_path / "disk", files=2) as disk:  # its own folder and one more
        monkeypatch.setenv("KURSLISTE_SHELF", str(disk / "exports"))
        started = served()
        assert list(disk.iterdir()) == [disk / "exports"]
        browser = started.test_client()
        assert browser.get("/").status_code == 200
        assert browser.get("/bereit").json == {"database": True, "mail": True, "shelf": False}
        started.extensions["database"].dispose()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be another user"
)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", ["file", "folder"])
def test_nothing_starts_for_another_user_than_the_owner(call, database_url, what):
    """As the user of the service, after somebody ran a command as root."""
    path = path_of(database_url)
    folder = path.parent
    folder.parent.chmod(0o755)
    folder.chmod(0o777 if what == "file" else 0o755)
    path.chmod(0o644 if what == "file" else 0o666)
    os.seteuid(65534)
    try:
        status, told = call("tick")
    finally:
        os.seteuid(0)
    assert (status, "In die Datenbank lässt sich nicht schreiben" in told) == (1, True)
