"""The provider's pages: who gets in, whose things are there, and the way through a month."""

from datetime import date

import pytest

from kursliste.domain.course import CourseStatus, LateEntry
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.models import Membership, OutgoingMail, Question, Report, ReportedCourse
from tests import builders
from tests.reporting.scenes import AS_BEFORE, BY_RITA, confirmation
from tests.signing_in import sign_in


@pytest.fixture
def rita(client, session, scene):
    """A browser in which the provider's reporter is signed in."""
    sign_in(client, session, scene.person)
    return client


def table_values(row: ReportedCourse, **changes: str) -> dict[str, str]:
    """What the table sends for one row as it stands, with these boxes changed."""
    sent = {
        "seats_taken": row.seats_taken,
        "seats_free": row.seats_free,
        "status": row.status,
        "current_module": row.current_module,
        "late_entry": row.late_entry,
        "version": row.version,
        **changes,
    }
    return {f"k{row.id}-{name}": "" if v is None else str(v) for name, v in sent.items()}


def a_question(session, report: Report, row: ReportedCourse | None = None, **more) -> Question:
    question = Question(
        report_id=report.id,
        reported_course_id=row.id if row else None,
        text="Sind es wirklich 61 Plätze?",
        asked_at=clock.now(),
        **more,
    )
    session.add(question)
    session.flush()
    return question


# ---- the way through a month


def test_starting_changing_and_confirming_the_rest(rita, session, scene):
    before = scene.november()
    scene.row(before, title="Morgenkurs", seats_total=16, seats_taken=10, seats_free=6)
    scene.row(before, title="Abendkurs")
    report = scene.report(ReportStatus.OPEN)
    address = f"/meldungen/{report.id}"

    rita.get("/meldungen")
    assert rita.page.heading() == "Meine Meldungen"
    assert "noch 6 Tage" in rita.page.text()
    rita.submit("main form")
    rita.follow()
    assert rita.page.heading() == "Meldung für Dezember 2026"
    [told] = rita.page.texts("#zusammenfassung")
    assert told == (
        "2 Kurse: 0 bestätigt, 2 noch offen; 2 von 2 Kursen ohne Uhrzeit; 2 von 2 Kursen ohne "
        "Beginn; 1 von 2 Kursen ohne Platzzahl; 2 von 2 Kursen ohne Telefonnummer."
    )

    morning = session.get(Report, report.id).courses[0]
    rita.submit("#kurse", **{f"k{morning.id}-seats_taken": "12"})
    rita.follow()
    assert "1 Kurs gespeichert, noch nicht bestätigt." in rita.page.text()
    session.expire_all()
    assert (morning.seats_free, confirmation(morning)) == (4, AS_BEFORE)

    rita.post(f"{address}/bestaetigen", rita.page.form_values("#kurse"))
    rita.follow()
    assert "2 Kurse bestätigt." in rita.page.text()
    assert rita.page.texts("#zusammenfassung")[0].startswith("2 Kurse: 2 bestätigt; ")
    assert confirmation(morning) == BY_RITA


def test_from_the_table_to_the_receipt_and_back(rita, session, scene):
    before = scene.november()
    morning = scene.row(before, title="Morgenkurs", seats_free=6)
    evening = scene.row(before, title="Abendkurs")
    report = scene.report()
    scene.row(report, course_id=morning.course_id, title="Morgenkurs", seats_free=4)
    scene.row(report, course_id=evening.course_id, title="Abendkurs")
    address = f"/meldungen/{report.id}"
    rita.get(address)

    rita.submit("#kurse", submit="1")
    assert rita.response.location == f"{address}/einreichen"
    rita.follow()
    assert "Morgenkurs" in rita.page.text()
    assert rita.page.texts(".facts__item") == ["freivorher 6 jetzt 4"]
    assert "Unverändert: 1 Kurs." in rita.page.text()
    rita.submit("main form", confirm="1")
    rita.follow()
    assert "Ihre Meldung ist angekommen." in rita.page.text()
    assert "Eingereicht am 24.11.2026, 10:00 Uhr von Rita Meldung." in rita.page.text()
    assert rita.page.select("#kurse") == []

    rita.submit("main form")
    rita.follow()
    assert session.get(Report, report.id).status is ReportStatus.DRAFT
    rita.get(f"{address}/einreichen")
    rita.submit("main form")
    session.expire_all()
    assert session.get(Report, report.id).status is ReportStatus.SUBMITTED
    addresses = [mail.to_address for mail in session.query(OutgoingMail)]
    assert addresses == ["rita@example.org", "rita@example.org"]


