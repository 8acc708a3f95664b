"""The coordinator's pages: signed in, theirs, there; and the way from the board and back."""

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.permissions import Grant, Role
from kursliste.domain.question import QuestionAction, QuestionStatus
from kursliste.domain.report import ReportAction, ReportOrigin, ReportStatus
from kursliste.infrastructure import clock
from kursliste.models import Question, Round
from kursliste.review.actions import ask_question
from tests.builders import (
    a_coordinator,
    a_counsellor,
    a_course,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_reporter,
    a_round,
    a_user,
)
from tests.review.scene import a_scene, an_edition, journal_of, mails_of
from tests.signing_in import sign_in

BOARD = "/pruefung/goerlitz"


@pytest.fixture
def scene(session, client):
    scene = a_scene(session)
    sign_in(client, session, scene.coordinator)
    return scene


def page_of(report):
    return f"{BOARD}/2026-12/{report.id}"


def form_to(page, ending):
    """The only form of the page whose address ends like this."""
    return next(
        f"form[action={form.get('action')}]"
        for form in page.select("main form")
        if (form.get("action") or "").endswith(ending)
    )


def press(client, ending, status=302):
    return client.submit(form_to(client.page, ending), status)


# ---- who may enter


def test_nobody_signed_in_is_sent_to_sign_in(session, client):
    a_scene(session)
    client.get("/pruefung", 302)
    assert client.response.location.endswith("/anmelden?next=/pruefung")


def test_other_roles_have_no_review(session, client):
    scene = a_scene(session)
    for person in (a_reporter(session, scene.provider), a_counsellor(session, scene.district)):
        sign_in(client, session, person)
        client.get("/pruefung", 403)
        client.get(BOARD, 403)


def test_a_foreign_coordinator_finds_nothing_and_changes_nothing(session, client):
    scene, elsewhere = a_scene(session), a_scene(session, "weimar")
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    row = a_course(session, report)
    own = a_report(session, elsewhere.round, elsewhere.provider, ReportStatus.SUBMITTED)
    sign_in(client, session, elsewhere.coordinator)
    client.get("/pruefung/weimar")
    token = {"csrf_token": client.page.csrf_token(), "version": report.version, "month": "2027-01"}
    for path in ("", "/2026-12/uebernehmen", f"/2026-12/{report.id}"):
        client.get(f"{BOARD}{path}", 404)
    client.get(f"{page_of(report)}/rueckfragen?kurs={row.id}", 404)
    for verb in ("freigeben", "uebernehmen", "wieder-oeffnen", "rueckfragen"):
        client.post(f"{page_of(report)}/{verb}", token, 404)
    for path in (f"{BOARD}/abfrage", f"{BOARD}/2026-12/uebernehmen"):
        client.post(path, token, 404)
    client.post(f"{page_of(report)}/rueckfragen/1/erledigt", token, 404)
    client.get(f"/pruefung/weimar/2026-12/{own.id}?entschieden={report.id}")
    assert scene.provider.name in client.page.heading()
    assert journal_of(session) == []


@pytest.mark.parametrize("path", ["?monat=2027-05", "?monat=gestern", "/2026-11/1", "/2026-12/999"])
def test_an_unknown_month_or_report_is_not_there(client, scene, path):
    client.get(f"{BOARD}{path}", 404)


def test_one_district_is_opened_at_once(client, scene):
    client.get("/pruefung", 302)
    assert client.response.location == BOARD


def test_an_administrator_chooses_among_all_districts(session, client, scene):
    a_district(session, "weimar", name="Weimar")
    sign_in(client, session, a_user(session, Grant(Role.ADMINISTRATOR)))
    client.get("/pruefung")
    assert client.page.texts("main li") == ["Landkreis Goerlitz", "Weimar"]


def test_without_districts_an_administrator_reads_what_to_do_first(session, client):
    sign_in(client, session, a_user(session, Grant(Role.ADMINISTRATOR)))
    client.get("/pruefung")
    assert "Legen Sie zuerst einen Kreis" in client.page.text()


# ---- the board


