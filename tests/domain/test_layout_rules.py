"""What a layout must have, what it may keep back, and how it stands on the page."""

from dataclasses import replace

import pytest

from kursliste.domain.columns import COLUMN, COLUMNS, PUBLIC_COLUMNS
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.layout import STANDARD, ChosenColumn, Layout
from kursliste.domain.layout_rules import (
    ESSENTIALS,
    MAY_BE_WITHHELD,
    SEARCHED,
    Essential,
    Gap,
    check_layout,
    gaps_of,
)
from kursliste.domain.page_columns import (
    FACTS,
    PageColumn,
    ShownColumn,
    page_columns,
    public_facts,
)
from kursliste.domain.shipped_layouts import SHIPPED


def a_layout(*chosen: ChosenColumn, **more: object) -> Layout:
    """Return a layout that may be stored, with ``chosen`` behind what every list needs."""
    needed = (
        ChosenColumn("title", is_printed=True),
        ChosenColumn("provider", is_printed=True),
        ChosenColumn("contact_phone", is_printed=True),
        ChosenColumn("confirmed_on", is_printed=True),
    )
    own = {one.attribute for one in chosen}
    kept = tuple(one for one in needed if one.attribute not in own)
    return Layout(**{"name": "Eigenes", "chosen": (*kept, *chosen), **more})  # type: ignore[arg-type]  # keywords of Layout


def refused(layout: Layout) -> tuple[Rule, str | None]:
    with pytest.raises(RuleViolationError) as found:
        check_layout(layout, knows_gaps=False)
    return found.value.rule, found.value.field


def test_shipped_layouts_lack_nothing_and_keep_every_column_under_its_usual_heading():
    for layout in SHIPPED.values():
        check_layout(layout, knows_gaps=False)
        assert set(layout.columns(internal=True)) == {
            replace(COLUMN[column.attribute], width=column.width, printed=column.printed)
            for column in layout.columns(internal=True)
        }
        assert len(layout.columns(internal=True)) == len(COLUMNS)
        assert len(layout.columns(internal=False)) == len(PUBLIC_COLUMNS)
        assert layout.withheld == frozenset()
    assert len({layout.name for layout in SHIPPED.values()}) == len(SHIPPED)


def test_what_is_new_on_paper_is_not_wider_than_there_is_room():
    assert a_layout(ChosenColumn("public_note", is_printed=True)).chosen[-1].column.width == 20
    assert a_layout(ChosenColumn("public_note")).chosen[-1].column.width == 70
    assert a_layout(ChosenColumn("units_total", is_printed=True)).chosen[-1].column.width == 7


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        (a_layout(name=""), (Rule.VALUE_MISSING, "name")),
        (a_layout(name="x" * 61), (Rule.TEXT_TOO_LONG, "name")),
        (a_layout(header="x" * 501), (Rule.TEXT_TOO_LONG, "header")),
        (a_layout(footer="x" * 501), (Rule.TEXT_TOO_LONG, "footer")),
        (a_layout(ChosenColumn("town", "x" * 41)), (Rule.TEXT_TOO_LONG, "heading_town")),
        (a_layout(ChosenColumn("shoe_size")), (Rule.VALUE_UNKNOWN, None)),
        (a_layout(ChosenColumn("course_id")), (Rule.VALUE_UNKNOWN, None)),
        (a_layout(ChosenColumn("town"), ChosenColumn("town")), (Rule.VALUE_UNKNOWN, None)),
        (
            Layout(name="x", chosen=(ChosenColumn("title", is_printed=True),)),
            (Rule.COLUMN_NEEDED, "place_confirmed_on"),
        ),
        (
            a_layout(ChosenColumn("town", for_professionals=True)),
            (Rule.COLUMN_IS_PUBLIC, "for_professionals_town"),
        ),
        (
            Layout(
                name="x",
                chosen=(
                    ChosenColumn("title"),
                    ChosenColumn("confirmed_on"),
                    ChosenColumn("seats_taken", is_printed=True),
                ),
            ),
            (Rule.NOTHING_PRINTED, "place_title"),
        ),
        (a_layout(ChosenColumn("town", "TITEL")), (Rule.HEADING_TWICE, "heading_town")),
        (a_layout(ChosenColumn("town", "Kurs-ID")), (Rule.HEADING_TWICE, "heading_town")),
        (a_layout(ChosenColumn("provider")), (Rule.LAYOUT_HAS_GAPS, "knows_gaps")),
    ],
)
def test_a_layout_that_makes_no_list_is_refused_where_it_can_be_mended(layout, expected):
    assert refused(layout) == expected


