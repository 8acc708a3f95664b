"""The scene of this station, and a count of statements."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import event

from tests.reporting.scenes import Scene, a_scene


@pytest.fixture
def scene(session) -> Scene:
    return a_scene(session)


@pytest.fixture
def statements(database) -> Callable[[], AbstractContextManager[list[str]]]:
    """A block under which the SQL it sends is collected."""

    @contextmanager
    def collecting() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection, _cursor, text: str, *_more: object) -> None:
            seen.append(text)

        event.listen(database.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(database.engine, "before_cursor_execute", note)

    return collecting
