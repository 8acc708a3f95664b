"""A full disk under SQLite, shelf, uploads and backups: nothing that was told saved is lost.

Reading goes on, people are told to try again, nothing half is left behind, and all works again when
there is room (SECURITY.md, X6 to X8).
"""

import dataclasses
import gc
import io
import sqlite3
import tempfile
from itertools import count

import pytest
from sqlalchemy import func, select

from kursliste.domain.events import JournalEvent
from kursliste.infrastructure.backup import BackupError, back_up
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Edition, JournalEntry, ListUpload, ReportedCourse
from kursliste.publishing.verifying import verify
from tests.builders import (
    a_course,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_reporter,
    a_round,
)
from tests.disks import HAS_DISKS, PAGE, fill, remount, small_disk
from tests.intake.scenes import a_csv
from tests.intake.scenes import a_scene as a_list_to_take_over
from tests.publishing.scene import a_scene
from tests.signing_in import sign_in

pytestmark = pytest.mark.skipif(not HAS_DISKS, reason="needs root and Linux for a disk of its own")

FULL = "Gerade nicht erreichbar"
MOST = 200


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk", megabytes=12) as disk:
        yield disk


@pytest.fixture
def known_engines():
    """The engines of this test alone: its disk goes away."""
    return {}


@pytest.fixture
def database_url(disk, sqlite_template):
    """A database on the small disk."""
    path = disk / "kursliste.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def settings(settings, disk):
    """The shelf lies there as well."""
    return dataclasses.replace(settings, shelf=disk / "exports")


def is_sound(disk):
    connection = sqlite3.connect(f"{(disk / 'kursliste.db').as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()


def left_over(disk):
    """Return what nobody needs when nothing is under way: journals, drafts, temporary files."""
    named = {"kursliste.db", "filler", "exports"}
    strange = [path.name for path in disk.iterdir() if path.name not in named]
    return strange + [path.name for path in disk.rglob(".*") if path.is_file()]


@pytest.fixture
def rita(client, session):
    """A provider's person at the form of a course, and the row."""
    district = a_district(session)
    house = a_provider(session, district)
    person = a_reporter(session, house)
    report = a_report(session, a_round(session, a_list(session, district)), house, by=person)
    row = a_course(session, report, title="Kurs 0")
    sign_in(client, session, person)
    return client, row


def stored(session, row):
    """Return the title as it is in the database, and how many changes the journal tells."""
    session.expire_all()
    query = select(func.count()).where(JournalEntry.event == JournalEvent.COURSE_CHANGED)
    found = row.title, session.scalar(query)
    session.rollback()
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "rounds", [2, pytest.param(20, marks=[pytest.mark.nightly, pytest.mark.timeout(1800)])]
)
def test_who_was_told_saved_finds_it_saved(rita, session, disk, frozen_clock, rounds):
    client, row = rita
    address = f"/meldungen/{row.report_id}/kurse/{row.id}"
    titles = (f"Kurs {number} {'x' * 100}" for number in count(1))
    saved = 0
    client.get(address)
    for number in range(rounds):
        filler = fill(disk, but=(number % 5) * 8 * PAGE)
        session.expire_all()
        told = row.title
        for title in titles:
            client.get(address)
            client.submit(status=None, title=title)
            if client.response.status_code != 302:
                break
            told, saved = title, saved + 1
        assert (client.response.status_code, client.page.heading()) == (503, FULL)
        assert client.page.form_values()["title"] == [title]
        assert stored(session, row) == (told, saved)
        assert (is_sound(disk), left_over(disk)) == (True, [])

        # Reading goes on, also for who comes back after a while.
        frozen_clock.forward(minutes=6)
        form = client.page
        for page in ("/", "/kurslisten/goerlitz", "/meldungen", address):
            client.get(page)

        filler.unlink()
        client._page = form
        client.submit(title=title)
        saved += 1
        assert stored(session, row) == (title, saved)
    assert saved > rounds


@pytest.mark.logs_errors
def test_a_read_only_disk_is_read_on(rita, session, database, disk):
    client, row = rita
    address, key = f"/meldungen/{row.report_id}/kurse/{row.id}", row.id
    client.get(address)
    session.close()
    database.dispose()  # a disk is not taken away under open files, so nobody has one open
    remount(disk, "ro")
    try:
        client.get(address)
        client.submit(status=503, title="Nur lesbar")
        heading = client.page.heading()
        for page in ("/", "/kurslisten/goerlitz", "/meldungen", address):
            client.get(page)
        client.get("/bereit", 503)
    finally:
        session.close()
        database.dispose()
        remount(disk, "rw")
    assert heading == FULL
    client.get(address)
    client.submit(title="Wieder beschreibbar")
    assert session.get_one(ReportedCourse, key).title == "Wieder beschreibbar"