def test_a_heading_may_take_the_place_of_another_that_moved_away():
    check_layout(
        a_layout(ChosenColumn("title", "Kurs", is_printed=True), ChosenColumn("town", "Titel")),
        knows_gaps=False,
    )


def test_what_readers_miss_is_known_and_can_be_meant():
    layout = Layout(
        name="Karg",
        chosen=(
            ChosenColumn("title", is_printed=True),
            ChosenColumn("contact_phone", is_printed=True, for_professionals=True),
            ChosenColumn("confirmed_on"),
        ),
    )
    assert gaps_of(layout) == (
        Gap(Essential.PROVIDER, on_paper_only=False),
        Gap(Essential.CONTACT, on_paper_only=False),
        Gap(Essential.CONFIRMED, on_paper_only=True),
    )
    check_layout(layout, knows_gaps=True)
    assert gaps_of(STANDARD) == ()
    assert {name for names in ESSENTIALS.values() for name in names} <= set(COLUMN)


def test_nothing_that_the_list_is_searched_by_and_nothing_internal_can_be_kept_back():
    internal = {column.attribute for column in COLUMNS if column.internal}
    assert not MAY_BE_WITHHELD & (SEARCHED | internal | {"title", "confirmed_on", "course_id"})
    assert MAY_BE_WITHHELD | SEARCHED | internal | {"confirmed_on", "course_id"} == set(COLUMN)


# ---- the page


def test_every_public_fact_stands_in_one_column_of_the_page():
    told = [name for names in FACTS.values() for name in names]
    public = {column.attribute for column in PUBLIC_COLUMNS} - {
        "course_id",
        "course_group",
        "confirmed_how",
    }
    assert sorted(told) == sorted(public)
    assert set(FACTS) == set(PageColumn)


def test_the_standard_page_has_its_ten_columns_under_their_usual_headings():
    assert page_columns(STANDARD) == tuple(ShownColumn(column) for column in PageColumn)


def test_the_page_follows_order_choice_and_headings():
    layout = a_layout(
        ChosenColumn("seats_free", "Noch frei", is_printed=True),
        ChosenColumn("title", "Was?", is_printed=True),
        ChosenColumn("weekdays"),
        ChosenColumn("town", is_printed=True),
        ChosenColumn("street"),
        ChosenColumn("seats_taken", is_printed=True),
        ChosenColumn("units_total", for_professionals=True, is_printed=True),
    )
    assert page_columns(layout) == (
        ShownColumn(PageColumn.COURSE, "Was?"),
        ShownColumn(PageColumn.TIMES, "Tage"),
        ShownColumn(PageColumn.PROVIDER),
        ShownColumn(PageColumn.SEATS, "Noch frei"),
        ShownColumn(PageColumn.PLACE),
    )
    assert public_facts(layout) == {
        "title", "provider", "contact_phone", "confirmed_on", "seats_free", "weekdays", "town",
        "street", "course_id",
    }  # fmt: skip


def test_columns_of_shipped_layouts_follow_the_practice_they_come_from():
    order = {
        name: " ".join(shown.column for shown in page_columns(layout))
        for name, layout in SHIPPED.items()
    }
    assert order == {
        "standard": " ".join(PageColumn),
        "orte": "course provider level dates times units place seats status access",
        "uebersicht": "course level place dates times units seats status access provider",
        "ausfuehrlich": "course provider level dates units place status access times seats",
    }
