"""Compares what the import understood with an answer sheet, as its EXPECTED.md says."""

import re
import unicodedata
from dataclasses import dataclass, field

from kursliste.intake.understanding import Understanding, to_json

EITHER = frozenset((("laeuft_einstieg", "offen"), ("laeuft_einstieg", "knapp"), ("laeuft", "voll")))


@dataclass
class Score:
    """Right and wrong fields, and rows that are missing or invented."""

    right: int = 0
    total: int = 0
    warned: int = 0
    wrong: list[tuple[str, str, object, object]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)
    unnamed: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Return the share of fields that are right."""
        return self.right / self.total if self.total else 0.0


def loose(value: object) -> str:
    """Return text for comparing: composed letters, single blanks, small."""
    text = unicodedata.normalize("NFC", str(value)).replace("\n", " ")
    return re.sub(r"\s+", " ", text).strip().casefold()


def agrees(attribute: str, wanted: object, got: object) -> bool:
    """Return whether a value is right: equal, or for text one inside of the other."""
    if got is None:
        return False
    if attribute == "contact_phone":
        return re.sub(r"\D", "", str(wanted)) == re.sub(r"\D", "", str(got))
    if attribute == "status":
        return wanted == got or (got, wanted) in EITHER
    if isinstance(wanted, list) or attribute in {"course_type", "level_from", "level_to"}:
        return wanted == got
    if isinstance(wanted, str) and not re.fullmatch(r"[\d:-]+", wanted):
        mine, theirs = loose(wanted), loose(got)
        return mine in theirs or theirs in mine
    return wanted == got


def doubts_in(expected: dict) -> dict[str, set[str]]:
    """Return the doubtful fields by row."""
    doubts: dict[str, set[str]] = {}
    for entry in expected.get("doubtful", []):
        match = re.match(r"(.+?![0-9]+): ([a-z_*, ]+): ", entry)
        if match:
            doubts.setdefault(match[1], set()).update(match[2].split(", "))
    return doubts


def score(understanding: Understanding, expected: dict) -> Score:
    """Return how well a file was understood."""
    report = to_json(understanding)
    got = {course["row"]: course for course in report["courses"]}
    wanted = {course["row"]: course for course in expected["courses"]}
    result = Score(
        missing=[row for row in wanted if row not in got],
        invented=[row for row in got if row not in wanted],
    )
    doubts = doubts_in(expected)
    for row in wanted.keys() & got.keys():
        compare(result, wanted[row], got[row], doubts.get(row, set()))
    named = {entry["row"] for entry in report["not_courses"]}
    for entry in expected.get("not_courses", []):
        row = entry.split(": ")[0]
        if row not in named:
            result.unnamed.append(row)
    return result


def compare(result: Score, wanted: dict, got: dict, doubtful: set[str]) -> None:
    """Count the fields of one course; a doubtful one is right if it was asked about."""
    asked = {warning["attribute"] for warning in got["warnings"]}
    for attribute in sorted((wanted.keys() | got.keys()) - {"row", "warnings"}):
        result.total += 1
        if attribute in wanted and agrees(attribute, wanted[attribute], got.get(attribute)):
            result.right += 1
        elif (attribute in doubtful or "*" in doubtful) and attribute in asked:
            result.right += 1
            result.warned += 1
        else:
            result.wrong.append(
                (wanted["row"], attribute, wanted.get(attribute), got.get(attribute))
            )
