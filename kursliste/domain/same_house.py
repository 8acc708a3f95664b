"""Which providers of a district are probably one that stands there twice."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

LEGAL: Final = re.compile(r"\b(?:ggmbh|gmbh|mbh|e\.?\s?v\.?|gug|ug|ag)(?!\w)|\(.*?\)")
SPELLED: Final = {"vhs": "volkshochschule", "kvhs": "kreisvolkshochschule", "bw": "bildungswerk"}
ANYBODYS: Final = frozenset(
    {
        "aol.com",
        "freenet.de",
        "gmail.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.com",
        "icloud.com",
        "mail.de",
        "online.de",
        "outlook.com",
        "outlook.de",
        "posteo.de",
        "t-online.de",
        "web.de",
        "yahoo.com",
        "yahoo.de",
    }
)
"""Where everybody may have a mailbox: two houses there are no sign of being one."""


class Likeness(StrEnum):
    """Why two providers may be one."""

    NAME = "name"
    MAIL_AND_TOWN = "mail_and_town"


@dataclass(frozen=True)
class House:
    """A provider, reduced to what is compared; ``mails`` are all its addresses."""

    id: int
    name: str
    town: str = ""
    mails: tuple[str, ...] = ()

    @property
    def spelled(self) -> tuple[str, ...]:
        """The words of the name: no legal form, umlauts and short forms written out."""
        words = re.findall(r"\w+", LEGAL.sub(" ", folded(self.name)))
        return tuple(SPELLED.get(word, word) for word in words)

    @property
    def domains(self) -> frozenset[str]:
        """The houses behind its addresses; those where anybody may be are left out."""
        found = {mail.rpartition("@")[2].casefold() for mail in self.mails if "@" in mail}
        return frozenset(found - ANYBODYS)


@dataclass(frozen=True)
class Likely:
    """Two providers by their keys, the smaller first, and why they may be one."""

    one_id: int
    other_id: int
    why: Likeness


def folded(text: str) -> str:
    """Return a text for comparing: small, ä as ae, without accents."""
    small = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    parts = unicodedata.normalize("NFKD", small)
    return "".join(part for part in parts if not unicodedata.combining(part))


def likeness(one: House, other: House) -> Likeness | None:
    """Return why two providers may be one, the stronger sign first, or None."""
    if one.spelled and one.spelled == other.spelled:
        return Likeness.NAME
    is_same_town = bool(one.town.strip()) and folded(one.town) == folded(other.town)
    if is_same_town and one.domains & other.domains:
        return Likeness.MAIL_AND_TOWN
    return None


def likely_pairs(houses: Iterable[House], apart: Iterable[tuple[int, int]]) -> Sequence[Likely]:
    """Return the pairs that may be one, by their keys; ``apart`` are those known as two."""
    known = frozenset(apart)
    found = []
    for one, other in combinations(sorted(houses, key=lambda house: house.id), 2):
        why = likeness(one, other)
        if why is not None and (one.id, other.id) not in known:
            found.append(Likely(one.id, other.id, why))
    return found