def test_starting_twice_opens_the_report(rita, session, scene):
    report = scene.report(ReportStatus.OPEN)
    rita.get(f"/meldungen/{report.id}")

    token = rita.page.csrf_token()
    for _ in range(2):
        rita.post(f"/meldungen/{report.id}/beginnen", {"csrf_token": token})
        assert rita.response.location == f"/meldungen/{report.id}"

    session.expire_all()
    assert report.status is ReportStatus.DRAFT


def test_the_start_page_tells_what_to_do_and_what_is_done(rita, session, scene):
    rita.get("/meldungen")
    assert "Noch gibt es keine Meldung für Sie." in rita.page.text()

    scene.report(ReportStatus.APPROVED)
    rita.get("/meldungen")
    assert "Sie haben alles gemeldet." in rita.page.text()
    assert [row[2] for row in rita.page.rows()[1:]] == ["freigegeben"]

    second = builders.a_provider(session, scene.district, name="Verein Sprache")
    for provider, status in (
        (second, ReportStatus.ASKED),
        (builders.a_provider(session, scene.district, name="Drittes Haus"), ReportStatus.DRAFT),
    ):
        builders.a_report(session, scene.opened, provider, status)
        session.add(Membership(user_id=scene.person.id, role="provider", provider_id=provider.id))
    rita.get("/meldungen")
    waiting, sent = rita.page.select("table")
    assert len(list(waiting.iter("tr"))) == 3
    assert len(list(sent.iter("tr"))) == 2
    assert "Rückfrage beantworten" in rita.page.text()
    assert "Meldung weiter ausfüllen" in rita.page.text()


# ---- the table


def test_saving_and_confirming_confirms_what_was_changed(rita, session, scene):
    report = scene.report()
    one = scene.row(report, title="Eins", late_entry=LateEntry.NO)
    two = scene.row(report, title="Zwei")
    rita.get(f"/meldungen/{report.id}")

    rita.submit(
        "#kurse",
        confirm="1",
        **{
            f"k{one.id}-status": "voll",
            f"k{one.id}-late_entry": "ja",
            f"k{one.id}-seats_free": "0",
        },
    )
    rita.follow()

    session.expire_all()
    assert (one.status, one.late_entry, one.seats_free) == (CourseStatus.FULL, LateEntry.YES, 0)
    assert [confirmation(row) for row in (one, two)] == [BY_RITA, AS_BEFORE]
    assert "1 Kurs gespeichert und bestätigt." in rita.page.text()


def test_an_empty_save_says_nothing_and_moves_nothing(rita, session, scene):
    report = scene.report()
    row = scene.row(report, seats_total=16, seats_taken=10)
    version = row.version
    rita.get(f"/meldungen/{report.id}")

    rita.submit("#kurse")

    session.expire_all()
    assert (row.version, confirmation(row), row.seats_free) == (version, AS_BEFORE, None)


@pytest.mark.parametrize(
    ("button", "target"),
    [
        ({"add": "1"}, "/meldungen/{report}/kurse/neu"),
        ({"submit": "1"}, "/meldungen/{report}/einreichen"),
        ({"edit": "{row}"}, "/meldungen/{report}/kurse/{row}"),
        ({"edit": "x"}, "/meldungen/{report}"),
    ],
)
def test_leaving_the_table_saves_it_first(rita, session, scene, button, target):
    report = scene.report()
    row = scene.row(report)
    keys = {"report": report.id, "row": row.id}
    pressed = {name: value.format(**keys) for name, value in button.items()}
    rita.get(f"/meldungen/{report.id}")

    rita.submit("#kurse", **{f"k{row.id}-seats_free": "7", **pressed})

    assert rita.response.location == target.format(**keys)
    session.expire_all()
    assert row.seats_free == 7


