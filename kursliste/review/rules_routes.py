"""The page on which a district says how it reviews."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.errors import ConflictError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.queries import coordinated_district
from kursliste.models.masterdata import District
from kursliste.review import rules_actions
from kursliste.review.rules import SHIPPED, effective, stored_rules, version_of
from kursliste.review.rules_form import RulesForm
from kursliste.web.access import requires
from kursliste.web.conflicts import both_versions
from kursliste.web.context import current_actor, db_session

bp = Blueprint("review_rules", __name__, url_prefix="/stammdaten/kreise/<slug:district>/pruefung")


@bp.get("")
@requires(Permission.LIST_CONFIGURE)
def rules(district: str) -> ResponseReturnValue:
    """Show which notices a district sees and which fields it counts as trivial."""
    session = db_session()
    found = coordinated_district(session, current_actor(), district)
    chosen = stored_rules(session, found.id)
    return _page(found, RulesForm.of(effective(chosen), version_of(chosen)))


@bp.post("")
@requires(Permission.LIST_CONFIGURE)
def change(district: str) -> ResponseReturnValue:
    """Change the rules; with ``shipped`` go back to those that are shipped."""
    session = db_session()
    found = coordinated_district(session, current_actor(), district)
    form = RulesForm(request.form)
    if not form.validate():
        return _page(found, form, 422)
    try:
        with transaction(session):
            is_changed = rules_actions.change_review_rules(
                session,
                found,
                SHIPPED if "shipped" in request.form else form.rules,
                seen_version=form.seen_version,
                actor=current_actor(),
            )
    except ConflictError as conflict:
        version = version_of(stored_rules(session, found.id))
        here = url_for("review_rules.rules", district=district)
        return both_versions(conflict, {"version": version}, action=here)
    flash(
        "Die Regeln sind gespeichert. Sie gelten ab sofort."
        if is_changed
        else "Es hat sich nichts geändert.",
        "success",
    )
    return redirect(url_for("review_rules.rules", district=district))


def _page(found: District, form: RulesForm, status: int = 200) -> ResponseReturnValue:
    return render_template("review/rules.html", district=found, form=form), status
