"""Submitting under load: one, eight and 32 providers at once, real requests to a real server.

The tail is measured beside the middle of the same run: how much longer the unlucky wait. Nobody
may be refused, and afterwards the database must hold what the answers said.
"""

import contextlib
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.clients import Tally, kept, work
from benchmarks.engines import engines
from benchmarks.measure import Figure
from benchmarks.scene import Country, build
from kursliste.infrastructure.database import Database
from kursliste.settings import child_environment

SECONDS: Final = {"small": 8.0, "country": 30.0}
TARGETS: Final = {1: float("inf"), 8: 5.0, 32: 3.0}
"""That of 32 is a goal of SPEED.md; that of eight keeps writers in their queue (ADR 19)."""

COUNTRIES: Final = {
    "small": Country(districts=8, houses=12, people=sum(TARGETS)),
    "country": Country(districts=400, houses=20, people=sum(TARGETS)),
}
PATIENCE_S: Final = 40


def measure(size: str) -> list[Figure]:
    """Return tail and faults for each engine and number of clients."""
    figures: list[Figure] = []
    with engines("submitting") as found:
        for engine, address in found:
            figures += _one_engine(engine, address, COUNTRIES[size], SECONDS[size])
    return figures


def _one_engine(engine: str, address: str, country: Country, seconds: float) -> Iterator[Figure]:
    database = Database(address)
    build(database, country)
    done = Tally()
    with serving(address) as port:
        first = 1
        for clients in TARGETS:  # new people each time, who have begun nothing yet
            tally = work(port, country, range(first, first + clients), seconds)
            first += clients
            done += tally
            yield _tail(engine, clients, tally)
    with database.session(readonly=True) as session:
        faults = done.refused + kept(session, country).disagreements(done)
    database.dispose()
    print(*faults, sep="\n", end="\n" if faults else "")
    yield Figure(
        name=f"faults in {done.requests:,} writes, {engine}",
        baseline="none",
        ratio=len(faults),
        target=0,
        at_least=False,
        ours_ms=0.0,
        baseline_ms=0.0,
    )


def _tail(engine: str, clients: int, tally: Tally) -> Figure:
    spent = tally.submitting_ms
    middle = statistics.median(spent)
    last = statistics.quantiles(spent, n=100, method="inclusive")[98]
    return Figure(
        name=f"submitting p99, {clients} clients, {engine}",
        baseline=f"own p50 ({len(spent):,} times)",
        ratio=last / middle,
        target=TARGETS[clients],
        at_least=False,
        ours_ms=last,
        baseline_ms=middle,
    )


@contextlib.contextmanager
def serving(address: str, *, workers: int = 1, log: IO[bytes] | None = None) -> Iterator[int]:
    """Run the server as its operator would, on a free port, until the block ends.

    ``log`` is where it writes what it has to say, else the terminal.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        environment = child_environment(
            KURSLISTE_DATABASE_URL=address,
            KURSLISTE_SECRET_KEY=secrets.token_urlsafe(32),
            KURSLISTE_BASE_URL=f"http://127.0.0.1:{port}",
            KURSLISTE_SHELF=f"{folder}/exports",
            KURSLISTE_MAIL=f"file:{folder}/mail",
        )
        command = [
            *(sys.executable, "-m", "kursliste", "serve"),
            *("--port", str(port), "--workers", str(workers)),
        ]
        root = Path(__file__).resolve().parent.parent
        server = subprocess.Popen(command, env=environment, cwd=root, stdout=log, stderr=log)
        try:
            _wait_for(f"http://127.0.0.1:{port}/bereit", server)
            yield port
        finally:
            server.terminate()
            server.wait(PATIENCE_S)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(URLError, ConnectionError), urlopen(address, timeout=5):  # noqa: S310 -- our own server
            return
        time.sleep(0.1)
    msg = f"no server at {address}"
    raise RuntimeError(msg)
