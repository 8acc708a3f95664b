"""The search over the current lists of all districts, or of some."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from kursliste.catalogue import known
from kursliste.catalogue.finding import (
    EVERYWHERE,
    PER_PAGE,
    Area,
    Found,
    FoundCourse,
    counts_of,
    find,
)
from kursliste.catalogue.interim_news import interim_news
from kursliste.catalogue.listing import Line, line_of
from kursliste.catalogue.options import CHOICES, VOCABULARY, Option
from kursliste.catalogue.search import (
    FLAGS,
    MOST_KM,
    Criterion,
    Search,
    read_search,
)
from kursliste.catalogue.tallying import Counted
from kursliste.domain.words import sought_words
from kursliste.infrastructure.places import point_of_postcode
from kursliste.models.masterdata import District
from kursliste.web.languages import gettext as _

IN_SEARCH: Final = ("beginn", "plaetze", "entfernung", "niveau", "ort", "traeger")
DISTRICT: Final = "kreis"
AROUND: Final = "nachbarn"
ALIKE: Final = 65
"""How alike a known word has to be to one that nobody knows (rapidfuzz ratio, 0 to 100)."""

Arguments = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class WayOut:
    """Another search that finds something: what is different, and how many courses it finds."""

    label: str
    arguments: Mapping[str, Sequence[str]]
    count: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """A course that was found, in words, with its edition and how far away it is."""

    line: Line
    found: FoundCourse

    @property
    def kilometres(self) -> str:
        """How far away it is, as people say it."""
        km = self.found.kilometres
        return "" if km is None else _("%(km)s km entfernt", km=max(1, round(km)))


@dataclass(frozen=True)
class Here:
    """Where to look: in which districts, and which neighbours of theirs belong to it."""

    area: Area
    chosen: Sequence[District] = ()
    around: Sequence[District] = ()

    def arguments(self, without: str = "") -> dict[str, list[str]]:
        """Return the parameters of an address that say it, or it less a district or neighbours."""
        slugs = [one.slug for one in self.chosen if one.slug != without]
        if not slugs:
            return {}
        keeps_around = self.around and without != AROUND
        return {DISTRICT: slugs} | ({AROUND: ["1"]} if keeps_around else {})


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """``better`` is the spelling that was looked for instead of the one that was typed.

    ``has_neighbours`` is whether a neighbour of a chosen district is known.
    """

    search: Search
    options: Mapping[str, Sequence[Option]]
    flags: Mapping[str, int]
    districts: Sequence[District]
    here: Here
    has_neighbours: bool
    results: Sequence[Result]
    count: int
    is_capped: bool
    better: str
    ways_out: Sequence[WayOut]

    @property
    def chosen(self) -> Sequence[District]:
        """The districts that were chosen."""
        return self.here.chosen

    @property
    def sorts(self) -> Mapping[str, str]:
        """The ways of sorting; by distance only from somewhere."""
        return self.search.sorts(IN_SEARCH)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // PER_PAGE))

    def arguments(
        self, *, without: Criterion | None = None, without_district: str = "", **changed: str
    ) -> dict[str, list[str]]:
        """Return the parameters of an address that shows the same, or something less."""
        found = self.search.arguments(without=without, **changed)
        return found | self.here.arguments(without_district)


def here_of(session: Session, arguments: Arguments, chosen: Sequence[District]) -> Here:
    """Return where to look: in the chosen districts, and in their neighbours where asked for."""
    if not chosen:
        return Here(EVERYWHERE)
    keys = frozenset(one.id for one in chosen)
    near = known.known_neighbours(session) if "1" in arguments.get(AROUND, ()) else {}
    around = frozenset[int]().union(*(near.get(key, ()) for key in keys)) - keys
    beside = [one for one in known.known_districts(session) if one.id in around]
    return Here(Area(keys | around), chosen, beside)


def search_page(session: Session, arguments: Arguments, *, is_internal: bool = False) -> SearchPage:
    """Return what an address looks for; an unknown district is named and ignored."""
    districts = known.known_districts(session)
    options = _options(session)
    search, chosen = read_for(session, arguments, options)
    here = here_of(session, arguments, chosen)
    if "1" in arguments.get(AROUND, ()) and not here.around:
        search = replace(
            search, unknown=[*search.unknown, (_("auch in den Nachbarkreisen"), _("nicht bekannt"))]
        )
    wider = here_of(session, {AROUND: ["1"]}, chosen)
    found = find(session, search, area=here.area, is_internal=is_internal)
    better = ""
    if not found.count and search.text:
        better = spelled_better(search.text, known.known_words(session))
        if better:
            found = find(session, search.spelled(better), area=here.area, is_internal=is_internal)
    ways = [] if found.count else _ways_out(session, search, here, wider)
    return SearchPage(
        search=search,
        options=_offered(options, found.counts, search),
        flags={name: found.counts[name].get("1", 0) for name in FLAGS},
        districts=districts,
        here=here,
        has_neighbours=bool(wider.around),
        results=results_of(found),
        count=found.count,
        is_capped=found.is_capped,
        better=better if found.count else "",
        ways_out=ways,
    )


def read_for(
    session: Session,
    arguments: Arguments,
    options: Mapping[str, Sequence[Option]] | None = None,
) -> tuple[Search, list[District]]:
    """Return what an address looks for, and in which districts; none is everywhere."""
    chosen, unknown = _chosen(known.known_districts(session), arguments)
    search = read_search(
        arguments,
        options or _options(session),
        list(known.known_codes(session).levels.values()),
        "beginn",
        point_of=lambda postcode: point_of_postcode(session, postcode),
        rarest_first=lambda words: known.rarest_first(session, words),
    )
    sort = search.sort if search.sort in IN_SEARCH else "beginn"
    return replace(search, sort=sort, unknown=[*search.unknown, *unknown]), chosen


def results_of(found: Found) -> list[Result]:
    """Return what was found in words."""
    return [Result(line=_line(one), found=one) for one in found.courses]


def _line(one: FoundCourse) -> Line:
    words = one.head.words
    news = interim_news(one.entry, one.told, words["status"])
    return line_of(one.entry, words, news, one.head.told)


def _chosen(
    districts: Sequence[District], arguments: Arguments
) -> tuple[list[District], list[tuple[str, str]]]:
    by_slug = {district.slug: district for district in districts}
    wanted = list(dict.fromkeys(value.strip() for value in arguments.get(DISTRICT, ()) if value))
    chosen = [by_slug[slug] for slug in wanted if slug in by_slug]
    return chosen, [(_("Landkreis"), slug) for slug in wanted if slug and slug not in by_slug]


def _options(session: Session) -> dict[str, list[Option]]:
    """Return all values that can be looked for; those that no course has are known all the same."""
    codes = known.known_codes(session)
    found = {
        name: [Option(str(v), str(v), 0) for v in VOCABULARY.get(name, ())] for name in CHOICES
    }
    found["art"] = [Option(code, row.label, 0) for code, row in codes.course_types.items()]
    found["niveau"] = [Option(code, row.label, 0) for code, row in codes.levels.items()]
    return {**found, **known.known_places(session)}


def _offered(
    options: Mapping[str, Sequence[Option]], counts: Counted, search: Search
) -> dict[str, list[Option]]:
    """Offer what finds something: of forty kinds of course a region has ten, of all towns fifty."""
    return {
        name: [
            replace(option, count=counts[name].get(option.value, 0))
            for option in found
            if counts[name].get(option.value) or option.value in search.chosen(name)
        ]
        for name, found in options.items()
    }


def spelled_better(text: str, words: Sequence[str]) -> str:
    """Return what somebody may have meant; empty if every word is known or nothing is alike."""
    spelled = [_nearest(word, words) for word in sought_words(text)]
    return "" if spelled == sought_words(text) else " ".join(spelled)


def _nearest(word: str, words: Sequence[str]) -> str:
    if len(word) < 3 or any(word in known_word for known_word in words):  # noqa: PLR2004 -- A1
        return word
    best = process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return word if best is None else best[0]


# ---- nobody is left standing


def _ways_out(session: Session, search: Search, here: Here, wider: Here) -> list[WayOut]:
    """Return other searches that find something, the nearest to what was asked first."""
    tries = list(_other_searches(search, here, wider))
    counts = counts_of(session, [(less, where.area) for _label, less, where in tries])
    return [
        WayOut(label=label, arguments=less.arguments() | where.arguments(), count=count)
        for (label, less, where), count in zip(tries, counts, strict=True)
        if count
    ]


def _other_searches(search: Search, here: Here, wider: Here) -> Iterator[tuple[str, Search, Here]]:
    if search.centre is not None:
        for km in (km for km in (20, 50, 100) if search.radius_km < km <= MOST_KM):
            yield _("im Umkreis von %(km)s km", km=km), search.within(km), here
    if len(wider.around) > len(here.around):
        yield _("auch in den Nachbarkreisen"), search, wider
    if here.chosen:
        yield _("in allen Landkreisen"), search, Here(EVERYWHERE)
    words = search.text.split()
    for at, word in enumerate(words if len(words) > 1 else ()):
        yield _("ohne „%(filter)s“", filter=word), search.spelled(_but(words, at)), here
    for criterion in search.criteria:
        less = replace(search, criteria=[c for c in search.criteria if c is not criterion])
        if criterion.parameter == "plz":
            less = replace(less, centre=None)
        yield _("ohne „%(filter)s“", filter=criterion.bare), less, here


def _but(words: Sequence[str], at: int) -> str:
    return " ".join(word for number, word in enumerate(words) if number != at)
