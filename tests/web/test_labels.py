"""Every name of ours has German words, and values are written as Germans write them."""

import re
import string
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.course import Section
from kursliste.domain.edition import ChangeKind, Phase
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Role
from kursliste.domain.plausibility import Finding, Notice
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import ReportAction, ReportOrigin, ReportStatus
from kursliste.domain.round import ListKind, Rhythm, RoundStatus, UnconfirmedRule
from kursliste.web import error_words, labels, notice_words
from kursliste.web.event_words import EVENTS
from kursliste.web.filters import heading, instant, phone_link
from kursliste.web.links import absolute

TABLES = [
    (Rule, error_words.MESSAGES),
    (ReportStatus, labels.REPORT_STATUS),
    (ReportStatus, labels.REPORT_TONE),
    (ReportAction, labels.REPORT_ACTION),
    (ReportOrigin, labels.REPORT_ORIGIN),
    (QuestionStatus, labels.QUESTION_STATUS),
    (RoundStatus, labels.ROUND_STATUS),
    (ListKind, labels.LIST_KIND),
    (Rhythm, labels.RHYTHM),
    (UnconfirmedRule, labels.UNCONFIRMED_RULE),
    (Role, labels.ROLE),
    (Phase, labels.PHASE),
    (ChangeKind, labels.CHANGE_KIND),
    (Section, labels.SECTION),
    (Notice, notice_words.NOTICES),
    (JournalEvent, EVENTS),
]


@pytest.mark.parametrize(("kind", "table"), TABLES, ids=lambda c: getattr(c, "__name__", ""))
def test_no_member_is_without_words(kind, table):
    assert list(table) == list(dict.fromkeys(table))
    assert set(table) == set(kind)
    assert all(words for member, words in table.items() if member is not Section.NONE)


@pytest.mark.parametrize(
    "table", [error_words.MESSAGES, notice_words.NOTICES, error_words.HTTP_STATUS]
)
def test_sentences_are_polite_and_complete(table):
    for words in table.values():
        text = words if isinstance(words, str) else words[1]
        assert "Bitte beachten" not in text
        assert text.endswith((".", "}", "?"))


def facts_in(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("rule", Rule)
def test_a_message_is_filled_with_its_facts(rule):
    names = facts_in(error_words.MESSAGES[rule])
    facts: dict[str, Any] = dict.fromkeys(names, date(2026, 12, 1))
    words = error_words.message(RuleViolationError(rule, **facts))
    assert re.findall(r"[{}]", words) == []
    assert words.count("01.12.2026") >= len(names)


@pytest.mark.parametrize("kind", Notice)
def test_a_notice_is_filled_with_its_facts(kind):
    names = facts_in(notice_words.NOTICES[kind])
    words = notice_words.notice(
        Finding(notice=kind, attribute="title", facts=dict.fromkeys(names, 7))
    )
    assert re.findall(r"[{}]", words) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (True, "ja"),
        (False, "nein"),
        (Month(2026, 3), "März 2026"),
        (date(2026, 12, 1), "01.12.2026"),
        (time(8, 5), "08:05"),
        (("Mo", "Mi"), "Mo, Mi"),
        ([Month(2026, 1), None], "Januar 2026, "),
        (0, "0"),
        (Decimal("229.00"), "229,00"),
        ("{x}", "{x}"),
    ],
)
def test_values_are_written_in_german(value, words):
    assert labels.shown(value) == words


def test_braces_in_typed_text_do_no_harm():
    error = RuleViolationError(Rule.NAME_TAKEN, name="{0.__class__}")
    assert error_words.message(error) == "„{0.__class__}“ ist schon vergeben."


def test_instants_are_shown_in_germany_in_summer_and_winter():
    assert instant(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == "02.12.2026, 00:30 Uhr"
    assert instant(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "02.07.2026, 00:30 Uhr"
    assert instant(None) == ""


def test_small_filters():
    assert heading("seats_free") == "frei"
    assert phone_link("+49 (3581) 000-110") == "+493581000110"


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_addresses_in_mails_come_from_the_settings(app):
    with app.test_request_context(base_url="http://evil.example"):
        assert absolute("identity.link", token="t") == "http://localhost/anmelden/t"
