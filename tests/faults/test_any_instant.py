"""A month from asking to publishing to closing, begun at the instants at which programs go wrong.

And the rules of time in other parts of the world: a server may stand anywhere, a list is German
(SECURITY.md, G21).
"""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from sqlalchemy import select

from kursliste import ticking
from kursliste.domain.calendar import Month
from kursliste.domain.report import ReportStatus
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure import clock, documents
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Edition, OutgoingMail, Round
from tests.builders import a_provider, a_report, a_reporter
from tests.faults.test_publishing import a_document
from tests.publishing.scene import FULL_ROW, a_scene

INSTANTS = [
    datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),  # one second before 02:00 is 03:00
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # 02:30 for the first time
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # and for the second
    datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC),  # the last second of the year in Germany
    datetime(2026, 12, 31, 23, 0, tzinfo=UTC),
    datetime(2028, 2, 28, 22, 59, 59, tzinfo=UTC),  # a leap day begins
    datetime(2028, 2, 29, 23, 0, tzinfo=UTC),  # and has ended
]
ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])
SECOND = timedelta(seconds=1)


class Carrier:
    def deliver(self, message):
        pass


@pytest.fixture(autouse=True)
def _one_document(monkeypatch):
    """Set no PDF: it takes the most time and asks no clock but ours."""
    document = a_document()
    monkeypatch.setattr(documents, "run", lambda *_: document)


@ON_SQLITE
@pytest.mark.parametrize("instant", INSTANTS, ids=str)
def test_a_month_goes_its_way_from_any_instant(database, session, frozen_clock, tmp_path, instant):
    frozen_clock.move_to(instant)
    today = clock.today()
    month = Month.of(today).next()
    scene = a_scene(session, Shelf(tmp_path / "exports"))
    scene.month(month)
    scene.course(**{**FULL_ROW, "starts_on": month.first_day(), "ends_on": month.last_day()})
    silent = a_provider(session, scene.district, name="Haus ohne Antwort")
    a_reporter(session, silent, email="rita@example.org")
    report = a_report(session, scene.round, silent, ReportStatus.OPEN)
    edition = scene.publish(month=month)
    with transaction(session):
        pass

    def tick():
        session.close()
        done = ticking.tick(database, Carrier(), base_url="https://k.example", sender="k@k.example")
        assert done.failed == 0

    assert (edition.published_at, edition.month) == (instant, month)
    begin = datetime.combine(month.first_day(), FULL_ROW["time_from"], clock.BERLIN)
    assert begins_in_calendar(scene, edition) == [(begin, instant)]

    due_on = scene.round.due_on
    days = [clock.start_of(due_on + timedelta(days=number)) for number in range(1, 7)]
    for at in (instant, *(day + timedelta(hours=hours) for day in days for hours in (3, 10, 20))):
        frozen_clock.move_to(at)
        tick()
    end = clock.start_of(month.next().first_day())
    for at, status in ((end - SECOND, RoundStatus.OPEN), (end, RoundStatus.CLOSED)):
        frozen_clock.move_to(at)
        tick()
        assert session.get_one(Round, report.round_id).status is status
    assert len(session.scalars(select(Edition)).all()) == 1
    assert hours_of_mails(session, "rita@example.org") - set(range(7, 18)) == set()


def begins_in_calendar(scene, edition):
    """Return when courses begin by the calendar, and when it says that this was written."""
    (file,) = [file for file in edition.files if file.name.endswith(".ics")]
    read = Calendar.from_ical(scene.shelf.read(f"{edition.folder}/{file.name}"))
    begins = [event for event in read.walk("VEVENT") if "beginn" in str(event["uid"])]
    return [(event.decoded("dtstart"), event.decoded("dtstamp")) for event in begins]


def hours_of_mails(session, address):
    """Return at which hours in Germany somebody was written to; some must be."""
    query = select(OutgoingMail.queued_at).where(OutgoingMail.to_address == address)
    moments = session.scalars(query).all()
    assert moments
    return {moment.astimezone(clock.BERLIN).hour for moment in moments}


# ---- a server anywhere

TESTS = Path(__file__).parents[1]
ZONES = {
    "UTC": "+0000",
    "Europe/Berlin": "+0100",
    "America/Los_Angeles": "-0800",
    "Pacific/Kiritimati": "+1400",
}
FAR = [
    "Pacific/Kiritimati",
    pytest.param("America/Los_Angeles", marks=pytest.mark.nightly),
]
RULES = [
    "domain/test_edges_of_time.py",
    "domain/test_calendar.py",
    "domain/test_reminders.py",
    "domain/test_publication.py",
    "publishing/test_ics_file.py",
]
BROAD = [
    "domain",
    "publishing",
    "readers",
    "masterdata",
    "reporting",
    "test_ticking.py",
    "faults/test_clocks.py",
    f"faults/{Path(__file__).name}",
]


def run(zone, *arguments, folder=TESTS.parent):
    """Run Python with the clock on the wall of ``zone``; return the status and what it said."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={"TZ": zone, "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def passed(zone, tests, *more):
    """Run tests of ours in ``zone``."""
    quiet = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not pg", *more)
    return run(zone, *quiet, *(f"tests/{name}" for name in tests))


@pytest.mark.slow
@pytest.mark.parametrize("zone", FAR)
def test_the_rules_of_time_are_german_wherever_the_server_stands(zone):
    status, told = passed(zone, RULES)
    assert status == 0, told[-3000:]


@pytest.mark.nightly
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("zone", ZONES)
def test_the_whole_way_of_a_month_is_the_same_wherever_the_server_stands(zone):
    status, told = passed(zone, BROAD, "--deselect", f"{HERE}::{ME}")
    assert status == 0, told[-3000:]


HERE = f"tests/faults/{Path(__file__).name}"
ME = "test_the_rules_of_time_are_german_wherever_the_server_stands"


@pytest.mark.parametrize("zone", ZONES)
def test_the_zone_reaches_the_other_process(zone):
    """The control: what asks the machine for its local time finds another one in each zone."""
    ask = "import datetime as d; print(d.datetime(2026, 12, 1).astimezone().strftime('%z'))"
    assert run(zone, "-c", ask) == (0, f"{ZONES[zone]}\n")


@pytest.mark.nightly
def test_the_check_finds_a_rule_that_asks_for_local_time(tmp_path):
    """The control of the whole way: such a test passes here and fails there."""
    (tmp_path / "test_naive.py").write_text(
        "from datetime import datetime\n"
        "def test_day():\n"
        "    assert datetime.fromtimestamp(1_800_000_000).hour == 9\n",
        encoding="utf-8",
    )
    quiet = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_naive.py")
    assert run("Europe/Berlin", *quiet, folder=tmp_path)[0] == 0
    assert run("Pacific/Kiritimati", *quiet, folder=tmp_path)[0] == 1
