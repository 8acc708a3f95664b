"""Writers of one process take turns, first come, first served; no turn is ever lost (ADR 19)."""

import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from kursliste.infrastructure import database as module
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.writers import WriterQueue


def until(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


@pytest.fixture
def written(tmp_path):
    """A database in which writers leave their numbers."""
    database = Database(f"sqlite:///{tmp_path}/x.db")
    with database.session() as session, transaction(session):
        session.execute(text("CREATE TABLE written (id INTEGER PRIMARY KEY, who INTEGER UNIQUE)"))
    yield database
    database.dispose()


def write(database, who):
    with database.session() as session, transaction(session):
        session.execute(text("INSERT INTO written (who) VALUES (:who)"), {"who": who})


def order(database):
    with database.session(readonly=True) as session:
        return session.scalars(text("SELECT who FROM written ORDER BY id")).all()


def queue_of(database):
    with database.engine.connect() as connection:
        return connection.connection.driver_connection._queue


def test_first_come_first_served():
    queue, served = WriterQueue(20), []

    def wait_and_leave(number):
        assert queue.enter()
        served.append(number)
        queue.leave()

    assert queue.enter()
    with ThreadPoolExecutor(6) as pool:
        for number in range(6):
            pool.submit(wait_and_leave, number)
            until(lambda: len(queue._waiting) == number + 1)  # noqa: B023 -- called at once
        queue.leave()
    assert served == [0, 1, 2, 3, 4, 5]
    assert queue.enter()


def test_who_gives_up_takes_no_turn_from_the_others():
    queue = WriterQueue(0.01)
    assert queue.enter()
    assert not queue.enter()
    queue.leave()
    assert queue.enter()


def test_writers_write_in_the_order_in_which_they_came(written):
    queue = queue_of(written)
    with written.session() as first, ThreadPoolExecutor(6) as pool:
        first.execute(text("INSERT INTO written (who) VALUES (100)"))
        for number in range(6):
            pool.submit(write, written, number)
            until(lambda: len(queue._waiting) == number + 1)  # noqa: B023 -- called at once
        with transaction(first):
            pass
    assert order(written) == [100, 0, 1, 2, 3, 4, 5]


@pytest.mark.asvs("15.4.3")
@pytest.mark.parametrize("end", ["commit", "rollback", "error", "close", "forgotten"])
def test_the_turn_is_handed_on_however_a_transaction_ends(written, end):
    write(written, 1)
    session = written.session()
    session.execute(text("SELECT 1"))
    if end == "error":
        with pytest.raises(IntegrityError), transaction(session):
            session.execute(text("INSERT INTO written (who) VALUES (1)"))
    elif end == "forgotten":
        del session
        gc.collect()  # when it comes by itself is not for this test to know
    else:
        getattr(session, end)()
    start = time.monotonic()
    write(written, 2)
    assert time.monotonic() - start < 5
    assert order(written) == [1, 2]


def test_readers_do_not_queue(written):
    with written.session() as writer, written.session(readonly=True) as reader:
        writer.execute(text("INSERT INTO written (who) VALUES (1)"))
        assert reader.scalars(text("SELECT who FROM written")).all() == []
        writer.rollback()


@pytest.mark.asvs("15.4.3")
def test_who_waits_too_long_is_told_so_by_the_database(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "BUSY_TIMEOUT_MS", 20)
    database = Database(f"sqlite:///{tmp_path}/x.db")
    with database.session() as holder, database.session() as waiting:
        holder.execute(text("SELECT 1"))
        with pytest.raises(OperationalError, match="database is locked"):
            waiting.execute(text("SELECT 1"))
        holder.rollback()
        waiting.rollback()
        waiting.execute(text("SELECT 1"))
    database.dispose()


def test_a_crowd_of_writers_loses_nothing(written):
    ready = threading.Barrier(16)

    def crowd(number):
        ready.wait()
        for step in range(10):
            write(written, number * 10 + step)

    with ThreadPoolExecutor(16) as pool:
        for done in [pool.submit(crowd, number) for number in range(16)]:
            done.result()
    assert sorted(order(written)) == list(range(160))
