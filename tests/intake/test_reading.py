"""From the bytes of a file to cells: what is read, what is refused, and with which words."""

import io
import random
import re
import zipfile
from datetime import date, time

import pytest

from kursliste.domain.errors import Rule
from kursliste.intake import workbook_child
from kursliste.intake.cells import Cell, FileRefusedError
from kursliste.intake.delimited import read_delimited
from kursliste.intake.sheet import read_sheets
from tests.intake.lists import HEAD, ROW, with_part, workbook


def refusal(data: bytes, name: str = "liste.xlsx") -> str:
    """Return the sentence that refuses a file."""
    with pytest.raises(FileRefusedError) as caught:
        read_sheets(data, name)
    assert caught.value.rule is Rule.FILE_REFUSED
    assert caught.value.facts == {"reason": caught.value.reason}
    return str(caught.value)


def values(data: bytes, name: str = "liste.csv") -> list[tuple[int, dict[int, object]]]:
    """Return the rows of the first sheet as plain values."""
    sheet = read_sheets(data, name)[0]
    return [(row.number, {c: cell.value for c, cell in row.cells.items()}) for row in sheet.rows]


@pytest.mark.parametrize(
    ("encoding", "letters"),
    [("utf-8", "Übersicht Görlitz"), ("utf-8-sig", "Übersicht Görlitz"), ("cp1252", "5 € – Löbau"),
     ("iso-8859-15", "5 € Löbau"), ("utf-16", "Übersicht Görlitz")],
)  # fmt: skip
def test_a_text_list_is_read_in_the_encoding_that_its_bytes_allow(encoding, letters):
    data = f"{letters};zwei\r\ndrei;vier\r\n".encode(encoding)
    assert values(data) == [(1, {0: letters, 1: "zwei"}), (2, {0: "drei", 1: "vier"})]


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_a_text_list_is_split_by_its_own_separator(mark):
    data = f"Kurs{mark}Ort{mark}Plätze\nA1{mark}Löbau{mark}4\n".encode()
    assert values(data)[1] == (2, {0: "A1", 1: "Löbau", 2: "4"})


def test_a_line_break_inside_a_cell_stays_in_the_cell_and_in_the_row():
    data = b'Kurs;Info\n"eins\nzwei";x\n;\nA2;y\n'
    assert [row for row in values(data) if row[0] > 1] == [
        (2, {0: "eins\nzwei", 1: "x"}),
        (4, {0: "A2", 1: "y"}),
    ]


def test_control_characters_leave_a_text_and_the_cell_says_so():
    row = read_delimited(b"a\x0bb;c\n").rows[0]
    assert row.cells == {0: Cell(value="a b", cleaned=True), 1: Cell(value="c")}


def test_a_workbook_keeps_types_colours_merges_comments_and_hidden_parts():
    data = workbook(
        [("a", date(2026, 9, 7), time(8, 30), 4, 2.5, True), (None, "x"), ("b", "y")],
        merges=["A1:A2"],
        fills=[("B2", "C6E0B4")],
        hidden_columns=["C"],
        comment="D1",
        struck="A3",
        more=[("alt", "hidden", [("z",)])],
    )
    first, second = read_sheets(data, "liste.xlsx")
    assert [row.cells for row in first.rows] == [
        {
            0: Cell(value="a"),
            1: Cell(value=date(2026, 9, 7)),
            2: Cell(value=time(8, 30)),
            3: Cell(value=4, noted=True),
            4: Cell(value=2.5),
            5: Cell(value=True),
        },
        {0: Cell(value="a", carried=True), 1: Cell(value="x", fill="C6E0B4")},
        {0: Cell(value="b", struck=True), 1: Cell(value="y")},
    ]
    assert (first.hidden, first.hidden_columns) == (False, frozenset({2}))
    assert (second.name, second.hidden) == ("alt", True)


def test_a_formula_without_a_stored_value_is_marked_and_never_computed():
    sheet = read_sheets(workbook([("Kurs", "=1+1")]), "liste.xlsx")[0]
    assert sheet.rows[0].cells == {0: Cell(value="Kurs"), 1: Cell(unknown=True)}


RICH = b'<r><t>Weg 12</t></r><r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r>'


