"""Course types, levels, statuses and districts in an administrator's browser."""

from datetime import date

import pytest
from sqlalchemy import select

from kursliste.domain.permissions import Grant, Role
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Alias, CourseList, CourseType, District, JournalEntry, Level
from tests import builders
from tests.page_client import PageClient
from tests.publishing.scene import a_scene
from tests.signing_in import sign_in

TYPED = "form#angaben"


@pytest.fixture
def here(session):
    return builders.a_district(session)


@pytest.fixture
def admin(client, session):
    """The browser of an administrator."""
    sign_in(client, session, builders.a_user(session, Grant(Role.ADMINISTRATOR), name="Adam Amt"))
    return client


def stored(session, table, **which):
    session.expire_all()
    with transaction(session):
        return session.scalars(select(table).filter_by(**which)).one()


def differences(page):
    return [
        (term, page.texts(".facts--changes dd")[index])
        for index, term in enumerate(page.texts(".facts--changes dt"))
    ]


# ---- course types


def test_all_types_stand_under_their_group_with_their_validity(admin, session):
    session.get_one(CourseType, "MIA").valid_until = date(2026, 1, 31)
    session.get_one(CourseType, "EOK").valid_until = date(2027, 1, 31)
    session.get_one(CourseType, "KOMM").valid_from = date(2027, 1, 1)
    admin.get("/verwaltung")
    admin.get("/verwaltung/kursarten")
    rows = {row[1]: row for row in admin.page.rows() if len(row) > 1}
    assert rows["IK-ALLG"] == [
        "Allgemeiner Integrationskurs", "IK-ALLG", "700", "gilt", "wird angeboten",
    ]  # fmt: skip
    assert [rows[code][3] for code in ("MIA", "EOK", "KOMM")] == [
        "beendet am 31.01.2026", "gilt bis 31.01.2027", "ab 01.01.2027",
    ]  # fmt: skip
    assert rows["BSK-C1"][4] == "ausgesetzt"


def test_a_change_is_shown_before_it_is_stored(admin, session):
    admin.get("/verwaltung/kursarten/IK-ALLG")
    admin.submit(TYPED, 200, units_total="1500", valid_until="2027-03-15", seats_min="30")
    assert admin.page.heading() == "Das ändert sich"
    text = admin.page.text()
    assert differences(admin.page) == [
        ("Gilt bis", "vorher leer jetzt 15.03.2027"),
        ("UE", "vorher 700 jetzt 1500"),
        ("Kleinste Gruppe", "vorher leer jetzt 30"),
    ]
    assert "1500 UE sind sehr viel. Eine UE dauert 45 Minuten." in text
    assert "Bisher waren es 700 UE, jetzt 1500." in text
    assert "Die kleinste Gruppe (30) ist größer als die größte (25)." in text
    assert "Meldungen bieten die Kursart zuletzt für März 2027 an." in text
    assert stored(session, CourseType, code="IK-ALLG").units_total == 700

    admin.submit("main form", 200, edit="1")
    assert admin.page.heading() == "Allgemeiner Integrationskurs"
    assert admin.page.one("input[name=units_total]").get("value") == "1500"
    assert admin.page.one("input[name=valid_until]").get("value") == "2027-03-15"

    admin.submit(TYPED, 200)
    admin.submit("main form", confirmed="1")
    admin.follow()
    assert "Die Kursart „Allgemeiner Integrationskurs“ ist geändert." in admin.page.text()
    found = stored(session, CourseType, code="IK-ALLG")
    assert (found.units_total, found.valid_until, found.seats_min, found.exams) == (
        1500, date(2027, 3, 15), 30, ("DTZ", "LiD"),
    )  # fmt: skip
    admin.get("/verwaltung/protokoll")
    assert "Kursart geändert" in admin.page.text()
    assert "UE: 700 → 1500" in admin.page.text()
    assert "→ 15.03.2027" in admin.page.text()


def test_an_untouched_form_changes_nothing(admin, session):
    admin.get("/verwaltung/kursarten/IK-ALPHA")
    admin.submit(TYPED)
    admin.follow()
    assert "Es hat sich nichts geändert." in admin.page.text()
    assert stored(session, CourseType, code="IK-ALPHA").version == 1


def test_wrong_input_is_answered_at_its_field_and_kept(admin, session):
    admin.get("/verwaltung/kursarten/IK-ALLG")
    admin.submit(TYPED, 422, label="", units_total="viele", valid_from="31.2.", funder="x" * 81)
    links = admin.page.texts(".error-summary a")
    named = dict.fromkeys(link.split(":")[0] for link in links)
    assert list(named) == ["Bezeichnung", "Gilt ab", "UE", "Förderung"]
    assert admin.page.one("input[name=units_total]").get("value") == "viele"
    assert admin.page.one("input[name=valid_from]").get("value") == "31.2."
    admin.submit(
        TYPED,
        422,
        label="Orientierungskurs",
        units_total="700",
        valid_from="2027-02-01",
        valid_until="2027-01-01",
        funder="Bund",
    )
    [told] = admin.page.texts(".error-summary a")
    assert told.startswith("Gilt bis: Das Ende (01.01.2027) liegt vor dem Beginn (01.02.2027).")
    admin.submit(TYPED, 422, valid_until="")
    [told] = admin.page.texts(".error-summary a")
    assert told.startswith("Bezeichnung: „Orientierungskurs“ steht schon für „Orientierungskurs“.")
    assert stored(session, CourseType, code="IK-ALLG").version == 1


