"""One form, one answer. What is answered stays in the request: it is not stored or logged, and no
address holds it.
"""

from typing import Final

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from kursliste.catalogue.known import known_districts
from kursliste.matching.forms import MatchForm
from kursliste.matching.page import chosen_districts, match_page
from kursliste.web.access import public
from kursliste.web.context import db_session
from kursliste.web.speaking import speaks

__all__ = ["bp"]

bp: Final = Blueprint("matching", __name__)
POSTCODE: Final = 5


@bp.route("/kurs-finden", methods=["GET", "POST"])
@public
@speaks
def match() -> ResponseReturnValue:
    """Ask for the situation, and answer a sent form with the courses that fit."""
    session = db_session()
    form = MatchForm(request.form)
    form.word(list(known_districts(session)))
    page = None
    if request.method == "POST" and form.validate():
        postcode = form.plz.data or ""
        is_postcode = len(postcode) == POSTCODE and postcode.isascii() and postcode.isdigit()
        districts = chosen_districts(session, [form.kreis.data or ""])
        page = match_page(session, form.situation, districts, postcode if is_postcode else "")
    response = make_response(render_template("matching/match.html", form=form, page=page))
    response.headers["Cache-Control"] = "private, no-store"
    return response
