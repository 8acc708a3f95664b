"""Whether a course stands in the list twice: in one report, or in the reports of two providers.

Parallel courses are common, so what tells two courses apart is asked first: another number, other
days, another time or another place.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from kursliste.domain.notices import Facts, Finding, Notice

Similar = Callable[[str, str], bool]

TELLS_APART: Final = (
    "provider_reference",
    "bamf_reference",
    "level_from",
    "level_to",
    "current_module",
    "weekdays",
    "time_from",
    "times_note",
    "time_of_day",
    "town",
    "street",
    "audience",
)
"""Two rows that both say one of these, and say it differently, are two courses."""

SAME_MEETING: Final = ("postcode", "street", "time_from")
"""Two providers with the same course: both rows say these, and say the same."""


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A row of a round, and who reports it."""

    course_id: str
    provider_id: int
    provider: str
    facts: Facts


def duplicate(stated: Stated, others: Iterable[Stated], *, similar: Similar) -> Finding | None:
    """Return a finding about the first of ``others`` that seems to be the same course, or None."""
    for other in others:
        if other.course_id == stated.course_id or not _same_run(stated.facts, other.facts):
            continue
        if other.provider_id == stated.provider_id:
            if _same_words(stated.facts, other.facts, similar):
                return _finding(Notice.TWICE_IN_REPORT, other)
        elif _same_meeting(stated.facts, other.facts):
            return _finding(Notice.TWICE_IN_DISTRICT, other)
    return None


def _same_run(one: Facts, other: Facts) -> bool:
    return one.get("starts_on") is not None and all(
        one.get(name) == other.get(name) for name in ("course_type", "starts_on")
    )


def _same_words(one: Facts, other: Facts, similar: Similar) -> bool:
    if any(_differ(one.get(name), other.get(name)) for name in TELLS_APART):
        return False
    titles = [str(facts.get("title") or "") for facts in (one, other)]
    return _digits(titles[0]) == _digits(titles[1]) and similar(*titles)


def _same_meeting(one: Facts, other: Facts) -> bool:
    if any(_differ(one.get(name), other.get(name)) for name in ("weekdays", "level_to")):
        return False
    return all(one.get(name) and one.get(name) == other.get(name) for name in SAME_MEETING)


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _digits(title: str) -> str:
    """Return the digits of a title: "Kurs 1" and "Kurs 2" differ in all that matters."""
    return "".join(letter for letter in title if letter.isdigit())


def _finding(notice: Notice, other: Stated) -> Finding:
    return Finding(
        notice=notice,
        attribute="title",
        facts={
            "title": other.facts.get("title"),
            "start": other.facts.get("starts_on"),
            "provider": other.provider,
        },
    )
