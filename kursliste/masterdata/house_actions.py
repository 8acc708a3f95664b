"""Keeping a provider's particulars, venues and contacts: once, for all courses that name them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kursliste.domain.errors import ConflictError, NotFoundError, Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.house import PERSON_FACTS, PLACE_FACTS, PLACE_WORDS, agrees, is_place
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.infrastructure import journal
from kursliste.masterdata import queries
from kursliste.masterdata.house_queries import (
    Reach,
    editable_rows,
    reach_of,
    repeats_contact,
    repeats_venue,
    scope_of,
)
from kursliste.masterdata.linking import contact_facts, lock_house, venue_words
from kursliste.models.masterdata import Contact, Provider, Venue
from kursliste.models.report import Report, ReportedCourse
from kursliste.web import labels

Facts = Mapping[str, object]
Changes = dict[str, tuple[object, object]]
NAMES: Final = frozenset({"name", "short_name"})
"""What only a coordinator changes: under these names readers know a provider."""


def change_provider(
    session: Session, provider: Provider, facts: Facts, *, seen_version: int, actor: Actor
) -> Changes:
    """Take over the particulars of a provider; return attribute -> (old, new).

    Raises NotPermittedError where a provider's own staff renames it, RuleViolationError for a name
    that is empty or taken, ConflictError where somebody else changed the same meanwhile.
    """
    require(actor, Permission.PROVIDER_MAINTAIN, scope_of(provider, actor))
    moved = _moved(session, provider, facts, seen_version)
    scope = scope_of(provider, actor)
    if NAMES & moved.keys():
        require(actor, Permission.PROVIDER_EDIT, scope)
        _check_name(session, provider, str(facts["name"]))
    _set(provider, moved)
    if moved:
        event = JournalEvent.PROVIDER_CHANGED
        journal.record(session, event, provider, actor=actor, scope=scope, changes=moved)
    return moved


def _check_name(session: Session, provider: Provider, name: str) -> None:
    if not name:
        raise RuleViolationError(Rule.VALUE_MISSING, field="name")
    for district in provider.districts:
        for known in queries.active_providers(session, district):
            if known.name == name and known.id != provider.id:
                raise RuleViolationError(Rule.NAME_TAKEN, field="name", name=name)


def add_venue(session: Session, provider: Provider, facts: Facts, *, actor: Actor) -> Venue:
    """Add a place to a provider's list.

    Raises RuleViolationError for one that nobody could find, or that the list has.
    """
    require(actor, Permission.PROVIDER_MAINTAIN, scope_of(provider, actor))
    lock_house(session, provider)
    _check_place(session, provider, facts)
    venue = Venue(**facts, provider=provider)
    session.add(venue)
    session.flush()  # the journal needs its id
    _record(session, JournalEvent.VENUE_ADDED, venue, actor)
    return venue


def change_venue(
    session: Session, venue: Venue, facts: Facts, *, seen_version: int, actor: Actor
) -> Reach:
    """Change a place, and with it the courses that name it in reports that may be changed.

    Courses in reports that were sent stay as they are, and no confirmation moves. Returns how far
    it went. Raises RuleViolationError like :func:`add_venue`, ConflictError where somebody else
    changed the same meanwhile.
    """
    require(actor, Permission.PROVIDER_MAINTAIN, scope_of(venue.provider, actor))
    reach, rows = _reached(session, venue)
    moved = _moved(session, venue, facts, seen_version)
    if not moved:
        return Reach(0, 0)
    _check_place(session, venue.provider, {**_stored(venue, PLACE_WORDS.values()), **facts}, venue)
    _set(venue, moved)
    old, _new = moved.get("wheelchair", (None, None))
    for row in rows:
        told = {fact: moved[name][1] or None for fact, name in PLACE_FACTS.items() if name in moved}
        if row.wheelchair not in {None, old}:
            told.pop("wheelchair", None)  # this course said something else before, and says it on
        row.take(told)
        row.venue_id = venue.id if agrees(row.wheelchair, venue.wheelchair) else None
    _record(session, JournalEvent.VENUE_CHANGED, venue, actor, changes=moved)
    changes = {fact: moved[name] for fact, name in PLACE_FACTS.items() if name in moved}
    _record_rows(session, rows, actor, changes=changes)
    return reach


def remove_venue(session: Session, venue: Venue, *, actor: Actor) -> None:
    """Take a place out of the list; courses keep their words."""
    require(actor, Permission.PROVIDER_MAINTAIN, scope_of(venue.provider, actor))
    _record(session, JournalEvent.VENUE_REMOVED, venue, actor)
    session.delete(venue)


def add_contact(session: Session, provider: Provider, facts: Facts, *, actor: Actor) -> Contact:
    """Add somebody to ask to a provider's list; raise RuleViolationError without a name."""
    require(actor, Permission.PROVIDER_MAINTAIN, scope_of(provider, actor))
    _check_contact(facts)
    contact = Contact(**facts, provider=provider)
    session.add(contact)
    session.flush()  # the journal needs its id
    _record(session, JournalEvent.CONTACT_ADDED, contact, actor)
    return contact


def change_contact(
    session: Session, contact: Contact, facts: Facts, *, seen_version: int, actor: Actor
) -> Reach:
    """Change a contact, and with it the courses that name it in reports that may be changed.

    One that is not public any more leaves those courses. Returns and raises what
    :func:`change_venue` does.
    """
    require(actor, Permission.PROVIDER_MAINTAIN, scope_of(contact.provider, actor))
    reach, rows = _reached(session, contact)
    moved = _moved(session, contact, facts, seen_version)
    if not moved:
        return Reach(0, 0)
    _check_contact({"name": contact.name, **facts})
    _set(contact, moved)
    for row in rows:
        row.take(contact_facts(contact))
        row.contact_id = contact.id if contact.is_public else None
    # Which facts moved, not from what to what: the journal outlives the person's entry.
    _record(session, JournalEvent.CONTACT_CHANGED, contact, actor, fields=sorted(moved))
    _record_rows(session, rows, actor, fields=sorted(PERSON_FACTS))
    return reach


