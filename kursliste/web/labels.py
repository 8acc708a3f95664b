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
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.domain.events import JournalEvent
from kursliste.domain.fast_path import LookReason
from kursliste.domain.permissions import Role
from kursliste.domain.plausibility import Finding, Notice, Severity
from kursliste.domain.question import QuestionStatus
from kursliste.domain.reminders import ReminderStep
from kursliste.domain.report import ReportAction, ReportOrigin, ReportStatus
from kursliste.domain.round import ListKind, Rhythm, RoundStatus, UnconfirmedRule

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

MESSAGES: Final[Mapping[Rule, str]] = MappingProxyType(
    {
        Rule.END_BEFORE_START: "Das Ende ({ends_on}) liegt vor dem Beginn ({starts_on}). "
        "Ändern Sie eines der beiden Daten.",
        Rule.UNTIL_BEFORE_FROM: "Die Zeit bis ({time_until}) muss nach der Zeit von "
        "({time_from}) liegen.",
        Rule.LEVEL_BACKWARDS: "Das Zielniveau liegt unter dem Eingangsniveau. "
        "Tauschen Sie die beiden oder lassen Sie „Niveau von“ leer.",
        Rule.VALUE_MISSING: "Diese Angabe fehlt.",
        Rule.VALUE_UNKNOWN: "„{value}“ ist hier nicht möglich. Prüfen Sie die Schreibweise.",
        Rule.VALUE_OUT_OF_RANGE: "Möglich sind Werte von {low} bis {high}.",
        Rule.TEXT_TOO_LONG: "Der Text hat {count} Zeichen; höchstens {length} sind möglich.",
        Rule.NOTHING_TO_REPORT: "Diese Meldung hat keinen Kurs. Fügen Sie einen Kurs hinzu oder "
        "melden Sie „derzeit keine Kurse“.",
        Rule.NIL_REPORT_HAS_COURSES: "Diese Meldung hat noch Kurse. Beenden Sie sie zuerst, wenn "
        "es derzeit keine Kurse gibt.",
        Rule.REPORT_NOT_EDITABLE: "Diese Meldung ist eingereicht und lässt sich gerade nicht "
        "ändern. Nehmen Sie sie zurück oder schreiben Sie der Koordination.",
        Rule.QUESTION_OPEN: "Eine Rückfrage ist noch offen: „{text}“. Beantworten Sie sie, dann "
        "können Sie einreichen.",
        Rule.QUESTION_EMPTY: "Schreiben Sie, was Sie wissen möchten.",
        Rule.ANSWER_EMPTY: "Schreiben Sie eine Antwort, zum Beispiel „stimmt so, weil …“.",
        Rule.NOTHING_CORRECTED: "Dieser Wert steht schon da. Ändern Sie ihn oder brechen Sie ab.",
        Rule.REPORT_NOT_CORRECTABLE: "Diese Meldung liegt gerade beim Träger. Berichtigen können "
        "Sie sie, sobald sie eingereicht ist.",
        Rule.OBJECTION_EMPTY: "Schreiben Sie, was an der Änderung nicht stimmt.",
        Rule.NOTE_EMPTY: "Schreiben Sie etwas in die Notiz.",
        Rule.NOTHING_APPROVED: "Für {month} ist noch keine Meldung freigegeben. Geben Sie zuerst "
        "mindestens eine Meldung frei.",
        Rule.REASON_MISSING: "Schreiben Sie, warum diese Ausgabe eine frühere ersetzt. Der Grund "
        "steht in der Liste.",
        Rule.EDITION_MOVED_ON: "Inzwischen wurde die Ausgabe {name} veröffentlicht. Prüfen Sie "
        "den Stand, bevor Sie noch einmal veröffentlichen.",
        Rule.ROUND_EXISTS: "Die Abfrage für {month} gibt es schon.",
        Rule.ROUND_NOT_OPEN: "Die Abfrage für {month} ist abgeschlossen. Die Koordination kann sie "
        "wieder öffnen.",
        Rule.DUE_BEFORE_OPENING: "Der Meldeschluss ({due_on}) liegt vor dem Tag, an dem die "
        "Abfrage öffnet ({opens_on}). Wählen Sie einen späteren Tag.",
        Rule.CLOSES_TOO_EARLY: "Die Abfrage kann nicht vor dem Meldeschluss ({due_on}) und nicht "
        "vor heute enden. Wählen Sie einen späteren Tag.",
        Rule.STEPS_OUT_OF_ORDER: "Die Schritte nach dem Meldeschluss müssen aufeinander folgen: "
        "zuerst „überfällig“, dann die zweite Adresse, dann die Anrufliste.",
        Rule.BRACE_ALONE: "Bei „{value}“ steht eine geschweifte Klammer allein. Löschen Sie sie "
        "oder schreiben Sie den Platzhalter ganz: {known}.",
        Rule.PLACEHOLDER_UNKNOWN: "„{value}“ ist kein Platzhalter. Möglich sind: {known}.",
        Rule.REPORT_ALREADY_SUBMITTED: "Die Meldung von {provider} für {month} ist schon "
        "eingereicht; ihre Kurse werden nicht überschrieben.",
        Rule.PROVIDER_UNKNOWN: "Den Träger „{name}“ gibt es in diesem Kreis nicht.",
        Rule.NAME_TAKEN: "„{name}“ ist schon vergeben.",
        Rule.MAIL_ADDRESS_TAKEN: "Für {email} gibt es schon ein Konto.",
        Rule.MEMBER_ALREADY: "{email} meldet schon für diesen Träger.",
        Rule.LAST_MEMBER: "Das ist die letzte Person, die für diesen Träger meldet. Laden Sie "
        "zuerst eine andere ein.",
        Rule.VENUE_EMPTY: "Geben Sie mindestens einen Namen oder eine Straße und den Ort an.",
        Rule.VENUE_KNOWN: "Diesen Kursort gibt es schon in Ihrer Liste.",
        Rule.SIGN_IN_REFUSED: "Dieser Link oder Code gilt nicht (mehr). Lassen Sie sich einen "
        "neuen schicken.",
        Rule.TOO_MANY_TRIES: "Das waren zu viele Versuche. Warten Sie {minutes} Minuten.",
        Rule.FILE_REFUSED: "{reason}",
        Rule.NOTHING_TO_TAKE_OVER: "In dieser Datei steht kein Kurs, der übernommen werden kann.",
    }
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
        "reminds": "Erinnerungen schicken",
        "friendly_days": "Erinnerung: Tage vor dem Meldeschluss",
        "overdue_working_days": "„Überfällig“: Arbeitstage nach dem Meldeschluss",
        "second_contact_working_days": "Zweite Adresse: Arbeitstage nach dem Meldeschluss",
        "calls_working_days": "Anrufliste: Arbeitstage nach dem Meldeschluss",
    }
)
"""What a district chooses for a list; the names are those of ``domain.schedule.ListSetup``."""

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
    {Phase.STARTING: "Startet demnächst", Phase.RUNNING: "Läuft"}
)

