"""The licences under which a district may give its list away."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Licence(StrEnum):
    """What a reader may do with the data; NONE where the district says nothing."""

    NONE = ""
    DL_DE_BY = "dl-de/by-2-0"
    DL_DE_ZERO = "dl-de/zero-2-0"
    CC_BY = "CC-BY-4.0"
    CC_ZERO = "CC0-1.0"


TERMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        Licence.DL_DE_BY: "https://www.govdata.de/dl-de/by-2-0",
        Licence.DL_DE_ZERO: "https://www.govdata.de/dl-de/zero-2-0",
        Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/deed.de",
        Licence.CC_ZERO: "https://creativecommons.org/publicdomain/zero/1.0/deed.de",
    }
)
"""Where the words of a licence stand, for people."""

WITH_NAME: Final = frozenset({Licence.DL_DE_BY, Licence.CC_BY})
"""Licences whose users have to name the publisher."""


def licence_of(text: str) -> Licence:
    """Return the licence that an edition was frozen with; NONE for words that are no code."""
    return Licence(text) if text in set(Licence) else Licence.NONE
