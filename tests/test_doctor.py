"""A sound installation is called sound, and each fault is found with its remedy."""

import dataclasses
import os
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import delete, text

from kursliste import doctor
from kursliste.doctor import HEADERS, Health, examine
from kursliste.domain.retention import Kind, keepings
from kursliste.infrastructure import clock, mailbox
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.retention import walk
from kursliste.models import MailStatus, RetentionRun
from kursliste.settings import OpenIdSettings, Settings


@pytest.fixture
def sound(database_url, database, tmp_path, monkeypatch, frozen_clock):
    """The settings of an installation in which nothing is wrong."""
    frozen_clock.move_to(datetime.fromtimestamp(time.time(), UTC))  # as the database has it
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exports").mkdir()
    walk(database, keepings())
    return Settings(
        database_url=database_url,
        secret_key="a mixed key of many signs 0123456789",
        base_url="https://kurse.example.org",
        shelf=tmp_path / "exports",
        mail="file:mail",
        second_factor=True,
    )


def looked(settings, *, backups=None, url=""):
    return {one.check: one for one in examine(settings, backups=backups, url=url)}


def unwell(found):
    return {
        check: one.told
        for check, one in found.items()
        # How full the disk of this machine is and what its database role may is not ours.
        if one.health is not Health.OK and not check.startswith(("Platz", "PostgreSQL"))
    }


def test_a_sound_installation_is_called_sound(sound):
    found = looked(sound)
    assert unwell(found) == {}
    for check in ("Migrationen", "Postausgang", "Ablage", "Veröffentlichte Dateien", "Mailserver"):
        assert check in found


AUTHORITY = OpenIdSettings(issuer="https://sso.example", client_id="k", client_secret="s")


@pytest.mark.parametrize("told", [{"acr": ("2",)}, {"asks_two_factors": True}])
def test_an_authority_that_asks_for_two_factors_is_well(sound, told):
    chosen = dataclasses.replace(AUTHORITY, **told)
    assert unwell(looked(dataclasses.replace(sound, openid=chosen))) == {}


@pytest.mark.parametrize(
    ("change", "check", "told"),
    [
        ({"demo": True}, "Demo", "KURSLISTE_DEMO=0"),
        ({"base_url": "http://kurse.example.org"}, "Adresse", "https://"),
        ({"secret_key": ""}, "Geheimer Schlüssel", "zufällige"),
        ({"secret_key": "a" * 40}, "Geheimer Schlüssel", "zufällige"),
        ({"second_factor": False}, "Zweiter Schritt", "ohne App"),
        ({"openid": AUTHORITY}, "Konto der Behörde", "KURSLISTE_OIDC_ACR"),
        ({"mail": "smtp://127.0.0.1:9"}, "Mailserver", "KURSLISTE_MAIL"),
    ],
)
def test_a_wrong_setting_is_named(sound, change, check, told):
    found = unwell(looked(dataclasses.replace(sound, **change)))
    assert list(found) == [check]
    assert told in found[check]


def test_a_database_of_another_version_is_named(sound, session):
    session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with transaction(session):
        pass
    assert "Die Datenbank ist neuer als dieses Programm" in unwell(looked(sound))["Migrationen"]


def test_a_database_that_is_not_there_is_a_finding_and_no_traceback(sound, tmp_path):
    gone = dataclasses.replace(sound, database_url="postgresql://nobody@127.0.0.1:9/nothing")
    found = unwell(looked(gone))
    assert {"Migrationen", "Datenbank", "Ablage"} <= set(found)
    assert all("Die Prüfung ging nicht" in found[one] for one in ("Datenbank", "Ablage"))


def test_mail_that_waits_and_mail_that_failed_are_told(sound, session, frozen_clock):
    mailbox.enqueue(session, to="a@example.org", subject="x", body="x")
    failed = mailbox.enqueue(session, to="b@example.org", subject="x", body="x")
    failed.state = MailStatus.FAILED
    with transaction(session):
        pass
    assert list(unwell(looked(sound))) == ["Gescheiterte E-Mails"]
    frozen_clock.forward(minutes=61)
    assert "tick" in unwell(looked(sound))["Postausgang"]


