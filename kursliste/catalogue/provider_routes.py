"""The provider list of a district: its page, and addresses of its files that stay."""

from flask import render_template
from flask.typing import ResponseReturnValue

from kursliste.catalogue import queries
from kursliste.catalogue.blueprint import ONE_DISTRICT, bp
from kursliste.catalogue.current_files import lead_to, no_such_file
from kursliste.catalogue.provider_page import ending, provider_files, provider_page
from kursliste.web.access import public
from kursliste.web.context import db_session
from kursliste.web.speaking import speaks


@bp.get(f"{ONE_DISTRICT}/traeger")
@public
@speaks
def providers(district: str) -> ResponseReturnValue:
    """Show who offers courses in a district: addresses, places, hours, contacts, courses now."""
    return render_template("catalogue/providers.html", page=provider_page(db_session(), district))


@bp.get(f"{ONE_DISTRICT}/traeger.<ext>")
@public
def provider_file(district: str, ext: str) -> ResponseReturnValue:
    """Lead to a file of the current provider list."""
    session = db_session()
    newest = queries.edition(session, queries.district_by_slug(session, district))
    found = next((file for file in provider_files(newest) if ending(file) == ext), None)
    if found is None:
        return no_such_file(newest, ext, "providers")
    return lead_to(newest, found)
