"""A reader's hint that a published course is not right any more ("Stimmt nicht mehr").

It changes nothing that is published: it tells the provider and the coordination where to look.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from kursliste.domain.limit import Limit

LONGEST_COMMENT: Final = 300
PER_NETWORK: Final = Limit(10, timedelta(hours=1))
"""Hints from one network within an hour: a whole counselling office sits behind one address."""


class HintReason(StrEnum):
    """What somebody found out about a course."""

    NOBODY_ANSWERS = "nobody_answers"
    FULL = "full"
    NOT_TAKING_PLACE = "not_taking_place"
    TIME_OR_PLACE = "time_or_place"
    OTHER = "other"
