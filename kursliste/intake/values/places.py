"""Addresses in one cell or in several, PLZ that lost their zero, names of houses."""

import re
from collections.abc import Collection
from typing import Final

from kursliste.domain.course import Delivery
from kursliste.intake.values.reading import (
    Reading,
    ask,
    found,
    is_formula,
    is_nothing,
    line,
    plain,
    unread,
)

POSTCODE_TOWN: Final = re.compile(r"(?<![\d-])(?:D-)?(\d{4,5})\s+([^\d\s(,;][^\d,;\n(]*)")
NUMBERED: Final = re.compile(r"\b\d{1,4}\s?[a-z]?\b(?!\s*(?:uhr|tn))", re.IGNORECASE)
STREET_WORD: Final = re.compile(
    r"(?:str(?:aße|asse|\.)|weg|platz|gasse|allee|ring|ufer|hof|markt|damm|winkel|berg)\b", re.I
)
HOUSE_WORD: Final = re.compile(
    r"haus|saal|schule|zentrum|treff|stube|raum|gebäude|bibliothek|kirche|gemeinde|cafe|café|vhs|"
    r"klub|club|heim|turm|campus|akademie|begegnung", re.I
)  # fmt: skip
ROOM: Final = re.compile(
    r"(?:R\.|Raum|Zi\.|Zimmer|Hinterhaus|Eingang|\d\.\s?(?:OG|Etage|Stock)|EG\b)", re.I
)
POSTCODE_LENGTH: Final = 5
LOST_ZERO: Final = 4


def read_postcode(value: object) -> Reading:
    """Return a PLZ as text of five digits; a lost leading zero is put back and mentioned."""
    if is_nothing(value):
        return Reading()
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else line(value)
    text = text.removeprefix("D-")
    if not text.isascii() or not text.isdigit() or len(text) not in {POSTCODE_LENGTH, LOST_ZERO}:
        return unread("postcode", value, "Eine PLZ hat fünf Ziffern.")
    return padded(text)


def padded(text: str) -> Reading:
    """Return a PLZ of five digits."""
    if len(text) == POSTCODE_LENGTH:
        return found(postcode=text)
    why = f"Die PLZ „{text}“ hat nur vier Ziffern: als 0{text} gelesen."
    return found(postcode=f"0{text}") + ask("postcode", text, why)


def read_address(value: object, towns: Collection[str]) -> Reading:
    """Return street, PLZ, town and house from a cell that holds any of them.

    ``towns`` are the names already known from this file; they decide what a word alone means.
    """
    if is_nothing(value):
        return Reading()
    text = plain(value)
    if is_formula(value) and not re.search(r"[a-zß]{4}", text):
        return unread("street", value, "Das ist eine Formel und keine Adresse.")
    reading, rest = without_online(text)
    hint = re.search(r"\(([^)]*)\)", rest)
    if hint:
        rest = rest.replace(hint[0], " ")
        reading += ask("street", value, f"Der Zusatz „({hint[1]})“ wurde weggelassen.")
    match = POSTCODE_TOWN.search(rest)
    if match:
        rest = rest.replace(match[0], "\n")
        reading += padded(match[1]) + found(town=match[2].strip(" ,;"))
    for part in parts_of(rest):
        reading += part_of(part, value, towns, reading)
    return reading


def parts_of(text: str) -> list[str]:
    """Return the parts of an address; a room stays with the part before it."""
    parts: list[str] = []
    for part in (piece.strip(" ,") for piece in re.split(r"[\n,;]|(?<=\s)/(?=\s)", text)):
        if part and parts and ROOM.match(part):
            parts[-1] = f"{parts[-1]}, {part}"
        elif part:
            parts.append(part)
    return parts


def without_online(text: str) -> tuple[Reading, str]:
    """Return how lessons are held if the place says „online“, and the text without it."""
    if not re.search(r"\bonline\b", text, re.IGNORECASE):
        return Reading(), text
    rest = re.sub(r"[/,+&(]?\s*\b(?:und\s+)?online\b\s*\)?", "", text, flags=re.IGNORECASE).strip(
        " /,+"
    )
    mode = Delivery.HYBRID if rest else Delivery.ONLINE
    why = f"„online“ beim Ort: als Form „{mode.value}“ gelesen."
    return found(delivery=mode.value) + ask("delivery", text, why), rest


def part_of(part: str, value: object, towns: Collection[str], before: Reading) -> Reading:
    """Return what one part of an address is."""
    if part in towns and "town" not in before.values:
        return found(town=part)
    if ROOM.match(part):
        return found(venue_name=part)
    if NUMBERED.search(part) or (STREET_WORD.search(part) and not HOUSE_WORD.search(part)):
        taken = "street" in before.values
        return ask("street", value, f"„{part}“ wurde weggelassen.") if taken else found(street=part)
    if HOUSE_WORD.search(part) or "town" in before.values or part.casefold() in {"s. o.", "dto."}:
        return found(venue_name=part)
    why = f"„{part}“ wurde als Ort gelesen."
    return found(town=part) + ask("town", value, why)


def read_street(value: object) -> Reading:
    """Return a street column; a name without a number may be a house (Alte Schule)."""
    if is_nothing(value):
        return Reading()
    text = line(value)
    if is_formula(value) or NUMBERED.search(text) or STREET_WORD.search(text):
        return found(street=text)
    return found(venue_name=text)
