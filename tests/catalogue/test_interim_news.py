"""What providers told since: beside the frozen value, with its own date, and nowhere else."""

from datetime import UTC, date, datetime, timedelta

import pytest

from kursliste.catalogue import match_queries
from kursliste.catalogue.list_page import list_page
from kursliste.catalogue.search import Search
from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.search_rows import refresh_courses
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import InterimUpdate
from tests.publishing.scene import HIDDEN, Statements, a_scene

LIST = "/kurslisten/goerlitz"
SEATS = {"seats_total": 15, "seats_free": 3}
S = CourseStatus


@pytest.fixture
def scene(session, settings):
    return a_scene(session, Shelf(settings.shelf))


def a_word(session, row, *, day=date(2026, 11, 24), superseded=False, **told) -> InterimUpdate:
    """An update about a course, told at noon."""
    given_at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    update = InterimUpdate(
        course_id=row.course_id,
        district_id=row.report.district_id,
        provider_id=row.report.provider_id,
        given_at=given_at,
        given_by="KANARIE-person",
        superseded_at=given_at + timedelta(hours=1) if superseded else None,
        **told,
    )
    session.add(update)
    refresh_courses(session, [row.course_id])
    return update


def seats(client, at=LIST) -> list[str]:
    """What stands under "Plätze", course by course."""
    client.get(at)
    cells = [c for c in client.page.select("td") if c.get("data-label") == "Plätze"]
    return [" ".join(" ".join(c.itertext()).split()) for c in cells]


FROZEN = "3 frei von 15"
BESIDE = "3 frei von 15 Stand 23.11.2026 aktuell"


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ({"seats_free": 0}, f"{BESIDE} 0 frei, ausgebucht Meldung des Trägers vom 24.11.2026"),
        ({"seats_free": 2}, f"{BESIDE} 2 frei Meldung des Trägers vom 24.11.2026"),
        (
            {"seats_free": 9},
            f"{BESIDE} 9 frei, Anmeldung möglich Meldung des Trägers vom 24.11.2026",
        ),
        ({"status": S.PAUSED}, f"{BESIDE} unterbrochen Meldung des Trägers vom 24.11.2026"),
        (
            {"seats_free": 0, "status": S.CANCELLED},
            f"{BESIDE} abgesagt Meldung des Trägers vom 24.11.2026",
        ),
        # nothing else is said: nothing is shown
        ({"seats_free": 3}, FROZEN),
        ({"status": S.FEW}, FROZEN),
        ({"seats_taken": 987}, FROZEN),
        # the confirmation knows better, or does not
        ({"seats_free": 0, "day": date(2026, 11, 22)}, FROZEN),
        ({"seats_free": 0, "day": date(2026, 11, 23), "superseded": True}, FROZEN),
        (
            {"seats_free": 0, "day": date(2026, 11, 23)},
            f"{BESIDE} 0 frei, ausgebucht Meldung des Trägers vom 23.11.2026",
        ),
        (
            {"seats_free": 0, "superseded": True},
            f"{BESIDE} 0 frei, ausgebucht Meldung des Trägers vom 24.11.2026",
        ),
    ],
)
def test_what_stands_beside_the_frozen_value(client, session, scene, told, shown):
    row = scene.course(**SEATS)
    scene.publish()
    a_word(session, row, **told)
    assert seats(client) == [shown]


def test_the_newest_word_counts(client, session, scene):
    row = scene.course(**SEATS)
    scene.publish()
    a_word(session, row, seats_free=0)
    a_word(session, row, seats_free=1)
    a_word(session, row, seats_free=2, day=date(2026, 11, 20))
    assert seats(client) == [f"{BESIDE} 1 frei Meldung des Trägers vom 24.11.2026"]


def test_a_row_without_a_day_of_confirmation(client, session, scene):
    row = scene.course(**SEATS, confirmed_on=None, confirmed_how=None)
    scene.publish()
    a_word(session, row, seats_free=0, day=date(2026, 10, 1))
    shown = f"{BESIDE} 0 frei, ausgebucht Meldung des Trägers vom 01.10.2026"
    assert seats(client) == [shown.replace("23.11.2026", "unbekannt")]


@pytest.mark.parametrize("status", [S.CANCELLED, S.ENDED])
def test_a_course_that_does_not_go_on_is_marked_beside_its_title(client, session, scene, status):
    row = scene.course(**SEATS)
    scene.publish()
    a_word(session, row, status=status)
    client.get(LIST)
    word = {S.CANCELLED: "abgesagt", S.ENDED: "beendet"}[status]
    assert client.page.texts(".marks .tag") == [f"aktuell: {word}"]


