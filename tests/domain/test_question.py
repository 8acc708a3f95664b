"""What a question and an answer must say."""

import pytest

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.question import QUESTION_LENGTH, check_answer, check_question


@pytest.mark.parametrize(
    ("check", "field", "empty"),
    [(check_question, "text", Rule.QUESTION_EMPTY), (check_answer, "answer", Rule.ANSWER_EMPTY)],
)
def test_words_are_there_but_not_too_many(check, field, empty):
    check("x" * QUESTION_LENGTH)

    for text, rule in ((" \n ", empty), ("x" * (QUESTION_LENGTH + 1), Rule.TEXT_TOO_LONG)):
        with pytest.raises(RuleViolationError) as refused:
            check(text)
        assert (refused.value.rule, refused.value.field) == (rule, field)
