"""What every test may ask for: both databases, an app, a page client; no network, a still clock."""

import atexit
import hashlib
import os
import shutil
import tempfile

# Before anything asks for it: without this variable platformdirs warns, and warnings are errors.
# Workers inherit it, and with it the lock that lets them share one PostgreSQL.
if "XDG_RUNTIME_DIR" not in os.environ:  # noqa: TID251 -- not an app setting
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="klrun")  # noqa: TID251 -- ditto
    atexit.register(shutil.rmtree, os.environ["XDG_RUNTIME_DIR"], ignore_errors=True)  # noqa: TID251

import gc
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import coverage
import pytest
from flask import Flask
from sqlalchemy import URL, Engine, event
from sqlalchemy.orm import Session

from kursliste.infrastructure import clock, document_child, documents
from kursliste.infrastructure.database import Database, make_engine
from kursliste.infrastructure.remembering import forget_all
from kursliste.infrastructure.shelf import Shelf
from kursliste.masterdata.code_tables import install
from kursliste.settings import Bucket, Settings
from tests import postgres, s3
from tests.page_client import PageClient

pytest_plugins = ["tests.log_watch"]
ENGINES = ("sqlite", "postgresql")
LOOPBACK = ("127.", "::1", "localhost")


gc.set_threshold(100_000, 50, 50)  # few tests make rubbish in circles, all make many objects


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="run the full tiers too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the full tiers out unless somebody has the time."""
    if config.getoption("--nightly"):
        return
    nightly = [item for item in items if item.get_closest_marker("nightly")]
    items[:] = [item for item in items if not item.get_closest_marker("nightly")]
    config.hook.pytest_deselected(items=nightly)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Any:
    """Count lines on one engine only: counting makes a test take two thirds longer."""
    counting: list[coverage.Coverage] = []
    if item.get_closest_marker("pg"):
        while found := coverage.Coverage.current():  # an xdist worker has one within the other
            found.stop()
            counting.append(found)
    try:
        return (yield)
    finally:
        for found in reversed(counting):
            found.start()


class FrozenClock:
    """Stands still until a test moves it; starts on a Tuesday morning in November 2026."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def move_to(self, instant: datetime) -> None:
        """Set the clock to an aware instant."""
        assert instant.tzinfo is not None
        self.instant = instant.astimezone(UTC)

    def forward(self, **amount: float) -> None:
        """Let time pass: ``forward(days=1, minutes=5)``."""
        self.instant += timedelta(**amount)


@pytest.fixture(autouse=True)
def frozen_clock(monkeypatch) -> FrozenClock:
    frozen = FrozenClock()
    monkeypatch.setattr(clock, "wall", frozen.now)
    return frozen


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Nothing in a test may leave this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex", "sendto"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(original: Any) -> Any:
    def call(self: socket.socket, *arguments: Any) -> Any:
        address = arguments[-1]
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            assert str(address[0]).startswith(LOOPBACK), f"a test wanted to reach {address}"
        return original(self, *arguments)

    return call


SETS_DOCUMENTS = documents.run


@pytest.fixture(autouse=True, scope="session")
def _no_process_per_document() -> Iterator[None]:
    """Set documents in this process, by the same function that the child process calls.

    The PDFs are the real ones, to the byte; only starting a process for each of some hundred
    editions is saved. ``tests/publishing/test_pdf_file.py`` compares both ways.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "run", lambda order, _name: document_child.made(order))
        yield


@pytest.fixture
def process_per_document(monkeypatch) -> None:
    """Set documents as production does."""
    monkeypatch.setattr(documents, "run", SETS_DOCUMENTS)


# ---- databases


@pytest.fixture(scope="session")
def fast_folder(tmp_path_factory) -> Iterator[Path]:
    """A folder in memory where there is one: SQLite waits for the disk at each commit."""
    memory = Path("/dev/shm")  # noqa: S108 -- mkdtemp makes a private folder in it
    if not os.access(memory, os.W_OK):
        yield tmp_path_factory.mktemp("databases")
        return
    folder = Path(tempfile.mkdtemp(prefix="kl-", dir=memory))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def sqlite_template(fast_folder) -> Path:
    """A migrated file; closed, and therefore safe to copy."""
    path = fast_folder / "template.db"
    install(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_database(postgres_server, worker_name) -> Iterator[postgres.Resettable]:
    with postgres.new_database(postgres_server, f"kursliste_{worker_name}") as url:
        yield postgres.Resettable(url)


@pytest.fixture(scope="session")
def worker_name() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")  # noqa: TID251 -- not an app setting


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.pg)])
def engine_name(request) -> str:
    """Parametrises every test that needs a database, however indirectly."""
    return request.param


