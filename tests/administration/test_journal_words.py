"""Whoever reads the journal reads German."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kursliste.administration.journal_words import FOR_MACHINES, lines_of, name_of, value_of
from kursliste.domain.events import JournalEvent
from kursliste.models import JournalEntry

SOURCES = sorted((Path(__file__).parents[2] / "kursliste").rglob("*.py"))
NO_DETAILS = {"actor", "scope", "changes"}


def recorded():
    """The names of the details that the code records."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func).split(".")[-1]
                if called == "record" or called.lstrip("_").startswith("record_own"):
                    yield from (word.arg for word in node.keywords if word.arg)


def test_every_detail_has_a_german_name():
    names = set(recorded()) - NO_DETAILS - FOR_MACHINES
    assert len(names) > 20
    assert {name for name in names if name_of(name) == name} == set()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("role", "coordinator", "Koordination"),
        ("status", "approved", "freigegeben"),
        ("status", "voll", "voll"),
        ("how", "paper", "Ersatzcode"),
        ("starts_on", "2026-12-01", "01.12.2026"),
        ("starts_on", "2026-13-01", "2026-13-01"),
        ("time_from", "08:30:00", "08:30"),
        ("month", "2026-12", "Dezember 2026"),
        ("due_at", "2026-12-01T08:00:00+00:00", "01.12.2026, 09:00 Uhr"),
        ("weekdays", ["Mo", "Di"], "Mo, Di"),
        ("nil", True, "ja"),
        ("text", "2026 war gut", "2026 war gut"),
    ],
)
def test_values_are_written_in_german(name, value, words):
    assert value_of(name, value) == words


def test_an_entry_without_its_person_tells_which_fields_changed():
    entry = JournalEntry(
        at=datetime(2026, 12, 1, tzinfo=UTC),
        event=JournalEvent.COURSE_CHANGED,
        changes={"title": [None, None], "seats_free": [None, 3], "starts_on": [None, None]},
        details={"reason": None},
        person_removed_at=datetime(2031, 1, 1, tzinfo=UTC),
    )
    assert list(lines_of(entry)) == [
        "Titel (Werte nach Ablauf der Frist gelöscht)",
        "frei: keine Angabe → 3",
        "Beginn (Werte nach Ablauf der Frist gelöscht)",
    ]


def test_an_entry_tells_what_moved_and_leaves_out_what_is_for_machines():
    entry = JournalEntry(
        at=datetime(2026, 12, 1, tzinfo=UTC),
        event=JournalEvent.COURSE_CHANGED,
        changes={"starts_on": [None, "2026-12-01"], "status": ["draft", "submitted"]},
        details={"reason": "", "rows_sha256": "0" * 64, "courses": 0},
    )
    assert list(lines_of(entry)) == [
        "Beginn: keine Angabe → 01.12.2026",
        "Status: in Bearbeitung → eingereicht",
        "Kurse: 0",
    ]
