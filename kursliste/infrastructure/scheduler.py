"""What is due, done again and again by a thread beside the server."""

import logging
import threading
from collections.abc import Callable
from typing import Final

log = logging.getLogger(__name__)

PAUSE_S: Final = 5.0


class Scheduler:
    """Calls ``job`` every few seconds until it is stopped; a failing job is tried again."""

    def __init__(self, job: Callable[[], object], *, pause_s: float = PAUSE_S) -> None:
        self._job = job
        self._pause_s = pause_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)

    def start(self) -> None:
        """Begin; the first run is at once."""
        self._thread.start()

    def stop(self) -> None:
        """Let the current run end and begin no other."""
        self._stopped.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._job()
            except Exception:
                log.exception("the scheduled work failed; trying again")
            self._stopped.wait(self._pause_s)
