"""What a layout makes of the columns, and what never changes by it."""

import json

from kursliste.domain.columns import COLUMNS, KEY, PUBLIC_COLUMNS
from kursliste.domain.layout import (
    STANDARD,
    ChosenColumn,
    Grouping,
    Layout,
    Logo,
    layout_from,
)

LOGO = Logo(sha256="0" * 64, media_type="image/png", width=300, height=80, text="Wappen")
OWN = Layout(
    name="Eigenes",
    chosen=(
        ChosenColumn("town", "Wo", is_printed=True),
        ChosenColumn("seats_taken"),
        ChosenColumn("contact_name", for_professionals=True),
        ChosenColumn("title", is_printed=True),
    ),
    grouping=Grouping.TOWN,
    header="Liebe Leserin, lieber Leser",
    footer="Ohne Gewähr",
    logo=LOGO,
)


def test_the_standard_layout_is_every_column_in_the_usual_order():
    assert STANDARD.columns(internal=True) == COLUMNS
    assert STANDARD.columns(internal=False) == PUBLIC_COLUMNS
    assert STANDARD.withheld == frozenset()


def test_printed_columns_come_first_and_the_key_is_last():
    internal = OWN.columns(internal=True)
    assert [(one.attribute, one.heading, one.printed) for one in internal] == [
        ("town", "Wo", True),
        ("title", "Titel", True),
        ("seats_taken", "belegt", False),
        ("contact_name", "Ansprechperson", False),
        (KEY, "Kurs-ID", False),
    ]


def test_internal_facts_and_those_for_professionals_are_in_no_public_list():
    public = [column.attribute for column in OWN.columns(internal=False)]
    assert public == ["town", "title", KEY]
    assert OWN.withheld == {"contact_name"}


def test_an_internal_fact_stays_internal_whatever_was_chosen():
    told = {column.attribute for column in COLUMNS if column.internal}
    chosen = tuple(ChosenColumn(name, is_printed=True) for name in sorted(told))
    layout = Layout(name="Alles", chosen=chosen)
    assert [column.attribute for column in layout.columns(internal=False)] == [KEY]
    assert {column.attribute for column in layout.columns(internal=True)} == told | {KEY}


def test_a_layout_comes_back_from_json_as_it_was():
    for layout in (STANDARD, OWN):
        assert layout_from(json.loads(json.dumps(layout.stored()))) == layout


def test_an_edition_older_than_layouts_has_the_standard_one():
    assert layout_from(None) == STANDARD


def test_a_logo_is_set_by_itself():
    assert STANDARD.with_logo_of(OWN).logo == LOGO
    assert OWN.with_logo_of(STANDARD).logo is None
