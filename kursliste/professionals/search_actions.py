"""Keeping searches, and telling what they find anew."""

from collections.abc import Sequence

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from kursliste.catalogue.finding import FoundCourse
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.domain.saved_search import LONGEST_NAME, MOST_COURSES, MOST_SEARCHES
from kursliste.domain.texts import checked_text
from kursliste.infrastructure import clock, journal, mailbox
from kursliste.models.saved_search import KnownCourse, SavedSearch
from kursliste.professionals import mails, search_queries
from kursliste.professionals.search_queries import Arguments


def save_search(session: Session, arguments: Arguments, *, name: str, actor: Actor) -> SavedSearch:
    """Keep a search under a name; what it finds now is known and will not be told.

    Raises RuleViolationError for a name that is missing or too long, a search without any filter
    (SEARCH_EMPTY), one that finds too much (SEARCH_TOO_WIDE), one too many (SEARCHES_TOO_MANY).
    """
    require(actor, Permission.SEARCH_SAVE, Scope(user_id=actor.user_id))
    words = checked_text(name, field="name", longest=LONGEST_NAME, missing=Rule.VALUE_MISSING)
    wanted = search_queries.wanted(session, arguments)
    if not wanted.arguments:
        raise RuleViolationError(Rule.SEARCH_EMPTY)
    if search_queries.number_of(session, actor.user_id) >= MOST_SEARCHES:
        raise RuleViolationError(Rule.SEARCHES_TOO_MANY, most=MOST_SEARCHES)
    courses = search_queries.fitting(session, wanted.arguments)
    if len(courses) > MOST_COURSES:
        raise RuleViolationError(Rule.SEARCH_TOO_WIDE, most=MOST_COURSES)
    now = clock.now()
    search = SavedSearch(
        user_id=actor.user_id,
        name=words,
        arguments=dict(wanted.arguments),
        saved_at=now,
        checked_at=now,
    )
    session.add(search)
    session.flush()  # what it knows refers to it
    _know(session, search, courses)
    _note(session, JournalEvent.SEARCH_SAVED, search, actor)
    return search


def pause_search(session: Session, search: SavedSearch, *, actor: Actor) -> None:
    """Write no more mails about a search until it goes on."""
    require(actor, Permission.SEARCH_SAVE, search.scope)
    search.paused_at = clock.now()
    _note(session, JournalEvent.SEARCH_CHANGED, search, actor)


def resume_search(session: Session, search: SavedSearch, *, actor: Actor) -> None:
    """Go on with a search; what came meanwhile is known and will not be told."""
    require(actor, Permission.SEARCH_SAVE, search.scope)
    search.paused_at, search.checked_at = None, clock.now()
    _know(session, search, search_queries.fitting(session, search.arguments))
    _note(session, JournalEvent.SEARCH_CHANGED, search, actor)


def remove_search(session: Session, search: SavedSearch, *, actor: Actor) -> None:
    """Forget a search and what it found."""
    require(actor, Permission.SEARCH_SAVE, search.scope)
    _note(session, JournalEvent.SEARCH_REMOVED, search, actor)
    session.execute(delete(KnownCourse).where(KnownCourse.search_id == search.id))
    session.delete(search)


def tell_person(session: Session, user_id: int, *, base_url: str, actor: Actor) -> int:
    """Look through the searches of a person and queue one mail about what is new; return mails.

    A course that fitted, stopped to fit and fits again is new again: a place became free. Who has
    no role for it any more gets nothing.
    """
    require(actor, Permission.MAILING_SEND, Scope())
    searches = search_queries.locked_searches(session, user_id)
    if not searches or not search_queries.holds(searches[0].user.as_actor()):
        for search in searches:
            search.checked_at = clock.now()
        return 0
    known = search_queries.known(session, [search.id for search in searches])
    news: list[tuple[str, Sequence[FoundCourse]]] = []
    for search in searches:
        courses = search_queries.fitting(session, search.arguments)[:MOST_COURSES]
        new = [one for one in courses if one.entry.course_id not in known[search.id]]
        if new:
            news.append((search.name, new))
        if {one.entry.course_id for one in courses} != known[search.id]:
            _know(session, search, courses)
        search.checked_at = clock.now()
    if not news:
        return 0
    subject, body = mails.new_courses(news, base_url=base_url)
    mailbox.enqueue(
        session,
        to=searches[0].user.email,
        subject=subject,
        body=body,
        dedupe_key=search_queries.mail_key(user_id),
    )
    _note(session, JournalEvent.SEARCH_TOLD, searches[0], actor)
    return 1


def _know(session: Session, search: SavedSearch, courses: Sequence[FoundCourse]) -> None:
    """Replace what a search knows by what it finds now."""
    session.execute(delete(KnownCourse).where(KnownCourse.search_id == search.id))
    found = {one.entry.course_id for one in courses}
    if found:
        rows = [{"search_id": search.id, "course_id": course_id} for course_id in sorted(found)]
        session.execute(insert(KnownCourse), rows)


def _note(session: Session, event: JournalEvent, search: SavedSearch, actor: Actor) -> None:
    journal.record(session, event, search, actor=actor, scope=Scope())
