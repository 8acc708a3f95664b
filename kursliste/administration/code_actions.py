"""Kinds of courses as an administrator keeps them; one that was used is ended, never deleted."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kursliste.domain.course_type import TypeFacts, check_code, check_type, other_names
from kursliste.domain.edition import COLUMN_GROUPS, folded
from kursliste.domain.errors import ConflictError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.infrastructure import journal
from kursliste.models.codes import Alias, CourseType, Level
from kursliste.web.labels import COURSE_TYPE, shown

NOWHERE: Final = Scope()
KIND: Final = "course_type"


def add_course_type(
    session: Session, code: str, facts: TypeFacts, aliases: str = "", *, actor: Actor
) -> CourseType:
    """Add a kind of course, with its other names, one a line.

    Raises RuleViolationError for a code that is odd or taken, and for facts that cannot be.
    """
    require(actor, Permission.CODES_EDIT, NOWHERE)
    check_code(code)
    if session.get(CourseType, code) is not None:
        raise RuleViolationError(Rule.NAME_TAKEN, field="code", name=code)
    _check(session, facts)
    added = CourseType(code=code, **_columns(facts))
    session.add(added)
    session.flush()  # a name taken by somebody else at this moment fails here
    names = _keep_aliases(session, code, aliases)
    journal.record(
        session,
        JournalEvent.COURSE_TYPE_ADDED,
        added,
        actor=actor,
        scope=NOWHERE,
        changes={"label": ("", facts.label)} | ({"aliases": ("", names)} if names else {}),
    )
    return added


def change_course_type(
    session: Session,
    code: str,
    facts: TypeFacts,
    aliases: str,
    *,
    seen_version: int,
    actor: Actor,
) -> Mapping[str, tuple[object, object]]:
    """Change a kind of course and its other names; return attribute -> (old, new).

    Courses keep their kind, published editions their words. Raises RuleViolationError,
    ConflictError where somebody else changed it meanwhile.
    """
    require(actor, Permission.CODES_EDIT, NOWHERE)
    query = select(CourseType).where(CourseType.code == code).with_for_update()
    held = session.scalars(query.execution_options(populate_existing=True)).one()
    _check(session, facts)
    new = _columns(facts)
    if held.version != seen_version:
        raise ConflictError(
            [
                (COURSE_TYPE[name], shown(value), shown(getattr(held, name)))
                for name, value in new.items()
            ]
        )
    changes = {
        name: (getattr(held, name), value)
        for name, value in new.items()
        if getattr(held, name) != value
    }
    before = "\n".join(aliases_of(session, code))
    names = _keep_aliases(session, code, aliases)
    if names != before:
        changes["aliases"] = (before, names)
    for name in changes.keys() & new.keys():
        setattr(held, name, new[name])
    if changes:
        session.flush()  # a second writer fails here and not after the journal
        journal.record(
            session,
            JournalEvent.COURSE_TYPE_CHANGED,
            held,
            actor=actor,
            scope=NOWHERE,
            changes=changes,
        )
    return changes


def aliases_of(session: Session, code: str) -> list[str]:
    """Return the other names of a kind of course, in the order of the alphabet."""
    query = select(Alias.alias).where(Alias.kind == KIND, Alias.meaning == code)
    return sorted(session.scalars(query), key=lambda name: (folded(name), name))


def _check(session: Session, facts: TypeFacts) -> None:
    check_type(facts)
    if facts.course_group not in COLUMN_GROUPS:
        raise RuleViolationError(Rule.VALUE_UNKNOWN, field="course_group", value=facts.course_group)
    sorts = dict(session.execute(select(Level.code, Level.sort)).tuples())
    for field in ("level_from", "level_to"):
        level = getattr(facts, field)
        if level is not None and level not in sorts:
            raise RuleViolationError(Rule.VALUE_UNKNOWN, field=field, value=level)
    lower, upper = facts.level_from, facts.level_to
    if lower and upper and sorts[lower] > sorts[upper]:
        raise RuleViolationError(Rule.LEVEL_BACKWARDS, field="level_from")


def _columns(facts: TypeFacts) -> dict[str, object]:
    return asdict(facts) | {"state": facts.state.value}


def _keep_aliases(session: Session, code: str, typed: str) -> str:
    """Replace the other names of a kind; return them as they are kept, one a line."""
    others = select(Alias.alias, Alias.meaning).where(Alias.kind == KIND, Alias.meaning != code)
    taken = {folded(alias): meaning for alias, meaning in session.execute(others)}
    names = other_names(typed, taken=taken)
    session.execute(delete(Alias).where(Alias.kind == KIND, Alias.meaning == code))
    session.add_all(Alias(kind=KIND, alias=name, meaning=code) for name in names)
    session.flush()  # the next question sees them
    return "\n".join(sorted(names, key=lambda name: (folded(name), name)))
