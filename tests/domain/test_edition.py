"""Columns, order and changes of an edition."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kursliste.domain.calendar import Month
from kursliste.domain.columns import COLUMNS, PUBLIC_COLUMNS
from kursliste.domain.course import FIELDS, CourseStatus, StartKind, Visibility
from kursliste.domain.edition import (
    COLUMN_GROUPS,
    Change,
    ChangeKind,
    EditionHead,
    FieldChange,
    Phase,
    Row,
    changes_between,
    folded,
    group_rank,
    is_for_public,
    order_of,
    phase_of,
)
from kursliste.domain.layout import Grouping

TODAY = date(2026, 11, 24)
INTERNAL = {
    "bamf_reference",
    "seats_taken",
    "waiting_count",
    "internal_note",
    "visibility",
    "confirmed_by",
}


def head(**more: object) -> EditionHead:
    told: dict[str, object] = {
        "ags": "14626",
        "slug": "goerlitz",
        "district": "Landkreis Görlitz",
        "list_slug": "deutschkurse",
        "list_title": "Deutschkurse",
        "month": Month(2026, 12),
        "number": 2,
        "published_at": datetime(2026, 11, 30, 12, tzinfo=UTC),
        "responsible": "Karl Prüfer",
        "publisher": "Landratsamt",
        **more,
    }
    return EditionHead(**told)  # type: ignore[arg-type]  # the values of a head


# ---- columns


def test_every_field_is_a_column_once():
    attributes = [column.attribute for column in COLUMNS]
    assert sorted(attributes) == sorted(field.attribute for field in FIELDS)
    assert attributes[-1] == "course_id"


def test_internal_columns_are_in_no_public_list():
    public = {column.attribute for column in PUBLIC_COLUMNS}
    assert {column.attribute for column in COLUMNS} - public == INTERNAL


def test_printed_columns_come_first_and_are_public():
    printed = [column.printed for column in COLUMNS]
    assert printed == sorted(printed, reverse=True)
    assert not any(column.internal for column in COLUMNS if column.printed)


# ---- the head


def test_an_edition_is_quoted_by_month_and_number():
    assert head().name == "2026-12/2"
    assert head().file_stem == "kursliste-goerlitz-2026-12-a2"


def test_the_stand_is_the_day_of_publishing_in_germany():
    assert head().stand == date(2026, 11, 30)
    just_after_midnight = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert head(published_at=just_after_midnight).stand == date(2026, 12, 1)


# ---- the order


@pytest.mark.parametrize(
    ("row", "phase"),
    [
        ({"starts_on": date(2026, 11, 25)}, Phase.STARTING),
        ({"starts_on": TODAY}, Phase.RUNNING),
        ({"starts_on": TODAY, "status": CourseStatus.PLANNED}, Phase.RUNNING),
        ({"start_kind": StartKind.ROLLING}, Phase.RUNNING),
        ({"start_kind": StartKind.REGULAR}, Phase.RUNNING),
        ({"start_kind": StartKind.EXPECTED}, Phase.STARTING),
        ({"status": CourseStatus.RUNNING}, Phase.RUNNING),
        ({"status": CourseStatus.RUNNING_ENTRY}, Phase.RUNNING),
        ({"status": CourseStatus.PAUSED}, Phase.RUNNING),
        ({"status": CourseStatus.OPEN}, Phase.STARTING),
        ({}, Phase.STARTING),
    ],
)
def test_what_starts_and_what_runs(row, phase):
    assert phase_of(row, on=TODAY) is phase


def test_groups_have_a_fixed_order_and_unknown_ones_come_last():
    ranks = [group_rank(group) for group in COLUMN_GROUPS]
    assert ranks == list(range(len(COLUMN_GROUPS)))
    assert group_rank("Töpfern") == group_rank(None) == len(COLUMN_GROUPS)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Görlitz", "goerlitz"),
        ("Großschönau", "grossschoenau"),
        ("Ümlaut", "uemlaut"),
        ("Ärzte", "aerzte"),
        (None, ""),
    ],
)
def test_german_letters_are_sorted_as_readers_do(text, plain):
    assert folded(text) == plain


def test_rows_stand_in_the_order_of_the_list():
    def row(key: str, **more: object) -> dict[str, object]:
        return {"course_id": key, "course_group": "Integrationskurse", **more}

    later = date(2027, 1, 4)
    expected = [
        row("a", starts_on=date(2026, 12, 1), town="Bautzen"),
        row("b", starts_on=date(2026, 12, 1), town="Görlitz", provider="Äpfel"),
        row("c", starts_on=date(2026, 12, 1), town="Görlitz", provider="Zebra"),
        row("d", starts_on=later, town="Görlitz"),
        row("e", town="Görlitz"),
        row("f", starts_on=TODAY, town="Bautzen"),
        row("g", starts_on=TODAY, town="Bautzen"),
        row("h", course_group="Berufssprachkurse", starts_on=later),
        row("i", course_group="Sonstiges", starts_on=later),
    ]
    shuffled = expected[::-2] + expected[1::2][::-1]
    shuffled = sorted({str(r["course_id"]): r for r in shuffled}.values(), key=str, reverse=True)

    assert sorted(shuffled, key=lambda r: order_of(r, on=TODAY)) == expected


def test_rows_stand_together_by_what_the_list_is_grouped_by():
    later, ranks = date(2027, 1, 4), {"a": 3, "b": 1, "c": 3, "d": None}
    rows: list[dict[str, object]] = [
        {"course_id": "a", "course_group": "Prüfungen", "town": "Görlitz", "provider": "VHS"},
        {"course_id": "b", "course_group": "Berufssprachkurse", "town": "Zittau", "provider": "IB"},
        {
            "course_id": "c",
            "course_group": "Integrationskurse",
            "town": "Görlitz",
            "provider": "VHS",
            "starts_on": TODAY,
        },
        {"course_id": "d", "course_group": "Integrationskurse", "provider": "Äpfel"},
    ]
    for row in rows:
        row.setdefault("starts_on", later)
    order = {
        grouping: "".join(
            str(row["course_id"])
            for row in sorted(
                rows,
                key=lambda row: order_of(
                    row,
                    on=TODAY,
                    level_rank=ranks[str(row["course_id"])],
                    grouping=grouping,
                ),
            )
        )
        for grouping in Grouping
    }
    assert order == {
        Grouping.COURSE_GROUP: "dcba",
        Grouping.TOWN: "acbd",
        Grouping.PROVIDER: "dbac",
        Grouping.LEVEL: "bacd",
        Grouping.NONE: "dbac",
    }


def test_what_starts_stands_before_what_runs_and_then_the_type_counts():
    running = {"course_id": "a", "starts_on": TODAY}
    starting = {"course_id": "b", "starts_on": date(2027, 1, 1)}
    assert order_of(starting, on=TODAY, type_rank=2) < order_of(running, on=TODAY, type_rank=1)
    assert order_of(starting, on=TODAY, type_rank=1) < order_of(starting, on=TODAY, type_rank=2)


@pytest.mark.parametrize(
    ("visibility", "public"),
    [
        (None, True),
        (Visibility.PUBLIC, True),
        (Visibility.PROFESSIONALS, False),
        (Visibility.INTERNAL, False),
    ],
)
def test_only_public_rows_are_public(visibility, public):
    assert is_for_public({"visibility": visibility}) is public


# ---- changes


def test_new_changed_and_ended_in_the_order_of_the_list():
    before: list[Row] = [
        {"course_id": "stays", "title": "Bleibt", "confirmed_on": date(2026, 10, 1)},
        {"course_id": "goes", "title": "Geht", "provider": "VHS"},
        {"course_id": "moves", "title": "Alt", "seats_free": 5, "seats_taken": 1},
    ]
    now: list[Row] = [
        {"course_id": "comes", "title": None},
        {"course_id": "moves", "title": "Alt", "seats_free": None, "seats_taken": 9},
        {"course_id": "stays", "title": "Bleibt", "confirmed_on": TODAY},
    ]

    assert changes_between(before, now) == (
        Change(kind=ChangeKind.NEW, course_id="comes", title="", provider=""),
        Change(
            kind=ChangeKind.CHANGED,
            course_id="moves",
            title="Alt",
            provider="",
            fields=(FieldChange(attribute="seats_free", old=5, new=None),),
        ),
        Change(kind=ChangeKind.ENDED, course_id="goes", title="Geht", provider="VHS"),
    )


def test_internal_values_are_compared_only_where_internal_columns_are():
    before = [{"course_id": "a", "seats_taken": 1}]
    now = [{"course_id": "a", "seats_taken": 2}]

    assert changes_between(before, now) == ()
    [change] = changes_between(before, now, columns=COLUMNS)
    assert change.fields == (FieldChange(attribute="seats_taken", old=1, new=2),)


ROWS: st.SearchStrategy[list[dict[str, object]]] = st.dictionaries(
    st.sampled_from("abcdef"), st.integers(0, 3) | st.none(), max_size=6
).map(lambda found: [{"course_id": key, "seats_free": free} for key, free in found.items()])


@given(ROWS, ROWS)
def test_changes_turn_the_old_list_into_the_new_one(before, now):
    free = {row["course_id"]: row["seats_free"] for row in before}
    for change in changes_between(before, now):
        if change.kind is ChangeKind.ENDED:
            del free[change.course_id]
        elif change.kind is ChangeKind.CHANGED:
            [field] = change.fields
            assert free[change.course_id] == field.old
            free[change.course_id] = field.new
        else:
            free[change.course_id] = next(
                row["seats_free"] for row in now if row["course_id"] == change.course_id
            )

    assert free == {row["course_id"]: row["seats_free"] for row in now}


@given(ROWS)
def test_a_list_does_not_differ_from_itself(rows):
    assert changes_between(rows, list(reversed(rows))) == ()
