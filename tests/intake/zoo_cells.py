"""Hostile cells: sound XML that says too much, or what cannot be."""

from tests.intake.lists import HEAD, ROW
from tests.intake.zoo import (
    DAMAGED,
    GOOD,
    MANY_ROWS,
    NO_TABLE,
    TITLE,
    TOO_MUCH,
    animal,
    book,
    cell,
    column_name,
    packed,
    relations,
    row,
    sheet,
)

MANY_CELLS = "Die Mappe hat mehr als 120000 ausgefüllte Zellen."
MANY_MERGES = "Die Mappe hat mehr als 10000 verbundene Bereiche."
MUCH_TEXT = "Die Mappe enthält mehr als 1000000 Buchstaben."
SHEET_ROWS = "Ein Blatt hat mehr als 2000 Zeilen."


def one(body: bytes) -> bytes:
    """Return a workbook with one sheet."""
    return packed(book(body))


def rows_of(cells: bytes, first: int = 3, last: int = 500) -> bytes:
    """Return rows that all hold the same cells, which do not say where they are."""
    return b"".join(b'<row r="%d">%b</row>' % (n, cells) for n in range(first, last + 1))


def shared(index: object) -> bytes:
    """Return a workbook whose title is a shared text."""
    given = GOOD.replace(cell("B2", ROW[1]), f'<c r="B2" t="s"><v>{index}</v></c>'.encode())
    return packed(book(sheet(given), strings=f"<si><t>{TITLE}</t></si>".encode()))


def dated(*serials: object, book_of: bytes = b"") -> bytes:
    """Return a workbook with courses that begin on days as a spreadsheet counts them."""
    rows = row(1, ["Träger", "Kurs", "Niveau", "Beginn"])
    for number, serial in enumerate(serials, start=2):
        day = f'<c r="D{number}" s="0"><v>{serial}</v></c></row>'.encode()
        rows += row(number, ROW[:3]).replace(b"</row>", day)
    parts = book(sheet(rows), styles=b'<cellXfs><xf numFmtId="14"/></cellXfs>')
    named = parts["xl/workbook.xml"].replace(b"<workbook>", b"<workbook>" + book_of)
    return packed(parts | {"xl/workbook.xml": named})


# Texts


@animal(DAMAGED)
def a_shared_text_behind_the_last_one() -> bytes:
    return shared(1)


@animal(DAMAGED)
def a_shared_text_before_the_first_one() -> bytes:
    return shared(-1)


@animal(DAMAGED)
def a_shared_text_with_a_number_of_5000_digits() -> bytes:
    return shared("9" * 5000)


@animal(TOO_MUCH)
def a_million_shared_texts() -> bytes:
    return packed(book(strings=b"<si><t>x</t></si>" * 1_000_000))


@animal(MUCH_TEXT)
def a_long_text_used_a_hundred_thousand_times() -> bytes:
    many = rows_of(b'<c t="s"><v>0</v></c>' * 200)
    return packed(book(sheet(GOOD + many), strings=b"<si><t>" + b" x " * 2600 + b"</t></si>"))


@animal()
def a_hundred_thousand_cells_of_blanks() -> bytes:
    many = rows_of(b'<c t="s"><v>0</v></c>' * 200)
    return packed(book(sheet(GOOD + many), strings=b"<si><t>" + b" " * 8000 + b"</t></si>"))


@animal(MUCH_TEXT)
def texts_of_escaped_letters() -> bytes:
    return one(sheet(GOOD + b"".join(row(n, ["_x0041_" * 1000] * 8) for n in range(3, 300))))


@animal()
def a_day_that_is_a_text_of_ten_million_letters() -> bytes:
    day = b'<c t="d"><v>' + b"2026-09-07" * 1_000_000 + b"</v></c>"
    return one(sheet(GOOD + rows_of(day, last=3)))


# Numbers and days


@animal()
def numbers_of_a_hundred_thousand_digits() -> bytes:
    return one(sheet(GOOD + rows_of(b"<c><v>" + b"9" * 100_000 + b"</v></c>", last=150)))


