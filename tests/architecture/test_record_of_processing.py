"""The record of processing names every table, and the periods that the code keeps."""

import re
from pathlib import Path

import pytest

from kursliste.domain import hint, professionals, second_factor, sign_in
from kursliste.infrastructure import counting, mailbox
from kursliste.models import Base

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


@pytest.mark.asvs("14.2.4", "14.2.7")
def test_the_periods_are_those_of_the_code():
    text = RECORD.read_text(encoding="utf-8")
    periods = {
        f"der Träger nach {sign_in.PROVIDER_STAYS.days} Tagen",
        f"aller anderen nach {sign_in.STAFF_STAYS.seconds // 3600} Stunden",
        f"gemerkte Geräte nach {second_factor.DEVICE_HOLDS.days} Tagen",
        f"erledigte Hinweise nach {hint.KEPT.days} Tagen",
        f"E-Mails {mailbox.MAILS_KEPT.days} Tage nach dem Senden",
    }
    assert {period for period in periods if period not in text} == set()
    assert professionals.NOTES_KEPT.days == 365
    assert "Notizen nach einem Jahr" in text
    assert counting.KEPT.days == 1
    assert "IP-Adressen nach einem Tag" in text