def test_a_type_is_added_used_in_words_and_deleted(admin, session):
    admin.get("/verwaltung/kursarten/neu")
    admin.submit(TYPED, 422, code="ÄH", label="Neu", sort="x")
    assert admin.page.one("input[name=code]").get("value") == "ÄH"
    new = {"code": "eltern", "label": "Elternkurs an Schulen", "sort": "55"}
    admin.submit(TYPED, 200, **new, course_group="Prüfungen", admission="Zuweisung, frei")
    assert differences(admin.page)[:2] == [
        ("Kürzel", "vorher leer jetzt ELTERN"),
        ("Bezeichnung", "vorher leer jetzt Elternkurs an Schulen"),
    ]
    admin.submit("main form", confirmed="1")
    assert stored(session, CourseType, code="ELTERN").admission == ("Zuweisung", "frei")

    admin.get("/verwaltung/kursarten/ELTERN")
    word = "form#wort"
    admin.submit(word, 422, alias="IK allg")
    assert admin.page.one("input[name=alias]").get("value") == "IK allg"
    assert admin.page.one("input[name=label]").get("value") == "Elternkurs an Schulen"
    assert "steht schon für „Allgemeiner Integrationskurs“" in admin.page.text()
    admin.submit(word, alias="Mama lernt")
    admin.follow()
    assert "„Mama lernt“ steht ab jetzt für „Elternkurs an Schulen“." in admin.page.text()
    alias = stored(session, Alias, alias="Mama lernt")
    admin.post(f"/verwaltung/kursarten/KOMM/woerter/{alias.id}/entfernen", {}, 404)
    admin.post(f"/verwaltung/status/voll/woerter/{alias.id}/entfernen", {}, 404)
    admin.get("/verwaltung/kursarten/ELTERN")
    admin.post(f"/verwaltung/kursarten/ELTERN/woerter/{alias.id}/entfernen", {})
    admin.follow()
    assert "„Mama lernt“ ist entfernt." in admin.page.text()

    admin.post("/verwaltung/kursarten/ELTERN/entfernen", {})
    admin.follow()
    assert "Die Kursart „Elternkurs an Schulen“ ist gelöscht." in admin.page.text()
    admin.get("/verwaltung/kursarten/ELTERN", 404)


def test_a_shipped_type_can_only_end(admin, session):
    admin.get("/verwaltung/kursarten/MIA")
    assert "Diese Kursart lässt sich nur beenden" in admin.page.text()
    admin.post("/verwaltung/kursarten/MIA/entfernen", {})
    admin.follow()
    assert "Diese Kursart lässt sich nicht löschen" in admin.page.text()
    assert stored(session, CourseType, code="MIA").version == 1


def test_two_administrators_at_one_type_see_both(admin, app, session):
    other = PageClient(app, session)
    sign_in(other, session, builders.a_user(session, Grant(Role.ADMINISTRATOR), name="Anna"))
    for browser, units in ((admin, "120"), (other, "130")):
        browser.get("/verwaltung/kursarten/KOMM")
        browser.submit(TYPED, 200, units_total=units)
    admin.submit("main form", confirmed="1")
    other.submit("main form", 409, confirmed="1")
    assert "130" in other.page.text() and "120" in other.page.text()
    other.submit("main form")
    assert stored(session, CourseType, code="KOMM").units_total == 130


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "1 Kurs in den aktuellen Listen hat diese Kursart und behält sie."),
        (2, "2 Kurse in den aktuellen Listen haben diese Kursart und behalten sie."),
    ],
)
def test_it_is_told_how_many_courses_a_change_meets(admin, session, tmp_path, count, told):
    scene = a_scene(session, Shelf(tmp_path / "shelf"))
    for number in range(count):
        scene.course(title=f"Kurs {number}", course_type="EOK")
    scene.publish()
    admin.get("/verwaltung/kursarten/EOK")
    admin.submit(TYPED, 200, label="Erstorientierung", valid_from="2027-01-01")
    assert told in admin.page.text()
    assert "Meldungen bieten die Kursart ab Januar 2027 an." in admin.page.text()
    assert "Die neue Bezeichnung steht ab der nächsten Ausgabe." in admin.page.text()


# ---- levels and statuses


