"""The table of periods: every kind once, each with a period that somebody can give a reason for."""

from datetime import UTC, datetime, timedelta

from kursliste.domain.retention import EVERY, OVERDUE, YEAR, Kind, keepings


def test_every_kind_stands_in_the_table_once_and_in_its_order():
    assert [keeping.kind for keeping in keepings()] == list(Kind)


def test_every_kind_says_why():
    assert [keeping.kind for keeping in keepings() if len(keeping.why) < 20] == []


def test_the_operator_decides_how_long_the_journal_names_people():
    (journal,) = (one for one in keepings(10) if one.kind is Kind.JOURNAL)
    assert journal.entry_stays
    assert journal.period >= 10 * YEAR
    others = [one for one in keepings(10) if one.kind is not Kind.JOURNAL]
    assert others == [one for one in keepings(1) if one.kind is not Kind.JOURNAL]


def test_what_ends_is_told_by_the_instant_that_lies_a_period_back():
    (note,) = (one for one in keepings() if one.kind is Kind.NOTE)
    assert note.ended(datetime(2026, 11, 24, tzinfo=UTC)) == datetime(2025, 11, 24, tzinfo=UTC)


def test_a_walk_that_is_late_is_told_only_when_many_were_left_out():
    assert OVERDUE > 20 * EVERY
    assert timedelta(days=1) < OVERDUE