@animal()
def numbers_that_are_no_numbers() -> bytes:
    cells = b"".join(b"<c><v>%b</v></c>" % v for v in (b"NaN", b"INF", b"-1e999", b"1e308"))
    return one(sheet(GOOD + rows_of(cells, last=4)))


@animal(DAMAGED)
def a_number_as_only_python_writes_it() -> bytes:
    return one(sheet(GOOD + rows_of(b"<c><v>1_0</v></c>", last=4)))


@animal(titles=(TITLE,) * 4, says="29.02.1900")
def days_that_were_never() -> bytes:
    return dated(60, -46272, 99999999, 46272)


@animal(titles=(TITLE, TITLE))
def days_counted_from_1904() -> bytes:
    return dated(44810, 0, book_of=b'<workbookPr date1904="1"/>')


# Places


@animal()
def cells_that_do_not_say_where_they_are() -> bytes:
    rows = GOOD
    for number in (1, 2):
        rows = rows.replace(b'<row r="%d">' % number, b"<row>")
        for at in range(len(HEAD)):
            rows = rows.replace(f'<c r="{column_name(at)}{number}" '.encode(), b"<c ")
    return one(sheet(rows))


@animal(DAMAGED)
def a_cell_in_row_0() -> bytes:
    return one(sheet(GOOD + b'<row r="0">' + cell("A0", "x") + b"</row>"))


@animal(DAMAGED)
def a_row_before_the_first() -> bytes:
    return one(sheet(GOOD + b'<row r="-5"><c><v>1</v></c></row>'))


@animal(NO_TABLE)
def sixteen_thousand_columns() -> bytes:
    wide = b"".join(cell(f"{column_name(at)}1", "x") for at in range(len(HEAD), 16_384))
    return one(sheet(row(1, HEAD).replace(b"</row>", wide + b"</row>") + row(2)))


@animal(says="XFD1048576")
def the_last_cell_of_a_sheet() -> bytes:
    return one(sheet(GOOD + b'<row r="1048576">' + cell("XFD1048576", ".") + b"</row>"))


@animal()
def a_sheet_that_says_it_has_a_million_rows() -> bytes:
    return one(sheet(before=b'<dimension ref="A1:XFD1048576"/>'))


@animal(TOO_MUCH)
def a_million_empty_rows() -> bytes:
    return one(sheet(GOOD + b"<row/>" * 1_000_000))


@animal(SHEET_ROWS)
def twenty_thousand_rows() -> bytes:
    return one(sheet(GOOD + rows_of(b"<c><v>1</v></c>", last=20_000)))


@animal(MANY_ROWS)
def fifty_sheets_of_a_thousand_rows() -> bytes:
    return packed(book(sheet(), *[sheet(rows_of(b"<c><v>1</v></c>", last=1000))] * 49))


@animal(MANY_CELLS)
def two_hundred_thousand_cells() -> bytes:
    return one(sheet(GOOD + rows_of(b"<c><v>1</v></c>" * 250, last=900)))


@animal()
def hidden_columns_before_the_first() -> bytes:
    columns = b'<cols><col hidden="1" min="-2000000000" max="-1"/></cols>'
    return one(sheet(before=columns))


@animal(TOO_MUCH)
def hidden_columns_fifty_thousand_times() -> bytes:
    columns = b'<cols><col hidden="1" min="9" max="16384"/></cols>'
    return one(sheet(before=columns * 50_000))


# Ranges


@animal()
def a_merged_range_of_the_whole_sheet() -> bytes:
    return one(sheet(after=b'<mergeCells><mergeCell ref="I1:XFD1048576"/></mergeCells>'))


@animal(MANY_MERGES)
def a_hundred_thousand_merged_ranges() -> bytes:
    ranges = b"".join(b'<mergeCell ref="A%d:A%d"/>' % (n, n + 1) for n in range(9, 100_009))
    return one(sheet(after=b"<mergeCells>" + ranges + b"</mergeCells>"))


