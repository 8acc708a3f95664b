"""The shipped configuration of nginx beside nginx on a plain copy of the same answers.

The copy is sent with the same headers from a file that holds the bytes as they are sent. Beside it
stands the same with ``open_file_cache``, as the shipped configuration has it: no goal, but it tells
what keeping answers costs.
"""

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.measure import Figure
from benchmarks.served import (
    ROUNDS,
    SECONDS,
    WARM_UP_S,
    WRK,
    Served,
    Server,
    figures,
    free_port,
    published,
    scene,
    serving,
    taken,
    wait_for,
    wrk_rate,
)
from tests.web import nginx

TARGET: Final = 0.95
NO_GOAL: Final = 0.0
NOT_ADDED: Final = {"content-type", "content-length", "etag", "accept-ranges"}
"""Headers that nginx makes by itself for a file."""


def measure(size: str) -> list[Figure]:
    """Return what published page and file cost beside the copies."""
    if nginx.PROGRAM is None or WRK is None:
        print("nginx left out: nginx and wrk have to be installed (apt-get install nginx wrk).")
        return []
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        work = Path(folder)
        environment = scene(work) | {"KURSLISTE_PROXIES": "1"}
        behind = stack.enter_context(serving("published", work, environment))
        found = published(behind.port)
        servers = [
            stack.enter_context(_shipped(_new(work / "shipped"), behind.port)),
            stack.enter_context(_copies(_new(work / "plain"), found, "")),
            stack.enter_context(_copies(_new(work / "tuned"), found, "open_file_cache max=5000;")),
        ]
        return [line for served in found for line in _figures(served, servers, size)]


def _figures(served: Served, servers: list[Server], size: str) -> list[Figure]:
    for server in servers:
        wrk_rate(server.port, served.path, WARM_UP_S)
    rounds = [
        [taken(server, wrk_rate, served.path, SECONDS[size]) for server in servers]
        for _ in range(ROUNDS[size])
    ]
    ours, plain, tuned = ([found[place] for found in rounds] for place in range(3))
    name = f"{served.name}, nginx"
    return [
        *figures(name, "nginx on a plain copy", ours, plain, TARGET),
        *figures(name, "the copy, open_file_cache", ours, tuned, NO_GOAL),
    ]


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


@contextlib.contextmanager
def _shipped(work: Path, behind: int) -> Iterator[Server]:
    port = free_port()
    with _running(nginx.configured(work, port=port, behind=behind), port) as server:
        yield server


@contextlib.contextmanager
def _copies(work: Path, found: tuple[Served, ...], more: str) -> Iterator[Server]:
    port = free_port()
    places = []
    for number, served in enumerate(found):
        (work / str(number)).write_bytes(served.body)
        headers = dict(served.headers)
        added = "".join(
            f'add_header {name} "{value.replace(chr(34), "")}";\n'
            for name, value in served.headers
            if name not in NOT_ADDED
        )
        kind = headers["content-type"]
        places.append(
            f"location = {served.path} {{ alias {work}/{number}; types {{}} "
            f'default_type "{kind}";\n{added}}}'
        )
    text = (
        f"server {{ listen 127.0.0.1:{port}; sendfile on; tcp_nopush on; {more}\n"
        + "\n".join(places)
        + "}"
    )
    with _running(nginx.framed(work, text), port) as server:
        yield server


@contextlib.contextmanager
def _running(path: Path, port: int) -> Iterator[Server]:
    try:
        nginx.check(path)
    except subprocess.CalledProcessError as error:
        raise RuntimeError(error.stderr) from error
    with nginx.running(path) as pid:
        wait_for(port)
        yield Server(port, pid)
