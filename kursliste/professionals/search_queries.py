"""Saved searches of a person, and what they find: the same rows as the search page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, selectinload

from kursliste.catalogue.finding import FoundCourse, find
from kursliste.catalogue.search_page import here_of, read_for
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor, Permission, Scope, may
from kursliste.domain.saved_search import LOOKED_AT_EVERY, MOST_COURSES
from kursliste.infrastructure import clock
from kursliste.models.identity import User
from kursliste.models.outbox import OutgoingMail
from kursliste.models.saved_search import KnownCourse, SavedSearch

Arguments = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Wanted:
    """What an address looks for: as it is stored, in words, and what is not understood of it."""

    arguments: Mapping[str, list[str]]
    words: Sequence[str]
    unknown: Sequence[tuple[str, str]]


def wanted(session: Session, arguments: Arguments) -> Wanted:
    """Return what an address looks for, without the way of sorting and the page."""
    search, chosen = read_for(session, arguments)
    here = here_of(session, arguments, chosen)
    stored = search.arguments() | here.arguments()
    stored.pop("sortierung", None)
    districts = [one.name for one in (*here.chosen, *here.around)]
    return Wanted(
        arguments=stored,
        words=[*districts, *(criterion.label for criterion in search.criteria)],
        unknown=search.unknown,
    )


def fitting(session: Session, arguments: Arguments) -> Sequence[FoundCourse]:
    """Return the courses that a stored search finds now, ``MOST_COURSES`` and one at most.

    A place or a house that no list has at present fits nothing: a search must not widen.
    """
    search, chosen = read_for(session, arguments)
    if search.unknown:
        return ()
    area = here_of(session, arguments, chosen).area
    return find(session, search, area=area, per_page=MOST_COURSES + 1, has_counts=False).courses


def count_now(session: Session, arguments: Arguments) -> int:
    """Return how many courses a stored search finds now."""
    return len(fitting(session, arguments))


def own_searches(session: Session, actor: Actor) -> Sequence[SavedSearch]:
    """Return the searches of a person by name."""
    query = select(SavedSearch).where(SavedSearch.user_id == actor.user_id)
    return session.scalars(query.order_by(SavedSearch.name, SavedSearch.id)).all()


def own_search(session: Session, actor: Actor, search_id: int) -> SavedSearch:
    """Return one search of a person, or raise NotFoundError."""
    found = session.get(SavedSearch, search_id)
    if found is None or not may(actor, Permission.SEARCH_SAVE, found.scope):
        raise NotFoundError(f"search {search_id}")
    return found


def number_of(session: Session, user_id: int | None) -> int:
    """Return how many searches a person keeps."""
    query = select(func.count()).select_from(SavedSearch).where(SavedSearch.user_id == user_id)
    return session.scalars(query).one()


def known(session: Session, search_ids: Sequence[int]) -> dict[int, set[str]]:
    """Return what searches found last, by their key."""
    query = (
        select(KnownCourse.search_id, KnownCourse.course_id)
        .where(KnownCourse.search_id.in_(search_ids))
        .order_by(KnownCourse.search_id, KnownCourse.course_id)
    )
    found: dict[int, set[str]] = {key: set() for key in search_ids}
    for key, course_id in session.execute(query):
        found[key].add(course_id)
    return found


def mail_key(user_id: int) -> str:
    """Return what makes the mail of a person and a day the only one."""
    return f"searches:{user_id}:{clock.today()}"


def _is_due() -> ColumnElement[bool]:
    """Return whether a search was not looked at for a while, or last by a clock that was ahead."""
    now, checked_at = clock.now(), SavedSearch.checked_at
    return or_(checked_at <= now - LOOKED_AT_EVERY, checked_at > now + LOOKED_AT_EVERY)


def due_people(session: Session) -> Sequence[int]:
    """Return whose searches are to be looked through, by key: nobody who had today's mail."""
    today = literal("searches:") + cast(SavedSearch.user_id, String) + literal(f":{clock.today()}")
    query = (
        select(SavedSearch.user_id)
        .join(User, User.id == SavedSearch.user_id)
        .where(
            User.is_active.is_(True),
            SavedSearch.paused_at.is_(None),
            _is_due(),
            ~exists().where(OutgoingMail.dedupe_key == today),
        )
        .distinct()
        .order_by(SavedSearch.user_id)
    )
    return session.scalars(query).all()


def locked_searches(session: Session, user_id: int) -> Sequence[SavedSearch]:
    """Return the searches of a person that are due; another tick waits, and finds them done."""
    query = (
        select(SavedSearch)
        .where(
            SavedSearch.user_id == user_id,
            SavedSearch.paused_at.is_(None),
            _is_due(),
        )
        .order_by(SavedSearch.id)
        .with_for_update()
        .options(selectinload(SavedSearch.user).selectinload(User.memberships))
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def holds(actor: Actor) -> bool:
    """Return whether a person still has the role that saved searches need."""
    return may(actor, Permission.SEARCH_SAVE, Scope(user_id=actor.user_id))
