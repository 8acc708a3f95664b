"""How many courses each value of a filter would leave, given everything else that is set."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kursliste.catalogue.match_queries import Match
from kursliste.catalogue.options import CHOICES, Option
from kursliste.catalogue.search import FLAGS, Criterion, Search
from kursliste.domain.level_fit import sought
from kursliste.models.codes import Level

Values = Mapping[str, object]
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Answers:
    """Which rows a search finds, and what would be found with other values.

    ``counts`` goes by parameter and value, flags included: value "1".
    """

    found: Sequence[Match]
    counts: Counts
    ways_out: Sequence[tuple[Criterion, int]]
    with_free_seats: int


def answers(
    facets: Sequence[Values], matches: Sequence[Match], search: Search, levels: Sequence[Level]
) -> Answers:
    """Count for one edition; ``facets`` and ``matches`` are its rows in the same order."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*CHOICES, *FLAGS)}
    pairs: Counter[tuple[int | None, int | None]] = Counter()
    found = []
    for values, match in zip(facets, matches, strict=True):
        failed = failing(search, match.fits)
        if not failed:
            found.append(match)
        for name in CHOICES:
            if failed <= {name}:
                counts[name].update(words_in(values.get(name)))
        if failed <= {"niveau"}:
            pairs[_sort(values, "level_from_sort"), _sort(values, "level_to_sort")] += 1
        for name in FLAGS:
            if match.flags[name] and failed <= {name}:
                counts[name]["1"] += 1
    counts["niveau"] = level_counts(pairs, levels)
    return Answers(
        found=found,
        counts=counts,
        ways_out=[] if found else list(_ways_out(matches, search)),
        with_free_seats=sum(match.flags["frei"] for match in matches),
    )


def failing(search: Search, fits: Sequence[bool]) -> set[str]:
    """Return the parameters that a row does not fulfil: none of their values fits."""
    good, named = set(), set()
    for criterion, is_met in zip(search.criteria, fits, strict=True):
        named.add(criterion.parameter)
        if is_met:
            good.add(criterion.parameter)
    return named - good


def _ways_out(matches: Sequence[Match], search: Search) -> Iterable[tuple[Criterion, int]]:
    for number, criterion in enumerate(search.criteria):
        less = replace(search, criteria=[c for c in search.criteria if c is not criterion])
        count = sum(
            not failing(less, [*match.fits[:number], *match.fits[number + 1 :]])
            for match in matches
        )
        yield criterion, count


def words_in(value: object) -> tuple[str, ...]:
    """Return the values of a row for one parameter: several, one, or none."""
    if isinstance(value, tuple):
        return value
    return (str(value),) if value else ()


def _sort(values: Values, name: str) -> int | None:
    value = values.get(name)
    return value if isinstance(value, int) else None


def level_counts(
    pairs: Mapping[tuple[int | None, int | None], int], levels: Sequence[Level]
) -> Counter[str]:
    """Return for each level how many courses pass it; ``pairs`` are begin and goal of courses."""
    known = [(level.code, level.sort, level.cefr) for level in levels]
    found: Counter[str] = Counter()
    for level in levels:
        this = sought(level.code, known)
        found[level.code] = sum(n for ends, n in pairs.items() if this.is_passed(*ends))
    return found


def with_counts(options: Mapping[str, Sequence[Option]], counts: Counts) -> dict[str, list[Option]]:
    """Return the options with the number of courses that each would leave."""
    return {
        name: [replace(option, count=counts[name].get(option.value, 0)) for option in found]
        for name, found in options.items()
    }
