"""The list for an iframe on another website, its script, and the page that gives the lines."""

from typing import Final

from flask import current_app, make_response, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from kursliste.catalogue import queries
from kursliste.catalogue.blueprint import ONE_DISTRICT, bp
from kursliste.catalogue.embed_page import address_of, snippet, title_of
from kursliste.catalogue.list_page import list_page
from kursliste.domain.errors import NotFoundError
from kursliste.web.access import public
from kursliste.web.context import db_session
from kursliste.web.languages import GERMAN, LANGUAGES, PARAMETER
from kursliste.web.links import absolute
from kursliste.web.security import EMBEDDED, EMBEDDING
from kursliste.web.speaking import speaks_when_asked

SCRIPT: Final = "einbetten.js"
A_DAY_S: Final = 86_400
A_MINUTE: Final = "public, max-age=60"
NOT_INDEXED: Final = "noindex"


@bp.get("/einbetten/<slug:district>")
@public
@speaks_when_asked
def embedded(district: str) -> ResponseReturnValue:
    """Show a district's list without anything around it; no cookie is read or set."""
    arguments = request.args.to_dict(flat=False)
    try:
        page = list_page(db_session(), district, arguments)
    except NotFoundError:
        body, status = render_template("catalogue/embedded_empty.html"), 404
    else:
        here = url_for("catalogue.embedded", district=district)
        body = render_template(
            "catalogue/list.html", page=page, frame="catalogue/embedded.html", embedded_at=here
        )
        status = 200
    response = make_response(body, status)
    response.headers["Content-Security-Policy"] = EMBEDDED
    response.headers["Cache-Control"] = A_MINUTE
    response.headers["X-Robots-Tag"] = NOT_INDEXED
    return response


@bp.get(f"/{SCRIPT}")
@public
def embed_script() -> ResponseReturnValue:
    """Hand out the script that websites load; any of them may."""
    folder = current_app.static_folder or ""
    response = send_from_directory(folder, SCRIPT, max_age=A_DAY_S, conditional=True)
    response.headers["Content-Security-Policy"] = EMBEDDED
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = f"public, max-age={A_DAY_S}"
    return response


@bp.get(f"{ONE_DISTRICT}/einbinden")
@public
def embed_help(district: str) -> ResponseReturnValue:
    """Give the lines that put this list, with chosen filters, into another website."""
    try:
        page = list_page(db_session(), district, request.args.to_dict(flat=False))
    except NotFoundError:
        found = queries.district_by_slug(db_session(), district)
        return render_template("catalogue/nothing_yet.html", district=found)
    asked = request.args.get(PARAMETER, GERMAN)
    language = asked if asked in LANGUAGES else GERMAN
    lines = snippet(
        page,
        language=language,
        frame_url=absolute("catalogue.embedded", district=district),
        script_url=absolute("catalogue.embed_script"),
    )
    address = url_for("catalogue.embedded", district=district)
    response = make_response(
        render_template(
            "catalogue/embed_help.html",
            page=page,
            snippet=lines,
            preview=address_of(page, address, language),
            languages=LANGUAGES.values(),
            language=language,
            preview_title=title_of(page),
        )
    )
    response.headers["Content-Security-Policy"] = EMBEDDING
    response.headers["X-Robots-Tag"] = NOT_INDEXED
    return response
