"""Several questions at once: ticked on the page, typed in one form, sent in one mail."""

import pytest
from sqlalchemy import select

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import ReportStatus
from kursliste.models import Question
from kursliste.review.actions import ask_questions
from kursliste.review.asking import Asking
from tests.builders import a_course, a_report, a_reporter
from tests.review.scene import Scene, a_scene, journal_of, mails_of
from tests.signing_in import sign_in


@pytest.fixture
def scene(session) -> Scene:
    return a_scene(session)


@pytest.fixture
def desk(session, client, scene):
    sign_in(client, session, scene.coordinator)
    return client


@pytest.fixture
def row(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    return a_course(session, report, title="A2 am Abend", seats_free=61, seats_total=16)


def link(question) -> str:
    return "http://localhost/alle" if question is None else f"http://localhost/{question.text}"


def page_of(report):
    return f"/pruefung/goerlitz/2026-12/{report.id}"


# ---- one mail


def test_several_questions_go_out_in_one_mail_with_a_link_each(session, scene, row):
    a_reporter(session, scene.provider, name="Anna", email="anna@example.org")
    askings = [Asking("eins", row.id, "seats_free"), Asking("zwei", row.id), Asking("drei")]

    asked = ask_questions(session, row.report, askings, actor=scene.actor, link=link)

    assert row.report.status is ReportStatus.ASKED
    assert [(one.text, one.attribute, one.old_value) for one in asked] == [
        ("eins", "seats_free", "61"),
        ("zwei", None, None),
        ("drei", None, None),
    ]
    assert [event for event, *_ in journal_of(session)] == ["question:asked"] * 3
    (mail,) = mails_of(session)
    assert mail.to_address == "anna@example.org"
    assert mail.subject == "3 Rückfragen zu Ihrer Meldung für Dezember 2026 – Landkreis Goerlitz"
    here = "Antworten Sie hier; dort können Sie auch den Kurs ändern:\n"
    assert mail.body == (
        "Guten Tag,\n\n"
        "zu Ihrer Kursmeldung für Dezember 2026 (Landkreis Goerlitz, VHS Neißebogen) gibt es 3 "
        "Rückfragen:\n\n"
        "1. Kurs: A2 am Abend\nAngabe: frei (jetzt: 61)\n\n> eins\n\n"
        f"{here}http://localhost/eins\n\n"
        f"2. Kurs: A2 am Abend\n\n> zwei\n\n{here}http://localhost/zwei\n\n"
        f"3. Zur ganzen Meldung\n\n> drei\n\n{here}http://localhost/drei\n\n"
        "Alle Fragen auf einer Seite beantworten:\nhttp://localhost/alle\n\n"
        "Bis 30.11.2026 eingereichte Meldungen kommen sicher in die Liste.\n\n"
        "Freundliche Grüße\nKoordination goerlitz\nLandratsamt, Bildungskoordination\n"
    )


def test_all_or_nothing(session, scene, row):
    for askings in ([Asking("gut"), Asking(" ")], []):
        with pytest.raises(RuleViolationError) as refused:
            ask_questions(session, row.report, askings, actor=scene.actor, link=link)
        assert refused.value.rule is Rule.QUESTION_EMPTY
    assert (row.report.status, row.report.questions) == (ReportStatus.SUBMITTED, [])
    assert (mails_of(session), journal_of(session)) == ([], [])


# ---- the form


def test_what_is_ticked_becomes_questions(session, desk, row):
    report = row.report
    desk.get(page_of(report))
    ticks = [box.get("value") for box in desk.page.select("input[name=zu]")]
    assert f"{row.id}:seats_free:free_above_total" in ticks
    assert "Angehaktes fragen" in desk.page.texts("main button")

    ticked = [f"{row.id}:seats_free:free_above_total", f"{row.id}:title:", f"{row.id}"]
    desk.get(f"{page_of(report)}/rueckfragen", query_string={"zu": [*ticked, "0:title", "x", ""]})

    assert desk.page.texts("textarea") == [
        "61 freie Plätze sind mehr als 16 Plätze insgesamt. Stimmt das?",
        "",
        "",
    ]
    sent = desk.page.form_values("main form")
    assert [sent[f"f{n}-attribute"] for n in range(3)] == [["seats_free"], ["title"], [""]]
    assert [sent[f"f{n}-reported_course_id"] for n in range(3)] == [[str(row.id)]] * 3


def test_a_further_question_keeps_what_was_typed(session, desk, row):
    desk.get(f"{page_of(row.report)}/rueckfragen?kurs={row.id}&feld=title&hinweis=nichts")
    desk.submit(status=200, more="1", **{"f0-text": "Stimmt der Titel?", "f2-text": "Ferien?"})
    assert desk.page.texts("textarea") == ["Stimmt der Titel?", "", "Ferien?", ""]
    assert session.scalars(select(Question)).all() == []

    desk.submit(**{"f3-text": "Noch etwas?"})
    desk.follow()

    assert "Ihre 3 Rückfragen an VHS Neißebogen sind gespeichert." in desk.page.text()
    session.expire_all()
    assert [
        (one.text, one.reported_course_id, one.attribute, one.status)
        for one in row.report.questions
    ] == [
        ("Stimmt der Titel?", row.id, "title", QuestionStatus.OPEN),
        ("Ferien?", None, None, QuestionStatus.OPEN),
        ("Noch etwas?", None, None, QuestionStatus.OPEN),
    ]


def test_the_mail_leads_to_the_question_and_to_all(session, desk, scene, row):
    a_reporter(session, scene.provider, email="anna@example.org")
    desk.get(f"{page_of(row.report)}/rueckfragen")
    desk.submit(**{"f0-text": "Eins?", "f1-text": "Zwei?"})
    here = f"http://localhost/meldungen/{row.report_id}/rueckfragen"
    keys = [str(one.id) for one in session.scalars(select(Question).order_by(Question.id))]
    links = [line for line in mails_of(session)[0].body.splitlines() if line.startswith("http")]
    assert links == [f"{here}/{keys[0]}", f"{here}/{keys[1]}", here]


def test_a_course_without_a_question_is_asked_for_at_its_line(session, desk, row):
    desk.get(f"{page_of(row.report)}/rueckfragen")
    desk.submit(
        status=422,
        **{"f0-text": "Gut?", "f1-reported_course_id": str(row.id), "f2-text": "x" * 1001},
    )
    assert desk.page.texts("#fehler li") == [
        "2. Ihre Frage: Schreiben Sie, was Sie wissen möchten.",
        "3. Ihre Frage: Der Text hat 1001 Zeichen; höchstens 1000 sind möglich.",
    ]
    assert session.scalars(select(Question)).all() == []


def test_there_is_an_end_to_further_questions(desk, row):
    desk.get(f"{page_of(row.report)}/rueckfragen")
    desk.submit(status=200, more="1", count="999999999")
    assert len(desk.page.texts("textarea")) == 40
