"""The words of the sheets "Legende" and "Metadaten", as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kursliste.domain.edition import CodeWords, EditionHead, Row
from kursliste.infrastructure.clock import BERLIN
from kursliste.publishing.formats.json_file import SCHEMA
from kursliste.publishing.formats.text import NOT_CONFIRMED, month_words
from kursliste.web.labels import licence_words

ABBREVIATIONS: Final = (
    ("ABH", "Ausländerbehörde"),
    ("BAMF", "Bundesamt für Migration und Flüchtlinge"),
    ("BSK", "Berufssprachkurs"),
    ("DTB", "Deutsch-Test für den Beruf"),
    ("DTZ", "Deutsch-Test für Zuwanderer (A2–B1)"),
    ("EBT", "Einbürgerungstest"),
    ("EOK", "Erstorientierungskurs"),
    ("IK", "Integrationskurs"),
    ("JC", "Jobcenter"),
    ("LiD", "Test „Leben in Deutschland“"),
    ("MiA", "Kurs „Migrantinnen einfach stark im Alltag“"),
    ("UE", "Unterrichtseinheit von 45 Minuten"),
    ("VHS", "Volkshochschule"),
)

READING: Final = (
    ("leere Zelle", "Die Angabe ist nicht bekannt. Fragen Sie beim Träger nach."),
    ("bestätigt am", "An diesem Tag hat der Träger die Angaben zum Kurs zuletzt bestätigt."),
    (NOT_CONFIRMED, "Niemand hat die Angaben bestätigt. Sie können überholt sein."),
    ("durchgestrichen", "Der Kurs ist abgesagt."),
    ("Modul", "Abschnitt eines Integrationskurses, 100 UE"),
)

LEVELS_IN_WORDS: Final = (
    "Sprachniveau: A1 Anfang, A2 Grundlagen, B1 selbstständig im Alltag, "
    "B2 selbstständig im Beruf, C1 und C2 sehr sicher"
)

READING_ON_PAPER: Final = (
    ("auf Anfrage", "Die Angabe ist nicht bekannt. Fragen Sie beim Träger nach."),
    ("bestätigt am", "An diesem Tag hat der Träger die Angaben zuletzt bestätigt."),
    (
        "nicht bestätigt",
        "Der Träger hat die Angaben in diesem Monat nicht bestätigt. Sie können überholt sein.",
    ),
    ("neu, geändert", "gegenüber der Ausgabe des letzten Monats"),
    ("abgesagt, durchgestrichen", "Der Kurs findet nicht statt."),
    (
        "A1 bis C2",
        LEVELS_IN_WORDS,
    ),
    ("Modul", "Abschnitt eines Integrationskurses, 100 UE"),
    ("Quereinstieg", "Einstieg in einen Kurs, der schon läuft"),
)

DISCLAIMER: Final = (
    "Alle Angaben beruhen auf Meldungen der Träger und sind ohne Gewähr. Änderungen vorbehalten. "
    "Fragen Sie vor der Anmeldung beim Träger nach."
)


@dataclass(frozen=True)
class Section:
    """A heading and the words explained below it."""

    heading: str
    entries: tuple[tuple[str, str], ...]


def sections(rows: Sequence[Row], words: CodeWords) -> list[Section]:
    """Return what a reader of this very list may need explained; unused codes are left out."""
    explained = dict(words.explanations)
    types = _in_use(rows, ("course_type",), words.course_types)
    levels = _in_use(rows, ("level_from", "level_to"), words.levels)
    found = [
        Section("So lesen Sie die Liste", READING),
        Section("Status", _explained(words.statuses, explained)),
        Section("Kursarten in dieser Liste", _explained(types, explained, show_code=True)),
        Section("Niveaustufen in dieser Liste", _explained(levels, explained)),
        Section("Abkürzungen", ABBREVIATIONS),
        Section("Weitere Begriffe", tuple(explained.items())),
    ]
    return [section for section in found if any(text for _, text in section.entries)]


def printed_sections(rows: Sequence[Row], words: CodeWords) -> list[Section]:
    """Return what a reader of the printed list needs explained, one section per column."""
    statuses = _in_use(rows, ("status",), words.statuses)
    explained = _explained(statuses, dict(words.explanations))
    found = [
        Section("So lesen Sie die Liste", READING_ON_PAPER),
        Section("Status", tuple(entry for entry in explained if entry[1])),
        Section("Abkürzungen", ABBREVIATIONS),
    ]
    return [section for section in found if section.entries]


def _in_use(
    rows: Sequence[Row], attributes: Sequence[str], labels: Mapping[str, str]
) -> dict[str, str]:
    used = {row.get(attribute) for row in rows for attribute in attributes}
    return {code: label for code, label in labels.items() if code in used}


def _explained(
    labels: Mapping[str, str], explained: dict[str, str], *, show_code: bool = False
) -> tuple[tuple[str, str], ...]:
    """Take the explanations that belong to ``labels`` out of ``explained``, by code or by label.

    With ``show_code`` the code, which the JSON uses, stands where there is no explanation.
    """
    entries = []
    for code, label in labels.items():
        by_code, by_label = explained.pop(code, ""), explained.pop(label, "")
        entries.append((label, by_label or by_code or (code if show_code else "")))
    return tuple(entries)


def metadata(
    head: EditionHead, *, courses: int, internal: bool
) -> list[tuple[str, str | int | date]]:
    """Return name and value of everything that identifies an edition."""
    published = head.published_at.astimezone(BERLIN)
    replaces = "" if head.replaces is None else f"{head.month}/{head.replaces}"
    reach = "intern, nur für Fachkräfte – nicht veröffentlichen" if internal else "öffentlich"
    facts: list[tuple[str, str | int | date]] = [
        ("Landkreis oder Stadt", head.district),
        ("AGS", head.ags),
        ("Liste", head.list_title),
        ("Monat", month_words(head.month)),
        ("Ausgabe", head.name),
        ("Stand", head.stand),
        ("veröffentlicht", f"{published:%d.%m.%Y, %H:%M} Uhr"),
        ("Umfang", reach),
        ("Kurse", courses),
        ("Herausgeber", head.publisher),
        ("verantwortlich", head.responsible),
        ("Kontakt", head.contact),
        ("Lizenz der Daten", licence_words(head.licence)),
        ("ersetzt Ausgabe", replaces),
        ("Grund der Korrektur", head.reason),
        ("Träger ohne aktuelle Meldung", ", ".join(head.silent_providers) or "keine"),
        ("nicht aufgeführt, weil nicht bestätigt", head.left_out or ""),
        ("Text unter der Liste", head.layout.footer),
        ("Format", SCHEMA),
        ("Hinweis", DISCLAIMER),
    ]
    return [(name, value) for name, value in facts if value != ""]