def test_the_board_of_the_month(session, client, scene):
    november = a_round(session, scene.course_list, Month(2026, 11))
    before = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    known = a_course(session, before, seats_free=3)
    an_edition(session, scene, known, month=Month(2026, 11))
    report = a_report(
        session, scene.round, scene.provider, ReportStatus.SUBMITTED, by=scene.coordinator
    )
    a_course(session, report, course_id=known.course_id, seats_free=5)
    silent = a_provider(session, scene.district, name="Stiller Träger")
    a_report(session, scene.round, silent, ReportStatus.OPEN)
    client.get(BOARD)
    page = client.page
    assert page.heading() == "Prüfung Dezember 2026 – Landkreis Goerlitz"
    assert page.texts("p.lead") == [
        "Noch 6 Tage bis zum Meldeschluss. 1 wartet auf Sie, 1 wartet auf den Träger."
    ]
    assert "Meldeschluss 30.11.2026" in page.text()
    assert "1 offen · 1 eingereicht" in page.text()
    assert "Verglichen mit der Ausgabe 2026-11/1." in page.text()
    assert page.rows() == [
        ["Träger", "Stand", "Kurse", "neu", "geändert", "fällt weg", "nicht bestätigt",
         "Rückfragen", "eingereicht"],
        ["VHS Neißebogen", "eingereicht", "1", "0", "1", "0", "1", "keine",
         "24.11.2026, 10:00 Uhr"],
        ["Stiller Träger", "offen Meldung für Dezember 2026 fehlt", "–", "–", "–", "–", "–",
         "keine", "noch nicht"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (5, "Morgen ist Meldeschluss."),
        (6, "Heute ist Meldeschluss."),
        (7, "Der Meldeschluss war gestern."),
        (9, "Der Meldeschluss ist seit 3 Tagen vorbei."),
    ],
)
def test_the_deadline_in_words(session, client, scene, frozen_clock, days, words):
    frozen_clock.forward(days=days)
    sign_in(client, session, scene.coordinator)  # nobody stays signed in that long without a click
    client.get(BOARD)
    assert client.page.texts("p.lead") == [words]


def test_months_can_be_switched(session, client, scene):
    a_round(session, scene.course_list, Month(2026, 11))
    client.get(f"{BOARD}?monat=2026-11")
    assert client.page.heading() == "Prüfung November 2026 – Landkreis Goerlitz"
    assert client.page.texts("nav.tabs a") == ["November 2026", "Dezember 2026"]


def test_a_district_without_a_round_reads_what_to_do_first(session, client):
    district = a_district(session)
    course_list = a_list(session, district)
    a_provider(session, district)
    sign_in(client, session, a_coordinator(session, district))
    client.get(BOARD)
    assert client.page.heading() == "Prüfung Landkreis Goerlitz"
    assert "Hier beginnt Ihr erster Monat." in client.page.text()
    client.post(f"{BOARD}/abfrage", {"month": "2026-12"})
    client.follow()
    assert "Die Abfrage für Dezember 2026 ist geöffnet." in client.page.text()
    opened = session.scalars(select(Round)).one()
    assert (opened.course_list_id, opened.month, len(opened.reports)) == (
        course_list.id,
        Month(2026, 12),
        1,
    )


@pytest.mark.parametrize("month", ["2026-12", "2031-01", "", "x"])
def test_only_an_offered_month_can_be_opened(client, scene, month):
    client.get(BOARD)
    client.post(f"{BOARD}/abfrage", {"month": month}, 404)


def test_a_round_without_providers_says_where_they_come_from(client, scene):
    client.get(BOARD)
    assert "In diesem Kreis wird noch kein Träger gefragt." in client.page.text()


# ---- a report, and the way from the board and back


def test_from_the_board_to_a_question(session, client, scene):
    a_reporter(session, scene.provider, name="Anna Träger", email="anna@example.org")
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    row = a_course(session, report, title="A2 am Abend", seats_free=61, seats_total=16)
    client.get(BOARD)
    assert "Nächste prüfen (1)" in client.page.texts("main a")
    client.get(page_of(report))
    assert client.page.heading() == "VHS Neißebogen: Meldung für Dezember 2026"
    assert "61 freie Plätze sind mehr als 16 Plätze insgesamt." in client.page.text()
    client.get(f"{page_of(report)}/rueckfragen?kurs={row.id}&feld=seats_free")
    assert client.page.texts("main ul li") == ["Anna Träger, anna@example.org"]
    assert client.page.texts("main dd") == ["A2 am Abend", "61"]
    client.submit(**{"f0-text": "Sind es wirklich 61?", "bleiben": "1"})
    client.follow()
    assert "Ihre Rückfrage an VHS Neißebogen ist gespeichert." in client.page.text()
    assert "Sind es wirklich 61?" in client.page.text()
    mails = [(mail.to_address, mail.body) for mail in mails_of(session)]
    assert [address for address, _ in mails] == ["anna@example.org"]
    question = session.scalars(select(Question)).one()
    assert f"http://localhost/meldungen/{report.id}/rueckfragen/{question.id}\n" in mails[0][1]
    assert (question.attribute, question.old_value) == ("seats_free", "61")


