"""What keeps a row of a list out of the database until somebody mends it."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from kursliste.domain.course import FIELD, OWN_FIELDS, Field, Kind
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.plausibility import check_consistent, check_levels
from kursliste.domain.seats import derived_seats_free
from kursliste.infrastructure.codes import Codes

CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
LARGEST_WORD_OVERHEAD: Final = 4
"""Quotes, comma and blank that the stored list of words spends on each of them."""


def completed(values: Mapping[str, object], codes: Codes) -> dict[str, object]:
    """Return the values with what follows from them: a title from the type, free seats.

    Choices become members of their enums; a word that is no choice stays as it is.
    """
    known = {name: as_typed(FIELD[name], value) for name, value in values.items() if name in FIELD}
    course_type = codes.course_types.get(str(known.get("course_type")))
    if not known.get("title") and course_type is not None:
        known["title"] = course_type.label
    if known.get("seats_free") is None:
        total, taken = known.get("seats_total"), known.get("seats_taken")
        if isinstance(total, int) and isinstance(taken, int):
            known["seats_free"] = derived_seats_free(total, taken)
    return known


def as_typed(field: Field, value: object) -> object:
    """Return a choice as the member of its enum, empty text and no words as None."""
    if value in ("", ()):
        return None
    if field.kind is Kind.CHOICE and field.choices is not None and isinstance(value, str):
        return next((choice for choice in field.choices if choice == value), value)
    return value


def faults(values: Mapping[str, object], codes: Codes) -> tuple[RuleViolationError, ...]:
    """Return every rule that a completed row breaks, each with its field; empty for a good row."""
    found = [
        *needed_faults(values),
        *(fault for field in OWN_FIELDS for fault in field_faults(field, values, codes)),
        *length_faults(FIELD["provider"], values.get("provider")),
    ]
    if not found:
        found.extend(whole_faults(values, codes))
    return tuple(found)


def needed_faults(values: Mapping[str, object]) -> Iterator[RuleViolationError]:
    """Yield what the database cannot do without."""
    for name in ("provider", *(field.attribute for field in OWN_FIELDS if field.needed)):
        if not values.get(name):
            yield RuleViolationError(Rule.VALUE_MISSING, field=name)


def whole_faults(values: Mapping[str, object], codes: Codes) -> Iterator[RuleViolationError]:
    """Yield where the values of a row contradict each other."""
    low, high = (codes.level_sort(values.get(name)) for name in ("level_from", "level_to"))
    checks: tuple[Callable[[], None], ...] = (
        lambda: check_consistent(values),
        lambda: check_levels(low, high),
    )
    for check in checks:
        try:
            check()
        except RuleViolationError as violation:
            yield violation


def field_faults(
    field: Field, values: Mapping[str, object], codes: Codes
) -> Iterator[RuleViolationError]:
    """Yield what is wrong with one value: its kind, its size, its words."""
    value = values.get(field.attribute)
    if value is None:
        return
    if not is_typed(field.attribute, value):
        yield unknown(field, value)
        return
    yield from CHECKS.get(field.kind, length_faults)(field, value)
    if field.attribute == "postcode" and not re.fullmatch(r"[0-9]{5}", str(value)):
        yield unknown(field, value)
    table = {
        "course_type": codes.course_types,
        "level_from": codes.levels,
        "level_to": codes.levels,
    }.get(field.attribute)
    if table is not None and value not in table:
        yield unknown(field, value)


def unknown(field: Field, value: object) -> RuleViolationError:
    """Return the violation for a value that has no place in its field."""
    return RuleViolationError(Rule.VALUE_UNKNOWN, field=field.attribute, value=value)


def length_faults(field: Field, value: object) -> Iterator[RuleViolationError]:
    """Yield a text that is too long or holds what nobody sees; it is never cut."""
    text = str(value or "")
    if len(text) > field.length:
        yield RuleViolationError(
            Rule.TEXT_TOO_LONG, field=field.attribute, count=len(text), length=field.length
        )
    if CONTROL.search(text):
        yield unknown(field, CONTROL.sub("□", text))


def number_faults(field: Field, value: object) -> Iterator[RuleViolationError]:
    """Yield a number or an amount outside its bounds."""
    if not (isinstance(value, int | Decimal) and field.low <= value <= field.high):
        yield RuleViolationError(
            Rule.VALUE_OUT_OF_RANGE, field=field.attribute, low=field.low, high=field.high
        )


def words_faults(field: Field, value: object) -> Iterator[RuleViolationError]:
    """Yield a list of words that is too long, or a weekday that is none."""
    words = [str(word) for word in value] if isinstance(value, tuple) else []
    if field.choices is not None and not set(words) <= {str(choice) for choice in field.choices}:
        yield unknown(field, value)
    length = sum(len(word) + LARGEST_WORD_OVERHEAD for word in words)
    if length > field.length:
        yield RuleViolationError(
            Rule.TEXT_TOO_LONG, field=field.attribute, count=length, length=field.length
        )
    if any(CONTROL.search(word) for word in words):
        yield unknown(field, CONTROL.sub("□", ", ".join(words)))


def choice_faults(field: Field, value: object) -> Iterator[RuleViolationError]:
    """Yield a word that is none of the choices."""
    if field.choices is None or not isinstance(value, field.choices):
        yield unknown(field, value)


def link_faults(field: Field, value: object) -> Iterator[RuleViolationError]:
    """Yield an address that no browser should follow."""
    yield from length_faults(field, value)
    try:
        parts = urlsplit(str(value))
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_good = False
    if not is_good or re.search(r"\s", str(value)):
        yield unknown(field, value)


Check = Callable[[Field, object], Iterator[RuleViolationError]]
CHECKS: Final[Mapping[Kind, Check]] = MappingProxyType(
    {
        Kind.INTEGER: number_faults,
        Kind.MONEY: number_faults,
        Kind.WORDS: words_faults,
        Kind.WEEKDAYS: words_faults,
        Kind.CHOICE: choice_faults,
        Kind.LINK: link_faults,
        Kind.DATE: lambda _field, _value: iter(()),
        Kind.TIME: lambda _field, _value: iter(()),
    }
)
TYPES: Final[Mapping[Kind, tuple[type, ...]]] = MappingProxyType(
    dict.fromkeys(Kind, (str,))
    | {
        Kind.INTEGER: (int,),
        Kind.MONEY: (Decimal, int),
        Kind.WORDS: (tuple,),
        Kind.WEEKDAYS: (tuple,),
        Kind.DATE: (date,),
        Kind.TIME: (time,),
    }
)


def is_typed(attribute: str, value: object) -> bool:
    """Return whether a value has the Python type of its field."""
    kind = FIELD[attribute].kind
    return isinstance(value, TYPES[kind]) and not isinstance(value, datetime | bool)
