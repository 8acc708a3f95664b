"""Where a coordinator goes after a decision: on to the next report that waits."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from kursliste.models.report import Report
from kursliste.review import queries
from kursliste.web.context import current_actor, db_session


def go_on(found: Report, *, entschieden: int | None = None) -> ResponseReturnValue:
    """Go to the next report that waits after ``found``, or to the board."""
    place, month = found.district.slug, found.month
    following = queries.next_waiting(db_session(), current_actor(), found.round, after_id=found.id)
    if following is None:
        return redirect(
            url_for("review.board", district=place, monat=month, entschieden=entschieden)
        )
    return redirect(
        url_for(
            "review.report",
            district=place,
            month=month,
            report_id=following,
            entschieden=entschieden,
        )
    )
