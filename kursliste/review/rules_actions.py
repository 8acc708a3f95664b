"""What a coordinator does with the rules by which a district reviews."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.course import FIELD
from kursliste.domain.errors import ConflictError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, require
from kursliste.domain.plausibility import Notice
from kursliste.domain.triviality import CHOOSABLE
from kursliste.infrastructure import journal
from kursliste.models.masterdata import District
from kursliste.models.review import ReviewRules
from kursliste.review.rules import EffectiveRules, effective, stored_rules, version_of
from kursliste.web.notice_words import NOTICE_NAMES


def change_review_rules(
    session: Session,
    district: District,
    rules: EffectiveRules,
    *,
    seen_version: int,
    actor: Actor,
) -> bool:
    """Review by other rules from now on; False if they are those that hold.

    Raises ConflictError if somebody else changed them since ``seen_version`` (0: the shipped
    ones).
    """
    require(actor, Permission.LIST_CONFIGURE, district.scope)
    chosen = _locked(session, district)
    before = effective(chosen)
    if rules == before:
        return False
    if seen_version != version_of(chosen):
        raise ConflictError(_differences(rules, before))
    if chosen is None:
        chosen = ReviewRules(district_id=district.id)
        session.add(chosen)
    chosen.trivial_fields, chosen.ignored_notices = _fields(rules), _notices(rules)
    session.flush()  # the journal needs its id
    journal.record(
        session,
        JournalEvent.REVIEW_RULES_CHANGED,
        chosen,
        actor=actor,
        scope=chosen.scope,
        changes=_changes(before, rules),
    )
    return True


def _locked(session: Session, district: District) -> ReviewRules | None:
    """Return what the district chose. The lock is the district's: a first choice has no row yet."""
    session.execute(select(District.id).where(District.id == district.id).with_for_update())
    chosen = stored_rules(session, district.id)
    if chosen is not None:
        session.refresh(chosen)
    return chosen


def _fields(rules: EffectiveRules) -> tuple[str, ...]:
    return tuple(name for name in CHOOSABLE if name in rules.trivial)


def _notices(rules: EffectiveRules) -> tuple[str, ...]:
    return tuple(kind.value for kind in Notice if kind in rules.ignored)


def _changes(before: EffectiveRules, after: EffectiveRules) -> dict[str, tuple[object, object]]:
    pairs: dict[str, tuple[object, object]] = {
        "trivial_fields": (_fields(before), _fields(after)),
        "ignored_notices": (_notices(before), _notices(after)),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _differences(mine: EffectiveRules, stored: EffectiveRules) -> list[tuple[str, str, str]]:
    """Return only what differs: each field and notice with both answers."""
    fields = [name for name in CHOOSABLE if name in mine.trivial ^ stored.trivial]
    notices = [kind for kind in Notice if kind in mine.ignored ^ stored.ignored]
    return [
        *((f"Feld „{FIELD[name].heading}“", *_spared(name in mine.trivial)) for name in fields),
        *((f"Hinweis „{NOTICE_NAMES[kind]}“", *_shown(kind in mine.ignored)) for kind in notices),
    ]


def _spared(is_mine: bool) -> tuple[str, str]:  # noqa: FBT001 -- one of two answers
    words = ("ohne Einzelprüfung", "wird geprüft")
    return words if is_mine else words[::-1]


def _shown(is_ignored: bool) -> tuple[str, str]:  # noqa: FBT001 -- one of two answers
    words = ("wird nicht gezeigt", "wird gezeigt")
    return words if is_ignored else words[::-1]
