"""The words of a district: what they may hold, and how they are filled in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.mail_text import LONGEST_TEXT, Placeholder, checked_text, filled

VALUES = {
    Placeholder.MONTH: "Dezember 2026",
    Placeholder.DUE_ON: "30.11.2026",
    Placeholder.PROVIDER: "VHS {monat} & Co.",
}
KNOWN = ["{monat}", "{meldeschluss}", "{traeger}"]


@pytest.mark.asvs("1.3.10")
def test_placeholders_are_filled_in_once():
    text = "{traeger}: bis {meldeschluss} für {monat}, ja {monat}."
    assert checked_text(text) == text
    assert filled(text, VALUES) == (
        "VHS {monat} & Co.: bis 30.11.2026 für Dezember 2026, ja Dezember 2026."
    )


def test_blanks_around_a_text_are_left_out():
    assert checked_text("\n Guten Morgen \n") == "Guten Morgen"


@pytest.mark.parametrize("text", ["", "  \n "])
def test_a_text_says_something(text):
    with pytest.raises(RuleViolationError) as caught:
        checked_text(text)
    assert (caught.value.rule, caught.value.field) == (Rule.VALUE_MISSING, "text")


def test_the_length_of_a_text_is_told():
    assert len(checked_text("ä" * LONGEST_TEXT)) == LONGEST_TEXT
    with pytest.raises(RuleViolationError) as caught:
        checked_text("ä" * (LONGEST_TEXT + 1))
    assert caught.value.rule is Rule.TEXT_TOO_LONG
    assert caught.value.facts == {"count": 1001, "length": 1000}


@pytest.mark.asvs("1.3.10")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Bis {frist}.", "{frist}"),
        ("Bis {Monat}.", "{Monat}"),
        ("Bis { monat }.", "{ monat }"),
        ("Bis {}.", "{}"),
        ("{monat} und {0.__class__}", "{0.__class__}"),
        ("{monat!r}", "{monat!r}"),
    ],
)
def test_what_is_no_placeholder_is_named(text, value):
    with pytest.raises(RuleViolationError) as caught:
        checked_text(text)
    assert caught.value.rule is Rule.PLACEHOLDER_UNKNOWN
    assert caught.value.facts == {"value": value, "known": KNOWN}


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Bis {monat", "Bis {monat"),
        ("Bis monat} heute", "Bis monat} heute"),
        ("{{monat}}", "{{monat}}"),
        ("Sehr geehrte Damen und Herren, bis {monat", "en und Herren, bis {monat"),
        ("}", "}"),
    ],
)
def test_a_brace_that_stands_alone_is_shown_in_its_place(text, near):
    with pytest.raises(RuleViolationError) as caught:
        checked_text(text)
    assert caught.value.rule is Rule.BRACE_ALONE
    assert near.endswith(str(caught.value.facts["value"])) or near.startswith(
        str(caught.value.facts["value"])
    )
    assert caught.value.facts["known"] == KNOWN


@given(st.text(alphabet="{}monat eldschurg\n", max_size=60))
def test_a_text_is_refused_or_filled_without_a_brace_left(text):
    try:
        good = checked_text(text)
    except RuleViolationError:
        return
    values = dict.fromkeys(Placeholder, "x")
    assert not set(filled(good, values)) & set("{}")


def test_a_text_that_nobody_checked_still_makes_a_mail():
    assert filled("Bis {frist} {", VALUES) == "Bis {frist} {"
