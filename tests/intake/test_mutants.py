"""Damaged workbooks by the thousand: read or refused by a code, never a traceback."""

import io
import random
import zipfile

import pytest

from kursliste.intake import workbook_child
from tests.intake.lists import HEAD, ROW, workbook

SEED = 20261127
SPLICES = (b"<", b"</", b"&amp;", b"&x;", b"]]>", b'"', b"\x00", b"\xff", b"99999999999", b"-1",
           b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"XFD1048576", b"../../etc", b"NaN", b"")  # fmt: skip


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return ``data`` with a few bytes lost, changed, doubled or put in."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(found) + 1)
        upto = at + chance.choice((0, 0, 1, 3, 40))
        found[at:upto] = chance.choice((*SPLICES, bytes(found[upto : upto + 20])))
    return bytes(found)


def mutant(parts: dict[str, bytes], chance: random.Random) -> bytes:
    """Return a workbook with one damaged part in a sound archive, or a damaged archive."""
    victim = chance.choice(sorted(parts))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, damaged(content, chance) if name == victim else content)
    whole = target.getvalue()
    return damaged(whole, chance) if chance.random() < 0.2 else whole


@pytest.mark.asvs("1.5.2")
@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_a_damaged_workbook_is_read_or_refused_by_a_code(count):
    with zipfile.ZipFile(io.BytesIO(workbook([HEAD, ROW, ROW], merges=["A2:A3"]))) as sound:
        parts = {name: sound.read(name) for name in sound.namelist()}
    chance = random.Random(SEED)
    ends = {"read": 0, "refused": 0}
    for _ in range(count):
        found = workbook_child.answer(mutant(parts, chance))
        ends["refused" if "error" in found else "read"] += 1
        assert {"error"} <= set(found) or {"sheets", "foreign"} == set(found)
    assert min(ends.values()) > count // 20
