"""The glossary knows every word of the public enums (house rule 18)."""

import inspect
from enum import StrEnum
from pathlib import Path

import pytest

from kursliste.domain import (
    correction,
    course,
    edition,
    fast_path,
    licence,
    mail_text,
    news,
    permissions,
    question,
    reminders,
    report,
)
from kursliste.domain import round as rounds
from kursliste.models.outbox import MailStatus

ROOT = Path(__file__).parents[2]
MODULES = (
    correction,
    course,
    edition,
    fast_path,
    licence,
    mail_text,
    news,
    permissions,
    question,
    reminders,
    report,
    rounds,
)
TECHNICAL = {"Kind", "Section", "Permission", "Rule"}
ENUMS = sorted(
    {
        found
        for module in MODULES
        for name, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, StrEnum) and found is not StrEnum and name not in TECHNICAL
    }
    | {MailStatus},
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", ENUMS, ids=lambda kind: kind.__name__)
def test_the_glossary_lists_every_member(kind):
    glossary = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    line = next((li for li in glossary.splitlines() if f"`{kind.__name__}`" in li), None)
    assert line is not None, f"{kind.__name__} is not in GLOSSARY.md"
    assert [member.name for member in kind if f"`{member.name}`" not in line] == []
