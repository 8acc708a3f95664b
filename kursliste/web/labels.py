"""The German words for our English names; a test sees that none is missing."""

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.correction import CorrectionStatus
from kursliste.domain.course import ConfirmedHow, Section
from kursliste.domain.edition import ChangeKind, Phase
from kursliste.domain.fast_path import LookReason
from kursliste.domain.licence import TERMS, Licence
from kursliste.domain.permissions import Role
from kursliste.domain.plausibility import Severity
from kursliste.domain.question import QuestionStatus
from kursliste.domain.reminders import ReminderStep
from kursliste.domain.report import ReportAction, ReportOrigin, ReportStatus
from kursliste.domain.round import ListKind, Rhythm, RoundStatus, UnconfirmedRule
from kursliste.web.languages import N_

MONTHS: Final = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)

REPORT_STATUS: Final[Mapping[ReportStatus, str]] = MappingProxyType(
    {
        ReportStatus.OPEN: "offen",
        ReportStatus.DRAFT: "in Bearbeitung",
        ReportStatus.SUBMITTED: "eingereicht",
        ReportStatus.ASKED: "Rückfrage",
        ReportStatus.APPROVED: "freigegeben",
    }
)

REPORT_TONE: Final[Mapping[ReportStatus, str]] = MappingProxyType(
    {
        ReportStatus.OPEN: "neutral",
        ReportStatus.DRAFT: "neutral",
        ReportStatus.SUBMITTED: "info",
        ReportStatus.ASKED: "warning",
        ReportStatus.APPROVED: "success",
    }
)

REPORT_ACTION: Final[Mapping[ReportAction, str]] = MappingProxyType(
    {
        ReportAction.START: "Meldung beginnen",
        ReportAction.SUBMIT: "einreichen",
        ReportAction.TAKE_BACK: "zurücknehmen",
        ReportAction.ASK: "Rückfrage stellen",
        ReportAction.APPROVE: "freigeben",
        ReportAction.CARRY_OVER: "unbestätigt übernehmen",
        ReportAction.REOPEN: "wieder öffnen",
        ReportAction.REVISE: "ändern",
        ReportAction.DISCARD: "Änderung verwerfen",
    }
)

REPORT_ORIGIN: Final[Mapping[ReportOrigin, str]] = MappingProxyType(
    {
        ReportOrigin.PREFILLED: "aus dem Vormonat vorausgefüllt",
        ReportOrigin.TAKEN_OVER: "aus Liste übernommen",
    }
)

QUESTION_STATUS: Final[Mapping[QuestionStatus, str]] = MappingProxyType(
    {
        QuestionStatus.OPEN: "offen",
        QuestionStatus.ANSWERED: "beantwortet",
        QuestionStatus.CLOSED: "erledigt",
    }
)

CORRECTION_STATUS: Final[Mapping[CorrectionStatus, str]] = MappingProxyType(
    {
        CorrectionStatus.OPEN: "noch nicht beantwortet",
        CorrectionStatus.ACCEPTED: "angenommen",
        CorrectionStatus.OBJECTED: "widersprochen",
        CorrectionStatus.SETTLED: "erledigt",
    }
)

LOOK_REASON: Final[Mapping[LookReason, str]] = MappingProxyType(
    {
        LookReason.NOT_SUBMITTED: "nicht mehr zur Prüfung eingereicht",
        LookReason.MOVED_ON: "inzwischen geändert",
        LookReason.QUESTION: "mit Rückfrage",
        LookReason.OBJECTION: "mit Widerspruch gegen eine Korrektur",
        LookReason.NEW_PROVIDER: "zum ersten Mal dabei",
        LookReason.NEW_COURSE: "mit neuem Kurs",
        LookReason.ENDED_EARLY: "ein Kurs fällt vor seinem Ende weg",
        LookReason.OTHER_CHANGE: "mehr als Kleines geändert",
        LookReason.UNCONFIRMED: "nicht alle Kurse bestätigt",
        LookReason.ODD: "etwas ist auffällig",
    }
)

