"""The page on which a person's data are found in what was published, and taken out."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.erasure import wanted_from
from kursliste.domain.errors import RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.queries import coordinated_district
from kursliste.models.masterdata import District
from kursliste.publishing.blueprint import bp
from kursliste.publishing.erasing import Findings, findings
from kursliste.publishing.erasure_actions import erase_person
from kursliste.publishing.forms import EraseForm
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session, shelf


@bp.route("/veroeffentlichung/<slug:district>/angaben-entfernen", methods=["GET", "POST"])
@requires(Permission.PERSON_ERASE)
def erase(district: str) -> ResponseReturnValue:
    """Show where the texts stand; with the second button, take them out."""
    session, actor = db_session(), current_actor()
    found = coordinated_district(session, actor, district)
    form = EraseForm(request.form)
    if request.method == "GET":
        return _page(found, form, None, 200)
    is_good = form.validate()
    places: Findings | None = None
    try:
        wanted = wanted_from(form.texts.data or "")
        places = findings(session, found, wanted)
        if not is_good or "entfernen" not in request.form:
            return _page(found, form, places, 200 if is_good else 422)
        with transaction(session):
            names = erase_person(
                session, shelf(), found, wanted=wanted, reason=form.reason.data or "", actor=actor
            )
    except RuleViolationError as violation:
        form.show(violation)
        return _page(found, form, places, 422)
    where = f"aus {len(names)} {'Ausgabe' if len(names) == 1 else 'Ausgaben'}"
    flash(
        f"Die Angaben sind {where} entfernt." if names else "Die Angaben sind entfernt.", "success"
    )
    return redirect(url_for("publishing.erase", district=district))


def _page(
    district: District, form: EraseForm, places: Findings | None, status: int
) -> ResponseReturnValue:
    return render_template(
        "publishing/erase.html", district=district, form=form, places=places
    ), status
