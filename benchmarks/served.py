"""A site with published lists under granian, and how often a second it answers."""

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
ROUNDS: Final = {"small": 9, "country": 15}
SECONDS: Final = {"small": 1.0, "country": 2.0}
WARM_UP_S: Final = 0.5
PATIENCE_S: Final = 30
OF_THE_SERVER: Final = {"date", "server", "connection", "transfer-encoding"}
WRK: Final = shutil.which("wrk")


@dataclass(frozen=True, kw_only=True)
class Served:
    """What is asked for, and the answer as it came; what stands beside sends the same bytes."""

    name: str
    path: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    def keep(self, folder: Path) -> Path:
        """Write the answer for ``targets.bare``; return the folder."""
        folder.mkdir()
        (folder / "answer.bin").write_bytes(self.body)
        (folder / "answer.json").write_text(json.dumps(self.headers), encoding="utf-8")
        return folder


@dataclass(frozen=True)
class Server:
    """Something that listens on a port; ``pid`` is its process, or the one that started it."""

    port: int
    pid: int

    def cpu_s(self) -> float:
        """Return the processor seconds that it and its children have used; 0 without /proc."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                pid, _, rest = path.read_text(encoding="utf-8").partition(" (")
                fields = rest.rpartition(") ")[2].split()
                if self.pid in {int(pid), int(fields[1])}:
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Taken:
    """One round: answers per second, and processor seconds of the server for each answer.

    The first is what a reader sees. The second says the same of a server that has a processor for
    itself, and stays right while neighbours use the machine.
    """

    per_second: float
    cpu_s: float


def taken(server: Server, ask: Callable[[int, str, float], float], path: str, s: float) -> Taken:
    """Ask for ``s`` seconds, which begin with a fresh page.

    A page is made anew every five seconds, which is what "made live" shows; a round of a second
    that began with it would count it five times.
    """
    _answer(server.port, path).read()
    before = server.cpu_s()
    per_second = ask(server.port, path, s)
    return Taken(per_second, (server.cpu_s() - before) / (per_second * s))


def scene(work: Path) -> dict[str, str]:
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
def serving(target: str, work: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """Run granian with one worker on a free port, with the same settings for all."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--port", str(port), "--workers", "1", "--blocking-threads", "1"),
        *("--no-ws", "--log-level", "warning", f"benchmarks.targets:{target}"),
    ]
    server = subprocess.Popen(command, cwd=work, env=dict(environment))
    try:
        wait_for(port)
        yield Server(port, server.pid)
    finally:
        server.terminate()
        server.wait(PATIENCE_S)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until somebody listens; raises RuntimeError if nobody comes."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    msg = f"no server on port {port}"
    raise RuntimeError(msg)


def published(port: int) -> tuple[Served, Served]:
    """Return the page of a list and its workbook as they are sent."""
    page = fetched(port, PAGE, "page")
    moved = _answer(port, f"{PAGE}/aktuell.xlsx")
    file = fetched(port, moved.headers["Location"], "file")
    assert dict(page.headers).get("content-encoding") == "br"
    return page, file


def fetched(port: int, path: str, what: str) -> Served:
    """Ask once as a browser does."""
    answer = _answer(port, path)
    body = answer.read()
    assert answer.status == 200, (path, answer.status)
    headers = [
        (name.lower(), value)
        for name, value in answer.getheaders()
        if name.lower() not in OF_THE_SERVER
    ]
    return Served(
        name=f"published {what}, {len(body):,} bytes", path=path, headers=headers, body=body
    )


def _answer(port: int, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", path, headers={"Accept-Encoding": "br"})
    return connection.getresponse()


def rate(port: int, path: str, seconds: float) -> float:
    """Return how many times a second a path is answered over a few kept connections."""
    command = [
        *(sys.executable, "-m", "benchmarks.load", str(port), path, str(seconds)),
        str(CONNECTIONS // PROCESSES),
    ]
    clients = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    answers = [client.communicate(timeout=seconds + PATIENCE_S)[0] for client in clients]
    return sum(int(answer) for answer in answers) / seconds


def wrk_rate(port: int, path: str, seconds: float) -> float:
    """Return the same by wrk, which is quick enough for nginx."""
    assert WRK
    command = [
        *(WRK, "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s"),
        *("-H", "Accept-Encoding: br", f"http://127.0.0.1:{port}{path}"),
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in told, told
    found = re.search(r"Requests/sec:\s+([0-9.]+)", told)
    assert found, told
    return float(found.group(1))


def figures(
    name: str, baseline: str, ours: Sequence[Taken], theirs: Sequence[Taken], target: float
) -> list[Figure]:
    """Return both measures beside each other, pair by pair."""
    found = [
        _figure(
            name,
            f"{baseline} ({statistics.median(t.per_second for t in theirs):,.0f}/s)",
            [1 / t.per_second for t in ours],
            [1 / t.per_second for t in theirs],
            target,
        )
    ]
    if all(t.cpu_s > 0 for t in (*ours, *theirs)):
        found.append(
            _figure(
                name,
                f"{baseline}, server's CPU",
                [t.cpu_s for t in ours],
                [t.cpu_s for t in theirs],
                target,
            )
        )
    return found


def _figure(
    name: str, baseline: str, ours: Sequence[float], theirs: Sequence[float], target: float
) -> Figure:
    return Figure(
        name=name,
        baseline=baseline,
        ratio=statistics.median(b / a for a, b in zip(ours, theirs, strict=True)),
        target=target,
        at_least=True,
        ours_ms=1000 * statistics.median(ours),
        baseline_ms=1000 * statistics.median(theirs),
    )
