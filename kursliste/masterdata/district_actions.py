"""Changing a district: its name, its Land, who publishes its lists."""

from sqlalchemy.orm import Session

from kursliste.domain.district import DistrictFacts
from kursliste.domain.errors import ConflictError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.infrastructure import journal
from kursliste.masterdata.district_changes import district_changes
from kursliste.models.masterdata import District
from kursliste.web.code_words import DISTRICT_FIELDS, told_value


def change_district(
    session: Session, district: District, facts: DistrictFacts, *, seen_version: int, actor: Actor
) -> bool:
    """Change what is said of a district; False if nothing changes.

    Editions keep the names that they have. Raises RuleViolationError for no name and for a Land
    that the AGS contradicts, ConflictError if somebody else changed it since ``seen_version``.
    """
    require(actor, Permission.DISTRICT_EDIT, Scope())
    session.refresh(district, with_for_update=True)
    changes = district_changes(district, facts)
    if not changes:
        return False
    if district.version != seen_version:
        raise ConflictError(
            [
                (DISTRICT_FIELDS[name], told_value(name, mine), told_value(name, old))
                for name, (old, mine) in changes.items()
            ]
        )
    for name, (_, value) in changes.items():
        setattr(district, name, value)
    journal.record(
        session,
        JournalEvent.DISTRICT_CHANGED,
        district,
        actor=actor,
        scope=district.scope,
        changes=changes,
    )
    return True