def test_a_level_and_a_status_are_called_otherwise(admin, session):
    admin.get("/verwaltung/niveaus")
    admin.get("/verwaltung/niveaus/A1.1")
    admin.submit("main form", 422, label="B1")
    admin.submit("main form", 200, label="A1, Teil 1")
    assert differences(admin.page) == [("Bezeichnung", "vorher A1.1 jetzt A1, Teil 1")]
    admin.submit("main form", confirmed="1")
    assert stored(session, Level, code="A1.1").label == "A1, Teil 1"
    admin.get("/verwaltung/status/voll")
    admin.submit(TYPED, 200, label="voll belegt")
    admin.submit("main form", confirmed="1")
    admin.get("/verwaltung/status/voll")
    assert admin.page.heading() == "Status „voll belegt“"
    assert any(text.startswith("ausgebucht ") for text in admin.page.texts("main li"))
    admin.submit("form#wort", 422, alias="beendet")
    admin.submit("form#wort", alias="nix frei")
    assert stored(session, Alias, alias="nix frei").meaning == "voll"


# ---- districts


def test_a_district_is_added_with_its_list_after_a_look(admin, session):
    admin.get("/verwaltung/kreise")
    assert "Noch gibt es keinen Kreis." in admin.page.text()
    admin.get("/verwaltung/kreise/neu")
    admin.submit("main form", 422, name="Landkreis Görlitz", ags="1462", state="TH", slug="Görlitz")
    [told] = admin.page.texts(".error-summary a")
    assert told.startswith("Name in der Adresse: „Görlitz“ geht nicht. Möglich sind Kleinbuchst")
    assert admin.page.one("input[name=slug]").get("value") == "Görlitz"
    admin.submit("main form", 422, slug="goerlitz", ags="14626")
    assert "Der Kreisschlüssel 14626 gehört zu einem anderen Land (SN)." in admin.page.text()
    admin.submit("main form", 200, state="SN")
    assert differences(admin.page) == [
        ("Name", "vorher leer jetzt Landkreis Görlitz"),
        ("Kreisschlüssel (AGS)", "vorher leer jetzt 14626"),
        ("Land", "vorher leer jetzt Sachsen"),
        ("Name in der Adresse", "vorher leer jetzt goerlitz"),
    ]
    with transaction(session):
        assert session.scalars(select(District)).all() == []
    admin.submit("main form", confirmed="1")
    admin.follow()
    assert admin.page.rows()[1] == [
        "Landkreis Görlitz", "14626", "Sachsen", "/kurslisten/goerlitz",
    ]  # fmt: skip
    assert stored(session, CourseList).slug == "deutschkurse"
    admin.get("/verwaltung/kreise/goerlitz")
    admin.get("/kurslisten/goerlitz")


def test_a_district_is_renamed_and_gets_another_list(admin, session, here):
    builders.a_list(session, here)
    admin.get("/verwaltung/kreise/goerlitz")
    admin.submit("main form", 200, name="Kreis Görlitz")
    assert differences(admin.page) == [("Name", "vorher Landkreis Goerlitz jetzt Kreis Görlitz")]
    admin.submit("main form", confirmed="1")
    admin.follow()
    assert admin.page.heading() == "Kreis Görlitz"
    admin.get("/verwaltung/kreise/goerlitz/listen/neu")
    admin.submit("main form", 422, title="Beratung", slug="deutschkurse")
    assert admin.page.one("input[name=title]").get("value") == "Beratung"
    admin.submit("main form", slug="beratung", rhythm="quarterly")
    admin.follow()
    assert [text.split(":")[0] for text in admin.page.texts("main .text-list li")] == [
        "Deutsch- und Integrationskurse", "Beratung",
    ]  # fmt: skip
    with transaction(session):
        query = select(JournalEntry.event).where(JournalEntry.district_id == here.id)
        found = session.scalars(query.order_by(JournalEntry.id)).all()
    assert [str(event) for event in found] == ["district:changed", "course_list:added"]
    admin.get("/verwaltung/kreise/nirgends", 404)


def test_a_wrong_land_is_put_right(admin, session):
    builders.a_district(session, state="TH")
    admin.get("/verwaltung/kreise/goerlitz")
    admin.submit("main form", 200, state="SN")
    assert differences(admin.page) == [("Land", "vorher Thüringen jetzt Sachsen")]
    assert "Fristen offener Abfragen bleiben." in admin.page.text()


# ---- who may


@pytest.mark.parametrize(
    "path",
    [
        "kursarten", "kursarten/neu", "kursarten/KOMM", "niveaus", "niveaus/B1", "status/voll",
        "kreise", "kreise/neu", "kreise/goerlitz", "kreise/goerlitz/listen/neu",
    ],
)  # fmt: skip
def test_a_coordinator_is_not_let_in(client, session, here, path):
    sign_in(client, session, builders.a_coordinator(session, here))
    client.get(f"/verwaltung/{path}", 403)


@pytest.mark.parametrize(
    "path",
    ["kursarten/NICHTS", "niveaus/Z9", "status/nichts", "kursarten/A%2FB"],
)
def test_what_is_not_there_is_not_found(admin, path):
    admin.get(f"/verwaltung/{path}", 404)


def test_a_table_of_no_words_is_not_found(admin):
    admin.get("/verwaltung/niveaus")
    admin.post("/verwaltung/niveaus/B1/woerter", {"alias": "x"}, 404)