def test_from_an_answer_to_an_approval_and_back(session, client, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    row = a_course(session, report)
    other = a_provider(session, scene.district, name="Zweiter Träger")
    waiting = a_report(session, scene.round, other, ReportStatus.SUBMITTED)
    question = ask_question(
        session,
        report,
        text="61?",
        reported_course_id=row.id,
        attribute="seats_free",
        actor=scene.actor,
        link="",
    )
    question.answer, question.old_value, question.new_value = "Ein Tippfehler.", "61", "16"
    question.move(QuestionAction.ANSWER, at=clock.now())
    report.move(ReportAction.SUBMIT, by_id=None, at=clock.now())
    client.get(page_of(report))
    assert "Ein Tippfehler." in client.page.text()
    assert "vorher 61 jetzt 16" in client.page.text()
    press(client, "/erledigt")
    client.follow()
    press(client, "/freigeben")
    assert client.response.location == f"{page_of(waiting)}?entschieden={report.id}"
    client.follow()
    assert "Entschieden: VHS Neißebogen" in client.page.text()
    client.submit(f"form[action={page_of(report)}/wieder-oeffnen]")
    client.follow()
    assert "Die Meldung von VHS Neißebogen ist wieder offen zur Prüfung." in client.page.text()
    assert session.get_one(Question, question.id).status is QuestionStatus.CLOSED
    assert [event for event, *_ in journal_of(session)] == [
        "question:asked",
        "question:closed",
        "report:approved",
        "report:reopened",
    ]


def test_after_the_last_report_the_board_offers_to_undo(session, client, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    client.get(page_of(report))
    press(client, "/freigeben")
    assert client.response.location == f"{BOARD}?monat=2026-12&entschieden={report.id}"
    client.follow()
    assert "Entschieden: VHS Neißebogen" in client.page.text()
    press(client, "/wieder-oeffnen")
    session.refresh(report)
    assert report.status is ReportStatus.SUBMITTED


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        (ReportStatus.OPEN, ["Unbestätigt übernehmen"]),
        (ReportStatus.DRAFT, ["Unbestätigt übernehmen"]),
        (ReportStatus.SUBMITTED, ["Freigeben"]),
        (ReportStatus.ASKED, ["So übernehmen"]),
        (ReportStatus.APPROVED, ["Wieder öffnen"]),
    ],
)
def test_the_page_shows_the_buttons_that_its_state_allows(session, client, scene, status, buttons):
    report = a_report(session, scene.round, scene.provider, status)
    client.get(page_of(report))
    assert client.page.texts("main .button-row .button-form button") == buttons
    can_ask = "Rückfrage stellen" in client.page.texts("main a")
    assert can_ask == (status in {ReportStatus.SUBMITTED, ReportStatus.ASKED})


def test_differences_stand_first_and_the_rest_is_folded(session, client, scene):
    november = a_round(session, scene.course_list, Month(2026, 11))
    before = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    fine = {"contact_phone": "03581 1", "times_note": "abends"}
    same = a_course(session, before, title="Gleich", **fine)
    moved = a_course(session, before, title="Anders", seats_free=3, **fine)
    odd = a_course(session, before, title="Ohne Telefon", times_note="abends")
    gone = a_course(session, before, title="Fort", **fine)
    an_edition(session, scene, same, moved, odd, gone, month=Month(2026, 11))
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    for row, seats in ((same, None), (moved, 8), (odd, None)):
        phone = {} if row is odd else {"contact_phone": "03581 1"}
        a_course(session, report, course_id=row.course_id, title=row.title, seats_free=seats,
                 times_note="abends", **phone)  # fmt: skip
    a_course(session, report, title="Ganz neu", source_row="Kurse!7", **fine)
    client.get(page_of(report))
    text = client.page.text()
    assert "1 neu, 1 geändert, 1 fällt weg, 2 unverändert. 4 nicht bestätigt." in text
    assert client.page.texts("main h2") == [
        "Was ist anders?",
        "Geändert (1)",
        "Neu (1)",
        "Fällt weg (1)",
        "Unverändert, aber auffällig (1)",
        "Interne Notizen",
        "Verlauf, den auch der Träger sieht",
        "Interner Verlauf",
    ]
    assert client.page.texts("main dl.facts--changes dd") == [
        "vorher 3 jetzt 8 Rückfrage zu Anders, frei"
    ]
    assert "aus Liste übernommen (Kurse!7), nicht bestätigt" in text
    assert client.page.texts("main summary") == ["Unverändert und unauffällig (1)"]


