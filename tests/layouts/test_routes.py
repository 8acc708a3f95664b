"""The pages of a list's layout, as a coordinator uses them."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from kursliste.domain.layout import Grouping
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Edition, JournalEntry, ListLayout, LogoImage
from kursliste.publishing.queries import layout_of
from tests.builders import a_coordinator, a_counsellor, a_district, a_list, a_reporter
from tests.layouts.pictures import an_image
from tests.publishing.scene import FULL_ROW, a_scene
from tests.signing_in import sign_in

PAGE = "/stammdaten/kreise/goerlitz/layout"
FORM = "#layout"


@pytest.fixture
def scene(session, settings):
    return a_scene(session, Shelf(settings.shelf))


@pytest.fixture
def coordinator(client, session, scene):
    sign_in(client, session, scene.coordinator)
    return scene.coordinator


def count(session, kind: type) -> int:
    return session.scalar(select(func.count()).select_from(kind))


def typed(client) -> dict[str, str]:
    """What stands in the form, each field once."""
    return {name: values[0] for name, values in client.page.form_values(FORM).items()}


def printed(client) -> list[str]:
    """The columns that Excel prints, as the form shows them."""
    return client.page.texts("#spalten-printed .row-head")


def test_pages_are_for_who_coordinates_the_district(client, session, scene):
    client.get(PAGE, 302)
    for user, status in (
        (a_reporter(session, scene.report.provider), 403),
        (a_counsellor(session, scene.district), 403),
        (a_coordinator(session, a_scene(session, scene.shelf, slug="weimar").district), 404),
    ):
        sign_in(client, session, user)
        client.get(PAGE, status)
        client.post(PAGE, {"name": "x"}, status)
        client.post(f"{PAGE}/logo", {"text": "x"}, status)
        client.post(f"{PAGE}/logo/entfernen", {}, status)


def test_a_shipped_layout_fills_form_and_preview_and_is_kept_when_saved(
    client, session, scene, coordinator
):
    scene.course(**FULL_ROW)
    scene.course(title="Kurs in Zittau", town="Zittau")
    client.get(PAGE)
    assert printed(client)[:2] == ["Kursart", "Titel"]
    client.get(f"{PAGE}?vorlage=orte")
    assert printed(client)[:3] == ["Träger", "Kursart", "Titel"]
    assert client.page.texts(".layout-preview .table-group") == ["Görlitz 1 Kurs", "Zittau 1 Kurs"]
    assert "wenn Sie speichern" in client.page.text()
    assert count(session, ListLayout) == 0

    client.submit(FORM)
    client.follow()

    assert "Das Layout ist gespeichert." in client.page.text()
    assert "mit dem gespeicherten Layout" in client.page.text()
    assert layout_of(session, scene.course_list).grouping is Grouping.TOWN
    client.submit(FORM)
    client.follow()
    assert "Es hat sich nichts geändert." in client.page.text()
    client.get("/kurslisten/goerlitz")  # nothing is published by looking
    assert count(session, Edition) == 0


def test_columns_move_by_a_number_and_are_numbered_anew(client, session, scene, coordinator):
    scene.course(**FULL_ROW)
    client.get(PAGE)
    client.submit(
        FORM,
        200,
        preview="page",
        position_title="5",
        heading_title=" Was?\n ",
        place_units_total="printed",
        position_units_total="25",
        place_town="out",
        for_professionals_contact_name="y",
        header="Guten Tag",
        footer="Auf Wiedersehen",
    )
    assert printed(client)[:4] == ["Titel", "Kursart", "UE", "Niveau von"]
    values = typed(client)
    assert [values[f"position_{name}"] for name in ("title", "course_type", "units_total")] == [
        "10",
        "20",
        "30",
    ]
    assert (values["heading_title"], values["place_town"]) == ("Was?", "out")
    assert client.page.texts(".layout-preview thead th")[0] == "Was?"
    preview = " ".join(client.page.texts(".layout-preview"))
    assert "Guten Tag" in preview
    assert "Auf Wiedersehen" in preview
    assert "Görlitz" not in preview
    assert "Anmeldung Deutschkurse" not in preview
    assert count(session, ListLayout) == 0

    client.submit(FORM)
    kept = layout_of(session, scene.course_list)
    assert [one.attribute for one in kept.chosen][:3] == ["title", "course_type", "units_total"]
    assert kept.withheld == {"contact_name"}


def test_the_preview_as_a_file_is_marked_and_stores_nothing(client, session, scene, coordinator):
    scene.course(**FULL_ROW)
    client.get(PAGE)
    client.post(f"{PAGE}/logo", {"file": (io.BytesIO(an_image()), "logo.png"), "text": "Wappen"})
    before = count(session, JournalEntry)
    client.get(f"{PAGE}?vorlage=orte")

    answer = client.submit(FORM, 200, preview="xlsx", heading_title="Was?")

    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=vorschau-kursliste-goerlitz-2026-12-a1.xlsx"
    )
    book = load_workbook(io.BytesIO(answer.data))
    assert book["Kurse"]["A1"].value.startswith("VORSCHAU, nicht veröffentlicht: ")
    assert [cell.value for cell in book["Kurse"][5]][:3] == ["Träger", "Kursart", "Was?"]
    assert (count(session, Edition), count(session, JournalEntry)) == (0, before)
    assert list(scene.shelf.root.rglob("*.xlsx")) == []


def test_what_readers_would_miss_is_said_and_must_be_meant(client, session, scene, coordinator):
    client.get(PAGE)
    client.submit(FORM, 422, place_provider="out", heading_town="Wohin gehe ich?")
    text = client.page.text()
    assert "wer den Kurs anbietet (Träger): fehlt in der ganzen Liste" in text
    assert "„Wohin gehe ich?“ (üblich: „Ort“)" in text
    assert typed(client)["place_provider"] == "out"
    client.submit(FORM, knows_gaps="y")
    assert len(layout_of(session, scene.course_list).chosen) == 57

    client.get(PAGE)
    client.submit(FORM, 422, place_title="out")
    assert "gehört in jede Liste" in client.page.text()
    client.submit(FORM, 422, place_title="printed", heading_town="Titel", position_town="x")
    assert typed(client)["position_town"] == "x"


def test_where_nothing_is_approved_there_is_nothing_to_show(client, session):
    district = a_district(session)
    a_list(session, district)
    sign_in(client, session, a_coordinator(session, district))
    client.get(PAGE)
    assert "Noch ist keine Meldung freigegeben." in client.page.text()
    client.submit(FORM, preview="xlsx")
    client.follow()
    assert "noch keine freigegebenen Kurse" in client.page.text()


def test_two_people_at_one_layout_see_both(client, session, scene, coordinator):
    client.get(PAGE)
    values = typed(client)
    client.submit(FORM, name="Monatsliste")
    client.post(PAGE, {**values, "name": "Überblick"}, 409)
    assert "Monatsliste" in client.page.text()
    assert "Überblick" in client.page.text()
    client.submit()
    assert layout_of(session, scene.course_list).name == "Überblick"


def test_a_logo_is_set_shown_and_taken_away(client, session, scene, coordinator):
    client.get(PAGE)
    for data, words in (
        ({"text": "Wappen"}, "Wählen Sie ein Bild aus."),
        ({"text": "Wappen", "file": (io.BytesIO(b"GIF89a"), "x.png")}, "kein lesbares Bild"),
        ({"text": "", "file": (io.BytesIO(an_image()), "x.png")}, "was das Bild zeigt"),
    ):
        client.post(f"{PAGE}/logo", data, 422)
        assert words in client.page.text()
    client.post(f"{PAGE}/logo", {"file": (io.BytesIO(an_image()), "x.png"), "text": "Wappen"})
    client.follow()
    image = client.page.select(".list-own__logo")[0]
    assert image.get("alt") == "Wappen"
    assert str(image.get("src")).startswith("data:image/png;base64,")
    client.submit("main .button-form")
    client.follow()
    assert "Das Logo ist entfernt." in client.page.text()
    assert count(session, LogoImage) == 0
