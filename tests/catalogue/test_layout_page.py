"""The page of an edition follows the layout that the edition was made with."""

from dataclasses import replace

import pytest

from kursliste.domain.course import CourseStatus
from kursliste.domain.layout import STANDARD, ChosenColumn, Grouping, Layout, Logo
from kursliste.domain.shipped_layouts import BY_TOWN
from kursliste.infrastructure.pictures import read_picture
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Edition, ListLayout, LogoImage
from tests.layouts.pictures import an_image
from tests.publishing.scene import FULL_ROW, a_scene

LIST = "/kurslisten/goerlitz"
PICTURE = read_picture(an_image(size=(30, 10)))
LEAN = Layout(
    name="Karg",
    chosen=(
        ChosenColumn("seats_free", "Noch frei", is_printed=True),
        ChosenColumn("title", "Was?", is_printed=True),
        ChosenColumn("contact_name", for_professionals=True),
        ChosenColumn("provider", is_printed=True),
        ChosenColumn("confirmed_on"),
    ),
    grouping=Grouping.NONE,
    header="Liebe Leserin,\nlieber Leser",
    footer="Fragen an die Koordination",
)

HOUSE, COURSE = "Volkshochschule Neißebogen", "Integrationskurs am Vormittag"


@pytest.fixture
def scene(session, settings):
    return a_scene(session, Shelf(settings.shelf))


def take(scene, layout):
    own = ListLayout(course_list_id=scene.course_list.id)
    own.keep(layout)
    scene.session.add(own)


def test_only_chosen_facts_stand_on_the_page_in_the_order_of_the_layout(client, scene):
    take(scene, LEAN)
    scene.course(**FULL_ROW)
    scene.course(title="Fällt aus", status=CourseStatus.CANCELLED, seats_free=3)
    scene.publish()

    client.get(LIST)

    assert client.page.texts("thead th") == ["Was?", "Noch frei", "Träger"]
    assert client.page.texts(".table-group") == ["Alle Kurse 2 Kurse"]
    lines = [" ".join(line.split()) for line in client.page.texts("tbody tr[id]")]
    wrong = "Stimmt nicht mehr?"
    assert lines == [
        f"Fällt aus abgesagtbestätigt am 23.11.2026 {wrong} Fällt aus 3 frei {HOUSE}",
        f"{COURSE}bestätigt am 23.11.2026 {wrong} {COURSE} 4 frei {HOUSE}",
    ]
    assert client.page.texts(".lines") == ["Liebe Leserin, lieber Leser", LEAN.footer]
    assert "Anmeldung Deutschkurse" not in client.page.text()
    assert {cell.get("data-label") for cell in client.page.select("td[data-label]")} == {
        "Noch frei",
        "Träger",
    }


def test_the_list_stands_in_its_own_groups_and_in_others_if_wanted(client, scene):
    take(scene, BY_TOWN)
    scene.course(title="Zittauer Kurs", town="Zittau", course_type="IK-ALLG")
    scene.course(title="Görlitzer Kurs", town="Görlitz", course_type="BSK-B2")
    scene.publish()

    groups = {}
    for address in (LIST, f"{LIST}?sortierung=gruppe", f"{LIST}?sortierung=ohne"):
        client.get(address)
        groups[address] = client.page.texts(".table-group")
        [chosen] = client.page.select("#sortierung option[selected]")
        groups[address].append(chosen.get("value"))
    assert groups == {
        LIST: ["Görlitz 1 Kurs", "Zittau 1 Kurs", "ort"],
        f"{LIST}?sortierung=gruppe": [
            "Integrationskurse 1 Kurs",
            "Berufssprachkurse 1 Kurs",
            "gruppe",
        ],
        f"{LIST}?sortierung=ohne": ["Alle Kurse 2 Kurse", "ohne"],
    }


def test_the_logo_is_public_once_an_edition_names_it(client, session, scene):
    facts = {"sha256": PICTURE.sha256, "media_type": "image/png", "width": 30, "height": 10}
    session.add(LogoImage(**facts, content=PICTURE.content))
    session.flush()
    logo = Logo(**facts, text="Wappen")  # type: ignore[arg-type]  # two texts and two numbers
    take(scene, replace(STANDARD, logo=logo))
    scene.course(**FULL_ROW)
    session.commit()
    client.get(f"/logo/{PICTURE.sha256}", 404)

    edition: Edition = scene.publish()

    assert edition.logo_sha256 == PICTURE.sha256
    client.get(LIST)
    image = client.page.one(".list-own img")
    assert (image.get("src"), image.get("alt")) == (f"/logo/{PICTURE.sha256}", "Wappen")
    answer = client.get(f"/logo/{PICTURE.sha256}")
    assert (answer.data, answer.headers["Content-Type"]) == (PICTURE.content, "image/png")
    assert "immutable" in answer.headers["Cache-Control"]
