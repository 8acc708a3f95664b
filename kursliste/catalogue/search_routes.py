"""The search over all districts."""

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from kursliste.catalogue.blueprint import A_WHILE, bp
from kursliste.catalogue.map_page import map_places
from kursliste.catalogue.search_page import search_page
from kursliste.web.access import public
from kursliste.web.context import db_session
from kursliste.web.speaking import speaks


@bp.get("/suche")
@public
@speaks
def search() -> ResponseReturnValue:
    """Find courses in the current lists of all districts, or of those that were chosen."""
    page = search_page(db_session(), request.args.to_dict(flat=False))
    return render_template("catalogue/search.html", page=page)


@bp.get("/suche/orte.json")
@public
@speaks
def places() -> ResponseReturnValue:
    """Tell the map where the courses of a search are; the list is complete without it."""
    found = map_places(db_session(), request.args.to_dict(flat=False))
    response = jsonify(places=found.places, nowhere=found.nowhere, more=found.more, **found.lines)
    response.headers["Cache-Control"] = A_WHILE
    return response