@animal(MUCH_TEXT)
def a_long_text_merged_over_the_whole_sheet() -> bytes:
    long = b"".join(cell(f"{column_name(at)}2", "x" * 3000) for at in range(8, 40))
    rows = row(1, HEAD) + row(2).replace(b"</row>", long + b"</row>")
    names = [column_name(at) for at in range(8, 40)]
    ranges = "".join(f'<mergeCell ref="{name}2:{name}190"/>' for name in names)
    filled = rows_of(b"<c><v>1</v></c>", last=190)
    return one(sheet(rows + filled, after=f"<mergeCells>{ranges}</mergeCells>".encode()))


@animal(MANY_CELLS)
def the_same_range_merged_over_many_columns() -> bytes:
    names = [column_name(at) for at in range(8, 256)]
    tops = range(3, 2000, 200)
    ranges = "".join(f'<mergeCell ref="{n}{top}:{n}{top + 199}"/>' for n in names for top in tops)
    filled = rows_of(b"<c><v>1</v></c>", last=1990)
    for top in tops:
        plain = b'<row r="%d"><c><v>1</v></c></row>' % top
        wide = b'<row r="%d">%b</row>' % (top, b"<c><v>1</v></c>" * 256)
        filled = filled.replace(plain, wide)
    return one(sheet(GOOD + filled, after=f"<mergeCells>{ranges}</mergeCells>".encode()))


# Rules and remarks


@animal(TOO_MUCH)
def a_million_coloured_rules() -> bytes:
    rule = b'<conditionalFormatting sqref="A1"><cfRule/></conditionalFormatting>'
    return one(sheet(after=rule * 400_000))


@animal(TOO_MUCH)
def a_million_checked_cells() -> bytes:
    return one(sheet(after=b"<dataValidations>" + b'<dataValidation sqref="A1"/>' * 900_000 +
                     b"</dataValidations>"))  # fmt: skip


def commented(comments: bytes, sheets: int = 1) -> bytes:
    """Return a workbook whose sheets share one part of comments."""
    given = relations(("c", "comments", "../comments1.xml"))
    rels = {f"xl/worksheets/_rels/sheet{n}.xml.rels": given for n in range(1, sheets + 1)}
    empty = sheet(row(1, ["Deckblatt"]))
    return packed(
        book(sheet(), *[empty] * (sheets - 1), more=rels | {"xl/comments1.xml": comments})
    )


@animal(TOO_MUCH)
def a_million_comments() -> bytes:
    return commented(b"<comments>" + b'<comment ref="A1"/>' * 1_000_000 + b"</comments>")


@animal(TOO_MUCH)
def comments_shared_by_60_sheets() -> bytes:
    return commented(b"<comments>" + b'<comment ref="A1"/>' * 20_000 + b"</comments>", sheets=60)


@animal(TOO_MUCH)
def empty_comments_of_25_mb_shared_by_60_sheets() -> bytes:
    return commented(b"<comments>" + b" " * 25_000_000 + b"</comments>", sheets=60)


@animal(MANY_CELLS)
def comments_on_cells_that_are_not_there() -> bytes:
    marks = "".join(
        f'<comment ref="{column_name(at)}{n}"/>' for n in range(3, 1600) for at in range(2, 102)
    )
    given = relations(("c", "comments", "../comments1.xml"))
    more = {
        "xl/worksheets/_rels/sheet1.xml.rels": given,
        "xl/comments1.xml": f"<comments>{marks}</comments>".encode(),
    }
    body = sheet(GOOD + rows_of(b"<c><v>1</v></c>", last=1600))
    return packed(book(body, more=more))


# What is sound, and hard to understand


@animal(titles=())
def nothing_but_headings() -> bytes:
    return one(sheet(b"".join(row(n, HEAD) for n in range(1, 1900))))


@animal(titles=(TITLE,) * 1900)
def two_thousand_providers_with_names_that_begin_alike() -> bytes:
    rows = (row(n, [f"Haus der Sprachen {n}", *ROW[1:4]]) for n in range(2, 1902))
    return one(sheet(row(1, HEAD) + b"".join(rows)))


@animal(says="Kurse 1")
def a_thousand_short_forms() -> bytes:
    legend = b"".join(row(n, [f"K{n} = Name {n} e. V., " * 30]) for n in range(4, 1000))
    return one(sheet(GOOD + legend))
