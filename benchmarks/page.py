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
    figure,
    published,
    rate,
    scene,
    serving,
)

TARGET: Final = 0.8
LIVE_TARGET: Final = 100.0


def measure(size: str) -> list[Figure]:
    """Return requests per second over those of what stands beside."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        work = Path(folder)
        environment = scene(work)
        live_environment = environment | {"KURSLISTE_PAGE_CACHE": "0"}
        kept = stack.enter_context(serving("published", work, environment))
        live = stack.enter_context(serving("published", work, live_environment))
        page, file = published(kept)
        bare = {
            served.path: stack.enter_context(
                serving("bare", served.keep(work / str(number)), environment)
            )
            for number, served in enumerate((page, file))
        }
        of_page = _rates(page, [kept, bare[page.path], live], size)
        of_file = _rates(file, [kept, bare[file.path]], size)
    same = "bare WSGI, same bytes"
    return [
        figure(page.name, same, of_page[kept], of_page[bare[page.path]], TARGET),
        figure(page.name, "the same made live", of_page[kept], of_page[live], LIVE_TARGET),
        figure(file.name, same, of_file[kept], of_file[bare[file.path]], TARGET),
    ]


def _rates(served: Served, ports: list[int], size: str) -> dict[int, list[float]]:
    rates: dict[int, list[float]] = {port: [] for port in ports}
    for port in ports:
        rate(port, served.path, WARM_UP_S)
    for _ in range(ROUNDS[size]):
        for port, taken in rates.items():
            taken.append(rate(port, served.path, SECONDS[size]))
    return rates
