"""The search over HTTP, page and JSON, beside Datasette on the same rows in the same run.

Datasette is what serves a table best with nothing of one's own: the same courses in one flat table
with the indexes that these searches want, its suggestions off. Both show fifty courses and how many
there are; ours also shows the number beside every value of every filter. Every search is another
one, so that neither answers from memory. It comes with ``requirements/bench.txt``.
"""

import contextlib
import http.client
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from benchmarks.current import FIRST, TYPES, fill
from benchmarks.measure import Figure, median_ratio
from benchmarks.served import PATIENCE_S, ROOT, free_port, serving, wait_for
from kursliste.domain.course import Childcare
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import Database
from kursliste.masterdata.code_tables import install
from kursliste.settings import child_environment

SIZES: Final = {"small": (FIRST,), "country": (10 * FIRST, 100 * FIRST)}
ROUNDS: Final = 30
SHOWN: Final = 50
PAGE_TARGET: Final = 20.0
JSON_TARGET: Final = 2.0
TABLE: Final = """
CREATE TABLE course AS
SELECT e.course_id, e.provider, e.course_type, e.course_type_label, e.title, e.level_from,
       e.level_to, e.starts_on, e.weekdays, e.time_of_day, e.delivery, e.postcode, e.town,
       e.seats_total, e.seats_free, e.status, e.audience, e.admission, e.price_eur, e.childcare,
       e.contact_phone, e.confirmed_on
FROM ours.edition_entry e JOIN ours.current_course c ON c.entry_id = e.id;
CREATE INDEX by_type ON course (course_type, starts_on);
CREATE INDEX by_childcare ON course (childcare, course_type, starts_on);
ANALYZE;
"""
Asked = tuple[str, str]
"""The same search as an address of ours and of theirs, without the ending that says the form."""


def measure(size: str) -> list[Figure]:
    """Return what a page and its JSON take beside Datasette's, for each number of courses."""
    if find_spec("datasette") is None:
        print("Datasette left out: it comes with requirements/bench.txt.")
        return []
    return [figure for rows in SIZES[size] for figure in _measured(rows)]


def _measured(rows: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        work = Path(folder)
        ours = stack.enter_context(serving("published", work, _filled(work, rows)))
        theirs = stack.enter_context(_datasette(work))
        for name, target, ask in (
            ("page", PAGE_TARGET, _page),
            ("JSON", JSON_TARGET, _json),
        ):
            spent = _rounds(ours.port, theirs, random.Random(rows), ask)
            found, beside = ([pair[side] for pair in spent] for side in (0, 1))
            yield Figure(
                name=f"search over HTTP, {name}, {rows:,} rows",
                baseline="Datasette, same rows",
                ratio=median_ratio(beside, found),
                target=target,
                at_least=True,
                ours_ms=sorted(found)[len(found) // 2],
                baseline_ms=sorted(beside)[len(beside) // 2],
            )


def _filled(work: Path, rows: int) -> dict[str, str]:
    """Fill our database and theirs; return the environment of our server."""
    file = work / "ours.db"
    install(f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}")
    fill(database, rows)
    database.dispose()
    with contextlib.closing(sqlite3.connect(work / "courses.db")) as flat:
        flat.execute("ATTACH ? AS ours", (str(file),))
        flat.executescript(TABLE)
    return child_environment(
        PYTHONPATH=str(ROOT),
        KURSLISTE_DEMO="1",
        KURSLISTE_DATABASE_URL=f"sqlite:///{file}",
        KURSLISTE_SHELF=str(work / "exports"),
        KURSLISTE_PAGE_CACHE="0",
    )


@contextlib.contextmanager
def _datasette(work: Path) -> Iterator[int]:
    """Run Datasette on the flat table, as its documentation says for files that do not change."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "datasette", "serve", "--immutable", str(work / "courses.db")),
        *("--port", str(port), "--setting", "suggest_facets", "off"),
    ]
    server = subprocess.Popen(
        command, cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(PATIENCE_S)


def _page(dice: random.Random) -> Asked:
    ours, theirs = _search(dice)
    return f"/suche?{urlencode(ours)}", f"/courses/course?{urlencode(theirs)}"


def _json(dice: random.Random) -> Asked:
    ours, theirs = _search(dice)
    query = urlencode(ours | {"per_page": str(SHOWN)})
    return f"/api/v1/courses?{query}", f"/courses/course.json?{urlencode(theirs)}"


def _search(dice: random.Random) -> tuple[dict[str, str], dict[str, str]]:
    kind = dice.choice(TYPES)[0]
    start = (clock.today() + timedelta(days=dice.randrange(120))).isoformat()
    ours = {"art": kind, "ab": start}
    theirs = {"course_type__exact": kind, "starts_on__gte": start, "_sort": "starts_on"}
    if dice.random() < 0.5:
        ours["kinderbetreuung"] = "1"
        theirs["childcare__exact"] = Childcare.YES.value
    return ours, theirs | {"_size": str(SHOWN)}


def _rounds(
    ours: int, theirs: int, dice: random.Random, ask: Callable[[random.Random], Asked]
) -> list[tuple[float, float]]:
    """Return milliseconds of ours and theirs, in turn; the first three are not counted."""
    here, there = (
        http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S) for port in (ours, theirs)
    )
    spent = []
    for _ in range(ROUNDS + 3):
        own, foreign = ask(dice)
        spent.append((_spent(here, own), _spent(there, foreign)))
    here.close()
    there.close()
    return spent[3:]


def _spent(connection: http.client.HTTPConnection, path: str) -> float:
    start = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == http.client.OK, (path, answer.status)
    return (time.perf_counter() - start) * 1000
