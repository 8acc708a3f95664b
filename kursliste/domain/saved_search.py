"""Searches that professionals keep: how many, how wide, how often they are looked through."""

from datetime import timedelta
from typing import Final

LONGEST_NAME: Final = 80
MOST_SEARCHES: Final = 20
"""Searches of one person."""

MOST_COURSES: Final = 500
"""A search that finds more tells nobody anything; and every tick would carry it about."""

LOOKED_AT_EVERY: Final = timedelta(hours=1)
"""New courses come with an edition or an interim update: an hour later is soon enough."""
