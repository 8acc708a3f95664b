"""A bounded memory of things that were read: for what does not change, or may be a little old."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar
from weakref import WeakSet

Thing = TypeVar("Thing")
NEVER: Final = float("inf")
_all: "WeakSet[Remembered[object]]" = WeakSet()


class Remembered(Generic[Thing]):
    """The ``most`` things that were asked for last, each ``seconds`` old at most.

    Safe between threads; two that miss at once both read, and the later answer stays.
    """

    def __init__(self, most: int, *, seconds: float = NEVER) -> None:
        self._most = most
        self._seconds = seconds
        self._things: OrderedDict[Hashable, tuple[float, Thing]] = OrderedDict()
        self._guard = threading.Lock()
        _all.add(self)  # type: ignore[arg-type]  # whatever is remembered is forgotten alike

    def get(self, key: Hashable, read: Callable[[], Thing]) -> Thing:
        """Return the thing under ``key``, by ``read`` where it is not known or too old."""
        now = time.monotonic()
        with self._guard:
            found = self._things.get(key)
            if found is not None and found[0] > now:
                self._things.move_to_end(key)
                return found[1]
        thing = read()
        with self._guard:
            self._things[key] = (now + self._seconds, thing)
            self._things.move_to_end(key)
            while len(self._things) > self._most:
                self._things.popitem(last=False)
        return thing

    def peek(self, key: Hashable) -> Thing | None:
        """Return the thing under ``key``, or None where it is not known or too old."""
        with self._guard:
            found = self._things.get(key)
            return found[1] if found is not None and found[0] > time.monotonic() else None

    def forget(self) -> None:
        """Forget everything."""
        with self._guard:
            self._things.clear()


def forget_all() -> None:
    """Forget everything that this process remembers: the database behind it is another one."""
    for remembered in list(_all):
        remembered.forget()
