"""The CSV of an edition, for people who open it in a German spreadsheet program.

UTF-8 with BOM, ``;``, CRLF, every cell in quotes. Dates TT.MM.JJJJ, times HH:MM, money with a
decimal comma, codes in words: what a German Excel recognises by itself. Machines read the JSON.

Formula guard: a text that a spreadsheet could calculate gets one ``'`` before it. So does a text
that already has such a guard, therefore taking one ``'`` away (:func:`unguarded`) always gives the
text back. A telephone number of ``+``, digits and at least one blank stays as it is: no program
can calculate it, and people and dialling programs read it as it stands.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from kursliste.domain.edition import CodeWords, EditionHead, Row
from kursliste.domain.provider_list import ProviderRow
from kursliste.publishing.formats.sheets import PROVIDER_COLUMNS, provider_facts
from kursliste.publishing.formats.text import clean, columns_for, rows_for, shown

DANGEROUS: Final = re.compile("'*[=+\\-@\t\r\n\x00＝＋－＠]")
HARMLESS_NUMBER: Final = re.compile(r"\+[0-9]+(?: [0-9]+)+")
GUARD: Final = "'"


def guarded(text: str) -> str:
    """Return ``text`` so that no spreadsheet program takes it for a formula (rule 29)."""
    if DANGEROUS.match(text) and not HARMLESS_NUMBER.fullmatch(text):
        return GUARD + text
    return text


def unguarded(text: str) -> str:
    """Return the text that :func:`guarded` was given."""
    if text.startswith(GUARD) and DANGEROUS.match(text):
        return text[1:]
    return text


def build(
    head: EditionHead, rows: Sequence[Row], words: CodeWords, *, internal: bool = False
) -> bytes:
    """Return the CSV file of an edition: one line of headings, one line per course.

    ``head`` is not written: headings stand in the first line, so that programs read the file as it
    is; edition and Stand are in its name.
    """
    del head
    columns = columns_for(internal=internal)
    lines = (
        [shown(column, row.get(column.attribute), words) for column in columns]
        for row in rows_for(rows, internal=internal)
    )
    return _written([clean(column.heading) for column in columns], lines)


def build_providers(providers: Iterable[ProviderRow], words: CodeWords) -> bytes:
    """Return the CSV file of a provider list: one line per provider."""
    lines = (
        [_in_words(facts.get(column.attribute)) for column in PROVIDER_COLUMNS]
        for facts in (provider_facts(provider, words) for provider in providers)
    )
    return _written([column.heading for column in PROVIDER_COLUMNS], lines)


def _in_words(value: object) -> str:
    """Several places or people stand in one cell, with a stroke between them."""
    words = ", ".join(value) if isinstance(value, tuple) else str(value)
    return clean(words).replace("\n", " | ")


def _written(headings: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for line in chain([headings], lines):
        writer.writerow([guarded(text) for text in line])
    return out.getvalue().encode("utf-8-sig")
