"""Searching current courses: eight kinds of search beside fifty rows by key and one indexed count.

K1 to K7 are what programs and matching ask for: how many there are, and the first page. K8 is the
page for people: with the number beside every value of every filter. Every search is another one
(its values are thrown with dice), so that no answer is a remembered one, with one exception that
serves everybody: what stands beside the values when nothing is chosen is a minute old at most.
"""

import random
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import parse_qs

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.current import FIRST, TOWNS, fill, postcode, town
from benchmarks.engines import engines
from benchmarks.measure import Figure
from kursliste.catalogue.finding import find
from kursliste.catalogue.search_page import read_for
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import Database
from kursliste.infrastructure.remembering import forget_all
from kursliste.models.current import CurrentCourse
from kursliste.models.edition import EditionEntry

SIZES: Final = {"small": (FIRST, 10 * FIRST), "country": (FIRST, 10 * FIRST, 100 * FIRST)}
ROUNDS: Final = 40
ROWS_READ: Final = 50
TARGETS: Final = {"SQLite": 6.0, "PostgreSQL": 12.0}
SPREAD: Final = 5.0
"""How many times its middle the slowest of a hundred searches may take."""

GROWTH: Final = 3.0
"""How many times as long ten times as many courses may take."""

NO_GOAL: Final = float("inf")
LEVELS: Final = ("A1", "A2", "B1", "B2")
KINDS: Final[Mapping[str, Callable[[random.Random], str]]] = {
    "K1 level, type, start": lambda dice: (
        f"niveau={dice.choice(LEVELS)}&art={dice.choice(('IK-ALPHA', 'BSK-B2', 'EOK'))}"
        f"&ab={clock.today() + timedelta(days=dice.randrange(90))}"
    ),
    "K2 25 km and level": lambda dice: (
        f"plz={postcode(dice.randrange(TOWNS))}&umkreis=25&niveau={dice.choice(LEVELS)}"
    ),
    "K3 two words": lambda dice: f"q=alpha+{town(dice.randrange(TOWNS))[:7]}",
    "K4 all filters and 50 km": lambda dice: (
        f"plz={postcode(dice.randrange(TOWNS))}&umkreis=50&niveau={dice.choice(LEVELS)}"
        "&art=IK-ALLG&tageszeit=vormittags&form=online&frei=1&kostenlos=1&kinderbetreuung=1"
    ),
    "K5 childcare only": lambda _dice: "kinderbetreuung=1",
    "K6 a frequent word": lambda dice: f"q={dice.choice(('pflege', 'garten', 'lager', 'schule'))}",
    "K7 a part of a word": lambda dice: (
        f"q={dice.choice(('lphabetis', 'rauenintegr', 'rufssprach'))}"
    ),
    "K8 numbers beside filters": lambda dice: (
        f"niveau={dice.choice(LEVELS)}&tageszeit={dice.choice(('vormittags', 'abends'))}"
        "&kostenlos=1"
    ),
}
COUNTED: Final = "K8"


def measure(size: str) -> list[Figure]:
    """Return for each engine and size what each kind costs, how it spreads and how it grows."""
    figures: list[Figure] = []
    sizes = SIZES[size]
    with engines(*(f"search{rows}" for rows in sizes)) as found:
        smaller: dict[tuple[str, str], float] = {}
        for number, (engine, address) in enumerate(found):
            rows = sizes[number % len(sizes)]
            database = Database(address)
            try:
                fill(database, rows)
                forget_all()
                figures += _one_engine(database, engine, rows, smaller)
            finally:
                database.dispose()
    return figures


def _one_engine(
    database: Database, engine: str, rows: int, smaller: dict[tuple[str, str], float]
) -> list[Figure]:
    dice = random.Random(rows)
    found = []
    for kind, query_of in KINDS.items():
        ours, theirs = _timed(database, rows, dice, query_of, has_counts=kind.startswith(COUNTED))
        middle, floor = statistics.median(ours), statistics.median(theirs)
        slowest = sorted(ours)[-1 - len(ours) // 100]
        name = f"{kind}, {rows:,} rows, {engine}"
        aim = TARGETS[engine] if rows == 10 * FIRST else NO_GOAL
        found.append(_figure(name, "50 rows by key, a count", middle, floor, aim))
        found.append(_figure(f"- p99 of {kind[:2]}", "its p50", slowest, middle, SPREAD))
        if (engine, kind) in smaller:
            before = smaller[engine, kind]
            found.append(_figure(f"- growth of {kind[:2]}", "a tenth", middle, before, GROWTH))
        smaller[engine, kind] = middle
    return found


def _timed(
    database: Database,
    rows: int,
    dice: random.Random,
    query_of: Callable[[random.Random], str],
    *,
    has_counts: bool,
) -> tuple[list[float], list[float]]:
    """Return milliseconds of searches and of the floor, in turn; the first two are not counted."""
    ours, theirs = [], []
    for _ in range(ROUNDS + 2):
        with database.session(readonly=True) as session:
            search, _chosen = read_for(session, parse_qs(query_of(dice)))
            ours.append(_spent(partial(find, session, search, has_counts=has_counts)))
        with database.session(readonly=True) as session:
            theirs.append(_spent(partial(_floor, session, rows, dice)))
    return ours[2:], theirs[2:]


def _spent(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return (time.perf_counter() - start) * 1000


def _floor(session: Session, rows: int, dice: random.Random) -> None:
    """Read a page of neighbours by key, and count one town's courses."""
    first = dice.randrange(1, rows - ROWS_READ)
    session.scalars(
        select(EditionEntry).where(EditionEntry.id.in_(range(first, first + ROWS_READ)))
    ).all()
    place = CurrentCourse.town == town(dice.randrange(TOWNS))
    session.scalars(select(func.count()).select_from(CurrentCourse).where(place)).one()


def _figure(name: str, baseline: str, ours: float, theirs: float, target: float) -> Figure:
    return Figure(
        name=name,
        baseline=baseline,
        ratio=ours / theirs,
        target=target,
        at_least=False,
        ours_ms=ours,
        baseline_ms=theirs,
    )
