"""Which month a preview shows."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kursliste.domain.report import ReportStatus
from kursliste.masterdata.queries import rounds_of
from kursliste.models.masterdata import CourseList
from kursliste.models.report import Report, Round

LOOKED_AT = 3
"""Newest rounds among which the fullest is shown: the current one may have hardly a report yet."""


def fullest_round_or_none(session: Session, course_list: CourseList) -> Round | None:
    """Return the newest rounds' one with the most approved reports, the newer one of equals.

    None if nothing is approved in any of them. Two statements, whatever the size of the list.
    """
    rounds = rounds_of(session, course_list)[:LOOKED_AT]
    counted = session.execute(
        select(Report.round_id, func.count())
        .where(
            Report.round_id.in_([asked.id for asked in rounds]),
            or_(Report.status == ReportStatus.APPROVED, Report.approved_version.has()),
        )
        .group_by(Report.round_id)
        .order_by(Report.round_id)
    )
    approved = {row[0]: row[1] for row in counted}
    found = [asked for asked in rounds if asked.id in approved]
    return max(found, key=lambda asked: int(approved[asked.id]), default=None)
