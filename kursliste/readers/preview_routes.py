"""The mails about an edition, looked at before it is published."""

from flask import render_template
from flask.typing import ResponseReturnValue

from kursliste.domain.calendar import Month
from kursliste.domain.permissions import Permission
from kursliste.readers.blueprint import bp, links
from kursliste.readers.preview import preview as month_preview
from kursliste.web.access import requires
from kursliste.web.codes import codes
from kursliste.web.context import current_actor, db_session


@bp.get("/veroeffentlichung/<slug:district>/<month:month>/mail")
@requires(Permission.EDITION_PUBLISH)
def preview(district: str, month: Month) -> ResponseReturnValue:
    """Show what would be mailed, to how many, with which filter."""
    found = month_preview(db_session(), current_actor(), district, month, codes(), links())
    return render_template("readers/preview.html", preview=found)
