"""Typing a provider's report for it: first with whom the coordinator spoke, how, and when."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.calendar import Month
from kursliste.domain.course import ConfirmedHow
from kursliste.domain.errors import RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.domain.statement import TAKEN_IN
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.review import actions, queries
from kursliste.review.blueprint import ONE_REPORT, bp
from kursliste.review.forms import StatementForm
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session


@bp.route(f"{ONE_REPORT}/auskunft", methods=["GET", "POST"])
@requires(Permission.STATEMENT_TAKE)
def take_statement(district: str, month: Month, report_id: int) -> ResponseReturnValue:
    """Note the provider's word, then go on in the provider's own pages."""
    session, actor = db_session(), current_actor()
    found = queries.reviewed_report(session, actor, district, month, report_id)
    if request.method == "GET" and found.status not in TAKEN_IN:
        return redirect(_report_url(district, month, report_id))
    form = StatementForm(request.form, told_on=clock.today())
    if request.method == "POST" and form.validate() and form.told_on.data is not None:
        try:
            with transaction(session):
                actions.take_statement(
                    session,
                    found,
                    told_by=form.told_by.data or "",
                    how=ConfirmedHow(form.how.data),
                    told_on=form.told_on.data,
                    actor=actor,
                )
        except RuleViolationError as violation:
            form.show(violation)
        else:
            return redirect(url_for("reporting.report", report_id=report_id))
    page = render_template("review/statement.html", report=found, form=form)
    return page, 422 if request.method == "POST" else 200


@bp.post(f"{ONE_REPORT}/auskunft/beenden")
@requires(Permission.STATEMENT_TAKE)
def end_statement(district: str, month: Month, report_id: int) -> ResponseReturnValue:
    """Stop typing for the provider; the draft stays."""
    session, actor = db_session(), current_actor()
    found = queries.reviewed_report(session, actor, district, month, report_id)
    with transaction(session):
        actions.end_statement(session, found, actor=actor)
    flash("Beendet. Was Sie eingetragen haben, bleibt gespeichert.", "success")
    return redirect(_report_url(district, month, report_id))


def _report_url(district: str, month: Month, report_id: int) -> str:
    return url_for("review.report", district=district, month=month, report_id=report_id)