def remove_contact(
    session: Session, contact: Contact, *, actor: Actor, replacement: Contact | None = None
) -> Reach:
    """Delete a contact; it leaves the courses of reports that may be changed.

    ``replacement``, another public contact of the provider, takes its place there. Reports that
    were sent keep what they say, but the next report must not repeat it: their courses name the
    replacement, or the entry without a name that is left behind then. Returns how far it went.
    """
    require(actor, Permission.PROVIDER_MAINTAIN, scope_of(contact.provider, actor))
    if replacement is not None:
        _check_replacement(contact, replacement)
    reach, rows = _reached(session, contact)
    for row in rows:
        row.take(dict.fromkeys(PERSON_FACTS) if replacement is None else contact_facts(replacement))
        row.contact_id = None if replacement is None else replacement.id
    _record(session, JournalEvent.CONTACT_REMOVED, contact, actor)
    _record_rows(session, rows, actor, fields=sorted(PERSON_FACTS))
    session.flush()  # what is left below are the courses that were sent
    if _hand_over(session, contact, replacement or contact) and replacement is None:
        contact.name = contact.phone = contact.email = ""
        contact.is_public = False
    else:
        session.delete(contact)
    return reach


def _check_replacement(contact: Contact, replacement: Contact) -> None:
    is_other = replacement.id != contact.id and replacement.provider_id == contact.provider_id
    if not (is_other and replacement.is_public):
        raise RuleViolationError(Rule.VALUE_UNKNOWN, field="replacement", value=replacement.name)


def _hand_over(session: Session, contact: Contact, heir: Contact) -> bool:
    """Let the courses that still tell of a contact name another one; return if there are any."""
    reports = select(Report.id).where(Report.provider_id == contact.provider_id)
    query = (
        update(ReportedCourse)
        .where(repeats_contact(contact), ReportedCourse.report_id.in_(reports))
        .values(contact_id=heir.id)
        .returning(ReportedCourse.id)
        .execution_options(synchronize_session="fetch")
    )
    return bool(session.scalars(query).all())


def _check_place(
    session: Session, provider: Provider, facts: Facts, but: Venue | None = None
) -> None:
    words = tuple(str(facts.get(name) or "") for name in PLACE_WORDS.values())
    if not is_place(words):
        raise RuleViolationError(Rule.VENUE_EMPTY, field="name" if facts.get("town") else "town")
    known = select(Venue).where(Venue.provider_id == provider.id)
    if any(one is not but and venue_words(one) == words for one in session.scalars(known)):
        raise RuleViolationError(Rule.VENUE_KNOWN, field="name")


def _check_contact(facts: Facts) -> None:
    if not facts.get("name"):
        raise RuleViolationError(Rule.VALUE_MISSING, field="name")


def _reached(session: Session, thing: Venue | Contact) -> tuple[Reach, Sequence[ReportedCourse]]:
    """Hold the courses that a change reaches, then the house: always in this order."""
    repeats = repeats_venue(thing) if isinstance(thing, Venue) else repeats_contact(thing)
    rows = editable_rows(session, thing.provider_id, repeats)
    reach = reach_of(session, thing.provider_id, repeats)
    lock_house(session, thing.provider)
    return reach, rows


def _moved(
    session: Session, thing: Provider | Venue | Contact, facts: Facts, seen_version: int
) -> Changes:
    """Read a thing again, held, and return what facts would move in it.

    Raises ConflictError if that would write over what somebody else did meanwhile, NotFoundError
    if it was removed.
    """
    kind = type(thing)
    query = select(kind).where(kind.id == thing.id).with_for_update()
    if session.scalar(query.execution_options(populate_existing=True)) is None:
        raise NotFoundError(f"{kind.__tablename__} {thing.id}")
    stored = _stored(thing, facts)
    moved = {name: (stored[name], new) for name, new in facts.items() if stored[name] != new}
    if moved and thing.version != seen_version:
        raise ConflictError(
            [
                (labels.HOUSE_FIELDS[name], labels.shown(mine), labels.shown(theirs))
                for name, (theirs, mine) in moved.items()
            ]
        )
    return moved


def _stored(thing: Provider | Venue | Contact, names: Iterable[str]) -> dict[str, object]:
    return {name: getattr(thing, name) for name in names}


def _set(thing: Provider | Venue | Contact, moved: Changes) -> None:
    for name, (_old, new) in moved.items():
        setattr(thing, name, new)


def _record(
    session: Session,
    event: JournalEvent,
    thing: Venue | Contact,
    actor: Actor,
    *,
    changes: Changes | None = None,
    **details: object,
) -> None:
    scope = scope_of(thing.provider, actor)
    journal.record(session, event, thing, actor=actor, scope=scope, changes=changes, **details)


def _record_rows(
    session: Session,
    rows: Sequence[ReportedCourse],
    actor: Actor,
    *,
    changes: Changes | None = None,
    **details: object,
) -> None:
    """Tell each report's history once which of its courses changed along."""
    for report, changed in groupby(rows, key=lambda row: row.report):
        keys = [row.course_id for row in changed]
        scope = Scope(district_id=report.district_id, provider_id=report.provider_id)
        journal.record(
            session,
            JournalEvent.COURSE_CHANGED,
            report,
            actor=actor,
            scope=scope,
            changes=changes,
            courses=len(keys),
            keys=keys,
            **details,
        )
