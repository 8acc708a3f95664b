"""Write which test, document or duty of the operator answers which requirement: ``make evidence``.

The catalogues ``docs/evidence/*.csv`` name every requirement with its number, level, our own words
and how it is answered. The tests carry markers (``asvs``, ``con10``); pytest collects them here, so
a report names no test that does not exist. Nothing is claimed that has no answer: it stands open.
"""

import csv
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "docs" / "evidence"
DOCTOR: Final = "doctor:"
OPTION: Final = "--evidence-to"


class Kind(StrEnum):
    """How a requirement is answered; the values stand in the catalogues."""

    TEST = "test"
    DOCUMENT = "document"
    OPERATOR = "operator"
    DEVIATION = "deviation"
    OPEN = "open"
    NOT_APPLICABLE = "not applicable"


WORDS: Final = {
    Kind.TEST: "Test",
    Kind.DOCUMENT: "Dokument",
    Kind.OPERATOR: "Betrieb",
    Kind.DEVIATION: "Abweichung",
    Kind.OPEN: "offen",
    Kind.NOT_APPLICABLE: "trifft nicht zu",
}
NEEDS_REASON: Final = {Kind.DEVIATION, Kind.OPEN, Kind.NOT_APPLICABLE}
NEEDS_PLACE: Final = {Kind.DOCUMENT, Kind.OPERATOR}

Proofs = Mapping[str, Sequence[str]]
"""Number of a requirement -> tests that carry it, as ``file::name``, sorted."""


@dataclass(frozen=True)
class Requirement:
    """One line of a catalogue; ``where`` is a file, a heading in it, or a check of the doctor."""

    number: str
    level: str
    words: str
    kind: Kind
    where: str
    note: str


@dataclass(frozen=True)
class Catalogue:
    """A standard: the marker of its tests, its files and what its report says first."""

    marker: str
    name: str
    title: str
    intro: str
    prefix: str
    chapters: Mapping[str, str]

    @property
    def source(self) -> Path:
        """Where its requirements stand."""
        return FOLDER / f"{self.marker}.csv"

    @property
    def report(self) -> Path:
        """Where its report is written to."""
        return FOLDER / f"{self.name}.md"


ASVS: Final = Catalogue(
    marker="asvs",
    name="ASVS",
    title="OWASP ASVS 5.0.0: was belegt ist und womit",
    intro=(
        "Alle 253 Anforderungen der Stufen 1 und 2 und 40 der Stufe 3. Die übrigen 52 der Stufe 3 "
        "sind nicht betrachtet.\n\nNummern und Stufen sind die des OWASP Application Security "
        "Verification Standard 5.0.0 (OWASP Foundation, CC BY-SA 4.0, "
        "<https://github.com/OWASP/ASVS>). Die Worte sind unsere und kürzer; es gilt der Wortlaut "
        "dort."
    ),
    prefix="V",
    chapters={
        "1": "Maskieren und Säubern",
        "2": "Prüfen von Eingaben, Ablauf der Arbeit",
        "3": "Browser",
        "4": "Schnittstellen",
        "5": "Dateien",
        "6": "Anmelden",
        "7": "Sitzungen",
        "8": "Rechte",
        "9": "Token",
        "10": "OAuth und OpenID Connect",
        "11": "Kryptografie",
        "12": "Verbindungen",
        "13": "Einstellungen",
        "14": "Schutz von Daten",
        "15": "Bauweise und Pakete",
        "16": "Protokolle und Fehler",
        "17": "WebRTC",
    },
)
CON10: Final = Catalogue(
    marker="con10",
    name="CON10",
    title="BSI IT-Grundschutz, CON.10 Entwicklung von Webanwendungen: was belegt ist und womit",
    intro=(
        "Alle 18 Anforderungen des Bausteins (IT-Grundschutz-Kompendium, Edition 2022). Die Worte "
        "sind unsere und kürzer; es gilt der Wortlaut des BSI. Der Baustein APP.3.1 richtet sich "
        "an den Betrieb und steht hier nicht."
    ),
    prefix="CON.10.",
    chapters={},
)
CATALOGUES: Final = (ASVS, CON10)
RULES: Final = """Diese Seite schreibt `make evidence` aus [{source}]({source}) und den Markern \
der Tests (`@pytest.mark.{marker}`). Ein Test vergleicht sie bei jedem `./test`. Ändern Sie sie \
nicht von Hand.

- **Test**: Die genannten Tests schlagen fehl, wenn die Anforderung nicht mehr erfüllt ist. Alle \
laufen bei jedem `./test`, auf SQLite und PostgreSQL, wo beides zählt; „(nachts)“ nur mit \
`make nightly`.
- **Dokument**: Die Anforderung verlangt, dass etwas festgelegt ist, oder es steht dort, warum \
es so ist.
- **Betrieb**: Wer kursliste betreibt, richtet es so ein; das Dokument oder `kursliste doctor` \
sagt, wie.
- **Abweichung**: Bewusst anders, mit Grund. Tests daneben belegen, was stattdessen schützt.
- **offen**: Nicht oder nicht ganz belegt. Tests daneben belegen den Teil, der erfüllt ist.

Es ist eine Selbstauskunft der Entwicklung. Eine unabhängige Prüfung gab es nicht."""


