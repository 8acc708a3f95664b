"""Asking a provider: several questions in one form and one mail."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.course import FIELD
from kursliste.domain.errors import ConflictError, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.models.question import Question
from kursliste.models.report import Report
from kursliste.review import actions, queries
from kursliste.review.ask_forms import AskSheet
from kursliste.review.asking import Asking
from kursliste.review.blueprint import ONE_REPORT, bp
from kursliste.review.oddities import oddities
from kursliste.review.onward import go_on
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.context import current_actor, db_session
from kursliste.web.forms import number
from kursliste.web.links import absolute
from kursliste.web.notice_words import notice


@bp.route(f"{ONE_REPORT}/rueckfragen", methods=["GET", "POST"])
@requires(Permission.REPORT_REVIEW)
def ask(district: str, month: Month, report_id: int) -> ResponseReturnValue:
    """Ask about the report, courses, or fields: what was ticked (``?zu=``), or one link's aim."""
    session, actor = db_session(), current_actor()
    found = queries.reviewed_report(session, actor, district, month, report_id)
    if request.method == "GET":
        return _page(session, found, AskSheet(found, request.form, _aims(session, found)), 200)
    sheet = AskSheet(found, request.form)
    if "more" in request.form:
        return _page(session, found, sheet, 200)
    if not sheet.validate():
        return _page(session, found, sheet, 422)
    try:
        with transaction(session):
            asked = actions.ask_questions(
                session,
                found,
                sheet.askings(),
                actor=actor,
                link=lambda question: _answered_at(report_id, question),
                seen_version=sheet.seen_version,
            )
    except RuleViolationError as violation:
        sheet.show(violation)
        return _page(session, found, sheet, 422)
    except ConflictError as conflict:
        found = queries.reviewed_report(session, actor, district, month, report_id)
        sheet.version.data = str(found.version)
        return _page(session, found, sheet, 409, conflict)
    told = (
        "Ihre Rückfrage an {} ist gespeichert."
        if len(asked) == 1
        else "Ihre {1} Rückfragen an {0} sind gespeichert."
    )
    flash(told.format(found.provider.name, len(asked)), "success")
    here = url_for("review.report", district=district, month=month, report_id=report_id)
    return redirect(here) if "bleiben" in request.form else go_on(found)


def _answered_at(report_id: int, question: Question | None) -> str:
    if question is None:
        return absolute("reporting.answers", report_id=report_id)
    return absolute("reporting.answer", report_id=report_id, question_id=question.id)


def _aims(session: Session, found: Report) -> list[Asking]:
    """Return what the page begins with; something that is not in the report is left out.

    ``zu`` is ``row:field:notice``, each part but the first may be missing. From a notice the
    question takes its sentence.
    """
    ticked = [[*text.split(":", 2), "", ""][:3] for text in request.args.getlist("zu")]
    if "kurs" in request.args:
        ticked.append([request.args.get(name, "") for name in ("kurs", "feld", "hinweis")])
    odd = oddities(session, found.round, found.courses, codes()) if ticked else {}
    aims = []
    for key, attribute, name in ticked:
        row = queries.course_of(found, number(key))
        if row is None:
            continue
        said = [notice(one) for one in odd[row.id] if one.notice == name]
        text = f"{said[0]} Stimmt das?" if said else ""
        aims.append(Asking(text, row.id, attribute if attribute in FIELD else None))
    return aims


def _page(
    session: Session,
    found: Report,
    sheet: AskSheet,
    status: int,
    conflict: ConflictError | None = None,
) -> ResponseReturnValue:
    rows = {row.id: row for row in found.courses}
    page = render_template(
        "review/ask.html" if conflict is None else "review/ask_conflict.html",
        report=found,
        form=sheet,
        rows=rows,
        recipients=queries.recipients_of(session, found),
        conflicts=conflict.differences if conflict else (),
        reload_url=url_for(
            "review.report",
            district=found.district.slug,
            month=found.month,
            report_id=found.id,
        ),
    )
    return page, status
