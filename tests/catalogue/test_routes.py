"""The public pages and files, as anybody gets them."""

import csv
import hashlib
import io
import json
import zipfile
from datetime import date

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus
from kursliste.infrastructure.shelf import Shelf
from tests.builders import a_district, a_list
from tests.publishing.scene import CANARIES, CANCELLED, FULL_ROW, HIDDEN, a_scene

LIST = "/kurslisten/goerlitz"
STEM = f"{LIST}/2026-12/1/kursliste-goerlitz-2026-12-a1"


@pytest.fixture
def scene(session, settings):
    return a_scene(session, Shelf(settings.shelf))


def test_start_names_districts_and_leads_the_only_search(client, session, scene):
    a_district(session, "weimar", name="Weimar")
    scene.course()
    scene.publish()

    client.get("/")

    assert "Landkreis Goerlitz Dezember 2026 · 1 Kurs" in client.page.text()
    assert "Weimar noch keine Ausgabe" in client.page.text()
    client.submit(status=200, q="integration")
    assert client.response.request.path == "/suche"
    assert client.page.texts(".result__title a") == ["Allgemeiner Integrationskurs"]


def test_start_sends_the_search_to_the_chosen_district(client, session, scene):
    other = a_scene(session, scene.shelf, slug="weimar")
    for each in (scene, other):
        each.course()
        each.publish()

    client.get("/")
    client.submit(status=200, q="a & b", kreis="weimar")
    assert client.response.request.full_path == "/suche?q=a+%26+b&kreis=weimar"
    client.get("/?kreis=weimar&q=", 302)
    assert client.response.location == "/kurslisten/weimar"
    client.get("/?kreis=unbekannt")


def test_start_is_there_before_anything_else(client):
    client.get("/")

    assert "Noch ist kein Landkreis dabei." in client.page.text()


def test_list_says_everything_in_words(client, scene):
    scene.course(**FULL_ROW)
    scene.publish()

    client.get(LIST)

    assert client.page.texts("h1") == ["Deutsch- und Integrationskurse – Landkreis Goerlitz"]
    text = client.page.text()
    assert "Ausgabe Dezember 2026 Nr. 2026-12/1 Stand: 24.11.2026" in text
    assert "1 Kurs, davon 1 mit freien Plätzen, von 1 Träger an 1 Ort." in text
    assert client.page.texts(".table-group") == ["Integrationskurse 1 Kurs"]
    assert client.page.texts(".table-part") == ["Startet demnächst"]
    row = client.page.one("tbody .row-head")
    assert " ".join("".join(row.itertext()).split()) == (
        "Integrationskurs am VormittagAllgemeiner Integrationskurs"
        "Kursnummer 26H-401"
        "Anmeldung dienstagsbestätigt am 23.11.2026 Stimmt nicht mehr? "
        "Integrationskurs am Vormittag"
    )
    assert client.page.texts(".cell-value") == [
        "A1 – B1",
        "07.12.2026 – 30.06.2027",
        "Mo, Di, Mi08:30 – 12:45 Uhrvormittags",
        "700 UEModul 3",
        "02826 GörlitzLangenstraße 23Haus Weißeritz",
        "4 freivon 20",
        "wenige Plätze freiQuereinstieg möglich",
        "BerechtigungsscheinVerpflichtungfür FrauenKinderbetreuungbarrierefrei229,50 €",
        (
            "Volkshochschule NeißebogenAnmeldung Deutschkurse+49 3581 420980deutsch@vhs.example"
            "Kursseite des Trägers: Integrationskurs am Vormittag (führt auf eine andere Website)"
        ),
    ]
    links = {a.get("href"): a.get("rel") for a in client.page.select(".contact")}
    assert links == {
        "tel:+493581420980": None,
        "mailto:deutsch%40vhs.example": None,
        "https://vhs.example/kurs?id=1&x=2": "noopener noreferrer nofollow",
    }


