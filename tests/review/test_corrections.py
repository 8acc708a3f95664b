"""What a coordinator corrects: the row at once, the mail, the history, never the confirmation."""

from datetime import date, time

import pytest
from sqlalchemy.exc import NoResultFound

from kursliste.domain.calendar import Month
from kursliste.domain.correction import CorrectionAction, CorrectionStatus
from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    Rule,
    RuleViolationError,
    TransitionRefusedError,
)
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import load_codes
from kursliste.models import Correction, Venue
from kursliste.reporting.actions import start_report
from kursliste.review import queries
from kursliste.review.board import board
from kursliste.review.correction_actions import correct_course, settle_objection
from kursliste.review.report_page import report_page
from tests.builders import (
    a_coordinator,
    a_counsellor,
    a_course,
    a_provider,
    a_report,
    a_reporter,
    a_round,
)
from tests.review.scene import Statements, a_scene, journal_of, mails_of
from tests.signing_in import sign_in

LINK = "http://localhost/meldungen/1"
CONFIRMED = {
    "confirmed_on": date(2026, 11, 20),
    "confirmed_by": "Anna Träger",
    "confirmed_how": ConfirmedHow.WEB,
}


@pytest.fixture
def scene(session):
    return a_scene(session)


def submitted(session, scene, **facts):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    told = {"title": "A2 am Abend", "time_from": time(18), "time_until": time(20), **facts}
    return a_course(session, report, **CONFIRMED, **told)


def correct(session, row, actor, facts, **more):
    given = {"reason": "", "seen_version": row.version, "link": LINK, **more}
    return correct_course(session, row, facts, actor=actor, **given)


def kept(made):
    return [(one.attribute, one.old, one.new, one.status) for one in made]


def an_objection(session, made, text="Nein."):
    made.objection = text
    made.move(CorrectionAction.OBJECT, by_id=None, at=clock.now())
    session.flush()
    return made


# ---- correcting


def test_a_correction_holds_at_once_and_moves_no_confirmation(session, scene, frozen_clock):
    row = submitted(session, scene, starts_on=date(2026, 12, 1))
    facts = {**row.facts(), "time_from": time(17, 30), "confirmed_on": date(2026, 11, 24)}

    made = correct(session, row, scene.actor, facts, reason=" laut Aushang ")

    assert (row.time_from, row.starts_on) == (time(17, 30), date(2026, 12, 1))
    assert {name: getattr(row, name) for name in CONFIRMED} == CONFIRMED
    assert kept(made) == [("time_from", time(18), time(17, 30), CorrectionStatus.OPEN)]
    one = made[0]
    assert (one.old_value, one.new_value, one.reason) == ("18:00:00", "17:30:00", "laut Aushang")
    assert (one.made_at, one.made_by) == (frozen_clock.now(), scene.coordinator)
    assert row.report.corrections == made
    assert journal_of(session) == [
        (
            "course:corrected",
            "reported_course",
            str(row.id),
            {"time_from": ["18:00:00", "17:30:00"]},
        )
    ]


def test_seats_that_follow_are_corrections_too(session, scene):
    row = submitted(session, scene, seats_total=16, seats_taken=10, seats_free=6)

    made = correct(session, row, scene.actor, {"seats_taken": 12})

    assert [(one.attribute, one.old, one.new) for one in made] == [
        ("seats_taken", 10, 12),
        ("seats_free", 6, 4),
    ]


def test_everybody_who_reports_for_the_provider_gets_one_mail_for_a_save(session, scene):
    a_reporter(session, scene.provider, name="Anna", email="anna@example.org")
    a_reporter(session, scene.provider, name="Bert", email="bert@example.org")
    a_reporter(session, a_provider(session, scene.district, name="Andere"))
    row = submitted(session, scene, level_from=None)

    correct(
        session,
        row,
        scene.actor,
        {"time_from": time(17, 30), "level_from": "A2", "time_until": None},
        reason="laut Aushang",
    )

    first, second = mails_of(session)
    assert [first.to_address, second.to_address] == ["anna@example.org", "bert@example.org"]
    assert first.subject == "Änderung in Ihrer Meldung für Dezember 2026 – Landkreis Goerlitz"
    assert first.body == (
        "Guten Tag,\n\n"
        "Koordination goerlitz hat in Ihrer Kursmeldung für Dezember 2026 (Landkreis Goerlitz, "
        "VHS Neißebogen) etwas geändert:\n\n"
        "Kurs: A2 am Abend\n"
        "Zeit von: 18:00 → 17:30\n"
        "Niveau von: keine Angabe → A2\n"
        "Zeit bis: 20:00 → keine Angabe\n"
        "Warum: laut Aushang\n\n"
        "Die Änderung gilt schon. Sie müssen nichts tun. Stimmt sie nicht, sagen Sie es hier:\n"
        f"{LINK}\n\n"
        "Freundliche Grüße\n"
        "Koordination goerlitz\n"
        "Landratsamt, Bildungskoordination\n"
    )


