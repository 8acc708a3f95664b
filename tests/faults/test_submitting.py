"""32 providers who submit at the same moment: nobody is refused, and every count adds up."""

import time
from datetime import UTC, datetime

import pytest

from benchmarks.clients import kept, work
from benchmarks.scene import Country, build
from benchmarks.submitting import serving

CLIENTS = 32
COUNTRY = Country(districts=4, houses=32, people=CLIENTS)


@pytest.mark.asvs("15.4.3")
@pytest.mark.slow
@pytest.mark.parametrize("seconds", [2, pytest.param(30, marks=pytest.mark.nightly)])
def test_nobody_is_refused_and_nothing_is_lost(database, database_url, frozen_clock, seconds):
    frozen_clock.move_to(datetime.fromtimestamp(time.time(), UTC))  # the server's clock goes on
    build(database, COUNTRY)

    with serving(database_url) as port:
        done = work(port, COUNTRY, range(1, CLIENTS + 1), seconds)

    assert done.refused == []
    assert done.submitted >= CLIENTS
    with database.session(readonly=True) as session:
        assert kept(session, COUNTRY).disagreements(done) == []
