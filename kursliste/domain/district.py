"""What a district is known by: its AGS, its part of an address, its Land."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.texts import check_length, checked_text

SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
AGS: Final = re.compile(r"[0-9]{5}")


@dataclass(frozen=True)
class Land:
    """A Land: its name, and the digits that its AGS begin with (Destatis, Gemeindeverzeichnis)."""

    name: str
    prefix: str


LAENDER: Final[Mapping[str, Land]] = MappingProxyType(
    {
        "BW": Land("Baden-Württemberg", "08"),
        "BY": Land("Bayern", "09"),
        "BE": Land("Berlin", "11"),
        "BB": Land("Brandenburg", "12"),
        "HB": Land("Bremen", "04"),
        "HH": Land("Hamburg", "02"),
        "HE": Land("Hessen", "06"),
        "MV": Land("Mecklenburg-Vorpommern", "13"),
        "NI": Land("Niedersachsen", "03"),
        "NW": Land("Nordrhein-Westfalen", "05"),
        "RP": Land("Rheinland-Pfalz", "07"),
        "SL": Land("Saarland", "10"),
        "SN": Land("Sachsen", "14"),
        "ST": Land("Sachsen-Anhalt", "15"),
        "SH": Land("Schleswig-Holstein", "01"),
        "TH": Land("Thüringen", "16"),
    }
)
"""By the code of ISO 3166-2, which holidays are known by too."""


def check_slug(slug: str) -> None:
    """Raise RuleViolationError (SLUG_ODD) for what cannot be a part of an address."""
    if not SLUG.fullmatch(slug):
        raise RuleViolationError(Rule.SLUG_ODD, field="slug")


def check_district(*, slug: str, ags: str, name: str, state: str) -> None:
    """Raise RuleViolationError for an address, AGS, name or Land that cannot be."""
    check_slug(slug)
    checked_text(name, field="name", longest=120, missing=Rule.VALUE_MISSING)
    land = LAENDER.get(state)
    if land is None:
        raise RuleViolationError(Rule.VALUE_UNKNOWN, field="state", value=state)
    if not AGS.fullmatch(ags) or not ags.startswith(land.prefix):
        raise RuleViolationError(Rule.AGS_ODD, field="ags", state=land.name, prefix=land.prefix)


def check_words(*, publisher: str, contact: str) -> None:
    """Raise RuleViolationError (TEXT_TOO_LONG) for what stands above a list and is too long."""
    check_length(publisher, 200, field="publisher")
    check_length(contact, 300, field="contact")
