"""A month before it is published: the real page and files, marked, kept nowhere."""

import io
import json

import pypdf
import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from kursliste.domain.course import Visibility
from kursliste.domain.report import ReportAction
from kursliste.infrastructure import clock
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Base
from tests.builders import a_coordinator, a_counsellor, a_reporter
from tests.publishing.scene import CANARIES, FULL_ROW, a_scene
from tests.signing_in import sign_in

CHECKLIST = "/veroeffentlichung/goerlitz/2026-12"
PAGE = f"{CHECKLIST}/vorschau"
LIST = "/kurslisten/goerlitz"


@pytest.fixture
def scene(session, settings):
    scene = a_scene(session, Shelf(settings.shelf))
    scene.course(**FULL_ROW)
    scene.course(title="Nur für Fachkräfte", visibility=Visibility.PROFESSIONALS)
    return scene


def rows(session) -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    counted = {t.name: session.scalar(select(func.count()).select_from(t)) for t in tables}
    return {name: count for name, count in counted.items() if name != "user_session"}


def test_it_is_for_who_may_publish_and_for_what_is_there(client, session, scene):
    for path in (PAGE, f"{PAGE}/xlsx"):
        client.get(path, 302)
        for user, status in (
            (a_reporter(session, scene.report.provider), 403),
            (a_counsellor(session, scene.district), 403),
        ):
            sign_in(client, session, user)
            client.get(path, status)
        client.flask.delete_cookie("sid")
    elsewhere = a_scene(session, scene.shelf, slug="weimar")
    sign_in(client, session, a_coordinator(session, elsewhere.district))
    client.get(PAGE, 404)
    sign_in(client, session, scene.coordinator)
    client.get(f"{PAGE}/exe", 404)
    client.get("/veroeffentlichung/goerlitz/2030-01/vorschau", 404)
    scene.report.move(ReportAction.REOPEN, by_id=scene.coordinator.id, at=clock.now())
    client.get(PAGE, 404)


def test_page_and_files_are_the_real_ones_and_nothing_is_kept(client, session, scene):
    sign_in(client, session, scene.coordinator)
    client.get(CHECKLIST)
    before = rows(session)
    (link,) = [a for a in client.page.select("main a") if a.get("href") == PAGE]
    assert "Vorschau ansehen" in "".join(link.itertext())

    answer = client.get(PAGE)

    assert answer.headers["Cache-Control"] == "no-store"
    assert "VORSCHAU – nicht veröffentlicht" in client.page.text()
    assert "So sähe die Ausgabe 2026-12/1 jetzt aus." in client.page.text()
    assert client.page.texts(".course-title") == ["Integrationskurs am Vormittag"]
    assert CANARIES.search(client.page.html) is None
    files = {}
    for kind in ("xlsx", "pdf", "csv", "json", "ics", "intern.xlsx"):
        given = client.get(f"{PAGE}/{kind}")
        assert given.headers["Cache-Control"] == "no-store"
        assert "vorschau-kursliste-goerlitz-2026-12-a1" in given.headers["Content-Disposition"]
        files[kind] = given.get_data()
    mark = "VORSCHAU, nicht veröffentlicht"
    book = load_workbook(io.BytesIO(files["xlsx"]))
    assert str(book["Kurse"]["A1"].value).startswith(mark)
    assert mark in pypdf.PdfReader(io.BytesIO(files["pdf"])).pages[0].extract_text()
    assert len(json.loads(files["json"])["courses"]) == 1
    session.rollback()
    assert rows(session) == before
    assert not [path for path in scene.shelf.root.rglob("*") if path.is_file()]
    client.flask.delete_cookie("sid")
    client.get(LIST)
    assert "noch keine Ausgabe" in client.page.text()


def test_a_correction_shows_what_it_would_correct(client, session, scene):
    scene.publish()
    scene.course(title="Vergessen")
    sign_in(client, session, scene.coordinator)

    client.get(PAGE)

    assert "Diese Ausgabe ersetzt 2026-12/1. Grund: (Ihr Grund der Korrektur)" in client.page.text()
    assert "Was gegenüber 2026-12/1 berichtigt ist (1)" in client.page.text()
    client.get(LIST)
    assert client.page.texts(".course-title") == ["Integrationskurs am Vormittag"]
