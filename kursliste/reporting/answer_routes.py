"""What a provider says back: answers to questions, and to what the coordinator changed."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.correction import CorrectionStatus
from kursliste.domain.errors import ConflictError, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.domain.question import QuestionStatus
from kursliste.domain.report import EDITABLE
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure.database import transaction
from kursliste.models.question import Question
from kursliste.models.report import Report
from kursliste.reporting import actions, correction_actions, queries, question_actions
from kursliste.reporting.answer_forms import AnswerSheet, ObjectionForm
from kursliste.reporting.blueprint import bp, review_link
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.conflicts import both_versions
from kursliste.web.context import current_actor, db_session
from kursliste.web.links import absolute


@bp.route("/<key:report_id>/rueckfragen", methods=["GET", "POST"])
@requires(Permission.QUESTION_ANSWER)
def answers(report_id: int) -> ResponseReturnValue:
    """Show every open question of a report, and take all answers in one go."""
    found = queries.own_report(db_session(), current_actor(), report_id)
    asked = _open(found)
    if not asked:
        return redirect(url_for("reporting.report", report_id=report_id))
    return _answering(found, asked, is_last=True)


@bp.route("/<key:report_id>/rueckfragen/<key:question_id>", methods=["GET", "POST"])
@requires(Permission.QUESTION_ANSWER)
def answer(report_id: int, question_id: int) -> ResponseReturnValue:
    """Show one question with the field that it is about, and take the answer."""
    question = queries.own_question(db_session(), current_actor(), report_id, question_id)
    if request.method == "GET" and question.status is not QuestionStatus.OPEN:
        return render_template("reporting/answered.html", question=question)
    return _answering(question.report, [question], is_last=_open(question.report) == [question])


def _open(found: Report) -> list[Question]:
    return [one for one in found.questions if one.status is QuestionStatus.OPEN]


def _answering(found: Report, asked: Sequence[Question], *, is_last: bool) -> ResponseReturnValue:
    """Show or take answers; ``is_last``: no other question is left, so the report can go too."""
    session, actor = db_session(), current_actor()
    here = url_for("reporting.report", report_id=found.id)
    is_open = found.round.status is RoundStatus.OPEN and found.status in EDITABLE
    sheet = AnswerSheet(asked, request.form, codes(), may_change=is_open)
    if request.method == "POST" and sheet.validate():
        try:
            with transaction(session):
                done = question_actions.answer_questions(
                    session, found, sheet.answers(), actor=actor
                )
                if "submit" in request.form:
                    _submit(found)
        except ConflictError as conflict:
            return both_versions(conflict, sheet.versions())
        except RuleViolationError as violation:
            sheet.show(violation)
        else:
            flash(_told(len(done), len(_open(found)), is_sent="submit" in request.form), "success")
            return redirect(review_link(found) if _was_last_word(found) else here)
    page = render_template(
        "reporting/answer.html",
        report=found,
        sheet=sheet,
        may_submit=is_last and is_open,
        others=len(_open(found)) - len(asked),
    )
    return page, 422 if request.method == "POST" else 200


def _submit(found: Report) -> None:
    actions.submit_report(
        db_session(),
        found,
        actor=current_actor(),
        link=absolute("reporting.report", report_id=found.id),
        review_link=review_link(found),
        nil=found.is_nil and not queries.listed_rows(found),
    )


def _was_last_word(found: Report) -> bool:
    """Whether a coordinator sent the report for its provider: the word is used up then."""
    return current_actor().on_behalf is not None and found.status not in EDITABLE


def _told(done: int, left: int, *, is_sent: bool) -> str:
    saved = "Ihre Antwort ist gespeichert" if done == 1 else f"{done} Antworten sind gespeichert"
    if is_sent:
        return f"{saved}, und die Meldung ist wieder eingereicht."
    if left:
        return f"{saved}. Noch offen: {left}."
    return f"{saved}. Reichen Sie die Meldung wieder ein."


@bp.post("/<key:report_id>/berichtigungen/einverstanden")
@requires(Permission.CORRECTION_ANSWER)
def accept_all(report_id: int) -> ResponseReturnValue:
    """Agree to every change of the coordinator that is not answered yet."""
    session, actor = db_session(), current_actor()
    found = queries.own_report(session, actor, report_id)
    with transaction(session):
        correction_actions.accept_corrections(session, found, actor=actor)
    flash("Sie sind mit allen Änderungen einverstanden.", "success")
    return redirect(url_for("reporting.report", report_id=report_id))


@bp.post("/<key:report_id>/berichtigungen/<key:correction_id>/einverstanden")
@requires(Permission.CORRECTION_ANSWER)
def accept(report_id: int, correction_id: int) -> ResponseReturnValue:
    """Agree to one change."""
    session, actor = db_session(), current_actor()
    correction = queries.own_correction(session, actor, report_id, correction_id)
    with transaction(session):
        correction_actions.accept_correction(session, correction, actor=actor)
    flash("Sie sind mit der Änderung einverstanden.", "success")
    return redirect(url_for("reporting.report", report_id=report_id))


@bp.route(
    "/<key:report_id>/berichtigungen/<key:correction_id>/nicht-einverstanden",
    methods=["GET", "POST"],
)
@requires(Permission.CORRECTION_ANSWER)
def object_to(report_id: int, correction_id: int) -> ResponseReturnValue:
    """Show a change and take what is wrong with it."""
    session, actor = db_session(), current_actor()
    correction = queries.own_correction(session, actor, report_id, correction_id)
    here = url_for("reporting.report", report_id=report_id)
    if request.method == "GET" and correction.status is not CorrectionStatus.OPEN:
        return redirect(here)
    form = ObjectionForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            with transaction(session):
                correction_actions.object_to_correction(
                    session,
                    correction,
                    text=form.objection.data or "",
                    actor=actor,
                    review_link=review_link(correction.report),
                )
        except RuleViolationError as violation:
            form.show(violation)
        else:
            flash("Die Koordination hat Ihre Antwort bekommen. Sie meldet sich.", "success")
            return redirect(here)
    page = render_template("reporting/object.html", correction=correction, form=form)
    return page, 422 if request.method == "POST" else 200