def test_confirming_one_course_saves_the_others(rita, session, scene):
    report = scene.report()
    one, two = scene.row(report, title="Eins"), scene.row(report, title="Zwei")
    rita.get(f"/meldungen/{report.id}")
    values = rita.page.form_values("#kurse") | {f"k{two.id}-seats_free": "7"}

    rita.post(f"/meldungen/{report.id}/kurse/{one.id}/bestaetigen", values)

    session.expire_all()
    assert [confirmation(row) for row in (one, two)] == [BY_RITA, AS_BEFORE]
    assert two.seats_free == 7


def test_one_button_alone_is_enough_to_confirm(rita, session, scene):
    report = scene.report()
    row = scene.row(report)
    rita.get(f"/meldungen/{report.id}")

    rita.post(f"/meldungen/{report.id}/kurse/{row.id}/bestaetigen")
    rita.follow()
    session.expire_all()
    assert confirmation(row) == BY_RITA

    rita.post(f"/meldungen/{report.id}/bestaetigen")
    rita.follow()
    assert "Alles ist schon bestätigt." in rita.page.text()


def test_ending_and_resuming_a_course(rita, session, scene):
    report = scene.report()
    row = scene.row(report, title="Morgenkurs")
    rita.get(f"/meldungen/{report.id}")

    rita.post(f"/meldungen/{report.id}/kurse/{row.id}/beenden", table_values(row))
    rita.follow()
    assert "Beendet: Morgenkurs." in rita.page.text()
    assert rita.page.texts("#zusammenfassung") == ["Noch kein Kurs in dieser Meldung."]
    session.expire_all()
    statuses = [row.status]

    rita.post(f"/meldungen/{report.id}/kurse/{row.id}/weiterfuehren")
    rita.follow()
    assert "Geht weiter: Morgenkurs." in rita.page.text()
    session.expire_all()
    statuses.append(row.status)
    assert statuses == [CourseStatus.ENDED, CourseStatus.OPEN]


def test_wrong_numbers_stay_in_their_boxes_with_a_message(rita, session, scene):
    report = scene.report()
    row = scene.row(report, title="Morgenkurs", seats_free=3)
    other = scene.row(report, title="Abendkurs")
    rita.get(f"/meldungen/{report.id}")

    rita.submit(
        "#kurse",
        422,
        **{
            f"k{row.id}-seats_free": "viele",
            f"k{row.id}-seats_taken": "1000",
            f"k{other.id}-status": "gibtsnicht",
        },
    )

    assert rita.page.one(f"#k{row.id}-seats_free").get("value") == "viele"
    links = rita.page.select(".error-summary a")
    assert [link.get("href") for link in links] == [
        f"#k{row.id}-seats_taken",
        f"#k{row.id}-seats_free",
        f"#k{other.id}-status",
    ]
    assert "Morgenkurs, belegt: Möglich sind ganze Zahlen von 0 bis 999." in rita.page.text()
    session.expire_all()
    assert row.seats_free == 3


def test_two_people_at_once_see_both_values_and_lose_nothing(rita, session, scene):
    report = scene.report()
    row = scene.row(report, title="Morgenkurs", seats_free=5)
    rita.get(f"/meldungen/{report.id}")
    values = rita.page.form_values("#kurse") | {f"k{row.id}-seats_free": "3"}
    row.seats_free = 4

    rita.post(f"/meldungen/{report.id}", values, 409)

    assert rita.page.rows()[1] == ["frei", "3", "4"]
    session.expire_all()
    assert row.seats_free == 4
    rita.submit("main form")
    session.expire_all()
    assert row.seats_free == 3


def test_a_report_that_is_sent_is_not_changed(rita, session, scene):
    report = scene.report(ReportStatus.SUBMITTED)
    row = scene.row(report, seats_free=5)
    rita.get(f"/meldungen/{report.id}")

    rita.post(f"/meldungen/{report.id}", table_values(row, seats_free="1"), 422)
    assert "Diese Meldung ist eingereicht" in rita.page.text()
    rita.get(f"/meldungen/{report.id}/kurse/neu", 422)
    rita.get(f"/meldungen/{report.id}/kurse/{row.id}", 422)
    rita.get(f"/meldungen/{report.id}/einreichen", 302)

    session.expire_all()
    assert row.seats_free == 5


