"""The workbook of an edition, read back by openpyxl and looked at as a package."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from kursliste.domain.columns import COLUMNS, PUBLIC_COLUMNS
from kursliste.domain.edition import Change, ChangeKind, FieldChange
from kursliste.domain.layout import STANDARD, ChosenColumn, Layout, Logo
from kursliste.infrastructure.pictures import read_picture
from kursliste.publishing.formats import workbook
from tests.layouts.pictures import an_image
from tests.publishing.edition_sample import (
    WORDS,
    a_head,
    a_provider_row,
    a_row,
    some_changes,
    varied_rows,
)


def built(rows=None, *, head=None, providers=(), changes=(), internal=False):
    return workbook.build(
        head or a_head(),
        [a_row()] if rows is None else rows,
        providers=providers,
        changes=changes,
        words=WORDS,
        internal=internal,
    )


def opened(content) -> Any:  # Any: openpyxl types a sheet as any of three kinds
    return load_workbook(io.BytesIO(content))


def cells_of(sheet):
    """Return every line of a sheet without the empty cells at its end."""
    lines = []
    for line in sheet.iter_rows(values_only=True):
        values = list(line)
        while values and values[-1] is None:
            values.pop()
        lines.append(values)
    return lines


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name).decode() for name in package.namelist()}


def course_of(content, line=6):
    """Return heading -> value of one course of the sheet "Kurse"."""
    lines = list(opened(content)["Kurse"].iter_rows(values_only=True))
    return dict(zip(lines[4], lines[line - 1], strict=True))


GOLDEN_HEADINGS = [
    "Kursart", "Titel", "Niveau von", "Niveau bis", "Beginn", "Ende", "Beginn-Hinweis", "Tage",
    "Zeit von", "Zeit bis", "Straße", "PLZ", "Ort", "frei", "Plätze gesamt", "Status",
    "Quereinstieg", "Zugang", "Kinderbetreuung", "Träger", "Telefon", "bestätigt am", "Gruppe",
    "Kursnummer", "Modul", "UE", "UE/Woche", "Beginn-Art", "Pausen", "Zeiten-Hinweis",
    "Tageszeit", "Form", "Kursort", "Barrierefrei", "Mindestzahl", "Warteliste", "Einstieg ab",
    "Einstufungstest", "Anmeldeschluss", "Zielgruppe", "Selbstzahler", "Förderung", "Kosten",
    "Kosten-Hinweis", "Fahrtkosten", "Prüfung", "Prüfungstermin", "Ansprechperson", "E-Mail",
    "Link", "Bemerkung", "bestätigt wie", "Kurs-ID",
]  # fmt: skip


def test_golden_every_cell_of_a_small_edition():
    rows = [
        a_row(),
        {
            "course_id": "k0000000002",
            "title": "=1+1",
            "course_type": "EIGENE",
            "status": "abgesagt",
            "seats_free": 0,
            "start_note": "voraussichtlich März",
        },
    ]
    head = a_head(silent_providers=("Euro-Schulen", "IB"))
    content = built(
        rows,
        head=head,
        providers=[a_provider_row(), a_provider_row(name="IB", has_reported=False)],
        changes=some_changes(),
    )
    book = opened(content)
    above = [
        ["Deutsch- und Integrationskurse – Landkreis Görlitz"],
        ["Ausgabe Dezember 2026 (2026-12/1) – Stand: 01.12.2026"],
        [
            (
                "Herausgeber: Landratsamt Görlitz, Bildungskoordination · verantwortlich: "
                "Maria Muster · Kontakt: bildung@kreis-gr.example"
            )
        ],
    ]
    first: list[object] = [None] * 53
    first[:4] = ["Allgemeiner Integrationskurs", "Integrationskurs am Vormittag", "A1", "B1"]
    first[4:6] = [datetime(2026, 11, 2), datetime(2027, 6, 30)]
    first[7:16] = [
        "Mo, Di, Mi", time(8, 30), time(12, 45), "Langenstraße 23", "02826", "Görlitz", 4, 20,
        "Anmeldung möglich",
    ]  # fmt: skip
    first[17] = "Berechtigungsschein, Verpflichtung"
    first[19:25] = [
        "VHS Görlitz", "+49 3581 420980", datetime(2026, 11, 25), "Integrationskurse", "26H-401", 3,
    ]  # fmt: skip
    first[42] = 120.5
    first[49] = "https://www.vhs-goerlitz.example/kurs?id=1&x=2"
    first[51:] = ["Web", "k7f3a2b9c1d4"]
    second: list[object] = [None] * 53
    second[:2] = ["EIGENE", "=1+1"]
    second[6], second[13], second[15] = "voraussichtlich März", 0, "abgesagt"
    second[21], second[52] = "nicht bestätigt", "k0000000002"
    assert cells_of(book["Kurse"]) == [
        *above,
        ["Träger ohne aktuelle Meldung: Euro-Schulen, IB"],
        GOLDEN_HEADINGS,
        first,
        second,
    ]
    provider = [
        "VHS", "Langenstraße 23", "02826", "Görlitz", "+49 3581 420980", "info@vhs.example",
        "https://vhs.example", None, None, "Haus A, Weg 1, 02763 Zittau\n02708 Löbau",
        "Anmeldung, 03581 1, a@vhs.example", "Allgemeiner Integrationskurs, Berufssprachkurs B2",
        "Integrationskurse, Berufssprachkurse", 2,
    ]  # fmt: skip
    assert cells_of(book["Träger"])[3:] == [
        [],
        [
            "Träger", "Art", "Straße", "PLZ", "Ort", "Telefon", "E-Mail", "Internet",
            "Sprechzeiten", "Beratungssprachen", "Kursorte", "Ansprechpersonen", "Kursarten",
            "zugelassen für", "Kurse", "Meldung",
        ],
        ["VHS Görlitz", *provider, "gemeldet"],
        ["IB", *provider, "ohne aktuelle Meldung"],
    ]  # fmt: skip
    assert cells_of(book["Änderungen"])[3:] == [
        [
            ("Neu seit dem letzten Monat: neue Kurse, Änderungen von Beginn, Zeiten, Ort und "
            "Plätzen, abgesagte und entfallene Kurse.")
        ],
        [
            "Was ist neu", "Titel", "Träger", "Ort", "Beginn", "frei", "Was sich geändert hat",
            "Kurs-ID",
        ],
        ["neu", "BSK B2", "VHS Görlitz", None, None, None, None, "k1"],
        [
            "geändert", "Sprachcafé", "Niesky", None, None, None,
            ("Beginn: 07.12.2026, bisher keine Angabe\n"
            "Status: ausgebucht, bisher Anmeldung möglich"),
            "k2",
        ],
        ["entfallen", "EOK", "Niesky", None, None, None, None, "k3"],
    ]  # fmt: skip
    assert cells_of(book["Metadaten"]) == [
        ["Metadaten"],
        ["Ausgabe Dezember 2026 (2026-12/1) – Stand: 01.12.2026"],
        [],
        ["Landkreis oder Stadt", "Landkreis Görlitz"],
        ["AGS", "14626"],
        ["Liste", "Deutsch- und Integrationskurse"],
        ["Monat", "Dezember 2026"],
        ["Ausgabe", "2026-12/1"],
        ["Stand", datetime(2026, 12, 1)],
        ["veröffentlicht", "01.12.2026, 09:30 Uhr"],
        ["Umfang", "öffentlich"],
        ["Kurse", 2],
        ["Herausgeber", "Landratsamt Görlitz, Bildungskoordination"],
        ["verantwortlich", "Maria Muster"],
        ["Kontakt", "bildung@kreis-gr.example"],
        ["Lizenz der Daten", "Datenlizenz Deutschland – Namensnennung – Version 2.0"],
        ["Träger ohne aktuelle Meldung", "Euro-Schulen, IB"],
        ["Format", "kursliste.edition/1"],
        [
            "Hinweis",
            (
                "Alle Angaben beruhen auf Meldungen der Träger und sind ohne Gewähr. "
                "Änderungen vorbehalten. Fragen Sie vor der Anmeldung beim Träger nach."
            ),
        ],
    ]
    legend = cells_of(book["Legende"])
    assert legend[legend.index(["Kursarten in dieser Liste"]) + 1] == [
        "Allgemeiner Integrationskurs",
        "IK-ALLG",
    ]
    assert ["wenige Plätze frei", "1 bis 3 freie Plätze oder fast voll"] in legend


def test_the_workbook_is_ready_to_print_and_to_filter():
    book = opened(built(varied_rows(40)))
    assert book.sheetnames == ["Kurse", "Träger", "Änderungen", "Legende", "Metadaten"]
    sheet = book["Kurse"]
    table = sheet.tables["Kurse"]
    printed = sum(column.printed for column in PUBLIC_COLUMNS)
    assert all(column.printed for column in PUBLIC_COLUMNS[:printed])
    assert {
        "table": (table.ref, table.autoFilter.ref),
        "headings": [column.name for column in table.tableColumns],
        "frozen": sheet.freeze_panes,
        "page": (sheet.page_setup.orientation, sheet.page_setup.paperSize),
        "fit": (
            sheet.sheet_properties.pageSetUpPr.fitToPage,
            sheet.page_setup.fitToWidth,
            sheet.page_setup.fitToHeight,
        ),
        "repeated": sheet.print_title_rows,
        "area": sheet.print_area,
        "header": (sheet.oddHeader.left.text, sheet.oddHeader.right.text),
        "footer": (sheet.oddFooter.left.text, sheet.oddFooter.right.text),
        "last": (sheet.cell(5, 53).value, sheet.column_dimensions["BA"].hidden),
    } == {
        "table": ("A5:BA45", "A5:BA45"),
        "headings": [column.heading for column in PUBLIC_COLUMNS],
        "frozen": "C6",
        "page": ("landscape", 9),
        "fit": (True, 1, 0),
        "repeated": "$5:$5",
        "area": "'Kurse'!$A$1:$V$45",
        "header": (
            "Deutsch- und Integrationskurse – Landkreis Görlitz",
            "Ausgabe 2026-12/1, Stand 01.12.2026",
        ),
        "footer": ("Landratsamt Görlitz, Bildungskoordination", "Seite &P von &N"),
        "last": ("Kurs-ID", True),
    }


def test_values_have_real_types_and_german_formats():
    sheet = opened(built([a_row()]))["Kurse"]
    place = {cell.value: cell.column for cell in sheet[5]}
    told = {
        name: (
            sheet.cell(6, place[name]).data_type,
            sheet.cell(6, place[name]).number_format,
        )
        for name in ("Beginn", "Zeit von", "frei", "Kosten", "PLZ", "Telefon")
    }
    assert told == {
        "Beginn": ("d", "dd.mm.yyyy"),
        "Zeit von": ("d", "hh:mm"),
        "frei": ("n", "0"),
        "Kosten": ("n", '#,##0.00\\ "€"'),
        "PLZ": ("s", "@"),
        "Telefon": ("s", "@"),
    }


def test_cancelled_is_struck_through_and_says_so():
    sheet = opened(built([a_row(status="abgesagt"), a_row()]))["Kurse"]
    assert [sheet.cell(line, 2).font.strike for line in (6, 7)] == [True, False]
    assert [sheet.cell(line, 16).font.strike for line in (6, 7)] == [False, False]
    assert [sheet.cell(line, 16).value for line in (6, 7)] == ["abgesagt", "Anmeldung möglich"]


HOSTILE = [
    ('=HYPERLINK("http://x.example";"y")', '=HYPERLINK("http://x.example";"y")'),
    ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ("#N/A", "#N/A"),
    ("+49 3581 420980", "+49 3581 420980"),
    ("-5", "-5"),
    ("@SUM(1)", "@SUM(1)"),
    ("'Apostroph", "'Apostroph"),
    ("a\x0bb", "a\nb"),
    ("x" * 300, "x" * 300),
    ("Zittau\u00a0Süd", "Zittau\u00a0Süd"),
    ('😀 <&> ]]> "%s" 100 %', '😀 <&> ]]> "%s" 100 %'),
    ("Мова العربية", "Мова العربية"),
    ("00049", "00049"),
]


@pytest.mark.asvs("1.2.10")
@pytest.mark.parametrize(("typed", "read"), HOSTILE)
def test_hostile_text_is_text_wherever_it_stands(typed, read):
    change = Change(
        kind=ChangeKind.CHANGED,
        course_id="k1",
        title=typed,
        provider=typed,
        fields=(FieldChange(attribute="town", old=typed, new=typed),),
    )
    content = built(
        [a_row(title=typed, link=typed, contact_phone=typed, course_type=typed)],
        head=a_head(
            publisher=typed,
            responsible=typed,
            district=typed,
            list_title=typed,
            reason=typed,
            replaces=1,
            number=2,
            silent_providers=(typed,),
        ),
        providers=[a_provider_row(name=typed, website=typed, languages=typed)],
        changes=[change],
    )
    course = course_of(content)
    assert [course[name] for name in ("Titel", "Link", "Telefon", "Kursart")] == [read] * 4
    book = opened(content)
    assert [cell.data_type for cell in book["Kurse"][6] if cell.value == read] == ["s"] * 4
    assert [book["Änderungen"].cell(6, place).value for place in (2, 3)] == [read] * 2
    assert book["Änderungen"].cell(6, 7).value == f"Ort: {read}, bisher {read}"
    assert [book["Träger"].cell(6, place).value for place in (1, 8, 10)] == [read] * 3
    assert book["Kurse"]["A1"].value.startswith(read)
    parts = parts_of(content)
    assert [name for name, text in parts.items() if re.search(r"<(\w+:)?f[ >/]", text)] == []


def test_the_package_holds_nothing_that_reaches_out():
    parts = parts_of(built([a_row(link="https://a.example"), a_row(link="http://b.example")]))
    assert [name for name in parts if "external" in name.lower() or "vba" in name.lower()] == []
    assert sorted(parts) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/app.xml",
        "docProps/core.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/tables/table1.xml",
        "xl/tables/table2.xml",
        "xl/tables/table3.xml",
        "xl/theme/theme1.xml",
        "xl/workbook.xml",
        "xl/worksheets/_rels/sheet1.xml.rels",
        "xl/worksheets/_rels/sheet2.xml.rels",
        "xl/worksheets/_rels/sheet3.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/worksheets/sheet3.xml",
        "xl/worksheets/sheet4.xml",
        "xl/worksheets/sheet5.xml",
    ]


@pytest.mark.asvs("1.2.2")
def test_only_https_addresses_can_be_clicked():
    links = ["https://a.example/?x=1&y=2", "http://b.example", "javascript:alert(1)", "https://a b"]
    sheet = opened(built([a_row(link=link) for link in links]))["Kurse"]
    found = [sheet.cell(line, 50).hyperlink for line in range(6, 10)]
    assert [link and link.target for link in found] == [links[0], None, None, None]


def test_a_list_with_too_many_links_shows_them_as_text(monkeypatch):
    monkeypatch.setattr("kursliste.publishing.formats.package.MOST_LINKS", 1)
    sheet = opened(built([a_row(), a_row()]))["Kurse"]
    assert [sheet.cell(line, 50).hyperlink for line in (6, 7)] == [None, None]


@pytest.mark.parametrize("where", ["title", "street"])
def test_a_lone_surrogate_is_refused(where):
    with pytest.raises(ValueError, match="surrogates"):
        built([a_row(**{where: "\udc80"})])


SECRETS = {column.attribute: f"geheim-{column.attribute}" for column in COLUMNS if column.internal}


def a_secret_row():
    """Return a row with something that could leak in every internal column."""
    return a_row(**SECRETS | {"visibility": "öffentlich", "seats_taken": 987, "waiting_count": 986})


@pytest.mark.asvs("8.2.3", "15.3.1")
def test_internal_values_never_stand_in_the_public_workbook():
    moved = Change(
        kind=ChangeKind.CHANGED,
        course_id="k1",
        title="Kurs",
        provider="VHS",
        fields=(FieldChange(attribute="internal_note", old="geheim-1", new="geheim-2"),),
    )
    rows = [a_secret_row(), a_row(title="geheim-Kurs", visibility="nur intern")]
    public = "".join(parts_of(built(rows, changes=[moved])).values())
    inside = "".join(parts_of(built(rows, changes=[moved], internal=True)).values())
    words = ("geheim", ">987<", ">986<", "interne Notiz", "nur intern")
    assert [public.count(word) for word in words] == [0] * 5
    assert [inside.count(word) > 0 for word in words] == [True] * 5


def test_the_internal_workbook_says_so_on_every_sheet_and_page():
    book = opened(built([a_secret_row()], internal=True))
    note = "Deutsch- und Integrationskurse – Landkreis Görlitz (intern, nur für Fachkräfte)"
    assert [cell.value for cell in book["Kurse"][5]] == [column.heading for column in COLUMNS]
    assert [book[name]["A1"].value for name in ("Kurse", "Träger", "Änderungen")] == [note] * 3
    assert book.sheetnames == [
        "Kurse", "Träger", "Änderungen", "Balkendiagramm", "Auslastung", "Legende", "Metadaten",
    ]  # fmt: skip
    assert [book[name].oddHeader.left.text for name in book.sheetnames] == [note] * 7


def test_professionals_see_every_change_field_by_field():
    sheet = opened(built(changes=some_changes(), internal=True))["Änderungen"]
    assert cells_of(sheet)[3:] == [
        ["Verglichen mit der Ausgabe des letzten Monats."],
        ["Änderung", "Titel", "Träger", "Angabe", "bisher", "jetzt", "Kurs-ID"],
        ["neu", "BSK B2", "VHS Görlitz", None, None, None, "k1"],
        ["geändert", "Sprachcafé", "Niesky", "Beginn", "unbekannt", "07.12.2026", "k2"],
        ["geändert", "Sprachcafé", "Niesky", "Status", "Anmeldung möglich", "ausgebucht", "k2"],
        ["geändert", "Sprachcafé", "Niesky", "Kosten", "0,00", "12,50", "k2"],
        ["entfallen", "EOK", "Niesky", None, None, None, "k3"],
    ]


def test_bars_are_words_and_coloured_by_them():
    book = opened(built([a_row(starts_on=date(2026, 11, 2))], internal=True))
    sheet = book["Balkendiagramm"]
    assert [cell.value for cell in sheet[6]][9:] == [
        "Beginn", *["läuft"] * 6, "Ende", *[None] * 6
    ]  # fmt: skip
    (found,) = sheet.conditional_formatting
    assert str(found.sqref) == "H6:W6"
    assert [rule.formula for rule in found.rules] == [['H6="vorauss."'], ["LEN(H6)>0"]]
    assert [cell.value for cell in book["Auslastung"][6]][:5] == ["alle Kurse", None, 1, 1, 20]


def test_equal_rows_give_equal_bytes_at_any_time():
    rows = varied_rows(40)
    first = built(rows, changes=some_changes(), providers=[a_provider_row()])
    again = built(
        [dict(reversed(list(row.items()))) for row in rows],
        changes=some_changes(),
        providers=[a_provider_row()],
    )
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2026, 12, 1, 8, 30, 0)}


def test_the_properties_name_title_language_and_the_moment_of_the_edition():
    facts = opened(built()).properties
    assert {
        "title": facts.title,
        "creator": facts.creator,
        "language": facts.language,
        "created": facts.created,
        "modified": facts.modified,
    } == {
        "title": "Deutsch- und Integrationskurse – Landkreis Görlitz, Ausgabe 2026-12/1",
        "creator": "kursliste",
        "language": "de-DE",
        "created": datetime(2026, 12, 1, 8, 30),
        "modified": datetime(2026, 12, 1, 8, 30),
    }


def test_an_edition_without_courses_is_still_a_workbook():
    sheet = opened(built([]))["Kurse"]
    assert (sheet.tables["Kurse"].ref, sheet.max_row) == ("A5:BA6", 5)


def test_a_correction_names_what_it_replaces_and_why():
    head = a_head(number=2, replaces=1, reason="Beginn in Zittau berichtigt")
    book = opened(built(head=head))
    assert [book["Kurse"]["A2"].value, book["Änderungen"]["A4"].value] == [
        (
            "Ausgabe Dezember 2026 (2026-12/2) – Stand: 01.12.2026 – ersetzt Ausgabe 2026-12/1: "
            "Beginn in Zittau berichtigt"
        ),
        "Es gibt nichts Neues, oder dies ist die erste Ausgabe.",
    ]


def test_the_sheet_follows_the_layout_of_its_edition():
    layout = Layout(
        name="Eigenes",
        chosen=(
            ChosenColumn("seats_free"),
            ChosenColumn("seats_taken", is_printed=True),
            ChosenColumn("town", "Wo?", is_printed=True),
            ChosenColumn("contact_name", for_professionals=True),
            ChosenColumn("title", is_printed=True),
        ),
    )
    found = {}
    for internal in (False, True):
        row = a_row(seats_taken=14, contact_name="Frau Muster")
        book = opened(built([row], head=a_head(layout=layout), internal=internal))
        sheet = book["Kurse"]
        last = sheet.cell(5, sheet.max_column).column_letter
        found[internal] = (cells_of(sheet)[4:], sheet.print_area, last)
        assert sheet.column_dimensions[last].hidden
    assert found == {
        False: (
            [
                ["Wo?", "Titel", "frei", "Kurs-ID"],
                ["Görlitz", "Integrationskurs am Vormittag", 4, "k7f3a2b9c1d4"],
            ],
            "'Kurse'!$A$1:$B$6",
            "D",
        ),
        True: (
            [
                ["belegt", "Wo?", "Titel", "frei", "Ansprechperson", "Kurs-ID"],
                [14, "Görlitz", "Integrationskurs am Vormittag", 4, "Frau Muster", "k7f3a2b9c1d4"],
            ],
            "'Kurse'!$A$1:$C$6",
            "F",
        ),
    }


def test_the_words_of_a_district_stand_above_the_table_and_in_the_metadata():
    layout = Layout(
        name="Eigenes",
        chosen=(ChosenColumn("title", is_printed=True),),
        header="=1+1\nGuten Tag",
        footer="Fragen an die Koordination",
    )
    book = opened(built(head=a_head(layout=layout, silent_providers=("IB",))))
    note = book["Kurse"]["A4"]
    assert (note.value, note.data_type) == (
        "=1+1\nGuten Tag\nTräger ohne aktuelle Meldung: IB",
        "s",
    )
    told = dict(line for line in cells_of(book["Metadaten"]) if len(line) == 2)
    assert told["Text unter der Liste"] == "Fragen an die Koordination"


def test_the_logo_stands_beside_the_title_or_above_it_with_its_words():
    picture = read_picture(an_image(size=(600, 200)))
    logo = Logo(
        sha256=picture.sha256,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        text='Wappen & "Kreis"',
    )
    lean = Layout(name="Karg", chosen=(ChosenColumn("title", is_printed=True),))
    places = []
    for layout in (STANDARD, lean):
        head = a_head(layout=replace(layout, logo=logo), logo=picture.content)
        content = built(varied_rows(3), head=head)
        assert content == built(varied_rows(3), head=head)
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert package.read("xl/media/logo.png") == picture.content
            assert b"Wappen &amp; " in package.read("xl/drawings/logo.xml")
        sheet = opened(content)["Kurse"]
        [image] = sheet._images  # openpyxl has no public name for the pictures of a sheet
        assert (image.anchor.ext.width, image.anchor.ext.height) == (132 * 12_700, 44 * 12_700)
        height = sheet.row_dimensions[1].height
        places.append((image.anchor._from.col, round(float(height)) if height else None))
        assert sheet.cell(6, 1).value is not None
    assert places == [(19, 22), (0, 66)]  # the lines grow by its height of 44 points
    bare = parts_of(built(varied_rows(3)))
    assert [name for name in bare if "drawing" in name or "media" in name] == []


def test_a_page_line_cannot_carry_commands():
    head = a_head(publisher="A&B &P" + "x" * 200)
    text = opened(built(head=head))["Kurse"].oddFooter.left.text
    assert text == "A&&B &&P" + "x" * 73 + "…"


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_the_same_cells(tmp_path):
    hostile = [a_row(title=typed, price_eur=Decimal(5)) for typed, _ in HOSTILE]
    (tmp_path / "liste.xlsx").write_bytes(built(hostile))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):59,34,76,1",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "liste.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=100,
    )
    text = (tmp_path / "liste.csv").read_text(encoding="utf-8")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert lines[4] == GOLDEN_HEADINGS
    assert [line[1] for line in lines[5:]] == [read for _, read in HOSTILE]
    assert [line[4] for line in lines[5:]] == [f"{date(2026, 11, 2):%d.%m.%Y}"] * len(HOSTILE)
    assert {line[42] for line in lines[5:]} == {"5.00 €"}


def test_lines_above_leave_out_what_is_not_known():
    sheet = opened(built(head=a_head(replaces=1, number=2, contact="")))["Kurse"]
    assert [sheet["A2"].value, sheet["A3"].value, sheet["A4"].value] == [
        "Ausgabe Dezember 2026 (2026-12/2) – Stand: 01.12.2026 – ersetzt Ausgabe 2026-12/1",
        "Herausgeber: Landratsamt Görlitz, Bildungskoordination · verantwortlich: Maria Muster",
        None,
    ]
