"""The table of faults names tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "evidence" / "FAULTS.md"


def named(text):
    """Return (file, test) for each test that is named after its file."""
    found, file = [], ""
    for word in re.findall(r"tests/[\w/]+\.py|\btest_\w+", text):
        if word.endswith(".py"):
            file = word
        else:
            found.append((file, word))
    return found


def absent(text):
    return [
        (file, test)
        for file, test in named(text)
        if f"def {test}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]


def test_each_test_that_the_table_names_exists():
    text = TABLE.read_text(encoding="utf-8")
    assert len(named(text)) > 25
    assert absent(text) == []
    assert absent("tests/test_starting.py: test_of_nothing") == [
        ("tests/test_starting.py", "test_of_nothing")
    ]
