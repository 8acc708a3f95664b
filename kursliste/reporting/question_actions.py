"""Answering what the coordinator asked: with another value, with words, or with both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.domain.question import QUESTION_LENGTH, QuestionAction, check_answer
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import load_words
from kursliste.models.question import Question
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting import editing, row_facts
from kursliste.reporting.editing import Edit
from kursliste.reporting.row_facts import Facts
from kursliste.web import labels

LONGEST_VALUE = 300
"""How much of a value an answer repeats; the row has all of it."""


@dataclass(frozen=True)
class Answer:
    """What somebody typed below a question: words, and the fact that it is about.

    ``facts`` is empty where the page offered no box; ``seen_version`` is that of its row.
    """

    text: str = ""
    facts: Facts = field(default_factory=dict)
    seen_version: int = 0


def answer_questions(
    session: Session, report: Report, answers: Mapping[int, Answer], *, actor: Actor
) -> Sequence[Question]:
    """Answer questions of a report by their keys; return those that are answered now.

    A value that differs from the stored one changes the course and is an answer without words;
    it confirms nothing. Questions with neither words nor another value stay open. All or nothing:
    raises RuleViolationError where nothing at all was answered, where a text is too long and where
    a row would contradict itself, ConflictError where a row changed meanwhile,
    TransitionRefusedError where a question is answered or closed already.
    """
    require(actor, Permission.QUESTION_ANSWER, report.scope)
    asked = _asked(session, report, answers)
    told = _change_rows(session, report, asked, answers, actor)
    done = [one for one in asked if one.id in told or answers[one.id].text.strip()]
    if not done:
        raise RuleViolationError(Rule.ANSWER_EMPTY, field="answer")
    words = load_words(session)
    for question in done:
        said = _said(answers[question.id].text.strip(), told.get(question.id, ""))
        check_answer(said)
        question.move(QuestionAction.ANSWER, at=clock.now())
        question.answer = said
        question.answered_by_id = actor.user_id
        question.new_value = row_facts.asked_value(question, words)
        editing.record(session, JournalEvent.QUESTION_ANSWERED, question, actor, answer=said)
    return done


def _asked(session: Session, report: Report, answers: Mapping[int, Answer]) -> Sequence[Question]:
    session.flush()  # populate_existing forgets what was not written yet
    query = (
        select(Question)
        .where(Question.report_id == report.id, Question.id.in_(answers))
        .order_by(Question.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def _change_rows(
    session: Session,
    report: Report,
    asked: Sequence[Question],
    answers: Mapping[int, Answer],
    actor: Actor,
) -> dict[int, str]:
    """Write the typed values into the rows; return by question what changed, in words."""
    rows = {row.id: row for row in report.courses}
    edits: dict[int, Edit] = {}
    changing: list[tuple[Question, ReportedCourse, str]] = []
    for question in asked:
        row, answer = rows.get(question.reported_course_id or 0), answers[question.id]
        name = question.attribute
        if row is None or name is None or not row_facts.moved(row.facts(), answer.facts):
            continue
        before = edits[row.id].facts if row.id in edits else {}
        edits[row.id] = Edit({**before, name: answer.facts[name]}, answer.seen_version)
        changing.append((question, row, name))
    if not edits:
        return {}
    require(actor, Permission.REPORT_EDIT, report.scope)
    changes = editing.change_rows(session, report, edits, actor=actor, confirm=())
    words = load_words(session)
    return {
        question.id: labels.moved(
            *(
                row_facts.in_words(words, name, value)[:LONGEST_VALUE]
                for value in changes[row.id][name]
            )
        )
        for question, row, name in changing
        if name in changes[row.id]
    }


def _said(text: str, change: str) -> str:
    """Return the answer that is kept; a change that does not fit beside the words stands in
    ``new_value`` anyway.
    """
    if not change:
        return text
    by_value = labels.ANSWERED_BY_VALUE.format(moved=change)
    both = "\n".join(filter(None, (text, by_value)))
    return both if len(both) <= QUESTION_LENGTH else text