def test_a_raised_digit_in_a_cell_is_told_from_a_house_number():
    data = with_part(
        workbook([("platzhalter",)]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<t>platzhalter</t>", RICH),
    )
    assert values(data, "liste.xlsx") == [(1, {0: "Weg 12²"})]


def test_shared_texts_are_read_and_how_they_sound_is_not():
    spoken = b"<si><t>Kurs</t><rPh><t>KURUSU</t></rPh></si><si>" + RICH + b"</si>"
    data = workbook([(4, 5)])
    data = with_part(data, "xl/strings.xml", lambda _: b"<sst>" + spoken + b"</sst>")
    data = with_part(
        data,
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(
            b"</Relationships>",
            b'<Relationship Id="s" Type="x/sharedStrings" Target="strings.xml"/></Relationships>',
        ),
    )
    shared = (
        b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
        b'<c r="D1" t="e"><v>#REF!</v></c>'
        b'<c r="E1" t="str"><v>f</v></c><c r="F1" t="d"><v>2026-09-07</v></c>'
        b'<c r="G1"><v>1e400</v></c></row>'
    )
    data = with_part(
        data,
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(rb"<row .*</row>", shared, xml),
    )
    assert values(data, "liste.xlsx") == [
        (1, {0: "Kurs", 1: "Weg 12²", 4: "f", 5: date(2026, 9, 7)})
    ]


@pytest.mark.asvs("15.2.2")
def test_a_cell_far_away_is_named_and_costs_nothing():
    def far(xml: bytes) -> bytes:
        row = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>.</t></is></c></row>'
        return xml.replace(b"</sheetData>", row + b"</sheetData>")

    data = with_part(workbook([HEAD, ROW]), "xl/worksheets/sheet1.xml", far)
    sheet = read_sheets(data, "liste.xlsx")[0]
    assert [row.number for row in sheet.rows] == [1, 2]
    why = "liegt weit außerhalb der Liste und wurde nicht gelesen."
    assert sheet.remarks == (f"Blatt „Kurse“: Die Zelle XFD1048576 {why}",)


def test_a_huge_merged_range_costs_nothing():
    data = with_part(
        workbook([HEAD, ROW], merges=["A1:A2"]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"A1:A2", b"A1:XFD1048576"),
    )
    assert len(read_sheets(data, "liste.xlsx")[0].rows) == 2


@pytest.mark.asvs("5.2.1", "15.2.2")
def test_more_text_than_any_list_has_is_refused():
    data = with_part(
        workbook([("x" * 3000,) * 50 for _ in range(8)]),
        "docProps/filler.bin",
        lambda _: random.Random(1).randbytes(9000),  # no bomb by its ratio
    )
    assert refusal(data).startswith("Die Mappe enthält mehr als 1000000 Buchstaben.")


def test_the_reading_inside_the_child_process():
    data = workbook(
        [("Kurs", "=1+1", date(2026, 9, 7), time(8, 30)), (None, "x", 1.5, True)],
        merges=["A1:A2"],
        fills=[("B2", "C6E0B4")],
        hidden_columns=["C"],
        comment="D1",
        struck="A1",
        more=[("alt", "hidden", [("z_x000B_z",)])],
    )
    assert workbook_child.answer(data) == {
        "foreign": False,
        "sheets": [
            {
                "name": "Kurse",
                "hidden": False,
                "hidden_columns": [2],
                "far": [],
                "more_far": 0,
                "rows": [
                    [
                        1,
                        False,
                        [
                            [0, "Kurs", {"struck": True}],
                            [1, None, {"unknown": True}],
                            [2, {"d": "2026-09-07T00:00:00"}],
                            [3, {"t": "08:30:00"}, {"noted": True}],
                        ],
                    ],
                    [
                        2,
                        False,
                        [
                            [0, "Kurs", {"carried": True}],
                            [1, "x", {"fill": "C6E0B4"}],
                            [2, 1.5],
                            [3, True],
                        ],
                    ],
                ],
            },
            {
                "name": "alt",
                "hidden": True,
                "hidden_columns": [],
                "far": [],
                "more_far": 0,
                "rows": [[1, False, [[0, "z z", {"cleaned": True}]]]],
            },
        ],
    }


@pytest.mark.asvs("1.5.1")
@pytest.mark.parametrize(
    ("part", "old", "new", "code"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet", b"<!DOCTYPE x><worksheet", "doctype"),
        ("xl/worksheets/sheet1.xml", b"</row>", b"<row>", "xml"),
        ("xl/worksheets/sheet1.xml", b'r="A1"', b'r="A"', "xml"),
        ("xl/styles.xml", b'numFmtId="0"', b'numFmtId="x"', "damaged"),
    ],
)
def test_the_child_process_says_why_it_stops(part, old, new, code):
    data = with_part(workbook([HEAD, ROW]), part, lambda xml: xml.replace(old, new))
    assert workbook_child.answer(data)["error"] == code


def test_more_rows_than_any_list_has_are_refused():
    data = workbook([(f"Kurs {number}",) for number in range(2001)])
    assert refusal(data).startswith("Ein Blatt hat mehr als 2000 Zeilen. Teilen Sie")
    text = "\n".join(f"{number};x" for number in range(2001)).encode()
    assert refusal(text, "a.csv").startswith("Die Datei hat mehr als 2000 Zeilen. Teilen Sie")


def zipped(parts: dict[str, bytes]) -> bytes:
    """Return a zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return file.getvalue()


OLE = b"\xd0\xcf\x11\xe0" + bytes(600)
BOMB = {"[Content_Types].xml": b"", "xl/workbook.xml": b"", "xl/big.xml": bytes(40 << 20)}
EVIL_PATH = {"[Content_Types].xml": b"", "xl/workbook.xml": b"", "../x.xml": b""}
MACROS = {"[Content_Types].xml": b"macroEnabled", "xl/workbook.xml": b""}


@pytest.mark.asvs("5.2.1", "5.2.2", "5.2.3", "5.3.3")
@pytest.mark.con10("A5")
@pytest.mark.parametrize(
    ("data", "beginning"),
    [
        (b"", "Die Datei ist leer."),
        (b"\x00" * 50, "Die Datei ist leer."),
        (b"x" * (2 * 1024 * 1024 + 1), "Die Datei ist größer als 2 MB."),
        (OLE, "Das ist das alte Excel-Format .xls."),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "Die Datei ist mit einem Kennwort"),
        (b"<html><table></table></html>", "Das ist eine Webseite (HTML)"),
        (b"%PDF-1.7", "Das ist keine Excel-Datei."),
        (bytes(range(1, 32)) * 40, "Das ist keine Excel-Datei."),
        (zipped({"word/document.xml": b""}), "Das ist keine Excel-Datei."),
        (zipped({"xl/workbook.bin": b""}), "Das ist das Excel-Format .xlsb."),
        (zipped(MACROS), "Die Datei enthält Makros."),
        (zipped(BOMB), "Die Datei ist entpackt viel zu groß (40 MB"),
        (zipped(EVIL_PATH), "Die Datei ist unvollständig oder beschädigt."),
        (zipped({f"{n}.xml": b"" for n in range(201)}), "Die Datei ist unvollständig"),
        (workbook([HEAD, ROW])[:2000], "Die Datei ist unvollständig oder beschädigt."),
        (workbook([]), "Die Datei enthält keine Kurstabelle (leere Blätter: „Kurse“)."),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason_and_the_next_step(data, beginning):
    reason = refusal(data)
    assert reason[: len(beginning)] == beginning
    assert reason.count(".") >= 2


@pytest.mark.asvs("5.2.5")
def test_a_workbook_with_a_symbolic_link_is_refused():
    file = io.BytesIO(workbook([HEAD, ROW]))
    with zipfile.ZipFile(file, "a") as archive:
        link = zipfile.ZipInfo("xl/media/link.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refusal(file.getvalue()).startswith("Die Datei ist unvollständig oder beschädigt.")


@pytest.mark.asvs("1.5.1")
@pytest.mark.parametrize(
    ("old", "new", "beginning"),
    [
        (b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', "Die Datei enthält eine Dok"),
        (b"<sheetData>", b"<sheetData>\x0b", "Die Datei ist beschädigt"),
        (b'r="A1"', b'r="quatsch"', "Die Datei ist beschädigt"),
        (b'r="1"', b'r="x"', "Die Datei ist unvollständig oder beschädigt"),
    ],
)
def test_a_workbook_with_harmful_or_broken_xml_is_refused(old, new, beginning):
    data = with_part(
        workbook([HEAD, ROW]), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(old, new, 1)
    )
    assert refusal(data)[: len(beginning)] == beginning


@pytest.mark.asvs("1.5.1")
def test_a_doctype_in_any_part_is_refused():
    data = with_part(
        workbook([HEAD, ROW]),
        "xl/theme/theme1.xml",
        lambda xml: xml.replace(b"<a:theme", b"<!DOCTYPE a><a:theme", 1),
    )
    assert refusal(data).startswith("Die Datei enthält eine Dokumenttyp-Angabe (DOCTYPE).")


def test_days_counted_from_1904_are_read_right():
    data = with_part(
        workbook([("Beginn", date(2026, 9, 7))]),
        "xl/workbook.xml",
        lambda xml: re.sub(rb"<workbookPr[^>]*/>", b'<workbookPr date1904="1"/>', xml),
    )
    assert values(data, "a.xlsx") == [(1, {0: "Beginn", 1: date(2030, 9, 8)})]
