"""Professionals keep searches; what fits anew is told once, in one mail a day."""

from urllib.parse import parse_qs

import pytest
from sqlalchemy import select

from kursliste import ticking
from kursliste.domain.course import Visibility
from kursliste.domain.errors import NotPermittedError, Rule, RuleViolationError
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.saved_search import LONGEST_NAME, MOST_SEARCHES
from kursliste.infrastructure.carriers import FolderCarrier
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.remembering import forget_all
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import JournalEntry, KnownCourse, Membership, OutgoingMail, SavedSearch
from kursliste.professionals import search_actions, search_queries
from tests.builders import a_counsellor, a_reporter, a_user, an_actor
from tests.publishing.scene import Statements, a_scene
from tests.signing_in import sign_in

ZITTAU = "ort=Zittau"
SYSTEM = Actor.system()


@pytest.fixture
def scene(session, settings):
    """A list with a course in Zittau and one in Niesky."""
    scene = a_scene(session, Shelf(settings.shelf))
    for title, town in (("Kurs eins", "Zittau"), ("Kurs zwei", "Niesky")):
        scene.course(title=title, town=town, level_from="A1")
    scene.publish()
    with transaction(session):
        pass
    return scene


@pytest.fixture
def berta(session, scene):
    with transaction(session):
        return a_counsellor(session, scene.district, name="Berta", email="berta@example.org")


def saved(session, user, query=ZITTAU, name="Zittau") -> SavedSearch:
    with transaction(session):
        return search_actions.save_search(session, parse_qs(query), name=name, actor=an_actor(user))


def another(session, scene, title, **facts):
    """Publish a correction with one course more; whoever remembers the old towns forgets them."""
    number = getattr(scene, "number", 1)
    scene.course(**{"title": title, "town": "Zittau", "level_from": "A1", **facts})
    scene.publish(seen=number, reason="noch einer")
    scene.number = number + 1
    with transaction(session):
        pass
    forget_all()


@pytest.fixture
def tick(database, session, tmp_path, frozen_clock):
    def run(hours: float = 2) -> list[str]:
        with transaction(session):
            pass
        frozen_clock.forward(hours=hours)
        carrier = FolderCarrier(tmp_path / "mail")
        done = ticking.tick(database, carrier, base_url="http://kurse", sender="liste@example.org")
        assert done.failed == 0
        query = select(OutgoingMail).where(OutgoingMail.dedupe_key.like("searches:%"))
        with transaction(session):
            return [mail.body for mail in session.scalars(query.order_by(OutgoingMail.id))]

    return run


def test_what_is_new_is_told_once_with_its_address(session, scene, berta, tick):
    saved(session, berta)
    assert tick() == []
    another(session, scene, "Kurs drei")
    (body,) = tick()
    course = session.scalars(select(KnownCourse.course_id)).all()
    assert len(course) == 2
    assert "Zittau (1)\n- Kurs drei, " in body
    assert "\n  http://kurse/kurse/" in body
    assert ("Kurs eins" in body, "Kurs zwei" in body) == (False, False)
    assert "http://kurse/gespeicherte-suchen" in body
    assert len(tick(hours=30)) == 1


def test_one_mail_a_day_for_all_searches(session, scene, berta, tick):
    saved(session, berta)
    saved(session, berta, "niveau=A1&kreis=goerlitz", "A1 im Kreis")
    another(session, scene, "Kurs drei")
    (body,) = tick()
    assert body.index("A1 im Kreis (1)") > 0
    assert "Zittau (1)" in body
    another(session, scene, "Kurs vier")
    assert len(tick()) == 1
    _first, second = tick(hours=24)
    assert ("Kurs vier" in second, "Kurs drei" in second) == (True, False)


def test_looking_twice_writes_once(session, scene, berta, tick, database):
    saved(session, berta)
    another(session, scene, "Kurs drei")
    assert len(tick()) == 1
    with transaction(session):
        assert search_queries.due_people(session) == []
        again = search_actions.tell_person(session, berta.id, base_url="http://x", actor=SYSTEM)
    assert again == 0


