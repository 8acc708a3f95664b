"""Every state with every action: what is in the table moves, all else is refused."""

from enum import StrEnum
from itertools import product

import pytest

from kursliste.domain.correction import (
    CorrectionAction,
    CorrectionStatus,
    next_correction_status,
)
from kursliste.domain.errors import TransitionRefusedError
from kursliste.domain.question import QuestionAction, QuestionStatus, next_question_status
from kursliste.domain.report import (
    DECIDED,
    EDITABLE,
    SENT,
    TRANSITIONS,
    ReportAction,
    ReportStatus,
    allowed_actions,
    next_status,
)
from kursliste.domain.round import RoundAction, RoundStatus, next_round_status

# Written out again on purpose: a changed table must be a changed test.
REPORT = {
    ("open", "start"): "draft",
    ("draft", "submit"): "submitted",
    ("asked", "submit"): "submitted",
    ("submitted", "take_back"): "draft",
    ("submitted", "ask"): "asked",
    ("submitted", "approve"): "approved",
    ("draft", "carry_over"): "approved",
    ("asked", "carry_over"): "approved",
    ("approved", "reopen"): "submitted",
    ("approved", "revise"): "draft",
    ("draft", "discard"): "approved",
    ("asked", "discard"): "approved",
}
QUESTION = {
    ("open", "answer"): "answered",
    ("open", "close"): "closed",
    ("answered", "close"): "closed",
}
CORRECTION = {
    ("open", "accept"): "accepted",
    ("open", "object"): "objected",
    ("objected", "settle"): "settled",
}
ROUND = {("open", "close"): "closed", ("closed", "reopen"): "open"}

CASES = [
    (move, table, state, action)
    for move, table, states, actions in (
        (next_status, REPORT, ReportStatus, ReportAction),
        (next_question_status, QUESTION, QuestionStatus, QuestionAction),
        (next_round_status, ROUND, RoundStatus, RoundAction),
        (next_correction_status, CORRECTION, CorrectionStatus, CorrectionAction),
    )
    for state, action in product(states, actions)
]


@pytest.mark.parametrize(
    ("move", "table", "state", "action"),
    CASES,
    ids=lambda value: value.value if isinstance(value, StrEnum) else "",
)
def test_every_state_and_action(move, table, state, action):
    expected = table.get((state.value, action.value))
    if expected is None:
        with pytest.raises(TransitionRefusedError, match=state.value):
            move(state, action)
    else:
        assert move(state, action).value == expected


@pytest.mark.parametrize("is_revision", [False, True])
@pytest.mark.parametrize("status", ReportStatus)
def test_buttons_come_from_the_same_table(status, is_revision):
    other = "carry_over" if is_revision else "discard"
    expected = {action for (state, action) in REPORT if state == status.value} - {other}
    found = allowed_actions(status, is_revision=is_revision)
    assert {action.value for action in found} == expected


def test_every_state_is_reached_and_groups_of_states_fit_the_table():
    assert {*TRANSITIONS.values(), ReportStatus.OPEN} == set(ReportStatus)
    assert set(EDITABLE) & set(DECIDED) == set()
    submitted_first = {
        target for (_, action), target in TRANSITIONS.items() if action is ReportAction.SUBMIT
    }
    assert submitted_first <= set(SENT)
