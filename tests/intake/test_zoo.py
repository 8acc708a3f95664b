"""The zoo of hostile files (SECURITY.md, X15, X16, G8): each is read right or refused in German."""

import json
import os
import tracemalloc
from contextlib import suppress

import pytest

from kursliste.domain.errors import Rule
from kursliste.intake import sheet
from kursliste.intake.cells import FileRefusedError
from kursliste.intake.sheet import read_sheets
from kursliste.intake.understanding import Understanding, to_json
from tests.intake import zoo_archives, zoo_cells, zoo_sheets, zoo_texts
from tests.intake.lists import understood
from tests.intake.zoo import ANIMALS, Animal

HOUSES = (zoo_archives, zoo_sheets, zoo_cells, zoo_texts)
SECONDS = 2.0
"""Of work of this process and the child, not of waiting: a busy machine must not fail a test."""

GROWTH = 50_000_000
"""Bytes that reading may need in the process that serves, beside the file itself (G7)."""


def work_done() -> float:
    """Return the seconds that this process and its children have computed so far."""
    return sum(os.times()[:4])


def ended(animal: Animal, data: bytes) -> str:
    """Return why a file is refused; check what is read of one that is not."""
    try:
        found: Understanding | FileRefusedError = understood(data, animal.file_name)
    except FileRefusedError as error:
        found = error
    if isinstance(found, FileRefusedError):
        assert found.rule is Rule.FILE_REFUSED
        assert found.reason.endswith(".")
        return found.reason
    assert tuple(course.values.get("title") for course in found.courses) == animal.titles
    assert animal.says in json.dumps(to_json(found), ensure_ascii=False)
    return ""


def test_the_zoo_is_as_large_as_it_should_be():
    assert len(ANIMALS) == len({animal.name for animal in ANIMALS}) >= 100
    assert {animal.build.__module__ for animal in ANIMALS} == {house.__name__ for house in HOUSES}


@pytest.mark.asvs("1.5.1", "5.2.1", "5.2.2", "5.2.3", "15.2.2")
@pytest.mark.con10("A5")
@pytest.mark.parametrize("animal", ANIMALS, ids=lambda animal: animal.name)
def test_a_hostile_file_is_read_right_or_refused_with_its_reason(animal):
    """The reason is that of a limit on what the file holds, never the clock's or the memory's."""
    data = animal.build()
    started = work_done()
    reason = ended(animal, data)
    assert work_done() - started < SECONDS
    assert reason.startswith(animal.refused)
    assert bool(reason) == bool(animal.refused)
    assert reason != sheet.HEAVY


@pytest.mark.asvs("5.2.1", "15.2.2")
@pytest.mark.parametrize("animal", ANIMALS, ids=lambda animal: animal.name)
def test_the_memory_of_the_serving_process_stays_flat(animal):
    data = animal.build()
    tracemalloc.start()
    try:
        with suppress(FileRefusedError):
            read_sheets(data, animal.file_name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < GROWTH
