"""The words of one row of the preview, column by column, with what to look at beside the value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kursliste.domain.course import FIELD
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.infrastructure.codes import Codes
from kursliste.intake.values.reading import Remark
from kursliste.web import error_words, labels

Facts = Mapping[str, object]

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Träger": ("provider",),
        "Kurs": (
            "title",
            "course_type",
            "level_from",
            "level_to",
            "provider_reference",
            "units_total",
        ),
        "Zeitraum": ("start_kind", "starts_on", "ends_on", "start_note", "current_module"),
        "Zeiten": ("weekdays", "time_from", "time_until", "time_of_day", "times_note"),
        "Ort": ("venue_name", "street", "postcode", "town", "delivery"),
        "Plätze und Status": (
            "seats_total",
            "seats_taken",
            "seats_free",
            "seats_min",
            "waiting_list",
            "waiting_count",
            "status",
            "late_entry",
            "late_entry_from",
        ),
    }
)
"""Which attributes a column shows; all others stand in the last one."""
REST: Final = "Weitere Angaben"
HEADINGS: Final = (*COLUMNS, REST)
PATTERNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "provider_reference": "Nr. {}",
        "units_total": "{} UE",
        "current_module": "Modul {}",
        "seats_total": "{} gesamt",
        "seats_taken": "{} belegt",
        "seats_free": "{} frei",
        "seats_min": "mindestens {}",
        "waiting_list": "Warteliste {}",
        "waiting_count": "{} auf Warteliste",
        "late_entry": "Quereinstieg {}",
        "late_entry_from": "Einstieg ab {}",
    }
)
RANGES: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "level_from": ("level_to", "{} bis {}", "ab {}"),
        "starts_on": ("ends_on", "{} – {}", "ab {}"),
        "time_from": ("time_until", "{} – {} Uhr", "ab {} Uhr"),
        "postcode": ("town", "{} {}", "{}"),
    }
)
LONE_ENDS: Final = {"level_to": "{}", "ends_on": "bis {}", "time_until": "bis {} Uhr", "town": "{}"}


@dataclass(frozen=True, kw_only=True)
class PreviewCell:
    """One cell: its lines, what to look at, and what has to be mended; all German."""

    heading: str
    lines: tuple[str, ...]
    warnings: tuple[str, ...]
    faults: tuple[str, ...]


def preview_cells(
    facts: Facts, warnings: Sequence[Remark], faults: Sequence[RuleViolationError], codes: Codes
) -> tuple[PreviewCell, ...]:
    """Return the cells of one row in the order of ``HEADINGS``."""
    shown = {name for names in COLUMNS.values() for name in names}
    columns = {**COLUMNS, REST: tuple(name for name in FIELD if name not in shown)}
    homes = {name: heading for heading, names in columns.items() for name in names}
    # A broken rule says the same as the doubt about its value, and more.
    told = {fault.field for fault in faults if fault.rule is not Rule.VALUE_MISSING}
    return tuple(
        PreviewCell(
            heading=heading,
            lines=tuple(rest_lines(facts, names, codes))
            if heading == REST
            else tuple(lines(facts, names, codes)),
            warnings=tuple(
                remark_words(remark)
                for remark in warnings
                if homes.get(remark.attribute, REST) == heading and remark.attribute not in told
            ),
            faults=tuple(
                fault_words(fault) for fault in faults if homes.get(str(fault.field)) == heading
            ),
        )
        for heading, names in columns.items()
    )


def lines(facts: Facts, names: Iterable[str], codes: Codes) -> Iterable[str]:
    """Yield the values of a column as people write them, a range in one line."""
    told = {name: word for name in names if (word := worded(name, facts.get(name), codes))}
    if told.get("title") == told.get("course_type"):
        told.pop("course_type", None)  # the list calls the course by its type
    for name, word in told.items():
        if name in RANGES:
            end, both, alone = RANGES[name]
            yield both.format(word, told[end]) if end in told else alone.format(word)
        elif name in LONE_ENDS:
            if not any(end == name and start in told for start, (end, _, _) in RANGES.items()):
                yield LONE_ENDS[name].format(word)
        else:
            yield PATTERNS.get(name, "{}").format(word)


def rest_lines(facts: Facts, names: Iterable[str], codes: Codes) -> Iterable[str]:
    """Yield the values that have no column, each with its heading."""
    for name in names:
        word = worded(name, facts.get(name), codes)
        if word and name != "course_group":
            yield f"{FIELD[name].heading}: {word}"


def worded(name: str, value: object, codes: Codes) -> str:
    """Return a value in German words; empty for nothing."""
    return "" if value is None else codes.word(name, value) or labels.shown(value)


def remark_words(remark: Remark) -> str:
    """Return what to look at, naming the field and the words of the source."""
    heading = FIELD[remark.attribute].heading if remark.attribute in FIELD else remark.attribute
    value = f" „{remark.value}“" if remark.value else ""
    return f"{heading}{value}: {remark.why}"


def fault_words(fault: RuleViolationError) -> str:
    """Return what has to be mended."""
    return f"{FIELD[str(fault.field)].heading}: {error_words.message(fault)}"
