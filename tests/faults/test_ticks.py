"""What is due is done once: by two ticks at once, after missed days, and whoever dies meanwhile.

One world in which everything is due: a reminder, a list to publish with a mail to its reader, one
that cannot be published, a saved search with a new course, a mail to forget (SECURITY.md, X23 and
X24). Each check has its control: ticks that do it wrong are found.
"""

import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from sqlalchemy import func, select

from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import clock, mailbox
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.postman import LEASE
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import (
    Edition,
    MailStatus,
    OutgoingMail,
    PublicationOrder,
    Reminder,
)
from kursliste.professionals.search_actions import save_search
from kursliste.publishing.order_actions import order_publication
from tests.builders import a_counsellor, a_provider, a_report, a_reporter, an_actor
from tests.faults.test_publishing import a_document
from tests.faults.tickers import Turn, ended, meetings, start
from tests.publishing.scene import a_scene
from tests.readers.scenes import a_reader, two_months

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")

DUE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EVERYBODY = {"rita@example.org", "leserin@example.org", "berta@example.org", "karla@weimar.example"}
ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])  # what is wrong is so on both
MOST_STEPS = 2000
STRIDE = 67


@pytest.fixture
def turn(session, database_url, tmp_path, frozen_clock) -> Turn:
    """The tick that comes after three days without any."""
    shelf = Shelf(tmp_path / "exports")
    scene = two_months(session, shelf)
    silent = a_provider(session, scene.district, name="Haus ohne Antwort")
    a_reporter(session, silent, email="rita@example.org")
    a_report(session, scene.round, silent, ReportStatus.OPEN)
    a_reader(session, scene.course_list)
    berta = a_counsellor(session, scene.district, email="berta@example.org")
    save_search(session, parse_qs("kreis=goerlitz"), name="Neues", actor=an_actor(berta))
    other = a_scene(session, shelf, slug="weimar")
    other.coordinator.email = "karla@weimar.example"
    other.course()
    for one in (scene, other):
        order_publication(
            session,
            one.round,
            due_at=DUE,
            seen_number=0,
            reason="",
            mails_readers=True,
            actor=one.actor,
        )
    other.publish()  # so that the order there is out of date
    old = mailbox.enqueue(session, to="alt@example.org", subject="alt", body="")
    old.state, old.due_at = MailStatus.SENT, clock.now() - timedelta(days=200)
    with transaction(session):
        pass
    frozen_clock.forward(days=3)
    return Turn(url=database_url, folder=tmp_path, at=frozen_clock.instant, document=a_document())


def tick(turn, **more):
    """Tick once in a process; return how many steps that took, None for one that was killed."""
    told = ended(*start(replace(turn, **more)))
    assert told is None or told[1] == 0
    return None if told is None else told[0]


def tick_to_the_end(turn):
    """Tick until everything is done, also what the dead had in hand."""
    for wait in (timedelta(), LEASE + timedelta(seconds=1)):
        turn = replace(turn, at=turn.at + wait)
        tick(turn)


def faults(database, turn):
    """Return everything that went wrong, in words."""
    with database.session(readonly=True) as session:
        written = Counter(session.scalars(select(OutgoingMail.to_address)))
        states = set(session.scalars(select(OutgoingMail.state)))
        editions = Counter(str(edition.name) for edition in session.scalars(select(Edition)))
        orders = session.scalar(select(func.count()).select_from(PublicationOrder))
        steps = session.scalar(select(func.count()).select_from(Reminder))
    lines = (
        turn.delivered.read_text(encoding="utf-8").split("\n") if turn.delivered.exists() else []
    )
    names = Counter(line.partition(" ")[0] for line in set(filter(None, lines)))
    return [
        *(f"lost: {to}" for to in sorted(EVERYBODY - written.keys())),
        *(f"nobody's: {to}" for to in sorted(written.keys() - EVERYBODY)),
        *(f"twice: {to}" for to, number in written.items() if number > 1),
        *(f"not delivered: {to}" for to in sorted(EVERYBODY - names.keys())),
        *(f"two names for one mail: {to}" for to, number in names.items() if number > 1),
        *([f"outbox: {states}"] if states != {MailStatus.SENT} else []),
        *([f"editions: {editions}"] if editions != {"2026-11/1": 1, "2026-12/1": 2} else []),
        *(["orders"] if orders else []),
        *([f"steps: {steps}"] if steps != 1 else []),
    ]


def times(few, many):
    return [*range(few), *(pytest.param(n, marks=pytest.mark.nightly) for n in range(few, many))]


@pytest.mark.slow
@pytest.mark.parametrize("_number", times(1, 20))
def test_two_ticks_at_once_after_missed_days_do_everything_once(database, turn, session, _number):
    meeting = meetings()
    told = [ended(*one) for one in [start(turn, meeting), start(turn, meeting)]]
    assert [one and one[1] for one in told] == [0, 0]  # both came through, and nothing failed
    tick_to_the_end(turn)
    assert faults(database, turn) == []


@pytest.mark.slow
@ON_SQLITE
def test_the_check_finds_ticks_that_look_only_once(database, turn, session):
    meeting = meetings()
    for one in [start(replace(turn, flaw="looks once"), meeting) for _ in range(2)]:
        ended(*one)
    tick_to_the_end(turn)
    assert "twice: berta@example.org" in faults(database, turn)


@pytest.mark.slow
def test_whoever_dies_between_deciding_and_queueing_leaves_both_undone(database, turn):
    """At the first mail, then at the second of those that are left, then at the third."""
    for number in (0, 1, 2):
        tick(turn, dies_at_mail=number)
    tick_to_the_end(turn)
    assert faults(database, turn) == []


@pytest.mark.slow
@ON_SQLITE
def test_the_check_finds_a_tick_that_commits_what_it_decided_before_the_mail(database, turn):
    for number in range(4):
        tick(turn, dies_at_mail=number, flaw="decides first")
    tick_to_the_end(turn)
    assert {fault.partition(":")[0] for fault in faults(database, turn)} >= {"lost"}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("stride", [STRIDE, pytest.param(1, marks=pytest.mark.nightly)])
def test_whoever_dies_at_any_step_leaves_everything_to_the_next(database, turn, stride):
    """Each tick dies a little later than the one before and leaves the rest to the next."""
    deaths = 0
    for number in range(stride, MOST_STEPS, stride):
        if tick(turn, dies_at=number) is not None:
            break
        deaths += 1
    assert deaths >= 3
    tick_to_the_end(turn)
    assert faults(database, turn) == []
