"""Hostile XML: what is wrong lies in the parts of a sound archive."""

from tests.intake.lists import HEAD, ROW
from tests.intake.zoo import (
    BROKEN,
    DAMAGED,
    DOCTYPE,
    GOOD,
    NO_ROWS,
    NO_TABLE,
    TOO_MUCH,
    animal,
    book,
    packed,
    relations,
    row,
    sheet,
)

MANY_SHEETS = "Die Mappe hat mehr als 60 Blätter."
WORKBOOK = "xl/workbook.xml"


def one(body: bytes) -> bytes:
    """Return a workbook with one sheet."""
    return packed(book(body))


def with_styles(styles: bytes, rows: bytes = GOOD) -> bytes:
    """Return a workbook with these styles."""
    return packed(book(sheet(rows), styles=styles))


# Documents and their types


@animal(DOCTYPE)
def an_entity_that_reads_a_file() -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    return one(doctype + sheet(row(1, HEAD) + row(2).replace(b"Lernhof", b"&e;")))


@animal(DOCTYPE)
def a_document_type_from_another_server() -> bytes:
    return one(b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + sheet())


@animal(DOCTYPE)
def a_billion_laughs_in_the_shared_texts() -> bytes:
    laughs = b'<!ENTITY a0 "ha">' + b"".join(
        b'<!ENTITY a%d "%b">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
    )
    strings = b"<!DOCTYPE sst [" + laughs + b"]><sst><si><t>&a9;</t></si></sst>"
    return packed(book(more={"xl/sharedStrings.xml": strings}))


@animal(DOCTYPE)
def a_document_type_in_utf_16() -> bytes:
    text = "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE x []>" + sheet().decode()
    return one(text.encode("utf-16"))


@animal()
def a_sheet_in_utf_16() -> bytes:
    return one(("<?xml version='1.0' encoding='UTF-16'?>" + sheet().decode()).encode("utf-16"))


@animal(BROKEN)
def a_sheet_in_an_encoding_that_does_not_exist() -> bytes:
    return one(b"<?xml version='1.0' encoding='zlib'?>" + sheet())


@animal(BROKEN)
def a_sheet_with_zero_bytes() -> bytes:
    return one(sheet(GOOD.replace(b"Lernhof", b"Lern\x00hof")))


@animal(TOO_MUCH)
def a_hundred_thousand_elements_inside_of_each_other() -> bytes:
    return one(b"<worksheet>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</worksheet>")


@animal(TOO_MUCH)
def an_element_with_many_attributes() -> bytes:
    return one(sheet(before=b"<a " + b" ".join(b'b%d=""' % n for n in range(600_000)) + b"/>"))


@animal(TOO_MUCH)
def many_elements_with_a_thousand_attributes() -> bytes:
    def some(start: int) -> bytes:
        return b"<a " + b" ".join(b'b%d=""' % n for n in range(start, start + 1000)) + b"/>"

    return one(sheet(before=b"".join(some(start) for start in range(0, 510_000, 1000))))


@animal(TOO_MUCH)
def an_attribute_of_25_mb() -> bytes:
    return one(sheet(before=b'<a b="' + b"x" * 25_000_000 + b'"/>'))


@animal(TOO_MUCH)
def many_elements_with_names_of_their_own() -> bytes:
    return one(sheet(before=b"".join(b"<a%d/>" % number for number in range(510_000))))


@animal(TOO_MUCH)
def a_remark_of_25_mb() -> bytes:
    return one(sheet(before=b"<!--" + b" " * 25_000_000 + b"-->"))


@animal()
def a_huge_theme() -> bytes:
    theme = b"<theme>" + b'<a b="1"/>' * 2_000_000 + b"</theme>"
    return packed(book(more={"xl/theme/theme1.xml": theme}))


# The workbook and its relations


@animal(DAMAGED)
def one_sheet_named_60_times() -> bytes:
    listed = "".join(f'<sheet name="K{n}" sheetId="{n}" r:id="s1"/>' for n in range(60))
    many = b"".join(row(number) for number in range(2, 200))
    named = f"<workbook><sheets>{listed}</sheets></workbook>".encode()
    return packed(book(sheet(row(1, HEAD) + many), more={WORKBOOK: named}))


@animal(DAMAGED)
def one_sheet_with_60_relations() -> bytes:
    listed = "".join(f'<sheet name="K{n}" sheetId="{n}" r:id="s{n}"/>' for n in range(60))
    targets = [(f"s{n}", "worksheet", f"{'./' * n}worksheets/sheet1.xml") for n in range(60)]
    named = f"<workbook><sheets>{listed}</sheets></workbook>".encode()
    more = {WORKBOOK: named, "xl/_rels/workbook.xml.rels": relations(*targets)}
    return packed(book(more=more))


@animal(MANY_SHEETS)
def sixty_one_sheets() -> bytes:
    empty = sheet(row(1, ["Deckblatt"]))
    return packed(book(*[empty] * 60, sheet()))


@animal(MANY_SHEETS)
def a_hundred_thousand_names_of_sheets() -> bytes:
    listed = b'<sheet name="K" sheetId="1" r:id="nowhere"/>' * 100_000
    return packed(book(more={WORKBOOK: b"<workbook><sheets>" + listed + b"</sheets></workbook>"}))


