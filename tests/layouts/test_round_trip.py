"""A published list can be taken over again, whatever layout it has."""

from dataclasses import replace

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.layout import STANDARD, ChosenColumn, Layout
from kursliste.domain.shipped_layouts import SHIPPED
from kursliste.intake.tables import CodeTables
from kursliste.intake.uploads import read_list
from kursliste.layouts.headings import strange_headings
from kursliste.publishing.formats import workbook
from tests.publishing.edition_sample import WORDS, a_head, varied_rows

TABLES = CodeTables.shipped()
LABELS = {code: row.label for code, row in TABLES.course_types.items()}
ROWS = varied_rows(8)


def taken_over(layout: Layout) -> list[tuple[str, object]]:
    """What the reader of hand-kept lists understands of a workbook, cell by cell."""
    content = workbook.build(
        a_head(layout=layout, silent_providers=("Wartet e. V.",)),
        ROWS,
        providers=[],
        changes=[],
        words=replace(WORDS, course_types=LABELS),
    )
    found = read_list(content, "liste.xlsx", tables=TABLES, month=Month(2026, 12)).understanding
    assert [left for left in found.not_understood if left.row.startswith("Kurse!")] == []
    return sorted(
        (str(course.values["provider_reference"]), sorted(course.values.items(), key=str))
        for course in found.courses
    )


def test_all_shipped_layouts_are_read_as_the_same_courses():
    usual = taken_over(STANDARD)
    assert [number for number, _facts in usual] == [row["provider_reference"] for row in ROWS]
    assert {name: taken_over(layout) == usual for name, layout in SHIPPED.items()} == dict.fromkeys(
        SHIPPED, True
    )
    assert "Kurs-ID" not in str(usual)


@pytest.mark.parametrize(
    ("column", "heading"),
    [
        ("title", "was?"),
        ("title", "Sprachkurs"),
        ("late_entry", "Einstieg noch möglich"),
        ("childcare", "KiBe"),
    ],
)
def test_headings_of_hand_kept_lists_are_known(session, column, heading):
    layout = Layout(name="x", chosen=(ChosenColumn(column, heading),))
    assert strange_headings(session, layout) == []


def test_headings_that_nobody_could_read_are_named(session):
    layout = Layout(
        name="x",
        chosen=(
            ChosenColumn("title"),
            ChosenColumn("town", "Wohin gehe ich?"),
            ChosenColumn("seats_free", "Träger"),
        ),
    )
    assert strange_headings(session, layout) == [
        ("Wohin gehe ich?", "Ort"),
        ("Träger", "frei"),
    ]
