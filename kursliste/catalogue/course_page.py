"""Everything that the page of one course shows: the course, what was before, what follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from sqlalchemy.orm import Session

from kursliste.catalogue import course_queries
from kursliste.catalogue.course_card import Card, card_of
from kursliste.catalogue.finding import Found, told_of
from kursliste.catalogue.known import Head, heads
from kursliste.catalogue.search_page import Result, results_of
from kursliste.domain.columns import PUBLIC_COLUMNS
from kursliste.domain.course import CourseStatus
from kursliste.domain.edition import ChangeKind, CodeWords, changes_between
from kursliste.domain.pathway import next_step
from kursliste.infrastructure import clock
from kursliste.models.edition import Edition, EditionEntry
from kursliste.web.news_words import change_words, on_page

SHUT: Final = frozenset({CourseStatus.CANCELLED, CourseStatus.ENDED})


@dataclass(frozen=True, kw_only=True)
class Version:
    """What an edition told otherwise than the one before it."""

    head: Head
    lines: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class CoursePage:
    """``is_current`` is false for a course that left the list: ``head`` is its last edition."""

    card: Card
    head: Head
    edition: Edition
    is_current: bool
    stand: date | None
    history: Sequence[Version]
    following: Sequence[Result]
    alike: Sequence[Result]

    @property
    def course_id(self) -> str:
        """The Kurs-ID, which stays from edition to edition."""
        return str(self.card.entry.course_id)


def course_page(session: Session, course_id: str) -> CoursePage:
    """Return the page of a course; NotFoundError for one that no public list ever had."""
    versions = course_queries.versions(session, course_id)
    entry, current = versions[0]
    known = heads(session, {row.edition_id for row, _ in versions})
    head = known[entry.edition_id]
    edition = session.get_one(Edition, entry.edition_id)
    is_current = current is not None
    step = next_step(entry.course_group, _goal(entry))
    district = edition.district_id
    follow = course_queries.following(session, entry, step, district) if step else []
    find_alike = course_queries.alike if is_current else course_queries.similar
    return CoursePage(
        card=card_of(entry, head.words, head.told, told_of(current) if current else None),
        head=head,
        edition=edition,
        is_current=is_current,
        stand=clock.day_of(edition.published_at),
        history=_history([row for row, _ in versions], known),
        following=results_of(Found(follow, len(follow))),
        alike=_results(find_alike(session, entry, district)),
    )


def _results(found: Sequence[Any]) -> list[Result]:
    return results_of(Found(found, len(found)))


def _goal(entry: EditionEntry) -> int | None:
    return entry.level_from_sort if entry.level_to_sort is None else entry.level_to_sort


def _history(rows: Sequence[EditionEntry], known: Mapping[int, Head]) -> list[Version]:
    """Return what changed from month to month, the newest change first."""
    found = []
    for newer, older in pairwise(rows):
        head, before = known[newer.edition_id], known[older.edition_id]
        told = head.told & before.told
        changes = changes_between([_row(older, told)], [_row(newer, told)])
        words = CodeWords(
            course_types=head.words["art"],
            levels=head.words["niveau"],
            statuses=head.words["status"],
        )
        lines = [
            change_words(field, words, on_page)
            for change in changes
            if change.kind is ChangeKind.CHANGED
            for field in change.fields
        ]
        if lines:
            found.append(Version(head=head, lines=lines))
    return found


def _row(entry: EditionEntry, told: frozenset[str]) -> dict[str, object]:
    """Return what both editions tell of a course; internal columns are not read."""
    return {
        column.attribute: getattr(entry, column.attribute) if column.attribute in told else None
        for column in PUBLIC_COLUMNS
        if column.attribute != "course_id"
    } | {"course_id": entry.course_id}