CORRECTION_TONE: Final[Mapping[CorrectionStatus, str]] = MappingProxyType(
    {
        CorrectionStatus.OPEN: "neutral",
        CorrectionStatus.ACCEPTED: "success",
        CorrectionStatus.OBJECTED: "warning",
        CorrectionStatus.SETTLED: "neutral",
    }
)

REMINDER_STEP: Final[Mapping[ReminderStep, str]] = MappingProxyType(
    {
        ReminderStep.OPENING: "Abfrage geöffnet",
        ReminderStep.FRIENDLY: "freundliche Erinnerung",
        ReminderStep.LAST_DAY: "letzter Tag",
        ReminderStep.OVERDUE: "überfällig",
        ReminderStep.SECOND_CONTACT: "zweite Adresse",
        ReminderStep.QUESTION: "Rückfrage offen",
    }
)

ROUND_STATUS: Final[Mapping[RoundStatus, str]] = MappingProxyType(
    {RoundStatus.OPEN: "offen", RoundStatus.CLOSED: "abgeschlossen"}
)

LIST_KIND: Final[Mapping[ListKind, str]] = MappingProxyType(
    {
        ListKind.LANGUAGE_COURSES: "Deutschkurse",
        ListKind.ORIENTATION: "Berufliche Orientierung und Qualifizierung",
        ListKind.ADVICE: "Beratung",
        ListKind.COMMUNITY: "Ehrenamt, Kultur, Sport",
    }
)

RHYTHM: Final[Mapping[Rhythm, str]] = MappingProxyType(
    {
        Rhythm.MONTHLY: "monatlich",
        Rhythm.QUARTERLY: "vierteljährlich",
        Rhythm.HALF_YEARLY: "halbjährlich",
    }
)

UNCONFIRMED_RULE: Final[Mapping[UnconfirmedRule, str]] = MappingProxyType(
    {
        UnconfirmedRule.PRINT: "als „nicht bestätigt“ drucken",
        UnconfirmedRule.LEAVE_OUT: "weglassen",
    }
)

LIST_SETUP: Final[Mapping[str, str]] = MappingProxyType(
    {
        "rhythm": "Rhythmus",
        "opens_day": "Öffnet am (Tag des Vormonats)",
        "due_working_days": "Meldeschluss: Arbeitstage vor dem letzten Arbeitstag",
        "unconfirmed_rule": "Kurse, die niemand bestätigt hat",
        "licence": "Lizenz der Daten",
        "reminds": "Erinnerungen schicken",
        "friendly_days": "Erinnerung: Tage vor dem Meldeschluss",
        "overdue_working_days": "„Überfällig“: Arbeitstage nach dem Meldeschluss",
        "second_contact_working_days": "Zweite Adresse: Arbeitstage nach dem Meldeschluss",
        "calls_working_days": "Anrufliste: Arbeitstage nach dem Meldeschluss",
    }
)
"""What a district chooses for a list; the names are those of ``domain.schedule.ListSetup``."""

LICENCE: Final[Mapping[str, str]] = MappingProxyType(
    {
        Licence.NONE: "keine Angabe",
        Licence.DL_DE_BY: "Datenlizenz Deutschland – Namensnennung – Version 2.0",
        Licence.DL_DE_ZERO: "Datenlizenz Deutschland – Zero – Version 2.0",
        Licence.CC_BY: "Creative Commons Namensnennung 4.0 International (CC BY 4.0)",
        Licence.CC_ZERO: "Creative Commons CC0 1.0 Universell",
    }
)

LICENCE_TERMS: Final = TERMS


def licence_words(frozen: str) -> str:
    """Return the name of an edition's licence, "" if it has none; other words stay as they are."""
    return LICENCE.get(frozen, frozen) if frozen else ""


