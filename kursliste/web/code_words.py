"""The German words for what an administrator edits: course types, levels, statuses, districts."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kursliste.domain.course_type import Odd, Oddity, TypeState
from kursliste.web.labels import shown

TYPE_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "code": "Kürzel",
        "label": "Bezeichnung",
        "short": "Kurze Bezeichnung",
        "course_group": "Gruppe",
        "sort": "Reihenfolge",
        "state": "Angebot",
        "valid_from": "Gilt ab",
        "valid_until": "Gilt bis",
        "units_total": "UE",
        "units_note": "Hinweis zu den UE",
        "level_from": "Niveau von",
        "level_to": "Niveau bis",
        "seats_min": "Kleinste Gruppe",
        "seats_max": "Größte Gruppe",
        "funder": "Förderung",
        "admission": "Zugang",
        "exams": "Prüfung",
        "explanation": "Erklärung",
    }
)
"""What is said of a course type, a level and a status."""

DISTRICT_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "slug": "Name in der Adresse",
        "ags": "Kreisschlüssel (AGS)",
        "name": "Name",
        "state": "Land",
        "publisher": "Herausgeber",
        "contact": "Kontakt",
    }
)

TYPE_STATE: Final[Mapping[TypeState, str]] = MappingProxyType(
    {
        TypeState.ACTIVE: "wird angeboten",
        TypeState.FADING: "läuft aus",
        TypeState.SUSPENDED: "ausgesetzt",
        TypeState.CHECK: "je nach Land oder Jahr",
    }
)

LANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "BW": "Baden-Württemberg",
        "BY": "Bayern",
        "BE": "Berlin",
        "BB": "Brandenburg",
        "HB": "Bremen",
        "HH": "Hamburg",
        "HE": "Hessen",
        "MV": "Mecklenburg-Vorpommern",
        "NI": "Niedersachsen",
        "NW": "Nordrhein-Westfalen",
        "RP": "Rheinland-Pfalz",
        "SL": "Saarland",
        "SN": "Sachsen",
        "ST": "Sachsen-Anhalt",
        "SH": "Schleswig-Holstein",
        "TH": "Thüringen",
    }
)

ODDITIES: Final[Mapping[Odd, str]] = MappingProxyType(
    {
        Odd.FEW_UNITS: "{units} UE sind sehr wenig. Eine UE dauert 45 Minuten.",
        Odd.MANY_UNITS: "{units} UE sind sehr viel. Eine UE dauert 45 Minuten.",
        Odd.UNITS_MOVED: "Bisher waren es {before} UE, jetzt {units}.",
        Odd.SEATS_BACKWARDS: "Die kleinste Gruppe ({low}) ist größer als die größte ({high}).",
        Odd.LARGE_GROUP: "Bis zu {high} Personen in einer Gruppe sind ungewöhnlich viele.",
        Odd.LEVEL_BACKWARDS: "„Niveau von“ liegt über „Niveau bis“.",
    }
)


def told_oddity(oddity: Oddity) -> str:
    """Return the sentence for something odd, with its numbers."""
    return ODDITIES[oddity.odd].format_map(oddity.facts)


def told_value(name: str, value: object, levels: Mapping[str, str] | None = None) -> str:
    """Return a value of a code table or a district as people read it."""
    if name == "state":
        text = str(value or "")
        return LANDS.get(text) or (TYPE_STATE[TypeState(text)] if text in set(TypeState) else text)
    if name in {"level_from", "level_to"}:
        return (levels or {}).get(str(value), shown(value))
    return shown(value)
