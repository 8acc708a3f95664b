"""The provider list of a district's current edition, with the courses of each provider."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from kursliste.catalogue import queries
from kursliste.catalogue.outside_queries import CourseLine, course_lines
from kursliste.domain.edition import folded
from kursliste.domain.layout import layout_from
from kursliste.domain.provider_list import ProviderRow, counted_providers, place_line
from kursliste.infrastructure import clock
from kursliste.models.edition import Edition, EditionFile
from kursliste.models.masterdata import District
from kursliste.web.languages import N_

WHEELCHAIR: Final = (N_("ja"), N_("nein"), N_("teilweise"))
"""What is known about wheelchairs, for the catalogues; the page translates it."""

OPTIONAL: Final = ("course_type", "level_from", "level_to", "town", "starts_on")


@dataclass(frozen=True, kw_only=True)
class ProviderLine:
    """A provider in words; ``places`` are line and what is known about wheelchairs.

    ``kinds`` are code and label of what it teaches.
    """

    row: ProviderRow
    address: str
    places: Sequence[tuple[str, str]]
    kinds: Sequence[tuple[str, str]]
    courses: Sequence[CourseLine]


@dataclass(frozen=True, kw_only=True)
class ProviderPage:
    """The providers by town, each town with its name or ""; ``silent`` counts who did not report.

    ``erased_on`` is the day on which a person was taken out of the edition.
    """

    district: District
    edition: Edition
    towns: Sequence[tuple[str, Sequence[ProviderLine]]]
    files: Sequence[EditionFile]
    erased_on: date | None
    count: int
    silent: int


def provider_page(session: Session, slug: str) -> ProviderPage:
    """Return the provider list of a district; raise NotFoundError where there is no edition."""
    district = queries.district_by_slug(session, slug)
    edition = queries.edition(session, district)
    courses = _seen(course_lines(session, edition), layout_from(edition.layout).withheld)
    rows = counted_providers(edition.providers, [(c.provider, c.course_type) for c in courses])
    words = dict(edition.words["course_types"])
    lines = [_line(row, [c for c in courses if c.provider == row.name], words) for row in rows]
    return ProviderPage(
        district=district,
        edition=edition,
        towns=_by_town(lines),
        files=provider_files(edition),
        erased_on=clock.day_of(edition.erasures[-1].erased_at) if edition.erasures else None,
        count=len(lines),
        silent=sum(not row.has_reported for row in rows),
    )


def _seen(courses: Iterable[CourseLine], withheld: Collection[str]) -> list[CourseLine]:
    """Leave out what the list's layout keeps for professionals."""
    hidden: dict[str, Any] = {name: None for name in OPTIONAL if name in withheld}
    return [replace(course, **hidden) for course in courses]


def provider_files(edition: Edition) -> list[EditionFile]:
    """Return the files of the provider list in the order in which people want them."""
    order = {"xlsx": 0, "pdf": 1, "csv": 2}
    found = [file for file in edition.files if file.format == "providers"]
    return sorted(found, key=lambda file: order[ending(file)])


def ending(file: EditionFile) -> str:
    """Return the last part of a file's name, like ``xlsx``."""
    return file.name.rpartition(".")[2]


def _line(
    row: ProviderRow, courses: Sequence[CourseLine], words: Mapping[str, str]
) -> ProviderLine:
    town = " ".join(filter(None, (row.postcode, row.town)))
    return ProviderLine(
        row=row,
        address=", ".join(filter(None, (row.street, town))),
        places=[(place_line(place), place.wheelchair) for place in row.venues],
        kinds=[(code, words.get(code, code)) for code in row.course_types],
        courses=courses,
    )


def _by_town(lines: Sequence[ProviderLine]) -> list[tuple[str, Sequence[ProviderLine]]]:
    """Lines come in the order of their towns; two spellings of one town stay two."""
    towns: dict[str, list[ProviderLine]] = {}
    for line in lines:
        towns.setdefault(line.row.town, []).append(line)
    return sorted(towns.items(), key=lambda pair: (not pair[0], folded(pair[0]), pair[0]))
