"""Keep the catalogues in ``languages/`` in step with the pages: ``make languages``.

Collects every marked text of templates and modules and every coded value of a course, puts it into
each catalogue, takes out what is not used any more, and says what waits for a translation. Nothing
is guessed: a new text stays empty until somebody translates it.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from kursliste.domain import course
from kursliste.domain.columns import PUBLIC_COLUMNS
from kursliste.domain.edition import COLUMN_GROUPS
from kursliste.web.languages import GERMAN, LANGUAGES
from kursliste.web.news_words import ANSWER, NAMES, VOCABULARY

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "languages"
KEYWORDS: Final[dict[str, Any]] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
HEADER: Final = """# {}: what public pages say. The German text is the key; see docs/languages.md.
# No native speaker has checked these texts yet."""
BEGUN: Final = datetime(2026, 11, 26, tzinfo=UTC)
"""A catalogue changes with its texts, not with the day on which it is written."""

CHOICES: Final[dict[str, Iterable[str]]] = {
    "weekdays": course.Weekday,
    "start_kind": course.StartKind,
    "delivery": course.Delivery,
    "time_of_day": course.TimeOfDay,
    "audience": course.AUDIENCE_WORDS,
    "admission": course.ADMISSION_WORDS,
    "course_group": COLUMN_GROUPS,
}
"""Values of a course that are German words, by their attribute."""

TABLES: Final = {
    "course_type": "course_types.csv",
    "level": "levels.csv",
    "status": "course_statuses.csv",
}
"""Code tables as they are shipped: attribute -> file."""


def template() -> Catalog:
    """Return everything that there is to translate, without translations."""
    found = Catalog(charset="utf-8")
    for folder, methods in (
        (ROOT / "kursliste", [("**.py", "python")]),
        (ROOT / "templates", [("**.html", "jinja2"), ("**.typ", "ignore")]),
    ):
        options = {"**.html": {"trimmed": "true", "newstyle_gettext": "true"}}
        for _name, _line, text, _comments, context in extract_from_dir(
            folder, methods, options, keywords=KEYWORDS
        ):
            found.add(text, context=context)
    for context, word in coded():
        found.add(word, context=context)
    return found


def coded() -> Iterator[tuple[str | None, str]]:
    """Yield attribute and value of each code that a course can have, and what its facts are called.

    Choices without words of their own ("ja", "auf Anfrage") are answers, whatever was asked.
    """
    for column in PUBLIC_COLUMNS:
        fact = course.FIELD[column.attribute]
        yield None, NAMES.get(fact.attribute, fact.heading)
        if fact.kind is course.Kind.CHOICE and column.attribute not in VOCABULARY:
            yield from ((ANSWER, str(word)) for word in fact.choices or ())
    for attribute, words in CHOICES.items():
        yield from ((attribute, str(word)) for word in words)
    for attribute, name in TABLES.items():
        with (ROOT / "kursliste" / "reference" / name).open(encoding="utf-8") as file:
            yield from (
                (attribute, row["code"])
                for row in csv.DictReader(file, delimiter=";")
                if not (attribute == "level" and row.get("cefr"))  # A1 is A1 everywhere
            )


def read(code: str) -> Catalog:
    """Return the catalogue of a language; an empty one where there is none yet."""
    path = FOLDER / f"{code}.po"
    if not path.exists():
        return Catalog(locale=LANGUAGES[code].locale, project="kursliste", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGES[code].locale)


def write(code: str, catalog: Catalog) -> None:
    """Write a catalogue so that equal texts give equal bytes."""
    catalog.header_comment = HEADER.format(LANGUAGES[code].name)
    catalog.creation_date = catalog.revision_date = BEGUN
    catalog.fuzzy = False
    with (FOLDER / f"{code}.po").open("wb") as file:
        write_po(
            file,
            catalog,
            width=100,
            no_location=True,
            omit_header=False,
            sort_output=True,
            ignore_obsolete=True,
        )


def is_missing(message: Message) -> bool:
    """Return whether a text has no translation yet, or not all of its plural forms."""
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return bool(message.id) and not all(texts)


def main() -> int:
    """Renew all catalogues; the status is 1 while a translation is missing."""
    wanted, open_ones = template(), 0
    for code in LANGUAGES:
        if code == GERMAN:
            continue
        catalog = read(code)
        catalog.update(wanted, no_fuzzy_matching=True)
        write(code, catalog)
        missing = [message for message in catalog if is_missing(message)]
        open_ones += len(missing)
        print(f"{code}: {len(catalog)} texts, {len(missing)} without a translation")
    return 1 if open_ones else 0


if __name__ == "__main__":
    sys.exit(main())
