"""The life of a question (Rückfrage) aimed at a report, or at one field of one course."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kursliste.domain.errors import TransitionRefusedError


class QuestionStatus(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class QuestionAction(StrEnum):
    ANSWER = "answer"
    CLOSE = "close"


QUESTION_TRANSITIONS: Final[Mapping[tuple[QuestionStatus, QuestionAction], QuestionStatus]] = (
    MappingProxyType(
        {
            (QuestionStatus.OPEN, QuestionAction.ANSWER): QuestionStatus.ANSWERED,
            (QuestionStatus.OPEN, QuestionAction.CLOSE): QuestionStatus.CLOSED,
            (QuestionStatus.ANSWERED, QuestionAction.CLOSE): QuestionStatus.CLOSED,
        }
    )
)

QUESTION_LENGTH: Final = 1000
"""The most characters a question or an answer may have."""


def next_question_status(status: QuestionStatus, action: QuestionAction) -> QuestionStatus:
    """Return the state after ``action``; raise TransitionRefusedError if it is not allowed."""
    try:
        return QUESTION_TRANSITIONS[status, action]
    except KeyError:
        msg = f"cannot {action} a question that is {status}"
        raise TransitionRefusedError(msg) from None
