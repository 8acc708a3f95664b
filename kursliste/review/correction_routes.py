"""Mending a course for its provider, and putting an objection away."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField

from kursliste.domain.calendar import Month
from kursliste.domain.correction import check_correctable
from kursliste.domain.errors import ConflictError, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.house_queries import lists_of
from kursliste.reporting.listed import bound_course_form
from kursliste.review import correction_actions, queries
from kursliste.review.blueprint import ONE_REPORT, bp
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.conflicts import both_versions
from kursliste.web.context import current_actor, db_session
from kursliste.web.forms import BaseForm
from kursliste.web.links import absolute


class ReasonForm(BaseForm):
    """Why the coordinator changes something."""

    reason = StringField(
        "Warum?", description="Der Träger liest das, zum Beispiel „laut Ihrer Internetseite“."
    )


@bp.route(f"{ONE_REPORT}/kurse/<key:row_id>/berichtigen", methods=["GET", "POST"])
@requires(Permission.REPORT_REVIEW)
def correct(district: str, month: Month, report_id: int, row_id: int) -> ResponseReturnValue:
    """Change a course in a report that lies with the coordinator."""
    session, actor = db_session(), current_actor()
    found = queries.reviewed_report(session, actor, district, month, report_id)
    row = queries.reviewed_row(found, row_id)
    check_correctable(found.status)
    lists = lists_of(session, found.provider)
    offered = codes().offered(month, row.course_type)
    form = bound_course_form(offered, request.form, row.facts(), lists, row)
    why = ReasonForm(request.form)
    version = request.form.get("version", row.version, type=int)
    if request.method == "POST" and form.validate() and why.validate():
        try:
            with transaction(session):
                made = correction_actions.correct_course(
                    session,
                    row,
                    form.facts(),
                    reason=why.reason.data or "",
                    seen_version=version,
                    actor=actor,
                    link=absolute("reporting.report", report_id=report_id),
                )
        except ConflictError as conflict:
            return both_versions(conflict, {"version": row.version})
        except RuleViolationError as violation:
            (why if violation.field == "reason" else form).show(violation)
        else:
            flash(_told(row.title, len(made)), "success")
            here = url_for("review.report", district=district, month=month, report_id=report_id)
            return redirect(f"{here}#kurs-{row_id}")
    page = render_template(
        "review/correct.html",
        report=found,
        row=row,
        form=form,
        why=why,
        mistakes=[(f"Warum? {error}", "#reason") for error in why.reason.errors],
        version=version,
        recipients=queries.recipients_of(session, found),
    )
    return page, 422 if request.method == "POST" else 200


def _told(title: str, count: int) -> str:
    what = "eine Angabe" if count == 1 else f"{count} Angaben"
    return f"Berichtigt: {title}, {what}. Die Bestätigung des Trägers bleibt, wie sie war."


@bp.post(f"{ONE_REPORT}/berichtigungen/<key:correction_id>/erledigt")
@requires(Permission.REPORT_REVIEW)
def settle(district: str, month: Month, report_id: int, correction_id: int) -> ResponseReturnValue:
    """Mark an objection as dealt with."""
    session, actor = db_session(), current_actor()
    found = queries.reviewed_report(session, actor, district, month, report_id)
    correction = queries.reviewed_correction(session, found, correction_id)
    with transaction(session):
        correction_actions.settle_objection(session, correction, actor=actor)
    flash("Der Widerspruch ist erledigt.", "success")
    return redirect(url_for("review.report", district=district, month=month, report_id=report_id))
