"""A brake for what costs much to make: so many for a network and hour, counted in this process.

Reading changes nothing (ADR 8), so nothing is written; where it has to be exact across servers,
``infrastructure.counting`` counts in the database.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Final

AN_HOUR_S: Final = 3600.0
MOST_NETWORKS: Final = 10_000


class Brake:
    """Lets ``most`` pass for each network within an hour."""

    def __init__(self, most: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._guard = threading.Lock()
        self._passed: OrderedDict[str, deque[float]] = OrderedDict()

    def holds(self, network: str) -> bool:
        """Count one try and return whether it is one too many."""
        now = self._clock()
        with self._guard:
            times = self._passed.setdefault(network, deque(maxlen=self._most))
            self._passed.move_to_end(network)
            while len(self._passed) > MOST_NETWORKS:
                self._passed.popitem(last=False)
            if len(times) == self._most and now - times[0] < AN_HOUR_S:
                return True
            times.append(now)
            return False