@pytest.mark.logs_errors
def test_an_edition_is_published_whole_or_not_at_all(client, session, settings, disk):
    scene = a_scene(session, Shelf(settings.shelf))
    for number in range(30):
        scene.course(title=f"Sprachkurs {number}")
    sign_in(client, session, scene.coordinator)
    page = "/veroeffentlichung/goerlitz/2026-12"
    client.get(page)
    filler = fill(disk, but=15 * PAGE)

    client.post(page, {"seen_number": "0"}, None)

    assert client.response.status_code in {422, 503}
    assert session.scalar(select(func.count(Edition.id))) == 0
    session.rollback()
    assert is_sound(disk)
    assert left_over(disk) == []
    client.get("/kurslisten/goerlitz")
    filler.unlink()
    client.get(page)
    client.post(page, {"seen_number": "0"})
    result = verify(session, scene.shelf, repair=False)
    assert (result.checked > 4, result.broken, result.altered) == (True, [], [])


BOUNDARY = "x0x"


def sent(client, status=None):
    """Upload a list that is too big to be held in memory while it arrives."""
    token = client.page.csrf_token()
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="month"\r\n\r\n2026-12\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="liste.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    body = f"{head}{';' * 1_200_000}\r\n--{BOUNDARY}--\r\n".encode()
    return client._request(
        "POST",
        "/uebernahme/goerlitz",
        status,
        input_stream=io.BytesIO(body),
        content_length=len(body),
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )


# werkzeug leaves its file to the garbage, which then cannot write the rest either.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_file_that_finds_no_room_is_refused_kindly(client, session, tmp_path, monkeypatch):
    """What is uploaded lies in the system's folder for temporary files while it arrives."""
    sign_in(client, session, a_list_to_take_over(session).user)
    client.get("/uebernahme/goerlitz")
    with small_disk(tmp_path / "temporary", megabytes=2) as temporary:
        monkeypatch.setattr(tempfile, "tempdir", str(temporary))
        filler = fill(temporary)
        sent(client, 503)
        assert client.page.heading() == FULL
        assert "Auf dem Server ist kein Platz mehr." in client.page.text()
        gc.collect()
        assert list(temporary.iterdir()) == [filler]
        client.get("/uebernahme/goerlitz")
        filler.unlink()
        assert sent(client, 422).text  # it arrived, and is no list
        gc.collect()
        assert list(temporary.iterdir()) == []


def test_a_list_that_does_not_fit_into_the_database_is_not_there(client, session, disk):
    sign_in(client, session, a_list_to_take_over(session).user)
    client.get("/uebernahme/goerlitz")
    filler = fill(disk)

    def take_over(status):
        file = (io.BytesIO(a_csv()), "liste.csv")
        return client.post("/uebernahme/goerlitz", {"month": "2026-12", "file": file}, status)

    take_over(503)
    assert client.page.heading() == FULL
    assert session.scalar(select(func.count(ListUpload.id))) == 0
    session.rollback()
    assert (is_sound(disk), left_over(disk)) == (True, [])
    filler.unlink()
    client.get("/uebernahme/goerlitz")
    take_over(302)


# ---- backups


def test_a_backup_that_finds_no_room_is_none(session, database_url, settings, tmp_path):
    with transaction(session):
        a_district(session)
    shelf = Shelf(settings.shelf)
    with small_disk(tmp_path / "backups", megabytes=1) as target:
        filler = fill(target, but=2 * PAGE)
        with pytest.raises(BackupError) as told:
            back_up(database_url, shelf, target / "a.tar.gz")
        assert str(told.value).endswith("lässt sich nicht schreiben: No space left on device.")
        assert list(target.iterdir()) == [filler]
        filler.unlink()
        assert back_up(database_url, shelf, target / "a.tar.gz").rows > 0


def test_a_full_folder_for_temporary_files_is_not_called_a_damaged_database(
    session, database_url, settings, tmp_path, monkeypatch
):
    with transaction(session):
        a_district(session)
    shelf, target = Shelf(settings.shelf), tmp_path / "a.tar.gz"
    with small_disk(tmp_path / "temporary", megabytes=2) as temporary:
        monkeypatch.setattr(tempfile, "tempdir", str(temporary))
        filler = fill(temporary, but=20 * PAGE)
        with pytest.raises(BackupError) as told:
            back_up(database_url, shelf, target)
        assert "beschädigt" not in str(told.value)
        assert str(temporary) in str(told.value)
        assert list(temporary.iterdir()) == [filler]
        assert not target.exists()
        filler.unlink()


# ---- the checks can fail


def test_the_checks_see_what_they_look_for(session, disk):
    assert (is_sound(disk), left_over(disk)) == (True, [])
    (disk / "kursliste.db-journal").touch()
    (disk / "exports").mkdir()
    (disk / "exports" / ".draft-1").touch()
    assert left_over(disk) == ["kursliste.db-journal", ".draft-1"]
    (disk / "kursliste.db-journal").unlink()
    with (disk / "kursliste.db").open("r+b") as file:
        file.seek(40 * PAGE)
        file.write(b"\xff" * PAGE)
    assert not is_sound(disk)
