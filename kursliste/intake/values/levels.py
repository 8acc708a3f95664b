"""Language levels: one, a range, or none."""

import re
from typing import Final

from kursliste.intake.values.reading import (
    Reading,
    ask,
    dashed,
    found,
    is_formula,
    is_nothing,
    unread,
)

LEVEL: Final = re.compile(
    r"\b(?:([ABC][12])(?:[.,]([12]))?|(alpha)(?:betisierung)?\s?([12])?)(?!\w)", re.IGNORECASE
)
BEGINNER: Final = re.compile(
    r"ohne\s+vork|\bo\.\s?vork|\bo\.\s?v\.|keine\s+vork|anfänger|\bohne\b|null|\bA0\b",
    re.IGNORECASE,
)
ANY: Final = re.compile(r"^(?:alle|alle niveaus|alle stufen|verschieden\w*|gemischt|offen)$", re.I)


def levels_in(text: str) -> list[str]:
    """Return the level codes that ``text`` names, in order."""
    codes = []
    for ger, half, alpha, number in LEVEL.findall(text):
        codes.append(f"Alpha{number}" if alpha else ger.upper() + (f".{half}" if half else ""))
    return codes


def read_level(value: object, known: tuple[str, ...]) -> Reading:
    """Return ``level_from`` and ``level_to`` of a cell for both; one level alone is the goal."""
    if is_nothing(value):
        return Reading()
    if is_formula(value):
        return unread("level_to", value, "Das ist eine Formel und kein Niveau.")
    text = dashed(value)
    codes = levels_in(text)
    if any(code not in known for code in codes):
        return unread("level_to", value, "Dieses Niveau ist nicht bekannt.")
    if not codes:
        return without_codes(text, value)
    if len(codes) > 1:
        return ranged(codes, value, known)
    return single(codes[0], text, value)


def without_codes(text: str, value: object) -> Reading:
    """Return what a text says about levels without naming one."""
    if BEGINNER.search(text):
        why = "„ohne Vorkenntnisse“ ist ein Eingangsniveau; das Zielniveau fehlt."
        return (
            found(level_from="ohne") + ask("level_from", value, why) + ask("level_to", value, why)
        )
    if ANY.search(text):
        why = "Das nennt kein einzelnes Niveau."
        return ask("level_from", value, why) + ask("level_to", value, why)
    return unread("level_to", value, "Dieses Niveau ist nicht bekannt.")


def ranged(codes: list[str], value: object, known: tuple[str, ...]) -> Reading:
    """Return a range; more than two levels or a backward one are asked about."""
    reading = found(level_from=codes[0], level_to=codes[-1])
    if known.index(codes[0]) > known.index(codes[-1]):
        reading += ask("level_to", value, "Das Zielniveau liegt unter dem Eingangsniveau.")
    return reading


def single(code: str, text: str, value: object) -> Reading:
    """Return one level: from, when it says so, else the goal."""
    if re.search(r"\bohne\b", text, re.IGNORECASE):
        return found(level_from="ohne", level_to=code)
    if re.match(r"\s*(?:ab|von|mind\w*\.?|>|über)\s*", text, re.IGNORECASE):
        return found(level_from=code)
    if re.search(rf"{re.escape(code)}\s*\+", text, re.IGNORECASE):
        why = f"„{text}“ als „ab {code}“ gelesen."
        return found(level_from=code) + ask("level_from", value, why) + ask("level_to", value, why)
    reading = found(level_to=code)
    if code.startswith("Alpha"):
        why = "„Alpha“ allein wurde als Zielniveau gelesen."
        reading += ask("level_from", value, why) + ask("level_to", value, why)
    return reading


def read_one_level(attribute: str, value: object, known: tuple[str, ...]) -> Reading:
    """Return the level of a column that means only one end."""
    if is_nothing(value):
        return Reading()
    codes = [] if is_formula(value) else levels_in(dashed(value))
    if not codes and attribute == "level_from" and BEGINNER.search(str(value)):
        return found(level_from="ohne")
    if len(codes) != 1 or codes[0] not in known:
        return unread(attribute, value, "Dieses Niveau ist nicht bekannt.")
    return found(**{attribute: codes[0]})
