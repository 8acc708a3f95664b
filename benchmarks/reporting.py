"""Beginning a report (its rows are filled from the last one) beside the least that writes them."""

import statistics
import time
from collections.abc import Sequence
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from benchmarks.engines import engines
from benchmarks.measure import Figure, median_ratio, rounds_of
from benchmarks.scene import ROWS, Country, a_row, build
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import Database, transaction
from kursliste.models import Base, Report, ReportedCourse, Round
from kursliste.reporting import actions
from kursliste.review.actions import carry_over_all

COUNTRIES: Final = {
    "small": Country(districts=10, houses=30, people=300),
    "country": Country(districts=400, houses=20, people=8_000),
}
PAIRS: Final = 40
SWEEPS: Final = 5
TARGET: Final = 4.0
NO_GOAL: Final = float("inf")


def measure(size: str) -> list[Figure]:
    """Return what beginning one report costs, and one of those that are carried over together."""
    figures: list[Figure] = []
    with engines("prefill") as found:
        for engine, address in found:
            database = Database(address)
            try:
                build(database, COUNTRIES[size])
                figures += _one_engine(database, COUNTRIES[size], engine)
            finally:
                database.dispose()
    return figures


def _one_engine(database: Database, country: Country, engine: str) -> Sequence[Figure]:
    """Use up the open reports: whole districts by the sweeps, from behind one by one."""
    houses = iter(range(country.total, SWEEPS * country.houses, -1))
    beginnings = rounds_of(
        {
            "begin": lambda: _begin(database, country, next(houses)),
            "insert": lambda: _insert(database, country, next(houses)),
        },
        rounds=PAIRS,
        timer=time.perf_counter,
    )
    districts = iter(range(1, SWEEPS + 2))
    sweeps = rounds_of(
        {
            "sweep": lambda: _sweep(database, country, next(districts)),
            "begin": lambda: _begin(database, country, next(houses)),
        },
        rounds=SWEEPS,
        timer=time.perf_counter,
    )
    each = [spent / country.houses for spent in sweeps["sweep"]]
    return [
        _figure(
            f"beginning a report, {engine}",
            f"insert of its {ROWS} rows",
            beginnings["begin"],
            beginnings["insert"],
            TARGET,
        ),
        _figure(
            f"carrying over 1 of {country.houses}, {engine}",
            "beginning a report",
            each,
            sweeps["begin"],
            NO_GOAL,
        ),
    ]


def _figure(
    name: str, baseline: str, ours: list[float], theirs: list[float], target: float
) -> Figure:
    return Figure(
        name=name,
        baseline=baseline,
        ratio=median_ratio(ours, theirs),
        target=target,
        at_least=False,
        ours_ms=statistics.median(ours),
        baseline_ms=statistics.median(theirs),
    )


def _begin(database: Database, country: Country, house: int) -> None:
    """Begin a report in a transaction of its own, from finding it to the commit."""
    with database.session() as session, transaction(session):
        found = select(Report).where(Report.id == country.open_report(house))
        report = session.scalars(found.options(joinedload(Report.round))).one()
        actions.start_report(session, report, actor=country.reporter(house))


def _insert(database: Database, country: Country, house: int) -> None:
    """Write the same rows with the least that SQLAlchemy needs for it."""
    report_id = country.open_report(house)
    today = clock.today()
    rows = [{**a_row(house, n, confirmed_on=today), "report_id": report_id} for n in range(ROWS)]
    with database.engine.begin() as connection:
        connection.execute(insert(Base.metadata.tables[ReportedCourse.__tablename__]), rows)


def _sweep(database: Database, country: Country, district: int) -> None:
    """Carry over all reports of a district, as the coordinator's one button does."""
    actor = Actor(1, "Koordination", frozenset({Grant(Role.COORDINATOR, district_id=district)}))
    with database.session() as session, transaction(session):
        asked = session.get_one(Round, country.open_round(district))
        assert carry_over_all(session, asked, actor=actor) == country.houses
