"""What may stand in each column of a report, in words: made from the fields that also check it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kursliste.domain.course import OWN_FIELDS, Carry, Field, Kind, Section, Weekday
from kursliste.infrastructure.codes import Codes
from kursliste.web.course_form import HINTS, options_of

SECTIONS: Final = {
    Section.WHAT: "Was für ein Kurs",
    Section.WHEN: "Wann",
    Section.WHERE: "Wo",
    Section.WHO: "Plätze, Zugang, Kosten, Ansprechperson",
}
BY_KIND: Final = {
    Kind.DATE: "ein Datum, zum Beispiel 15.01.2027",
    Kind.TIME: "eine Uhrzeit, zum Beispiel 08:30",
    Kind.MAIL: "eine E-Mail-Adresse, zum Beispiel name@beispiel.de",
    Kind.LINK: "eine Webadresse, die mit https:// oder http:// beginnt",
    Kind.PHONE: "eine Telefonnummer, zum Beispiel 03581 123456",
}
POSTCODE: Final = "postcode"


@dataclass(frozen=True, kw_only=True)
class FieldRule:
    """One column: its heading, what may stand there, and what else is worth knowing."""

    heading: str
    allowed: str
    hint: str
    is_needed: bool
    is_wanted: bool
    is_internal: bool
    is_monthly: bool


def field_rules(codes: Codes) -> Iterator[tuple[str, Sequence[FieldRule]]]:
    """Yield each section of the form with its columns, in the order of the form."""
    for section, heading in SECTIONS.items():
        yield heading, [_rule(fact, codes) for fact in OWN_FIELDS if fact.section is section]


def _rule(fact: Field, codes: Codes) -> FieldRule:
    return FieldRule(
        heading=fact.heading,
        allowed=_allowed(fact, codes),
        hint=HINTS.get(fact.attribute, ""),
        is_needed=fact.needed,
        is_wanted=fact.wanted,
        is_internal=fact.internal,
        is_monthly=fact.carry is Carry.ASK,
    )


def _allowed(fact: Field, codes: Codes) -> str:
    if fact.attribute == POSTCODE:
        return "fünf Ziffern"
    if fact.kind in BY_KIND:
        return BY_KIND[fact.kind]
    match fact.kind:
        case Kind.CODE | Kind.CHOICE:
            return f"eins von: {'; '.join(word for _value, word in options_of(fact, codes))}"
        case Kind.WEEKDAYS:
            return f"Tage mit Komma dazwischen: {', '.join(Weekday)}"
        case Kind.WORDS:
            return f"Wörter mit Komma dazwischen, üblich sind: {', '.join(fact.words)}"
        case Kind.INTEGER:
            return f"eine ganze Zahl von {fact.low} bis {fact.high} ({fact.unit})"
        case Kind.MONEY:
            return f"ein Betrag in {fact.unit} bis {fact.high}, zum Beispiel 229,00"
    return f"Text, höchstens {fact.length} Zeichen"
