"""Answering what was asked: by another value, by words, all at once, and sending it back."""

from datetime import time

import pytest
from sqlalchemy import select

from kursliste.domain.errors import (
    ConflictError,
    NotPermittedError,
    Rule,
    RuleViolationError,
    TransitionRefusedError,
)
from kursliste.domain.question import QuestionAction, QuestionStatus
from kursliste.domain.report import ReportStatus
from kursliste.domain.round import RoundAction
from kursliste.infrastructure import clock
from kursliste.models import JournalEntry, OutgoingMail, Question
from kursliste.reporting.question_actions import Answer, answer_questions
from tests import builders
from tests.reporting.scenes import AS_BEFORE, confirmation
from tests.reporting.test_actions import a_question
from tests.signing_in import sign_in


@pytest.fixture
def row(scene):
    report = scene.report(ReportStatus.ASKED)
    return scene.row(report, title="Abendkurs", time_from=time(18), seats_free=3)


def by_value(row, name, value, text="") -> Answer:
    return Answer(text, {name: value}, row.version)


def answer(session, row, answers, actor):
    return answer_questions(session, row.report, answers, actor=actor)


def told(question) -> tuple[object, ...]:
    return question.status, question.answer, question.new_value


def events(session) -> list[tuple[str, str]]:
    session.flush()
    query = select(JournalEntry).where(JournalEntry.provider_id.is_not(None))
    entries = session.scalars(query.order_by(JournalEntry.id))
    return [(str(e.event), e.subject_table) for e in entries]


def test_another_value_is_an_answer_and_confirms_nothing(session, scene, row, frozen_clock):
    question = a_question(session, row.report, row, "time_from")

    done = answer(session, row, {question.id: by_value(row, "time_from", time(17))}, scene.actor)

    assert done == [question]
    assert told(question) == (QuestionStatus.ANSWERED, "geändert: 18:00 → 17:00", "17:00")
    assert (question.answered_by_id, question.answered_at) == (scene.person.id, frozen_clock.now())
    assert (row.time_from, confirmation(row)) == (time(17), AS_BEFORE)
    assert events(session) == [
        ("course:changed", "reported_course"),
        ("question:answered", "question"),
    ]


def test_words_alone_leave_the_course_as_it_is(session, scene, row):
    question = a_question(session, row.report, row, "time_from")
    stays = by_value(row, "time_from", time(18), " stimmt so, weil der Raum frei ist ")

    answer(session, row, {question.id: stays}, scene.actor)

    words = "stimmt so, weil der Raum frei ist"
    assert told(question) == (QuestionStatus.ANSWERED, words, "18:00")
    assert (row.time_from, events(session)) == (time(18), [("question:answered", "question")])


def test_value_and_words_stand_together_as_long_as_they_fit(session, scene, row):
    first = a_question(session, row.report, row, "time_from")
    second = a_question(session, row.report, row, "seats_free")
    answers = {
        first.id: by_value(row, "time_from", time(17), "Entschuldigung."),
        second.id: by_value(row, "seats_free", None, "x" * 1000),
    }

    answer(session, row, answers, scene.actor)

    assert told(first)[1:] == ("Entschuldigung.\ngeändert: 18:00 → 17:00", "17:00")
    assert told(second)[1:] == ("x" * 1000, "")
    assert (row.time_from, row.seats_free) == (time(17), None)
    assert [event for event, _ in events(session)].count("course:changed") == 1


def test_an_empty_value_is_told_as_such(session, scene, row):
    question = a_question(session, row.report, row, "seats_free")

    answer(session, row, {question.id: by_value(row, "seats_free", None)}, scene.actor)

    assert question.answer == "geändert: 3 → keine Angabe"


def test_two_questions_about_one_field_share_the_value(session, scene, row):
    first = a_question(session, row.report, row, "seats_free")
    second = a_question(session, row.report, row, "seats_free")
    answers = {
        first.id: by_value(row, "seats_free", 5),
        second.id: by_value(row, "seats_free", 3, "ja"),
    }

    answer(session, row, answers, scene.actor)

    assert (first.answer, second.answer, row.seats_free) == ("geändert: 3 → 5", "ja", 5)


def test_a_value_and_its_taking_back_in_one_form_is_no_change(session, scene, row):
    first = a_question(session, row.report, row, "seats_total")
    row.take({"seats_total": 10, "seats_taken": 7})
    session.flush()
    other = a_question(session, row.report, row, "seats_free")
    answers = {
        first.id: by_value(row, "seats_total", 12),
        other.id: by_value(row, "seats_free", 3),
    }

    done = answer(session, row, answers, scene.actor)

    assert done == [first]
    assert (row.seats_total, row.seats_free) == (12, 5)
    assert other.status is QuestionStatus.OPEN


