"""Files built to harm or to confuse: each ends quickly, in a preview or in one German sentence."""

import io
import os
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest

from kursliste.domain.errors import Rule
from kursliste.intake.archive import check_workbook
from kursliste.intake.cells import FileRefusedError
from kursliste.intake.understanding import Understanding, to_json
from tests.intake.lists import HEAD, ROW, SAMPLES, answer_sheet, sample, understood, workbook
from tests.intake.scoring import score

SECONDS = 2.0
"""Of work, not of waiting: a busy machine must not fail a test."""
UNSAID = {("csv!4", "childcare"), ("csv!6", "childcare"), ("Kurse!4", "childcare"),
          ("Kurse!6", "childcare")}  # fmt: skip
NAMES = list(answer_sheet("hostil.expected.json")["files"]) if SAMPLES.is_dir() else []


def work_done() -> float:
    """Return the seconds that this process and its children have computed so far."""
    return sum(os.times()[:4])


def outcome(data: bytes, name: str) -> tuple[str, Understanding | None]:
    """Return refuse or import, and what was understood."""
    try:
        return "import", understood(data, name)
    except FileRefusedError as refused:
        spoken = refused.rule is Rule.FILE_REFUSED and refused.reason.endswith(".")
        return ("refuse" if spoken else "refuse without a word"), None


@pytest.mark.parametrize("name", NAMES)
def test_each_hostile_sample_ends_as_its_answer_sheet_says(name):
    expected = answer_sheet("hostil.expected.json")["files"][name]
    started = work_done()
    ended, found = outcome(sample(name), name)
    assert work_done() - started < SECONDS
    assert ended in {expected["outcome"], expected.get("also_fine")}
    if found is not None:
        courses = expected.get("courses") or expected["courses_if_imported"]
        result = score(found, expected | {"courses": courses})
        asked = {
            (course.row, remark.attribute) for course in found.courses for remark in course.warnings
        }
        wrong = {(row, attribute) for row, attribute, _wanted, _got in result.wrong}
        assert (result.missing, result.invented) == ([], [])
        assert wrong - asked - UNSAID == set()


FORMULAS = ("=1+1", "=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+1", "-2+3", "\t=1+1", "%0A-3+3")


@pytest.mark.parametrize("text", FORMULAS)
def test_formula_texts_stay_texts_in_a_text_list_and_are_named(text):
    row = [text if place in {0, 1, 7} else value for place, value in enumerate(ROW)]
    lines = ";".join(HEAD) + "\n" + ";".join(f'"{value}"' for value in row)
    found = understood(lines.encode(), "liste.csv")
    course = found.courses[0]
    assert (course.values["title"], course.values["public_note"]) == (text.strip(), text.strip())
    assert {"title", "public_note", "provider"} - {w.attribute for w in course.warnings} == set()


@pytest.mark.parametrize("place", range(2, 7))
def test_a_formula_text_is_no_value_of_a_typed_column(place):
    row = ["=A1+1" if place == at else value for at, value in enumerate(ROW)]
    lines = ";".join(HEAD) + "\n" + ";".join(f'"{value}"' for value in row)
    found = understood(lines.encode(), "liste.csv")
    assert [(n.row, n.column, n.value) for n in found.not_understood] == [
        ("csv!2", HEAD[place], "=A1+1")
    ]
    assert "=A1+1" not in str(to_json(found)["courses"][0] | {"warnings": []})


def test_a_formula_without_a_value_is_named_for_its_cell():
    found = understood(workbook([HEAD, (*ROW[:6], "=3+4", ROW[7])]))
    assert [(n.column, n.why) for n in found.not_understood] == [
        ("freie Plätze", "Hier steht eine Formel ohne gespeicherten Wert.")
    ]


def test_control_characters_never_come_through():
    found = understood(workbook([HEAD, (ROW[0], "Kurs_x000B_eins", *ROW[2:])]))
    assert found.courses[0].values["title"] == "Kurs eins"
    assert "title" in {remark.attribute for remark in found.courses[0].warnings}


@pytest.mark.asvs("1.3.12", "15.2.2")
@pytest.mark.con10("A17")
@pytest.mark.parametrize("letter", ["(", "1", " ", "-", "a ", "„", "; a=b,", "0.", "Mo-", "A1"])
def test_a_very_long_cell_does_not_hang_the_reading(letter):
    started = work_done()
    understood(workbook([HEAD, tuple((letter * 5_000)[:5_000] for _ in HEAD), ROW]))
    assert work_done() - started < SECONDS


def lying(unpacked: int, listed: int) -> bytes:
    """A workbook whose list says that its content types are ``listed`` bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b" " * unpacked)
    real, told = struct.pack("<L", unpacked), struct.pack("<L", listed)
    return file.getvalue().replace(real, told)


def peak_of(call: Callable[[], object]) -> int:
    """The most bytes that Python held at once during a call, beside what it held before."""
    tracemalloc.start()
    try:
        with suppress(FileRefusedError, zipfile.BadZipFile):
            call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_list_that_lies_about_a_part_costs_no_more_than_it_says():
    """The parent process looks at the content types before it starts the child that reads."""
    data = lying(unpacked=60_000_000, listed=100)
    assert len(data) < 100_000

    with pytest.raises(FileRefusedError):
        check_workbook(data)
    assert peak_of(lambda: check_workbook(data)) < 2_000_000

    def naive() -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            archive.read("[Content_Types].xml")

    assert peak_of(naive) > 50_000_000
