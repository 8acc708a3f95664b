"""Everything that the page of an edition shows, put together once per request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from kursliste.catalogue import queries
from kursliste.catalogue.interim_news import news_beside
from kursliste.catalogue.listing import SORT_OF, Group, groups_of
from kursliste.catalogue.news_section import NewsPart, news_section
from kursliste.catalogue.options import Option, options_of
from kursliste.catalogue.search import SORTS, Criterion, Search, read_search
from kursliste.domain.calendar import Month
from kursliste.domain.edition import CodeWords, change_from
from kursliste.domain.errors import KurslisteError
from kursliste.domain.layout import Layout, layout_from
from kursliste.domain.page_columns import ShownColumn, page_columns, public_facts
from kursliste.infrastructure import clock
from kursliste.models.codes import Level
from kursliste.models.edition import Edition, EditionEntry, EditionFile
from kursliste.models.masterdata import District
from kursliste.web.news_words import ChangedCourse, corrected_courses


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
        """The ways of sorting and their words."""
        return SORTS

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


def list_page(
    session: Session,
    slug: str,
    arguments: Mapping[str, Sequence[str]],
    *,
    month: Month | None = None,
    number: int | None = None,
) -> ListPage:
    """Return the page of a district's edition.

    Raises NotFoundError where there is none, WithdrawnEditionError where it was taken back.
    """
    district = queries.district_by_slug(session, slug)
    edition = queries.edition(session, district, month, number)
    if edition.withdrawal is not None:
        raise WithdrawnEditionError(edition)
    words = words_of(edition)
    levels = queries.levels(session)
    others = queries.numbers(session, district)
    newest = next((n, why) for m, n, why in others if m == edition.month)
    is_current = others[0][:2] == (edition.month, edition.number)
    # History does not move: news stand beside the current edition only.
    news = news_beside(session, edition, words["status"]) if is_current else {}
    now = {course_id: told.has_place for course_id, told in news.items()}
    facets = queries.facets(session, edition, now)
    options = options_of(facets, words, levels)
    layout = layout_from(edition.layout)
    search = read_search(arguments, options, levels, now, SORT_OF[layout.grouping])
    entries = queries.entries(session, edition, search)
    return ListPage(
        district=district,
        edition=edition,
        search=search,
        options=options,
        layout=layout,
        groups=groups_of(entries, search.sort, words, news, public_facts(layout)),
        found=len(entries),
        summary=_summary(facets),
        files=_files(edition),
        corrected=_corrected(edition),
        left_out=sum(int(found["public"]) for found in edition.left_out or ()),
        erased_on=clock.day_of(edition.erasures[-1].erased_at) if edition.erasures else None,
        replaced_by=None if newest[0] == edition.number else newest,
        newer_month=others[0][0] if others[0][0] != edition.month else None,
        ways_out=[] if entries else _ways_out(session, edition, search),
        news=[] if search.criteria else news_section(edition, entries),
    )


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
    return ListPage(
        district=district,
        edition=edition,
        search=search,
        options=options,
        layout=layout,
        groups=groups_of(entries, search.sort, words, {}, public_facts(layout)),
        found=len(entries),
        summary=_summary(facets),
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
    return corrected_courses(map(change_from, public), words)


def words_of(edition: Edition) -> dict[str, dict[str, str]]:
    """Return the frozen words of an edition by the parameter that they belong to."""
    frozen = edition.words
    return {
        "art": dict(frozen["course_types"]),
        "niveau": dict(frozen["levels"]),
        "status": dict(frozen["statuses"]),
    }


def _summary(facets: Sequence[Mapping[str, object]]) -> Summary:
    return Summary(
        courses=len(facets),
        with_free_seats=sum(row["frei"] == 1 for row in facets),
        providers=len({row["traeger"] for row in facets}),
        towns=len({row["ort"] for row in facets if row["ort"]}),
    )


def _files(edition: Edition) -> list[EditionFile]:
    """Return the downloads in the order in which people want them."""
    order = {"xlsx": 0, "pdf": 1, "csv": 2, "json": 3, "ics": 4}
    public = [f for f in edition.files if not f.is_internal and f.format in order]
    return sorted(public, key=lambda file: order[file.format])


def _ways_out(session: Session, edition: Edition, search: Search) -> list[tuple[Criterion, int]]:
    if not search.criteria:
        return []
    counts = queries.counts_without(session, edition, search)
    return list(zip(search.criteria, counts, strict=True))
