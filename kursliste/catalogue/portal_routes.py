"""What machines look for: rules for search engines, all addresses, the record for data portals."""

from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from flask import Response, make_response
from flask.typing import ResponseReturnValue

from kursliste.catalogue import queries
from kursliste.catalogue.blueprint import A_WHILE, ONE_DISTRICT, bp
from kursliste.catalogue.dcat import dataset
from kursliste.catalogue.graph import as_json_ld, as_rdf_xml
from kursliste.catalogue.outside_queries import published_months
from kursliste.domain.errors import NotFoundError
from kursliste.web.access import public
from kursliste.web.context import db_session
from kursliste.web.links import absolute

INSIDE: Final = (
    "/anmelden",
    "/abmelden",
    "/konto",
    "/meldungen",
    "/pruefung",
    "/veroeffentlichung",
    "/stammdaten",
    "/uebernahme",
    "/verwaltung",
)
FILTERED: Final = "/kurslisten/*?"
"""A list has more filters than a search engine has time; the whole list says it all."""

MONTHS: Final = 24
"""How far back search engines are led; older editions are linked from the archive."""

SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
FORMS: Final = {
    "jsonld": ("application/ld+json", as_json_ld),
    "rdf": ("application/rdf+xml", as_rdf_xml),
}


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Tell search engines what is not for them, and where all addresses stand."""
    refused = "\n".join(f"Disallow: {path}" for path in (*INSIDE, FILTERED))
    sitemap_at = absolute("catalogue.sitemap")
    return _answer(f"User-agent: *\n{refused}\n\nSitemap: {sitemap_at}\n".encode(), "text/plain")


@bp.get("/sitemap.xml")
@public
def sitemap() -> ResponseReturnValue:
    """Name every public page that search engines shall know, and when it changed."""
    ET.register_namespace("", SITEMAP)
    root = ET.Element(f"{{{SITEMAP}}}urlset")
    for address, changed in _pages():
        url = ET.SubElement(root, f"{{{SITEMAP}}}url")
        ET.SubElement(url, f"{{{SITEMAP}}}loc").text = address
        if changed:
            ET.SubElement(url, f"{{{SITEMAP}}}lastmod").text = changed
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return _answer(body, "application/xml")


def _pages() -> Iterator[tuple[str, str]]:
    """Address and day of the last change; the start page changes with every edition."""
    yield absolute("catalogue.start"), ""
    seen = set()
    for found in published_months(db_session(), most=MONTHS):
        slug, changed = found.district, found.published_at.isoformat(timespec="seconds")
        if slug in seen:
            one = {"month": found.month, "number": found.number}
            yield absolute("catalogue.edition", district=slug, **one), changed
            continue
        seen.add(slug)
        for endpoint in ("current", "providers", "archive"):
            yield absolute(f"catalogue.{endpoint}", district=slug), changed


@bp.get(f"{ONE_DISTRICT}/dcat.<ext>")
@public
def dataset_record(district: str, ext: str) -> ResponseReturnValue:
    """Describe the district's list for data portals (DCAT-AP.de)."""
    if ext not in FORMS:
        raise NotFoundError(f"record of {district} as {ext}")
    session = db_session()
    newest = queries.edition(session, queries.district_by_slug(session, district))
    media_type, write = FORMS[ext]
    return _answer(write(dataset(newest, newest.course_list.rhythm)), media_type)


def _answer(body: bytes, media_type: str) -> Response:
    response = make_response(body)
    response.headers["Content-Type"] = f"{media_type}; charset=utf-8"
    response.headers["Cache-Control"] = A_WHILE
    return response
