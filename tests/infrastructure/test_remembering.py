"""A bounded memory that forgets what is old, or was asked for longest ago."""

from itertools import count

import pytest

from kursliste.infrastructure.remembering import Remembered, forget_all


@pytest.fixture
def seconds(monkeypatch):
    """Seconds that pass only when a test says so."""
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def test_what_is_known_is_not_read_again_until_it_is_old(seconds):
    reads = count()
    memory: Remembered[int] = Remembered(2, seconds=10)
    assert [memory.get("a", lambda: next(reads)) for _ in range(2)] == [0, 0]
    seconds[0] = 9.9
    assert memory.get("a", lambda: next(reads)) == 0
    seconds[0] = 10
    assert memory.get("a", lambda: next(reads)) == 1


def test_the_one_asked_for_longest_ago_goes_first():
    memory: Remembered[str] = Remembered(2)
    for key in ("a", "b", "a", "c"):
        memory.get(key, lambda: "first")
    assert memory.get("a", lambda: "again") == "first"
    assert memory.get("b", lambda: "again") == "again"


def test_another_database_means_nothing_is_known():
    memory: Remembered[str] = Remembered(2)
    memory.get("a", lambda: "first")
    forget_all()
    assert memory.get("a", lambda: "again") == "again"


def test_what_could_not_be_read_is_not_remembered():
    memory: Remembered[str] = Remembered(2)

    def broken() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        memory.get("a", broken)
    assert memory.get("a", lambda: "first") == "first"
