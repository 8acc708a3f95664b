"""The page of one course: all of it, what was before, what follows, and nothing internal."""

from datetime import date, time
from decimal import Decimal

import pytest
from icalendar import Calendar

from kursliste.catalogue.course_page import course_page
from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus, StartKind
from kursliste.domain.errors import NotFoundError
from kursliste.domain.pathway import INTEGRATION, OTHER, REGIONAL, WORK, NextStep, next_step
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from tests.builders import a_course, a_provider, a_report
from tests.publishing.scene import CANARIES, CONFIRMED, FULL_ROW, HIDDEN, Statements, a_scene

JANUARY = Month(2027, 1)


@pytest.fixture
def scene(session, settings):
    return a_scene(session, Shelf(settings.shelf))


def facts(page) -> dict[str, list[str]]:
    return {fact.key: [line.text for line in fact.lines] for fact in page.card.facts}


def test_all_that_somebody_needs_to_go_there(session, scene):
    row = scene.course(**FULL_ROW)
    scene.publish()

    page = course_page(session, row.course_id)

    assert page.is_current
    assert (page.card.kind, page.card.level) == ("Allgemeiner Integrationskurs", "A1 – B1")
    assert facts(page) == {
        "where": ["Haus Weißeritz", "Langenstraße 23", "02826 Görlitz"],
        "when": [
            "07.12.2026 – 30.06.2027",
            "Mo, Di, Mi, 08:30 – 12:45 Uhr",
            "700 UE",
            "Modul 3",
        ],
        "level": ["A1 – B1"],
        "entry": ["Quereinstieg möglich"],
        "papers": ["Berechtigungsschein", "Verpflichtung"],
        "price": ["229,50\u00a0€"],
        "childcare": ["ja"],
        "more": ["für Frauen", "barrierefrei", "Anmeldung dienstags"],
        "seats": ["4 frei", "von 20"],
    }
    papers = page.card.fact("papers")
    assert papers is not None
    assert papers.lines[0].hint.startswith("Der Berechtigungsschein ist")
    assert page.card.fact("unknown") is None


def test_nothing_internal_is_on_the_page_or_in_its_calendar(client, scene):
    row = scene.course(**FULL_ROW)
    hidden = scene.course(title="Geheim", visibility=HIDDEN)
    scene.publish()

    client.get(f"/kurse/{row.course_id}")
    text = client.response.text
    client.get(f"/kurse/{row.course_id}/kurs.ics")
    assert CANARIES.search(text + client.response.text) is None
    client.get(f"/kurse/{hidden.course_id}", 404)
    client.get("/kurse/gibtsnicht123", 404)


def test_what_changed_since_is_told_edition_by_edition(session, scene):
    first = scene.course(title="Kurs", starts_on=date(2027, 1, 4), town="Görlitz")
    scene.publish()
    scene.month(JANUARY)
    a_course(
        session,
        scene.report,
        course_id=first.course_id,
        title="Kurs",
        starts_on=date(2027, 1, 18),
        town="Görlitz",
        **CONFIRMED,
    )
    scene.publish(month=JANUARY)

    page = course_page(session, first.course_id)

    assert [(v.head.name, list(v.lines)) for v in page.history] == [
        ("2027-01/1", ["Beginn: 18.01.2027, bisher 04.01.2027"])
    ]


def test_a_course_that_left_the_list_says_so_and_leads_on(client, session, scene):
    gone = scene.course(title="Alter Kurs", level_to="B1")
    scene.publish()
    scene.month(JANUARY)
    scene.course(title="Neuer Kurs", level_to="B1")
    scene.publish(month=JANUARY)

    client.get(f"/kurse/{gone.course_id}")

    assert "Dieser Kurs steht nicht mehr in der aktuellen Liste." in client.page.text()
    assert client.page.texts(".result__title a") == ["Neuer Kurs"]
    assert client.response.headers["X-Robots-Tag"] == "noindex"
    client.get(f"/kurse/{gone.course_id}/kurs.ics", 404)


