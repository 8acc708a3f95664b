"""A district: its key, its Land and its place in the addresses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.texts import check_length, checked_text

STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "01": "SH",
        "02": "HH",
        "03": "NI",
        "04": "HB",
        "05": "NW",
        "06": "HE",
        "07": "RP",
        "08": "BW",
        "09": "BY",
        "10": "SL",
        "11": "BE",
        "12": "BB",
        "13": "MV",
        "14": "SN",
        "15": "ST",
        "16": "TH",
    }
)
"""The Land that the first two digits of an AGS (Amtlicher Gemeindeschlüssel) stand for."""

AGS: Final = re.compile(r"[0-9]{5}")
SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LENGTHS: Final[Mapping[str, int]] = {"slug": 60, "name": 120, "publisher": 200, "contact": 300}
"""Characters that the texts of a district may have."""


@dataclass(frozen=True, kw_only=True)
class DistrictFacts:
    """What may change about a district; its AGS and its address stay for ever."""

    name: str
    state: str
    publisher: str = ""
    contact: str = ""


def check_slug(slug: str) -> None:
    """Raise RuleViolationError at ``slug`` for what is no part of an address."""
    checked_text(slug, field="slug", longest=LENGTHS["slug"], missing=Rule.VALUE_MISSING)
    if SLUG.fullmatch(slug) is None:
        raise RuleViolationError(Rule.SLUG_MALFORMED, field="slug", value=slug)


def check_ags(ags: str) -> None:
    """Raise RuleViolationError at ``ags`` unless it has five digits and begins with a Land."""
    if AGS.fullmatch(ags) is None or ags[:2] not in STATES:
        raise RuleViolationError(Rule.AGS_MALFORMED, field="ags", value=ags)


def check_district(ags: str, facts: DistrictFacts) -> None:
    """Raise RuleViolationError for an empty or too long text and a Land that the AGS contradicts.

    The holidays follow from the Land, and with them every deadline.
    """
    checked_text(facts.name, field="name", longest=LENGTHS["name"], missing=Rule.VALUE_MISSING)
    check_length(facts.publisher, LENGTHS["publisher"], field="publisher")
    check_length(facts.contact, LENGTHS["contact"], field="contact")
    if STATES.get(ags[:2]) != facts.state:
        raise RuleViolationError(
            Rule.STATE_OF_ANOTHER, field="state", ags=ags, right=STATES.get(ags[:2], "")
        )
