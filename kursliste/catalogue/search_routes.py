"""The search over all districts."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kursliste.catalogue.blueprint import bp
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
