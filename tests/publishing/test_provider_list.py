"""The provider list of an edition: frozen with it, public facts only, one line per provider."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date

import pypdf
import pytest
from openpyxl import load_workbook

from kursliste.domain.provider_list import ProviderRow
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Contact, Venue
from kursliste.publishing.formats import csv_file, provider_files
from kursliste.publishing.formats.sheets import PROVIDER_COLUMNS
from tests.publishing.edition_sample import WORDS, a_head, a_provider_row
from tests.publishing.scene import HIDDEN, Scene, a_scene

NAME = "traegerliste-goerlitz-2026-12-a1"


@pytest.fixture
def scene(session, tmp_path) -> Scene:
    return a_scene(session, Shelf(tmp_path / "shelf"))


def lines_of(data: bytes) -> list[dict[str, str]]:
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def unpacked(data: bytes) -> str:
    """What stands in a file that is a folder of texts, a document, or a text."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            return "\n".join(parts.read(name).decode() for name in parts.namelist())
    if data.startswith(b"%PDF"):
        pages = pypdf.PdfReader(io.BytesIO(data)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())
    return data.decode()


def built(providers: Sequence[ProviderRow]) -> list[dict[str, str]]:
    return lines_of(csv_file.build_providers(providers, WORDS))


def test_house_is_frozen_without_who_may_not_be_named(session, scene):
    provider = scene.report.provider
    provider.approvals = ("Integrationskurse",)
    provider.languages = ("Deutsch", "Arabisch")
    provider.venues = [Venue(name="Haus A", street="Weg 1", postcode="02763", town="Zittau")]
    provider.contacts = [
        Contact(name="Anmeldung", phone="03581 1", is_public=True),
        Contact(name="KANARIE-person", phone="0151 987", email="kanarie@x.example"),
    ]
    scene.course()
    scene.course(course_type="BSK-B2", title="intern", visibility=HIDDEN)
    edition = scene.publish()
    provider.contacts[0].name = "KANARIE-spaeter"
    session.flush()

    stored = edition.providers[0]
    assert stored["contacts"] == [{"name": "Anmeldung", "phone": "03581 1", "email": ""}]
    data = scene.shelf.read(f"{edition.folder}/{NAME}.csv")
    (line,) = lines_of(data)
    assert line["Kursorte"] == "Haus A, Weg 1, 02763 Zittau"
    assert line["Ansprechpersonen"] == "Anmeldung, 03581 1"
    assert (line["zugelassen für"], line["Beratungssprachen"]) == (
        "Integrationskurse",
        "Deutsch, Arabisch",
    )
    assert (line["Kursarten"], line["Kurse"]) == ("Allgemeiner Integrationskurs", "1")
    for file in edition.files:
        text = unpacked(scene.shelf.read(f"{edition.folder}/{file.name}"))
        assert "KANARIE" not in text
        assert "intern@vhs.example" not in text
    document, book = (
        unpacked(scene.shelf.read(f"{edition.folder}/{NAME}.{ending}"))
        for ending in ("pdf", "xlsx")
    )
    for words in ("Haus A, Weg 1, 02763 Zittau", "Anmeldung, 03581 1", "Deutsch, Arabisch"):
        assert (words in document, words in book) == (True, True)


def test_file_has_the_columns_of_the_sheet_and_harmless_cells():
    hostile = a_provider_row(name='=HYPERLINK("x")', phone="-1", venues=(), contacts=())
    plain, odd = built([a_provider_row(), hostile])
    assert list(plain) == [column.heading for column in PROVIDER_COLUMNS]
    assert plain["Kursorte"] == "Haus A, Weg 1, 02763 Zittau | 02708 Löbau"
    assert plain["Telefon"] == "+49 3581 420980"
    assert (plain["Kurse"], plain["Meldung"]) == ("2", "gemeldet")
    assert (odd["Träger"], odd["Telefon"], odd["Kursorte"]) == ('\'=HYPERLINK("x")', "'-1", "")


def test_files_are_a_function_of_the_rows_and_survive_odd_ones():
    hostile = a_provider_row(
        name='=HYPERLINK("x")', town="", venues=(), office_hours="😀\x0bMo", languages="العربية"
    )
    providers = (a_provider_row(), hostile)
    files = provider_files.build(a_head(), providers, WORDS)
    assert files == provider_files.build(a_head(), providers, WORDS)
    book = load_workbook(io.BytesIO(files["xlsx"]))
    assert book.sheetnames == ["Träger", "Metadaten"]
    sheet = book["Träger"]
    assert sheet["A1"].value == "Trägerliste – Landkreis Görlitz"
    assert [cell.value for cell in sheet[5]] == [column.heading for column in PROVIDER_COLUMNS]
    assert (sheet["A7"].value, sheet["A7"].data_type) == ('=HYPERLINK("x")', "s")
    assert sheet["D6"].value == "02826"
    document = pypdf.PdfReader(io.BytesIO(files["pdf"]))
    assert document.metadata is not None
    assert document.metadata.title == "Trägerliste – Landkreis Görlitz"
    text = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    assert "ohne Ort (1 Träger)" in text
    assert "Lizenz der Daten: Datenlizenz Deutschland – Namensnennung – Version 2.0" in text


def test_files_say_that_a_person_was_taken_out():
    head = a_head(erased_on=date(2027, 1, 5))
    files = provider_files.build(head, (a_provider_row(),), WORDS)
    words = "Am 05.01.2027 wurden personenbezogene Angaben entfernt."
    assert load_workbook(io.BytesIO(files["xlsx"]))["Träger"]["A4"].value == words
    assert words in unpacked(files["pdf"])


def test_list_without_providers_is_a_list():
    files = provider_files.build(a_head(licence=""), (), WORDS)
    assert files["csv"].count(b"\r\n") == 1
    text = pypdf.PdfReader(io.BytesIO(files["pdf"])).pages[0].extract_text()
    assert "In dieser Ausgabe steht kein Träger." in text
    assert "Lizenz" not in text
