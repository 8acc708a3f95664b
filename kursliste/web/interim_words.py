"""What was told about a course between two editions, in words."""

from collections.abc import Mapping

from kursliste.domain.course import CourseStatus
from kursliste.web.languages import gettext as _

Facts = Mapping[str, object]
ALONE = frozenset({CourseStatus.CANCELLED, CourseStatus.ENDED})


def words_now(published: Facts, now: Facts, status: str) -> str:
    """Return what is different now: "0 frei, ausgebucht"; empty if nothing is.

    ``status`` is the word for the status as it is now.
    """
    free, state = now["seats_free"], now["status"]
    if state != published["status"] and state in ALONE:
        return status
    told = []
    if free is not None and free != published["seats_free"]:
        told.append(_("%(seats)s frei", seats=free))
    if state != published["status"]:
        told.append(status)
    return ", ".join(told)


def words_published(published: Facts, status: str) -> str:
    """Return seats and status as they were published: "3 frei, Anmeldung möglich"."""
    free = published["seats_free"]
    seats = _("Plätze auf Anfrage") if free is None else _("%(seats)s frei", seats=free)
    return f"{seats}, {status}" if status else seats
