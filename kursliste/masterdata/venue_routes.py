"""Where a provider teaches: the pages of its list of venues."""

from flask import request, url_for
from flask.typing import ResponseReturnValue

from kursliste.domain.permissions import Permission
from kursliste.masterdata import house_actions, house_queries
from kursliste.masterdata.answering import answered, told_reach
from kursliste.masterdata.blueprint import bp
from kursliste.masterdata.forms import VenueForm
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session
from kursliste.web.forms import BaseForm


def _back(provider_id: int) -> str:
    return url_for("masterdata.provider", provider_id=provider_id, _anchor="kursorte")


@bp.route("/traeger/<key:provider_id>/kursorte/neu", methods=["GET", "POST"])
@requires(Permission.PROVIDER_MAINTAIN)
def add_venue(provider_id: int) -> ResponseReturnValue:
    """Add a venue."""
    session, actor = db_session(), current_actor()
    found = house_queries.maintained_provider(session, actor, provider_id)
    form = VenueForm(request.form)

    def save(_version: int) -> str:
        house_actions.add_venue(session, found, form.facts(), actor=actor)
        return "Der Kursort steht jetzt in der Liste."

    return answered("masterdata/venue_form.html", form, save, _back(provider_id), provider=found)


@bp.route("/traeger/<key:provider_id>/kursorte/<key:venue_id>", methods=["GET", "POST"])
@requires(Permission.PROVIDER_MAINTAIN)
def edit_venue(provider_id: int, venue_id: int) -> ResponseReturnValue:
    """Change a venue, and with it the courses there; the page says beforehand how many."""
    session, actor = db_session(), current_actor()
    found = house_queries.maintained_provider(session, actor, provider_id)
    venue = house_queries.venue_of(session, found, venue_id)
    reach = house_queries.reach_of(session, found.id, house_queries.repeats_venue(venue))
    form = VenueForm(request.form or None, obj=venue)

    def save(version: int) -> str:
        facts = form.facts()
        gone = house_actions.change_venue(session, venue, facts, seen_version=version, actor=actor)
        return told_reach("Der Kursort ist gespeichert.", gone, "die alte Anschrift")

    page, back = "masterdata/venue_form.html", _back(provider_id)
    return answered(page, form, save, back, thing=venue, provider=found, reach=reach)


@bp.route("/traeger/<key:provider_id>/kursorte/<key:venue_id>/loeschen", methods=["GET", "POST"])
@requires(Permission.PROVIDER_MAINTAIN)
def remove_venue(provider_id: int, venue_id: int) -> ResponseReturnValue:
    """Ask once, then take a venue out of the list."""
    session, actor = db_session(), current_actor()
    found = house_queries.maintained_provider(session, actor, provider_id)
    venue = house_queries.venue_of(session, found, venue_id)
    reach = house_queries.reach_of(session, found.id, house_queries.repeats_venue(venue))

    def save(_version: int) -> str:
        house_actions.remove_venue(session, venue, actor=actor)
        return "Der Kursort ist aus der Liste gelöscht."

    page, back = "masterdata/venue_remove.html", _back(provider_id)
    return answered(page, BaseForm(), save, back, thing=venue, provider=found, reach=reach)
