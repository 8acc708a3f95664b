"""What people type comes out unharmed in every file: as text, whole, and never as a command."""

import csv
import io
import json

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader

from kursliste.domain.edition import Phase
from kursliste.domain.news import news_of
from kursliste.publishing.formats import csv_file, ics_file, json_file, pdf_file, workbook
from kursliste.publishing.formats.csv_file import unguarded
from kursliste.publishing.formats.pdf_cells import PrintedCourse
from tests.publishing.edition_sample import WORDS, a_head, a_row

PHONE = "+49 3581 420980"
TITLES = {
    "formula": '=HYPERLINK("http://boese.example";"Gewinn")',
    "other formulas": "+1 @SUM(A1) -2 '=3",
    "vertical tab": "Kurs\x0bam Abend",
    "three hundred signs": ("Deutsch für den Beruf " * 14)[:300].strip(),
    "one long word": "x" * 300,
    "markup": '#read("/etc/passwd") <b>&amp; ]]> *b* $x$ \\par {{ 7 * 7 }}',
    "scripts": "أهلاً وسهلاً Ласкаво просимо",
}
LINE_BREAK = {"Kurs\x0bam Abend": "Kurs\nam Abend"}


def from_workbook(row):
    content = workbook.build(a_head(), [row], providers=(), changes=(), words=WORDS)
    sheet = load_workbook(io.BytesIO(content))["Kurse"]
    headings = [cell.value for cell in sheet[5]]
    cells = dict(zip(headings, sheet[6], strict=True))
    assert {cells["Titel"].data_type, cells["Telefon"].data_type} == {"s"}
    return cells["Titel"].value, cells["Telefon"].value


def from_csv(row):
    text = csv_file.build(a_head(), [row], WORDS).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    assert line["Titel"][0] not in "=+-@"
    return unguarded(line["Titel"]), line["Telefon"]


def from_json(row):
    course = json.loads(json_file.build(a_head(), [row], ()))["courses"][0]
    return course["title"], course["contact_phone"]


def from_ics(row):
    (event,) = Calendar.from_ical(ics_file.build(a_head(), [row], WORDS)).walk("VEVENT")
    title = str(event["summary"]).removeprefix("Beginn: ")
    assert "\n" not in title  # a title of an event is one line
    return title.replace("Kurs am", "Kurs\nam"), str(event["contact"]).partition(", ")[2]


def from_pdf(row):
    course = PrintedCourse(row, Phase.STARTING, is_confirmed=True)
    content = pdf_file.build(a_head(), [course], WORDS, news_of([], []))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return text, PHONE if PHONE in text else None


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_text_comes_out_as_text_unharmed(title):
    row = a_row(title=title, contact_phone=PHONE, late_entry_from=None)
    expected = LINE_BREAK.get(title, title), PHONE
    assert from_workbook(row) == expected
    assert from_csv(row) == expected
    assert from_json(row) == expected
    assert from_ics(row) == expected
    printed, phone = from_pdf(row)
    assert phone == PHONE
    # Paper breaks lines, and readers of PDF give Arabic words back from the other side.
    words = expected[0].split() if title == TITLES["scripts"] else ["".join(expected[0].split())]
    assert all(_flat(word) in _flat(printed) for word in words)


def _flat(text: str) -> str:
    return "".join(text.split()).replace("-", "")
