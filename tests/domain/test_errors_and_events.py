"""Errors carry what a page needs; every event and rule has German words."""

from kursliste.domain.errors import ConflictError, Rule, RuleViolationError
from kursliste.domain.events import INTERNAL_EVENTS, JournalEvent
from kursliste.web import error_words
from kursliste.web.event_words import EVENTS


def test_a_broken_rule_says_where_and_with_which_values():
    error = RuleViolationError(Rule.NAME_TAKEN, field="name", name="VHS")
    assert (error.rule, error.field, error.facts) == (Rule.NAME_TAKEN, "name", {"name": "VHS"})
    assert str(error) == "name_taken"


def test_a_conflict_keeps_both_values():
    assert ConflictError().differences == ()
    assert ConflictError([("frei", "3", "4")]).differences == (("frei", "3", "4"),)


def test_every_rule_and_event_has_words():
    assert set(error_words.MESSAGES) == set(Rule)
    assert set(EVENTS) == set(JournalEvent)


def test_what_providers_see_of_their_history():
    shown = set(JournalEvent) - INTERNAL_EVENTS
    assert {event for event in shown if event.startswith(("person", "sign", "user"))} == set()
    assert JournalEvent.QUESTION_ASKED in shown
