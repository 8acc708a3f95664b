"""What is in an edition for a reader: the same search as on the page, over the frozen rows."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.catalogue import queries as catalogue
from kursliste.catalogue.options import CHOICES, Option
from kursliste.catalogue.search import Search, read_search
from kursliste.domain.columns import PUBLIC_COLUMNS
from kursliste.domain.course import CourseStatus
from kursliste.domain.edition import (
    Change,
    ChangeKind,
    CodeWords,
    Row,
    changes_between,
)
from kursliste.domain.layout import layout_from
from kursliste.domain.news import News, NewsItem, NewsKind, news_of
from kursliste.domain.subscription import Filters
from kursliste.models.codes import Level
from kursliste.models.edition import Edition, EditionEntry, stands
from kursliste.models.subscription import Mailing

EVERYTHING: Final = Search()
Finder = Callable[[Search], tuple[frozenset[str], frozenset[str]]]


@dataclass(frozen=True, kw_only=True)
class Issue:
    """An edition as a reader hears of it: what happened since ``earlier``.

    ``earlier`` is the edition of the month before; for a correction the edition that it corrects
    and that was mailed. Only public columns are in it. ``find`` gives the Kurs-IDs that a search
    finds now, and those that it found before: a course that left a filter is told as well.
    """

    edition: Edition
    earlier: Edition | None
    is_correction: bool
    words: CodeWords
    levels: Sequence[Level]
    rows: Sequence[Row]
    changes: Sequence[Change]
    find: Finder

    @cached_property
    def news(self) -> News:
        """What is told of it; of a correction everything that differs."""
        if self.is_correction:
            return _corrected(self.changes, self.rows)
        return news_of(self.changes, self.rows)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one reader gets of an issue: the filter in words, what is new, how many courses fit."""

    filters: Filters
    filter_words: Sequence[str]
    news: News
    courses: int


def issue_of(session: Session, edition: Edition) -> Issue:
    """Return what there is to tell about a stored edition; six statements at most."""
    mailed = mailed_before(session, edition)
    earlier = mailed or catalogue.month_before(session, edition)
    keys = [edition.id] if earlier is None else [edition.id, earlier.id]

    def find(search: Search) -> tuple[frozenset[str], frozenset[str]]:
        found = catalogue.fitting(session, keys, search)
        return found[keys[0]], found[keys[-1]]

    withheld = withheld_by(edition)
    rows = public_rows(session, edition, withheld)
    before = [] if earlier is None else public_rows(session, earlier, withheld)
    return Issue(
        edition=edition,
        earlier=earlier,
        is_correction=mailed is not None,
        words=words_of(edition),
        levels=catalogue.levels(session),
        rows=rows,
        changes=changes_between(before, rows) if earlier else (),
        find=find,
    )


def mailed_before(session: Session, edition: Edition) -> Edition | None:
    """Return the newest edition of the same month that readers were told of before."""
    query = (
        select(Edition)
        .join(Mailing, Mailing.edition_id == Edition.id)
        .where(
            Edition.course_list_id == edition.course_list_id,
            Edition.month == edition.month,
            Edition.number < edition.number,
            Mailing.sends.is_(True),
            Mailing.withdrawn_at.is_(None),
            stands(),
        )
        .order_by(Edition.number.desc(), Edition.id)
        .limit(1)
    )
    return session.scalar(query)


def withheld_by(edition: Edition) -> frozenset[str]:
    """Return the facts that the layout of an edition keeps for professionals."""
    return layout_from(edition.layout).withheld


def public_rows(session: Session, edition: Edition, withheld: Collection[str]) -> list[Row]:
    """Return the rows that everybody may see; internal columns are not even read.

    ``withheld`` are facts that count as unknown.
    """
    entries = catalogue.entries(session, edition, EVERYTHING)
    return [public_row(entry, withheld) for entry in entries]


def public_row(entry: EditionEntry, withheld: Collection[str]) -> dict[str, object]:
    """Return what everybody may see of an entry."""
    return {
        column.attribute: None if column.attribute in withheld else getattr(entry, column.attribute)
        for column in PUBLIC_COLUMNS
    }


def words_of(edition: Edition) -> CodeWords:
    """Return the words that were frozen with an edition."""
    frozen: Mapping[str, Any] = edition.words
    return CodeWords(
        course_types=dict(frozen["course_types"]),
        levels=dict(frozen["levels"]),
        statuses=dict(frozen["statuses"]),
    )


def stored_search(filters: Filters, words: CodeWords, levels: Sequence[Level]) -> Search:
    """Return the search behind a stored filter.

    A value counts also if no course of the edition has it: a filter must not widen because the
    last course in its town ended.
    """
    labels = {"art": words.course_types, "niveau": words.levels}
    known = {level.code for level in levels}
    options = {
        name: [
            Option(value, labels.get(name, {}).get(value, value), 0)
            for value in filters.get(name, ())
            if name != "niveau" or value in known
        ]
        for name in CHOICES
    }
    return read_search(filters, options, levels)


def reading_of(issue: Issue, filters: Filters) -> Reading:
    """Return what is in an issue for a filter; one statement, none without a filter."""
    if not filters:
        return Reading(filters={}, filter_words=(), news=issue.news, courses=len(issue.rows))
    search = stored_search(filters, issue.words, issue.levels)
    # A filter of which a part is not understood any more finds nothing rather than everything.
    nothing: frozenset[str] = frozenset()
    now, before = (nothing, nothing) if search.unknown else issue.find(search)
    return Reading(
        filters=filters,
        filter_words=[criterion.label for criterion in search.criteria],
        news=_only(issue.news, now | before),
        courses=len(now),
    )


def is_worth_a_mail(issue: Issue, reading: Reading, *, always: bool) -> bool:
    """Return whether a reader is written to.

    Of a month everybody hears who wants the whole list, or wants to hear always; with a filter
    whoever has news in it. Of a correction only whoever it touches.
    """
    if issue.is_correction:
        return bool(reading.news)
    if always or not reading.filters:
        return True
    return bool(reading.news) if issue.earlier else reading.courses > 0


def _only(news: News, course_ids: frozenset[str]) -> News:
    return News(
        {
            kind: tuple(item for item in items if item.course_id in course_ids)
            for kind, items in news.items.items()
        }
    )


def _corrected(changes: Iterable[Change], rows: Iterable[Row]) -> News:
    """Return a correction as news: here a telephone number matters too."""
    by_id = {str(row["course_id"]): row for row in rows}
    found: dict[NewsKind, list[NewsItem]] = {kind: [] for kind in NewsKind}
    for change in changes:
        row = by_id.get(change.course_id)
        found[_kind_of(change, row)].append(
            NewsItem(
                course_id=change.course_id,
                title=change.title,
                provider=change.provider,
                row=row,
                fields=change.fields,
            )
        )
    return News({kind: tuple(items) for kind, items in found.items()})


def _kind_of(change: Change, row: Row | None) -> NewsKind:
    if change.kind is ChangeKind.CHANGED:
        is_cancelled = row is not None and row.get("status") == CourseStatus.CANCELLED
        became = any(field.attribute == "status" for field in change.fields)
        return NewsKind.CANCELLED if is_cancelled and became else NewsKind.CHANGED
    return NewsKind.NEW if change.kind is ChangeKind.NEW else NewsKind.ENDED
