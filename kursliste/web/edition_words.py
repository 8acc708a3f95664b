"""What an edition says about itself in words: what is not in it, and what was taken out of it."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from kursliste.web.labels import shown

ERASED_COLUMN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "responsible": "verantwortlich",
        "contact": "Kontakt der Ausgabe",
        "publisher": "Herausgeber",
        "reason": "Grund",
        "silent_providers": "Träger ohne Meldung",
        "providers": "Trägerliste",
        "changes": "Änderungen",
        "corrected": "Berichtigungen",
        "left_out": "nicht aufgeführte Kurse",
        "layout": "Kopf oder Fuß der Liste",
        "withdrawn_by": "zurückgezogen von",
    }
)
"""Parts of an edition that are no column of a course."""


def left_out_words(count: int) -> str:
    """Return the sentence for readers about ``count`` courses (from 1) that a list leaves out."""
    if count == 1:
        return "1 Kurs ist nicht aufgeführt, weil er nicht bestätigt wurde."
    return f"{count} Kurse sind nicht aufgeführt, weil sie nicht bestätigt wurden."


def erased_words(day: date) -> str:
    """Return the sentence about an edition out of which a person's data were taken."""
    return f"Am {shown(day)} wurden personenbezogene Angaben entfernt."
