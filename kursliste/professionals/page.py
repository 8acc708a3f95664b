"""The current list as professionals see it, and one of its courses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from kursliste.catalogue import match_queries
from kursliste.catalogue.counting import answers, with_counts
from kursliste.catalogue.list_page import kilometres_of, known_levels, news_since, words_of
from kursliste.catalogue.listing import EVERYTHING, SORT_OF, Group, Line, groups_of, line_of
from kursliste.catalogue.options import Option, options_of
from kursliste.catalogue.search import FLAGS, Criterion, Search, read_search
from kursliste.domain.course import FIELD, Visibility
from kursliste.domain.layout import layout_from
from kursliste.domain.permissions import Actor
from kursliste.domain.professionals import COORDINATION_ONLY
from kursliste.infrastructure.places import point_of_postcode
from kursliste.models.course_note import CourseNote
from kursliste.models.edition import EditionEntry
from kursliste.professionals import queries
from kursliste.professionals.queries import InternalList
from kursliste.web.labels import shown

Arguments = Mapping[str, Sequence[str]]
INSIDE: Final = (
    "bamf_reference", "seats_taken", "waiting_count", "confirmed_by", "confirmed_how",
    "internal_note",
)  # fmt: skip
"""Facts that the public does not see, in the order in which they are told."""

WHO_SEES: Final = {
    Visibility.PROFESSIONALS: "nur für Fachkräfte",
    Visibility.INTERNAL: "nur für die Koordination",
}


@dataclass(frozen=True, kw_only=True)
class Inside:
    """What the public does not see of a course: who else sees it, facts, notes."""

    mark: str
    facts: Sequence[tuple[str, str]]
    notes: Sequence[CourseNote]


@dataclass(frozen=True, kw_only=True)
class InternalPage:
    """``groups`` are the courses that were found, ``inside`` says more of each, by Kurs-ID."""

    of: InternalList
    search: Search
    options: Mapping[str, Sequence[Option]]
    flags: Mapping[str, int]
    groups: Sequence[Group]
    inside: Mapping[str, Inside]
    found: int
    all: int
    ways_out: Sequence[tuple[Criterion, int]]

    @property
    def sorts(self) -> Mapping[str, str]:
        """The ways of sorting and their words; by distance only from somewhere."""
        return self.search.sorts()


@dataclass(frozen=True, kw_only=True)
class InternalCourse:
    """One course of the list with everything that is known of it."""

    of: InternalList
    entry: EditionEntry
    line: Line
    inside: Inside

    @property
    def is_public(self) -> bool:
        """Whether the course has a page for everybody."""
        return not self.inside.mark


def internal_page(session: Session, actor: Actor, slug: str, arguments: Arguments) -> InternalPage:
    """Return the current list for a professional of its district, else NotFoundError."""
    of = queries.internal_list(session, actor, slug)
    seen = queries.seen(sees_all=of.sees_all)
    facets = match_queries.facets(session, of.edition.id, seen)
    words, levels = words_of(of.edition), known_levels(session)
    options = options_of(facets, words, levels)
    search = read_search(
        arguments,
        options,
        levels,
        SORT_OF[layout_from(of.edition.layout).grouping],
        point_of=lambda postcode: point_of_postcode(session, postcode),
    )
    matches = match_queries.matches(session, of.edition.id, search, is_current=True, seen=seen)
    answered = answers(facets, matches, search, levels)
    entries = queries.entries(
        session, [match.entry_id for match in answered.found], sees_all=of.sees_all
    )
    news = news_since(entries, answered.found, words["status"])
    kilometres = kilometres_of(answered.found, search)
    return InternalPage(
        of=of,
        search=search,
        options=with_counts(options, answered.counts),
        flags={name: answered.counts[name].get("1", 0) for name in FLAGS},
        groups=groups_of(entries, search.sort, words, news, EVERYTHING, kilometres),
        inside=_inside(session, of, entries),
        found=len(entries),
        all=len(facets),
        ways_out=answered.ways_out,
    )


def internal_course(session: Session, actor: Actor, slug: str, course_id: str) -> InternalCourse:
    """Return a course of the current list for a professional of its district.

    Raises NotFoundError for everybody else, and for a row that they may not see.
    """
    of = queries.internal_list(session, actor, slug)
    key = queries.entry_key(session, of, course_id)
    (entry,) = queries.entries(session, [key], sees_all=of.sees_all)
    words = words_of(of.edition)
    matches = match_queries.matches(
        session, of.edition.id, Search(), is_current=True, seen=queries.only(key)
    )
    news = news_since([entry], matches, words["status"])
    return InternalCourse(
        of=of,
        entry=entry,
        line=line_of(entry, words, news.get(course_id), EVERYTHING),
        inside=_inside(session, of, [entry])[course_id],
    )


def _inside(
    session: Session, of: InternalList, entries: Sequence[EditionEntry]
) -> dict[str, Inside]:
    notes = queries.notes(session, of.district.id, [entry.course_id for entry in entries])
    names = [name for name in INSIDE if of.sees_all or name not in COORDINATION_ONLY]
    return {
        entry.course_id: Inside(
            mark=WHO_SEES.get(entry.visibility, "") if entry.visibility else "",
            facts=[
                (FIELD[name].heading, shown(getattr(entry, name)))
                for name in names
                if getattr(entry, name) not in {None, ""}
            ],
            notes=notes[entry.course_id],
        )
        for entry in entries
    }
