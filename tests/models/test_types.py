"""What goes into a column comes out of it again, alike on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import bindparam, text
from sqlalchemy.exc import StatementError

from kursliste.domain.calendar import Month
from kursliste.domain.course import OWN_FIELDS
from kursliste.models.base import Euro, JsonText, MonthType, UtcDateTime, WordList
from kursliste.models.facts import FACT_NAMES


def stored(session, kind, value, as_text="TEXT"):
    """What the database holds for ``value``, as text."""
    statement = text(f"SELECT CAST(:value AS {as_text})").bindparams(bindparam("value", type_=kind))
    return session.execute(statement, {"value": value}).scalar_one()


def returned(session, kind, value):
    """What comes back after ``value`` went through a column of the kind."""
    session.execute(text(f"CREATE TEMPORARY TABLE one (it {KINDS[type(kind)]})"))
    insert = text("INSERT INTO one (it) VALUES (:it)").bindparams(bindparam("it", type_=kind))
    session.execute(insert, {"it": value})
    found = session.execute(text("SELECT it FROM one").columns(it=kind)).scalar_one()
    session.rollback()
    return found


KINDS = {
    MonthType: "VARCHAR(7)",
    WordList: "VARCHAR(200)",
    Euro: "INTEGER",
    JsonText: "TEXT",
}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (MonthType(), Month(2026, 12)),
        (MonthType(), None),
        (WordList(200), ("Mo", "Mi")),
        (WordList(200), ("Bürger/innen", 'mit "Anführung"')),
        (WordList(200), None),
        (Euro(), Decimal("229.00")),
        (Euro(), Decimal("0.10")),
        (Euro(), None),
        (JsonText(), {"b": [1, None, "ä"], "a": {}}),
        (JsonText(), None),
    ],
)
def test_a_value_comes_back_as_it_went_in(session, kind, value):
    assert returned(session, kind, value) == value


def test_a_month_is_text_that_sorts(session):
    assert stored(session, MonthType(), Month(2026, 3)) == "2026-03"


def test_words_are_json_and_no_words_are_nothing(session):
    assert stored(session, WordList(200), ("Fr", "Bürger/innen")) == '["Fr", "Bürger/innen"]'
    assert stored(session, WordList(200), ()) is None


def test_an_amount_is_kept_in_cents(session):
    assert stored(session, Euro(), Decimal("2.29"), "INTEGER") == 229


def test_equal_data_gives_equal_text(session):
    assert stored(session, JsonText(), {"b": 1, "a": "ä"}) == '{"a":"ä","b":1}'


class TestInstants:
    """With a real column: only that shows what each database does to a time zone."""

    berlin = timezone(timedelta(hours=1))

    def through(self, session, value):
        kind = "TIMESTAMP WITH TIME ZONE"
        session.execute(text(f"CREATE TEMPORARY TABLE one (it {kind})"))
        statement = text("INSERT INTO one (it) VALUES (:it)")
        session.execute(statement.bindparams(bindparam("it", type_=UtcDateTime())), {"it": value})
        found = session.execute(text("SELECT it FROM one").columns(it=UtcDateTime())).scalar_one()
        session.rollback()
        return found

    def test_an_instant_comes_back_in_utc(self, session):
        given = datetime(2026, 11, 30, 23, 59, 59, 123456, tzinfo=self.berlin)
        found = self.through(session, given)
        assert found == given
        assert found.tzinfo is UTC
        assert found.hour == 22

    def test_no_instant_stays_none(self, session):
        assert self.through(session, None) is None

    def test_a_time_without_a_zone_is_refused(self, session):
        with pytest.raises(StatementError, match="naive datetime"):
            self.through(session, datetime(2026, 11, 30, 12))


def test_the_facts_are_what_a_provider_reports_and_the_confirmation():
    own = [field.attribute for field in OWN_FIELDS]
    assert (*own, "confirmed_on", "confirmed_by", "confirmed_how") == FACT_NAMES
