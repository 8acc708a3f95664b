"""Keeping the rows that search reads in step with editions, interim updates and places.

Called in the transaction that changes what they are made from: publishing, taking back, erasing,
an interim update. The tick mends what is not in step all the same (a restored database, a new
version), so nobody has to remember a command.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any, Final

from sqlalchemy import case, delete, exists, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from kursliste.domain.course import (
    Childcare,
    CourseStatus,
    LateEntry,
    Visibility,
    Wheelchair,
)
from kursliste.domain.edition import folded
from kursliste.domain.geo import Point
from kursliste.domain.interim import WITHOUT_PLACE, Told, has_place, news_beside
from kursliste.domain.profile import Profile
from kursliste.domain.words import words_of
from kursliste.infrastructure import clock
from kursliste.infrastructure.batches import batches
from kursliste.infrastructure.flags import AS_PUBLISHED, FREE, flag
from kursliste.infrastructure.places import Key, locate_all
from kursliste.models.codes import Alias
from kursliste.models.current import CourseProfile, CurrentCourse, CurrentWord, SearchWord
from kursliste.models.edition import Edition, EditionEntry, current_edition_ids
from kursliste.models.interim import InterimUpdate, newest_of
from kursliste.models.masterdata import first_list_ids

COPIED: Final = tuple(
    column.key
    for column in CurrentCourse.__table__.columns
    if column.key in EditionEntry.__table__.columns
)
AT_ONCE: Final = 500
STALE, FULL, OVER = 1, 2, 3
NOBODY_GETS_IN: Final = frozenset({*WITHOUT_PLACE, CourseStatus.RUNNING, CourseStatus.PAUSED})
LONGEST_DAY_WORDS: Final = {
    "Mo": "montags montag",
    "Di": "dienstags dienstag",
    "Mi": "mittwochs mittwoch",
    "Do": "donnerstags donnerstag",
    "Fr": "freitags freitag",
    "Sa": "samstags samstag",
    "So": "sonntags sonntag",
}
"""What people call a day on which there is a lesson."""


def index_list(session: Session, course_list_id: int) -> int:
    """Make the rows of a list's current edition anew; return how many there are."""
    session.flush()  # what is read here was just arranged in this transaction
    _drop(session, CurrentCourse.course_list_id == course_list_id)
    entries = session.scalars(
        select(EditionEntry)
        .join(Edition, Edition.id == EditionEntry.edition_id)
        .where(
            Edition.id.in_(current_edition_ids()),
            Edition.course_list_id == course_list_id,
            Edition.course_list_id.in_(first_list_ids()),
            EditionEntry.visibility.is_distinct_from(Visibility.INTERNAL),
        )
        .order_by(EditionEntry.position, EditionEntry.id)
    ).all()
    if entries:
        _insert(session, entries)
    return len(entries)


def refresh_courses(session: Session, course_ids: Iterable[str]) -> None:
    """Take over what was told of courses since their edition."""
    session.flush()  # the update that was just told is to be read
    wanted = list(course_ids)
    query = (
        select(EditionEntry)
        .join(CurrentCourse, CurrentCourse.entry_id == EditionEntry.id)
        .where(CurrentCourse.course_id.in_(wanted))
        .order_by(EditionEntry.id)
    )
    entries = session.scalars(query).all()
    for key, values in _of_now(session, entries).items():
        session.execute(update(CurrentCourse).where(CurrentCourse.entry_id == key).values(**values))


def lists_out_of_step(session: Session) -> Sequence[int]:
    """Return the lists whose rows are not those of their current edition, by key.

    One whose edition has no rows to show is always among them; making it anew costs nothing.
    """
    indexed = (
        select(CurrentCourse.course_list_id, func.max(CurrentCourse.edition_id).label("edition_id"))
        .group_by(CurrentCourse.course_list_id)
        .subquery()
    )
    query = (
        select(Edition.course_list_id)
        .outerjoin(indexed, indexed.c.course_list_id == Edition.course_list_id)
        .where(
            Edition.id.in_(current_edition_ids()),
            Edition.course_list_id.in_(first_list_ids()),
            indexed.c.edition_id.is_distinct_from(Edition.id),
        )
        .order_by(Edition.course_list_id)
    )
    return session.scalars(query).all()


