"""Reminders survive postmen that die at any moment (SPEED.md, goals; SECURITY.md, rule 30).

Two postmen tick against one database and one mail server and are killed again and again: in the
middle of a delivery before the server has the mail, after it has it but before they know, and at
random moments. None may get lost; a copy must bear the Message-ID of the first.
"""

import logging
import random
import socket
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, insert, select

from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Role
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.postman import LEASE
from kursliste.models import (
    JournalEntry,
    MailStatus,
    Membership,
    OutgoingMail,
    Provider,
    ProviderDistrict,
    Reminder,
    Report,
    User,
)
from tests import builders
from tests.faults.postmen import Sink, set_clock, start

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")

log = logging.getLogger(__name__)
POSTMEN = 2
FEW, MANY = 30, 1000
GIVE_UP_S = {FEW: 100, MANY: 1500}


def a_month(session, count):
    """``count`` houses with a person each who are asked today; nobody has reported yet."""
    district = builders.a_district(session)
    opened = builders.a_round(session, builders.a_list(session, district))
    now = clock.now()
    keys = range(1, count + 1)
    place = {"district_id": district.id, "round_id": opened.id}
    lines = (
        (Provider, [{"id": k, "name": f"Haus {k}", "created_at": now} for k in keys]),
        (ProviderDistrict, [{"provider_id": k, "district_id": district.id} for k in keys]),
        (User, [{"id": k, "name": "R", "email": address(k), "created_at": now} for k in keys]),
        (Membership, [{"user_id": k, "provider_id": k, "role": Role.PROVIDER} for k in keys]),
        (Report, [{"id": k, "provider_id": k, **place} for k in keys]),
    )
    for model, rows in lines:
        session.execute(insert(model), rows)
    with transaction(session):
        pass


def address(key):
    return f"person{key}@example.org"


@contextmanager
def served(sink) -> Iterator[int]:
    """Run the mail server on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


def a_sink(count, chance):
    """A mail server with some traps among the first half of the mails."""
    traps = chance.sample(range(2, count // 2), 2 * max(2, count // 50))
    return Sink(unheard=traps[::2], unanswered=traps[1::2])


def run(database, url, frozen_clock, tmp_path, sink, *, count, chance, flaw=""):
    """Let the postmen work and die until everything is sent; return how many died."""
    time_of_day = tmp_path / "time"
    set_clock(time_of_day, frozen_clock.instant)
    kills, end = 0, time.monotonic() + GIVE_UP_S[count]
    with served(sink) as port:
        walking = [start(url, port, time_of_day, flaw) for _ in range(POSTMEN)]
        at_random = max(2, count // 25)
        while time.monotonic() < end and not nothing_waits(database, count):
            trapped = sink.trap.wait(chance.uniform(0.05, 0.4))
            if trapped or at_random:
                at_random -= not trapped
                dying = list(walking) if trapped else [chance.choice(walking)]
                kills += len(dying)
                end_all(dying)
                sink.trap.clear()
                sink.kills += 1
                walking = [postman for postman in walking if postman not in dying]
                walking += [start(url, port, time_of_day, flaw) for _ in dying]
            if only_held_ones_wait(database, count):
                frozen_clock.forward(seconds=LEASE.total_seconds() + 1)
                set_clock(time_of_day, frozen_clock.instant)
        end_all(walking)
    return kills


def end_all(postmen):
    for postman in postmen:
        postman.kill()
        postman.join()


def nothing_waits(database, count):
    return waiting(database) == (count, 0, 0)


def only_held_ones_wait(database, count):
    """Whether what is left belongs to postmen, of whom some are dead: time must go on."""
    reminders, queued, held = waiting(database)
    return reminders == count and queued == held


def waiting(database):
    """Return the numbers of reminders, of mails in the outbox, and of those with a lease."""
    queued = select(func.count()).where(OutgoingMail.state == MailStatus.QUEUED)
    held = queued.where(OutgoingMail.claimed_until >= clock.now())
    with database.session(readonly=True) as session:
        reminders = session.scalar(select(func.count()).select_from(Reminder))
        return reminders, session.scalar(queued), session.scalar(held)


def faults(database, sink, count):
    """Return everything that went wrong, in words."""
    names = defaultdict(set)
    for to, message_id in sink.got:
        names[to].add(message_id)
    everybody = {address(key) for key in range(1, count + 1)}
    with database.session(readonly=True) as session:
        kept = session.execute(select(Reminder.address, Reminder.report_id))
        steps = Counter((to, report_id) for to, report_id in kept)
        states = Counter(session.scalars(select(OutgoingMail.state)))
        told = Counter(
            session.scalars(
                select(JournalEntry.subject_id).where(
                    JournalEntry.event == JournalEvent.REMINDER_QUEUED
                )
            )
        )
    return [
        *(f"lost: {to}" for to in sorted(everybody - names.keys())),
        *(f"nobody's: {to}" for to in sorted(names.keys() - everybody)),
        *(f"two names for one mail: {to}" for to, found in names.items() if len(found) > 1),
        *(["steps"] if steps != Counter((address(k), k) for k in range(1, count + 1)) else []),
        *(["outbox"] if states != {MailStatus.SENT: count} else []),
        *(["journal"] if told != Counter(str(k) for k in range(1, count + 1)) else []),
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "count",
    [FEW, pytest.param(MANY, marks=[pytest.mark.nightly, pytest.mark.timeout(1600)])],
)
def test_no_reminder_is_lost_and_every_copy_is_known_as_one(
    database, database_url, session, frozen_clock, tmp_path, count
):
    chance = random.Random(count)
    sink = a_sink(count, chance)
    a_month(session, count)

    kills = run(database, database_url, frozen_clock, tmp_path, sink, count=count, chance=chance)

    doubles = len(sink.got) - len(set(sink.got))
    log.warning(
        "%s mails, %s kills, %s deliveries, %s copies", count, kills, len(sink.got), doubles
    )
    assert faults(database, sink, count) == []
    assert kills >= POSTMEN
    assert doubles > 0  # else nobody died where it is dangerous


@pytest.mark.slow
@pytest.mark.parametrize(
    ("flaw", "found"), [("marks first", "lost"), ("names anew", "two names for one mail")]
)
def test_the_checks_find_postmen_who_do_it_wrong(
    database, database_url, session, frozen_clock, tmp_path, flaw, found
):
    chance = random.Random(FEW)
    sink = a_sink(FEW, chance)
    a_month(session, FEW)

    run(database, database_url, frozen_clock, tmp_path, sink, count=FEW, chance=chance, flaw=flaw)

    assert {fault.partition(":")[0] for fault in faults(database, sink, FEW)} == {found}
