"""The scene of this station."""

import pytest

from tests.reporting.scenes import Scene, a_scene


@pytest.fixture
def scene(session) -> Scene:
    return a_scene(session)
