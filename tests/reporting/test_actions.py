"""What happens when a provider acts: rows, confirmation, journal, mail."""

from datetime import date, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from kursliste.domain.course import CourseStatus, StartKind
from kursliste.domain.errors import (
    ConflictError,
    NotPermittedError,
    Rule,
    RuleViolationError,
    TransitionRefusedError,
)
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor
from kursliste.domain.question import QuestionAction, QuestionStatus
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.models import JournalEntry, OutgoingMail, Question, ReportedCourse
from kursliste.reporting import actions, question_actions
from kursliste.reporting.editing import Edit
from tests import builders
from tests.reporting.scenes import AS_BEFORE, BY_RITA, LINK, confirmation

NOT_EDITABLE = (ReportStatus.OPEN, ReportStatus.SUBMITTED, ReportStatus.APPROVED)


def entries(session) -> list[JournalEntry]:
    session.flush()
    query = select(JournalEntry).where(JournalEntry.provider_id.is_not(None))
    return list(session.scalars(query.order_by(JournalEntry.id)))


def events(session) -> list[tuple[JournalEvent, str]]:
    return [(entry.event, entry.subject_table) for entry in entries(session)]


def mails(session) -> list[tuple[str, str]]:
    session.flush()
    found = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(mail.to_address, mail.subject) for mail in found]


def a_question(session, report, row=None, attribute=None) -> Question:
    question = Question(
        report_id=report.id,
        reported_course_id=row.id if row else None,
        attribute=attribute,
        text="Stimmt die Zahl?",
        asked_at=clock.now(),
    )
    session.add(question)
    session.flush()
    session.refresh(report, ["questions"])
    return question


def answer(session, question, text, *, actor) -> None:
    answers = {question.id: question_actions.Answer(text)}
    question_actions.answer_questions(session, question.report, answers, actor=actor)


# ---- start


def test_starting_without_an_earlier_report_gives_an_empty_draft(session, scene):
    report = scene.report(ReportStatus.OPEN)

    actions.start_report(session, report, actor=scene.actor)

    assert (report.status, report.courses) == (ReportStatus.DRAFT, [])
    assert events(session) == [(JournalEvent.REPORT_STARTED, "report")]


def test_starting_copies_the_last_report_and_moves_no_confirmation(session, scene):
    before = scene.november()
    kept = scene.row(before, title="Bleibt", seats_free=4, starts_on=date(2026, 9, 1))
    scene.row(before, title="Beendet", status=CourseStatus.ENDED)
    scene.row(before, title="Abgesagt", status=CourseStatus.CANCELLED)
    scene.row(before, title="Vorbei", ends_on=date(2026, 11, 23))
    report = scene.report(ReportStatus.OPEN)

    actions.start_report(session, report, actor=scene.actor)
    session.flush()

    assert [row.title for row in report.courses] == ["Bleibt"]
    row = report.courses[0]
    assert (row.course_id, row.position) == (kept.course_id, 1)
    assert row.facts() == kept.facts()
    assert confirmation(row) == AS_BEFORE


def test_a_late_report_tells_the_state_at_the_beginning_of_its_month(session, scene, frozen_clock):
    scene.row(scene.november(), ends_on=date(2026, 12, 3))
    report = scene.report(ReportStatus.OPEN)
    frozen_clock.forward(days=20)

    actions.start_report(session, report, actor=scene.actor)

    assert len(report.courses) == 1


def test_a_coordinator_may_start_a_silent_providers_report(session, scene):
    report = scene.report(ReportStatus.OPEN)

    actions.start_report(session, report, actor=scene.coordinator.as_actor())

    assert report.status is ReportStatus.DRAFT


def test_a_started_report_is_not_started_again(session, scene):
    report = scene.report()

    with pytest.raises(TransitionRefusedError):
        actions.start_report(session, report, actor=scene.actor)


# ---- confirm


