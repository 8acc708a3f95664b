"""Names in a list: which course type, which provider, which course number."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from kursliste.intake.legends import ORGANISATION
from kursliste.intake.tables import CodeTables, key
from kursliste.intake.values.levels import levels_in
from kursliste.intake.values.reading import Reading, ask, found, line, plain, unread

GROUPS: Final = (
    (re.compile(r"integrationskurs", re.I), "Integrationskurse"),
    (re.compile(r"berufssprach|deuföv|\bBSK\b", re.I), "Berufssprachkurse"),
    (
        re.compile(r"landessprach|landesprogramm|start deutsch|landeskurs", re.I),
        "Landessprachkurse",
    ),
    (re.compile(r"erstorientierung|\bMiA\b|\bEOK\b", re.I), "Erstorientierung"),
    (re.compile(r"kommunal", re.I), "Kommunale und weitere Kurse"),
    (re.compile(r"selbstzahl", re.I), "Kommunale und weitere Kurse"),
    (re.compile(r"ehrenamt|begegnung", re.I), "Ehrenamt und Begegnung"),
    (re.compile(r"prüfung", re.I), "Prüfungen"),
    (re.compile(r"\bberuf\b|\bland\b|\bweitere\b|sonstige", re.I), ""),
)
LONGEST_ALIAS_PART: Final = 6
FOLK: Final = re.compile(r"volkshochschule|\bK?VHS\b", re.I)
SPELLED: Final = {"bw": "bildungswerk", "vhs": "volkshochschule", "kvhs": "kreisvolkshochschule",
                  "bz": "bildungszentrum", "bfw": "berufsförderungswerk"}  # fmt: skip
LEGAL: Final = re.compile(r"\b(?:gGmbH|GmbH|e\.\s?V\.|UG|AG|gUG|mbH)(?!\w)|\(.{0,200}?\)")
REFERENCE: Final = (
    re.compile(r"[,\n ]\s{0,20}(?:Kurs(?:-?Nr\.?|nummer)?|Nr\.)\s+((?=[\w/-]*\d)[A-Z0-9][\w/-]*)"),
    re.compile(r"\n\s{0,20}((?=[\w-]*\d)[A-Z]{1,5}(?:-[A-Z0-9]+)+)\s{0,20}$"),
    re.compile(r"\s{0,20}\(([A-Z]{1,4}[ -]\d[\w-]*)\)"),
)


@dataclass(frozen=True)
class TypeFound:
    """A course type, and whether the words leave no doubt."""

    code: str
    sure: bool


def group_of(text: str) -> str:
    """Return the course group that a group row names; more than one means none."""
    named = {group for pattern, group in GROUPS if pattern.search(text)}
    return named.pop() if len(named) == 1 else ""


def words_of(text: str) -> list[str]:
    """Return the words of a text for comparing, with A2.1 as one word."""
    return re.findall(r"[a-zäöüßé]+\d?(?:\.\d)?|\d+", text.casefold())


def type_in(text: str, tables: CodeTables) -> TypeFound | None:
    """Return the course type that the words of ``text`` stand for, the most telling ones first."""
    wanted = key(text)
    for known in tables.course_types.values():
        if wanted in {key(known.code), key(known.label)}:
            return TypeFound(known.code, sure=True)
    words = f" {' '.join(words_of(text))} "
    best = max(
        (
            (alias.sure, len(key(alias.alias)), alias.code)
            for alias in tables.type_aliases
            if stands_in(alias.alias, words, wanted)
        ),
        default=None,
    )
    return TypeFound(best[2], sure=best[0]) if best else None


def stands_in(alias: str, words: str, whole: str) -> bool:
    """Return whether an alias stands in a text as words, or as a part of a long word."""
    compact = key(alias)
    levelled = bool(levels_in(alias))
    return f" {' '.join(words_of(alias))} " in words or (
        len(compact) > LONGEST_ALIAS_PART and not levelled and compact in whole
    )


def read_type(texts: Iterable[str], group: str, provider: str, tables: CodeTables) -> Reading:
    """Return the course type from the first text that names one, checked against its group."""
    parts = [text for text in texts if text]
    chosen = next((hit for text in parts if (hit := type_in(text, tables))), None)
    shown = line(parts[0]) if parts else ""
    if chosen is None or not chosen.sure:
        chosen = by_group(parts, group, tables) or chosen
    if chosen is None:
        return unread("course_type", shown, "Diese Kursart ist nicht bekannt.")
    code = chosen.code
    if code == "VHS-DAF" and provider and not FOLK.search(provider):
        code = "SELBST"
    reading = found(course_type=code)
    if not chosen.sure:
        label = tables.course_types[code].label
        reading += ask("course_type", shown, f"Als „{label}“ gelesen; bitte prüfen.")
    return reading + standing(code, shown, tables)


def by_group(texts: list[str], group: str, tables: CodeTables) -> TypeFound | None:
    """Return what a bare level means in a group: B2 among Berufssprachkurse is BSK-B2."""
    levels = [level for text in texts for level in levels_in(text)]
    if group == "Berufssprachkurse" and levels and f"BSK-{levels[-1]}" in tables.course_types:
        return TypeFound(f"BSK-{levels[-1]}", sure=False)
    if group == "Ehrenamt und Begegnung" and not any(type_in(text, tables) for text in texts):
        return TypeFound("EHRENAMT", sure=False)
    return None


def standing(code: str, shown: str, tables: CodeTables) -> Reading:
    """Return a remark for a course type that is fading or suspended; it is taken all the same."""
    known = tables.course_types.get(code)
    if known is None or known.state not in {"fading", "suspended"}:
        return Reading()
    return ask("course_type", shown, f"{known.label}: {known.state_note}. Bitte prüfen.")


def title_and_reference(text: str) -> Reading:
    """Return the title of a course and the provider's number for it."""
    full = plain(text)
    for pattern in REFERENCE:
        match = pattern.search(full)
        if match:
            rest = full.replace(match[0], " ")
            return found(title=line(rest).strip(" ,"), provider_reference=match[1])
    return found(title=line(full))