def test_every_state_of_a_report_has_its_page(rita, session, scene):
    told = {
        ReportStatus.OPEN: "Beginnen Sie hier.",
        ReportStatus.DRAFT: "Ändern Sie in der Tabelle",
        ReportStatus.SUBMITTED: "So geht es weiter",
        ReportStatus.ASKED: "Antworten senden und wieder einreichen",
        ReportStatus.APPROVED: "Ihre Meldung ist freigegeben.",
    }
    for number, (status, words) in enumerate(told.items()):
        provider = builders.a_provider(session, scene.district, name=f"Haus {number}")
        session.add(Membership(user_id=scene.person.id, role="provider", provider_id=provider.id))
        report = builders.a_report(
            session, scene.opened, provider, status, is_nil=status is ReportStatus.APPROVED
        )
        row = scene.row(
            report, source_row="Kurse!5", confirmed_on=None, confirmed_by=None, confirmed_how=None
        )
        a_question(session, report, row, attribute="seats_total", status=QuestionStatus.OPEN)
        a_question(
            session, report, answer="Ja.", answered_at=clock.now(), status=QuestionStatus.ANSWERED
        )
        rita.get(f"/meldungen/{report.id}")
        assert words in rita.page.text()
        assert "aus Liste übernommen, noch nicht bestätigt" in rita.page.text()


# ---- one course


def test_editing_a_course_keeps_what_was_not_touched(rita, session, scene):
    report = scene.report()
    row = scene.row(
        report,
        starts_on=date(2026, 12, 7),
        weekdays=("Mo", "Mi"),
        audience=("Frauen", "Eltern"),
        level_from="A1",
    )
    before = row.facts()
    rita.get(f"/meldungen/{report.id}/kurse/{row.id}")
    assert "Es fehlt, wann der Unterricht stattfindet." in rita.page.text()

    rita.submit("main form")
    rita.follow()
    session.expire_all()
    assert row.facts() == before
    assert "Nichts geändert" in rita.page.text()

    rita.get(f"/meldungen/{report.id}/kurse/{row.id}")
    rita.submit("main form", title="Neuer Titel", weekdays=["Di"], confirm="1")
    rita.follow()
    session.expire_all()
    assert (row.title, row.weekdays, confirmation(row)) == ("Neuer Titel", ("Di",), BY_RITA)
    assert "Gespeichert und bestätigt: Neuer Titel." in rita.page.text()

    rita.get(f"/meldungen/{report.id}/kurse/{row.id}")
    rita.submit("main form", confirm="1")
    rita.follow()
    assert "Bestätigt: Neuer Titel." in rita.page.text()

    rita.get(f"/meldungen/{report.id}/kurse/{row.id}")
    rita.submit("main form", seats_free="2")
    rita.follow()
    assert "Gespeichert, noch nicht bestätigt: Neuer Titel." in rita.page.text()


def test_wrong_input_stays_in_the_form(rita, session, scene):
    report = scene.report()
    row = scene.row(report, title="Morgenkurs", starts_on=date(2026, 12, 7))
    rita.get(f"/meldungen/{report.id}/kurse/{row.id}")

    rita.submit("main form", 422, postcode="2826", title="Getippt")
    assert "Eine Postleitzahl hat fünf Ziffern." in rita.page.text()
    assert rita.page.one("#title").get("value") == "Getippt"

    rita.submit("main form", 422, postcode="02826", ends_on="2026-12-01")
    assert "Das Ende (01.12.2026) liegt vor dem Beginn (07.12.2026)." in rita.page.text()
    assert rita.page.one("#title").get("value") == "Getippt"

    session.expire_all()
    assert row.title == "Morgenkurs"


def test_a_stale_form_shows_both_texts_and_can_be_sent_again(rita, session, scene):
    report = scene.report()
    row = scene.row(report, title="Morgenkurs")
    rita.get(f"/meldungen/{report.id}/kurse/{row.id}")
    values = rita.page.form_values("main form") | {"title": "Meiner", "weekdays": ["Mo", "Fr"]}
    row.title = "Von anderen"

    rita.post(f"/meldungen/{report.id}/kurse/{row.id}", values, 409)

    assert rita.page.rows()[1:] == [["Titel", "Meiner", "Von anderen"], ["Tage", "Mo, Fr", "leer"]]
    rita.submit("main form")
    session.expire_all()
    assert (row.title, row.weekdays) == ("Meiner", ("Mo", "Fr"))