@pytest.fixture
def database_url(engine_name, request) -> Iterator[str]:
    """The URL of a migrated database that holds what migrations put into it, and nothing else."""
    if engine_name == "postgresql":
        database: postgres.Resettable = request.getfixturevalue("postgres_database")
        database.put_back()
        yield database.url.render_as_string(hide_password=False)
        return
    folder = request.getfixturevalue("fast_folder") / "now"  # always there: see known_engines
    folder.mkdir()
    shutil.copy(request.getfixturevalue("sqlite_template"), folder / "kursliste.db")
    yield f"sqlite:///{folder}/kursliste.db"
    shutil.rmtree(folder)


@pytest.fixture
def empty_database_url(engine_name, request, worker_name) -> Iterator[str]:
    """The URL of a database without any table."""
    if engine_name == "postgresql":
        server = request.getfixturevalue("postgres_server")
        with postgres.new_database(server, f"empty_{worker_name}") as url:
            yield url.render_as_string(hide_password=False)
        return
    folder = Path(tempfile.mkdtemp(dir=request.getfixturevalue("fast_folder")))
    yield f"sqlite:///{folder}/empty.db"
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def known_engines() -> dict[str, Engine]:
    """The engines of a worker: what each has compiled once serves all tests."""
    return {}


@pytest.fixture
def database(database_url, known_engines) -> Iterator[Database]:
    if database_url not in known_engines:
        known_engines[database_url] = make_engine(database_url)
    # A view of the engine: what a test listens to ends with the test.
    database = Database(known_engines[database_url].execution_options())
    forget_all()  # the next test has another content under the same keys
    yield database
    database.dispose()


@pytest.fixture
def session(database) -> Iterator[Session]:
    with database.session() as session:
        yield session


@pytest.fixture
def statements(database) -> Callable[[], AbstractContextManager[list[str]]]:
    """A block under which the SQL it sends is collected."""

    @contextmanager
    def collecting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection, _cursor, text: str, *_more: object) -> None:
            seen.append(text)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return collecting


# ---- shelves


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    with s3.server() as address:
        yield address


@pytest.fixture
def bucket(s3_address, request) -> Bucket:
    """A new, empty bucket on the S3 server of the tests, to be used below a prefix."""
    name = f"b-{hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:40]}"
    place = Bucket(name=name, prefix="kurslisten/eins", endpoint=s3_address, is_path_style=True)
    s3.make(place)
    return place


@pytest.fixture(params=["folder", "bucket"])
def any_shelf(request, tmp_path) -> Shelf:
    """Parametrises what has to hold wherever published files lie."""
    if request.param == "folder":
        return Shelf(tmp_path / "exports")
    return Shelf(request.getfixturevalue("bucket"))


# ---- pages


@pytest.fixture
def settings(database_url, tmp_path) -> Settings:
    return _settings(database_url, tmp_path)


def _settings(database_url: str, folder: Path) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key="not-secret-only-for-tests-0123456789",
        base_url="http://localhost",
        shelf=folder / "exports",
        mail=f"file:{folder}/mail",
        testing=True,
    )


@pytest.fixture(scope="session")
def built_app() -> Flask:
    """One application for all tests of a worker: routes and templates are compiled once."""
    # Here and not above: tests of the ground floor run without the roof.
    from kursliste.app import create_app  # noqa: PLC0415

    return create_app(_settings("sqlite://", Path("nowhere")), database=Database("sqlite://"))


@pytest.fixture
def app(built_app, settings, database) -> Flask:
    from kursliste.app import equip  # noqa: PLC0415 -- see above

    equip(built_app, settings, database)
    return built_app


@pytest.fixture
def own_app(settings, database) -> Flask:
    """An application for a test that changes it: adds a route, or looks at how it is made."""
    from kursliste.app import create_app  # noqa: PLC0415 -- see above

    return create_app(settings, database=database)


@pytest.fixture
def client(app, session) -> PageClient:
    """A browser without JavaScript. Before each request it commits what the test arranged."""
    return PageClient(app, session)
