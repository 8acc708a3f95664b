"""Everything that the page of an edition shows, put together once per request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from kursliste.catalogue import match_queries, queries
from kursliste.catalogue.counting import answers, with_counts
from kursliste.catalogue.interim_news import InterimNews, interim_news
from kursliste.catalogue.listing import SORT_OF, Group, groups_of
from kursliste.catalogue.news_section import NewsPart, news_section
from kursliste.catalogue.options import Option, options_of
from kursliste.catalogue.search import FLAGS, Criterion, Search, read_search
from kursliste.domain.calendar import Month
from kursliste.domain.edition import CodeWords, change_from
from kursliste.domain.errors import KurslisteError
from kursliste.domain.geo import distance_km
from kursliste.domain.interim import has_place
from kursliste.domain.layout import Layout, layout_from
from kursliste.domain.page_columns import ShownColumn, page_columns, public_facts
from kursliste.infrastructure import clock
from kursliste.infrastructure.places import point_of_postcode
from kursliste.infrastructure.remembering import Remembered
from kursliste.models.codes import Level
from kursliste.models.edition import Edition, EditionEntry, EditionFile
from kursliste.models.masterdata import District
from kursliste.web.news_words import ChangedCourse, corrected_courses, on_page


class WithdrawnEditionError(KurslisteError):
    """The edition was taken back; its page and its files are gone (410)."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(edition.name)
        self.edition = edition


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Numbers of the whole public list, whatever is filtered."""

    courses: int
    with_free_seats: int
    providers: int
    towns: int


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """``replaced_by`` is the newest edition of the same month, ``newer_month`` the current one.

    ``flags`` is how many courses each yes-or-no filter would leave.

    ``corrected`` is what a correction changed in the edition that it replaces, ``left_out`` how
    many courses are missing because nobody confirmed them, ``erased_on`` when a person's data were
    taken out. ``ways_out`` are the criteria with the
    number of courses that would fit without each; only where nothing fits. ``news`` are told above
    the whole list, not above a part of it.
    """

    district: District
    edition: Edition
    search: Search
    options: Mapping[str, Sequence[Option]]
    flags: Mapping[str, int]
    layout: Layout
    groups: Sequence[Group]
    found: int
    summary: Summary
    files: Sequence[EditionFile]
    corrected: Sequence[ChangedCourse]
    left_out: int
    erased_on: date | None
    replaced_by: tuple[int, str] | None
    newer_month: Month | None
    ways_out: Sequence[tuple[Criterion, int]]
    news: Sequence[NewsPart]

    @property
    def sorts(self) -> Mapping[str, str]:
        """The ways of sorting and their words; by distance only from somewhere."""
        return self.search.sorts()

    @property
    def columns(self) -> Sequence[ShownColumn]:
        """The columns of the table in the order of the edition's layout."""
        return page_columns(self.layout)

    @property
    def filters(self) -> Mapping[str, Sequence[str]]:
        """What is looked for, without the way of sorting."""
        arguments = self.search.arguments()
        return {name: values for name, values in arguments.items() if name != "sortierung"}

    @property
    def is_current(self) -> bool:
        """Whether this is what the district's own address shows."""
        return self.replaced_by is None and self.newer_month is None


@dataclass(frozen=True)
class _Known:
    """What never changes about an edition, read once: its head, files, and its rows' values."""

    edition: Edition
    facets: Sequence[Mapping[str, object]]


_editions: Final[Remembered[_Known]] = Remembered(256)
_levels: Final[Remembered[Sequence[Level]]] = Remembered(1, seconds=60)


def known_levels(session: Session) -> Sequence[Level]:
    """Return the language levels in their order, a minute old at most."""
    return _levels.get("levels", lambda: queries.levels(session))


def _known(session: Session, one: queries.Numbered) -> _Known:
    def read() -> _Known:
        edition = queries.edition_by_id(session, one.id)
        facets = match_queries.facets(session, one.id)
        session.expunge_all()  # what is remembered outlives the request
        return _Known(edition, facets)

    return _editions.get((one.id, one.erasures, one.is_withdrawn), read)


