"""Publishing an edition beside packing its bytes, and many editions beside one."""

import gzip
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import brotli

from benchmarks.engines import engines
from benchmarks.measure import Figure
from benchmarks.scene import ROWS, Country, build
from benchmarks.workbook import deflated, sheet_xml
from kursliste.domain.calendar import Month
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import CourseList
from kursliste.publishing.actions import publish_edition
from kursliste.publishing.formats import pdf_file

COUNTRIES: Final = {
    "small": Country(districts=16, houses=20, people=20),
    "country": Country(districts=400, houses=20, people=20),
}
FIRST: Final = 5
PACKING_TARGET: Final = 3.0
MANY_TARGET: Final = 1.1
TEXTS: Final = (".csv", ".json", ".ics")


def measure(size: str) -> list[Figure]:
    """Return what one edition of 200 rows costs, and whether the last is as quick as the first."""
    figures: list[Figure] = []
    with engines("publish") as found, tempfile.TemporaryDirectory() as work:
        for engine, address in found:
            database = Database(address)
            try:
                build(database, COUNTRIES[size])
                shelf = Shelf(Path(work) / engine)
                figures += _one_engine(database, shelf, COUNTRIES[size], engine)
            finally:
                database.dispose()
    return figures


class Clocks:
    """Adds up what the PDF takes of an edition: processor time of this process, and the wall's."""

    def __init__(self, original: Callable[..., bytes]) -> None:
        self._original = original
        self.cpu = self.wall = 0.0

    def __call__(self, *given: Any) -> bytes:  # Any: whatever the PDF is built from
        cpu, wall = time.process_time(), time.perf_counter()
        made = self._original(*given)
        self.cpu += time.process_time() - cpu
        self.wall += time.perf_counter() - wall
        return made


def _one_engine(database: Database, shelf: Shelf, country: Country, engine: str) -> list[Figure]:
    clocks = Clocks(pdf_file.build)
    pdf_file.build = clocks  # type: ignore[assignment]  # called as the function is
    try:
        cpu, wall = [], []
        for district in range(1, country.districts + 1):
            clocks.cpu = clocks.wall = 0.0
            start = time.process_time(), time.perf_counter()
            _publish(database, shelf, district)
            cpu.append((time.process_time() - start[0] - clocks.cpu) * 1000)
            wall.append((time.perf_counter() - start[1]) * 1000)
    finally:
        pdf_file.build = clocks._original  # noqa: SLF001 -- put back what was taken
    floor = _packing(shelf, country)
    one = statistics.median(wall[1 : FIRST + 1])  # the first edition pays for what it finds cold
    return [
        Figure(
            name=f"edition of {country.houses * ROWS} rows but PDF, {engine}",
            baseline="packing of its bytes",
            ratio=statistics.median(cpu) / floor,
            target=PACKING_TARGET,
            at_least=False,
            ours_ms=statistics.median(cpu),
            baseline_ms=floor,
        ),
        Figure(
            name=f"{country.districts} editions, {engine}",
            baseline=f"{country.districts} times one",
            ratio=statistics.median(wall[1:]) / one,
            target=MANY_TARGET,
            at_least=False,
            ours_ms=sum(wall),
            baseline_ms=one * country.districts,
        ),
    ]


def _publish(database: Database, shelf: Shelf, district: int) -> None:
    actor = Actor(1, "Koordination", frozenset({Grant(Role.COORDINATOR, district_id=district)}))
    with database.session() as session, transaction(session):
        publish_edition(
            session,
            shelf,
            course_list=session.get_one(CourseList, district),
            month=Month.of(clock.today()),
            seen_number=0,
            reason="",
            actor=actor,
        )


def _packing(shelf: Shelf, country: Country) -> float:
    """Return the milliseconds that gzip 9, brotli 5 and zlib take for the files of one edition."""
    folder = next(shelf.root.glob(f"kreis-{country.districts}/*/*/a1"))
    texts = [path.read_bytes() for path in folder.iterdir() if path.suffix in TEXTS]
    sheets = [sheet_xml(path.read_bytes()) for path in folder.glob("*.xlsx")]
    spent = []
    for _ in range(FIRST):
        start = time.process_time()
        for content in texts:
            gzip.compress(content, 9)
            brotli.compress(content, quality=5)  # type: ignore[no-untyped-call]  # ships no types
        for xml in sheets:
            deflated(xml)
        spent.append((time.process_time() - start) * 1000)
    return statistics.median(spent)
