"""Who wants in, and in which browser."""

import pytest

from tests.identity.scenes import a_reporter
from tests.page_client import PageClient


@pytest.fixture
def rita(session):
    return a_reporter(session)


@pytest.fixture
def other_client(app, session):
    """Another browser: its own cookies."""
    return PageClient(app, session)