def test_without_a_reason_and_without_a_publisher_the_mail_is_shorter(session, scene):
    scene.provider.report_email, scene.district.publisher = "amt@example.org", ""
    row = submitted(session, scene)

    correct(session, row, scene.actor, {"title": "B1"})

    (mail,) = mails_of(session)
    assert "Warum" not in mail.body
    assert mail.body.endswith("Freundliche Grüße\nKoordination goerlitz\n")


def test_other_words_name_another_place(session, scene):
    venue = Venue(provider_id=scene.provider.id, name="", street="Markt 1", town="Görlitz")
    session.add(venue)
    session.flush()
    row = submitted(session, scene, street="Markt 2", town="Görlitz")

    correct(session, row, scene.actor, {"street": "Markt 1"})

    assert row.venue_id == venue.id


def test_a_second_correction_of_a_field_is_another_row(session, scene):
    row = submitted(session, scene)
    correct(session, row, scene.actor, {"time_from": time(17, 30)})
    session.flush()
    correct(session, row, scene.actor, {"time_from": time(17)})

    assert [(one.old, one.new) for one in row.report.corrections] == [
        (time(18), time(17, 30)),
        (time(17, 30), time(17)),
    ]


@pytest.mark.parametrize("status", list(ReportStatus))
def test_each_state_says_whether_it_can_be_corrected(session, scene, status):
    report = a_report(session, scene.round, scene.provider, status)
    row = a_course(session, report, title="Alt")
    if status in {ReportStatus.SUBMITTED, ReportStatus.APPROVED}:
        correct(session, row, scene.actor, {"title": "Neu"})
        assert (row.title, report.status) == ("Neu", status)
        return
    with pytest.raises(RuleViolationError) as refused:
        correct(session, row, scene.actor, {"title": "Neu"})
    assert (refused.value.rule, row.title) == (Rule.REPORT_NOT_CORRECTABLE, "Alt")