@animal(DAMAGED)
def a_sheet_whose_part_is_missing() -> bytes:
    parts = book(sheet(row(1, HEAD) + row(2)), sheet())
    del parts["xl/worksheets/sheet2.xml"]
    return packed(parts)


@animal(DAMAGED)
def a_sheet_in_another_file() -> bytes:
    given = relations(("s1", "worksheet", "file:///etc/passwd"))
    outside = given.replace(b"Target=", b'TargetMode="External" Target=')
    return packed(book(more={"xl/_rels/workbook.xml.rels": outside}))


@animal(TOO_MUCH)
def a_relation_with_a_path_of_a_million_steps() -> bytes:
    given = relations(("s1", "worksheet", "a/" * 1_000_000 + "../" * 1_000_000 + "sheet1.xml"))
    return packed(book(more={"xl/_rels/workbook.xml.rels": given}))


@animal(DAMAGED)
def thousand_relations_with_long_paths() -> bytes:
    path = "a/" * 5_000 + "../" * 5_000 + "worksheets/sheet1.xml"
    given = relations(*[(f"s{n}", "worksheet", path) for n in range(1, 1000)])
    return packed(book(more={"xl/_rels/workbook.xml.rels": given}))


@animal(NO_ROWS)
def nothing_but_a_sheet_of_charts() -> bytes:
    given = relations(("s1", "chartsheet", "chartsheets/sheet1.xml"))
    parts = book(more={"xl/_rels/workbook.xml.rels": given, "xl/chartsheets/sheet1.xml": b"<c/>"})
    del parts["xl/worksheets/sheet1.xml"]
    return packed(parts)


@animal(NO_TABLE)
def nothing_but_hidden_sheets() -> bytes:
    named = book()[WORKBOOK].replace(b"<sheet ", b'<sheet state="veryHidden" ')
    return packed(book(more={WORKBOOK: named}))


@animal()
def a_hundred_thousand_defined_names() -> bytes:
    names = b'<definedName name="n">Kurse!$A$1:$XFD$1048576</definedName>' * 100_000
    named = book()[WORKBOOK].replace(b"</workbook>", names + b"</workbook>")
    return packed(book(more={WORKBOOK: named}))


@animal(TOO_MUCH)
def two_million_defined_names() -> bytes:
    named = book()[WORKBOOK].replace(b"</workbook>", b"<definedName/>" * 1_900_000 + b"</workbook>")
    return packed(book(more={WORKBOOK: named}))


@animal(titles=("=2+2",), says="=cmd|' /C calc'!A0")
def commands_for_other_programs() -> bytes:
    payload = "=cmd|' /C calc'!A0"
    values = [payload, "=2+2", *ROW[2:7], "@SUM(1+1)"]
    live = f'<c r="I2" t="str"><f>{payload[1:]}</f><v>{payload}</v></c></row>'.encode()
    return one(sheet(row(1, [*HEAD, "Ort"]) + row(2, values).replace(b"</row>", live)))


@animal(says="verweist auf andere Dateien")
def links_to_other_workbooks() -> bytes:
    link = b'<externalLink><externalBook r:id="r"/></externalLink>'
    return packed(book(more={"xl/externalLinks/externalLink1.xml": link}))


# Styles


@animal()
def a_number_format_of_brackets() -> bytes:
    format_ = b'<numFmts><numFmt numFmtId="200" formatCode="' + b"[" * 100_000 + b'"/></numFmts>'
    return with_styles(format_ + b'<cellXfs><xf numFmtId="200"/></cellXfs>')


@animal()
def a_number_format_used_by_60000_styles() -> bytes:
    format_ = b'<numFmts><numFmt numFmtId="200" formatCode="' + b"[" * 250 + b'"/></numFmts>'
    return with_styles(format_ + b"<cellXfs>" + b'<xf numFmtId="200"/>' * 60_000 + b"</cellXfs>")


@animal(TOO_MUCH)
def fills_inside_of_each_other() -> bytes:
    depth = 200_000
    return with_styles(b"<fills>" + b"<fill>" * depth + b"</fill>" * depth + b"</fills>")


@animal()
def a_fill_with_a_long_name() -> bytes:
    colour = b'<fgColor theme="' + b"7" * 20_000 + b'"/>'
    fills = b"<fills><fill><patternFill>" + colour + b"</patternFill></fill></fills>"
    filled = b"".join(b'<row r="%d">%b</row>' % (n, b"<c/>" * 5) for n in range(3, 1500))
    filled = filled.replace(b"<c/>", b"<c><v>1</v></c>", 1)
    return with_styles(fills + b'<cellXfs><xf fillId="0"/></cellXfs>', GOOD + filled)


@animal()
def styles_that_stand_on_themselves_and_on_nothing() -> bytes:
    base = b'<cellStyleXfs><xf xfId="0" fillId="-1"/></cellStyleXfs>'
    own = b'<cellXfs><xf xfId="0" fillId="99999999" fontId="-7" numFmtId="-3"/></cellXfs>'
    rows = GOOD.replace(b'r="A2"', b'r="A2" s="0"').replace(b'r="B2"', b'r="B2" s="4000000000"')
    return with_styles(base + own, rows.replace(b'r="C2"', b'r="C2" s="-9"'))
