"""The outline of a district as GeoJSON: one address that stays, and one that names its content."""

from flask import jsonify, request, url_for
from flask.typing import ResponseReturnValue

from kursliste.catalogue.blueprint import FOR_EVER, ONE_DISTRICT, bp
from kursliste.catalogue.current_files import for_a_while
from kursliste.catalogue.outlines import drawn_district, geojson
from kursliste.web.access import public
from kursliste.web.context import db_session

MEDIA_TYPE = "application/geo+json"


@bp.get(f"{ONE_DISTRICT}/umriss.geojson")
@public
def outline(district: str) -> ResponseReturnValue:
    """Lead to the outline as it is loaded now."""
    found = drawn_district(db_session(), district)
    return _lead_to(found.slug, found.version)


@bp.get(f"{ONE_DISTRICT}/umriss/<version>.geojson")
@public
def outline_version(district: str, version: str) -> ResponseReturnValue:
    """Hand out an outline for ever; lead from one that was replaced to the one that stands."""
    session = db_session()
    found = drawn_district(session, district)
    if version != found.version:
        return _lead_to(found.slug, found.version)
    response = jsonify(geojson(session, found))
    response.headers["Content-Type"] = MEDIA_TYPE
    response.headers["Cache-Control"] = FOR_EVER
    response.add_etag()
    return response.make_conditional(request)


def _lead_to(slug: str, version: str) -> ResponseReturnValue:
    address = url_for("catalogue.outline_version", district=slug, version=version)
    return for_a_while(address)