ROUND_DATES: Final[Mapping[str, str]] = MappingProxyType(
    {"due_on": "Meldeschluss", "open_until": "Letzter Tag der Abfrage"}
)

WEEKDAYS: Final = (
    "Montag",
    "Dienstag",
    "Mittwoch",
    "Donnerstag",
    "Freitag",
    "Samstag",
    "Sonntag",
)

ROLE: Final[Mapping[Role, str]] = MappingProxyType(
    {
        Role.PROVIDER: "Träger",
        Role.COORDINATOR: "Koordination",
        Role.COUNSELLOR: "Beratung",
        Role.ADMINISTRATOR: "Verwaltung",
    }
)

PHASE: Final[Mapping[Phase, str]] = MappingProxyType(
    {Phase.STARTING: N_("Startet demnächst"), Phase.RUNNING: N_("Läuft")}
)

CHANGE_KIND: Final[Mapping[ChangeKind, str]] = MappingProxyType(
    {
        ChangeKind.NEW: N_("neu"),
        ChangeKind.CHANGED: N_("geändert"),
        ChangeKind.ENDED: N_("entfallen"),
    }
)

SECTION: Final[Mapping[Section, str]] = MappingProxyType(
    {
        Section.WHAT: "Was?",
        Section.WHEN: "Wann?",
        Section.WHERE: "Wo?",
        Section.WHO: "Für wen, wie viele, an wen wenden?",
        Section.NONE: "",
    }
)

SEVERITY: Final[Mapping[Severity, str]] = MappingProxyType(
    {Severity.ASK: "nachfragen", Severity.LOOK: "ansehen"}
)

HOUSE_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "Name",
        "short_name": "Kurzname",
        "street": "Straße",
        "postcode": "PLZ",
        "town": "Ort",
        "phone": "Telefon",
        "email": "E-Mail",
        "website": "Webadresse",
        "office_hours": "Sprechzeiten",
        "languages": "Sprachen",
        "approvals": "Zugelassen für",
        "report_email": "Meldekontakt",
        "wheelchair": "Barrierefrei",
        "is_public": "Darf öffentlich genannt werden",
    }
)
"""What a provider, its venues and its contacts say of themselves."""

CONFIRMED: Final[Mapping[ConfirmedHow, str]] = MappingProxyType(
    {
        ConfirmedHow.WEB: "bestätigt",
        ConfirmedHow.UPLOAD: "bestätigt",
        ConfirmedHow.TELEPHONE: "telefonisch bestätigt",
        ConfirmedHow.MAIL: "per E-Mail bestätigt",
    }
)

TOLD: Final[Mapping[ConfirmedHow, str]] = MappingProxyType(
    {ConfirmedHow.TELEPHONE: "am Telefon", ConfirmedHow.MAIL: "per E-Mail"}
)

UNKNOWN: Final = N_("keine Angabe")
ANSWERED_BY_VALUE: Final = "geändert: {moved}"
"""The answer to a question whose field was changed; see :func:`moved`."""


def shown(value: object) -> str:
    """Return any value as Germans write it: 01.12.2026, 08:30, Dezember 2026, lists with commas."""
    match value:
        case None:
            return ""
        case bool():
            return "ja" if value else "nein"
        case Month():
            return f"{MONTHS[value.number - 1]} {value.year}"
        case date():
            return f"{value:%d.%m.%Y}"
        case time():
            return f"{value:%H:%M}"
        case Decimal():
            return f"{value:f}".replace(".", ",")
        case tuple() | list():
            return ", ".join(shown(item) for item in value)
        case _:
            return str(value)


def moved(old: str | None, new: str | None) -> str:
    """Return an old and a new value in words: 18:00 → 17:30."""
    return f"{old or UNKNOWN} → {new or UNKNOWN}"


def with_weekday(day: date) -> str:
    """Return a day as "Donnerstag, 31.12.2026"."""
    return f"{WEEKDAYS[day.weekday()]}, {shown(day)}"
