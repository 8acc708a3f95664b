"""The published page beside a bare WSGI answer of the same bytes, and beside the page made live."""

import contextlib
import http.client
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.measure import Figure
from kursliste import demo
from kursliste.infrastructure.database import Database
from kursliste.infrastructure.shelf import Shelf
from kursliste.masterdata.code_tables import install
from kursliste.settings import child_environment

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = "/kurslisten/goerlitz"
CONNECTIONS: Final = 8
PROCESSES: Final = 2
ROUNDS: Final = {"small": 5, "country": 9}
SECONDS: Final = {"small": 1.5, "country": 3.0}
WARM_UP_S: Final = 0.5
TARGET: Final = 0.8
LIVE_TARGET: Final = 100.0
PATIENCE_S: Final = 30
OF_THE_SERVER: Final = {"date", "server", "connection", "transfer-encoding"}


def measure(size: str) -> list[Figure]:
    """Return requests per second of the published page over those of both beside it."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        work = Path(folder)
        environment = _scene(work)
        live_environment = environment | {"KURSLISTE_PAGE_CACHE": "0"}
        kept = stack.enter_context(_serving("published", work, environment))
        live = stack.enter_context(_serving("published", work, live_environment))
        length = _keep_answer(kept, work)
        bare = stack.enter_context(_serving("bare", work, environment))
        rates: dict[int, list[float]] = {kept: [], bare: [], live: []}
        for port in rates:
            _rate(port, WARM_UP_S)
        for _ in range(ROUNDS[size]):
            for port, taken in rates.items():
                taken.append(_rate(port, SECONDS[size]))
    name = f"published page, {length:,} bytes br"
    return [
        _figure(name, "bare WSGI, same bytes", rates[kept], rates[bare], TARGET),
        _figure(name, "the same made live", rates[kept], rates[live], LIVE_TARGET),
    ]


def _figure(
    name: str, baseline: str, ours: list[float], theirs: list[float], target: float
) -> Figure:
    return Figure(
        name=name,
        baseline=f"{baseline} ({statistics.median(theirs):,.0f}/s)",
        ratio=statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
        target=target,
        at_least=True,
        ours_ms=1000 / statistics.median(ours),
        baseline_ms=1000 / statistics.median(theirs),
    )


def _scene(work: Path) -> dict[str, str]:
    """Load the demo world into a database of its own and return the server's environment."""
    url = f"sqlite:///{work}/bench.db"
    install(url)
    database = Database(url)
    with database.session() as session:
        demo.load(session, Shelf(work / "exports"))
    database.dispose()
    return child_environment(
        PYTHONPATH=str(ROOT),
        KURSLISTE_DEMO="1",
        KURSLISTE_DATABASE_URL=url,
        KURSLISTE_SHELF=str(work / "exports"),
    )


@contextlib.contextmanager
def _serving(target: str, work: Path, environment: dict[str, str]) -> Iterator[int]:
    """Run granian with one worker on a free port, with the same settings for all."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--port", str(port), "--workers", "1", "--blocking-threads", "1"),
        *("--no-ws", "--log-level", "warning", f"benchmarks.targets:{target}"),
    ]
    server = subprocess.Popen(command, cwd=work, env=environment)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(PATIENCE_S)


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    msg = f"no server on port {port}"
    raise RuntimeError(msg)


def _keep_answer(port: int, work: Path) -> int:
    """Write the published answer and its headers for the bare application; return its length."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", PAGE, headers={"Accept-Encoding": "br"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "br"), answer.status
    headers = [pair for pair in answer.getheaders() if pair[0].lower() not in OF_THE_SERVER]
    (work / "answer.bin").write_bytes(body)
    (work / "answer.json").write_text(json.dumps(headers), encoding="utf-8")
    return len(body)


def _rate(port: int, seconds: float) -> float:
    """Return how many times a second the page is answered over a few kept connections."""
    command = [
        *(sys.executable, "-m", "benchmarks.load", str(port), PAGE, str(seconds)),
        str(CONNECTIONS // PROCESSES),
    ]
    clients = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    answers = [client.communicate(timeout=seconds + PATIENCE_S)[0] for client in clients]
    return sum(int(answer) for answer in answers) / seconds
