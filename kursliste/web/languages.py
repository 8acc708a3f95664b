"""The languages of the public pages: German is the source, nine others come from catalogues.

A page says which language it is in by its address (``?sprache=uk``). Texts are marked with
``gettext`` and its kin here and with ``_`` in templates; the German text is the key. Outside of a
page everything is German, so that files and the pages of staff stay as they are; a mail to a reader
is written in the language that they ordered it in.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from babel.dates import format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from markupsafe import Markup

from kursliste.domain.calendar import Month
from kursliste.settings import resource_dir

GERMAN: Final = "de"
PARAMETER: Final = "sprache"
GERMAN_TEXT: Final = Markup(' lang="de" dir="auto"')
NOTHING: Final = Markup("")


@dataclass(frozen=True)
class Language:
    """A language: its code in addresses, its own name, its tag for HTML, and how it runs.

    ``locale`` is what Babel writes dates and numbers by.
    """

    code: str
    name: str
    tag: str
    locale: str
    direction: str = "ltr"

    @property
    def is_german(self) -> bool:
        """Whether it is German, plain or not."""
        return self.locale == GERMAN


LANGUAGES: Final[Mapping[str, Language]] = {
    language.code: language
    for language in (
        Language(GERMAN, "Deutsch", "de", "de"),
        Language("de-leicht", "Einfaches Deutsch", "de-simple", "de"),
        Language("en", "English", "en", "en"),
        Language("uk", "Українська", "uk", "uk"),
        Language("ru", "Русский", "ru", "ru"),
        Language("ar", "العربية", "ar", "ar", "rtl"),
        Language("fa", "فارسی", "fa", "fa", "rtl"),
        Language("tr", "Türkçe", "tr", "tr"),
        Language("fr", "Français", "fr", "fr"),
        Language("ro", "Română", "ro", "ro"),
    )
}
"""In the order of the switch. "simple" is a registered variant of a language (RFC 5646)."""

_current: ContextVar[str] = ContextVar("language", default=GERMAN)


def current_language() -> Language:
    """Return the language of the page that is being made; German outside of one."""
    return LANGUAGES[_current.get()]


def known(code: str | None) -> str:
    """Return a code if it is one of ours; German for any other."""
    return code if code is not None and code in LANGUAGES else GERMAN


def speak(code: str) -> None:
    """Let what follows speak a language; raises KeyError for one that is none of ours."""
    _current.set(LANGUAGES[code].code)


@contextmanager
def speaking(code: str) -> Iterator[Language]:
    """Let everything inside speak a language; raises KeyError for one that is none of ours."""
    language = LANGUAGES[code]
    token = _current.set(code)
    try:
        yield language
    finally:
        _current.reset(token)


@lru_cache
def catalogue(code: str) -> Translations:
    """Return the texts of a language, read once per process."""
    with (resource_dir("languages") / f"{code}.po").open("rb") as file:
        texts = read_po(file, locale=LANGUAGES[code].locale)
    packed = io.BytesIO()
    write_mo(packed, texts)
    packed.seek(0)
    return Translations(packed)


def N_(text: str) -> str:  # noqa: N802 -- the name that translators' tools know
    """Mark a text that is translated where it is shown, not where it stands."""
    return text


def gettext(text: str, /, **values: object) -> str:
    """Return a German text in the language of the page, with ``%(name)s`` filled in."""
    code = _current.get()
    found = text if code == GERMAN else catalogue(code).gettext(text)
    return found % values if values else found


def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
    """Return the form of a text that fits ``num``, which fills ``%(num)d``."""
    code = _current.get()
    if code == GERMAN:
        found = one if num == 1 else many
    else:
        found = catalogue(code).ngettext(one, many, num)
    return found % {"num": num, **values}


def pgettext(context: str, text: str, /, **values: object) -> str:
    """Return a text whose meaning depends on where it stands."""
    code = _current.get()
    found = text if code == GERMAN else str(catalogue(code).pgettext(context, text))
    return found % values if values else found


def fact_word(attribute: str, value: object, label: str = "") -> str:
    """Return a coded value of a course in the language of the page.

    ``label`` is its German word where the value is a code. What a catalogue does not know, because
    an administrator added it, stays German: :func:`is_translated` tells.
    """
    word = str(value)
    if _current.get() == GERMAN:
        return label or word
    found = pgettext(attribute, word)
    return found if found != word or not label else label


def is_translated(attribute: str, value: object) -> bool:
    """Return whether the language of the page has a word of its own for a coded value."""
    code = _current.get()
    return code == GERMAN or catalogue(code).pgettext(attribute, str(value)) != str(value)


def month_name(month: Month) -> str:
    """Return a month as people who read the page write it: Dezember 2026."""
    return str(format_skeleton("yMMMM", month.first_day(), locale=current_language().locale))


def as_typed() -> Markup:
    """Return the attributes of an element that holds German text as somebody typed it."""
    return GERMAN_TEXT if current_language().code != GERMAN else NOTHING


def in_order(text: object) -> str:
    """Keep signs that run from left to right (2026-12/1) in that order within any language.

    The isolates are those of Unicode UAX 9; in a language that runs so itself nothing is needed.
    """
    return f"\u2066{text}\u2069" if current_language().direction == "rtl" else str(text)
