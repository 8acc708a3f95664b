"""Reading what somebody wants to hear of: the filters of the list's page, by the same search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from kursliste.catalogue import queries as catalogue
from kursliste.catalogue.match_queries import facets
from kursliste.catalogue.options import CHOICES, Option, options_of
from kursliste.catalogue.search import Search, read_search
from kursliste.domain.errors import NotFoundError
from kursliste.domain.subscription import Filters
from kursliste.models.masterdata import District
from kursliste.readers.fitting import stored_search, words_of

Arguments = Mapping[str, Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What can be looked for in a district's list now, and what was chosen."""

    search: Search
    options: Mapping[str, Sequence[Option]] = field(default_factory=dict)

    @property
    def filters(self) -> dict[str, list[str]]:
        """What was chosen, as it is stored: without the way of sorting."""
        found = self.search.arguments()
        found.pop("sortierung", None)
        return found

    @property
    def filter_words(self) -> list[str]:
        """What was chosen, in words."""
        return [criterion.label for criterion in self.search.criteria]


def wishes_of(
    session: Session, district: District, arguments: Arguments, *, stored: Filters | None = None
) -> Wishes:
    """Return what the arguments of an address or of a form look for.

    ``stored`` values can be chosen also where no course has them at present. Without any edition
    there is nothing to look for yet.
    """
    try:
        edition = catalogue.edition(session, district)
    except NotFoundError:
        return Wishes(search=Search())
    levels = catalogue.levels(session)
    words = words_of(edition)
    labels = {"art": words.course_types, "niveau": words.levels}
    options = options_of(
        facets(session, edition.id),
        {**labels, "status": words.statuses},
        levels,
    )
    for name in CHOICES:
        known = {option.value for option in options[name]}
        options[name] += [
            Option(value, labels.get(name, {}).get(value, value), 0, is_offered=False)
            for value in (stored or {}).get(name, ())
            if value not in known and name != "niveau"
        ]
    return Wishes(search=read_search(arguments, options, levels), options=options)


def told(session: Session, district: District, filters: Filters) -> list[str]:
    """Return a stored filter in words."""
    try:
        edition = catalogue.edition(session, district)
    except NotFoundError:
        return [value for values in filters.values() for value in values]
    search = stored_search(filters, words_of(edition), catalogue.levels(session))
    return [criterion.label for criterion in search.criteria]
