"""The page of interim updates: one table, one button, and nothing of others."""

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus, Visibility
from kursliste.domain.permissions import Grant, Role
from kursliste.models import InterimUpdate, Membership
from tests import builders
from tests.review.scene import an_edition
from tests.signing_in import sign_in

PAGE = "/meldungen/zwischenmeldung"
NOVEMBER = Month(2026, 11)
SEATS = {"seats_total": 15, "seats_taken": 12, "seats_free": 3}


@pytest.fixture
def rita(client, session, scene):
    """A browser in which the provider's reporter is signed in."""
    sign_in(client, session, scene.person)
    return client


@pytest.fixture
def rows(session, scene):
    """Two published courses, confirmed in October."""
    before = scene.november()
    rows = [
        scene.row(before, title="Morgenkurs", town="Görlitz", **SEATS),
        scene.row(before, title="Abendkurs", **SEATS, start_note="nach Bedarf"),
    ]
    an_edition(session, scene, *rows, month=NOVEMBER)
    return rows


def box(row, name):
    return f"k{row.course_id}-{name}"


def told(session):
    session.expire_all()
    found = session.scalars(select(InterimUpdate).order_by(InterimUpdate.id))
    return [(u.course_id, u.seats_taken, u.seats_free, u.status) for u in found]


def test_from_the_start_page_one_link_one_box_one_button(rita, session, rows):
    rita.get("/meldungen")
    assert "Plätze oder Status haben sich geändert?" in rita.page.text()
    assert "In der aktuellen Kursliste stehen 2 Kurse von Ihnen." in rita.page.text()
    [link] = rita.page.select(".interim-box a")
    rita.get(link.get("href"))
    assert rita.page.rows()[1][:2] == [
        "MorgenkursGörlitz",
        "3 frei, Anmeldung möglichvon 15 PlätzenStand 22.10.2026",
    ]
    assert rita.page.rows()[2][0] == "Abendkursnach Bedarf"
    assert len(rita.page.select("main form button")) == 1

    rita.submit(**{box(rows[0], "seats_free"): "0"})

    assert rita.response.location == PAGE
    rita.follow()
    assert (
        "Gespeichert. In der Kursliste steht jetzt bei „Morgenkurs“: 0 frei, ausgebucht."
        in rita.page.text()
    )
    assert rita.page.texts(".interim-now") == [
        "aktuell 0 frei, ausgebuchtMeldung vom 24.11.2026, ansehen: Morgenkurs"
    ]
    addresses = [a.get("href") for a in rita.page.select("main a")]
    assert addresses == [
        "/kurslisten/goerlitz",
        f"/kurslisten/goerlitz#kurs-{rows[0].course_id}",
    ]
    assert [i.get("value") for i in rita.page.select("input[inputmode=numeric]")] == [""] * 4
    assert told(session) == [(rows[0].course_id, None, 0, None)]


def test_one_published_course_is_one(rita, session, scene):
    row = scene.row(scene.november(), **SEATS)
    an_edition(session, scene, row, month=NOVEMBER)
    rita.get("/meldungen")
    assert "In der aktuellen Kursliste steht 1 Kurs von Ihnen." in rita.page.text()


def test_several_rows_with_one_button(rita, session, rows):
    rita.get(PAGE)

    rita.submit(
        **{
            box(rows[0], "seats_taken"): "15",
            box(rows[1], "status"): CourseStatus.CANCELLED.value,
        }
    )

    rita.follow()
    assert "2 Kurse gespeichert. Die neuen Angaben stehen in der Kursliste." in rita.page.text()
    assert rita.page.texts(".interim-now strong") == ["0 frei, ausgebucht", "abgesagt"]
    assert told(session) == [
        (rows[0].course_id, 15, 0, None),
        (rows[1].course_id, None, None, CourseStatus.CANCELLED),
    ]


def test_nothing_new_is_said_so(rita, session, rows):
    rita.get(PAGE)
    rita.submit(**{box(rows[0], "seats_free"): "3"})
    rita.follow()
    assert "Sie haben nichts eingetragen, was neu ist." in rita.page.text()
    assert told(session) == []


def test_what_readers_do_not_see_is_said_so(rita, session, scene):
    before = scene.november()
    full = scene.row(before, title="Voll", **SEATS | {"seats_taken": 15, "seats_free": 0})
    hidden = scene.row(before, title="Intern", **SEATS, visibility=Visibility.PROFESSIONALS)
    an_edition(session, scene, full, hidden, month=NOVEMBER)
    for row, typed in ((full, "17"), (hidden, "15")):
        rita.get(PAGE)
        rita.submit(**{box(row, "seats_taken"): typed})
        rita.follow()
        assert (
            f"Gespeichert: {row.title}. In der öffentlichen Kursliste ändert sich nichts."
            in rita.page.text()
        )
    assert "Letzte Zwischenmeldung vom 24.11.2026" in rita.page.rows()[1][1]
    assert "nicht in der öffentlichen Liste" in rita.page.rows()[2][1]