def test_what_follows_and_who_else_has_it(session, scene):
    row = scene.course(title="IK", course_type="IK-ALLG", level_from="A1", level_to="B1")
    scene.course(title="BSK", course_type="BSK-B2", level_from="B1", level_to="B2")
    scene.course(title="voll", course_type="BSK-B2", level_from="B1", level_to="B2", seats_free=0)
    scene.course(title="IK 2", course_type="IK-ALLG", level_from="A1", level_to="B1")
    club = a_provider(session, scene.district, name="Verein")
    other = a_report(session, scene.round, club, ReportStatus.APPROVED)
    a_course(session, other, title="IK dort", course_type="IK-ALLG", level_to="B1", **CONFIRMED)
    scene.publish()

    page = course_page(session, row.course_id)

    assert [one.line.entry.title for one in page.following] == ["BSK"]
    assert [one.line.entry.title for one in page.alike] == ["IK dort"]


@pytest.mark.parametrize(
    ("group", "place", "step"),
    [
        ("Erstorientierung", None, NextStep(0, (INTEGRATION, REGIONAL, OTHER))),
        ("Integrationskurse", 30, NextStep(30, (WORK, OTHER, REGIONAL))),
        ("Integrationskurse", None, None),
        ("Prüfungen", 30, None),
        ("Eigene Gruppe", 10, None),
    ],
)
def test_the_usual_ways(group, place, step):
    assert next_step(group, place) == step


def test_lessons_stand_in_the_calendar_week_by_week(client, scene):
    row = scene.course(
        title="Kurs am Morgen",
        starts_on=date(2026, 12, 8),
        ends_on=date(2026, 12, 31),
        weekdays=("Mo", "Do"),
        time_from=time(9),
        time_until=time(12),
        register_by=date(2026, 12, 1),
        status=CourseStatus.CANCELLED,
    )
    whole = scene.course(
        title="Tage", starts_on=date(2026, 12, 7), weekdays=("Mo",), ends_on=date(2026, 12, 14)
    )
    scene.publish()

    client.get(f"/kurse/{row.course_id}/kurs.ics")
    text = client.response.data.decode()
    events = Calendar.from_ical(text).walk("VEVENT")
    assert len(events) == 2  # until when to register, and the lessons
    assert "DTSTART;TZID=Europe/Berlin:20261210T090000" in text  # the first lesson, a Thursday
    assert "RRULE:FREQ=WEEKLY;UNTIL=20261231T225900Z;BYDAY=MO,TH" in text
    assert text.count("STATUS:CANCELLED") == 2
    client.get(f"/kurse/{whole.course_id}/kurs.ics")
    assert b"UNTIL=20261214" in client.response.data


def test_the_page_asks_as_often_with_one_version_as_with_three(session, scene, database):
    asked = []
    row = scene.course(title="Kurs", level_to="B1", course_type="IK-ALLG")
    course_id = row.course_id
    for months in ((), (JANUARY, Month(2027, 2))):
        for month in months:
            scene.month(month)
            a_course(
                session,
                scene.report,
                course_id=course_id,
                title="Kurs",
                level_to="B1",
                course_type="IK-ALLG",
                **CONFIRMED,
            )
            scene.publish(month=month)
        if not months:
            scene.publish()
        with transaction(session):
            pass
        with database.session(readonly=True) as own:
            course_page(own, course_id)
        with database.session(readonly=True) as own, Statements(database) as statements:
            course_page(own, course_id)
        asked.append(statements.questions)
    assert asked[0] == asked[1] <= 5


def test_words_that_a_start_is_told_in(session, scene):
    row = scene.course(
        starts_on=None,
        start_kind=StartKind.ROLLING,
        start_note="nach Absprache",
        price_eur=Decimal(0),
        contact_phone=None,
        contact_email=None,
    )
    scene.publish()
    page = course_page(session, row.course_id)
    assert facts(page)["when"][:2] == ["laufender Einstieg", "nach Absprache"]
    assert facts(page)["price"] == ["kostenlos"]
    with pytest.raises(NotFoundError):
        course_page(session, "nichts")
