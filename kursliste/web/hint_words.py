"""What readers find out about a course, in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kursliste.domain.hint import HintReason
from kursliste.web.languages import N_

HINT_REASON: Final[Mapping[HintReason, str]] = MappingProxyType(
    {
        HintReason.NOBODY_ANSWERS: N_("Am Telefon ist niemand zu erreichen"),
        HintReason.FULL: N_("Der Kurs ist voll"),
        HintReason.NOT_TAKING_PLACE: N_("Der Kurs findet nicht statt"),
        HintReason.TIME_OR_PLACE: N_("Zeit oder Ort stimmen nicht"),
        HintReason.OTHER: N_("Etwas anderes"),
    }
)