def test_december_knows_the_25th_and_neither_the_24th_nor_the_29th(client, session, scene):
    """The way of two months (ADR 0015): what was published stays, what was told stands beside."""
    december = scene.report
    scene.month(Month(2026, 11))
    row = scene.course(**SEATS, confirmed_on=date(2026, 10, 22))
    scene.publish(month=Month(2026, 11))
    a_word(session, row, seats_free=1, day=date(2026, 11, 24), superseded=True)
    assert seats(client) == [
        f"{BESIDE} 1 frei Meldung des Trägers vom 24.11.2026".replace("23.11.", "22.10.")
    ]

    scene.report = december
    scene.course(course_id=row.course_id, **SEATS, confirmed_on=date(2026, 11, 25))
    scene.publish()
    assert seats(client) == [FROZEN]
    a_word(session, row, seats_free=0, day=date(2026, 11, 29))
    assert seats(client) == [
        f"{BESIDE} 0 frei, ausgebucht Meldung des Trägers vom 29.11.2026".replace(
            "23.11.", "25.11."
        )
    ]
    assert seats(client, f"{LIST}/2026-11") == [FROZEN]


def test_older_editions_show_no_news(client, session, scene):
    row = scene.course(**SEATS)
    scene.publish()
    scene.publish(seen=1, reason="Tippfehler")
    a_word(session, row, seats_free=0)

    assert seats(client) == [f"{BESIDE} 0 frei, ausgebucht Meldung des Trägers vom 24.11.2026"]
    assert seats(client, f"{LIST}/2026-12/2") == seats(client)
    assert seats(client, f"{LIST}/2026-12/1") == [FROZEN]


def test_filters_and_counts_go_by_the_newest_value(client, session, scene):
    full = scene.course(title="Jetzt voll", town="A", **SEATS)
    free = scene.course(title="Jetzt frei", town="B", seats_total=15, seats_free=0)
    gone = scene.course(title="Abgesagt", town="C", **SEATS)
    scene.course(title="Wie gedruckt", town="D", **SEATS)
    hidden = scene.course(title="Geheim", town="E", seats_free=0, visibility=HIDDEN)
    scene.publish()
    a_word(session, full, seats_free=0)
    a_word(session, free, seats_free=2)
    a_word(session, gone, status=S.CANCELLED)
    a_word(session, hidden, seats_free=7)

    client.get(f"{LIST}?frei=1")
    assert sorted(client.page.texts(".course-title")) == ["Jetzt frei", "Wie gedruckt"]
    assert "4 Kurse, davon 2 mit freien Plätzen" in client.page.text()
    client.get(f"{LIST}?frei=1&ort=A")
    assert client.page.texts(".course-title") == []
    assert "ohne „freie Plätze“: 1 Kurs" in client.page.text()
    assert "ohne „Ort: A“: 2 Kurse" in client.page.text()
    client.get(f"{LIST}?frei=ja")
    assert len(client.page.texts(".course-title")) == 4


def test_nothing_internal_leaks(client, session, scene):
    row = scene.course(**SEATS)
    hidden = scene.course(title="Geheim", visibility=HIDDEN, **SEATS)
    edition = scene.publish()
    a_word(session, row, seats_taken=987, seats_free=1)
    a_word(session, hidden, seats_free=654)

    client.get(LIST)

    html = client.response.text
    assert "1 frei" in html
    assert [word for word in ("987", "654", "KANARIE", "Geheim") if word in html] == []
    [match] = match_queries.matches(session, edition.id, Search(), is_current=True)
    assert match.told == match_queries.Told(date(2026, 11, 24), 1, S.FEW)


def test_news_are_one_statement_for_one_row_and_for_three(scene, session, database):
    counts = []
    for month, more in ((Month(2027, 1), 1), (Month(2027, 2), 3)):
        scene.month(month)
        rows = [scene.course(**SEATS) for _ in range(more)]
        scene.publish(month=month)
        for row in rows:
            a_word(session, row, seats_free=1)
            a_word(session, row, seats_free=2)
        with transaction(session):
            pass
        with database.session(readonly=True) as own:
            list_page(own, "goerlitz", {})  # whoever comes first reads what never changes
        with database.session(readonly=True) as own, Statements(database) as statements:
            page = list_page(own, "goerlitz", {"frei": ["1"]})
        lines = [line for group in page.groups for part in group.parts for line in part.lines]
        assert [line.news and line.news.words for line in lines] == ["2 frei"] * more
        counts.append((statements.questions, statements.about("interim_update")))
    assert counts == [(3, 0), (3, 0)]