def test_what_is_left_empty_stays_open(session, scene, row):
    about_row = a_question(session, row.report, row, "time_from")
    about_all = a_question(session, row.report)
    answers = {
        about_row.id: by_value(row, "time_from", time(18), "  "),
        about_all.id: Answer("Am 21.12."),
    }

    assert answer(session, row, answers, scene.actor) == [about_all]
    assert (about_row.status, about_all.answer) == (QuestionStatus.OPEN, "Am 21.12.")


def test_nothing_at_all_is_no_answer(session, scene, row):
    question = a_question(session, row.report, row, "time_from")
    for answers in ({question.id: Answer(" \n")}, {}, {question.id + 1: Answer("x")}):
        with pytest.raises(RuleViolationError) as refused:
            answer(session, row, answers, scene.actor)
        assert (refused.value.rule, refused.value.field) == (Rule.ANSWER_EMPTY, "answer")
    assert question.status is QuestionStatus.OPEN


def test_a_value_that_contradicts_the_row_is_refused(session, scene, row):
    row.take({"time_until": time(20)})
    session.flush()
    question = a_question(session, row.report, row, "time_from")
    with pytest.raises(RuleViolationError) as refused:
        answer(session, row, {question.id: by_value(row, "time_from", time(21))}, scene.actor)
    assert refused.value.rule is Rule.UNTIL_BEFORE_FROM
    assert (row.time_from, question.status) == (time(18), QuestionStatus.OPEN)


def test_a_row_that_moved_is_a_conflict_with_both_values(session, scene, row):
    question = a_question(session, row.report, row, "time_from")
    typed = by_value(row, "time_from", time(17))
    row.take({"time_from": time(19)})
    session.flush()
    with pytest.raises(ConflictError) as caught:
        answer(session, row, {question.id: typed}, scene.actor)
    assert caught.value.differences == (("Zeit von", "17:00", "19:00"),)


def test_a_closed_question_is_not_answered(session, scene, row):
    question = a_question(session, row.report)
    question.move(QuestionAction.CLOSE, at=clock.now())
    session.flush()
    with pytest.raises(TransitionRefusedError):
        answer(session, row, {question.id: Answer("Doch.")}, scene.actor)


def test_while_the_report_is_not_theirs_words_are_taken_and_values_are_not(session, scene):
    row = scene.row(scene.report(ReportStatus.SUBMITTED), seats_free=3)
    question = a_question(session, row.report, row, "seats_free")
    with pytest.raises(RuleViolationError) as refused:
        answer(session, row, {question.id: by_value(row, "seats_free", 5)}, scene.actor)
    assert refused.value.rule is Rule.REPORT_NOT_EDITABLE
    answer(session, row, {question.id: Answer("Es sind 3.")}, scene.actor)
    assert question.status is QuestionStatus.ANSWERED


def test_strangers_answer_nothing(session, scene, row):
    question = a_question(session, row.report, row, "seats_free")
    other = builders.a_reporter(session, builders.a_provider(session, scene.district, name="B"))
    for stranger in (other, scene.coordinator):
        with pytest.raises(NotPermittedError):
            answer(session, row, {question.id: Answer("x")}, stranger.as_actor())
    assert question.status is QuestionStatus.OPEN


@pytest.mark.parametrize("count", [1, 3])
def test_a_question_more_costs_no_looking_up(session, scene, row, statements, count):
    asked = [a_question(session, row.report) for _ in range(count)]
    answers = {one.id: Answer("Ja.") for one in asked}
    with statements() as seen:
        done = answer(session, row, answers, scene.actor)
    assert [one.id for one in done] == [one.id for one in asked]
    assert len([text for text in seen if text.lstrip().startswith("SELECT")]) == 3


# ---- the pages


@pytest.fixture
def rita(session, client, scene):
    sign_in(client, session, scene.person)
    return client


def test_one_field_is_changed_where_it_is_asked_about(rita, session, scene, row):
    question = a_question(session, row.report, row, "time_from")
    address = f"/meldungen/{row.report_id}/rueckfragen/{question.id}"
    rita.get(address)
    box = f"f{question.id}-time_from"
    assert rita.page.form_values("main form")[box] == ["18:00"]

    rita.submit(status=422, **{box: "abends"})
    assert "abends" in [field.get("value") for field in rita.page.select("main input")]
    rita.submit(**{box: "17:00"})
    rita.follow()

    assert "Ihre Antwort ist gespeichert. Reichen Sie die Meldung wieder ein." in rita.page.text()
    session.expire_all()
    assert (row.time_from, confirmation(row)) == (time(17), AS_BEFORE)
    rita.get(address)
    assert "geändert: 18:00 → 17:00" in rita.page.text()


def test_days_are_ticked_and_an_empty_group_is_unknown(rita, session, scene, row):
    row.take({"weekdays": ("Mo", "Mi")})
    session.flush()
    question = a_question(session, row.report, row, "weekdays")
    rita.get(f"/meldungen/{row.report_id}/rueckfragen/{question.id}")
    rita.submit(**{f"f{question.id}-weekdays": None})
    session.expire_all()
    assert (row.weekdays, question.answer) == (None, "geändert: Mo, Mi → keine Angabe")


