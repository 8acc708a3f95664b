"""The search over all districts finds what a plain reading of the rows finds, on both engines."""

from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs

import pytest

from kursliste.catalogue.search_page import search_page, spelled_better
from kursliste.domain.course import Childcare, CourseStatus, LateEntry, TimeOfDay, Visibility
from kursliste.domain.permissions import Actor
from kursliste.infrastructure import search_rows
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.remembering import forget_all
from kursliste.infrastructure.shelf import Shelf
from kursliste.masterdata import code_actions
from kursliste.masterdata.code_queries import COURSE_TYPE
from kursliste.models import CourseType, CurrentCourse
from tests.publishing.scene import FULL_ROW, HIDDEN, Statements, a_scene

MORNING, EVENING, FULL, GONE = "Alpha am Morgen", "B1 am Abend", "Voller Kurs", "Abgesagt"


@pytest.fixture
def two(session, tmp_path):
    """A district with three courses, another one with one, and rows that nobody may see."""
    shelf = Shelf(tmp_path / "shelf")
    goerlitz = a_scene(session, shelf)
    goerlitz.course(
        title=MORNING,
        course_type="IK-ALPHA",
        level_from="Alpha",
        level_to="A1",
        town="Niesky",
        postcode="02906",
        starts_on=date(2027, 1, 11),
        time_of_day=TimeOfDay.MORNING,
        weekdays=("Mo", "Mi"),
        childcare=Childcare.YES,
        seats_free=4,
        price_eur=Decimal(0),
    )
    goerlitz.course(
        title=FULL, town="Zittau", postcode="02763", seats_free=0, level_from="A1", level_to="A2"
    )
    goerlitz.course(title=GONE, status=CourseStatus.CANCELLED, town="Zittau", postcode="02763")
    goerlitz.course(title="Geheim", visibility=HIDDEN, town="Geheimort", internal_note="KANARIE")
    goerlitz.course(title="Fachkreis", visibility=Visibility.PROFESSIONALS, town="Fachort")
    goerlitz.publish()
    weimar = a_scene(session, shelf, "weimar")
    weimar.course(
        title=EVENING,
        course_type="BSK-B2",
        level_from="B1",
        level_to="B2",
        town="Weimar",
        postcode="99423",
        time_of_day=TimeOfDay.EVENING,
        late_entry=LateEntry.YES,
        seats_free=2,
    )
    weimar.publish()
    with transaction(session):
        pass
    return goerlitz, weimar


def found(session, query: str) -> list[str]:
    page = search_page(session, parse_qs(query))
    return [one.line.entry.title for one in page.results]


EVERYTHING = [MORNING, EVENING, FULL, GONE]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", EVERYTHING),
        ("q=alpha+niesky", [MORNING]),
        ("q=ALPHA+vormittags+montags", [MORNING]),
        ("q=alpha+zittau", []),
        ("q=b2", [EVENING]),
        ("q=berufssprachkurs", [EVENING]),
        ("q=geheim", []),
        ("q=fachkreis", []),
        ("q=%25_'%22;--", EVERYTHING),
        ("kreis=weimar", [EVENING]),
        ("kreis=weimar&kreis=goerlitz", EVERYTHING),
        ("niveau=A1", [MORNING, FULL]),
        ("art=BSK-B2&niveau=B2", [EVENING]),
        ("ort=zittau", [FULL, GONE]),
        ("plz=02906", [MORNING]),
        ("plz=02906&umkreis=50", [MORNING, FULL, GONE]),
        ("plz=02763&umkreis=300&sortierung=entfernung", [MORNING, EVENING, FULL, GONE]),
        ("frei=1", [MORNING, EVENING]),
        ("frei=1&sortierung=plaetze", [MORNING, EVENING]),
        ("kinderbetreuung=1&kostenlos=1", [MORNING]),
        ("quereinstieg=1", [EVENING]),
        ("sortierung=niveau", [MORNING, EVENING, FULL, GONE]),
        ("seite=2", []),
    ],
)
def test_filters_find_what_they_say(session, two, query, titles):
    assert found(session, query) == titles


def test_counts_are_what_a_value_would_leave(session, two):
    page = search_page(session, parse_qs("kreis=goerlitz&ort=Zittau"))
    counts = {option.value: option.count for option in page.options["ort"] if option.count}
    assert counts == {"Niesky": 1, "Zittau": 2}
    assert {o.value: o.count for o in page.options["tageszeit"] if o.count} == {}
    assert page.flags["kinderbetreuung"] == 0
    levels = {option.value: option.count for option in page.options["niveau"]}
    assert (levels["A1"], levels["A2"], levels.get("B2")) == (1, 1, None)


@pytest.mark.parametrize(
    ("query", "ways"),
    [
        ("plz=02906&niveau=A2", ["im Umkreis von 50 km: 1", "im Umkreis von 100 km: 1"]),
        ("kreis=weimar&q=niesky", ["in allen Landkreisen: 1"]),
        ("kinderbetreuung=1&tageszeit=abends", ["ohne „Kinderbetreuung“: 1"]),
        ("q=alpha+abends+niesky", ["ohne „abends“: 1", "ohne „alpha abends niesky“: 4"]),
    ],
)
def test_nobody_is_left_standing(session, two, query, ways):
    page = search_page(session, parse_qs(query))
    assert page.results == []
    assert [f"{way.label}: {way.count}" for way in page.ways_out][: len(ways)] == ways
    for way in page.ways_out:
        assert search_page(session, way.arguments).count == way.count


