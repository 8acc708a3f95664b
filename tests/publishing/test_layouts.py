"""An edition follows the layout of its list, and its public files keep what is kept back."""

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from kursliste.domain.calendar import Month
from kursliste.domain.edition import ChangeKind
from kursliste.domain.layout import STANDARD, Grouping, layout_from
from kursliste.domain.layout_rules import SEARCHED
from kursliste.domain.shipped_layouts import BY_TOWN
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import ListLayout
from kursliste.publishing.freezing import edition_files
from kursliste.publishing.search_text import SEARCHED as IN_SEARCH
from tests.publishing.scene import FULL_ROW, a_scene

NOVEMBER, JANUARY = Month(2026, 11), Month(2027, 1)


@pytest.fixture
def scene(session, tmp_path):
    return a_scene(session, Shelf(tmp_path / "shelf"))


def take(scene, layout):
    """Give the list of a scene its own layout, as stored."""
    own = ListLayout(course_list_id=scene.course_list.id)
    own.keep(layout)
    scene.session.add(own)


def test_rows_are_frozen_in_the_order_of_the_layout_and_the_edition_keeps_it(session, scene):
    scene.course(title="Zittauer Kurs", town="Zittau", course_type="IK-ALLG")
    scene.course(title="Görlitzer Kurs", town="Görlitz", course_type="BSK-B2")
    first = scene.publish()
    take(scene, BY_TOWN)
    second = scene.publish(seen=1, reason="Nach Orten geordnet")

    assert [entry.title for entry in first.entries] == ["Zittauer Kurs", "Görlitzer Kurs"]
    assert [entry.title for entry in second.entries] == ["Görlitzer Kurs", "Zittauer Kurs"]
    assert layout_from(first.layout) == STANDARD
    assert layout_from(second.layout).grouping is Grouping.TOWN


def test_what_is_kept_for_professionals_is_in_no_public_file(session, scene):
    secret = {"contact_name": "Frau Kanarie", "times_note": "KANARIE zweite Woche"}
    layout = replace(
        STANDARD,
        chosen=tuple(
            replace(one, for_professionals=one.attribute in secret) for one in STANDARD.chosen
        ),
    )
    take(scene, layout)
    scene.month(NOVEMBER)
    earlier = scene.course(**FULL_ROW)
    scene.publish(month=NOVEMBER)
    scene.month(JANUARY)
    scene.course(**{**FULL_ROW, **secret}, course_id=earlier.course_id)

    edition = scene.publish(month=JANUARY)

    assert [(change["is_internal"], change["kind"]) for change in edition.changes] == [
        (True, ChangeKind.CHANGED)
    ]
    [entry] = edition.entries
    assert entry.change is None
    assert "kanarie" not in entry.search_text
    files = edition_files(edition)
    read = {
        name: content
        for name, content in files.items()
        if name.endswith((".csv", ".json", ".ics")) and "-intern" not in name
    }
    assert [name for name, content in read.items() if b"kanarie" in content.lower()] == []
    assert b"Frau Kanarie" in files["kursliste-goerlitz-2027-01-a1-intern.csv"]
    assert b"contact_name" in files["kursliste-goerlitz-2027-01-a1.json"]  # the keys are stable
    book = load_workbook(io.BytesIO(files["kursliste-goerlitz-2027-01-a1.xlsx"]))
    assert "kanarie" not in str([list(sheet.values) for sheet in book]).lower()


def test_search_reads_nothing_that_may_be_kept_back():
    assert set(IN_SEARCH) <= SEARCHED
