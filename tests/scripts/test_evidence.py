"""What the reports in docs/evidence claim is so, and they say what the markers give."""

from collections import Counter

import pytest

from scripts.evidence import (
    ASVS,
    CATALOGUES,
    CON10,
    Kind,
    Requirement,
    anchor,
    collect,
    is_there,
    marked_files,
    problems,
    report,
    requirements,
)

LAST = {Kind.TEST: "", Kind.DOCUMENT: "README.md", Kind.OPERATOR: "doctor:Website"}


@pytest.fixture(scope="module")
def proofs():
    """Which tests carry which requirement, as pytest collects them."""
    return collect()


def a_requirement(kind=Kind.TEST, number="1.1", where="", note=""):
    return Requirement(number, "1", "Worte", kind, where, note)


# ---- the real catalogues


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda one: one.name)
def test_nothing_is_claimed_that_is_not_so(catalogue, proofs):
    assert problems(requirements(catalogue), proofs[catalogue.marker]) == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda one: one.name)
def test_the_report_is_what_the_markers_give(catalogue, proofs):
    made = report(catalogue, requirements(catalogue), proofs[catalogue.marker])
    assert catalogue.report.read_text(encoding="utf-8") == made, "run: make evidence"


def test_the_catalogues_are_whole():
    """As many as the standards have, at the levels that they give; of level 3 those we took on."""
    asvs, con10 = requirements(ASVS), requirements(CON10)
    assert Counter(one.level for one in asvs) == {"1": 70, "2": 183, "3": 40}
    chapters = Counter(int(one.number.split(".")[0]) for one in asvs if one.level != "3")
    assert [chapters[number] for number in range(1, 18)] == [
        *(27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7),
    ]
    assert [one.number for one in con10] == [f"A{number}" for number in range(1, 19)]
    keys = [[int(part) for part in one.number.split(".")] for one in asvs]
    assert keys == sorted(keys)


def test_every_file_that_names_a_marker_proves_something(proofs):
    named = {
        test.partition("::")[0]
        for numbers in proofs.values()
        for tests in numbers.values()
        for test in tests
    }
    assert sorted(named) == marked_files()


# ---- what must not pass


def test_a_number_that_is_in_no_catalogue_is_named():
    wrong = problems([a_requirement()], {"1.1": ["a.py::b"], "9.9": ["a.py::c", "a.py::d"]})
    assert wrong == ["9.9: not in the catalogue, named by a.py::c, a.py::d"]


def test_a_claim_without_a_test_is_named():
    assert problems([a_requirement()], {}) == ["1.1: claims a test, and no test carries it"]


@pytest.mark.parametrize(
    ("kind", "more", "tests", "wrong"),
    [
        (Kind.NOT_APPLICABLE, {"note": "x"}, ["a.py::b"], "does not apply, and a.py::b proves it"),
        (Kind.NOT_APPLICABLE, {}, [], "gives no reason"),
        (Kind.DEVIATION, {}, [], "gives no reason"),
        (Kind.OPEN, {}, ["a.py::b"], "gives no reason"),
        (Kind.DOCUMENT, {}, [], "names no place"),
        (Kind.OPERATOR, {}, [], "names no place"),
        (Kind.DOCUMENT, {"where": "docs/no.md"}, [], "names 'docs/no.md', which is not there"),
        (Kind.OPERATOR, {"where": "doctor:No"}, [], "names 'doctor:No', which is not there"),
    ],
)
def test_an_answer_that_is_none_is_named(kind, more, tests, wrong):
    assert problems([a_requirement(kind, **more)], {"1.1": tests}) == [f"1.1: {wrong}"]


@pytest.mark.parametrize("kind", Kind)
def test_an_answer_with_what_it_needs_is_one(kind):
    one = a_requirement(kind, where=LAST.get(kind, ""), note="warum")
    assert problems([one], {"1.1": ["a.py::b"]} if kind is Kind.TEST else {}) == []


def test_a_number_twice_is_named():
    twice = [a_requirement(Kind.OPEN, note="x")] * 2
    assert problems(twice, {}) == ["1.1: twice in the catalogue"]


@pytest.mark.parametrize(
    ("where", "there"),
    [
        ("README.md", True),
        ("docs/operations.md#nginx-in-front", True),
        ("docs/operations.md#no-such-heading", False),
        ("docs", False),
        ("doctor:Kopfzeilen", True),
        ("doctor:Kopf", False),
    ],
)
def test_places_are_looked_up(where, there):
    assert is_there(where) is there


def test_a_heading_is_linked_as_forges_do_it():
    assert anchor("Keys and what they guard!") == "keys-and-what-they-guard"


def test_a_report_groups_tests_by_file_and_tells_reasons():
    all_ = [
        a_requirement(number="A1"),
        a_requirement(Kind.OPEN, "A2", note="fehlt noch"),
        a_requirement(Kind.OPERATOR, "A3", where="doctor:Website"),
    ]
    text = report(CON10, all_, {"A1": ["tests/a.py::b", "tests/a.py::c", "tests/d.py::e"]})
    rows = [line for line in text.splitlines() if line.startswith("| CON")]
    grouped = "[tests/a.py](../../tests/a.py): b, c<br>[tests/d.py](../../tests/d.py): e"
    assert rows == [
        f"| CON.10.A1 | 1 | Worte | Test | {grouped} |",
        "| CON.10.A2 | 1 | Worte | offen | fehlt noch |",
        "| CON.10.A3 | 1 | Worte | Betrieb | `kursliste doctor`: Website |",
    ]
    assert "- **CON.10.A2** Worte: fehlt noch" in text
    assert "## Abweichungen\n\nKeine." in text
