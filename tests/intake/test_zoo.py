"""The zoo of hostile files (SECURITY.md, X15, X16, G8): each is read right or refused in German."""

import json
import os
import tracemalloc
from collections.abc import Callable
from contextlib import suppress

import coverage
import pytest

from kursliste.domain.errors import Rule
from kursliste.intake import archive, sheet, workbook_child, workbook_grid, workbook_xml
from kursliste.intake.cells import FileRefusedError
from kursliste.intake.sheet import read_sheets
from kursliste.intake.understanding import Understanding, to_json
from tests.intake import zoo_archives, zoo_cells, zoo_sheets, zoo_texts
from tests.intake.lists import understood
from tests.intake.zoo import ANIMALS, Animal

HOUSES = (zoo_archives, zoo_sheets, zoo_cells, zoo_texts)
SECONDS, SECONDS_COUNTED = 2.0, 10.0
"""Of work of this process and the child, not of waiting: a busy machine must not fail a test. While
lines are counted the same work takes some times as long; what the zoo was built for took 12 and
more without that."""

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
    is_counted = coverage.Coverage.current() is not None
    assert work_done() - started < (SECONDS_COUNTED if is_counted else SECONDS)
    assert reason.startswith(animal.refused)
    assert bool(reason) == bool(animal.refused)
    assert reason != sheet.HEAVY


def peak_of(call: Callable[[], object]) -> int:
    """Return the most bytes that Python held at once during a call, beside what it held before."""
    tracemalloc.start()
    try:
        with suppress(FileRefusedError):
            call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.asvs("5.2.1", "15.2.2")
@pytest.mark.parametrize("animal", ANIMALS, ids=lambda animal: animal.name)
def test_the_memory_of_the_serving_process_stays_flat(animal):
    data = animal.build()
    assert peak_of(lambda: read_sheets(data, animal.file_name)) < GROWTH


WITHOUT = [
    ("a_million_empty_rows", workbook_child, "MAX_WORK"),
    ("a_hundred_thousand_elements_inside_of_each_other", workbook_xml, "MAX_DEPTH"),
    ("a_remark_of_25_mb", workbook_xml, "MAX_TOKEN"),
    ("thousand_relations_with_long_paths", workbook_child, "LONGEST_TARGET"),
    ("sixty_one_sheets", workbook_child, "MAX_SHEETS"),
    ("fifty_sheets_of_a_thousand_rows", workbook_child, "MAX_ALL_ROWS"),
    ("two_hundred_thousand_cells", workbook_child, "MAX_CELLS"),
    ("the_same_range_merged_over_many_columns", workbook_child, "MAX_CELLS"),
    ("a_long_text_merged_over_the_whole_sheet", workbook_child, "MAX_LETTERS"),
    ("a_hundred_thousand_merged_ranges", workbook_grid, "MAX_MERGES"),
    ("hidden_columns_fifty_thousand_times", workbook_grid, "MAX_COLUMN_RANGES"),
    ("empty_comments_of_25_mb_shared_by_60_sheets", workbook_child, "MAX_READ"),
]


@pytest.mark.parametrize(("name", "module", "limit"), WITHOUT)
def test_it_is_this_limit_that_refuses(name, module, limit, monkeypatch):
    """The control: without the limit, the same file is read, or ends by something else."""
    data = next(animal for animal in ANIMALS if animal.name == name).build()
    with_it = workbook_child.answer(data)
    monkeypatch.setattr(module, limit, 1 << 40)
    assert workbook_child.answer(data).get("error") != with_it["error"]


@pytest.mark.parametrize(
    ("name", "limit"),
    [("forty_thousand_parts", "MAX_MARKS"), ("content_types_of_25_mb", "MAX_TYPES")],
)
def test_the_serving_process_looks_before_it_unpacks(name, limit, monkeypatch):
    data = next(animal for animal in ANIMALS if animal.name == name).build()
    with_it = peak_of(lambda: archive.check_workbook(data))
    monkeypatch.setattr(archive, limit, 1 << 40)
    without = peak_of(lambda: archive.check_workbook(data))
    assert with_it < 1_000_000
    assert without > 10_000_000


def test_parts_in_the_same_bytes_are_refused_for_that(monkeypatch):
    data = zoo_archives.parts_that_all_lie_in_the_same_bytes()
    monkeypatch.setattr(archive, "overlap", lambda _infos: False)
    archive.check_workbook(data)


def test_the_child_reads_by_the_code_of_its_parent_and_by_no_other(monkeypatch):
    """Not by an installed one, and without what an environment adds at the start of Python."""
    said = (
        "import sys, json; sys.path.append(sys.argv[1]); "
        "from kursliste.intake import workbook_child as code; "
        "print(json.dumps({'foreign': False, 'sheets': [{'name': code.__file__, 'hidden': "
        "'site' in sys.modules, 'hidden_columns': [], 'rows': [], 'far': [], 'more_far': 0}]}))"
    )
    monkeypatch.setattr(sheet, "CHILD", said)
    found = sheet.read_workbook(b"")[0]
    assert (found.name, found.hidden) == (workbook_child.__file__, False)
