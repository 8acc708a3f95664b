"""A damaged page of SQLite is found by the doctor; no backup is made of it (X27)."""

import dataclasses
import sqlite3

import pytest
from sqlalchemy import make_url

from kursliste.doctor import DAMAGED, Health, examine
from kursliste.infrastructure.backup import BackupError, back_up
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.migrating import MigrationError
from kursliste.infrastructure.shelf import Shelf
from kursliste.settings import Settings
from tests.publishing.scene import FULL_ROW, a_scene

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

PAGE = 4096
SCHEMA = 1
"""The page with the schema: without it the file is no database at all, which is said as well."""


@pytest.fixture
def sound(database_url, session, database, tmp_path):
    """A database whose every page is in use, and the settings of its installation."""
    scene = a_scene(session, Shelf(tmp_path / "exports"))
    scene.course(**FULL_ROW)
    scene.publish()
    with transaction(session):
        pass
    session.close()
    database.dispose()
    copy = tmp_path / "copy.db"
    connection = sqlite3.connect(make_url(database_url).database or "")
    connection.execute("VACUUM INTO ?", (str(copy),))
    connection.close()
    settings = Settings(
        database_url=f"sqlite:///{copy}",
        secret_key="a mixed key of many signs 0123456789",
        base_url="https://kurse.example.org",
        shelf=tmp_path / "exports",
        mail=f"file:{tmp_path}/mail",
        second_factor=True,
    )
    return settings, copy


def damaged(copy, number):
    """Overwrite the beginning of a page; return the file as it is then."""
    content = bytearray(copy.read_bytes())
    content[(number - 1) * PAGE : (number - 1) * PAGE + 100] = b"\xa5" * 100
    return bytes(content)


def failures(settings):
    found = examine(settings, backups=None, url="")
    return {one.check: one.told for one in found if one.health is Health.FAILED}


@pytest.mark.logs_errors
@pytest.mark.slow
@pytest.mark.parametrize(
    "pages",
    [(2, 5, 17, -1), pytest.param(None, marks=[pytest.mark.nightly, pytest.mark.timeout(1800)])],
    ids=["some", "all"],
)
def test_a_damaged_page_is_found_and_not_saved(sound, tmp_path, pages):
    settings, copy = sound
    shelf, last = Shelf(settings.shelf), copy.stat().st_size // PAGE
    assert failures(settings) == {}  # the control
    assert back_up(settings.database_url, shelf, tmp_path / "good.tar.gz").rows > 0

    for number in pages or range(SCHEMA + 1, last + 1):
        broken = tmp_path / "broken.db"
        broken.write_bytes(damaged(copy, number if number > 0 else last))
        unwell = dataclasses.replace(settings, database_url=f"sqlite:///{broken}")
        assert DAMAGED in failures(unwell).values(), f"page {number}"
        with pytest.raises((BackupError, MigrationError), match=r"beschädigt|nicht (lesen|öffnen)"):
            back_up(unwell.database_url, shelf, tmp_path / "bad.tar.gz")
        assert not (tmp_path / "bad.tar.gz").exists()


def test_a_file_without_its_first_page_is_said(sound, tmp_path):
    settings, copy = sound
    copy.write_bytes(damaged(copy, SCHEMA))
    found = failures(settings)
    assert found["Migrationen"] == "Die Datenbank lässt sich nicht öffnen: file is not a database."
