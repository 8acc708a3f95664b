"""The month's board and a report's page after ten years of a district, beside one month."""

import contextlib
import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from benchmarks.engines import engines
from benchmarks.measure import Figure, median_ratio, rounds_of
from benchmarks.scene import AT_ONCE, OPEN_FOR, Country, Line, a_row, build
from kursliste.domain.calendar import Month
from kursliste.domain.edition import Phase
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import load_codes
from kursliste.infrastructure.database import Database, transaction
from kursliste.models import (
    Base,
    Edition,
    EditionEntry,
    JournalEntry,
    Report,
    ReportedCourse,
    Round,
)
from kursliste.review.month_page import month_page
from kursliste.review.queries import reviewed_report
from kursliste.review.report_page import report_page

HOUSES: Final = 42
LONG, SHORT = 120, 1
"""Months of history: some 5,000 reports, and some 50."""

ROWS: Final = 3
LOOKS: Final = 20
TARGET: Final = 1.2
COUNTRY: Final = Country(districts=1, houses=HOUSES, people=HOUSES)
DESK: Final = Actor(1, "Koordination", frozenset({Grant(Role.COORDINATOR, district_id=1)}))
STEPS: Final = (
    JournalEvent.REPORT_STARTED,
    JournalEvent.REPORT_SUBMITTED,
    JournalEvent.REPORT_APPROVED,
)


def measure(_size: str) -> list[Figure]:
    """Return how much the long history slows down the board and a report's page."""
    figures: list[Figure] = []
    with engines("review_long", "review_short") as found:
        for (engine, address), (_same, beside) in zip(found[::2], found[1::2], strict=True):
            with _district(address, LONG) as old, _district(beside, SHORT) as young:
                figures += _one_engine(engine, old, young)
    return figures


@contextlib.contextmanager
def _district(address: str, months: int) -> Iterator[Database]:
    database = Database(address)
    try:
        build(database, COUNTRY)
        _live(database, months)
        yield database
    finally:
        database.dispose()


def _one_engine(engine: str, old: Database, young: Database) -> Sequence[Figure]:
    spent = rounds_of(
        {
            "board, long": lambda: _board(old),
            "board, short": lambda: _board(young),
            "report, long": lambda: _report(old),
            "report, short": lambda: _report(young),
        },
        rounds=LOOKS,
        timer=time.perf_counter,
    )
    return [
        Figure(
            name=f"{page} after {LONG * HOUSES} reports, {engine}",
            baseline=f"the same after {SHORT * HOUSES}",
            ratio=median_ratio(spent[f"{page}, long"], spent[f"{page}, short"]),
            target=TARGET,
            at_least=False,
            ours_ms=statistics.median(spent[f"{page}, long"]),
            baseline_ms=statistics.median(spent[f"{page}, short"]),
        )
        for page in ("board", "report")
    ]


def _board(database: Database) -> None:
    with database.session(readonly=True) as session:
        page = month_page(session, DESK, "kreis-1", None)
        assert page.board is not None
        assert page.board.totals.changed == HOUSES * ROWS


def _report(database: Database) -> None:
    with database.session(readonly=True) as session:
        month = Month.of(clock.today()).next()
        found = reviewed_report(session, DESK, "kreis-1", month, COUNTRY.open_report(HOUSES))
        page = report_page(session, DESK, found, load_codes(session))
        assert len(page.differences.changed) == ROWS


def _live(database: Database, months: int) -> None:
    """Let the months before pass, each with reports, an edition and its journal; then submit."""
    asked = Month.of(clock.today()).next()
    with database.session() as session, transaction(session):
        for back in range(months, 1, -1):
            _past_month(session, asked.plus(-back), back)
        _edition(session, asked.plus(-1), 1, _facts())
        now = clock.now()
        submitted = {"status": ReportStatus.SUBMITTED, "submitted_at": now, "submitted_by_id": 1}
        opened = Report.round_id == COUNTRY.open_round(1)
        session.execute(update(Report).where(opened).values(submitted))
        told = [
            facts | {"report_id": COUNTRY.open_report(house), "seats_taken": 11, "seats_free": 9}
            for house, facts in _facts()
        ]
        _insert(session, ReportedCourse, told)
        session.execute(text("ANALYZE"))


def _past_month(session: Session, month: Month, back: int) -> None:
    """``back`` tells how long ago; it makes the keys."""
    now, due_on = clock.now(), month.first_day() - timedelta(days=1)
    key, first = back + 2, (back + 2) * HOUSES
    opened = {"id": key, "course_list_id": 1, "district_id": 1, "month": month, "due_on": due_on}
    _insert(session, Round, [opened | {"opens_on": due_on - OPEN_FOR}])
    decided = {
        "round_id": key,
        "district_id": 1,
        "status": ReportStatus.APPROVED,
        "submitted_at": now,
        "decided_at": now,
        "decided_by_id": 1,
    }
    houses = range(1, HOUSES + 1)
    reports = [decided | {"id": first + house, "provider_id": house} for house in houses]
    _insert(session, Report, reports)
    rows = [facts | {"report_id": first + house} for house, facts in _facts()]
    _insert(session, ReportedCourse, rows)
    _edition(session, month, back, _facts())
    entries = [
        {
            "at": now,
            "actor_name": "Jemand",
            "event": event,
            "subject_table": "report",
            "subject_id": str(report["id"]),
            "district_id": 1,
            "provider_id": report["provider_id"],
            "is_internal": False,
            "changes": {},
            "details": {},
        }
        for report in reports
        for event in STEPS
    ]
    _insert(session, JournalEntry, entries)


def _facts() -> Sequence[tuple[int, Line]]:
    """Return house and row of everything that is reported each month."""
    before = clock.today() - timedelta(days=60)
    return [
        (house, a_row(house, number, confirmed_on=before))
        for house in range(1, HOUSES + 1)
        for number in range(ROWS)
    ]


def _edition(session: Session, month: Month, key: int, rows: Sequence[tuple[int, Line]]) -> None:
    """Write an edition of these rows, with as little around them as the tables allow."""
    edition: Line = {
        "id": key,
        "course_list_id": 1,
        "district_id": 1,
        "month": month,
        "number": 1,
        "published_at": clock.now(),
        "responsible": "Koordination",
        "district_ags": "00001",
        "district_slug": "kreis-1",
        "district_name": "Kreis 1",
        "list_slug": "deutschkurse",
        "list_title": "Deutschkurse",
        "publisher": "Landratsamt",
        "silent_providers": [],
        "providers": [],
        "changes": [],
        "words": {},
        "rows_sha256": "0" * 64,
    }
    _insert(session, Edition, [edition])
    words = {
        "edition_id": key,
        "provider": "Haus",
        "course_group": "Integrationskurse",
        "course_type_label": "Integrationskurs",
        "phase": Phase.RUNNING,
        "is_confirmed": True,
        "search_text": "",
    }
    entries = [
        facts | words | {"provider_id": house, "position": position}
        for position, (house, facts) in enumerate(rows, start=1)
    ]
    _insert(session, EditionEntry, entries)


def _insert(session: Session, model: type[Base], lines: Sequence[Line]) -> None:
    for start in range(0, len(lines), AT_ONCE):
        session.execute(insert(model), lines[start : start + AT_ONCE])
