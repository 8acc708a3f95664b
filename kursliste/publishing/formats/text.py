"""Text as it leaves the house: cleaned once, in the same way for every format."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.columns import COLUMNS, PUBLIC_COLUMNS, Column
from kursliste.domain.course import Kind
from kursliste.domain.edition import (
    Change,
    ChangeKind,
    CodeWords,
    EditionHead,
    Row,
    is_for_public,
)
from kursliste.web.edition_words import erased_words, left_out_words
from kursliste.web.labels import MONTHS

LONGEST_CELL: Final = 32_767
"""Excel holds no more in a cell; openpyxl cuts silently, we refuse (SECURITY.md F7)."""

NOT_CONFIRMED: Final = "nicht bestätigt"

LINE_BREAKS: Final = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
FORBIDDEN: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def clean(text: str) -> str:
    """Return ``text`` in NFC, every kind of line break as a line feed, without control signs.

    A vertical tab is the line break that people paste from a word processor; it keeps two words
    apart and becomes a line feed. A lone surrogate and a text too long for a cell raise
    ValueError: nothing is cut or replaced in silence (SECURITY.md rule 28).
    """
    if len(text) > LONGEST_CELL:
        msg = f"text of {len(text)} characters does not fit into a cell"
        raise ValueError(msg)
    text.encode("utf-8")  # UnicodeEncodeError is a ValueError: a lone surrogate is no text
    return FORBIDDEN.sub("", LINE_BREAKS.sub("\n", unicodedata.normalize("NFC", text)))


def month_words(month: Month) -> str:
    """Return a month as people write it, like ``Dezember 2026``."""
    return f"{MONTHS[month.number - 1]} {month.year}"


def labels_of(attribute: str, words: CodeWords) -> Mapping[str, str]:
    """Return code -> label for a column that holds codes; empty for every other column.

    Levels stay codes: "A1" and "Alpha" are the words of the trade and fit their narrow columns;
    the legend explains them.
    """
    if attribute == "course_type":
        return words.course_types
    return words.statuses if attribute == "status" else {}


def shown(column: Column, value: object, words: CodeWords) -> str:
    """Return a value as a German reader reads it: 01.12.2026, 08:30, 120,50, Mo, Di; "" if unknown.

    Only ``confirmed_on`` says in words that it is unknown: a row that nobody confirmed must never
    look confirmed (PRODUCT.md, rule 2 of the trade).
    """
    if value is None or value in ("", ()):
        return NOT_CONFIRMED if column.attribute == "confirmed_on" else ""
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if column.kind is Kind.MONEY:
        return f"{Decimal(str(value)):.2f}".replace(".", ",")
    if isinstance(value, (tuple, list)):
        return clean(", ".join(value))
    plain = str(value)
    return clean(labels_of(column.attribute, words).get(plain, plain))


def columns_for(*, internal: bool) -> tuple[Column, ...]:
    """Return every column that this reader may see, for files that programs read.

    What people read takes the columns of the edition's layout.
    """
    return COLUMNS if internal else PUBLIC_COLUMNS


def rows_for(rows: Sequence[Row], *, internal: bool) -> Sequence[Row]:
    """Return the rows that this reader may see, even if the caller forgot to choose them."""
    if internal or all(map(is_for_public, rows)):
        return rows
    return [row for row in rows if is_for_public(row)]


def changes_for(changes: Iterable[Change], *, internal: bool) -> list[Change]:
    """Return the changes without a trace of fields that this reader may not see."""
    seen = {column.attribute for column in columns_for(internal=internal)}
    kept: list[Change] = []
    for change in changes:
        fields = tuple(field for field in change.fields if field.attribute in seen)
        if fields or change.kind is not ChangeKind.CHANGED:
            kept.append(replace(change, fields=fields))
    return kept


def title_line(head: EditionHead, *, internal: bool) -> str:
    """Return the first line of a file: whose list this is."""
    title = head.list_title
    if head.district not in title:
        title = f"{title} – {head.district}"
    return clean(f"{title} (intern, nur für Fachkräfte)" if internal else title)


def stand_line(head: EditionHead) -> str:
    """Return the second line: which edition, its Stand, and what it replaces."""
    line = f"Ausgabe {month_words(head.month)} ({head.name}) – Stand: {head.stand:%d.%m.%Y}"
    if head.replaces is not None:
        line += f" – ersetzt Ausgabe {head.month}/{head.replaces}"
        if head.reason:
            line += f": {head.reason}"
    return clean(line)


def publisher_line(head: EditionHead) -> str:
    """Return the third line: who publishes, who answers for it, and where to ask."""
    parts = [f"Herausgeber: {head.publisher}", f"verantwortlich: {head.responsible}"]
    if head.contact:
        parts.append(f"Kontakt: {head.contact}")
    return clean(" · ".join(parts))


def note_above(head: EditionHead) -> str:
    """Return what stands between the head and the courses: the district's words, who is silent."""
    return "\n".join(line for line in (clean(head.layout.header), silent_line(head)) if line)


def silent_line(head: EditionHead) -> str:
    """Return what the list does not tell: providers without a report, rows that are left out.

    "" if all answered and nothing is left out.
    """
    parts = []
    if head.silent_providers:
        parts.append("Träger ohne aktuelle Meldung: " + ", ".join(head.silent_providers))
    if head.left_out:
        parts.append(left_out_words(head.left_out))
    if head.erased_on:
        parts.append(erased_words(head.erased_on))
    return clean(" – ".join(parts))
