"""Courses that came into the last report after this one was begun: fetched, not lost."""

from sqlalchemy.orm import Session

from kursliste.domain.course import CourseStatus
from kursliste.domain.errors import NotFoundError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.domain.prefill import carried_over
from kursliste.masterdata.linking import renew_words
from kursliste.models.report import Report, ReportedCourse
from kursliste.reporting import editing, interim_queries, queries


def adopt_course(
    session: Session, report: Report, course_id: str, *, actor: Actor, is_ended: bool = False
) -> ReportedCourse:
    """Take a course of the provider's last report into this one, as a prefill would have.

    With ``is_ended`` the provider says that it is over: it leaves the list. Raises NotFoundError
    for a course that is not offered (any more), RuleViolationError if the report is not editable.
    """
    require(actor, Permission.REPORT_EDIT, report.scope)
    editing.editable(session, report)
    late = queries.late_courses(report, queries.rows_before(session, report))
    before = next((row for row in late if row.course_id == course_id), None)
    if before is None:
        raise NotFoundError(f"course {course_id} to adopt into report {report.id}")
    position = max((row.position for row in report.courses), default=0) + 1
    row = ReportedCourse(course_id=course_id, position=position)
    [(_key, facts)] = interim_queries.facts_now(session, [before])
    changes = row.take(carried_over(facts))
    row.venue_id, row.contact_id = before.venue_id, before.contact_id
    renew_words(session, report.provider, [row])
    if is_ended:
        changes |= row.take({"status": CourseStatus.ENDED})
    report.courses.append(row)
    session.flush()  # the journal needs its key
    editing.record(session, JournalEvent.COURSE_ADOPTED, row, actor, changes=changes)
    return row