def test_all_questions_on_one_page_and_back_with_one_button(rita, session, scene, row):
    by_time = a_question(session, row.report, row, "time_from")
    by_word = a_question(session, row.report)
    address = f"/meldungen/{row.report_id}/rueckfragen"
    rita.get(f"/meldungen/{row.report_id}")
    assert address in [link.get("href") for link in rita.page.select("main a")]
    rita.get(f"{address}/{by_word.id}")
    assert "Eine weitere Rückfrage ist offen." in rita.page.text()
    assert "Antworten und Meldung wieder einreichen" not in rita.page.texts("main button")
    rita.get(address)
    assert rita.page.texts("main h2")[0] == "Frage 1 von 2"

    rita.submit(status=422)
    assert "Schreiben Sie eine Antwort" in rita.page.text()
    rita.submit(status=422, submit="1", **{f"f{by_time.id}-time_from": "17:00"})
    assert "Eine Rückfrage ist noch offen" in rita.page.text()
    session.expire_all()
    assert (row.time_from, by_time.status) == (time(18), QuestionStatus.OPEN)

    rita.submit(submit="1", **{f"f{by_word.id}-answer": "Am 21.12."})
    rita.follow()

    text = "2 Antworten sind gespeichert, und die Meldung ist wieder eingereicht."
    assert text in rita.page.text()
    session.expire_all()
    assert (row.report.status, row.time_from) == (ReportStatus.SUBMITTED, time(17))
    assert confirmation(row) == AS_BEFORE
    back = session.scalars(
        select(OutgoingMail.body).where(OutgoingMail.to_address == "karl@example.org")
    ).one()
    assert "Antwort: geändert: 18:00 → 17:00\nZeit von: keine Angabe → 17:00\n" in back
    assert "Antwort: Am 21.12.\n" in back
    rita.get(address, 302)


def test_some_answers_leave_the_rest_open(rita, session, scene, row):
    first = a_question(session, row.report)
    a_question(session, row.report)
    rita.get(f"/meldungen/{row.report_id}/rueckfragen")
    rita.submit(**{f"f{first.id}-answer": "Ja."})
    rita.follow()
    assert "Ihre Antwort ist gespeichert. Noch offen: 1." in rita.page.text()


def test_a_contradiction_stands_at_the_field(rita, session, scene, row):
    row.take({"time_until": time(20)})
    session.flush()
    question = a_question(session, row.report, row, "time_until")
    rita.get(f"/meldungen/{row.report_id}/rueckfragen/{question.id}")
    box = f"f{question.id}-time_until"
    rita.submit(status=422, **{box: "17:00"})
    assert rita.page.texts(f"#{box}-fehler") == [
        "Die Zeit bis (17:00) muss nach der Zeit von (18:00) liegen."
    ]


def test_a_value_typed_on_a_stale_page_can_be_sent_anew(rita, session, scene, row):
    question = a_question(session, row.report, row, "time_from")
    rita.get(f"/meldungen/{row.report_id}/rueckfragen/{question.id}")
    row.take({"time_from": time(19)})
    session.flush()
    rita.submit(status=409, **{f"f{question.id}-time_from": "17:00"})
    assert "19:00" in rita.page.text()
    rita.submit()
    session.expire_all()
    assert (row.time_from, question.answer) == (time(17), "geändert: 19:00 → 17:00")


def test_once_the_round_is_closed_only_words_are_taken(rita, session, scene, row):
    question = a_question(session, row.report, row, "time_from")
    scene.opened.move(RoundAction.CLOSE)
    session.flush()
    rita.get(f"/meldungen/{row.report_id}/rueckfragen/{question.id}")
    assert f"f{question.id}-time_from" not in rita.page.form_values("main form")
    rita.submit(**{f"f{question.id}-answer": "Ja."})
    assert session.scalars(select(Question.answer)).all() == ["Ja."]


def test_an_asked_nil_report_goes_back_as_one(rita, session, scene):
    report = scene.report(ReportStatus.ASKED, is_nil=True)
    question = a_question(session, report)
    rita.get(f"/meldungen/{report.id}/rueckfragen")
    rita.submit(submit="1", **{f"f{question.id}-answer": "Wirklich keine."})
    session.expire_all()
    assert (report.status, report.is_nil) == (ReportStatus.SUBMITTED, True)


def test_other_providers_questions_do_not_exist(rita, session, scene):
    other = builders.a_provider(session, scene.district, name="Fremdes Haus")
    report = builders.a_report(session, scene.opened, other, ReportStatus.ASKED)
    question = a_question(session, report)
    rita.get(f"/meldungen/{scene.report().id}")
    token = {"csrf_token": rita.page.csrf_token()}
    for path in ("", f"/{question.id}"):
        rita.get(f"/meldungen/{report.id}/rueckfragen{path}", 404)
        rita.post(f"/meldungen/{report.id}/rueckfragen{path}", token, 404)
    assert question.status is QuestionStatus.OPEN
