"""The shortlist (Merkliste), side by side and as a handout; nothing about a client is asked."""

from functools import cache
from typing import Final

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from kursliste.catalogue.blueprint import bp
from kursliste.catalogue.shortlist_page import ON_A_HANDOUT, Shortlist, handout_data, shortlist
from kursliste.domain.errors import NotFoundError
from kursliste.infrastructure import clock, counting, documents
from kursliste.settings import resource_dir
from kursliste.web.access import public
from kursliste.web.brake import Brake
from kursliste.web.context import db_session
from kursliste.web.languages import current_language
from kursliste.web.links import absolute
from kursliste.web.speaking import speaks

PRIVATE: Final = "private, no-store"
handouts: Final = Brake(60)
"""Handouts as PDF for one network and hour: a whole office may print, a program may not."""


def _marked(most: int | None = None) -> Shortlist:
    keys = request.args.getlist("kurs")
    return (
        shortlist(db_session(), keys) if most is None else shortlist(db_session(), keys, most=most)
    )


def _private(body: str) -> Response:
    response = make_response(body)
    response.headers["Cache-Control"] = PRIVATE
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/merkliste")
@public
@speaks
def marked() -> ResponseReturnValue:
    """Show marked courses side by side; without any, say how to mark one."""
    return _private(render_template("catalogue/shortlist.html", page=_marked()))


@bp.get("/handzettel")
@public
@speaks
def handout() -> ResponseReturnValue:
    """Show the handout of up to four courses, ready to be printed."""
    found = _marked(ON_A_HANDOUT)
    data = handout_data(found, _addresses(found), today=clock.today())
    return _private(render_template("catalogue/handout.html", page=found, data=data))


@bp.get("/handzettel.pdf")
@public
@speaks
def handout_file() -> ResponseReturnValue:
    """Hand out the same as PDF; each network gets so many an hour."""
    found = _marked(ON_A_HANDOUT)
    if not found.courses:
        raise NotFoundError("handout without courses")
    if handouts.holds(counting.network_of(request.remote_addr or "")):
        return _private(render_template("catalogue/handout_wait.html")), 429
    data = handout_data(found, _addresses(found), today=clock.today())
    made = documents.set_document(_template(), data, at=clock.now(), name="handout")
    response = make_response(documents.packed(made))
    response.headers["Content-Type"] = "application/pdf"
    name = f"handzettel-{current_language().code}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = PRIVATE
    return response


def _addresses(found: Shortlist) -> dict[str, str]:
    return {
        one.course_id: absolute("catalogue.course", course_id=one.course_id)
        for one in found.courses
    }


@cache
def _template() -> str:
    return (resource_dir("templates") / "catalogue" / "handout.typ").read_text(encoding="utf-8")
