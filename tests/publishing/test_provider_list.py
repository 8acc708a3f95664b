"""The provider list of an edition: frozen with it, public facts only, one line per provider."""

import csv
import io
from collections.abc import Sequence

import pytest

from kursliste.domain.provider_list import ProviderRow
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Contact, Venue
from kursliste.publishing.formats import csv_file
from kursliste.publishing.formats.sheets import PROVIDER_COLUMNS
from tests.publishing.edition_sample import WORDS, a_provider_row
from tests.publishing.scene import HIDDEN, Scene, a_scene

NAME = "traegerliste-goerlitz-2026-12-a1"


@pytest.fixture
def scene(session, tmp_path) -> Scene:
    return a_scene(session, Shelf(tmp_path / "shelf"))


def lines_of(data: bytes) -> list[dict[str, str]]:
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


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
        content = scene.shelf.read(f"{edition.folder}/{file.name}")
        assert b"KANARIE" not in content
        assert b"intern@vhs.example" not in content


def test_file_has_the_columns_of_the_sheet_and_harmless_cells():
    hostile = a_provider_row(name='=HYPERLINK("x")', phone="-1", venues=(), contacts=())
    plain, odd = built([a_provider_row(), hostile])
    assert list(plain) == [column.heading for column in PROVIDER_COLUMNS]
    assert plain["Kursorte"] == "Haus A, Weg 1, 02763 Zittau | 02708 Löbau"
    assert plain["Telefon"] == "+49 3581 420980"
    assert (plain["Kurse"], plain["Meldung"]) == ("2", "gemeldet")
    assert (odd["Träger"], odd["Telefon"], odd["Kursorte"]) == ('\'=HYPERLINK("x")', "'-1", "")
