"""The PDF of an edition, read back by pypdf: what a screen reader finds, and what paper says."""

import base64
import io
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from kursliste.domain.columns import COLUMNS
from kursliste.domain.edition import ChangeKind, changes_between, phase_of
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.layout import STANDARD, ChosenColumn, Grouping, Layout, Logo
from kursliste.domain.news import news_of
from kursliste.infrastructure import documents
from kursliste.publishing.formats import pdf_file
from kursliste.publishing.formats.pdf_cells import PrintedCourse
from kursliste.publishing.formats.pdf_data import data_of
from kursliste.publishing.formats.printable import BREAK, NO_SHAPE, covered, printable
from kursliste.settings import resource_dir
from tests.publishing.edition_sample import KINDS_OF_COURSE, WORDS, a_head, a_row, varied_rows

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ADDRESS = "anmeldung.deutschkurse@volkshochschule-niederschlesien.example"
NAMES = "أهلاً وسهلاً Олена Шевченко"


def printed(row, *, is_confirmed=True, change=None):
    phase = phase_of(row, on=date(2026, 12, 1))
    return PrintedCourse(row=row, phase=phase, is_confirmed=is_confirmed, change=change)


def build(*rows, news=None, head=None):
    return pdf_file.build(
        head or a_head(), [printed(row) for row in rows], WORDS, news or news_of([], [])
    )


def told(rows, layout=STANDARD) -> dict[str, Any]:
    """Return what the template is given."""
    head = a_head(layout=layout)
    return data_of(head, [printed(row) for row in rows], WORDS, news_of([], []))


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages)


def flat(text: str) -> str:
    """The text without line breaks and hyphens of the typesetter."""
    return "".join(text.split()).replace("-", "")


# ---- one district's list, made once


@pytest.fixture(scope="module")
def rows():
    found = varied_rows(40)
    found[0] = {**found[0], "title": NAMES, "contact_name": "مريم الأحمد"}
    return found


@pytest.fixture(scope="module")
def content(rows):
    before = [{**row, "town": "Ostritz"} if number == 3 else row for number, row in enumerate(rows)]
    before = [*before[1:], a_row(course_id="gone", title="Sprachcafé am Markt")]
    changes = changes_between(before, rows)
    courses = [
        printed(
            row,
            is_confirmed=number != 2,
            change=ChangeKind.NEW if number == 0 else None,
        )
        for number, row in enumerate(rows)
    ]
    head = a_head(silent_providers=("Euro-Schulen Zittau",), number=2, replaces=1, reason="Ort")
    return pdf_file.build(head, courses, WORDS, news_of(changes, rows))


@pytest.fixture(scope="module")
def reader(content):
    return PdfReader(io.BytesIO(content))


def structure(reader) -> Counter[str]:
    """How often each kind of element stands in the tag tree."""
    found: Counter[str] = Counter()
    left = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while left:
        node = left.pop().get_object()
        if isinstance(node, list):
            left += node
        elif isinstance(node, dict):
            if "/S" in node:
                found[node["/S"]] += 1
            if "/K" in node:
                left.append(node["/K"])
    return found


def test_document_says_what_it_is(reader):
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "de-DE"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Deutsch- und Integrationskurse – Landkreis Görlitz"
    assert reader.metadata.author == "Landratsamt Görlitz, Bildungskoordination"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    page = reader.pages[0].mediabox
    assert (round(page.width), round(page.height)) == (842, 595)


def test_each_group_is_one_table_with_a_bookmark_however_many_pages_it_takes(reader, rows):
    groups = list(dict.fromkeys(group for group, *_ in KINDS_OF_COURSE))
    tags = structure(reader)
    assert len(reader.pages) > len(groups)
    assert tags["/Table"] == len(groups)
    assert tags["/TH"] >= len(groups) * 10
    assert tags["/TR"] >= len(rows) + len(groups)
    assert tags["/H1"] == 1
    titles = [item.title for entry in reader.outline for item in _all(entry)]
    assert [title.partition(" (")[0] for title in titles if "(" in title] == groups
    assert {"Neu seit dem letzten Monat", "Hinweise", "Abkürzungen und Zeichen"} <= set(titles)


def _all(entry):
    return [item for one in entry for item in _all(one)] if isinstance(entry, list) else [entry]


