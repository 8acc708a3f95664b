"""The preview of a month before it is published; never kept, and only for who may publish."""

from typing import Final

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Permission
from kursliste.layouts.month_preview import KINDS, month_file, month_page
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.context import current_actor, db_session

bp = Blueprint("month_preview", __name__)

MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "ics": "text/calendar; charset=utf-8",
}


@bp.get("/veroeffentlichung/<slug:district>/<month:month>/vorschau")
@requires(Permission.EDITION_PUBLISH)
def page(district: str, month: Month) -> ResponseReturnValue:
    """Show the page as readers will see it, with links to the files."""
    found = month_page(db_session(), current_actor(), district, month, codes())
    return render_template("catalogue/list.html", page=found, preview=KINDS)


@bp.get("/veroeffentlichung/<slug:district>/<month:month>/vorschau/<kind>")
@requires(Permission.EDITION_PUBLISH)
def file(district: str, month: Month, kind: str) -> ResponseReturnValue:
    """Hand out a file as it will be, marked as a preview."""
    if kind not in KINDS:
        raise NotFoundError(f"preview of {kind}")
    name, content = month_file(db_session(), current_actor(), district, month, codes(), kind)
    response = make_response(content)
    response.headers["Content-Type"] = MEDIA_TYPES[kind.rpartition(".")[2]]
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