# ---- collecting: pytest loads this file as a plugin


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file into which the markers are written."""
    parser.addoption(OPTION, help="where to write which test carries which requirement")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write marker -> number -> test -> whether some case of it runs in ``./test``."""
    target = session.config.getoption(OPTION)
    if not target:
        return
    found: dict[str, dict[str, dict[str, bool]]] = {one.marker: {} for one in CATALOGUES}
    for item in session.items:
        test = item.nodeid.partition("[")[0]
        daily = item.get_closest_marker("nightly") is None
        for marker, numbers in found.items():
            for mark in item.iter_markers(marker):
                for number in mark.args:
                    tests = numbers.setdefault(str(number), {})
                    tests[test] = tests.get(test, False) or daily
    Path(target).write_text(json.dumps(found), encoding="utf-8")


def marked_files() -> list[str]:
    """Return the test files that name a marker: collecting the others would only take time."""
    names = tuple(f"mark.{one.marker}(" for one in CATALOGUES)
    return [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if any(name in path.read_text(encoding="utf-8") for name in names)
    ]


def collect() -> dict[str, Proofs]:
    """Return for each marker which tests carry which number.

    Raises ``RuntimeError`` with the words of pytest where the tests cannot be collected.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "found.json"
        command = [
            *(sys.executable, "-m", "pytest", "--collect-only", "-q", "--nightly"),
            *("-p", "no:cacheprovider", "-p", "scripts.evidence", f"{OPTION}={target}"),
            *marked_files(),
        ]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError((done.stdout + done.stderr)[-4000:])
        found = json.loads(target.read_text(encoding="utf-8"))
    return {
        marker: {
            number: sorted(test if daily else f"{test} (nachts)" for test, daily in tests.items())
            for number, tests in numbers.items()
        }
        for marker, numbers in found.items()
    }


# ---- the catalogues


def requirements(catalogue: Catalogue) -> list[Requirement]:
    """Return the requirements in the order of the catalogue."""
    with catalogue.source.open(encoding="utf-8", newline="") as file:
        return [
            Requirement(
                row["id"], row["level"], row["words"], Kind(row["kind"]), row["where"], row["note"]
            )
            for row in csv.DictReader(file, delimiter=";")
        ]


def problems(all_: Iterable[Requirement], proofs: Proofs) -> list[str]:
    """Return everything that a catalogue claims and that is not so; empty if it is honest."""
    wanted = list(all_)
    numbers = [one.number for one in wanted]
    found = [f"{one}: twice in the catalogue" for one in set(numbers) if numbers.count(one) > 1]
    found += [
        f"{number}: not in the catalogue, named by {', '.join(tests)}"
        for number, tests in proofs.items()
        if number not in numbers
    ]
    for one in wanted:
        found += [f"{one.number}: {what}" for what in _claims(one, proofs.get(one.number, ()))]
    return sorted(found)


def _claims(one: Requirement, tests: Sequence[str]) -> Iterator[str]:
    if one.kind is Kind.TEST and not tests:
        yield "claims a test, and no test carries it"
    if one.kind is Kind.NOT_APPLICABLE and tests:
        yield f"does not apply, and {', '.join(tests)} proves it"
    if one.kind in NEEDS_REASON and not one.note:
        yield "gives no reason"
    if one.kind in NEEDS_PLACE and not one.where:
        yield "names no place"
    if one.where and not is_there(one.where):
        yield f"names {one.where!r}, which is not there"


def is_there(where: str) -> bool:
    """Return whether a file, a heading in a file (``file#heading``) or a doctor's check exists."""
    if where.startswith(DOCTOR):
        checks = (ROOT / "kursliste" / "doctor.py").read_text(encoding="utf-8")
        return f'"{where.removeprefix(DOCTOR)}"' in checks
    name, _, heading = where.partition("#")
    path = ROOT / name
    if not path.is_file():
        return False
    titles = re.findall(r"(?m)^#+ (.+)$", path.read_text(encoding="utf-8"))
    return not heading or heading in {anchor(title) for title in titles}


def anchor(title: str) -> str:
    """Return what a heading is linked by, as GitHub and GitLab make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


# ---- the reports


def report(catalogue: Catalogue, all_: Sequence[Requirement], proofs: Proofs) -> str:
    """Return the whole report; the same input gives the same text."""
    rules = RULES.format(source=catalogue.source.name, marker=catalogue.marker)
    parts = [f"# {catalogue.title}", catalogue.intro, rules, "## Überblick"]
    parts.append(_overview(catalogue, all_))
    for kind, title in ((Kind.DEVIATION, "Abweichungen"), (Kind.OPEN, "Offen")):
        parts += [f"## {title}", _listed(catalogue, [one for one in all_ if one.kind is kind])]
    for chapter, name in (catalogue.chapters or {"": "Alle Anforderungen"}).items():
        parts.append(f"## {catalogue.prefix}{chapter} {name}" if chapter else f"## {name}")
        parts.append(_table(catalogue, _of(all_, chapter), proofs))
    return "\n\n".join(parts) + "\n"


def _of(all_: Sequence[Requirement], chapter: str) -> list[Requirement]:
    return [one for one in all_ if not chapter or one.number.split(".")[0] == chapter]


def _overview(catalogue: Catalogue, all_: Sequence[Requirement]) -> str:
    rows = [["", *WORDS.values(), "zusammen"], ["---", *["--:"] * (len(WORDS) + 1)]]
    groups = {f"Stufe {one.level}": one.level for one in sorted(all_, key=lambda r: r.level)}
    if not catalogue.chapters:
        groups = {one.level: one.level for one in all_}
    for name, level in groups.items():
        rows.append([name, *_counts([one for one in all_ if one.level == level])])
    rows.append(["**alle**", *_counts(all_)])
    return _drawn(rows)


def _counts(some: Sequence[Requirement]) -> list[str]:
    return [str(sum(one.kind is kind for one in some)) for kind in WORDS] + [str(len(some))]


def _listed(catalogue: Catalogue, some: Sequence[Requirement]) -> str:
    lines = [f"- **{catalogue.prefix}{one.number}** {one.words}: {one.note}" for one in some]
    return "\n".join(lines) or "Keine."


def _table(catalogue: Catalogue, some: Sequence[Requirement], proofs: Proofs) -> str:
    rows = [["Nr.", "Stufe", "Anforderung", "Nachweis", "wo"], ["---"] * 5]
    rows += [
        [
            f"{catalogue.prefix}{one.number}",
            one.level,
            one.words,
            WORDS[one.kind],
            "<br>".join(filter(None, (*_places(one, proofs.get(one.number, ())), one.note))),
        ]
        for one in some
    ]
    return _drawn(rows)


def _places(one: Requirement, tests: Sequence[str]) -> Iterator[str]:
    by_file: dict[str, list[str]] = {}
    for test in tests:
        name, _, function = test.partition("::")
        by_file.setdefault(name, []).append(function)
    for name, functions in by_file.items():
        yield f"[{name}](../../{name}): {', '.join(functions)}"
    if one.where.startswith(DOCTOR):
        yield f"`kursliste doctor`: {one.where.removeprefix(DOCTOR)}"
    elif one.where:
        yield f"[{one.where}](../../{one.where})"


def _drawn(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> int:
    """Write the reports; the status is 1 while a catalogue claims what is not so."""
    found = collect()
    wrong: list[str] = []
    for catalogue in CATALOGUES:
        wanted, proofs = requirements(catalogue), found[catalogue.marker]
        wrong += [f"{catalogue.name} {what}" for what in problems(wanted, proofs)]
        catalogue.report.write_text(report(catalogue, wanted, proofs), encoding="utf-8")
        told = ", ".join(
            f"{sum(one.kind is kind for one in wanted)} {words}" for kind, words in WORDS.items()
        )
        print(f"{catalogue.report.relative_to(ROOT)}: {len(wanted)} requirements: {told}")
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
