"""Providers that probably stand twice: make one out of them, or say that they are two."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.permissions import Permission
from kursliste.infrastructure.database import transaction
from kursliste.masterdata.queries import coordinated_district
from kursliste.review.blueprint import bp
from kursliste.review.handover_routes import ONE_PROVIDER
from kursliste.review.provider_queries import reviewed_provider
from kursliste.review.twice import probably_twice
from kursliste.review.twice_actions import tell_apart
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session


@bp.get("/pruefung/<slug:district>/doppelte")
@requires(Permission.PROVIDER_MERGE)
def twice(district: str) -> ResponseReturnValue:
    """Show which providers of a district may be one."""
    session, actor = db_session(), current_actor()
    home = coordinated_district(session, actor, district)
    pairs = probably_twice(session, actor, home)
    return render_template("review/twice.html", district=home, pairs=pairs)


@bp.post(f"{ONE_PROVIDER}/nicht-doppelt/<key:survivor_id>")
@requires(Permission.PROVIDER_MERGE)
def apart(district: str, provider_id: int, survivor_id: int) -> ResponseReturnValue:
    """Say that two providers are two; they are not proposed again."""
    session, actor = db_session(), current_actor()
    home = coordinated_district(session, actor, district)
    one = reviewed_provider(session, actor, home, provider_id)
    other = reviewed_provider(session, actor, home, survivor_id)
    if one.id != other.id:
        with transaction(session):
            tell_apart(session, home, one, other, actor=actor)
        flash(f"{one.name} und {other.name} werden nicht mehr vorgeschlagen.", "success")
    return redirect(url_for("review.twice", district=district))