def test_confirming_says_who_when_and_how(session, scene):
    row = scene.row(scene.report())

    actions.confirm_course(session, row, actor=scene.actor)

    assert confirmation(row) == BY_RITA
    assert events(session) == [(JournalEvent.COURSE_CONFIRMED, "reported_course")]


def test_confirming_the_rest_leaves_out_ended_and_confirmed_rows(session, scene):
    report = scene.report()
    rest = scene.row(report)
    ended = scene.row(report, status=CourseStatus.ENDED)
    done = scene.row(report, confirmed_on=date(2026, 11, 20))

    assert actions.confirm_rest(session, report, actor=scene.actor) == 1
    assert confirmation(rest) == BY_RITA
    assert confirmation(ended) == AS_BEFORE
    assert done.confirmed_on == date(2026, 11, 20)
    assert events(session) == [(JournalEvent.COURSE_CONFIRMED, "report")]


def test_confirming_a_rest_that_is_empty_is_no_event(session, scene):
    assert actions.confirm_rest(session, scene.report(), actor=scene.actor) == 0
    assert events(session) == []


def test_confirming_the_rest_moves_the_versions_that_others_look_at(session, scene):
    row = scene.row(scene.report())

    actions.confirm_rest(session, row.report, actor=scene.actor)

    assert row.version == 2
    session.expire_all()
    assert (row.version, confirmation(row)) == (2, BY_RITA)


@pytest.mark.asvs("15.4.2")
def test_nobody_vouches_for_a_row_that_changed_meanwhile(database, session, scene):
    report = scene.report()
    seen, moved = scene.row(report), scene.row(report)
    with transaction(session):
        key = moved.id
    with database.session() as other, transaction(other):
        other.get(ReportedCourse, key).seats_free = 3

    with pytest.raises(StaleDataError), transaction(session):
        actions.confirm_rest(session, report, actor=scene.actor)

    assert (confirmation(seen), confirmation(moved), moved.seats_free) == (AS_BEFORE, AS_BEFORE, 3)


# ---- change


def test_a_change_is_journaled_field_by_field_and_confirms_nothing(session, scene):
    row = scene.row(scene.report(), seats_total=16, seats_taken=10, seats_free=6)

    changes = actions.change_course(
        session, row, {"seats_taken": 12}, seen_version=row.version, actor=scene.actor
    )
    session.flush()

    assert changes == {"seats_taken": (10, 12), "seats_free": (6, 4)}
    assert confirmation(row) == AS_BEFORE
    [entry] = entries(session)
    assert entry.event is JournalEvent.COURSE_CHANGED
    assert entry.changes == {"seats_taken": [10, 12], "seats_free": [6, 4]}
    assert entry.is_internal is False


@pytest.mark.parametrize(
    ("stored", "typed", "free"),
    [
        ({"seats_total": 16}, {"seats_taken": 10}, 6),
        ({"seats_total": 16}, {"seats_taken": 20}, 0),
        ({"seats_free": 5}, {"seats_taken": 10}, 5),
        ({"seats_total": 16, "seats_taken": 10, "seats_free": 2}, {"seats_taken": 12}, 2),
        ({"seats_total": 16, "seats_taken": 10, "seats_free": 6}, {"seats_free": 2}, 2),
        ({"seats_total": 16, "seats_taken": 10, "seats_free": 2}, {"seats_free": None}, 6),
        ({"seats_total": 16}, {"seats_free": None, "title": "Neu"}, None),
    ],
)
def test_free_seats_follow_where_nobody_typed_them(session, scene, stored, typed, free):
    row = scene.row(scene.report(), **stored)

    actions.change_course(session, row, typed, seen_version=row.version, actor=scene.actor)

    assert row.seats_free == free


def test_an_empty_save_moves_nothing(session, scene):
    row = scene.row(scene.report(), seats_total=16, seats_taken=10, seats_free=None)
    before, version = row.facts(), row.version

    changes = actions.change_course(session, row, before, seen_version=version, actor=scene.actor)
    session.flush()

    assert (changes, row.facts(), row.version) == ({}, before, version)
    assert events(session) == []