def test_a_place_that_becomes_free_is_news_again(session, scene, berta, tick):
    another(session, scene, "Kurs drei", seats_free=2)
    course = scene.report.courses[-1]
    saved(session, berta, "frei=1", "freie Plätze")
    for free, mails in ((0, 0), (3, 1)):
        course.seats_free = free
        another(session, scene, f"Kurs {free}", town="Görlitz", seats_free=None)
        assert len(tick(hours=25)) == mails


def test_what_is_paused_stays_still_and_does_not_flood(session, scene, berta, tick):
    search = saved(session, berta)
    with transaction(session):
        search_actions.pause_search(session, search, actor=an_actor(berta))
    another(session, scene, "Kurs drei")
    assert tick() == []
    with transaction(session):
        search_actions.resume_search(session, search, actor=an_actor(berta))
    assert tick() == []
    another(session, scene, "Kurs vier")
    assert len(tick()) == 1


@pytest.mark.asvs("8.3.3")
def test_who_lost_the_role_gets_nothing(session, scene, berta, tick):
    saved(session, berta)
    carl = a_counsellor(session, scene.district, name="Carl", email="carl@example.org")
    saved(session, carl)
    session.query(Membership).filter_by(user_id=berta.id).delete()
    carl.is_active = False
    another(session, scene, "Kurs drei")
    assert tick() == []


def test_a_town_without_courses_does_not_widen_a_search(session, scene, berta, tick):
    saved(session, berta, "ort=Zittau&kreis=goerlitz")
    search = session.scalars(select(SavedSearch)).one()
    with transaction(session):
        search.arguments = {"ort": ["Löbau"]}
    another(session, scene, "Kurs drei")
    assert tick() == []
    another(session, scene, "Kurs vier", town="Löbau")
    (body,) = tick()
    assert "Kurs vier" in body


def test_rows_for_professionals_are_not_told(session, scene, berta, tick):
    saved(session, berta)
    another(session, scene, "Geheim", visibility=Visibility.PROFESSIONALS)
    assert tick() == []


def test_what_cannot_be_kept_is_said(session, scene, berta, monkeypatch):
    actor = an_actor(berta)
    for arguments, name, rule in (
        ({}, "Alles", Rule.SEARCH_EMPTY),
        ({"ort": ["Zittau"]}, " ", Rule.VALUE_MISSING),
        ({"ort": ["Zittau"]}, "x" * (LONGEST_NAME + 1), Rule.TEXT_TOO_LONG),
    ):
        with pytest.raises(RuleViolationError) as refused:
            search_actions.save_search(session, arguments, name=name, actor=actor)
        assert refused.value.rule is rule
    monkeypatch.setattr(search_actions, "MOST_COURSES", 1)
    with pytest.raises(RuleViolationError) as refused:
        search_actions.save_search(session, {"kreis": ["goerlitz"]}, name="zwei", actor=actor)
    assert refused.value.rule is Rule.SEARCH_TOO_WIDE
    for number in range(MOST_SEARCHES):
        saved(session, berta, name=f"Suche {number}")
    with pytest.raises(RuleViolationError) as refused:
        saved(session, berta)
    assert refused.value.rule is Rule.SEARCHES_TOO_MANY


def test_actions_ask_for_permission(session, scene, berta):
    search = saved(session, berta)
    stranger = Actor(999, "Fremd", frozenset({Grant(Role.COUNSELLOR, district_id=1)}))
    nobody = Actor.anonymous()
    with pytest.raises(NotPermittedError):
        search_actions.save_search(session, {"ort": ["Zittau"]}, name="x", actor=nobody)
    for act in (
        search_actions.pause_search,
        search_actions.resume_search,
        search_actions.remove_search,
    ):
        with pytest.raises(NotPermittedError):
            act(session, search, actor=stranger)
    with pytest.raises(NotPermittedError):
        search_actions.tell_person(session, berta.id, base_url="", actor=stranger)


