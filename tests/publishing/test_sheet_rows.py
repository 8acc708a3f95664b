"""The row writer: plain rows to XML, with nothing lost, calculated or cut."""

from datetime import date, time
from decimal import Decimal

import pytest

from kursliste.publishing.formats.sheet_rows import (
    CHUNK,
    CellKind,
    CellStyle,
    SheetColumn,
    lines_needed,
    row_elements,
)

PLAIN, STRUCK = CellStyle(3, 4), CellStyle(7, 8)


def a_column(**more):
    facts = {
        "attribute": "title",
        "letter": "A",
        "kind": CellKind.TEXT,
        "style": PLAIN,
        "struck": STRUCK,
        "capacity": 10,
    }
    return SheetColumn(**{**facts, **more})


def written(columns, rows, **more):
    return "".join(row_elements(columns, rows, first_row=6, **more))


def text_of(value):
    """Return the one cell that ``value`` becomes, without its row."""
    row = written([a_column(capacity=0)], [{"title": value}])
    return row.removeprefix('<row r="6" ht="15.9" customHeight="1">').removesuffix("</row>")


def test_every_kind_of_value_becomes_its_kind_of_cell():
    columns = [
        a_column(),
        a_column(attribute="day", letter="B", kind=CellKind.DATE),
        a_column(attribute="hour", letter="C", kind=CellKind.TIME),
        a_column(attribute="price", letter="D", kind=CellKind.NUMBER),
        a_column(attribute="days", letter="E"),
        a_column(attribute="nothing", letter="F"),
        a_column(attribute="code", letter="G", labels={"voll": "ausgebucht"}),
    ]
    row = {
        "title": "Kurs",
        "day": date(2026, 12, 1),
        "hour": time(6, 0),
        "price": Decimal("120.50"),
        "days": ("Mo", "Di"),
        "nothing": None,
        "code": "voll",
    }
    assert written(columns, [row]) == (
        '<row r="6" ht="15.9" customHeight="1">'
        '<c r="A6" s="3" t="inlineStr"><is><t>Kurs</t></is></c>'
        '<c r="B6" s="3"><v>46357</v></c>'
        '<c r="C6" s="3"><v>0.25</v></c>'
        '<c r="D6" s="3"><v>120.50</v></c>'
        '<c r="E6" s="3" t="inlineStr"><is><t>Mo, Di</t></is></c>'
        '<c r="F6" s="3"/>'
        '<c r="G6" s="3" t="inlineStr"><is><t>ausgebucht</t></is></c>'
        "</row>"
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "'"])
def test_text_that_looks_like_a_formula_is_marked_as_text(sign):
    space = ' xml:space="preserve"' if sign == "\t" else ""
    assert text_of(f"{sign}1+1") == (
        f'<c r="A6" s="4" t="inlineStr"><is><t{space}>{sign}1+1</t></is></c>'
    )


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        ("<b>&</b>", "<t>&lt;b&gt;&amp;&lt;/b&gt;</t>"),
        ("100 % sicher %s", "<t>100 % sicher %s</t>"),
        ("a\x0bb", '<t xml:space="preserve">a\nb</t>'),
        ("a\x00b\x07c\ufffe", "<t>abc</t>"),
        (" links", '<t xml:space="preserve"> links</t>'),
        ("rechts ", '<t xml:space="preserve">rechts </t>'),
        ("a\u00a0b", "<t>a\u00a0b</t>"),
        ("_x000B_", "<t>_x005F_x000B_</t>"),
        ("o\u0308", "<t>ö</t>"),
        ("😀", "<t>😀</t>"),
    ],
)
def test_text_arrives_unharmed(typed, body):
    assert text_of(typed) == f'<c r="A6" s="3" t="inlineStr"><is>{body}</is></c>'


@pytest.mark.parametrize("text", ["\ud800", "x" * 32_768, "a" + "é" * 32_768])
def test_what_no_cell_can_hold_is_refused(text):
    with pytest.raises(ValueError, match=r"surrogates|does not fit"):
        text_of(text)


@pytest.mark.parametrize(
    ("kind", "value"),
    [(CellKind.NUMBER, "<c/>"), (CellKind.DATE, "2026"), (CellKind.TIME, "8:30")],
)
def test_a_value_of_the_wrong_kind_is_a_mistake_and_not_written(kind, value):
    with pytest.raises(TypeError, match="not a"):
        written([a_column(kind=kind)], [{"title": value}])


def test_an_unknown_value_shows_the_words_that_the_column_has_for_it():
    column = a_column(kind=CellKind.DATE, blank="100 % offen")
    rows = [{"title": None}, {"title": date(2026, 12, 1)}]
    words = '" s="3" t="inlineStr"><is><t>100 % offen</t></is></c></row>'
    start = '" ht="15.9" customHeight="1"><c r="A'
    assert written([column], rows[:1]) == f'<row r="6{start}6{words}'
    assert written([column], rows) == (
        f'<row r="6{start}6{words}<row r="7{start}7" s="3"><v>46357</v></c></row>'
    )


def test_only_rows_with_the_status_are_struck_through():
    rows = [
        {"title": "a", "status": "offen"},
        {"title": "b", "status": "abgesagt"},
        {"title": "c", "status": None},
    ]
    found = written([a_column()], rows, struck_status="abgesagt")
    assert [part[:7] for part in found.split(' s="')[1:]] == ['3" t="i', '7" t="i', '3" t="i']


def test_rows_beyond_a_chunk_keep_their_numbers():
    rows = [{"title": str(number)} for number in range(2 * CHUNK + 1)]
    chunks = list(row_elements([a_column()], rows, first_row=6))
    assert [chunk.count("<row ") for chunk in chunks] == [CHUNK, CHUNK, 1]
    assert f'<c r="A{6 + 2 * CHUNK}"' in chunks[2]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("zehn Zeich", 1),
        ("zehn Zeiche", 2),
        ("ein zwei drei vier", 2),
        ("Donaudampfschiff", 2),
        ("a Donaudampfschiff", 3),
        ("eins\nzwei", 2),
        ("eins\nzwei drei vier\n", 4),
    ],
)
def test_lines_are_counted_as_a_spreadsheet_breaks_them(text, lines):
    assert lines_needed(text, 10) == lines


def test_a_row_is_as_high_as_its_fullest_cell_and_never_higher_than_excel_allows():
    rows = [{"title": "kurz"}, {"title": "ein zwei drei vier"}, {"title": "x" * 1000}]
    heights = [part.split('"')[0] for part in written([a_column()], rows).split(' ht="')[1:]]
    assert heights == ["15.9", "28.8", "409"]
