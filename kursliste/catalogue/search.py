"""What a reader looks for: read from the address, kept as conditions on rows.

Filters are GET parameters, the same everywhere (INTERFACE.md). A value that nobody knows is named
on the page and ignored; it never ends in an error. The conditions are built for the rows that are
looked through: those of one edition, or those of all current ones (``rows``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, or_

from kursliste.catalogue.options import CHOICES, Option, word_of
from kursliste.catalogue.rows import ENTRIES, Rows
from kursliste.domain.edition import folded
from kursliste.domain.geo import Point
from kursliste.domain.level_fit import sought
from kursliste.domain.profile import Profile
from kursliste.domain.words import sought_words
from kursliste.models.codes import Level
from kursliste.web.languages import N_
from kursliste.web.languages import gettext as _

LONGEST_TEXT: Final = 200
MOST_WORDS: Final = 12
FLAGS: Final[Mapping[str, str]] = {
    "frei": N_("freie Plätze"),
    "quereinstieg": N_("Quereinstieg möglich"),
    "kinderbetreuung": N_("Kinderbetreuung"),
    "frauen": N_("für Frauen"),
    "kostenlos": N_("kostenlos"),
    "barrierefrei": N_("barrierefrei"),
}
DATES: Final[Mapping[str, str]] = {"ab": N_("Beginn ab"), "bis": N_("Beginn bis")}
SORTS: Final[Mapping[str, str]] = {
    "gruppe": N_("nach Kursgruppe"),
    "ort": N_("nach Ort"),
    "niveau": N_("nach Niveau"),
    "traeger": N_("nach Träger"),
    "beginn": N_("nach Beginn"),
    "plaetze": N_("nach freien Plätzen"),
    "entfernung": N_("nach Entfernung"),
    "ohne": N_("ohne Gruppen"),
}
WHERE: Final[Mapping[str, str]] = {"plz": N_("PLZ"), "umkreis": N_("Umkreis")}
PLACES: Final = ("ort", "traeger")
"""Choices with as many values as there are places and houses: no part of a profile."""

USUAL_KM: Final = 20
MOST_KM: Final = 300
Build = Callable[[Rows], ColumnElement[bool]]
Suits = Callable[[Profile], bool]


@dataclass(frozen=True)
class Criterion:
    """One thing that is looked for; criteria of the same parameter widen, others narrow.

    ``suits`` says the same as ``build`` of a profile, where a profile is all it takes.
    """

    parameter: str
    value: str
    label: str
    build: Build
    suits: Suits | None = None

    @property
    def bare(self) -> str:
        """The label for a text that puts it into quotation marks itself."""
        return self.label.strip("„“")


@dataclass(frozen=True, kw_only=True)
class Search:
    """Everything read from an address; ``usual_sort`` is the way in which the rows stand.

    ``centre`` is the middle of the postcode that distances are counted from, ``page`` begins at 1.
    """

    criteria: Sequence[Criterion] = ()
    unknown: Sequence[tuple[str, str]] = ()
    sort: str = "gruppe"
    usual_sort: str = "gruppe"
    centre: Point | None = None
    radius_km: int = USUAL_KM
    page: int = 1

    def chosen(self, parameter: str) -> list[str]:
        """Return the values in use for a parameter."""
        return [c.value for c in self.criteria if c.parameter == parameter]

    @property
    def text(self) -> str:
        """The words that are looked for, as they were typed."""
        return next(iter(self.chosen("q")), "")

    @property
    def typed(self) -> str:
        """What stands in the box: the words, understood or not."""
        not_understood = (value for name, value in self.unknown if name == _heading("q"))
        return self.text or next(not_understood, "")

    def arguments(
        self, *, without: Criterion | None = None, **changed: str
    ) -> dict[str, list[str]]:
        """Return the parameters of an address that shows the same, or the same less one thing.

        ``changed`` values replace those of their parameter; the page begins anew.
        """
        found: dict[str, list[str]] = {}
        for criterion in self.criteria:
            if criterion is not without and criterion.parameter not in changed:
                found.setdefault(criterion.parameter, []).append(criterion.value)
        if "plz" in found and self.radius_km != USUAL_KM and "umkreis" not in changed:
            found["umkreis"] = [str(self.radius_km)]
        if self.sort != self.usual_sort:
            found["sortierung"] = [self.sort]
        return found | {name: [value] for name, value in changed.items() if value}

    def sorts(self, names: Iterable[str] = SORTS) -> dict[str, str]:
        """Return ways of sorting and their words; by distance only from somewhere."""
        offered = (name for name in names if name != "entfernung" or self.centre is not None)
        return {name: _(SORTS[name]) for name in offered}

    def condition(
        self, rows: Rows = ENTRIES, *, without: Criterion | None = None, but: str = ""
    ) -> ColumnElement[bool] | None:
        """Return what a row has to fulfil, or None if everything fits.

        One criterion may be left out, or all of the parameter ``but``.
        """
        found = [
            condition
            for parameter, condition in self.conditions(rows, without=without).items()
            if parameter != but
        ]
        return and_(*found) if found else None

    def conditions(
        self, rows: Rows, *, without: Criterion | None = None
    ) -> dict[str, ColumnElement[bool]]:
        """Return what a row has to fulfil, parameter by parameter."""
        sought_for: dict[str, list[ColumnElement[bool]]] = {}
        for criterion in self.criteria:
            if criterion is not without:
                sought_for.setdefault(criterion.parameter, []).append(criterion.build(rows))
        return {parameter: or_(*any_of) for parameter, any_of in sought_for.items()}

    def decided_by_profile(self) -> dict[str, Suits]:
        """Return, parameter by parameter, what a profile has to fulfil; ``conditions`` say more."""
        suits: dict[str, list[Suits]] = {}
        for criterion in self.criteria:
            if criterion.suits is not None:
                suits.setdefault(criterion.parameter, []).append(criterion.suits)
        return {name: _any_of(found) for name, found in suits.items()}

    def within(self, km: int) -> "Search":
        """Return the same search with another distance from the same place."""
        centre = self.centre
        if centre is None:
            return self
        criteria = [
            _nearby(c.value, centre, km) if c.parameter == "plz" else c for c in self.criteria
        ]
        return replace(self, criteria=criteria, radius_km=km)

    def spelled(self, text: str) -> "Search":
        """Return the same search with other words."""
        better = _text(text)
        if better is None:
            return self
        criteria = [better if c.parameter == "q" else c for c in self.criteria]
        return replace(self, criteria=criteria)


def _any_of(suits: Sequence[Suits]) -> Suits:
    if len(suits) == 1:
        return suits[0]
    return lambda profile: any(one(profile) for one in suits)


PointOf = Callable[[str], Point | None]
RarestFirst = Callable[[Sequence[str]], Sequence[str]]


def _nowhere(_postcode: str) -> None:
    return None


def read_search(
    arguments: Mapping[str, Sequence[str]],
    options: Mapping[str, Sequence[Option]],
    levels: Sequence[Level],
    usual_sort: str = "gruppe",
    point_of: PointOf = _nowhere,
    rarest_first: RarestFirst = list,
) -> Search:
    """Read the parameters of an address.

    ``options`` are the values that the rows know; they stand in the order of ``usual_sort``.
    ``point_of`` knows where a postcode is, ``rarest_first`` which words lead to the fewest rows.
    """
    criteria: list[Criterion] = []
    unknown: list[tuple[str, str]] = []
    radius = _radius(arguments, unknown)
    centre: Point | None = None
    for parameter, values in arguments.items():
        for value in dict.fromkeys(value.strip() for value in values if value.strip()):
            if parameter == "plz":
                centre = point_of(value) if centre is None and _is_postcode(value) else None
                found = None if centre is None else _nearby(value, centre, radius)
            else:
                found = _criterion(parameter, value, options, levels, rarest_first)
            if found is not None:
                criteria.append(found)
            elif _is_ours(parameter, value):
                unknown.append((_heading(parameter), value))
    sort = next(iter(arguments.get("sortierung", ())), "")
    if sort not in SORTS or (sort == "entfernung" and centre is None):
        sort = usual_sort
    return Search(
        criteria=criteria,
        unknown=unknown,
        sort=sort,
        usual_sort=usual_sort,
        centre=centre,
        radius_km=radius,
        page=_page(arguments),
    )


def _is_postcode(value: str) -> bool:
    return len(value) == 5 and value.isascii() and value.isdigit()  # noqa: PLR2004 -- a German one


def _radius(arguments: Mapping[str, Sequence[str]], unknown: list[tuple[str, str]]) -> int:
    value = next(iter(arguments.get("umkreis", ())), "").strip()
    if value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= MOST_KM:
        return int(value)
    if value:
        unknown.append((_heading("umkreis"), value))
    return USUAL_KM


def _page(arguments: Mapping[str, Sequence[str]]) -> int:
    value = next(iter(arguments.get("seite", ())), "").strip()
    is_number = value.isascii() and value.isdigit()
    return max(1, int(value[:6])) if is_number else 1


def _nearby(postcode: str, centre: Point, km: int) -> Criterion:
    label = _("im Umkreis von %(km)s km um %(postcode)s", km=km, postcode=postcode)
    return Criterion("plz", postcode, label, lambda rows: rows.is_near(centre, km))


def _is_ours(parameter: str, value: str) -> bool:
    """Return whether a parameter without effect is worth telling; strangers are none of ours."""
    if parameter == "sortierung":
        return value not in SORTS
    return parameter in {"q", "plz", *CHOICES, *FLAGS, *DATES}


def _heading(parameter: str) -> str:
    words = {"q": N_("Suche"), "sortierung": N_("Sortierung")}
    return _({**words, **WHERE, **CHOICES, **FLAGS, **DATES}[parameter])


def _criterion(
    parameter: str,
    value: str,
    options: Mapping[str, Sequence[Option]],
    levels: Sequence[Level],
    rarest_first: RarestFirst,
) -> Criterion | None:
    if parameter == "q":
        return _text(value, rarest_first)
    if parameter in CHOICES:
        return _choice(parameter, value, options, levels)
    if parameter in FLAGS and value == "1":
        return Criterion(
            parameter,
            value,
            _(FLAGS[parameter]),
            lambda rows: rows.flag(parameter),
            lambda profile: profile.has(parameter, value),
        )
    return _start(parameter, value) if parameter in DATES else None


def _text(value: str, rarest_first: RarestFirst = list) -> Criterion | None:
    plain = "".join(sign if sign.isprintable() else " " for sign in value)
    words = sought_words(plain)
    if not words or len(plain) > LONGEST_TEXT or len(words) > MOST_WORDS:
        return None
    shown, ordered = " ".join(plain.split()), rarest_first(words)
    return Criterion("q", shown, f"„{shown}“", lambda rows: rows.has_text(ordered))


def _choice(
    parameter: str,
    value: str,
    options: Mapping[str, Sequence[Option]],
    levels: Sequence[Level],
) -> Criterion | None:
    known = next((o for o in options[parameter] if o.value == value), None) or next(
        (o for o in options[parameter] if folded(o.value) == folded(value)), None
    )
    if known is None:
        return None
    label = f"{_(CHOICES[parameter])}: {word_of(parameter, known)}"
    if parameter == "niveau":
        level = sought(known.value, [(one.code, one.sort, one.cefr) for one in levels])
        return Criterion(
            parameter,
            known.value,
            label,
            lambda rows: rows.passes(level),
            lambda profile: profile.passes(level),
        )
    return Criterion(
        parameter,
        known.value,
        label,
        lambda rows: rows.equals(parameter, known.value),
        None if parameter in PLACES else lambda profile: profile.has(parameter, known.value),
    )


def _start(parameter: str, value: str) -> Criterion | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    label = f"{_(DATES[parameter])} {day:%d.%m.%Y}"
    return Criterion(parameter, day.isoformat(), label, lambda rows: rows.starts(parameter, day))