def test_one_or_three_searches_cost_a_few_statements_each(session, scene, berta, database):
    costs = []
    for count in (1, 3):
        for number in range(count):
            saved(session, berta, name=f"Suche {count} {number}")
        session.query(SavedSearch).update({"checked_at": scene.coordinator.created_at})
        with transaction(session):
            pass
        with Statements(database) as statements, transaction(session):
            search_actions.tell_person(session, berta.id, base_url="", actor=SYSTEM)
        costs.append(statements.questions)
    assert costs[1] - costs[0] <= 4 * 3


# ---- the pages


def links(client) -> list[str]:
    found = [str(a.get("href")) for a in client.page.select("main a")]
    return [href for href in found if href.startswith("/gespeicherte-suchen")]


def test_a_search_is_kept_paused_and_removed_on_its_page(client, session, scene, berta):
    sign_in(client, session, berta)
    client.get("/gespeicherte-suchen")
    assert "Sie haben noch keine Suche gespeichert." in client.page.text()
    client.get(f"/suche?{ZITTAU}")
    (link,) = links(client)
    assert link == "/gespeicherte-suchen/neu?ort=Zittau"
    client.get(link)
    assert "Heute passt 1 Kurs." in client.page.text()
    assert client.page.form_values()["name"] == ["Ort: Zittau"]
    client.submit(status=422, name="")
    client.submit(status=302, name="Mein Zittau")
    client.follow()
    assert client.page.texts("main h2") == ["Mein Zittau"]
    key = session.scalars(select(SavedSearch.id)).one()
    client.post(f"/gespeicherte-suchen/{key}/anhalten", status=302)
    client.follow()
    assert client.page.texts("main h2 .tag") == ["angehalten"]
    client.post(f"/gespeicherte-suchen/{key}/weiter", status=302)
    client.follow()
    assert client.page.texts("main h2 .tag") == []
    client.get("/konto")
    assert client.page.select('main a[href="/gespeicherte-suchen"]') != []
    client.get("/gespeicherte-suchen")
    client.post(f"/gespeicherte-suchen/{key}/loeschen", status=302)
    assert session.scalars(select(SavedSearch)).all() == []
    assert session.scalars(select(KnownCourse)).all() == []
    kept = ["search:saved", "search:changed", "search:removed"]
    events = session.scalars(
        select(JournalEntry.event).where(JournalEntry.event.in_(kept)).order_by(JournalEntry.id)
    )
    assert events.all() == [kept[0], kept[1], kept[1], kept[2]]


def test_other_peoples_searches_do_not_exist(client, session, scene, berta):
    key = saved(session, berta).id
    sign_in(client, session, a_counsellor(session, scene.district, email="carl@example.org"))
    client.get("/gespeicherte-suchen")
    client.post(f"/gespeicherte-suchen/{key}/loeschen", status=404)
    sign_in(client, session, a_reporter(session, scene.report.provider))
    assert client.visit("/gespeicherte-suchen").status_code == 403
    client.get(f"/suche?{ZITTAU}")
    assert links(client) == []


def test_unknown_values_are_named_and_not_kept(client, session, scene, berta):
    sign_in(client, session, berta)
    client.get("/gespeicherte-suchen/neu?ort=Zittau&niveau=Z9&sortierung=ort")
    assert "Niveau: Z9" in client.page.text()
    client.submit(status=302, name="Zittau")
    search = session.scalars(select(SavedSearch)).one()
    assert search.arguments == {"ort": ["Zittau"]}
    with transaction(session):
        search.arguments = {"ort": ["Löbau"]}
    client.get("/gespeicherte-suchen")
    assert "Das hat zurzeit keine Liste: Ort Löbau." in client.page.text()


def test_a_person_without_a_role_for_it_is_not_asked(client, session, scene):
    sign_in(client, session, a_user(session, email="niemand@example.org"))
    assert client.visit("/gespeicherte-suchen/neu").status_code == 403
