"""What providers told about published courses since: shown beside the frozen value, never in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from kursliste.catalogue.match_queries import Told
from kursliste.domain.course import CourseStatus
from kursliste.models.edition import EditionEntry
from kursliste.web.interim_words import words_now
from kursliste.web.languages import fact_word

OVER: Final = frozenset({CourseStatus.CANCELLED, CourseStatus.ENDED})


@dataclass(frozen=True, kw_only=True)
class InterimNews:
    """The newest word about a course; ``mark`` stands beside its title if it does not go on."""

    words: str
    given_on: date
    mark: str


def interim_news(
    entry: EditionEntry, told: Told | None, statuses: Mapping[str, str]
) -> InterimNews | None:
    """Return what stands beside an entry of a current edition, if anything was told since."""
    if told is None:
        return None
    published = {"seats_free": entry.seats_free, "status": entry.status}
    now = {"seats_free": told.seats_free, "status": told.status}
    word = (
        fact_word("status", told.status, statuses.get(str(told.status), "")) if told.status else ""
    )
    return InterimNews(
        words=words_now(published, now, word),
        given_on=told.on,
        mark=word if told.status in OVER else "",
    )
