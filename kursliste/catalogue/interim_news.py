"""What providers told about published courses since: shown beside the frozen value, never in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from kursliste.catalogue import queries
from kursliste.domain.course import CourseStatus
from kursliste.domain.interim import Told, has_place, knows_better, laid_on
from kursliste.infrastructure import clock
from kursliste.models.edition import Edition
from kursliste.web.interim_words import words_now

PUBLIC: Final = ("seats_free", "status")
OVER: Final = frozenset({CourseStatus.CANCELLED, CourseStatus.ENDED})


@dataclass(frozen=True, kw_only=True)
class InterimNews:
    """The newest word about a course; ``mark`` stands beside its title if it does not go on."""

    words: str
    given_on: date
    has_place: bool
    mark: str


def news_beside(
    session: Session, edition: Edition, statuses: Mapping[str, str]
) -> dict[str, InterimNews]:
    """Return by Kurs-ID what stands beside the entries of a current edition; one statement.

    Shown is what is newer than the confirmation and says something else.
    """
    found = {}
    for row in queries.told_since(session, edition):
        given_on = clock.day_of(row["given_at"])
        is_superseded = row["superseded_at"] is not None
        if knows_better(given_on, confirmed_on=row["confirmed_on"], is_superseded=is_superseded):
            news = _news(row, given_on, statuses)
            if news is not None:
                found[row["course_id"]] = news
    return found


def _news(
    row: Mapping[str, Any], given_on: date, statuses: Mapping[str, str]
) -> InterimNews | None:
    told = Told(seats_free=row["told_free"], status=row["told_status"])
    now = laid_on(row, told, on=given_on)
    if all(now[name] == row[name] for name in PUBLIC):
        return None
    status = now["status"]
    word = statuses.get(str(status), str(status or ""))
    return InterimNews(
        words=words_now(row, now, word),
        given_on=given_on,
        has_place=has_place(now),
        mark=word if status in OVER else "",
    )