def test_a_stale_page_is_a_conflict_that_names_both_sides(session, client, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    client.get(page_of(report))
    seen = {"version": str(report.version)}
    press(client, "/freigeben")
    client.get(page_of(report))
    client.post(f"{page_of(report)}/freigeben", seen, 409)
    assert client.page.heading() == "Inzwischen hat sich die Meldung geändert"
    assert client.page.rows()[1:] == [
        ["Stand der Meldung", "eingereicht", "freigegeben"],
        [
            "Letzter Schritt",
            "freigeben",
            "Meldung freigegeben von Koordination goerlitz, 24.11.2026, 10:00 Uhr",
        ],
    ]


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999", "-1"])
def test_a_decision_without_a_version_is_a_conflict(session, client, scene, version):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    client.get(page_of(report))
    client.post(f"{page_of(report)}/freigeben", {"version": version}, 409)


def test_an_action_that_the_state_does_not_allow_is_a_conflict(session, client, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    client.get(page_of(report))
    client.post(f"{page_of(report)}/wieder-oeffnen", {"version": str(report.version)}, 409)


def test_carrying_over_an_empty_report_says_why_not(session, client, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.DRAFT)
    client.get(page_of(report))
    press(client, "/uebernehmen")
    client.follow()
    assert "Diese Meldung hat keinen Kurs." in client.page.text()


def test_a_silent_report_is_carried_over(session, client, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.DRAFT)
    a_course(session, report)
    client.get(page_of(report))
    press(client, "/uebernehmen")
    session.refresh(report)
    assert report.status is ReportStatus.APPROVED


# ---- all of a list at once


def test_a_taken_over_list_is_carried_over_with_one_button(session, client, scene):
    reports = []
    for name in ("Alpha", "Beta"):
        provider = a_provider(session, scene.district, name=name)
        report = a_report(session, scene.round, provider, origin=ReportOrigin.TAKEN_OVER)
        a_course(session, report)
        reports.append(report)
    client.get(BOARD)
    assert "Alle unbestätigten übernehmen (2)" in client.page.texts("main a")
    client.get(f"{BOARD}/2026-12/uebernehmen")
    assert client.page.rows()[1:] == [
        ["Alpha", "1", "aus Liste übernommen"],
        ["Beta", "1", "aus Liste übernommen"],
    ]
    assert client.page.texts("main button") == ["Alle 2 unbestätigten Meldungen übernehmen"]
    client.submit()
    client.follow()
    assert "Unbestätigt übernommen: 2 Meldungen." in client.page.text()
    client.get(f"{BOARD}/2026-12/uebernehmen")
    assert "gibt es gerade nichts zu übernehmen" in client.page.text()


def test_carrying_over_what_is_decided_already_tells_that_nothing_happened(session, client, scene):
    report = a_report(session, scene.round, scene.provider, origin=ReportOrigin.TAKEN_OVER)
    a_course(session, report)
    client.get(f"{BOARD}/2026-12/uebernehmen")
    report.move(ReportAction.CARRY_OVER, by_id=scene.coordinator.id, at=clock.now())
    client.submit()
    client.follow()
    assert "Unbestätigt übernommen: 0 Meldungen." in client.page.text()


# ---- asking


def test_a_question_without_text_stays_on_the_page(session, client, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    client.get(f"{page_of(report)}/rueckfragen")
    assert "Niemand bekommt Ihre Fragen per E-Mail." in client.page.text()
    client.submit(status=422, **{"f0-text": "  "})
    assert "Schreiben Sie, was Sie wissen möchten." in client.page.text()


def test_a_question_about_a_field_needs_its_course_and_keeps_the_text(session, client, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    client.get(f"{page_of(report)}/rueckfragen?kurs=999&feld=password")
    typed = {"f0-text": "Wann?", "f0-attribute": "starts_on"}
    client.submit(status=422, **typed)
    assert client.page.texts("textarea") == ["Wann?", "", ""]
    assert "Diese Angabe fehlt." in client.page.text()
    client.submit(status=422, **{"f0-reported_course_id": "999"})
    assert client.page.texts("textarea") == ["Wann?", "", ""]


def test_a_question_from_a_stale_page_keeps_its_text_and_can_be_sent_anew(session, client, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    client.get(f"{page_of(report)}/rueckfragen")
    form = client.page.form_values()
    report.move(ReportAction.TAKE_BACK, by_id=None, at=clock.now())
    session.flush()
    report.move(ReportAction.SUBMIT, by_id=None, at=clock.now())
    client.post(f"{page_of(report)}/rueckfragen", {**form, "f0-text": "Wann genau?"}, 409)
    assert client.page.texts("textarea") == ["Wann genau?", "", ""]
    client.submit()
    client.get(page_of(report))
    assert "Wann genau?" in client.page.text()


@pytest.mark.asvs("1.2.1")
@pytest.mark.con10("A8")
@pytest.mark.parametrize("rows", [1, 3])
def test_typed_markup_is_only_text(session, client, scene, rows):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    for _ in range(rows):
        a_course(session, report, title="<b>fett</b>", public_note="<script>alert(1)</script>")
    client.get(page_of(report))
    assert client.page.texts("main h3") == ["<b>fett</b>"] * rows