@pytest.mark.parametrize(
    ("facts", "more", "rule", "field"),
    [
        ({}, {}, Rule.NOTHING_CORRECTED, None),
        ({"time_from": time(18)}, {}, Rule.NOTHING_CORRECTED, None),
        ({"title": None}, {}, Rule.VALUE_MISSING, "title"),
        ({"time_until": time(17)}, {}, Rule.UNTIL_BEFORE_FROM, "time_until"),
        ({"level_from": "Z9"}, {}, Rule.VALUE_UNKNOWN, "level_from"),
        ({"title": "B1"}, {"reason": "x" * 301}, Rule.TEXT_TOO_LONG, "reason"),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_field(session, scene, facts, more, rule, field):
    row = submitted(session, scene)
    before = row.facts()
    with pytest.raises(RuleViolationError) as refused:
        correct(session, row, scene.actor, facts, **more)
    assert (refused.value.rule, refused.value.field) == (rule, field)
    assert (row.facts(), mails_of(session), row.report.corrections) == (before, [], [])


def test_a_row_that_moved_is_a_conflict_with_both_values(session, scene):
    row = submitted(session, scene)
    seen = row.version
    row.take({"time_from": time(19)})
    session.flush()
    with pytest.raises(ConflictError) as caught:
        correct(session, row, scene.actor, {"time_from": time(17, 30)}, seen_version=seen)
    assert caught.value.differences == (("Zeit von", "17:30", "19:00"),)
    assert row.time_from == time(19)


def test_strangers_correct_and_settle_nothing(session, scene):
    row = submitted(session, scene)
    made = an_objection(session, correct(session, row, scene.actor, {"title": "B1"})[0])
    strangers = [
        a_coordinator(session, a_scene(session, "weimar").district),
        a_counsellor(session, scene.district),
        a_reporter(session, scene.provider),
    ]
    for stranger in strangers:
        with pytest.raises(NotPermittedError):
            correct(session, row, stranger.as_actor(), {"title": "Neu"})
        with pytest.raises(NotPermittedError):
            settle_objection(session, made, actor=stranger.as_actor())
    assert (row.title, made.status) == ("B1", CorrectionStatus.OBJECTED)


def test_the_next_month_starts_from_the_corrected_row(session, scene):
    row = submitted(session, scene, weekdays=("Mo", "Mi"))
    correct(session, row, scene.actor, {"time_from": time(17, 30)})
    january = a_round(session, scene.course_list, Month(2027, 1))
    report = a_report(session, january, scene.provider, ReportStatus.OPEN)

    start_report(session, report, actor=scene.actor)

    assert [(one.course_id, one.time_from, one.weekdays) for one in report.courses] == [
        (row.course_id, time(17, 30), ("Mo", "Mi"))
    ]
    assert {name: getattr(report.courses[0], name) for name in CONFIRMED} == CONFIRMED


# ---- settling


def test_an_objection_is_settled_once(session, scene):
    row = submitted(session, scene)
    made = an_objection(session, correct(session, row, scene.actor, {"title": "B1"})[0])

    settle_objection(session, made, actor=scene.actor)
    session.flush()

    assert (made.status, row.title, made.objection) == (CorrectionStatus.SETTLED, "B1", "Nein.")
    assert journal_of(session)[-1] == ("correction:settled", "correction", str(made.id), {})
    with pytest.raises(TransitionRefusedError):
        settle_objection(session, made, actor=scene.actor)


# ---- looking


@pytest.mark.parametrize("rows", [1, 3])
def test_corrections_cost_no_statement_for_each(session, scene, rows):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    for number in range(rows):
        row = a_course(session, report, title=f"Kurs {number}", position=number)
        an_objection(session, correct(session, row, scene.actor, {"seats_free": number})[0])
    codes, actor, key = load_codes(session), scene.actor, report.id
    session.flush()
    session.expunge_all()
    with Statements(session) as statements:
        found = queries.reviewed_report(session, actor, "goerlitz", Month(2026, 12), key)
        page = report_page(session, actor, found, codes)
        told = [
            (one.reported_course.title, one.made_by.name) for one in page.objections if one.made_by
        ]
    assert told == [(f"Kurs {number}", "Koordination goerlitz") for number in range(rows)]
    assert [len(made) for made in page.corrections.values()] == [1] * rows
    assert (page.may_correct, statements.count) == (True, 11)


def test_the_board_counts_objections(session, scene):
    row = submitted(session, scene)
    correct(session, row, scene.actor, {"seats_free": 1})
    an_objection(session, correct(session, row, scene.actor, {"title": "B1"})[0])

    found = board(session, scene.actor, scene.district, scene.round)

    assert (found.lines[0].numbers.objections, found.totals.objections) == (1, 1)


def test_a_row_and_a_correction_belong_to_their_report(session, scene):
    row = submitted(session, scene)
    made = correct(session, row, scene.actor, {"title": "B1"})[0]
    other = a_report(session, scene.round, a_provider(session, scene.district, name="B"))

    assert queries.reviewed_row(row.report, row.id) is row
    assert queries.reviewed_correction(session, row.report, made.id) is made
    with pytest.raises(NotFoundError):
        queries.reviewed_row(other, row.id)
    with pytest.raises(NoResultFound):
        queries.reviewed_correction(session, other, made.id)


# ---- the pages


@pytest.fixture
def desk(session, client, scene):
    sign_in(client, session, scene.coordinator)
    return client


def page_of(report):
    return f"/pruefung/goerlitz/2026-12/{report.id}"


def test_from_the_report_to_a_correction_and_back(session, desk, scene):
    a_reporter(session, scene.provider, name="Anna", email="anna@example.org")
    row = submitted(session, scene)
    address = f"{page_of(row.report)}/kurse/{row.id}/berichtigen"
    desk.get(page_of(row.report))
    assert address in [link.get("href") for link in desk.page.select("main a")]
    desk.get(address)
    assert "geht an: Anna." in desk.page.text()
    desk.submit(status=422)
    assert "Dieser Wert steht schon da." in desk.page.text()
    desk.submit(status=422, time_until="17:00", reason="x" * 301)
    assert "x" * 301 in [box.get("value") for box in desk.page.select("#reason")]
    desk.submit(time_until="20:00", time_from="17:30", reason="laut Aushang")
    assert desk.response.location == f"{page_of(row.report)}#kurs-{row.id}"
    desk.follow()
    text = desk.page.text()
    assert "Berichtigt: A2 am Abend, eine Angabe." in text
    assert "vorher 18:00 jetzt 17:30" in text
    assert "berichtigt, noch nicht beantwortet" in text
    assert "laut Aushang" in text
    mail = mails_of(session)[0]
    assert f"\nhttp://localhost/meldungen/{row.report_id}\n" in mail.body


def test_a_correction_of_a_stale_page_shows_both_and_can_be_sent_anew(session, desk, scene):
    row = submitted(session, scene)
    address = f"{page_of(row.report)}/kurse/{row.id}/berichtigen"
    desk.get(address)
    assert "Niemand bekommt eine E-Mail" in desk.page.text()
    row.take({"time_from": time(19)})
    session.flush()
    desk.submit(status=409, time_from="17:30")
    assert "17:30" in desk.page.text()
    assert "19:00" in desk.page.text()
    desk.submit()
    session.refresh(row)
    assert row.time_from == time(17, 30)


def test_a_report_that_lies_with_its_provider_has_no_form(session, desk, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.DRAFT)
    row = a_course(session, report)
    desk.get(page_of(report))
    assert "berichtigen" not in desk.page.text()
    desk.get(f"{page_of(report)}/kurse/{row.id}/berichtigen", 422)
    assert "Diese Meldung liegt gerade beim Träger." in desk.page.text()


def test_an_objection_stands_on_board_and_page_until_it_is_settled(session, desk, scene):
    row = submitted(session, scene)
    made = an_objection(
        session, correct(session, row, scene.actor, {"time_from": time(17, 30)})[0], "Doch 18:00."
    )
    desk.get("/pruefung/goerlitz")
    assert "1 Widerspruch" in desk.page.text()
    desk.get(page_of(row.report))
    assert "Nicht einverstanden (1)" in desk.page.texts("main h2")
    assert "Doch 18:00." in desk.page.text()
    desk.submit(f"form[action={page_of(row.report)}/berichtigungen/{made.id}/erledigt]")
    desk.follow()
    assert "Der Widerspruch ist erledigt." in desk.page.text()
    assert "Nicht einverstanden (1)" not in desk.page.texts("main h2")
    assert session.get_one(Correction, made.id).status is CorrectionStatus.SETTLED


def test_ended_and_unchanged_courses_say_that_they_were_corrected(session, desk, scene):
    november = a_round(session, scene.course_list, Month(2026, 11))
    before = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    fine = {"contact_phone": "03581 1", "times_note": "abends"}
    same = a_course(session, before, title="Gleich", **fine)
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    row = a_course(session, report, course_id=same.course_id, title="Gleihc", **fine)
    over = a_course(session, report, title="Vorbei", **fine)
    correct(session, row, scene.actor, {"title": "Gleich"})
    correct(session, over, scene.actor, {"status": CourseStatus.ENDED})
    desk.get(page_of(report))
    assert desk.page.texts("main tbody th") == ["Gleich berichtigt"]
    assert "Vorbei: beendet berichtigt" in " ".join(desk.page.texts("main li"))


def test_other_peoples_corrections_do_not_exist(session, client, scene):
    row = submitted(session, scene)
    made = correct(session, row, scene.actor, {"title": "B1"})[0]
    elsewhere = a_scene(session, "weimar")
    sign_in(client, session, elsewhere.coordinator)
    client.get("/pruefung/weimar")
    token = {"csrf_token": client.page.csrf_token()}
    client.get(f"{page_of(row.report)}/kurse/{row.id}/berichtigen", 404)
    client.post(f"{page_of(row.report)}/kurse/{row.id}/berichtigen", token, 404)
    client.post(f"{page_of(row.report)}/berichtigungen/{made.id}/erledigt", token, 404)
    assert row.title == "B1"