def reindex(session: Session, course_list_ids: Iterable[int]) -> int:
    """Make the rows of several lists anew and return how many rows there are."""
    return sum(index_list(session, course_list_id) for course_list_id in course_list_ids)


def forget_unused_words(session: Session) -> None:
    """Delete the words that no row has any more: an erased name shall not stay as a word."""
    unused = ~exists().where(CurrentWord.word_id == SearchWord.id)
    session.execute(delete(SearchWord).where(unused).execution_options(synchronize_session=False))


def find_also_by(session: Session, course_type: str, text: str) -> None:
    """Let current courses of a type be found by more words; a list made anew has them anyway."""
    words = words_of(text)
    keys = _keys_of(session, SearchWord, "word", set(words))
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    add = sqlite.insert(CurrentWord) if is_sqlite else postgresql.insert(CurrentWord)
    for word in sorted(words):
        rows = select(literal(keys[word]), CurrentCourse.entry_id).where(
            CurrentCourse.course_type == course_type
        )
        pairs = add.from_select(["word_id", "entry_id"], rows)
        session.execute(pairs.on_conflict_do_nothing())


def indexed_lists(session: Session) -> Sequence[int]:
    """Return the lists that have rows, by key: after new places they are made anew."""
    query = select(CurrentCourse.course_list_id).distinct().order_by(CurrentCourse.course_list_id)
    return session.scalars(query).all()


def _drop(session: Session, which: Any) -> None:  # Any: a condition on CurrentCourse
    keys = select(CurrentCourse.entry_id).where(which)
    session.execute(
        delete(CurrentWord)
        .where(CurrentWord.entry_id.in_(keys))
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(CurrentCourse).where(which).execution_options(synchronize_session=False))


def _insert(session: Session, entries: Sequence[EditionEntry]) -> None:
    query = select(Edition.id, Edition.district_id, Edition.course_list_id).where(
        Edition.id.in_({entry.edition_id for entry in entries})
    )
    heads = {key: (district, list_) for key, district, list_ in session.execute(query)}
    now = _of_now(session, entries)
    points = locate_all(session, [(entry.postcode, entry.town) for entry in entries])
    rows = []
    for entry in entries:
        district_id, list_id = heads[entry.edition_id]
        rows.append(
            {name: getattr(entry, name) for name in COPIED}
            | {
                "entry_id": entry.id,
                "district_id": district_id,
                "course_list_id": list_id,
            }
            | _place(entry, points)
            | now[entry.id]
        )
    session.execute(insert(CurrentCourse), rows)
    _insert_words(session, entries)


def _place(entry: EditionEntry, points: Mapping[Key, Point | None]) -> dict[str, float | None]:
    point = points.get((entry.postcode or "", folded(entry.town)))
    return {"lat": point.lat if point else None, "lon": point.lon if point else None}


def _told(session: Session, course_ids: Sequence[str]) -> dict[str, InterimUpdate]:
    """Return the newest update of each course that has one."""
    found: dict[str, InterimUpdate] = {}
    for some in batches(course_ids, AT_ONCE):
        query = select(InterimUpdate).where(
            InterimUpdate.course_id.in_(some),
            InterimUpdate.id == newest_of(InterimUpdate.course_id),
        )
        found |= {update.course_id: update for update in session.scalars(query)}
    return found


def _of_now(session: Session, entries: Sequence[EditionEntry]) -> dict[int, dict[str, Any]]:
    """Return by key what rows have of now: what was told since, their rank, their profile."""
    told = _told(session, [entry.course_id for entry in entries])
    now = {entry.id: _now(entry, told.get(entry.course_id)) for entry in entries}
    flags = _flags(session, list(now))
    texts = {
        entry.id: _profile(
            entry, (*((FREE,) if now[entry.id]["has_place"] else ()), *flags[entry.id])
        ).text
        for entry in entries
    }
    keys = _keys_of(session, CourseProfile, "text", set(texts.values()))
    return {key: values | {"profile_id": keys[texts[key]]} for key, values in now.items()}


