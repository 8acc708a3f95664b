"""The record of processing names every table, and the periods that the code keeps."""

import re
from pathlib import Path

import pytest

from kursliste.domain import second_factor, sign_in
from kursliste.domain.retention import Kind, keepings
from kursliste.models import Base
from kursliste.models.base import UtcDateTime

RECORD = Path(__file__).parents[2] / "docs" / "verarbeitungsverzeichnis.md"


@pytest.mark.asvs("14.2.4")
def test_every_table_is_named_once():
    text = RECORD.read_text(encoding="utf-8")
    named = [
        name
        for line in text.splitlines()
        if line.startswith(("| Tabellen |", "Tabellen:"))
        for name in re.findall(r"`(\w+)`", line)
    ]
    assert sorted(named) == sorted(table.name for table in Base.metadata.sorted_tables)


WORDS = {
    Kind.SESSION: "Anmeldungen sofort, wenn sie enden",
    Kind.SIGN_IN_LINK: "Links {days} Tag nach ihrem Ende",
    Kind.DEVICE: "gemerkte Geräte sofort, wenn ihre Zeit um ist",
    Kind.UNPROVED_APP: "nicht bestätigte App nach {days} Tag",
    Kind.TRY: "IP-Adressen nach {days} Tag",
    Kind.MAIL: "E-Mails nach {days} Tagen",
    Kind.SETTLED_HINT: "erledigte Hinweise nach {days} Tagen",
    Kind.UNSETTLED_HINT: "offene Hinweise nach {days} Tagen",
    Kind.NOTE: "Notizen nach {days} Tagen",
    Kind.UNCONFIRMED_ORDER: "ohne Bestätigung nach {days} Tagen",
    Kind.LEFT_READER: "Prüfsummen der Links nach {days} Tagen",
    Kind.DROPPED_UPLOAD: "nicht übernommene Listen nach {days} Tagen",
    Kind.UPLOAD: "übernommene nach {days} Tagen",
    Kind.JOURNAL: "Personen im Protokoll nach {years} Jahren",
}


@pytest.mark.asvs("14.2.4", "14.2.7")
@pytest.mark.parametrize("keeping", keepings(), ids=lambda keeping: keeping.kind)
def test_the_record_tells_the_periods_of_the_code_beside_their_tables(keeping):
    text = RECORD.read_text(encoding="utf-8")
    (section,) = (part for part in text.split("\n## ") if f"`{keeping.table}`" in part)
    (deletion,) = (line for line in section.splitlines() if line.startswith("| Löschung |"))
    days = keeping.period.days
    assert WORDS[keeping.kind].format(days=days, years=days // 366) in deletion


def test_the_record_tells_how_long_people_stay_signed_in():
    text = RECORD.read_text(encoding="utf-8")
    periods = {
        f"der Träger nach {sign_in.PROVIDER_STAYS.days} Tagen",
        f"aller anderen nach {sign_in.STAFF_STAYS.seconds // 3600} Stunden",
        f"wenn ihre Zeit um ist (nach {second_factor.DEVICE_HOLDS.days} Tagen)",
    }
    assert {period for period in periods if period not in text} == set()


@pytest.mark.parametrize("keeping", keepings(), ids=lambda keeping: keeping.kind)
def test_every_period_counts_from_an_instant_of_its_table(keeping):
    column = Base.metadata.tables[keeping.table].columns[keeping.since]
    assert isinstance(column.type, UtcDateTime)
