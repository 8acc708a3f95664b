"""Professionals of a district see more; everybody else does not even learn that there is more."""

import io
import re
from dataclasses import dataclass
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from kursliste.domain.course import Visibility
from kursliste.domain.errors import NotPermittedError, RuleViolationError
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.professionals import LONGEST_NOTE
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import CourseNote, JournalEntry, ReportedCourse, User
from kursliste.professionals.actions import remove_course_note, write_course_note
from tests.builders import a_counsellor, a_district, a_reporter, a_user, an_actor
from tests.publishing.scene import FULL_ROW, HIDDEN, Scene, Statements, a_scene
from tests.signing_in import sign_in

LIST = "/kurslisten/goerlitz/intern"
FILE = "/kurslisten/goerlitz/intern.xlsx"
OPEN, CLOSED, SECRET = "Integrationskurs am Vormittag", "Kurs für Fachkräfte", "Kurs nur intern"


@dataclass
class Rows:
    """What is published, and who counsels there."""

    scene: Scene
    open: ReportedCourse
    closed: ReportedCourse
    secret: ReportedCourse
    berta: User

    def __getattr__(self, name: str) -> Any:
        return getattr(self.scene, name)


@pytest.fixture
def scene(session, settings):
    """A list with a course for everybody, one for professionals, and one for nobody else."""
    scene = a_scene(session, Shelf(settings.shelf))
    rows = (
        scene.course(**FULL_ROW),
        scene.course(
            title=CLOSED, visibility=Visibility.PROFESSIONALS, town="Fachort", level_from="A2"
        ),
        scene.course(title=SECRET, visibility=HIDDEN, internal_note="KANARIE-geheim"),
    )
    scene.publish()
    berta = a_counsellor(session, scene.district, name="Berta Beratung")
    with transaction(session):
        pass
    return Rows(scene, *rows, berta)


def titles(client) -> list[str]:
    return sorted(client.page.texts(".result__title a"))