def test_adding_a_course_suggests_what_is_usual(rita, session, scene):
    report = scene.report()
    scene.row(report, town="Görlitz", contact_phone="03581 1")
    rita.get(f"/meldungen/{report.id}/kurse/neu")
    rita.get(f"/meldungen/{report.id}/kurse/neu?art=IK-ALLG")
    form = rita.page.form_values("main form")
    assert (form["town"], form["contact_phone"]) == (["Görlitz"], ["03581 1"])
    assert form["course_type"] == ["IK-ALLG"]
    assert form["title"] != [""]

    rita.submit("main form", 422, title="")
    rita.submit("main form", 422, title="Neu", level_from="B1", level_to="A1")
    assert "Das Zielniveau liegt unter dem Eingangsniveau." in rita.page.text()
    rita.submit("main form", title="Neu", level_from="A1", level_to="B1")
    rita.follow()

    assert "Hinzugefügt: Neu." in rita.page.text()
    session.expire_all()
    assert confirmation(report.courses[1]) == BY_RITA


def test_the_first_course_of_all_has_nothing_to_go_by(rita, scene):
    report = scene.report()

    rita.get(f"/meldungen/{report.id}/kurse/neu?art=GIBTSNICHT")

    assert rita.page.form_values("main form")["title"] == [""]


# ---- submitting and answering


def test_submitting_asks_what_to_do_with_unconfirmed_rows(rita, session, scene):
    report = scene.report()
    row = scene.row(report, title="Morgenkurs")
    rita.get(f"/meldungen/{report.id}/einreichen")
    assert "Das ist Ihre erste Meldung für diese Liste." in rita.page.text()
    assert "zuletzt telefonisch bestätigt am 22.10.2026 von Berta Früher" in rita.page.text()

    rita.submit("main form", confirm="1")

    session.expire_all()
    assert confirmation(row) == BY_RITA


def test_no_courses_is_a_full_answer(rita, session, scene):
    report = scene.report()
    rita.get(f"/meldungen/{report.id}/einreichen")

    rita.submit("main form", 422)
    assert "Diese Meldung hat keinen Kurs." in rita.page.text()
    rita.submit("main form", nil="1")
    rita.follow()

    assert "Gemeldet: derzeit keine Kurse." in rita.page.text()


def test_answering_a_question_and_submitting_again(rita, session, scene):
    report = scene.report(ReportStatus.ASKED)
    row = scene.row(report, title="Morgenkurs", seats_total=61)
    question = a_question(session, report, row, attribute="seats_total")
    address = f"/meldungen/{report.id}/rueckfragen/{question.id}"

    rita.get(f"/meldungen/{report.id}/einreichen")
    assert "Erst die Rückfrage beantworten, dann einreichen" in rita.page.text()
    rita.get(address)
    assert rita.page.texts(".facts__item") == ["KursMorgenkurs"]
    assert rita.page.form_values("main form")[f"f{question.id}-seats_total"] == ["61"]

    rita.submit("main form", 422, **{f"f{question.id}-answer": "  "})
    assert "Schreiben Sie eine Antwort" in rita.page.text()
    rita.submit("main form", **{f"f{question.id}-answer": "Nein, 16."})
    rita.follow()
    assert "Nein, 16." in rita.page.text()
    rita.get(address)
    assert "Diese Rückfrage ist beantwortet." in rita.page.text()

    rita.get(f"/meldungen/{report.id}/einreichen")
    rita.submit("main form")
    session.expire_all()
    assert report.status is ReportStatus.SUBMITTED
    _receipt, told = session.query(OutgoingMail).order_by(OutgoingMail.id)
    assert f"http://localhost/pruefung/goerlitz/2026-12/{report.id}" in told.body
    assert "Antwort: Nein, 16." in told.body


# ---- signed in? yours? there?


