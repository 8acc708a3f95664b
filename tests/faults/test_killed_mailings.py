"""Mails to readers survive ticks that die at any moment: each once for an edition and a reader.

Two postmen tick against one database and one mail server and are killed again and again while
they write the mails of an edition in small batches, and while they deliver them. The control ticks
without knowing how far it got.
"""

import random
import sys
import time
from collections import defaultdict

import pytest
from sqlalchemy import func, select

from kursliste.domain.subscription import filter_key
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.postman import LEASE
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Mailing, MailStatus, OutgoingMail, ReaderMail, Subscription
from tests.faults.postmen import Sink, set_clock, start
from tests.faults.test_killed_postmen import POSTMEN, end_all, served
from tests.readers.scenes import publish, two_months

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
FEW, MANY = 24, 400
KILLS = {FEW: 6, MANY: 50}
GIVE_UP_S = {FEW: 90, MANY: 900}


def published(session, tmp_path, count):
    """An edition that ``count`` readers are to hear of."""
    scene = two_months(session, Shelf(tmp_path / "exports"))
    session.add_all(
        Subscription(
            course_list_id=scene.course_list.id,
            district_id=scene.district.id,
            email=f"leser{number}@example.org",
            filters={},
            filter_key=filter_key({}),
            requested_at=clock.now(),
            confirmed_at=clock.now(),
        )
        for number in range(count)
    )
    publish(scene)
    with transaction(session):
        pass


def run(database, url, frozen_clock, tmp_path, *, count, flaw):
    """Let ticks work and die until everything is written and sent; return what arrived."""
    time_of_day, chance = tmp_path / "time", random.Random(count)
    set_clock(time_of_day, frozen_clock.instant)
    sink, kills, end = Sink((), ()), 0, time.monotonic() + GIVE_UP_S[count]
    with served(sink) as port:
        walking = [start(url, port, time_of_day, flaw) for _ in range(POSTMEN)]
        while time.monotonic() < end and waiting(database):
            time.sleep(chance.uniform(0.05, 0.3))
            if kills < KILLS[count]:
                dying = walking.pop(chance.randrange(POSTMEN))
                end_all([dying])
                kills += 1
                walking.append(start(url, port, time_of_day, flaw))
            else:  # the dead may have had mails in hand
                frozen_clock.forward(seconds=LEASE.total_seconds() + 1)
                set_clock(time_of_day, frozen_clock.instant)
        end_all(walking)
    return sink.got


def waiting(database):
    with database.session(readonly=True) as session:
        due = session.scalar(
            select(func.count()).select_from(Mailing).where(Mailing.finished_at.is_(None))
        )
        queued = session.scalar(select(func.count()).where(OutgoingMail.state == MailStatus.QUEUED))
        return due + queued


def faults(database, got, count):
    """Return everything that went wrong, in words."""
    names = defaultdict(set)
    for to, message_id in got:
        names[to].add(message_id)
    everybody = {f"leser{number}@example.org" for number in range(count)}
    with database.session(readonly=True) as session:
        kept = session.scalars(select(ReaderMail.subscription_id)).all()
    return {
        *("lost" for _ in everybody - names.keys()),
        *("two mails" for found in names.values() if len(found) > 1),
        *(["rows"] if len(kept) != count or len(set(kept)) != count else []),
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "count", [FEW, pytest.param(MANY, marks=[pytest.mark.nightly, pytest.mark.timeout(1000)])]
)
def test_every_reader_hears_once_whoever_dies(
    database, database_url, session, frozen_clock, tmp_path, count
):
    published(session, tmp_path, count)
    got = run(
        database, database_url, frozen_clock, tmp_path, count=count, flaw="writes small batches"
    )
    assert faults(database, got, count) == set()


@pytest.mark.slow
def test_the_checks_find_a_tick_that_forgets_how_far_it_got(
    database, database_url, session, frozen_clock, tmp_path
):
    published(session, tmp_path, FEW)
    got = run(
        database, database_url, frozen_clock, tmp_path, count=FEW, flaw="forgets how far it got"
    )
    assert "two mails" in faults(database, got, FEW)