def test_first_page_says_what_is_new(reader, rows):
    first = reader.pages[0].extract_text()
    assert "Neu seit dem letzten Monat" in first
    assert "Neue Kurse (1)" in first
    assert f"Ort: {rows[3]['town']}, bisher Ostritz" in first
    assert "Sprachcafé am Markt" in first
    assert "Diese Ausgabe ersetzt 2026-12/1. Grund: Ort" in first


def test_every_page_says_where_it_belongs(reader):
    last = reader.pages[-1].extract_text()
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert f"Seite {number} von {len(reader.pages)}" in text
        if number > 1:
            assert "Ausgabe Dezember 2026 (Nr. 2026-12/2) – Stand: 01.12.2026" in text
    assert "Unterrichtseinheit von 45 Minuten" in last
    assert "Träger ohne aktuelle Meldung: Euro-Schulen Zittau" in text_of_reader(reader)


def text_of_reader(reader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def test_words_say_what_marks_say(reader):
    text = text_of_reader(reader)
    assert "nicht bestätigt" in text
    assert "abgesagt" in text
    assert "Олена Шевченко" in text
    fonts = {
        font.get_object()["/BaseFont"].partition("+")[2]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {"FiraSans-Regular", "FiraSans-SemiBold"} <= fonts
    assert any(name.startswith("NotoSansArabic") for name in fonts)


# ---- bytes


def test_equal_rows_give_equal_bytes_in_a_process_of_its_own_too(request):
    here = build(*varied_rows(3))
    request.getfixturevalue("process_per_document")
    assert build(*varied_rows(3)) == here
    moved = a_head(published_at=datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert build(*varied_rows(3), head=moved) != here


def test_packing_loses_nothing_and_saves_half():
    rows = varied_rows(20)
    loose = pdf_file.set_in(pdf_file.template(), told(rows), a_head())
    packed = documents.packed(loose)
    assert len(packed) < len(loose) / 1.5
    assert text_of(packed) == text_of(loose)


@pytest.mark.asvs("15.2.2", "15.2.5")
@pytest.mark.con10("A17")
@pytest.mark.usefixtures("process_per_document")
def test_a_document_that_cannot_be_made_is_a_clear_answer(monkeypatch, caplog):
    with pytest.raises(RuleViolationError) as refused:
        pdf_file.set_in("#read(", {}, a_head())
    assert refused.value.rule is Rule.PDF_FAILED
    assert "no PDF of 2026-12/1" in caplog.text
    monkeypatch.setattr(documents, "SECONDS", 0.001)
    with pytest.raises(RuleViolationError) as late:
        pdf_file.set_in("= x", {}, a_head())
    assert late.value.rule is Rule.PDF_FAILED


@pytest.mark.asvs("1.3.6", "15.2.5")
@pytest.mark.usefixtures("process_per_document")
def test_the_template_can_open_nothing():
    for reads in (
        '#read("/etc/passwd")',
        '#read("../../etc/passwd")',
        '#import "@preview/x:0.1.0"',
    ):
        with pytest.raises(RuleViolationError):
            pdf_file.set_in(f'#set document(title: "x")\n{reads}', {}, a_head())


# ---- text


@pytest.mark.asvs("1.3.3", "1.3.7")
def test_text_is_never_markup_and_never_lost():
    hostile = '#read("/etc/passwd") =HYPERLINK(1) *b* $x$ @r <l> // \\ `c` [d] {e} ~ --- "q"'
    text = text_of(
        build(
            a_row(title=hostile, contact_phone="+49 3581 420980"),
            a_row(course_id="k2", title="Wort " * 60, town="a\x0bb\x00c"),
            a_row(course_id="k3", title="x" * 300, contact_email=ADDRESS),
        )
    )
    assert ADDRESS in "".join(text.split())  # no hyphen came into it
    assert flat(hostile) in flat(text)
    assert "root:" not in text
    assert "+49 3581 420980" in text
    assert BREAK not in text  # it would come along when an address is copied
    assert flat("Wort " * 60) in flat(text)
    assert "x" * 300 in flat(text)


def test_a_sign_without_a_shape_is_shown_as_one():
    assert printable("Kaffee ☕\ufe0f 😀 中") == f"Kaffee {NO_SHAPE} {NO_SHAPE} {NO_SHAPE}"
    assert printable("Kaffee مدرسة Школа \xad") == "Kaffee مدرسة Школа \xad"
    assert NO_SHAPE in text_of(build(a_row(title="Kaffee 😀")))


def test_a_long_word_may_break_and_a_usual_one_is_left_alone():
    usual = "Spezialberufssprachkurs mit Donaudampfschifffahrtsgesellschaft"
    assert printable(usual) == usual
    assert printable("a1" * 10) == f"{'a1' * 8}{BREAK}a1a1"
    assert printable("anmeldung@bildungswerk-ost.example") == BREAK.join(
        ("anmeldung@", "bildungswerk-", "ost.", "example")
    )
    assert printable("x" * 50).replace(BREAK, "") == "x" * 50


def test_every_sign_that_is_said_to_have_a_shape_has_one():
    signs = "".join(chr(point) for point in sorted(covered()))
    markup = '#set document(title: "x")\n#set text(font: ("Fira Sans", "Noto Sans Arabic"))\n'
    pdf_file.set_in(markup + '#json("data.json").text', {"text": signs}, a_head())
    with pytest.raises(Exception, match="could not be displayed"):
        pdf_file.set_in(markup + '#json("data.json").text', {"text": "😀"}, a_head())
    assert {path.suffix for path in resource_dir("fonts").iterdir()} == {".ttf", ".txt", ".md"}


# ---- layouts and readers


def test_a_layout_chooses_orders_and_renames_the_cells():
    layout = Layout(
        name="Kurz",
        chosen=(
            ChosenColumn("town", heading="Wo", is_printed=True),
            ChosenColumn("title", is_printed=True),
            ChosenColumn("starts_on", heading="Start", is_printed=True),
            ChosenColumn("ends_on"),
            ChosenColumn("contact_phone", for_professionals=True),
        ),
        grouping=Grouping.TOWN,
        logo=Logo(sha256="0" * 64, media_type="image/png", width=1, height=1, text="Wappen"),
        header="Kurse im ganzen Kreis",
        footer="Telefon der Koordination: 03581 663",
    )
    rows = [a_row(town="Zittau"), a_row(course_id="k2", town="Görlitz"), a_row(course_id="k3")]
    data = told(rows, layout)
    assert [column["heading"] for column in data["columns"]] == ["Kurs", "Wo", "Beginn – Ende"]
    assert [(group["heading"], group["count"]) for group in data["groups"]] == [
        ("Görlitz", "2 Kurse"),
        ("Zittau", "1 Kurs"),
    ]
    content = build(*rows, head=a_head(layout=layout, logo=PIXEL))
    assert len(PdfReader(io.BytesIO(content)).pages[0].images) == 1
    assert structure(PdfReader(io.BytesIO(content)))["/Figure"] == 1
    text = text_of(content)
    assert "Kurse im ganzen Kreis" in text
    assert "Telefon der Koordination: 03581 663" in text
    assert "420980" not in text
    assert "Langenstraße" not in text


@pytest.mark.parametrize(
    ("grouping", "headings"),
    [
        (Grouping.COURSE_GROUP, ["Integrationskurse"]),
        (Grouping.PROVIDER, ["Ärzte e. V.", "VHS Görlitz"]),
        (Grouping.LEVEL, ["Niveau B1", "ohne Angabe des Niveaus"]),
        (Grouping.NONE, [""]),
    ],
)
def test_rows_stand_together_by_what_the_layout_says(grouping, headings):
    rows = [
        a_row(level_to=None, level_from=None),
        a_row(course_id="k2", provider="Ärzte e. V."),
    ]
    layout = Layout(name="L", chosen=(ChosenColumn("title"),), grouping=grouping)
    data = told(rows, layout)
    assert [group["heading"] for group in data["groups"]] == headings


def test_internal_rows_and_values_stay_inside():
    secrets = {
        column.attribute: f"geheim-{column.attribute}" for column in COLUMNS if column.internal
    }
    rows = [a_row(**secrets | {"visibility": None}), a_row(title="geheim", visibility="nur intern")]
    data = told(rows)
    assert "geheim" not in str(data)
    assert data["summary"] == "1 Kurs, davon 1 mit freien Plätzen, von 1 Träger an 1 Ort."


def test_a_list_without_courses_is_a_list():
    assert "In dieser Ausgabe steht kein Kurs." in text_of(build())
