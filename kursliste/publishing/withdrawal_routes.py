"""The page on which an edition is taken back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.calendar import Month
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.models.edition import Edition
from kursliste.publishing import queries
from kursliste.publishing.blueprint import bp
from kursliste.publishing.forms import WithdrawForm
from kursliste.publishing.withdrawal_actions import withdraw_edition
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session

ADDRESS = "/veroeffentlichung/<slug:district>/<month:month>/<key:number>/zurueckziehen"


@bp.route(ADDRESS, methods=["GET", "POST"])
@requires(Permission.EDITION_WITHDRAW)
def withdraw(district: str, month: Month, number: int) -> ResponseReturnValue:
    """Ask why an edition is taken back, and take it back."""
    session, actor = db_session(), current_actor()
    edition = queries.edition_of(session, actor, district, month, number)
    form = WithdrawForm(request.form)
    if request.method == "GET":
        return _page(edition, form, 200)
    if not form.validate():
        return _page(edition, form, 422)
    try:
        with transaction(session):
            withdraw_edition(session, edition, reason=form.reason.data or "", actor=actor)
    except RuleViolationError as violation:
        form.show(violation)
        session.expire_all()
        return _page(edition, form, 409 if violation.rule is Rule.EDITION_WITHDRAWN else 422)
    flash(f"Die Ausgabe {edition.name} ist zurückgezogen.", "success")
    return redirect(url_for("publishing.checklist", district=district, month=month))


def _page(edition: Edition, form: WithdrawForm, status: int) -> ResponseReturnValue:
    following = queries.current_without(db_session(), edition)
    return render_template(
        "publishing/withdraw.html", edition=edition, form=form, next=following
    ), status
