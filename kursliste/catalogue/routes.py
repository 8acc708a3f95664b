"""The pages for everybody: districts, lists, files, archive. Nothing here knows a report."""

from typing import Final

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.catalogue import (
    course_routes,
    embed_routes,
    outline_routes,
    portal_routes,
    provider_routes,
    queries,
    search_routes,
    shortlist_routes,
)
from kursliste.catalogue.blueprint import A_WHILE, FOR_EVER, bp
from kursliste.catalogue.current_files import is_of, lead_to, no_such_file
from kursliste.catalogue.feed import feed_of
from kursliste.catalogue.linked_data import canonical, structured_data
from kursliste.catalogue.list_page import WithdrawnEditionError, list_page
from kursliste.domain.calendar import Month
from kursliste.domain.errors import NotFoundError
from kursliste.models.edition import Edition
from kursliste.web import downloads
from kursliste.web.access import public
from kursliste.web.context import db_session, settings, shelf
from kursliste.web.downloads import Download
from kursliste.web.speaking import speak_of_failure, speaks

__all__ = [
    "bp",
    "course_routes",
    "embed_routes",
    "outline_routes",
    "portal_routes",
    "provider_routes",
    "search_routes",
    "shortlist_routes",
]

MEDIA_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "ics": "text/calendar; charset=utf-8",
}
ONE_EDITION: Final = "/kurslisten/<slug:district>/<month:month>/<key:number>"


@bp.get("/")
@public
@speaks
def start() -> ResponseReturnValue:
    """Say what this is, name the districts, and lead a search to the district it is meant for."""
    found = queries.districts(db_session())
    chosen = request.args.get("kreis")
    if chosen in {line.district.slug for line in found if line.edition}:
        sought = request.args.get("q", "").strip() or None
        return redirect(url_for("catalogue.current", district=chosen, q=sought))
    return render_template("catalogue/start.html", lines=found)


@bp.get("/kurslisten/<slug:district>")
@public
@speaks
def current(district: str) -> ResponseReturnValue:
    """Show a district's current edition, or say that there is none yet."""
    try:
        return _list(district)
    except NotFoundError:
        found = queries.district_by_slug(db_session(), district)
        return render_template("catalogue/nothing_yet.html", district=found)


@bp.get("/kurslisten/<slug:district>/<month:month>")
@public
@speaks
def month(district: str, month: Month) -> ResponseReturnValue:
    """Show the newest edition of a month that stands."""
    return _list(district, month)


@bp.get(ONE_EDITION)
@public
@speaks
def edition(district: str, month: Month, number: int) -> ResponseReturnValue:
    """Show one edition, also when it was replaced."""
    return _list(district, month, number)


def _list(
    district: str, month: Month | None = None, number: int | None = None
) -> ResponseReturnValue:
    arguments = request.args.to_dict(flat=False)
    try:
        page = list_page(db_session(), district, arguments, month=month, number=number)
    except WithdrawnEditionError as gone:
        return _withdrawn(gone.edition)
    is_whole = page.is_current and not page.search.arguments()
    return render_template(
        "catalogue/list.html",
        page=page,
        canonical=canonical(page),
        structured=structured_data(page) if is_whole else None,
        has_map=page.is_current,
        can_be_kept=month is None and settings().offline,
    )


def _withdrawn(edition: Edition) -> ResponseReturnValue:
    """Say in place of a page or a file that, when and why its edition was taken back."""
    speak_of_failure()
    return render_template("catalogue/withdrawn.html", edition=edition), 410


@bp.get(f"{ONE_EDITION}/<name>")
@public
def file(district: str, month: Month, number: int, name: str) -> ResponseReturnValue:
    """Hand out a published file: unchangeable, and known by its hash."""
    found = queries.file(db_session(), district, month, number, name)
    if found.edition.withdrawal is not None:
        return _withdrawn(found.edition)
    return downloads.answer(
        shelf(),
        Download(
            place=f"{found.edition.folder}/{found.name}",
            name=found.name,
            media_type=MEDIA_TYPES[found.name.rpartition(".")[2]],
            size=found.size,
            sha256=found.sha256,
            cache_control=FOR_EVER,
        ),
    )


@bp.get("/logo/<sha256>")
@public
def logo(sha256: str) -> ResponseReturnValue:
    """Hand out the logo of an edition; its address names its bytes."""
    found = queries.logo(db_session(), sha256)
    response = make_response(found.content)
    response.headers["Content-Type"] = found.media_type
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.set_etag(found.sha256)
    return response.make_conditional(request)


@bp.get("/kurslisten/<slug:district>/aktuell.<ext>")
@public
def current_file(district: str, ext: str) -> ResponseReturnValue:
    """Lead to the current edition's file: a permanent address for the district's website."""
    session = db_session()
    newest = queries.edition(session, queries.district_by_slug(session, district))
    found = next((f for f in newest.files if f.format == ext and not f.is_internal), None)
    if found is None or not is_of(found, "list"):
        return no_such_file(newest, ext, "list")
    return lead_to(newest, found)


@bp.get("/kurslisten/<slug:district>/ausgaben")
@public
@speaks
def archive(district: str) -> ResponseReturnValue:
    """List all editions of a district with their files."""
    session = db_session()
    found = queries.district_by_slug(session, district)
    editions = queries.archive(session, found)
    return render_template("catalogue/archive.html", district=found, editions=editions)


@bp.get("/kurslisten/<slug:district>/feed.atom")
@public
def feed(district: str) -> ResponseReturnValue:
    """Tell feed readers of each edition."""
    content = feed_of(db_session(), district, base_url=settings().base_url)
    response = make_response(content)
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    response.headers["Cache-Control"] = A_WHILE
    response.add_etag()
    return response.make_conditional(request)
