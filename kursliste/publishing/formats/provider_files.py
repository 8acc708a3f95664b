"""The files of a provider list: the same rows as workbook, document and CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from kursliste.domain.edition import CodeWords, EditionHead
from kursliste.domain.provider_list import ProviderRow, person_line, place_line
from kursliste.infrastructure import documents
from kursliste.publishing.formats import csv_file, pdf_file, workbook
from kursliste.publishing.formats.legend import DISCLAIMER
from kursliste.publishing.formats.pdf_data import logo_of
from kursliste.publishing.formats.printable import printable
from kursliste.publishing.formats.text import (
    month_words,
    publisher_line,
    title_line,
)
from kursliste.web.edition_words import erased_words
from kursliste.web.labels import licence_words

TITLE: Final = "Trägerliste"
NO_TOWN: Final = "ohne Ort"
SILENT: Final = "ohne aktuelle Meldung"
WIDTHS: Final[Mapping[str, int]] = {
    "Träger": 34,
    "Kursorte": 34,
    "Kontakt": 36,
    "Sprechzeiten, Sprachen": 26,
    "Kursarten": 34,
    "Kurse": 10,
}
"""The columns of the printed list and their shares of the page."""

LEGEND: Final = (
    ("zugelassen für", "Das BAMF hat den Träger für diese Kurse zugelassen, wie er selbst angibt."),
    (SILENT, "Der Träger hat in diesem Monat nichts gemeldet. Die Angaben können überholt sein."),
    ("Kurse", "Zahl der öffentlichen Kurse in dieser Ausgabe"),
    ("BAMF", "Bundesamt für Migration und Flüchtlinge"),
)

Line = dict[str, str]


def build(
    head: EditionHead, providers: Sequence[ProviderRow], words: CodeWords
) -> dict[str, bytes]:
    """Return the files by their ending; equal rows give equal bytes.

    Raises RuleViolationError (PDF_FAILED) and ValueError as the files of the list do.
    """
    named = replace(head, list_title=TITLE)
    document = pdf_file.set_in(pdf_file.template(), data_of(named, providers, words), named)
    return {
        "xlsx": workbook.build_providers(named, providers, words, note=_erased(head)),
        "csv": csv_file.build_providers(providers, words),
        "pdf": documents.packed(document),
    }


def _erased(head: EditionHead) -> str:
    """Say that a person was taken out after publishing, and when; "" if nobody was."""
    return erased_words(head.erased_on) if head.erased_on else ""


def data_of(
    head: EditionHead, providers: Sequence[ProviderRow], words: CodeWords
) -> dict[str, object]:
    """Return what ``templates/publishing/list.typ`` prints: providers by town."""
    licence = licence_words(head.licence)
    hints = (DISCLAIMER, _erased(head), f"Lizenz der Daten: {licence}" if licence else "")
    return {
        "title": printable(title_line(head, internal=False)),
        "author": printable(head.publisher),
        "keywords": [printable(head.district), str(head.month)],
        "issue": printable(
            f"Ausgabe {month_words(head.month)} (Nr. {head.name}) – Stand: {head.stand:%d.%m.%Y}"
        ),
        "publisher": printable(publisher_line(head)),
        "notes": [],
        "summary": _summary(providers),
        "foot": printable(head.publisher),
        "logo": logo_of(head),
        "news": None,
        "columns": [{"heading": name, "width": width} for name, width in WIDTHS.items()],
        "groups": _groups(providers, words),
        "empty": "In dieser Ausgabe steht kein Träger.",
        "legend_heading": "So lesen Sie die Liste",
        "legend": [{"heading": "Begriffe", "entries": [list(entry) for entry in LEGEND]}],
        "hints_heading": "Hinweise",
        "hints": [printable(line) for line in hints if line],
    }


def _summary(providers: Sequence[ProviderRow]) -> str:
    silent = sum(not provider.has_reported for provider in providers)
    return f"{len(providers)} Träger" + (f", davon {silent} {SILENT}." if silent else ".")


def _groups(providers: Sequence[ProviderRow], words: CodeWords) -> list[dict[str, object]]:
    """Return the providers, given in the order of their towns, under the towns' names."""
    towns: dict[str, list[list[list[Line]]]] = {}
    for provider in providers:
        towns.setdefault(provider.town or NO_TOWN, []).append(_row(provider, words))
    return [
        {
            "heading": printable(town),
            "count": f"{len(rows)} Träger",
            "parts": [{"heading": "", "rows": rows}],
        }
        for town, rows in towns.items()
    ]


def _row(provider: ProviderRow, words: CodeWords) -> list[list[Line]]:
    town = " ".join(filter(None, (provider.postcode, provider.town)))
    kinds = [words.course_types.get(code, code) for code in provider.course_types]
    allowed = " und ".join(provider.approvals)
    return [
        [
            *_lines("lead", provider.name),
            *_lines("small", provider.kind),
            *_lines("plain", ", ".join(filter(None, (provider.street, town)))),
            *_lines("warn", "" if provider.has_reported else SILENT),
        ],
        _lines("plain", *map(place_line, provider.venues)),
        [
            *_lines("address", provider.phone, provider.email, provider.website),
            *_lines("small", *map(person_line, provider.contacts)),
        ],
        [*_lines("plain", provider.office_hours), *_lines("small", provider.languages)],
        [
            *_lines("plain", *kinds),
            *_lines("small", f"zugelassen für {allowed}" if allowed else ""),
        ],
        _lines("plain", str(provider.courses)),
    ]


def _lines(look: str, *texts: str) -> list[Line]:
    """Return what is known, one line each."""
    return [{"text": printable(text), "look": look} for text in texts if text]
