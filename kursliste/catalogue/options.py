"""What can be looked for in an edition: the values of its filters."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kursliste.domain.course import ADMISSION_WORDS, Delivery, TimeOfDay
from kursliste.domain.edition import COLUMN_GROUPS, folded
from kursliste.models.codes import Level
from kursliste.web.languages import N_, fact_word

CHOICES: Final[Mapping[str, str]] = {
    "gruppe": N_("Gruppe"),
    "art": N_("Kursart"),
    "niveau": N_("Niveau"),
    "ort": N_("Ort"),
    "tageszeit": N_("Tageszeit"),
    "form": N_("Form"),
    "zugang": N_("Zugang"),
    "traeger": N_("Träger"),
}
"""Parameters that take one or several values of the edition, and what they are called."""

CODED: Final[Mapping[str, str]] = {
    "gruppe": "course_group",
    "art": "course_type",
    "niveau": "level",
    "tageszeit": "time_of_day",
    "form": "delivery",
    "zugang": "admission",
}
"""Parameters whose values have words in every language, and the attribute behind them."""

VOCABULARY: Final[Mapping[str, Sequence[str]]] = {
    "gruppe": COLUMN_GROUPS,
    "tageszeit": tuple(TimeOfDay),
    "form": tuple(Delivery),
    "zugang": ADMISSION_WORDS,
}


@dataclass(frozen=True)
class Option:
    """A value that can be looked for, its words, and how many courses of the edition have it.

    A value of the trade that no course of this edition has is not offered, but known: an old
    bookmark then finds nothing instead of everything.
    """

    value: str
    label: str
    count: int
    is_offered: bool = True


def word_of(parameter: str, option: "Option") -> str:
    """Return the words of a value in the language of the page."""
    attribute = CODED.get(parameter)
    return fact_word(attribute, option.value, option.label) if attribute else option.label


def options_of(
    facets: Iterable[Mapping[str, object]],
    words: Mapping[str, Mapping[str, str]],
    levels: Sequence[Level],
) -> dict[str, list[Option]]:
    """Return what can be looked for in an edition, with the number of courses that have it.

    ``words`` are the frozen labels of the edition by parameter. Offered are all levels between the
    lowest and the highest of the edition, without a number: a course covers several.
    """
    rows = list(facets)
    found = {
        parameter: _counted(rows, parameter, words.get(parameter, {})) for parameter in CHOICES
    }
    for parameter, options in found.items():
        labels = words.get(parameter, {})
        known = {option.value for option in options}
        more = (*VOCABULARY.get(parameter, ()), *labels)
        options += [
            Option(value, labels.get(value, value), 0, is_offered=False)
            for value in map(str, more)
            if value not in known
        ]
    found["niveau"] = _level_options(rows, words["niveau"], levels)
    return found


def _level_options(
    rows: Iterable[Mapping[str, object]], labels: Mapping[str, str], levels: Sequence[Level]
) -> list[Option]:
    sorts = [row[name] for row in rows for name in ("level_from_sort", "level_to_sort")]
    known = [sort for sort in sorts if isinstance(sort, int)]
    return [
        Option(
            level.code,
            labels.get(level.code, level.label),
            0,
            is_offered=bool(known) and min(known) <= level.sort <= max(known),
        )
        for level in levels
    ]


def _counted(
    rows: Iterable[Mapping[str, object]], parameter: str, labels: Mapping[str, str]
) -> list[Option]:
    counts: dict[str, int] = {}
    for row in rows:
        value = row.get(parameter)
        for word in value if isinstance(value, tuple) else (value,):
            if word:
                counts[str(word)] = counts.get(str(word), 0) + 1
    options = [Option(value, labels.get(value, value), n) for value, n in counts.items()]
    if parameter in {"gruppe", "art"}:
        return options  # already in the order of the list
    return sorted(options, key=lambda option: (folded(option.label), option.value))
