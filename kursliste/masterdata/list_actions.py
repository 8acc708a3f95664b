"""What a coordinator does with the rules of a standing list."""

from dataclasses import asdict

from sqlalchemy.orm import Session

from kursliste.domain.errors import ConflictError
from kursliste.domain.events import JournalEvent
from kursliste.domain.licence import Licence
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.domain.round import Rhythm, UnconfirmedRule
from kursliste.domain.schedule import ListSetup, check_setup
from kursliste.infrastructure import journal
from kursliste.models.masterdata import CourseList
from kursliste.web.labels import LICENCE, LIST_SETUP, RHYTHM, UNCONFIRMED_RULE, shown


def configure_list(
    session: Session,
    course_list: CourseList,
    setup: ListSetup,
    *,
    seen_version: int,
    actor: Actor,
) -> bool:
    """Change the rhythm, dates and reminders of a list; False if nothing changes.

    Raises RuleViolationError for a number out of its range or steps out of their order,
    ConflictError if somebody else changed the list since ``seen_version``.
    """
    require(actor, Permission.LIST_CONFIGURE, course_list.scope)
    session.refresh(course_list, with_for_update=True)
    changes = {
        name: (getattr(course_list, name), value)
        for name, value in asdict(setup).items()
        if getattr(course_list, name) != value
    }
    if not changes:
        return False
    if course_list.version != seen_version:
        raise ConflictError(
            [(LIST_SETUP[name], _told(mine), _told(old)) for name, (old, mine) in changes.items()]
        )
    check_setup(setup)
    for name, (_old, value) in changes.items():
        setattr(course_list, name, value)
    journal.record(
        session,
        JournalEvent.COURSE_LIST_CONFIGURED,
        course_list,
        actor=actor,
        scope=course_list.scope,
        changes=changes,
    )
    return True


def _told(value: object) -> str:
    match value:
        case Rhythm():
            return RHYTHM[value]
        case UnconfirmedRule():
            return UNCONFIRMED_RULE[value]
        case Licence():
            return LICENCE[value]
        case _:
            return shown(value)
