"""The news of an edition in words: "Beginn: 07.12.2026, bisher 01.12.2026".

Page, files and mails take their words from here, as they take their choice from ``domain.news``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kursliste.domain.course import FIELD
from kursliste.domain.edition import Change, CodeWords, FieldChange
from kursliste.domain.news import NewsItem, NewsKind
from kursliste.web.course_words import told
from kursliste.web.labels import CHANGE_KIND, UNKNOWN, shown
from kursliste.web.languages import N_

NEWS_TITLE: Final = "Neu seit dem letzten Monat"

NEWS_KIND: Final[Mapping[NewsKind, str]] = MappingProxyType(
    {
        NewsKind.NEW: N_("neu"),
        NewsKind.CHANGED: N_("geändert"),
        NewsKind.CANCELLED: N_("abgesagt"),
        NewsKind.ENDED: N_("entfallen"),
    }
)

NEWS_HEADING: Final[Mapping[NewsKind, str]] = MappingProxyType(
    {
        NewsKind.NEW: N_("Neue Kurse"),
        NewsKind.CHANGED: N_("Geändert: Beginn, Zeiten, Ort oder Plätze"),
        NewsKind.CANCELLED: N_("Abgesagt"),
        NewsKind.ENDED: N_("Nicht mehr in der Liste"),
    }
)

NAMES: Final = {"seats_free": "freie Plätze", "start_kind": "Beginn", "start_note": "Beginn"}
"""Where the heading of a column says too little on its own, or too much."""


def change_words(field: FieldChange, words: CodeWords) -> str:
    """Return one change: what it is about, the new value, and the one before."""
    name = NAMES.get(field.attribute, FIELD[field.attribute].heading)
    new, old = (_value(field.attribute, value, words) for value in (field.new, field.old))
    return f"{name}: {new}, bisher {old}"


def news_lines(item: NewsItem, words: CodeWords) -> list[str]:
    """Return what is told about a course in the news below its title and its provider."""
    if item.fields:
        return [change_words(field, words) for field in item.fields]
    if item.row is None:
        return []
    row = item.row
    starts_on, seats = row.get("starts_on"), row.get("seats_free")
    begins = f"Beginn {shown(starts_on)}" if starts_on else shown(row.get("start_note"))
    return told(begins, shown(row.get("town")), "" if seats is None else f"freie Plätze: {seats}")


@dataclass(frozen=True, kw_only=True)
class ChangedCourse:
    """A course that was corrected, in words: ``kind`` is "neu", "geändert" or "entfallen"."""

    kind: str
    title: str
    provider: str
    lines: Sequence[str]


def corrected_courses(changes: Iterable[Change], words: CodeWords) -> list[ChangedCourse]:
    """Return every change since a replaced edition in words; nothing is too small to be told."""
    return [
        ChangedCourse(
            kind=CHANGE_KIND[change.kind],
            title=change.title,
            provider=change.provider,
            lines=[change_words(field, words) for field in change.fields],
        )
        for change in changes
    ]


def _value(attribute: str, value: object, words: CodeWords) -> str:
    if value is None or value in ("", ()):
        return UNKNOWN
    return shown(words.word(attribute, value) or value)
