"""The form and its answer; and that nothing of what was answered is anywhere afterwards."""

import logging
from datetime import date

import pytest
from sqlalchemy import select

from kursliste.domain.course import Childcare, LateEntry, StartKind, TimeOfDay
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models.base import Base
from tests.publishing.scene import CANARIES, FULL_ROW, HIDDEN, a_scene


@pytest.fixture
def scene(session, settings):
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course(
        title="Alpha mit Kindern",
        course_type="IK-ALPHA",
        level_from="Alpha",
        level_to="A1",
        town="Niesky",
        postcode="02906",
        time_of_day=TimeOfDay.MORNING,
        childcare=Childcare.YES,
        admission=("Berechtigungsschein",),
        starts_on=date(2027, 1, 11),
        seats_free=3,
    )
    scene.course(
        title="Alpha in Zittau",
        course_type="IK-ALPHA",
        level_from="Alpha",
        level_to="A1",
        town="Zittau",
        postcode="02763",
        time_of_day=TimeOfDay.MORNING,
        childcare=Childcare.NO,
        admission=("Berechtigungsschein",),
    )
    scene.course(
        title="Sprachcafé",
        course_type="KONV",
        start_kind=StartKind.ROLLING,
        late_entry=LateEntry.YES,
        admission=("ohne Voraussetzung",),
        town="Niesky",
        postcode="02906",
        time_of_day=TimeOfDay.AFTERNOON,
        childcare=Childcare.NO,
    )
    scene.course(title="Geheim", visibility=HIDDEN)
    scene.course(**(FULL_ROW | {"title": "B2", "level_from": "B2", "level_to": "C1"}))
    scene.publish()
    with transaction(session):
        pass
    return scene


MOTHER = {
    "reached": "no_reading",
    "papers": "keins",
    "plz": "02906",
    "umkreis": "20",
    "times": "vormittags",
    "childcare": "y",
}


def test_a_mother_in_niesky_who_cannot_read_yet(client, scene):
    client.get("/kurs-finden")
    client.submit(status=200, **MOTHER)

    page = client.page
    assert "Alpha mit Kindern" in page.text()
    assert "Dafür brauchen Sie ein anderes Papier." in page.text()
    assert "Der Berechtigungsschein ist die Erlaubnis" in page.text()
    assert "B2" not in page.texts(".result__title a")
    assert CANARIES.search(client.response.text) is None
    assert "Geheim" not in page.text()


def test_with_the_paper_it_fits_and_leads_to_a_handout(client, scene):
    client.get("/kurs-finden?sprache=uk")
    client.submit(status=200, **(MOTHER | {"papers": "Berechtigungsschein"}))
    assert client.page.texts(".result__title a")[0] == "Alpha mit Kindern"
    handouts = [a.get("href") or "" for a in client.page.select(".proposal a")]
    assert any("/handzettel?" in href and "sprache=uk" in href for href in handouts)


def test_nothing_answered_shows_all_that_can_be_recommended(client, scene):
    client.get("/kurs-finden")
    client.submit(status=200)
    assert "Machen Sie einen Einstufungstest." in client.page.text()


@pytest.mark.asvs("1.2.4")
def test_hostile_answers_ask_for_nothing(client, scene):
    client.get("/kurs-finden")
    client.submit(
        status=200,
        reached="<script>",
        papers="'; DROP",
        plz="<b>",
        umkreis="-1",
        times="nachts",
        kreis="atlantis",
    )
    assert "passen" in client.page.text()


def test_nothing_about_anybody_stays(client, session, scene, caplog):
    """Each answer is a canary; it is looked for wherever something could be kept."""
    canaries = {"plz": "77391", "kreis": "kanarienkreis", "reached": "kanarienstufe"}
    client.get("/kurs-finden")
    before = stored(session)
    with caplog.at_level(logging.DEBUG):
        client.submit(status=200, **(MOTHER | canaries))
        client.get("/kurslisten/goerlitz")
    headers = str(client.response.headers) + str(client.response.request.headers)
    cookies = "".join(cookie.decoded_value for cookie in (client.flask._cookies or {}).values())
    places = {
        "database": stored(session),
        "log": caplog.text,
        "headers": headers,
        "cookies": cookies,
        "next address": client.response.request.url,
    }
    found = {
        name: [word for word in canaries.values() if word in text] for name, text in places.items()
    }
    assert not any(found.values()), found
    assert places["database"] == before


def test_the_answer_is_kept_by_nobody(client, scene):
    client.get("/kurs-finden")
    client.submit(status=200, **MOTHER)
    response = client.response
    assert response.request.full_path == "/kurs-finden?"
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"  # "no-referrer" hides the Origin


def stored(session) -> str:
    session.expire_all()
    return "\n".join(
        repr(sorted(map(repr, session.execute(select(table)))))
        for table in Base.metadata.sorted_tables
    )
