"""Nothing happens behind a coordinator's back: what was told stands on the month's board."""

from datetime import date

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.interim import Told
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportStatus
from kursliste.reporting.interim_actions import Telling, report_interim
from kursliste.review.interim_queries import updates_beside
from tests.builders import a_coordinator, a_course, a_district, a_report, a_reporter, a_round
from tests.review.scene import Statements, a_scene, an_edition
from tests.signing_in import sign_in

NOVEMBER = Month(2026, 11)
CONFIRMED = {"confirmed_on": date(2026, 10, 22), "confirmed_how": ConfirmedHow.WEB}


@pytest.fixture
def scene(session):
    return a_scene(session)


@pytest.fixture
def rows(session, scene):
    """Three courses of November's edition."""
    before = a_round(session, scene.course_list, NOVEMBER)
    report = a_report(session, before, scene.provider, ReportStatus.APPROVED)
    rows = [
        a_course(
            session, report, title=title, seats_taken=12, seats_free=3, position=place, **CONFIRMED
        )
        for place, title in enumerate(("Erster", "Zweiter", "Dritter"))
    ]
    an_edition(session, scene, *rows, month=NOVEMBER)
    return rows


@pytest.fixture
def reporter(session, scene):
    return a_reporter(session, scene.provider, name="Rita Meldung").as_actor()


def tell(session, scene, reporter, row, **told):
    tellings = {row.course_id: Telling(Told(**told), None)}
    return report_interim(session, scene.provider.id, tellings, actor=reporter)


def titles(session, actor, scene):
    return [one.entry.title for one in updates_beside(session, actor, scene.course_list)]


def test_the_newest_word_stands_first(session, scene, rows, reporter, frozen_clock):
    tell(session, scene, reporter, rows[1], seats_free=0)
    frozen_clock.forward(minutes=1)
    tell(session, scene, reporter, rows[0], seats_free=1)

    assert titles(session, scene.actor, scene) == ["Erster", "Zweiter"]


def test_what_the_list_knows_already_is_no_news(session, scene, rows, reporter):
    [update] = tell(session, scene, reporter, rows[0], seats_free=0)
    rows[0].confirmed_on = date(2026, 11, 25)
    an_edition(session, scene, *rows, month=Month(2026, 12))
    assert titles(session, scene.actor, scene) == []
    assert update.superseded_at is None


def test_only_coordinators_of_the_district(session, scene, rows, reporter):
    tell(session, scene, reporter, rows[0], seats_free=0)
    elsewhere = a_coordinator(session, a_district(session, "weimar")).as_actor()
    for actor in (elsewhere, reporter, Actor.anonymous()):
        assert titles(session, actor, scene) == []
    assert titles(session, Actor.system(), scene) == ["Erster"]


def test_the_board_costs_the_same_for_one_update_and_for_three(session, scene, rows, reporter):
    counts = []
    for several in (rows[:1], rows[1:]):
        for row in several:
            tell(session, scene, reporter, row, seats_free=0)
        session.flush()
        with Statements(session) as sent:
            updates_beside(session, scene.actor, scene.course_list)
        counts.append(sent.count)
    assert counts == [1, 1]


def test_the_board_tells_title_values_date_and_who(session, client, scene, rows, reporter):
    sign_in(client, session, scene.coordinator)
    client.get("/pruefung/goerlitz")
    assert "Zwischenmeldung" not in client.page.text()

    tell(session, scene, reporter, rows[0], seats_taken=14, status=CourseStatus.PAUSED)
    client.get("/pruefung/goerlitz")

    assert client.page.texts("details summary") == [
        "1 Zwischenmeldung zur Ausgabe 2026-11/1, zuletzt am 24.11.2026"
    ]
    assert client.page.rows("details table")[1] == [
        "ErsterTräger",
        "12 belegt, 3 frei",
        "14 belegt, unterbrochen",
        "24.11.2026, 10:00 UhrRita Meldung",
    ]
    tell(session, scene, reporter, rows[1], seats_free=0)
    client.get("/pruefung/goerlitz")
    assert client.page.texts("details summary")[0].startswith("2 Zwischenmeldungen zur Ausgabe")
    client.get("/pruefung/goerlitz?monat=2026-11")
    assert client.page.select("details") == []
