"""So many for a network and hour."""

import pytest

from kursliste.web import brake
from kursliste.web.brake import AN_HOUR_S, Brake


class Clock:
    """A clock that stands until somebody moves it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.mark.asvs("2.4.1")
@pytest.mark.con10("A6")
def test_each_network_has_its_own_and_an_hour_later_again(clock):
    two = Brake(2, clock=clock)
    assert [two.holds("a") for _ in range(3)] == [False, False, True]
    assert two.holds("b") is False
    clock.now = AN_HOUR_S - 1
    assert two.holds("a") is True
    clock.now = AN_HOUR_S
    assert [two.holds("a") for _ in range(3)] == [False, False, True]


def test_many_networks_do_not_fill_the_memory(clock, monkeypatch):
    monkeypatch.setattr(brake, "MOST_NETWORKS", 3)
    one = Brake(1, clock=clock)
    for network in "abcd":
        assert one.holds(network) is False
    assert one.holds("d") is True
    assert one.holds("a") is False, "the one that came longest ago was forgotten"
