"""Making one provider out of two: choose the other one, see what moves, then do it."""

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.errors import ConflictError, RuleViolationError
from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.queries import coordinated_district
from kursliste.review import merging, provider_queries
from kursliste.review.blueprint import bp
from kursliste.review.handover_routes import ONE_PROVIDER
from kursliste.review.merging_actions import merge_providers
from kursliste.review.merging_forms import MergeForm, PartnerForm
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session
from kursliste.web.links import absolute

MOVED_ON: Final = (
    "Inzwischen hat sich bei einem der beiden Träger etwas geändert. Sehen Sie noch einmal nach, "
    "was umzieht. Noch ist nichts geschehen."
)


@bp.get(f"{ONE_PROVIDER}/zusammenfuehren")
@requires(Permission.PROVIDER_MERGE)
def choose_partner(district: str, provider_id: int) -> ResponseReturnValue:
    """Choose the provider of which this one becomes a part."""
    session, actor = db_session(), current_actor()
    home = coordinated_district(session, actor, district)
    old = provider_queries.reviewed_provider(session, actor, home, provider_id)
    if old.merged_into_id is not None:
        return redirect(url_for("review.provider", district=district, provider_id=provider_id))
    found = merging.partners(session, actor, old)
    form = PartnerForm(request.args).of(found)
    if "mit" in request.args and form.validate():
        return redirect(
            url_for(
                "review.merge",
                district=district,
                provider_id=provider_id,
                survivor_id=form.mit.data,
            )
        )
    page = render_template(
        "review/merge_choose.html",
        district=home,
        old=old,
        form=form,
        partners=found,
    )
    return page, 422 if form.errors else 200


@bp.route(f"{ONE_PROVIDER}/zusammenfuehren/<key:survivor_id>", methods=["GET", "POST"])
@requires(Permission.PROVIDER_MERGE)
def merge(district: str, provider_id: int, survivor_id: int) -> ResponseReturnValue:
    """Show what would move and what stands in the way; move it once that is confirmed."""
    session, actor = db_session(), current_actor()
    home = coordinated_district(session, actor, district)
    old = provider_queries.reviewed_provider(session, actor, home, provider_id)
    if old.merged_into_id is not None:
        return redirect(url_for("review.provider", district=district, provider_id=provider_id))
    survivor = merging.partner(session, actor, old, survivor_id)
    form = MergeForm(request.form)
    status = 200
    if request.method == "POST" and form.validate():
        try:
            with transaction(session):
                merge_providers(
                    session,
                    old,
                    survivor,
                    seal=form.seal.data or "",
                    link=absolute("reporting.own_reports"),
                    actor=actor,
                )
        except ConflictError:
            form.form_errors.append(MOVED_ON)
            status = 409
        except RuleViolationError as violation:
            form.show(violation)
            status = 422
        else:
            flash(f"{old.name} ist jetzt ein Teil von {survivor.name}.", "success")
            return redirect(url_for("review.provider", district=district, provider_id=survivor_id))
    plan = merging.merge_plan(session, actor, old, survivor)
    page = render_template("review/merge.html", district=home, plan=plan, form=form)
    return page, status
