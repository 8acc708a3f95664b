"""Hostile words in files, feeds, calendars and mails: text, in files that can be read."""

import csv
import io
import json
from pathlib import Path
from unicodedata import normalize
from xml.etree.ElementTree import fromstring

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.browser.hostile_words import TEXTS
from tests.browser.site import Site

ATOM = "{http://www.w3.org/2005/Atom}"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WORDS = [normalize("NFC", text) for text in TEXTS]
HANDED_OUT = ("Bcc", "Cc")


def newest(site: Site, ending: str) -> list[Path]:
    """The files of that ending in the hostile editions."""
    found = [
        max(month.iterdir(), key=lambda folder: int(folder.name.lstrip("a")))
        for liste in (site.folder / "exports").glob("*/*")
        for month in [max(p for p in liste.iterdir() if p.is_dir())]
    ]
    files = [path for folder in found for path in sorted(folder.glob(f"*{ending}"))]
    assert files
    return files


@pytest.mark.asvs("1.2.10")
def test_no_cell_of_a_workbook_is_a_formula_and_each_payload_is_there(hostile_site):
    texts = set()
    for path in newest(hostile_site, ".xlsx"):
        for sheet in load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                assert [cell.coordinate for cell in row if cell.data_type in {"f", "e"}] == []
                texts |= {cell.value for cell in row if isinstance(cell.value, str)}
    assert {text for text in WORDS if text not in texts} == set()


@pytest.mark.asvs("1.2.10")
def test_no_cell_of_a_text_file_begins_like_a_formula(hostile_site):
    texts: set[str] = set()
    for path in newest(hostile_site, ".csv"):
        rows = list(
            csv.reader(io.StringIO(path.read_text("utf-8-sig")), delimiter=";", strict=True)
        )
        assert len({len(row) for row in rows}) == 1
        cells = {cell for row in rows for cell in row}
        assert [c for c in cells if c.startswith(FORMULA) and not c.lstrip("-").isdigit()] == []
        texts |= cells | {cell.removeprefix("'") for cell in cells}
    assert {text for text in WORDS if text not in texts} == set()


@pytest.mark.asvs("1.2.3")
def test_a_json_file_has_each_payload_to_the_letter(hostile_site):
    found = "".join(
        json.dumps(json.loads(path.read_text()), ensure_ascii=False)
        for path in newest(hostile_site, ".json")
    )
    missing = {t for t in WORDS if json.dumps(t, ensure_ascii=False)[1:-1] not in found}
    assert missing == set()


def test_a_calendar_has_only_events(hostile_site):
    for path in newest(hostile_site, ".ics"):
        data = path.read_bytes()
        calendar = Calendar.from_ical(data)
        assert {part.name for part in calendar.walk()} <= {
            "VCALENDAR",
            "VEVENT",
            "VTIMEZONE",
            "STANDARD",
            "DAYLIGHT",
        }
        assert [part.errors for part in calendar.walk() if part.errors] == []
        assert max(map(len, data.split(b"\r\n"))) <= 75


@pytest.mark.asvs("1.3.3")
def test_a_pdf_holds_words_and_nothing_that_acts(hostile_site):
    for path in newest(hostile_site, ".pdf"):
        data = path.read_bytes()
        reader = PdfReader(path)
        assert "x__()" in "".join(page.extract_text() for page in reader.pages)
        assert [name for name in (b"/JavaScript", b"/Launch", b"/OpenAction") if name in data] == []
        for page in reader.pages:
            for note in page.get("/Annots", []):
                action = note.get_object().get("/A", {})
                assert str(action.get("/URI", "https:")).startswith(("http", "mailto:", "tel:"))


@pytest.mark.asvs("1.2.1")
@pytest.mark.parametrize("address", ["kurslisten/goerlitz/feed.atom", "sitemap.xml"])
def test_what_programs_fetch_is_well_formed(hostile_site, chromium, address):
    context = chromium.new_context()
    answer = context.request.get(f"{hostile_site.base_url}/{address}")
    tree = fromstring(answer.body())  # noqa: S314 -- our own answer
    context.close()
    assert answer.status == 200
    assert tree.tag.endswith(("feed", "urlset"))
    for link in tree.iter(f"{ATOM}link"):
        assert link.get("href", "").startswith(hostile_site.base_url)


@pytest.mark.asvs("1.2.1")
def test_a_hint_stands_on_one_line_of_its_mail(hostile_site):
    """A reader nobody knows must not write lines that look like ours."""
    bodies = [
        mail.get_content().splitlines()
        for mail in hostile_site.mails("@")
        if str(mail["Subject"]).startswith("Hinweis zu")
    ]
    said = {line.removeprefix("Dazu: ") for body in bodies for line in body}
    assert bodies
    assert {len(body) for body in bodies} == {min(map(len, bodies))}
    assert len({" ".join(text.split()) for text in TEXTS} & said) > 10


@pytest.mark.asvs("1.3.11")
@pytest.mark.con10("A8")
def test_no_mail_has_a_header_that_somebody_typed(hostile_site):
    mails = hostile_site.mails("@")
    assert mails
    for mail in mails:
        assert [name for name in HANDED_OUT if mail[name]] == []
        assert len(mail.get_all("Subject", [])) == len(mail.get_all("To", [])) == 1
        assert {part.get_content_type() for part in mail.walk()} <= {
            "text/plain",
            "multipart/mixed",
            "application/pdf",
        }
        assert mail.defects == []