def test_what_is_unknown_full_or_old_is_said_so(client, scene):
    scene.course(title="A", town="A")
    scene.course(title="B", town="B", seats_free=0, waiting_list="ja", status=CourseStatus.FULL)
    scene.course(title="C", town="C", confirmed_on=date(2026, 10, 22))
    scene.course(title="D", town="D", confirmed_on=None, confirmed_how=None)
    scene.course(title="E", town="E", status=CANCELLED)
    scene.publish()

    client.get(LIST)

    seats = [c for c in client.page.select("td") if c.get("data-label") == "Plätze"]
    assert [" ".join("".join(c.itertext()).split()) for c in seats] == [
        "auf Anfrage",
        "ausgebuchtWarteliste möglich",
        "auf Anfrage",
        "auf Anfrage",
        "auf Anfrage",
    ]
    assert client.page.texts(".stand") == [
        "bestätigt am 23.11.2026",
        "bestätigt am 23.11.2026",
        "nicht bestätigt seit 22.10.2026",
        "nicht bestätigt",
        "bestätigt am 23.11.2026",
    ]
    assert client.page.texts(".row--muted .marks") == ["abgesagt"]


def test_new_and_ended_courses_are_marked(client, scene):
    scene.month(Month(2026, 11))
    scene.course(title="endet")
    kept = scene.course(title="rückt", starts_on=date(2026, 12, 1))
    scene.publish(month=Month(2026, 11))
    scene.month(Month(2027, 1))
    scene.course(title="rückt", starts_on=date(2027, 1, 7), course_id=kept.course_id)
    scene.course(title="kommt")
    scene.course(title="unsichtbar", visibility=HIDDEN)
    scene.publish(month=Month(2027, 1))

    client.get(LIST)

    assert sorted(client.page.texts(".marks")) == ["geändert", "neu"]
    assert client.page.texts(".news-list summary") == [
        "Neu seit dem letzten Monat: 1 neu, 1 geändert, 1 entfallen"
    ]
    assert client.page.texts(".news-list h2") == [
        "Neue Kurse",
        "Geändert: Beginn, Zeiten, Ort oder Plätze",
        "Nicht mehr in der Liste",
    ]
    told = client.page.texts(".news-list li")
    assert told[1].startswith("rückt, Volkshochschule Neißebogen")
    assert "Beginn: 07.01.2027, bisher 01.12.2026" in told[1]
    assert told[2] == "endet, Volkshochschule Neißebogen"
    rows = {row.get("id") for row in client.page.select("tr[id]")}
    assert {link.get("href")[1:] for link in client.page.select(".news-list li a")} <= rows

    client.get(f"{LIST}?q=kommt")  # a part of the list is not compared with the whole one

    assert client.page.select(".news-list") == []


def test_replaced_edition_says_by_what_and_why(client, scene):
    scene.course()
    scene.publish()
    scene.publish(seen=1, reason="Beginn <falsch>")

    client.get(f"{LIST}/2026-12/1")
    assert "Diese Ausgabe ist ersetzt durch 2026-12/2." in client.page.text()
    assert "Grund: Beginn <falsch>" in client.page.text()
    client.get(f"{LIST}/2026-12")
    assert "Diese Ausgabe ersetzt 2026-12/1." in client.page.text()


def test_older_month_leads_to_the_current_one(client, scene):
    scene.course()
    scene.publish()
    scene.month(Month(2027, 1))
    scene.course()
    scene.publish(month=Month(2027, 1))

    client.get(f"{LIST}/2026-12")

    assert "Das ist nicht die aktuelle Liste." in client.page.text()
    assert client.page.one(".kern-alert a").get("href") == LIST


def test_silent_providers_are_named(client, scene):
    scene.course(confirmed_on=date(2026, 9, 1))
    scene.publish()

    client.get(LIST)

    assert "Träger ohne aktuelle Meldung: Volkshochschule Neißebogen." in client.page.text()


