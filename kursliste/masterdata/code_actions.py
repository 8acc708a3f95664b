"""What an administrator does with the code tables; frozen editions keep the words they have."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kursliste.domain.course_type import LENGTHS, TypeFacts
from kursliste.domain.errors import ConflictError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.words import compared
from kursliste.infrastructure import journal, search_rows
from kursliste.masterdata import code_changes, code_queries
from kursliste.masterdata.code_changes import Changes, StatusFacts
from kursliste.masterdata.code_queries import COURSE_TYPE, LEVEL, STATUS
from kursliste.masterdata.code_tables import is_shipped
from kursliste.models.codes import Alias, CourseType, Level, StatusWords
from kursliste.web.code_words import TYPE_FIELDS, told_value

NOWHERE: Final = Scope()


def add_course_type(session: Session, code: str, facts: TypeFacts, *, actor: Actor) -> CourseType:
    """Add a course type; forms of reports offer it in the months in which it holds.

    Raises RuleViolationError for a code that is malformed or taken, a name that stands for another
    type, and what ``domain.course_type.check_type`` refuses.
    """
    require(actor, Permission.CODES_EDIT, NOWHERE)
    said = code_changes.new_type_changes(session, code, facts)
    added = CourseType(**{name: value for name, (_, value) in said.items()})
    session.add(added)
    session.flush()  # the journal needs its version
    event, shown = JournalEvent.COURSE_TYPE_ADDED, _for_journal(said)
    _record(session, event, added, actor, changes=shown, course_type=added.label)
    return added


def change_course_type(
    session: Session, found: CourseType, facts: TypeFacts, *, seen_version: int, actor: Actor
) -> bool:
    """Change what is said of a course type; False if nothing changes.

    Under its old name imports and tables that somebody downloaded know it all the same. Raises
    RuleViolationError as :func:`add_course_type` does, ConflictError if somebody else changed it
    since ``seen_version``.
    """
    require(actor, Permission.CODES_EDIT, NOWHERE)
    session.refresh(found, with_for_update=True)
    before = found.label
    changes = code_changes.type_changes(session, found, facts)
    if not _take_over(found, changes, seen_version, code_queries.labels_of(session, LEVEL)):
        return False
    session.flush()  # the old name is looked up among the new ones
    _remember(session, COURSE_TYPE, found.code, before)
    event, shown = JournalEvent.COURSE_TYPE_CHANGED, _for_journal(changes)
    _record(session, event, found, actor, changes=shown, course_type=before)
    return True


def remove_course_type(session: Session, found: CourseType, *, actor: Actor) -> None:
    """Delete a type that somebody added by mistake, with its words.

    Raises RuleViolationError (COURSE_TYPE_IN_USE) for one that any course has or had, and for a
    shipped one: the next version would bring it back.
    """
    require(actor, Permission.CODES_EDIT, NOWHERE)
    session.refresh(found, with_for_update=True)
    if is_shipped(found) or code_queries.is_used(session, found.code):
        raise RuleViolationError(Rule.COURSE_TYPE_IN_USE)
    session.execute(delete(Alias).where(Alias.kind == COURSE_TYPE, Alias.meaning == found.code))
    event = JournalEvent.COURSE_TYPE_REMOVED
    _record(session, event, found, actor, course_type=found.label)
    session.delete(found)


def change_level(
    session: Session, found: Level, label: str, *, seen_version: int, actor: Actor
) -> bool:
    """Change how a level is called; its rank stays. False if nothing changes.

    Raises RuleViolationError for no name or one of another level, ConflictError if somebody else
    changed it since ``seen_version``.
    """
    require(actor, Permission.CODES_EDIT, NOWHERE)
    session.refresh(found, with_for_update=True)
    changes = code_changes.level_changes(session, found, label)
    if not _take_over(found, changes, seen_version):
        return False
    event = JournalEvent.LEVEL_CHANGED
    _record(session, event, found, actor, changes=_for_journal(changes), level=found.code)
    return True


def change_status_words(
    session: Session, found: StatusWords, facts: StatusFacts, *, seen_version: int, actor: Actor
) -> bool:
    """Change the words of a status; what it means stays. False if nothing changes.

    Raises RuleViolationError for missing words or those of another status, ConflictError if
    somebody else changed them since ``seen_version``.
    """
    require(actor, Permission.CODES_EDIT, NOWHERE)
    session.refresh(found, with_for_update=True)
    before = found.label
    changes = code_changes.status_changes(session, found, facts)
    if not _take_over(found, changes, seen_version):
        return False
    session.flush()  # the old name is looked up among the new ones
    _remember(session, STATUS, found.code.value, before)
    event, shown = JournalEvent.STATUS_WORDS_CHANGED, _for_journal(changes)
    _record(session, event, found, actor, changes=shown, status=before)
    return True


def add_word(
    session: Session, kind: str, found: CourseType | StatusWords, text: str, *, actor: Actor
) -> Alias:
    """Let imports know a type or a status by one more word; search knows that of a type too.

    Raises RuleViolationError for no word, a too long one, and one that is known already.
    """
    require(actor, Permission.CODES_EDIT, NOWHERE)
    word = code_changes.check_word(session, kind, str(found.id), text)
    added = _keep(session, kind, str(found.id), word)
    session.flush()  # the journal needs its id
    if kind == COURSE_TYPE:
        search_rows.find_also_by(session, str(found.id), word)
    event = JournalEvent.WORD_ADDED
    _record(session, event, added, actor, word=word, meaning=found.label)
    return added


def remove_word(session: Session, alias: Alias, *, actor: Actor) -> None:
    """Let imports forget a word, in all its spellings that they read alike.

    In search it is found until the list's next edition.
    """
    require(actor, Permission.CODES_EDIT, NOWHERE)
    label = code_queries.labels_of(session, alias.kind)[alias.meaning]
    event = JournalEvent.WORD_REMOVED
    _record(session, event, alias, actor, word=alias.alias, meaning=label)
    same = compared(alias.alias)
    for one in code_queries.words_for(session, alias.kind, alias.meaning):
        if compared(one.alias) != same:
            continue
        if is_shipped(one):
            one.meaning = ""
        else:
            session.delete(one)


def _take_over(
    row: Any,  # one of the code tables
    changes: Changes,
    seen_version: int,
    levels: Mapping[str, str] | None = None,
) -> bool:
    if not changes:
        return False
    if row.version != seen_version:
        raise ConflictError(
            [
                (TYPE_FIELDS[name], told_value(name, mine, levels), told_value(name, old, levels))
                for name, (old, mine) in changes.items()
            ]
        )
    for name, (_, value) in changes.items():
        setattr(row, name, value)
    return True


def _remember(session: Session, kind: str, code: str, name: str) -> None:
    """Keep a name that a type or a status had, unless it stands for something by now."""
    fits = len(name) <= LENGTHS["alias"]
    if fits and code_queries.meaning_of(session, kind, name) is None:
        _keep(session, kind, code, name)


def _keep(session: Session, kind: str, code: str, word: str) -> Alias:
    """Store a word; a shipped one that was taken out comes back."""
    query = select(Alias).where(Alias.kind == kind, Alias.alias == word).with_for_update()
    known = session.scalar(query)
    if known is None:
        known = Alias(kind=kind, alias=word)
        session.add(known)
    known.meaning = code
    return known


def _for_journal(changes: Changes) -> Changes:
    """Name the state of a type apart from that of a district, which is a Land."""
    return {"standing" if name == "state" else name: pair for name, pair in changes.items()}


def _record(
    session: Session,
    event: JournalEvent,
    subject: Any,  # one of the code tables
    actor: Actor,
    changes: Changes | None = None,
    **details: str,
) -> None:
    journal.record(session, event, subject, actor=actor, scope=NOWHERE, changes=changes, **details)