def addresses(report: Report, row: ReportedCourse, question: Question) -> list[tuple[str, str]]:
    one = f"/meldungen/{report.id}"
    course = f"{one}/kurse/{row.id}"
    return [
        ("GET", one),
        ("POST", one),
        ("POST", f"{one}/beginnen"),
        ("POST", f"{one}/bestaetigen"),
        ("GET", f"{one}/kurse/neu"),
        ("POST", f"{one}/kurse/neu"),
        ("GET", course),
        ("POST", course),
        ("POST", f"{course}/bestaetigen"),
        ("POST", f"{course}/beenden"),
        ("POST", f"{course}/weiterfuehren"),
        ("GET", f"{one}/einreichen"),
        ("POST", f"{one}/einreichen"),
        ("POST", f"{one}/zuruecknehmen"),
        ("GET", f"{one}/rueckfragen/{question.id}"),
        ("POST", f"{one}/rueckfragen/{question.id}"),
    ]


def ask(client, method: str, address: str, status: int) -> None:
    if method == "GET":
        client.get(address, status)
    else:
        client.post(address, {}, status)


def test_another_providers_things_do_not_exist(rita, session, scene):
    other = builders.a_provider(session, scene.district, name="Fremdes Haus")
    report = builders.a_report(session, scene.opened, other)
    row = builders.a_course(session, report)
    question = a_question(session, report, row)
    rita.get("/meldungen")
    rita.get(f"/meldungen/{scene.report().id}")  # a page with a token to send along

    for method, address in addresses(report, row, question):
        token = rita.page.csrf_token()
        ask(rita, method, address, 404)
        assert token or method == "GET"


def test_unknown_and_mismatched_keys_are_not_there(rita, session, scene):
    report = scene.report()
    before = scene.november()
    row, elsewhere = scene.row(report), scene.row(before)
    question = a_question(session, before)
    rita.get(f"/meldungen/{report.id}")

    for address in (
        "/meldungen/999999",
        "/meldungen/99999999999999",
        f"/meldungen/{report.id}/kurse/999999",
        f"/meldungen/{report.id}/kurse/{elsewhere.id}",
        f"/meldungen/{report.id}/rueckfragen/{question.id}",
    ):
        rita.get(address, 404)
    rita.get(f"/meldungen/{report.id}")
    rita.post(f"/meldungen/{report.id}/kurse/{elsewhere.id}/beenden", table_values(row), 404)
    session.expire_all()
    assert elsewhere.status is CourseStatus.OPEN


def test_who_is_not_signed_in_is_asked_to(client, session, scene):
    report = scene.report()
    row = scene.row(report)
    question = a_question(session, report)

    client.get("/meldungen", 302)
    assert "next=/meldungen" in client.response.location
    for method, address in addresses(report, row, question):
        if method == "GET":
            client.get(address, 302)
            assert "next=" in client.response.location


def test_a_counsellor_does_not_report(client, session, scene):
    sign_in(client, session, builders.a_counsellor(session, scene.district))
    client.get("/meldungen", 403)


# ---- statements


def test_pages_cost_the_same_for_one_row_and_for_three(rita, session, database, scene, statements):
    report = scene.report()
    rita.get("/meldungen")  # what is announced is remembered for half a minute
    counts = {}
    for number in (1, 3):
        while len(report.courses) < number:
            row = scene.row(report)
            a_question(session, report, row, attribute="title")
        with transaction(session):
            pass
        pages = {}
        for address in ("", f"/{report.id}", f"/{report.id}/einreichen"):
            with statements() as seen:
                rita.get(f"/meldungen{address}")
            pages[address] = len(seen)
        counts[number] = pages

    assert counts[1] == counts[3]


def test_saving_the_table_reads_the_same_for_one_row_and_for_three(
    rita, session, scene, statements
):
    report = scene.report()
    counts = []
    for number in (1, 3):
        while len(report.courses) < number:
            scene.row(report)
        rita.get(f"/meldungen/{report.id}")
        values = rita.page.form_values("#kurse")
        changed = {name: str(number) for name in values if name.endswith("-seats_free")}
        with statements() as seen:
            rita.post(f"/meldungen/{report.id}", values | changed)
        counts.append(len([text for text in seen if text.startswith("SELECT")]))

    assert counts[0] == counts[1]