def _flags(session: Session, entry_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return by key which yes-or-no filters rows meet as they were published."""
    found: dict[int, tuple[str, ...]] = {}
    answers = [case((flag(EditionEntry, name), 1), else_=0) for name in AS_PUBLISHED]
    for some in batches(entry_ids, AT_ONCE):
        query = select(EditionEntry.id, *answers).where(EditionEntry.id.in_(some))
        for key, *met in session.execute(query):
            found[key] = tuple(compress(AS_PUBLISHED, met))
    return found


def _profile(entry: EditionEntry, flags: tuple[str, ...]) -> Profile:
    return Profile(
        values=(entry.course_group, entry.course_type, entry.time_of_day, entry.delivery),
        admission=entry.admission or (),
        level_from=entry.level_from_sort,
        level_to=entry.level_to_sort,
        flags=flags,
    )


def _now(entry: EditionEntry, newest: InterimUpdate | None) -> dict[str, Any]:
    """Return what is different now, whether there is a place, and how far behind a row stands."""
    facts = entry.facts()
    now: Mapping[str, object] | None = None
    if newest is not None:
        given_on = clock.day_of(newest.given_at)
        now = news_beside(
            facts,
            Told(seats_free=newest.seats_free, status=newest.status),
            given_on=given_on,
            is_superseded=newest.superseded_at is not None,
        )
    current = facts if now is None else now
    return {
        "told_on": clock.day_of(newest.given_at) if newest is not None and now else None,
        "told_free": now["seats_free"] if now else None,
        "told_status": now["status"] if now else None,
        "has_place": has_place(current),
        "rank": _rank(entry, current),
    }


def _rank(entry: EditionEntry, now: Mapping[str, object]) -> int:
    if now["status"] in {CourseStatus.CANCELLED, CourseStatus.ENDED}:
        return OVER
    if now["status"] in NOBODY_GETS_IN or now["seats_free"] == 0:
        return FULL
    return 0 if entry.is_confirmed else STALE


def _insert_words(session: Session, entries: Sequence[EditionEntry]) -> None:
    aliases = _aliases(session)
    by_entry = {
        entry.id: words_of(" ".join((entry.search_text, *_more(entry, aliases))))
        for entry in entries
    }
    keys = _keys_of(session, SearchWord, "word", set().union(*by_entry.values()))
    rows = [
        {"word_id": keys[word], "entry_id": entry_id}
        for entry_id, words in by_entry.items()
        for word in sorted(words)
    ]
    for some in batches(rows, AT_ONCE):
        session.execute(insert(CurrentWord), some)


def _more(entry: EditionEntry, aliases: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield words that people look for beside the published ones: other names, days, the number."""
    yield from aliases.get(entry.course_type, ())
    yield from (LONGEST_DAY_WORDS[day] for day in entry.weekdays or ())
    yield from (word for is_so, word in _features(entry) if is_so)
    yield entry.course_id
    yield entry.town or ""
    yield entry.provider
    yield entry.title


def _features(entry: EditionEntry) -> Iterator[tuple[bool, str]]:
    yield entry.childcare in {Childcare.YES, Childcare.ON_REQUEST}, "kinderbetreuung"
    yield entry.wheelchair is Wheelchair.YES, "barrierefrei rollstuhl"
    yield entry.price_eur == 0, "kostenlos"
    yield entry.late_entry in {LateEntry.YES, LateEntry.ON_CONSULTATION}, "quereinstieg"


def _aliases(session: Session) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    query = select(Alias.meaning, Alias.alias).where(Alias.kind == "course_type")
    for meaning, alias in session.execute(query.order_by(Alias.id)):
        found.setdefault(meaning, []).append(alias)
    return found


def _keys_of(
    session: Session, model: type[SearchWord | CourseProfile], name: str, texts: set[str]
) -> dict[str, int]:
    """Return the keys of texts; new ones get one, also while another server adds the same."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    add = sqlite.insert(model) if is_sqlite else postgresql.insert(model)
    column = getattr(model, name)
    ordered = sorted(texts)
    for some in batches([{name: text} for text in ordered], AT_ONCE):
        session.execute(add.values(some).on_conflict_do_nothing())
    found: dict[str, int] = {}
    for batch in batches(ordered, AT_ONCE):
        query = select(column, model.id).where(column.in_(batch))
        found.update((text, key) for text, key in session.execute(query))
    return found