def test_district_without_an_edition_says_so(client, session):
    a_list(session, a_district(session))

    client.get(LIST)
    assert "noch keine Ausgabe erschienen" in client.page.text()
    client.get(f"{LIST}/ausgaben")
    assert "noch keine Ausgabe erschienen" in client.page.text()


@pytest.mark.parametrize(
    "path",
    [
        "/kurslisten/nirgends",
        f"{LIST}/2026-11",
        f"{LIST}/2026-13",
        f"{LIST}/2026-12/2",
        f"{LIST}/2026-12/0",
        f"{LIST}/2026-12/99999999999999999999",
        f"{STEM}.docx",
        f"{STEM}-intern.xlsx",
        f"{STEM}-intern.json",
        f"{LIST}/2026-12/1/..%2f..%2fkursliste.db",
        f"{LIST}/2026-12/2/kursliste-goerlitz-2026-12-a1.csv",
        f"{LIST}/aktuell.docx",
        f"{LIST}/aktuell.manifest",
        "/kurslisten/nirgends/aktuell.csv",
        "/kurslisten/nirgends/ausgaben",
    ],
)
def test_what_is_not_there_is_not_found(client, scene, path):
    scene.course()
    scene.publish()

    client.get(path, 404)


def test_filters_show_as_chips_that_can_be_taken_off(client, scene):
    scene.course(title="Abendkurs", town="Zittau", seats_free=2)
    scene.course(title="Anderer", town="Görlitz")
    scene.publish()

    client.get(f"{LIST}?ort=Zittau&frei=1&sortierung=ort")

    assert client.page.texts(".course-title") == ["Abendkurs"]
    assert client.page.texts(".chips__count") == ["1 von 2 Kursen"]
    assert [a.get("href") for a in client.page.select(".chip")] == [
        f"{LIST}?frei=1&sortierung=ort",
        f"{LIST}?ort=Zittau&sortierung=ort",
        LIST,
    ]
    assert client.page.form_values() == {
        "q": [""],
        "niveau": [""],
        "ort": ["Zittau"],
        "plz": [""],
        "umkreis": [""],
        "gruppe": [""],
        "art": [""],
        "ab": [""],
        "bis": [""],
        "tageszeit": [""],
        "form": [""],
        "zugang": [""],
        "traeger": [""],
        "sortierung": ["ort"],
        "frei": ["1"],
    }


def test_nothing_found_says_what_to_drop(client, scene):
    scene.course(title="Abendkurs", town="Zittau")
    scene.publish()

    client.get(f"{LIST}?ort=Zittau&frei=1")

    assert "Kein Kurs passt zu allen Filtern." in client.page.text()
    assert [(a.get("href"), a.text) for a in client.page.select(".empty a")] == [
        (f"{LIST}?ort=Zittau", "ohne „freie Plätze“: 1 Kurs")
    ]
    client.get(f"{LIST}?kostenlos=1&frei=1")
    assert [a.get("href") for a in client.page.select(".empty a")] == [LIST]


def test_unknown_values_are_named_and_several_values_survive_the_form(client, scene):
    scene.course(town="Zittau")
    scene.course(town="Görlitz")
    scene.publish()

    client.get(f"{LIST}?ort=Zittau&ort=Görlitz&art=<b>&q=%22%3E")

    assert client.page.texts(".kern-alert li") == ["Kursart: <b>", 'Suche: ">']
    assert client.page.form_values()["ort"] == ["Zittau", "Görlitz"]
    assert client.page.form_values()["q"] == ['">']


HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=1>', "=HYPERLINK(1)", "{{ 7*7 }}")


def test_hostile_texts_are_only_texts(client, scene):
    for text in HOSTILE:
        scene.course(title=text, town=text, public_note=text, contact_phone=text, funder=text)
    scene.publish()

    client.get(f"{LIST}?sortierung=ort")

    assert sorted(client.page.texts(".course-title")) == sorted(HOSTILE)
    assert client.page.select("td img") == []
    assert client.page.select("td script") == []


