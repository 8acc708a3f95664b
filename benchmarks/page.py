"""The published page beside a bare WSGI answer of the same bytes, on the same server."""

import asyncio
import contextlib
import http.client
import os
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

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = "/kurslisten/goerlitz"
CONNECTIONS: Final = 8
ROUNDS: Final = {"small": 5, "country": 7}
SECONDS: Final = {"small": 1.5, "country": 3.0}
TARGET: Final = 0.8
PATIENCE_S: Final = 30


def measure(size: str) -> list[Figure]:
    """Return requests per second of the published page over those of the bare answer."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        environment = _scene(work)
        with _serving("published", work, environment) as ours:
            body = _get(ours)
            (work / "answer.bin").write_bytes(body)
            with _serving("bare", work, environment) as theirs:
                pairs = [
                    (_rate(ours, SECONDS[size]), _rate(theirs, SECONDS[size]))
                    for _ in range(ROUNDS[size])
                ]
    ratio = statistics.median(page / bare for page, bare in pairs)
    return [
        Figure(
            name=f"published page, {len(body):,} bytes",
            baseline="bare WSGI, same bytes",
            ratio=ratio,
            target=TARGET,
            at_least=True,
            ours_ms=1000 / statistics.median(page for page, _ in pairs),
            baseline_ms=1000 / statistics.median(bare for _, bare in pairs),
        )
    ]


def _scene(work: Path) -> dict[str, str]:
    """Load the demo world into a database of its own and return the server's environment."""
    url = f"sqlite:///{work}/bench.db"
    install(url)
    database = Database(url)
    with database.session() as session:
        demo.load(session, Shelf(work / "exports"))
    database.dispose()
    return {
        **os.environ,  # noqa: TID251 -- a child process inherits it
        "PYTHONPATH": str(ROOT),
        "KURSLISTE_DEMO": "1",
        "KURSLISTE_DATABASE_URL": url,
        "KURSLISTE_SHELF": str(work / "exports"),
    }


@contextlib.contextmanager
def _serving(target: str, work: Path, environment: dict[str, str]) -> Iterator[int]:
    """Run granian with one worker on a free port."""
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


def _get(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", PAGE)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, f"{PAGE}: {answer.status}"
    return body


def _rate(port: int, seconds: float) -> float:
    """Return how many times a second the page is answered over a few kept connections."""
    return asyncio.run(_hammer(port, seconds))


async def _hammer(port: int, seconds: float) -> float:
    end = time.monotonic() + seconds
    counts = await asyncio.gather(*(_one_client(port, end) for _ in range(CONNECTIONS)))
    return sum(counts) / seconds


async def _one_client(port: int, end: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    count = 0
    while time.monotonic() < end:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:80]
        await reader.readexactly(_length(head))
        count += 1
    writer.close()
    return count


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    msg = "an answer without Content-Length"
    raise RuntimeError(msg)