def workbook_text(content: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = (c.value for sheet in book for row in sheet.iter_rows() for c in row)
    return "\n".join(str(value) for value in cells if value is not None)


def test_counsellors_see_rows_and_facts_for_professionals(client, session, scene):
    sign_in(client, session, scene.berta)
    response = client.get(LIST)
    assert titles(client) == sorted([OPEN, CLOSED])
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex"
    text = client.page.text()
    assert ("KANARIE-bamf" in text, "KANARIE-person" in text, "987" in text) == (True, True, True)
    assert ("KANARIE-notiz" in text, "KANARIE-geheim" in text, SECRET in text) == (False,) * 3
    assert client.page.texts(".result .tag") == ["nur für Fachkräfte"]


def test_the_coordination_sees_everything(client, session, scene):
    sign_in(client, session, scene.coordinator)
    client.get(LIST)
    assert titles(client) == sorted([OPEN, CLOSED, SECRET])
    assert re.findall(r"KANARIE-\w+", client.page.text()) != []
    assert "KANARIE-geheim" in client.page.text()


@pytest.mark.parametrize("path", [LIST, FILE, f"{LIST}/x", "/kurslisten/gibtesnicht/intern"])
def test_strangers_do_not_learn_that_it_exists(client, session, scene, path):
    path = path.replace("/x", f"/{scene.open.course_id}")
    assert client.visit(path).status_code == 302  # to the sign-in, as any address of professionals
    elsewhere = a_counsellor(session, a_district(session, "weimar"))
    sign_in(client, session, elsewhere)
    assert client.visit(path).status_code == 404
    sign_in(client, session, a_reporter(session, scene.report.provider))
    assert client.visit(path).status_code == 403


def test_filters_work_as_in_the_public_list(client, session, scene):
    sign_in(client, session, scene.berta)
    client.get(f"{LIST}?ort=Fachort&sortierung=ort&unsinn=1&niveau=Z9")
    assert titles(client) == [CLOSED]
    assert client.page.texts(".chips__count") == ["1 von 2 Kursen"]
    assert "Niveau: Z9" in client.page.text()
    client.get(f"{LIST}?ort=Fachort&kinderbetreuung=1")
    assert "Kein Kurs passt zu allen Filtern." in client.page.text()
    assert client.page.texts(".empty li") == [
        "ohne „Ort: Fachort“: 1 Kurs",
        "ohne „Kinderbetreuung“: 1 Kurs",
    ]
    client.get(f"{LIST}?plz=02826&umkreis=50&sortierung=entfernung")
    assert titles(client) == [OPEN]


@pytest.mark.asvs("8.2.3")
def test_the_files_hold_what_their_reader_may_see(client, session, scene):
    sign_in(client, session, scene.berta)
    response = client.visit(FILE)
    text = workbook_text(response.data)
    assert (OPEN in text, CLOSED in text, "KANARIE-bamf" in text) == (True, True, True)
    assert (SECRET in text, "KANARIE-notiz" in text, "KANARIE-geheim" in text) == (False,) * 3
    assert "no-store" in response.headers["Cache-Control"]
    assert "-fachkreis.xlsx" in response.headers["Content-Disposition"]
    assert "interne Notiz" not in text  # no column in which nothing can stand

    sign_in(client, session, scene.coordinator)
    response = client.visit(FILE)
    text = workbook_text(response.data)
    assert "interne Notiz" in text
    assert (OPEN in text, SECRET in text, "KANARIE-notiz" in text) == (True, True, True)
    assert "no-store" in response.headers["Cache-Control"]
    assert "-intern.xlsx" in response.headers["Content-Disposition"]


def test_nothing_of_it_is_in_public_answers(client, session, scene):
    with transaction(session):
        write_course_note(
            session,
            scene.district.id,
            scene.open.course_id,
            text="KANARIE-hinweis",
            actor=an_actor(scene.berta),
        )
    course = f"/kurse/{scene.open.course_id}"
    pages = ("/kurslisten/goerlitz", "/suche", "/suche?q=fachkräfte", course, "/suche/orte.json")
    data = ("/kurslisten/goerlitz/feed.atom", "/api/v1/courses", f"{course}/kurs.ics")
    files = tuple(f"/kurslisten/goerlitz/aktuell.{ext}" for ext in ("csv", "json", "ics", "xlsx"))
    for path in (*pages, *data, *files):
        answer = client.visit(path)
        if answer.status_code == 302:
            answer = client.visit(str(answer.headers["Location"]))
        assert (path, answer.status_code) == (path, 200)
        is_book = path.endswith(".xlsx")
        text = workbook_text(answer.data) if is_book else answer.get_data(as_text=True)
        assert OPEN in text or path in {"/suche?q=fachkräfte", "/kurslisten/goerlitz/feed.atom"}
        found = [word for word in (CLOSED, SECRET, "KANARIE", "Fachort") if word in text]
        assert (path, found) == (path, [])
    assert client.visit(f"/kurse/{scene.closed.course_id}").status_code == 404


def test_a_course_has_a_page_with_notes(client, session, scene):
    sign_in(client, session, scene.berta)
    client.get(f"{LIST}/{scene.open.course_id}")
    client.submit(status=302, text="  Ruft dienstags an.  ")
    client.follow()
    assert "Ruft dienstags an." in client.page.text()
    client.get(LIST)
    assert "Notiz: Ruft dienstags an." in client.page.text()
    client.get(f"{LIST}/{scene.closed.course_id}")
    assert client.page.heading() == f"{CLOSED} – intern"
    assert client.page.select(f'main a[href="/kurse/{scene.closed.course_id}"]') == []
    assert client.visit(f"{LIST}/{scene.secret.course_id}").status_code == 404


def test_a_note_needs_words_and_not_too_many(client, session, scene):
    sign_in(client, session, scene.berta)
    address = f"{LIST}/{scene.open.course_id}"
    client.get(address)
    client.submit(status=422, text="x" * (LONGEST_NOTE + 1))
    assert client.page.one("textarea").text == "x" * (LONGEST_NOTE + 1)
    client.get(address)
    client.submit(status=422, text="  ")
    assert session.scalars(select(CourseNote)).all() == []


def test_who_wrote_a_note_removes_it_and_the_coordination_does(client, session, scene):
    carl = a_counsellor(session, scene.district, name="Carl Kollege")
    berta = an_actor(scene.berta)
    with transaction(session):
        first, second = (
            write_course_note(
                session, scene.district.id, scene.open.course_id, text=text, actor=berta
            )
            for text in ("eins", "zwei")
        )
        session.flush()
        one, other = first.id, second.id
    address = f"{LIST}/{scene.open.course_id}"
    sign_in(client, session, carl)
    client.get(address)
    assert [b for b in client.page.texts("button") if b.startswith("Löschen")] == []
    assert client.post(f"{address}/notizen/{one}/loeschen", status=404)
    sign_in(client, session, scene.berta)
    client.get(address)
    elsewhere = f"{LIST}/{scene.closed.course_id}"
    client.post(f"{elsewhere}/notizen/{one}/loeschen", status=404)  # not a note of this course
    foreign = address.replace("/goerlitz/", "/weimar/")
    client.post(f"{foreign}/notizen/{one}/loeschen", status=404)  # nor of that district
    client.post(f"{address}/notizen/{one}/loeschen", status=302)
    sign_in(client, session, scene.coordinator)
    client.get(address)
    client.post(f"{address}/notizen/{other}/loeschen", status=302)
    client.follow()
    client.post(f"{address}/notizen/{other}/loeschen", status=404)
    assert session.scalars(select(CourseNote)).all() == []
    events = session.scalars(
        select(JournalEntry.event)
        .where(JournalEntry.event.in_(["course_note:written", "course_note:removed"]))
        .order_by(JournalEntry.id)
    )
    assert events.all() == ["course_note:written"] * 2 + ["course_note:removed"] * 2


def test_actions_ask_for_permission(session, scene):
    stranger = Actor(9, "Fremd", frozenset({Grant(Role.COUNSELLOR, district_id=99)}))
    with pytest.raises(NotPermittedError):
        write_course_note(
            session, scene.district.id, scene.open.course_id, text="x", actor=stranger
        )
    with pytest.raises(RuleViolationError):
        write_course_note(
            session,
            scene.district.id,
            scene.open.course_id,
            text=" ",
            actor=an_actor(scene.berta),
        )
    note = write_course_note(
        session, scene.district.id, scene.open.course_id, text="x", actor=an_actor(scene.berta)
    )
    with pytest.raises(NotPermittedError):
        remove_course_note(session, note, actor=stranger)


def test_the_list_costs_the_same_for_one_and_for_many(client, session, scene, database):
    sign_in(client, session, scene.berta)
    client.get(LIST)  # what every list knows is read once
    with Statements(database) as few:
        client.get(LIST)
    scene.course(title="Noch einer")
    scene.course(title="Und noch einer")
    scene.publish(seen=1, reason="mehr")
    with Statements(database) as many:
        client.get(LIST)
    assert len(titles(client)) == 4
    assert many.questions == few.questions


def test_counsellors_find_it_in_the_navigation(client, session, scene):
    sign_in(client, session, scene.berta)
    client.get("/suche")
    assert "Interne Liste" in client.page.texts("nav a")
    client.get(LIST)
    assert client.page.texts("header nav a[aria-current]") == ["Interne Liste"]
    weimar = a_district(session, "weimar")
    both = [Grant(Role.COUNSELLOR, district_id=d.id) for d in (scene.district, weimar)]
    sign_in(client, session, a_user(session, *both, email="beide@example.org"))
    client.get("/suche")
    assert [text for text in client.page.texts("nav a") if text.startswith("Interne")] == [
        "Interne Liste Landkreis Goerlitz",
        "Interne Liste Landkreis Weimar",
    ]
    client.get("/kurslisten/weimar/intern")
    assert "Es ist noch keine Ausgabe veröffentlicht." in client.page.text()
    assert client.visit("/kurslisten/weimar/intern.xlsx").status_code == 404