def test_empty_list_is_a_list(client, scene):
    scene.report.is_nil = True
    scene.publish()

    client.get(LIST)

    assert "In dieser Ausgabe steht kein Kurs." in client.page.text()


@pytest.mark.parametrize(
    ("ext", "media_type"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("ics", "text/calendar; charset=utf-8"),
        ("pdf", "application/pdf"),
    ],
)
def test_file_never_changes_and_is_known_by_its_hash(client, scene, ext, media_type):
    scene.course(**FULL_ROW)
    scene.publish()

    response = client.get(f"{STEM}.{ext}")

    tag = f'"{hashlib.sha256(response.data).hexdigest()}"'
    headers = response.headers
    assert (headers["Content-Type"], headers["ETag"]) == (media_type, tag)
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Disposition"] == (
        f"attachment; filename=kursliste-goerlitz-2026-12-a1.{ext}"
    )
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    again = client.get(f"{STEM}.{ext}", 304, headers={"If-None-Match": tag})
    assert (again.data, again.headers["ETag"]) == (b"", tag)


def test_manifest_names_the_public_files_only(client, scene):
    scene.course()
    scene.publish()

    files = json.loads(client.get(f"{LIST}/2026-12/1/manifest.json").data)["files"]

    assert [file["name"] for file in files] == [
        "kursliste-goerlitz-2026-12-a1.csv",
        "kursliste-goerlitz-2026-12-a1.ics",
        "kursliste-goerlitz-2026-12-a1.json",
        "kursliste-goerlitz-2026-12-a1.pdf",
        "kursliste-goerlitz-2026-12-a1.xlsx",
        *(f"traegerliste-goerlitz-2026-12-a1.{ending}" for ending in ("csv", "pdf", "xlsx")),
    ]


def test_permanent_address_leads_to_the_current_file(client, scene):
    scene.course()
    scene.publish()
    scene.publish(seen=1, reason="x")

    response = client.get(f"{LIST}/aktuell.csv", 302)

    assert response.location == f"{LIST}/2026-12/2/kursliste-goerlitz-2026-12-a2.csv"
    assert response.headers["Cache-Control"] == "public, max-age=300"


def test_archive_has_all_editions_with_reasons_and_files(client, scene):
    scene.course()
    scene.publish()
    scene.publish(seen=1, reason="Tippfehler")

    client.get(f"{LIST}/ausgaben")

    text = client.page.text()
    assert "Ausgabe 2026-12/2 veröffentlicht am 24.11.2026, 10:00 Uhr" in text
    assert "Grund der Korrektur: Tippfehler" in text
    assert "ersetzt durch 2026-12/2" in text
    links = [a.get("href") for a in client.page.select(".file-links a")]
    assert len(links) == 10
    for link in links:
        client.get(link)


def test_nothing_internal_leaves_the_house(client, scene):
    scene.course(**FULL_ROW)
    scene.course(**{**FULL_ROW, "title": "KANARIE-zeile", "visibility": HIDDEN})
    scene.publish()
    scene.month(Month(2027, 1))
    scene.course(**{**FULL_ROW, "title": "KANARIE-zeile", "visibility": HIDDEN})
    scene.course(**FULL_ROW)
    scene.publish(month=Month(2027, 1))

    texts = [
        client.get(path).text
        for path in (
            "/",
            LIST,
            f"{LIST}?q=kanarie",
            f"{LIST}/2026-12/1",
            f"{LIST}/ausgaben",
            f"{STEM}.csv",
            f"{STEM}.json",
            f"{STEM}.ics",
            f"{LIST}/2026-12/1/manifest.json",
        )
    ]
    book = zipfile.ZipFile(io.BytesIO(client.get(f"{STEM}.xlsx").data))
    texts += [book.read(name).decode() for name in book.namelist()]
    for text in texts:
        assert "intern@vhs.example" not in text
        assert CANARIES.findall(text) == []
    rows = list(csv.reader(io.StringIO(client.get(f"{STEM}.csv").text), delimiter=";"))
    assert len(rows) == 2
