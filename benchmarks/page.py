"""Published page and file beside a bare WSGI answer of the same bytes; the page also made live."""

import contextlib
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.measure import Figure
from benchmarks.served import (
    ROUNDS,
    SECONDS,
    WARM_UP_S,
    Served,
    Server,
    Taken,
    figures,
    published,
    rate,
    scene,
    serving,
    taken,
)

TARGET: Final = 0.8
LIVE_TARGET: Final = 100.0


def measure(size: str) -> list[Figure]:
    """Return what our answers cost beside what stands there."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        work = Path(folder)
        environment = scene(work)
        live_environment = environment | {"KURSLISTE_PAGE_CACHE": "0"}
        kept = stack.enter_context(serving("published", work, environment))
        live = stack.enter_context(serving("published", work, live_environment))
        page, file = published(kept.port)
        bare_page, bare_file = (
            stack.enter_context(serving("bare", served.keep(work / str(number)), environment))
            for number, served in enumerate((page, file))
        )
        of_page = _rounds(page, [kept, bare_page, live], size)
        of_file = _rounds(file, [kept, bare_file], size)
    same = "bare WSGI, same bytes"
    return [
        *figures(page.name, same, of_page[kept], of_page[bare_page], TARGET),
        *figures(page.name, "the same made live", of_page[kept], of_page[live], LIVE_TARGET),
        *figures(file.name, same, of_file[kept], of_file[bare_file], TARGET),
    ]


def _rounds(served: Served, servers: list[Server], size: str) -> dict[Server, list[Taken]]:
    for server in servers:
        rate(server.port, served.path, WARM_UP_S)
    rounds: dict[Server, list[Taken]] = {server: [] for server in servers}
    for _ in range(ROUNDS[size]):
        for server, found in rounds.items():
            found.append(taken(server, rate, served.path, SECONDS[size]))
    return rounds