@pytest.mark.parametrize("typed", ["viele", "-1", "1000", "2,5"])
def test_what_is_no_number_is_said_at_the_field_and_nothing_is_lost(rita, session, rows, typed):
    rita.get(PAGE)

    rita.submit(
        status=422,
        **{
            box(rows[0], "seats_free"): typed,
            box(rows[1], "seats_free"): "1",
            box(rows[1], "status"): CourseStatus.FEW.value,
        },
    )

    assert rita.page.texts(".error-summary__list a") == [
        "Morgenkurs, frei: Möglich sind ganze Zahlen von 0 bis 999."
    ]
    values = rita.page.form_values()
    assert values[box(rows[0], "seats_free")] == [typed]
    assert values[box(rows[1], "seats_free")] == ["1"]
    assert values[box(rows[1], "status")] == [CourseStatus.FEW.value]
    assert told(session) == []


def test_an_unknown_status_is_refused(rita, session, rows):
    rita.get(PAGE)
    rita.submit(status=422, **{box(rows[0], "status"): "erfunden"})
    assert "Morgenkurs, Status:" in rita.page.text()
    assert told(session) == []


@pytest.mark.parametrize(
    ("sent", "notice"),
    [
        (
            {"seats_free": "16"},
            "16 freie Plätze sind mehr als 15 Plätze insgesamt.",
        ),
        (
            {"seats_free": "3", "status": CourseStatus.FULL.value},
            "Der Status sagt „ausgebucht“, es sind aber 3 Plätze frei.",
        ),
        (
            {"seats_free": "5", "seats_taken": "12"},
            "12 von 15 Plätzen sind belegt; das passt nicht zu 5 freien Plätzen.",
        ),
    ],
)
def test_contradictions_are_told_and_never_block(rita, session, rows, sent, notice):
    rita.get(PAGE)
    rita.submit(**{box(rows[0], name): value for name, value in sent.items()})
    rita.follow()
    assert rita.page.texts(".notices li") == [notice]
    assert len(told(session)) == 1


def test_two_people_at_once_see_both_versions(rita, session, scene, rows):
    rita.get(PAGE)
    typed = rita.page.form_values() | {box(rows[0], "seats_free"): ["2"]}
    rita.submit(**{box(rows[0], "seats_free"): "0"})

    rita.post(PAGE, typed, 409)

    assert rita.page.rows()[1] == ["Morgenkurs: frei", "2", "0"]
    rita.submit("main form")
    assert rita.response.location == PAGE
    assert [update[2] for update in told(session)] == [0, 2]


def test_a_link_leads_to_one_course(rita, session, rows):
    rita.get(f"{PAGE}?kurs={rows[1].course_id}")
    [chosen] = rita.page.select("tr.row--new")
    assert chosen.get("id") == f"kurs-{rows[1].course_id}"
    assert rita.page.texts("tr.row--new .tag") == ["ausgewählt"]
    assert [i.get("name") for i in rita.page.select("[autofocus]")] == [box(rows[1], "seats_free")]
    rita.get(f"{PAGE}?kurs=unbekannt")
    assert rita.page.select("[autofocus]") == []


def test_nothing_published_yet(rita, scene):
    rita.get("/meldungen")
    assert rita.page.select(".interim-box") == []
    rita.get(PAGE)
    assert "Von Ihnen steht noch kein Kurs in einer veröffentlichten Kursliste." in rita.page.text()
    assert rita.page.select("main form") == []


def test_several_providers_in_one_table(rita, session, scene, rows):
    weimar = builders.a_district(session, "weimar", name="Weimar")
    second = builders.a_provider(session, weimar, name="Verein Sprache")
    session.add(Membership(user_id=scene.person.id, role="provider", provider_id=second.id))
    opened = builders.a_round(session, builders.a_list(session, weimar))
    row = builders.a_course(session, builders.a_report(session, opened, second), **SEATS)
    scene.district, scene.course_list = weimar, opened.course_list
    an_edition(session, scene, row, month=NOVEMBER)
    rita.get(PAGE)
    assert rita.page.rows()[3][0].endswith("Träger, Weimar")
    assert "Zur Kursliste Landkreis Goerlitz, Zur Kursliste Weimar" in rita.page.text()

    rita.submit(**{box(rows[0], "seats_free"): "1", box(row, "seats_free"): "2"})

    assert [update[2] for update in told(session)] == [1, 2]


def test_a_course_of_others_is_left_alone_and_that_is_said(rita, session, scene, rows):
    stranger = builders.a_provider(session, scene.district, name="Fremdes Haus")
    report = builders.a_report(session, scene.opened, stranger)
    foreign = builders.a_course(session, report, title="Fremdkurs", **SEATS)
    an_edition(session, scene, *rows, foreign, month=NOVEMBER, number=2)
    rita.get(PAGE)
    assert "Fremdkurs" not in rita.page.text()

    rita.submit(**{box(foreign, "seats_free"): "0", box(rows[0], "seats_free"): "1"})

    rita.follow()
    assert "Für ihn ist nichts gespeichert." in rita.page.text()
    assert told(session) == [(rows[0].course_id, None, 1, None)]


def test_who_may_not_enter(client, session, scene, rows):
    client.get(PAGE, 302)
    assert client.response.location.startswith("/anmelden?next=")
    client.get("/anmelden")
    client.post(PAGE, {box(rows[0], "seats_free"): "0"}, 302)
    assert client.response.location.startswith("/anmelden")
    for role in (Role.COORDINATOR, Role.COUNSELLOR):
        person = builders.a_user(session, Grant(role, district_id=scene.district.id))
        sign_in(client, session, person)
        client.get(PAGE, 403)
        client.get("/anmelden/code")
        client.post(PAGE, {box(rows[0], "seats_free"): "0"}, 403)
    assert told(session) == []
