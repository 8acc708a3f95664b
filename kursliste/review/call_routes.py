"""The call list: whom to telephone when mails did not help, and which addresses to mend."""

from flask import render_template
from flask.typing import ResponseReturnValue

from kursliste.domain.calendar import Month
from kursliste.domain.permissions import Permission
from kursliste.masterdata.queries import coordinated_district, list_of, round_of
from kursliste.reporting.call_list import addresses_to_check, call_list
from kursliste.review.blueprint import bp
from kursliste.web.access import requires
from kursliste.web.context import current_actor, db_session


@bp.get("/pruefung/<slug:district>/<month:month>/anrufliste")
@requires(Permission.REPORT_REVIEW)
def calls(district: str, month: Month) -> ResponseReturnValue:
    """Show whose report is missing, with telephone numbers and the mails that went."""
    session, actor = db_session(), current_actor()
    found = coordinated_district(session, actor, district)
    asked = round_of(session, list_of(session, found), month)
    return render_template(
        "review/calls.html",
        district=found,
        month=month,
        to_call=call_list(session, actor, found, asked),
        to_check=addresses_to_check(session, actor, found),
    )
