"""The news of an edition in words: "Beginn: 07.12.2026, bisher 01.12.2026".

Page, files and mails take their words from here, as they take their choice from ``domain.news``.
They are in the language of the page or of the mail; in files of an edition that is German.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from markupsafe import Markup

from kursliste.domain.course import FIELD, Kind
from kursliste.domain.edition import Change, CodeWords, FieldChange
from kursliste.domain.news import NewsItem, NewsKind
from kursliste.web.course_words import told
from kursliste.web.labels import CHANGE_KIND, UNKNOWN, shown
from kursliste.web.languages import (
    N_,
    as_typed,
    current_language,
    fact_word,
    gettext,
    in_order,
    is_translated,
)

Quote = Callable[[object], str]
"""How German that somebody typed stands within a sentence of another language."""

NEWS_TITLE: Final = N_("Neu seit dem letzten Monat")

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

NAMES: Final = {"seats_free": N_("freie Plätze"), "start_kind": "Beginn", "start_note": "Beginn"}
"""Where the heading of a column says too little on its own, or too much."""

VOCABULARY: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{name: name for name in ("course_type", "status", "weekdays", "start_kind", "delivery")},
        **{name: name for name in ("time_of_day", "audience", "admission", "course_group")},
        "level_from": "level",
        "level_to": "level",
    }
)
"""The context in the catalogues of the values of an attribute; other choices are answers."""

ANSWER: Final = "answer"
TYPED: Final = frozenset({Kind.TEXT, Kind.NOTE})


def on_page(text: object) -> str:
    """Return German that somebody typed, marked as such for browsers and screen readers."""
    if current_language().code == "de":
        return str(text)
    return Markup("<span{}>{}</span>").format(as_typed(), text)


def change_words(field: FieldChange, words: CodeWords, quote: Quote = in_order) -> str:
    """Return one change: what it is about, the new value, and the one before."""
    name = gettext(NAMES.get(field.attribute, FIELD[field.attribute].heading))
    new, old = (_value(field.attribute, value, words, quote) for value in (field.new, field.old))
    return _filled(gettext("%(name)s: %(new)s, bisher %(old)s"), name=name, new=new, old=old)


def news_lines(item: NewsItem, words: CodeWords, quote: Quote = in_order) -> list[str]:
    """Return what is told about a course in the news below its title and its provider."""
    if item.fields:
        return [change_words(field, words, quote) for field in item.fields]
    if item.row is None:
        return []
    row = item.row
    starts_on, note, town = row.get("starts_on"), row.get("start_note"), row.get("town")
    seats = row.get("seats_free")
    begins = gettext("Beginn %(day)s", day=shown(starts_on)) if starts_on else _quoted(note, quote)
    free = "" if seats is None else gettext("freie Plätze: %(seats)s", seats=seats)
    return told(begins, _quoted(town, quote), free)


@dataclass(frozen=True, kw_only=True)
class ChangedCourse:
    """A course that was corrected, in words: ``kind`` is "neu", "geändert" or "entfallen"."""

    kind: str
    title: str
    provider: str
    lines: Sequence[str]


def corrected_courses(
    changes: Iterable[Change], words: CodeWords, quote: Quote = in_order
) -> list[ChangedCourse]:
    """Return every change since a replaced edition in words; nothing is too small to be told."""
    return [
        ChangedCourse(
            kind=CHANGE_KIND[change.kind],
            title=change.title,
            provider=change.provider,
            lines=[change_words(field, words, quote) for field in change.fields],
        )
        for change in changes
    ]


def _value(attribute: str, value: object, words: CodeWords, quote: Quote) -> str:
    if value is None or value in ("", ()):
        return gettext(UNKNOWN)
    if FIELD[attribute].kind in TYPED and attribute not in VOCABULARY:
        return quote(shown(value))
    if isinstance(value, tuple):
        return ", ".join(_word(attribute, one, words) for one in value)
    return _word(attribute, value, words)


def _word(attribute: str, value: object, words: CodeWords) -> str:
    """Return a value in the language of the page; the frozen word where only that is known."""
    label = words.word(attribute, value)
    context = VOCABULARY.get(attribute)
    if context is None and FIELD[attribute].kind is Kind.CHOICE:
        context = ANSWER
    if context is None or not is_translated(context, value):
        return label or shown(value)
    return fact_word(context, value, label or shown(value))


def _quoted(text: object, quote: Quote) -> str:
    return quote(text) if text else ""


def _filled(text: str, **values: str) -> str:
    """Fill a sentence; it is markup, and the rest of it escaped, if one of the values is."""
    has_markup = any(isinstance(value, Markup) for value in values.values())
    return (Markup(text) if has_markup else text) % values  # noqa: S704 -- ours, from a catalogue