def test_rows_that_nobody_tidies_are_told(sound, session, frozen_clock):
    frozen_clock.forward(hours=26)
    assert "Löschfristen" not in unwell(looked(sound))
    frozen_clock.forward(minutes=1)
    told = unwell(looked(sound))["Löschfristen"]
    assert "kursliste tick" in told
    with transaction(session):
        session.execute(delete(RetentionRun).where(RetentionRun.kind == Kind.JOURNAL))
    assert "noch nie vollständig" in unwell(looked(sound))["Löschfristen"]


@pytest.mark.logs_errors
def test_a_lost_shelf_is_told(sound, tmp_path):
    (tmp_path / "exports").rmdir()
    (tmp_path / "exports").write_text("no folder")
    found = unwell(looked(sound))
    assert "KURSLISTE_SHELF" in found["Ablage"]


def test_a_folder_that_is_not_there_is_told(sound, tmp_path):
    gone = dataclasses.replace(sound, shelf=tmp_path / "nirgends")
    found = {one.check: one for one in doctor._space(gone)}
    assert found["Platz Ablage"].health is Health.FAILED


def test_a_full_disk_is_told(sound, monkeypatch):
    full = type("Use", (), {"total": 1000 * 1024**2, "free": 100 * 1024**2})()
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: full)
    assert looked(sound)["Platz Ablage"].told == (
        "100 MB frei von 1000 MB: weniger als ein Fünftel."
    )


def test_the_backup_is_there_and_young(sound, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / ".draft.part").write_text("x")
    assert "liegt keine" in looked(sound, backups=folder)["Sicherung"].told
    archive = folder / "kursliste-1.tar.gz"
    archive.write_text("x")
    for hours, health in ((1, Health.OK), (27, Health.FAILED)):
        made = (clock.now() - timedelta(hours=hours)).timestamp()
        os.utime(archive, (made, made))
        found = looked(sound, backups=folder)["Sicherung"]
        assert (found.health, found.told) == (
            health, f"kursliste-1.tar.gz, {hours} Stunden alt",
        )  # fmt: skip


@pytest.mark.parametrize(
    "engine_name", [pytest.param("postgresql", marks=pytest.mark.pg)], indirect=True
)
def test_a_careless_postgresql_is_named(sound, session, database):
    with database.session() as own:
        own.execute(text("SET synchronous_commit = off"))
        found = {one.check: one for one in doctor._postgresql(own)}
    assert found["PostgreSQL synchronous_commit"].health is Health.FAILED
    assert found["PostgreSQL fsync"].check == "PostgreSQL fsync"


@pytest.mark.asvs("16.2.2")
@pytest.mark.parametrize(
    "engine_name", [pytest.param("postgresql", marks=pytest.mark.pg)], indirect=True
)
def test_a_clock_that_is_wrong_is_named(session, database, frozen_clock):
    frozen_clock.forward(days=30)
    with database.session() as own:
        found = {one.check: one for one in doctor._postgresql(own)}
    assert "NTP" in found["Uhr"].told


@pytest.fixture
def site():
    """A web server that sends the headers it is told to."""
    sent: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            for name in sent:
                self.send_header(name, "x")
            self.end_headers()

        def log_message(self, *_arguments):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", sent
    server.shutdown()
    server.server_close()


@pytest.mark.con10("A14")
def test_headers_that_a_server_in_front_takes_away_are_missed(sound, site):
    url, sent = site
    assert "Content-Security-Policy" in looked(sound, url=url)["Kopfzeilen"].told
    sent += HEADERS
    found = looked(sound, url=url)
    assert (found["Website"].health, found["Kopfzeilen"].health) == (Health.OK, Health.OK)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:9", "antwortet nicht"),
        ("file:///etc/passwd", "keine Adresse"),
    ],
)
def test_a_site_that_does_not_answer_is_told(sound, url, told):
    assert told in looked(sound, url=url)["Website"].told
