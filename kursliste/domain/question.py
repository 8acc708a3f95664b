"""The life of a question (Rückfrage) aimed at a report, or at one field of one course."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from kursliste.domain.errors import Rule, RuleViolationError, TransitionRefusedError
from kursliste.domain.texts import check_length


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


def check_question(text: str) -> None:
    """Raise RuleViolationError for a question that says nothing or too much."""
    if not text.strip():
        raise RuleViolationError(Rule.QUESTION_EMPTY, field="text")
    check_length(text, QUESTION_LENGTH, field="text")


def check_answer(text: str) -> None:
    """Raise RuleViolationError for an answer that says nothing or too much."""
    if not text.strip():
        raise RuleViolationError(Rule.ANSWER_EMPTY, field="answer")
    check_length(text, QUESTION_LENGTH, field="answer")