CHANGE_KIND: Final[Mapping[ChangeKind, str]] = MappingProxyType(
    {
        ChangeKind.NEW: "neu",
        ChangeKind.CHANGED: "geändert",
        ChangeKind.ENDED: "entfallen",
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

NOTICES: Final[Mapping[Notice, str]] = MappingProxyType(
    {
        Notice.STARTED_BUT_PLANNED: "Der Beginn ({value}) liegt in der Vergangenheit, der Status "
        "ist aber „in Planung“.",
        Notice.STARTED_BUT_OPEN: "Der Kurs hat am {value} begonnen und nimmt niemanden mehr auf; "
        "der Status sagt aber, dass man sich anmelden kann.",
        Notice.STARTS_FAR_AHEAD: "Der Beginn ({value}) liegt mehr als anderthalb Jahre voraus. "
        "Stimmt das Jahr?",
        Notice.ENDED_BUT_LISTED: "Das Ende ({value}) ist vorbei. Ist der Kurs beendet?",
        Notice.LASTS_LONG: "Vom {start} bis zum {end} sind es mehr als drei Jahre. Stimmt das "
        "Jahr?",
        Notice.NEVER_ENDS: "Es fehlt das Ende des Kurses.",
        Notice.FREE_ABOVE_TOTAL: "{free} freie Plätze sind mehr als {total} Plätze insgesamt.",
        Notice.TAKEN_ABOVE_TOTAL: "{taken} belegte Plätze sind viel mehr als {total} Plätze "
        "insgesamt.",
        Notice.FREE_CONTRADICTS_TAKEN: "{taken} von {total} Plätzen sind belegt; das passt nicht "
        "zu {free} freien Plätzen.",
        Notice.FULL_BUT_FREE: "Der Status sagt „ausgebucht“, es sind aber {free} Plätze frei.",
        Notice.SEATS_ABOVE_USUAL: "{total} Plätze sind mehr als üblich (bei dieser Kursart: "
        "{usual}).",
        Notice.EXAM_BEFORE_START: "Die Prüfung ({exam}) liegt vor dem Beginn ({start}).",
        Notice.REGISTER_AFTER_START: "Der Anmeldeschluss ({register}) liegt nach dem Beginn "
        "({start}).",
        Notice.REGISTER_OVER_BUT_OPEN: "Der Anmeldeschluss ({value}) ist vorbei, der Status sagt "
        "aber, dass man sich anmelden kann.",
        Notice.NOBODY_TO_CALL: "Es fehlt eine Telefonnummer oder E-Mail-Adresse für Fragen.",
        Notice.TIMES_MISSING: "Es fehlt, wann der Unterricht stattfindet.",
        Notice.UNITS_UNLIKE_TYPE: "{units} UE sind ungewöhnlich für diese Kursart (üblich: "
        "{usual}).",
        Notice.UNITS_UNLIKE_DATES: "{per_week} UE je Woche ergeben vom {start} bis zum {end} etwa "
        "{taught} UE; angegeben sind {units}.",
        Notice.UNITS_UNLIKE_TIMES: "{days} von {from} bis {until} Uhr sind höchstens {possible} "
        "UE in der Woche; angegeben sind {per_week}.",
        Notice.WEEK_TOO_FULL: "{per_week} UE in der Woche sind an diesen Tagen ({days}) mehr als "
        "8 UE am Tag.",
        Notice.DAY_TOO_LONG: "Von {from} bis {until} Uhr sind mehr als neun Stunden am Tag.",
        Notice.SEATS_JUMP: "Plätze {old} → {new}. Stimmt die neue Zahl?",
        Notice.START_MOVED_BACK: "Der Beginn ist in die Vergangenheit verlegt: {old} → {new}.",
        Notice.START_MOVED_FAR: "Der Beginn ist um mehr als drei Monate verlegt: {old} → {new}. "
        "Ist es noch derselbe Kurs?",
        Notice.END_MOVED_FAR: "Das Ende ist um mehr als ein halbes Jahr verlegt, der Beginn "
        "nicht: {old} → {new}.",
        Notice.LEVEL_CHANGED: "Das Zielniveau war {old} und ist jetzt {new}. Ist es noch derselbe "
        "Kurs?",
        Notice.MODULE_BACKWARDS: "Der Kurs war in Modul {old} und ist jetzt in Modul {new}.",
        Notice.TWICE_IN_REPORT: "Vielleicht steht der Kurs zweimal in der Meldung: „{title}“ "
        "beginnt auch am {start}.",
        Notice.TWICE_IN_DISTRICT: "{provider} meldet „{title}“, auch ab {start}, am selben Ort "
        "und zur selben Zeit. Ist es derselbe Kurs?",
        Notice.FAR_FROM_THE_OTHERS: "Kein anderer Träger im Kreis nennt eine Postleitzahl, die "
        "wie {postcode} mit {region} beginnt. Stimmt der Ort?",
        Notice.MAIL_REFUSED: "Unsere letzte E-Mail an {email} kam nicht an.",
    }
)

SEVERITY: Final[Mapping[Severity, str]] = MappingProxyType(
    {Severity.ASK: "nachfragen", Severity.LOOK: "ansehen"}
)

EVENTS: Final[Mapping[JournalEvent, str]] = MappingProxyType(
    {
        JournalEvent.DISTRICT_ADDED: "Kreis angelegt",
        JournalEvent.COURSE_LIST_ADDED: "Kursliste angelegt",
        JournalEvent.COURSE_LIST_CONFIGURED: "Termine der Kursliste geändert",
        JournalEvent.MAIL_TEXT_CHANGED: "Text einer Erinnerung geändert",
        JournalEvent.PROVIDER_ADDED: "Träger angelegt",
        JournalEvent.PROVIDER_CHANGED: "Träger geändert",
        JournalEvent.VENUE_ADDED: "Kursort angelegt",
        JournalEvent.VENUE_CHANGED: "Kursort geändert",
        JournalEvent.VENUE_REMOVED: "Kursort gelöscht",
        JournalEvent.CONTACT_ADDED: "Ansprechperson angelegt",
        JournalEvent.CONTACT_CHANGED: "Ansprechperson geändert",
        JournalEvent.CONTACT_REMOVED: "Ansprechperson gelöscht",
        JournalEvent.USER_ADDED: "Konto angelegt",
        JournalEvent.MEMBERSHIP_ADDED: "Zugang erteilt",
        JournalEvent.MEMBERSHIP_REMOVED: "Zugang entzogen",
        JournalEvent.USER_DEACTIVATED: "Konto stillgelegt",
        JournalEvent.CODES_LOADED: "Codetabellen geladen",
        JournalEvent.ROUND_OPENED: "Abfrage geöffnet",
        JournalEvent.ROUND_CLOSED: "Abfrage abgeschlossen",
        JournalEvent.ROUND_MOVED: "Termine der Abfrage geändert",
        JournalEvent.ROUND_REOPENED: "Abfrage wieder geöffnet",
        JournalEvent.REMINDER_QUEUED: "Erinnerung geschrieben",
        JournalEvent.REMINDER_WITHDRAWN: "Erinnerung zurückgehalten, Meldung war schon da",
        JournalEvent.LIST_UPLOADED: "Liste hochgeladen",
        JournalEvent.LIST_MENDED: "Liste vor der Übernahme ausgebessert",
        JournalEvent.LIST_TAKEN_OVER: "Liste übernommen",
        JournalEvent.REPORT_STARTED: "Meldung begonnen",
        JournalEvent.COURSE_ADDED: "Kurs hinzugefügt",
        JournalEvent.COURSE_CHANGED: "Kurs geändert",
        JournalEvent.COURSE_CONFIRMED: "Kurs bestätigt",
        JournalEvent.COURSE_ENDED: "Kurs beendet",
        JournalEvent.COURSE_CANCELLED: "Kurs abgesagt",
        JournalEvent.COURSE_RESUMED: "Kurs doch weitergeführt",
        JournalEvent.COURSE_ADOPTED: "Kurs aus der letzten Meldung nachgeholt",
        JournalEvent.COURSE_CORRECTED: "von der Koordination geändert",
        JournalEvent.CORRECTION_ACCEPTED: "Änderung der Koordination angenommen",
        JournalEvent.CORRECTION_OBJECTED: "Änderung der Koordination widersprochen",
        JournalEvent.CORRECTION_SETTLED: "Widerspruch erledigt",
        JournalEvent.NOTE_WRITTEN: "interne Notiz geschrieben",
        JournalEvent.NOTE_REMOVED: "interne Notiz gelöscht",
        JournalEvent.REVIEW_RULES_CHANGED: "Regeln der Prüfung geändert",
        JournalEvent.STATEMENT_TAKEN: "Auskunft des Trägers aufgenommen",
        JournalEvent.STATEMENT_ENDED: "Eintragen nach Auskunft beendet",
        JournalEvent.REPORT_SUBMITTED: "Meldung eingereicht",
        JournalEvent.REPORT_TAKEN_BACK: "Meldung zurückgenommen",
        JournalEvent.REPORT_REVISED: "Änderung der freigegebenen Meldung begonnen",
        JournalEvent.REVISION_DISCARDED: "Änderung verworfen, die freigegebene Fassung gilt",
        JournalEvent.REPORT_APPROVED: "Meldung freigegeben",
        JournalEvent.REPORT_CARRIED_OVER: "Meldung unbestätigt übernommen",
        JournalEvent.REPORT_REOPENED: "Meldung wieder geöffnet",
        JournalEvent.UNCONFIRMED_DECIDED: "entschieden, was mit nicht bestätigten Kursen geschieht",
        JournalEvent.QUESTION_ASKED: "Rückfrage gestellt",
        JournalEvent.QUESTION_ANSWERED: "Rückfrage beantwortet",
        JournalEvent.QUESTION_CLOSED: "Rückfrage erledigt",
        JournalEvent.INTERIM_REPORTED: "Zwischenmeldung",
        JournalEvent.EDITION_PUBLISHED: "Ausgabe veröffentlicht",
        JournalEvent.SIGN_IN_REQUESTED: "Anmelde-Link angefordert",
        JournalEvent.SIGNED_IN: "angemeldet",
        JournalEvent.SIGNED_OUT: "abgemeldet",
        JournalEvent.SESSIONS_ENDED: "Anmeldungen beendet",
    }
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

HTTP_STATUS: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        400: (
            "Das hat nicht geklappt",
            "Die Anfrage war nicht vollständig. Gehen Sie zurück und versuchen Sie es noch einmal.",
        ),
        403: (
            "Kein Zugang",
            "Mit Ihrem Konto können Sie diese Seite nicht öffnen. Fragen Sie Ihre Koordination.",
        ),
        404: (
            "Seite nicht gefunden",
            (
                "Diese Seite gibt es nicht. Prüfen Sie die Adresse oder beginnen Sie auf der "
                "Startseite."
            ),
        ),
        405: (
            "Das geht hier nicht",
            "Diese Adresse lässt sich so nicht aufrufen. Beginnen Sie auf der Startseite.",
        ),
        409: (
            "Inzwischen hat sich etwas geändert",
            (
                "Jemand anderes war schneller. Gehen Sie zurück, laden Sie die Seite neu und "
                "prüfen Sie den Stand."
            ),
        ),
        411: (
            "Das hat nicht geklappt",
            "Die Länge der Anfrage fehlt. Versuchen Sie es noch einmal.",
        ),
        413: (
            "Die Datei ist zu groß",
            (
                "Möglich sind höchstens 2 MB. Löschen Sie Bilder und leere Blätter und versuchen "
                "Sie es noch einmal."
            ),
        ),
        422: ("So geht es noch nicht", "Prüfen Sie Ihre Angaben."),
        429: ("Zu viele Versuche", "Warten Sie ein paar Minuten und versuchen Sie es noch einmal."),
        500: (
            "Ein Fehler ist passiert",
            "Das liegt an uns, nicht an Ihnen. Versuchen Sie es in ein paar Minuten noch einmal.",
        ),
        503: (
            "Gerade nicht erreichbar",
            (
                "Die Datenbank antwortet nicht. Gehen Sie zurück und versuchen Sie es in einer "
                "Minute noch einmal; Ihre Eingaben stehen noch im Formular."
            ),
        ),
    }
)
"""Heading and advice for each way a request can fail."""


UNKNOWN: Final = "keine Angabe"
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


def message(violation: RuleViolationError) -> str:
    """Return the German sentence for a broken rule with its facts filled in."""
    facts = {name: shown(value) for name, value in violation.facts.items()}
    return MESSAGES[violation.rule].format_map(facts)


def notice(finding: Finding) -> str:
    """Return the German sentence for something that looks odd, naming the values."""
    return NOTICES[finding.notice].format(
        **{name: shown(value) for name, value in finding.facts.items()}
    )
