"""Writers of one process wait for SQLite in the order in which they came (ADR 19).

SQLite lets one write at a time and tells nobody when the lock is free: who waits sleeps and looks
again, up to a tenth of a second later, and whoever happens to look first goes next. On the last
day of a month that leaves the database idle half of the time and some people waiting for seconds.
"""

import threading
from collections import deque


class WriterQueue:
    """A lock that is handed on from one to the next, first come, first served."""

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._guard = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Event] = deque()

    def enter(self) -> bool:
        """Wait for one's turn; False if it did not come in time."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(self._patience_s):
            return True
        with self._guard:
            is_too_late = mine in self._waiting
            if is_too_late:
                self._waiting.remove(mine)
        return not is_too_late  # or it came in the very last moment

    def leave(self) -> None:
        """Hand the turn on to whoever waits longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False
