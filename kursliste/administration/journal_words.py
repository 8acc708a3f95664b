"""How the page of the journal says what an entry is about and what it tells."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any, Final

from kursliste.domain.calendar import Month
from kursliste.domain.course import FIELD
from kursliste.models.journal import JournalEntry
from kursliste.web import filters, labels
from kursliste.web.code_words import DISTRICT_FIELDS, LANDS, TYPE_FIELDS, TYPE_STATE

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "added": "hinzugefügt",
        "answer": "Antwort",
        "attribute": "Feld",
        "body": "Text",
        "chosen": "gewählt",
        "confirmed": "bestätigt",
        "contacts": "Ansprechpersonen",
        "count": "Anzahl",
        "course": "Kurs",
        "courses": "Kurse",
        "device": "Gerät",
        "due_at": "wann",
        "due_on": "Meldeschluss",
        "edition": "Ausgabe",
        "editions": "Ausgaben",
        "fields": "Felder",
        "file": "Datei",
        "how": "auf welchem Weg",
        "issuer": "Anbieter des Kontos",
        "key": "Text für",
        "kind": "Art",
        "left_out": "ausgelassen",
        "level": "Niveau",
        "mails": "E-Mails",
        "meaning": "steht für",
        "month": "Monat",
        "nil": "keine Kurse",
        "objection": "Einwand",
        "people": "Personen",
        "ordered_by": "beauftragt von",
        "provider": "Träger",
        "reason": "Grund",
        "remembered": "gemerktes Gerät",
        "reports": "Meldungen",
        "reported": "Zeilen in Meldungen",
        "role": "Aufgabe",
        "row": "Zeile",
        "step": "Schritt",
        "text": "Text",
        "told_by": "nach Auskunft von",
        "told_how": "Auskunft",
        "told_on": "Auskunft am",
        "standing": "Angebot",
        "types": "Kursarten",
        "venues": "Kursorte",
        "why": "Grund",
        "without": "ohne",
        "word": "Wort",
    }
)
"""What values are called that are no field of a course or a house."""

FOR_MACHINES: Final = frozenset({"keys", "numbers", "rows_sha256"})
"""What entries keep for verification; nobody reads it here."""

CODES: Final[Mapping[str, Mapping[Any, str]]] = MappingProxyType(
    {
        "attribute": {name: field.heading for name, field in FIELD.items()},
        "how": {
            "app": "App",
            "code": "Code aus der E-Mail",
            "coordinator": "durch die Koordination",
            "demo": "Demo",
            "device": "gemerktes Gerät und App",
            "link": "Link aus der E-Mail",
            "openid": "Konto der Behörde",
            "paper": "Ersatzcode",
            "reader": "durch die Leserin oder den Leser",
            "unconfirmed": "nicht bestätigt",
        },
        "key": {"imprint": "Impressum", "privacy": "Datenschutz",
                "accessibility": "Barrierefreiheit"},
        "role": labels.ROLE,
        "standing": TYPE_STATE,
        "state": LANDS,
        "status": labels.REPORT_STATUS,
        "step": labels.REMINDER_STEP,
        "told_how": labels.CONFIRMED,
    }
)  # fmt: skip
"""German words for values that are stored as codes."""

SUBJECTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "alias": "Wort der Übernahme",
        "announcement": "Ankündigung",
        "app_user": "Konto",
        "code_tables": "Listen der Kursarten und Niveaus",
        "contact": "Ansprechperson",
        "correction": "Änderung an einem Kurs",
        "course": "Kurs",
        "course_list": "Kursliste",
        "course_note": "Notiz",
        "course_status": "Status",
        "course_type": "Kursart",
        "district": "Kreis",
        "edition": "Ausgabe",
        "interim_update": "Zwischenmeldung",
        "level": "Niveau",
        "list_upload": "übernommene Liste",
        "mail_text": "Mailtext",
        "mailing": "Versand",
        "mailing_rules": "Regeln für den Versand",
        "outgoing_mail": "E-Mail",
        "provider": "Träger",
        "provider_note": "Notiz",
        "publication_order": "Veröffentlichung zu einer Zeit",
        "question": "Rückfrage",
        "reader_hint": "Hinweis",
        "report": "Meldung",
        "reported_course": "gemeldeter Kurs",
        "review_rules": "Regeln der Prüfung",
        "round": "Abfrage",
        "saved_search": "gespeicherte Suche",
        "site_text": "Text der Seite",
        "statement": "Auskunft eines Trägers",
        "subscription": "E-Mail-Abo",
        "venue": "Kursort",
    }
)
"""What an entry is about; the rest is told by the name of its table."""


def lines_of(entry: JournalEntry) -> Iterator[str]:
    """Give what an entry tells: each changed value with the old one, then the details."""
    for name, (old, new) in entry.changes.items():
        if entry.person_removed_at and old is None and new is None:
            yield f"{name_of(name)} (Werte nach Ablauf der Frist gelöscht)"
            continue
        yield f"{name_of(name)}: {labels.moved(value_of(name, old), value_of(name, new))}"
    for name, value in entry.details.items():
        if name not in FOR_MACHINES and value not in (None, "", []):
            yield f"{name_of(name)}: {value_of(name, value)}"


def name_of(name: str) -> str:
    """Return what a value is called: a field's heading, or the journal's own word."""
    if name in FIELD:
        return FIELD[name].heading
    for words in (labels.HOUSE_FIELDS, NAMES, TYPE_FIELDS, DISTRICT_FIELDS):
        if name in words and not (words is TYPE_FIELDS and name == "state"):
            return words[name]
    return name


def value_of(name: str, value: Any) -> str:
    """Return a stored value as Germans write it; JSON keeps days, times and codes as text."""
    if not isinstance(value, str):
        return labels.shown(value)
    if value in CODES.get(name, {}):
        return CODES[name][value]
    for form, read in (
        (r"\d{4}-\d{2}-\d{2}", date.fromisoformat),
        (r"\d{2}:\d{2}(:\d{2})?", time.fromisoformat),
        (r"\d{4}-\d{2}", Month.parse),
    ):
        if re.fullmatch(form, value):
            try:
                return labels.shown(read(value))
            except ValueError:
                return value
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}T.*", value):
        return filters.instant(datetime.fromisoformat(value))
    return value