def test_saving_and_confirming_an_unchanged_row_confirms_it(session, scene):
    row = scene.row(scene.report())

    actions.change_course(
        session, row, {}, seen_version=row.version, actor=scene.actor, confirm=True
    )

    assert confirmation(row) == BY_RITA
    assert events(session) == [(JournalEvent.COURSE_CONFIRMED, "reported_course")]


def test_saving_and_confirming_a_change_is_one_event(session, scene):
    row = scene.row(scene.report())

    actions.change_course(
        session, row, {"title": "Neu"}, seen_version=row.version, actor=scene.actor, confirm=True
    )

    assert (row.title, confirmation(row)) == ("Neu", BY_RITA)
    assert events(session) == [(JournalEvent.COURSE_CHANGED, "reported_course")]


@pytest.mark.asvs("2.2.3")
@pytest.mark.parametrize(
    ("typed", "rule", "field"),
    [
        ({"title": None}, Rule.VALUE_MISSING, "title"),
        (
            {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 11, 1)},
            Rule.END_BEFORE_START,
            "ends_on",
        ),
        (
            {"time_from": time(12), "time_until": time(9)},
            Rule.UNTIL_BEFORE_FROM,
            "time_until",
        ),
        ({"level_from": "B1", "level_to": "A1"}, Rule.LEVEL_BACKWARDS, "level_to"),
        ({"course_type": "GIBTS-NICHT"}, Rule.VALUE_UNKNOWN, "course_type"),
        ({"level_to": "Z9"}, Rule.VALUE_UNKNOWN, "level_to"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(session, scene, typed, rule, field):
    row = scene.row(scene.report())
    before = row.facts()

    with pytest.raises(RuleViolationError) as refused:
        actions.change_course(session, row, typed, seen_version=row.version, actor=scene.actor)

    assert (refused.value.rule, refused.value.field) == (rule, field)
    assert row.facts() == before


def test_a_moved_version_is_a_conflict_with_both_values(session, scene):
    row = scene.row(scene.report(), seats_free=5)
    seen = row.version
    actions.change_course(session, row, {"seats_free": 4}, seen_version=seen, actor=scene.actor)
    session.flush()

    with pytest.raises(ConflictError) as conflict:
        actions.change_course(
            session,
            row,
            {"seats_free": 3, "status": CourseStatus.FULL},
            seen_version=seen,
            actor=scene.actor,
        )

    assert conflict.value.differences == (
        ("frei", "3", "4"),
        ("Status", "ausgebucht", "Anmeldung möglich"),
    )
    assert row.seats_free == 4


def test_typing_what_somebody_else_saved_meanwhile_is_no_conflict(session, scene):
    row = scene.row(scene.report(), seats_free=5)
    seen = row.version
    actions.change_course(session, row, {"seats_free": 4}, seen_version=seen, actor=scene.actor)
    session.flush()

    changes = actions.change_course(
        session, row, {"seats_free": 4}, seen_version=seen, actor=scene.actor
    )

    assert changes == {}


def test_nobody_vouches_for_what_they_have_not_seen(session, scene):
    row = scene.row(scene.report())

    with pytest.raises(ConflictError) as conflict:
        actions.change_course(
            session, row, {}, seen_version=row.version - 1, actor=scene.actor, confirm=True
        )

    assert conflict.value.differences == ()
    assert confirmation(row) == AS_BEFORE


def test_the_table_is_saved_as_a_whole(session, scene):
    report = scene.report()
    one, two, three = (scene.row(report, title=f"Kurs {n}") for n in (1, 2, 3))
    edits = {
        one.id: Edit({"seats_free": 1}, one.version),
        two.id: Edit({"seats_free": None}, two.version),
        three.id: Edit({"seats_free": 3}, three.version),
        9_999: Edit({"seats_free": 9}, 1),
    }

    changes = actions.change_monthly(session, report, edits, actor=scene.actor, confirm={three.id})

    assert changes == {
        one.id: {"seats_free": (None, 1)},
        two.id: {},
        three.id: {"seats_free": (None, 3)},
    }
    assert [confirmation(row) for row in (one, two, three)] == [AS_BEFORE, AS_BEFORE, BY_RITA]


def test_one_conflict_stops_the_whole_table(session, scene):
    report = scene.report()
    one, two = scene.row(report, title="Eins"), scene.row(report, title="Zwei")
    edits = {
        one.id: Edit({"seats_free": 1}, one.version),
        two.id: Edit({"seats_free": 2}, two.version - 1),
    }

    with pytest.raises(ConflictError) as conflict:
        actions.change_monthly(session, report, edits, actor=scene.actor)

    assert conflict.value.differences == (("Zwei: frei", "2", ""),)
    assert (one.seats_free, two.seats_free) == (None, None)


def test_an_empty_table_changes_nothing(session, scene):
    assert actions.change_monthly(session, scene.report(), {}, actor=scene.actor) == {}


# ---- add, end, resume


def test_an_added_course_is_new_confirmed_and_last(session, scene):
    report = scene.report()
    scene.row(report)
    facts = {
        "course_type": "IK-ALLG",
        "title": "Neuer Kurs",
        "seats_total": 16,
        "seats_taken": 4,
        "link": None,
    }

    row = actions.add_course(session, report, facts, actor=scene.actor)

    assert (row.title, row.seats_free, row.position) == ("Neuer Kurs", 12, 2)
    assert row.course.provider_id == scene.provider.id
    assert row.course_id != report.courses[0].course_id
    assert confirmation(row) == BY_RITA
    assert events(session) == [(JournalEvent.COURSE_ADDED, "reported_course")]


def test_an_added_course_needs_type_and_title(session, scene):
    with pytest.raises(RuleViolationError) as refused:
        actions.add_course(session, scene.report(), {"title": "Nur Titel"}, actor=scene.actor)

    assert (refused.value.rule, refused.value.field) == (Rule.VALUE_MISSING, "course_type")


def test_an_ended_course_can_go_on(session, scene):
    row = scene.row(scene.report(), starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 1))

    actions.end_course(session, row, actor=scene.actor)
    statuses = [row.status]
    actions.resume_course(session, row, actor=scene.actor)
    statuses.append(row.status)

    assert statuses == [CourseStatus.ENDED, CourseStatus.RUNNING]
    assert confirmation(row) == AS_BEFORE
    assert events(session) == [
        (JournalEvent.COURSE_ENDED, "reported_course"),
        (JournalEvent.COURSE_RESUMED, "reported_course"),
    ]


def test_a_course_without_a_date_goes_on_as_planned(session, scene):
    row = scene.row(scene.report(), start_kind=StartKind.UNDECIDED, status=CourseStatus.ENDED)

    actions.resume_course(session, row, actor=scene.actor)

    assert row.status is CourseStatus.PLANNED


# ---- submit, take back


def test_submitting_sends_a_receipt_with_the_whole_table(session, scene):
    report = scene.report()
    row = scene.row(
        report,
        title="Abendkurs",
        level_to="B1",
        seats_free=3,
        weekdays=("Mo", "Mi"),
        time_from=time(17, 30),
    )
    scene.row(report, title="Alter Kurs", status=CourseStatus.ENDED)
    scene.row(report, title="Neu", confirmed_on=None, confirmed_by=None, confirmed_how=None)

    actions.submit_report(session, report, actor=scene.actor, link=LINK)
    session.flush()

    assert report.status is ReportStatus.SUBMITTED
    assert (report.submitted_at, report.submitted_by_id) == (clock.now(), scene.person.id)
    assert confirmation(row) == AS_BEFORE
    mail = session.scalars(select(OutgoingMail)).one()
    assert mail.to_address == "rita@example.org"
    assert mail.subject == "Ihre Meldung für Dezember 2026 ist angekommen"
    assert mail.body == (
        "Guten Tag,\n\n"
        "Ihre Meldung für Dezember 2026 ist angekommen.\n\n"
        "Träger: Volkshochschule Neißebogen\n"
        "Kursliste: Deutsch- und Integrationskurse, Landkreis Goerlitz\n"
        "Eingereicht am: 24.11.2026, 10:00 Uhr\n"
        "Kurse: 2\n\n"
        "1. Abendkurs\n"
        "   Kursart: Allgemeiner Integrationskurs\n"
        "   Niveau bis: B1\n"
        "   Tage: Mo, Mi\n"
        "   Zeit von: 17:30\n"
        "   frei: 3\n"
        "   Status: Anmeldung möglich\n"
        "   telefonisch bestätigt am 22.10.2026 von Berta Früher\n\n"
        "2. Neu\n"
        "   Kursart: Allgemeiner Integrationskurs\n"
        "   Status: Anmeldung möglich\n"
        "   noch nicht bestätigt\n\n"
        "Beendet: Alter Kurs\n\n"
        "Die Koordination prüft Ihre Meldung. Hat sie Fragen, schreibt sie Ihnen.\n\n"
        "Ihre Meldung ansehen oder zurücknehmen: http://localhost/meldungen/1\n\n"
        "kursliste – diese E-Mail wurde automatisch geschickt.\n"
    )
    [entry] = entries(session)
    assert entry.event is JournalEvent.REPORT_SUBMITTED
    assert entry.details == {"courses": 2, "confirmed": 0, "nil": False}


def test_submitting_can_confirm_the_rest(session, scene):
    report = scene.report()
    row, ended = scene.row(report), scene.row(report, status=CourseStatus.ENDED)

    actions.submit_report(session, report, actor=scene.actor, link=LINK, confirm_all=True)

    assert (confirmation(row), confirmation(ended)) == (BY_RITA, AS_BEFORE)


def test_no_courses_at_all_is_a_full_answer(session, scene):
    report = scene.report()
    scene.row(report, status=CourseStatus.ENDED)

    actions.submit_report(session, report, actor=scene.actor, link=LINK, nil=True)

    assert (report.status, report.is_nil) == (ReportStatus.SUBMITTED, True)
    body = session.scalars(select(OutgoingMail.body)).one()
    assert "Sie haben gemeldet: derzeit keine Kurse." in body


@pytest.mark.parametrize(
    ("status", "nil", "rule"),
    [
        (None, False, Rule.NOTHING_TO_REPORT),
        (CourseStatus.ENDED, False, Rule.NOTHING_TO_REPORT),
        (CourseStatus.OPEN, True, Rule.NIL_REPORT_HAS_COURSES),
    ],
)
def test_a_report_says_either_courses_or_none(session, scene, status, nil, rule):
    report = scene.report()
    if status is not None:
        scene.row(report, status=status)

    with pytest.raises(RuleViolationError) as refused:
        actions.submit_report(session, report, actor=scene.actor, link=LINK, nil=nil)

    assert (refused.value.rule, report.status) == (rule, ReportStatus.DRAFT)


def test_an_open_question_stops_submitting(session, scene):
    report = scene.report(ReportStatus.ASKED)
    scene.row(report)
    a_question(session, report)

    with pytest.raises(RuleViolationError) as refused:
        actions.submit_report(session, report, actor=scene.actor, link=LINK)

    assert refused.value.rule is Rule.QUESTION_OPEN
    assert refused.value.facts == {"text": "Stimmt die Zahl?"}


def test_answering_and_submitting_again_tells_the_coordinator(session, scene):
    report = scene.report(ReportStatus.ASKED)
    row = scene.row(report, seats_free=3)
    about_row = a_question(session, report, row, "seats_free")
    about_all = a_question(session, report)
    closed = a_question(session, report)
    closed.move(QuestionAction.CLOSE, at=clock.now())

    answer(session, about_row, " Es sind 3. ", actor=scene.actor)
    answer(session, about_all, "Ja.", actor=scene.actor)
    assert (about_row.status, about_row.answer) == (QuestionStatus.ANSWERED, "Es sind 3.")
    assert (about_row.new_value, about_row.answered_by_id) == ("3", scene.person.id)
    assert (about_all.new_value, about_all.answer) == (None, "Ja.")

    actions.change_course(
        session, row, {"seats_free": 2}, seen_version=row.version, actor=scene.actor
    )
    actions.submit_report(
        session, report, actor=scene.actor, link=LINK, review_link="http://localhost/pruefung"
    )

    assert (about_row.new_value, closed.new_value) == ("2", None)
    name = "Volkshochschule Neißebogen, Dezember 2026"
    assert mails(session) == [
        ("rita@example.org", "Ihre Meldung für Dezember 2026 ist angekommen"),
        ("karl@example.org", f"Wieder eingereicht: {name}"),
    ]
    assert [event for event, _ in events(session)] == [
        JournalEvent.QUESTION_ANSWERED,
        JournalEvent.QUESTION_ANSWERED,
        JournalEvent.COURSE_CHANGED,
        JournalEvent.REPORT_SUBMITTED,
    ]
    _receipt, body = session.scalars(select(OutgoingMail.body).order_by(OutgoingMail.id))
    assert body == (
        "Guten Tag,\n\n"
        "Volkshochschule Neißebogen hat die Meldung für Dezember 2026 nach Ihrer Rückfrage wieder "
        "eingereicht.\n\n"
        "Eingereicht am: 24.11.2026, 10:00 Uhr\n\n"
        "Kurs: Allgemeiner Integrationskurs\n"
        "Ihre Frage: Stimmt die Zahl?\n"
        "Antwort: Es sind 3.\n"
        "frei: keine Angabe → 2\n\n"
        "Ihre Frage: Stimmt die Zahl?\n"
        "Antwort: Ja.\n\n"
        "Meldung ansehen: http://localhost/pruefung\n\n"
        "kursliste – diese E-Mail wurde automatisch geschickt.\n"
    )


def test_answers_that_were_sent_before_are_not_told_again(session, scene, frozen_clock):
    report = scene.report(ReportStatus.ASKED)
    scene.row(report)
    first = a_question(session, report)
    answer(session, first, "Alt.", actor=scene.actor)
    frozen_clock.forward(minutes=5)
    actions.submit_report(session, report, actor=scene.actor, link=LINK)
    report.move(ReportAction.ASK, by_id=scene.coordinator.id, at=clock.now())
    frozen_clock.forward(minutes=5)

    actions.submit_report(session, report, actor=scene.actor, link=LINK)

    bodies = session.scalars(
        select(OutgoingMail.body)
        .where(OutgoingMail.to_address == "karl@example.org")
        .order_by(OutgoingMail.id)
    ).all()
    assert ["Alt." in body for body in bodies] == [True, False]
    assert "Meldung ansehen" not in bodies[0]


@pytest.mark.parametrize(
    ("text", "rule"), [("  \n ", Rule.ANSWER_EMPTY), ("x" * 1001, Rule.TEXT_TOO_LONG)]
)
def test_an_answer_has_words_but_not_too_many(session, scene, text, rule):
    question = a_question(session, scene.report(ReportStatus.ASKED))

    with pytest.raises(RuleViolationError) as refused:
        answer(session, question, text, actor=scene.actor)

    assert (refused.value.rule, refused.value.field) == (rule, "answer")


def test_a_question_is_answered_once(session, scene):
    question = a_question(session, scene.report(ReportStatus.ASKED))
    answer(session, question, "Ja.", actor=scene.actor)
    session.flush()

    with pytest.raises(TransitionRefusedError):
        answer(session, question, "Nein.", actor=scene.actor)

    assert question.answer == "Ja."


def test_a_submitted_report_can_be_taken_back(session, scene):
    report = scene.report()
    actions.submit_report(session, report, actor=scene.actor, link=LINK, nil=True)

    actions.take_back_report(session, report, actor=scene.actor)

    assert (report.status, report.is_nil) == (ReportStatus.DRAFT, False)
    assert events(session)[-1] == (JournalEvent.REPORT_TAKEN_BACK, "report")


def test_an_approved_report_is_not_taken_back(session, scene):
    report = scene.report(ReportStatus.APPROVED)

    with pytest.raises(TransitionRefusedError):
        actions.take_back_report(session, report, actor=scene.actor)


def test_the_system_submits_for_a_provider_and_the_provider_gets_the_receipt(session, scene):
    report = scene.report()
    scene.row(report)

    actions.submit_report(session, report, actor=Actor.system(), link=LINK)

    assert [address for address, _ in mails(session)] == ["meldung@example.org"]


def test_without_any_address_nobody_is_written_to(session, scene):
    scene.provider.report_email = ""
    report = scene.report()
    scene.row(report)

    actions.submit_report(session, report, actor=Actor.system(), link=LINK)

    assert mails(session) == []


# ---- who, and when not


@pytest.mark.asvs("2.3.1")
@pytest.mark.parametrize("status", NOT_EDITABLE)
def test_rows_change_only_while_the_report_is_the_providers(session, scene, status):
    report = scene.report(status)
    row = scene.row(report)
    tries = (
        lambda: actions.confirm_course(session, row, actor=scene.actor),
        lambda: actions.confirm_rest(session, report, actor=scene.actor),
        lambda: actions.change_course(session, row, {}, seen_version=1, actor=scene.actor),
        lambda: actions.change_monthly(session, report, {}, actor=scene.actor),
        lambda: actions.add_course(session, report, {}, actor=scene.actor),
        lambda: actions.end_course(session, row, actor=scene.actor),
        lambda: actions.resume_course(session, row, actor=scene.actor),
    )

    for attempt in tries:
        with pytest.raises(RuleViolationError) as refused:
            attempt()
        assert refused.value.rule is Rule.REPORT_NOT_EDITABLE


def test_a_decision_that_was_made_meanwhile_is_seen(session, database, scene):
    report = scene.report()
    row = scene.row(report)
    with transaction(session):
        pass
    with database.session() as other, transaction(other):
        theirs = other.get(type(report), report.id)
        assert theirs is not None
        theirs.is_nil = False
        actions.submit_report(other, theirs, actor=scene.actor, link=LINK)

    with pytest.raises(RuleViolationError) as refused:
        actions.confirm_course(session, row, actor=scene.actor)

    assert refused.value.rule is Rule.REPORT_NOT_EDITABLE


def test_other_peoples_reports_are_not_theirs_to_touch(session, scene):
    other = builders.a_reporter(session, builders.a_provider(session, scene.district, name="B"))
    actor = other.as_actor()
    report = scene.report()
    row = scene.row(report)
    question = a_question(session, report)
    tries = (
        lambda: actions.start_report(session, report, actor=actor),
        lambda: actions.confirm_course(session, row, actor=actor),
        lambda: actions.confirm_rest(session, report, actor=actor),
        lambda: actions.change_course(session, row, {}, seen_version=1, actor=actor),
        lambda: actions.change_monthly(session, report, {}, actor=actor),
        lambda: actions.add_course(session, report, {}, actor=actor),
        lambda: actions.end_course(session, row, actor=actor),
        lambda: actions.resume_course(session, row, actor=actor),
        lambda: actions.submit_report(session, report, actor=actor, link=LINK),
        lambda: actions.take_back_report(session, report, actor=actor),
        lambda: answer(session, question, "x", actor=actor),
    )

    for attempt in tries:
        with pytest.raises(NotPermittedError):
            attempt()