def list_page(
    session: Session,
    slug: str,
    arguments: Mapping[str, Sequence[str]],
    *,
    month: Month | None = None,
    number: int | None = None,
) -> ListPage:
    """Return the page of a district's edition; three statements once the edition is known.

    Raises NotFoundError where there is none, WithdrawnEditionError where it was taken back.
    """
    shelved = queries.shelved(session, slug)
    one = shelved.one(month, number)
    district = shelved.district
    known = _known(session, one)
    edition = known.edition
    if edition.withdrawal is not None:
        raise WithdrawnEditionError(edition)
    others = shelved.standing
    newest = next(other for other in others if other.month == edition.month)
    is_current = others[0].id == edition.id
    words, levels = words_of(edition), known_levels(session)
    layout = layout_from(edition.layout)
    options = options_of(known.facets, words, levels)
    search = read_search(
        arguments,
        options,
        levels,
        SORT_OF[layout.grouping],
        point_of=lambda postcode: point_of_postcode(session, postcode),
    )
    # History does not move: news stand beside the current edition only.
    matches = match_queries.matches(session, edition.id, search, is_current=is_current)
    answered = answers(known.facets, matches, search, levels)
    entries = queries.entries_by_id(session, [match.entry_id for match in answered.found])
    news = news_since(entries, answered.found, words["status"])
    return ListPage(
        district=district,
        edition=edition,
        search=search,
        options=with_counts(options, answered.counts),
        flags={name: answered.counts[name].get("1", 0) for name in FLAGS},
        layout=layout,
        groups=groups_of(
            entries,
            search.sort,
            words,
            news,
            public_facts(layout),
            kilometres_of(answered.found, search),
        ),
        found=len(entries),
        summary=_summary(known.facets, answered.with_free_seats),
        files=_files(edition),
        corrected=_corrected(edition),
        left_out=sum(int(found["public"]) for found in edition.left_out or ()),
        erased_on=clock.day_of(edition.erasures[-1].erased_at) if edition.erasures else None,
        replaced_by=None if newest.number == edition.number else (newest.number, newest.reason),
        newer_month=others[0].month if others[0].month != edition.month else None,
        ways_out=answered.ways_out,
        news=[] if search.criteria else news_section(edition, entries),
    )


def kilometres_of(found: Sequence[match_queries.Match], search: Search) -> dict[int, float]:
    """Return how far away the rows that were found are, by key, where that is known."""
    if search.centre is None:
        return {}
    centre = search.centre
    return {match.entry_id: distance_km(centre, match.at) for match in found if match.at}


def news_since(
    entries: Sequence[EditionEntry],
    found: Sequence[match_queries.Match],
    statuses: Mapping[str, str],
) -> dict[str, InterimNews]:
    """Return what was told of rows since they were published, by Kurs-ID."""
    told = {match.entry_id: match.told for match in found}
    beside = {entry.course_id: interim_news(entry, told[entry.id], statuses) for entry in entries}
    return {course_id: news for course_id, news in beside.items() if news is not None}


def page_of(
    edition: Edition,
    entries: Sequence[EditionEntry],
    *,
    district: District,
    facets: Sequence[Mapping[str, object]],
    levels: Sequence[Level],
) -> ListPage:
    """Return the page of an edition that is not stored, unfiltered and without files.

    ``entries`` are its public rows, ``facets`` what filters and summary count of them.
    """
    words = words_of(edition)
    layout = layout_from(edition.layout)
    options = options_of(facets, words, levels)
    search = read_search({}, options, levels, usual_sort=SORT_OF[layout.grouping])
    free = sum(has_place({"seats_free": e.seats_free, "status": e.status}) for e in entries)
    return ListPage(
        district=district,
        edition=edition,
        search=search,
        options=options,
        flags={},
        layout=layout,
        groups=groups_of(entries, search.sort, words, {}, public_facts(layout)),
        found=len(entries),
        summary=_summary(facets, free),
        files=(),
        corrected=_corrected(edition),
        left_out=sum(int(found["public"]) for found in edition.left_out or ()),
        erased_on=None,
        replaced_by=None,
        newer_month=None,
        ways_out=(),
        news=news_section(edition, entries),
    )


def _corrected(edition: Edition) -> list[ChangedCourse]:
    frozen = edition.words
    words = CodeWords(
        course_types=dict(frozen["course_types"]),
        levels=dict(frozen["levels"]),
        statuses=dict(frozen["statuses"]),
    )
    public = [change for change in edition.corrected or () if change["is_internal"] is False]
    return corrected_courses(map(change_from, public), words, on_page)


def words_of(edition: Edition) -> dict[str, dict[str, str]]:
    """Return the frozen words of an edition by the parameter that they belong to."""
    frozen = edition.words
    return {
        "art": dict(frozen["course_types"]),
        "niveau": dict(frozen["levels"]),
        "status": dict(frozen["statuses"]),
    }


def _summary(facets: Sequence[Mapping[str, object]], with_free_seats: int) -> Summary:
    return Summary(
        courses=len(facets),
        with_free_seats=with_free_seats,
        providers=len({row["traeger"] for row in facets}),
        towns=len({row["ort"] for row in facets if row["ort"]}),
    )


def _files(edition: Edition) -> list[EditionFile]:
    """Return the downloads in the order in which people want them."""
    order = {"xlsx": 0, "pdf": 1, "csv": 2, "json": 3, "ics": 4}
    public = [f for f in edition.files if not f.is_internal and f.format in order]
    return sorted(public, key=lambda file: order[file.format])