class ProviderNames:
    """Resolves the short forms of providers that a list uses."""

    def __init__(self, shorts: Mapping[str, str], full: Iterable[str]) -> None:
        self.shorts = {key(short): name for short, name in shorts.items()}
        self.full = {name: None for name in map(line, full) if len(name) > 4}  # noqa: PLR2004
        self.longest: dict[tuple[str, ...], str] = {}
        for name in self.full:
            words = spelled(name)
            self.longest[words] = max(self.longest.get(words, ""), name, key=len)
        self.spellings = sorted(self.longest)

    def resolve(self, text: str) -> Reading:
        """Return the full name; a name found by likeness only is asked about."""
        name = line(text)
        if key(name) in self.shorts:
            return found(provider=self.shorts[key(name)])
        if name in self.full and LEGAL.search(name):
            return found(provider=name)
        full = self.longer(name)
        if full:
            why = f"Als Träger „{full}“ gelesen; bitte prüfen."
            return found(provider=full) + ask("provider", name, why)
        reading = found(provider=name)
        if not ORGANISATION.search(name) and len(name) <= 5 and name.isupper():  # noqa: PLR2004
            reading += ask("provider", name, "Dieses Kürzel wird in der Datei nicht erklärt.")
        return reading

    def longer(self, name: str) -> str:
        """Return the one name that ``name`` shortens (BW Neißetal, or VHS alone), else nothing.

        The names stand in the order of their words, so that those that begin alike are neighbours:
        a list of thousands of providers is not compared each with each.
        """
        words = spelled(name)
        if not words:
            return ""
        same = self.longest.get(words, "")
        first = bisect_right(self.spellings, words)
        end = bisect_right(self.spellings, words, key=lambda other: other[: len(words)])
        found = [same] if len(same) > len(name) else []
        found += [self.longest[other] for other in self.spellings[first : min(end, first + 2)]]
        return found[0] if len(found) == 1 else ""


def spelled(name: str) -> tuple[str, ...]:
    """Return the words of a provider's name, short forms spelled out, legal form left out."""
    words = re.findall(r"\w+", LEGAL.sub(" ", name).casefold())
    return tuple(SPELLED.get(word, word) for word in words)