def test_a_slip_is_mended_and_said(session, two):
    page = search_page(session, parse_qs("q=Nisky+alfa"))
    assert (page.better, [one.line.entry.title for one in page.results]) == (
        "niesky alpha",
        [MORNING],
    )
    assert spelled_better("zzz", ["niesky"]) == ""
    assert spelled_better("A9 niesky", ["niesky"]) == ""


def test_unknown_values_are_named(session, two):
    page = search_page(session, parse_qs("kreis=atlantis&ort=Atlantis&niveau=Z1&plz=99999"))
    assert page.search.unknown == [
        ("Ort", "Atlantis"),
        ("Niveau", "Z1"),
        ("PLZ", "99999"),
        ("Landkreis", "atlantis"),
    ]
    assert page.count == 4


def test_three_statements_for_one_row_and_for_many(session, two, database):
    asked = []
    for query in ("kreis=weimar", "", "q=alpha&plz=02906&niveau=A1&frei=1"):
        with database.session(readonly=True) as own:
            search_page(own, parse_qs(query))
        with database.session(readonly=True) as own, Statements(database) as statements:
            search_page(own, parse_qs(query.replace("plz=02906&", "")))
        asked.append((statements.questions, statements.about("reported_course")))
    assert asked == [(3, 0)] * 3


def test_nothing_internal_leaks(client, session, two):
    goerlitz, _ = two
    goerlitz.month(goerlitz.round.month.next())
    goerlitz.course(**FULL_ROW)
    goerlitz.publish(month=goerlitz.round.month)
    goerlitz.course(title="Fachkreis", visibility=Visibility.PROFESSIONALS, town="Fachort")
    goerlitz.publish(month=goerlitz.round.month, seen=1, reason="mehr")
    for address in ("/suche", "/suche?q=987", "/suche?kreis=goerlitz&seite=2"):
        client.get(address)
        html = client.response.text.replace("q=987", "").replace('value="987"', "")
        found = [w for w in ("Geheim", "Fachort", "Fachkreis", ">987<", "KANARIE") if w in html]
        assert found == []
    client.get("/suche?ort=Fachort")
    assert client.page.texts(".kern-alert li") == ["Ort: Fachort"]


# ---- the index follows what it is made from


def rows(session) -> set[tuple[str, int]]:
    forget_all()
    page = search_page(session, {})
    return {(one.line.entry.title, one.found.rank) for one in page.results}


def test_the_index_follows_corrections(session, two):
    goerlitz, _ = two
    goerlitz.report.courses[0].title = "Neuer Titel"
    goerlitz.publish(seen=1, reason="Titel berichtigt")
    assert ("Neuer Titel", 0) in rows(session)
    assert MORNING not in {title for title, _rank in rows(session)}


def test_rows_out_of_step_are_made_anew(session, two):
    before = rows(session)
    session.query(CurrentCourse).delete()
    lists = search_rows.lists_out_of_step(session)
    assert len(lists) == 2
    assert search_rows.reindex(session, lists) == 5
    assert rows(session) == before
    assert search_rows.lists_out_of_step(session) == []
    assert search_rows.indexed_lists(session) == lists


def test_the_page_is_one_to_work_with(client, two):
    client.get("/suche?kreis=goerlitz&niveau=A1&q=alpha")
    page = client.page
    assert page.texts(".chips__count") == ["1 Kurs"]
    assert page.texts(".chip") == [
        "Landkreis Goerlitz nicht mehr filtern×",
        "Niveau: A1 nicht mehr filtern×",
        "„alpha“ nicht mehr filtern×",
        "Alle Filter aufheben",
    ]
    assert [a.get("href") for a in page.select("a.chip")][1] == "/suche?q=alpha&kreis=goerlitz"
    assert page.form_values("form.search-line") == {
        "q": ["alpha"],
        "niveau": ["A1"],
        "kreis": ["goerlitz"],
    }
    client.get("/suche?q=gibtesnicht123")
    assert "Dazu gibt es zurzeit keinen Kurs." in client.page.text()
    client.get("/suche?seite=99")
    assert "So viele Seiten gibt es nicht." in client.page.text()


def test_a_new_word_for_a_type_finds_its_courses_at_once_and_after_publishing(session, two):
    goerlitz, _weimar = two
    admin = Actor.system()
    forget_all()
    assert found(session, "q=lernwerkstatt") == []
    alpha = session.get_one(CourseType, "IK-ALPHA")
    for word in ("Lernwerkstatt Ä1", "Lernwerkstatt am Fluss"):  # one word of them is known by then
        code_actions.add_word(session, COURSE_TYPE, alpha, word, actor=admin)
    with transaction(session):
        pass
    forget_all()
    assert found(session, "q=lernwerkstatt") == [MORNING]
    search_rows.index_list(session, goerlitz.course_list.id)
    forget_all()
    assert found(session, "q=lernwerkstatt+fluss") == [MORNING]
