"""What providers told between two editions, so that nothing happens behind a coordinator's back."""

from sqlalchemy.orm import Session

from kursliste.domain.permissions import Actor, Permission, may
from kursliste.models.edition import Edition
from kursliste.models.interim import InterimUpdate
from kursliste.models.masterdata import CourseList
from kursliste.reporting.interim_queries import Published, current_entries


def updates_beside(session: Session, actor: Actor, course_list: CourseList) -> list[Published]:
    """Return the courses of the current edition that stand with newer values, newest word first.

    Empty for a list of a district that the actor does not coordinate.
    """
    if not may(actor, Permission.REPORT_REVIEW, course_list.district.scope):
        return []
    query = current_entries(Edition.course_list_id == course_list.id, InterimUpdate.id.is_not(None))
    found = [Published(*one) for one in session.execute(query)]
    counting = [
        (one.update.given_at, one.update.id, one) for one in found if one.update and one.given_on
    ]
    return [one for _at, _id, one in sorted(counting, key=lambda told: told[:2], reverse=True)]
