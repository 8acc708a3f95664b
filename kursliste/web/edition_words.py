"""What an edition says about itself in words: what is not in it, and what was taken out of it."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from kursliste.web.labels import shown
from kursliste.web.languages import gettext, ngettext

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
    return ngettext(
        "%(num)d Kurs ist nicht aufgeführt, weil er nicht bestätigt wurde.",
        "%(num)d Kurse sind nicht aufgeführt, weil sie nicht bestätigt wurden.",
        count,
    )


def erased_words(day: date) -> str:
    """Return the sentence about an edition out of which a person's data were taken."""
    return gettext("Am %(day)s wurden personenbezogene Angaben entfernt.", day=shown(day))
