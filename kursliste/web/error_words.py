"""What went wrong and how to mend it: broken rules, and requests that failed.

What readers can meet is marked for translation; what only staff does is German.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.web.labels import shown
from kursliste.web.languages import N_, gettext

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
        Rule.TEXT_TOO_LONG: N_("Der Text hat {count} Zeichen; höchstens {length} sind möglich."),
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
        Rule.IDENTITY_TAKEN: "Dieses Konto der Behörde gehört schon zu einer anderen Person. "
        "Fragen Sie Ihre Koordination.",
        Rule.SEARCH_EMPTY: "Setzen Sie zuerst einen Filter oder wählen Sie einen Landkreis. Sonst "
        "kommt zu jedem neuen Kurs eine E-Mail.",
        Rule.SEARCH_TOO_WIDE: "Dazu passen mehr als {most} Kurse. Setzen Sie noch einen Filter.",
        Rule.SEARCHES_TOO_MANY: "Sie haben schon {most} Suchen gespeichert. Löschen Sie zuerst "
        "eine.",
        Rule.MERGE_BLOCKED: "Diese beiden Träger lassen sich gerade nicht zusammenführen. Unten "
        "steht, was zuerst zu tun ist.",
        Rule.GIVING_BLOCKED: "Für {month} ist eine der beiden Meldungen schon eingereicht. Wählen "
        "Sie einen späteren Monat.",
        Rule.NOTE_EMPTY: "Schreiben Sie etwas in die Notiz.",
        Rule.NOTHING_APPROVED: "Für {month} ist noch keine Meldung freigegeben. Geben Sie zuerst "
        "mindestens eine Meldung frei.",
        Rule.REASON_MISSING: "Schreiben Sie, warum diese Ausgabe eine frühere ersetzt. Der Grund "
        "steht in der Liste.",
        Rule.EDITION_MOVED_ON: "Inzwischen wurde die Ausgabe {name} veröffentlicht. Prüfen Sie "
        "den Stand, bevor Sie noch einmal veröffentlichen.",
        Rule.PDF_FAILED: "Die PDF-Datei ließ sich nicht herstellen. Deshalb ist nichts "
        "veröffentlicht. Versuchen Sie es noch einmal. Gelingt es wieder nicht, sagen Sie denen "
        "Bescheid, die kursliste betreiben; der Grund steht in den Meldungen des Servers.",
        Rule.TIME_LEFT_OUT: "Am {day} gibt es {at} Uhr nicht: Die Uhr wird vorgestellt. Wählen Sie "
        "eine andere Zeit.",
        Rule.PUBLICATION_IN_PAST: "Diese Zeit ist schon vorbei. Wählen Sie eine spätere oder "
        "veröffentlichen Sie sofort.",
        Rule.EDITION_WITHDRAWN: "Die Ausgabe {name} ist schon zurückgezogen.",
        Rule.WITHDRAWAL_REASON_MISSING: "Schreiben Sie, warum die Ausgabe zurückgezogen wird. Der "
        "Grund steht dann an ihrer Stelle.",
        Rule.ERASURE_EMPTY: "Schreiben Sie, was entfernt werden soll, zum Beispiel einen Namen.",
        Rule.ERASURE_TOO_SHORT: "„{value}“ ist zu kurz oder zu lang, um es sicher zu finden. "
        "Schreiben Sie den ganzen Namen.",
        Rule.ERASURE_REASON_MISSING: "Schreiben Sie, warum die Angaben entfernt werden.",
        Rule.ERASURE_REASON_NAMES: "Der Grund wird aufbewahrt. Nennen Sie die Person darin nicht.",
        Rule.ERASURE_NOTHING_FOUND: "Das steht in keiner Ausgabe und in keiner Meldung. Prüfen "
        "Sie die Schreibweise.",
        Rule.ROUND_EXISTS: "Die Abfrage für {month} gibt es schon.",
        Rule.ROUND_NOT_OPEN: "Die Abfrage für {month} ist abgeschlossen. Die Koordination kann sie "
        "wieder öffnen.",
        Rule.DUE_BEFORE_OPENING: "Der Meldeschluss ({due_on}) liegt vor dem Tag, an dem die "
        "Abfrage öffnet ({opens_on}). Wählen Sie einen späteren Tag.",
        Rule.CLOSES_TOO_EARLY: "Die Abfrage kann nicht vor dem Meldeschluss ({due_on}) und nicht "
        "vor heute enden. Wählen Sie einen späteren Tag.",
        Rule.STEPS_OUT_OF_ORDER: "Die Schritte nach dem Meldeschluss müssen aufeinander folgen: "
        "zuerst „überfällig“, dann die zweite Adresse, dann die Anrufliste.",
        Rule.LAYOUT_HAS_GAPS: "Wer die Liste liest, vermisst dann etwas. Lesen Sie den Hinweis und "
        "setzen Sie hier einen Haken, wenn es so gemeint ist.",
        Rule.COLUMN_NEEDED: "Die Spalte „{heading}“ gehört in jede Liste. Sie können sie umstellen "
        "oder nicht drucken, aber nicht weglassen.",
        Rule.COLUMN_IS_PUBLIC: "Nach „{heading}“ wird in der Liste gesucht. Diese Spalte kann "
        "nicht nur für Fachkräfte sein.",
        Rule.NOTHING_PRINTED: "Keine öffentliche Spalte wird gedruckt. Wählen Sie mindestens eine.",
        Rule.HEADING_TWICE: "Die Überschrift „{heading}“ gibt es schon. Excel verlangt, dass sich "
        "alle Überschriften unterscheiden.",
        Rule.PICTURE_REFUSED: "{reason}",
        Rule.BRACE_ALONE: "Bei „{value}“ steht eine geschweifte Klammer allein. Löschen Sie sie "
        "oder schreiben Sie den Platzhalter ganz: {known}.",
        Rule.PLACEHOLDER_UNKNOWN: "„{value}“ ist kein Platzhalter. Möglich sind: {known}.",
        Rule.REPORT_ALREADY_SUBMITTED: "Die Meldung von {provider} für {month} ist schon "
        "eingereicht; ihre Kurse werden nicht überschrieben.",
        Rule.PROVIDER_UNKNOWN: "Den Träger „{name}“ gibt es in diesem Kreis nicht.",
        Rule.NAME_TAKEN: "„{name}“ ist schon vergeben.",
        Rule.WORD_TAKEN: "„{word}“ steht schon für „{meaning}“. Entfernen Sie das Wort zuerst dort "
        "oder wählen Sie ein anderes.",
        Rule.CODE_MALFORMED: "„{value}“ geht nicht. Möglich sind Buchstaben ohne Umlaute, Ziffern "
        "und Bindestriche, zum Beispiel LSK-SN-SOFORT.",
        Rule.COURSE_TYPE_IN_USE: "Diese Kursart lässt sich nicht löschen: Kurse haben sie, oder "
        "sie gehört zu den mitgelieferten. Geben Sie unter „Gilt bis“ den letzten Tag an.",
        Rule.AGS_MALFORMED: "„{value}“ ist kein Kreisschlüssel. Er hat fünf Ziffern und beginnt "
        "mit der Nummer des Landes, zum Beispiel 14626.",
        Rule.SLUG_MALFORMED: "„{value}“ geht nicht. Möglich sind Kleinbuchstaben ohne Umlaute, "
        "Ziffern und Bindestriche, zum Beispiel saale-orla-kreis.",
        Rule.STATE_OF_ANOTHER: "Der Kreisschlüssel {ags} gehört zu einem anderen Land ({right}). "
        "Prüfen Sie beides: Vom Land hängen die Feiertage ab.",
        Rule.MAIL_ADDRESS_TAKEN: "Für {email} gibt es schon ein Konto.",
        Rule.MEMBER_ALREADY: "{email} meldet schon für diesen Träger.",
        Rule.LAST_ADMINISTRATOR: "Sonst bliebe niemand, der die Verwaltung hat. Geben Sie sie "
        "zuerst einer anderen Person.",
        Rule.NOT_ONESELF: "Das geht nicht mit dem eigenen Konto. Fragen Sie eine andere Person mit "
        "der Aufgabe Verwaltung.",
        Rule.ROLE_HELD: "Diese Aufgabe hat die Person schon.",
        Rule.MAIL_NOT_FAILED: "Diese E-Mail ist schon gesendet oder noch unterwegs.",
        Rule.LAST_MEMBER: "Das ist die letzte Person, die für diesen Träger meldet. Laden Sie "
        "zuerst eine andere ein.",
        Rule.VENUE_EMPTY: "Geben Sie mindestens einen Namen oder eine Straße und den Ort an.",
        Rule.VENUE_KNOWN: "Diesen Kursort gibt es schon in Ihrer Liste.",
        Rule.SIGN_IN_REFUSED: "Dieser Link oder Code gilt nicht (mehr). Lassen Sie sich einen "
        "neuen schicken.",
        Rule.TOO_MANY_TRIES: N_("Das waren zu viele Versuche. Warten Sie {minutes} Minuten."),
        Rule.FILE_REFUSED: "{reason}",
        Rule.FILTER_TOO_LONG: N_("Das sind zu viele Filter auf einmal. Lassen Sie einige weg."),
        Rule.SUBSCRIPTION_KNOWN: N_("Diese Liste mit diesem Filter haben Sie schon abonniert."),
        Rule.NOTHING_TO_TAKE_OVER: "In dieser Datei steht kein Kurs, der übernommen werden kann.",
        Rule.SHELF_NOT_WRITABLE: "Die Ablage für veröffentlichte Dateien ist gerade nicht zu "
        "erreichen oder voll. Es wurde nichts veröffentlicht und nichts geändert. Versuchen Sie "
        "es in ein paar Minuten noch einmal. Bleibt es so, sagen Sie Ihrer Technik Bescheid.",
        Rule.SHELF_NOT_READABLE: N_(
            "Die Ablage für veröffentlichte Dateien ist gerade nicht zu "
            "erreichen. Versuchen Sie es in ein paar Minuten noch einmal."
        ),
        Rule.SHELF_NAME_TAKEN: "In der Ablage liegt unter dem Namen {name} schon eine andere "
        "Datei. Es wurde nichts veröffentlicht. Ihre Technik kann die Ablage mit „kursliste "
        "verify“ prüfen.",
    }
)

DISK_FULL: Final = (
    "Auf dem Server ist kein Platz mehr. Was Sie eben geschickt haben, ist nicht gespeichert. "
    "Was vorher gespeichert war, ist noch da. Versuchen Sie es später noch einmal."
)

HTTP_STATUS: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        400: (
            N_("Das hat nicht geklappt"),
            N_(
                "Die Anfrage war nicht vollständig. Gehen Sie zurück und versuchen Sie es "
                "noch einmal."
            ),
        ),
        403: (
            N_("Kein Zugang"),
            N_(
                "Mit Ihrem Konto können Sie diese Seite nicht öffnen. Fragen Sie Ihre Koordination."
            ),
        ),
        404: (
            N_("Seite nicht gefunden"),
            N_(
                "Diese Seite gibt es nicht. Prüfen Sie die Adresse oder beginnen Sie auf der "
                "Startseite."
            ),
        ),
        405: (
            N_("Das geht hier nicht"),
            N_("Diese Adresse lässt sich so nicht aufrufen. Beginnen Sie auf der Startseite."),
        ),
        409: (
            N_("Inzwischen hat sich etwas geändert"),
            N_(
                "Jemand anderes war schneller. Gehen Sie zurück, laden Sie die Seite neu und "
                "prüfen Sie den Stand."
            ),
        ),
        410: (
            N_("Diese Seite gibt es nicht mehr"),
            N_("Was hier stand, wurde zurückgezogen. Beginnen Sie auf der Startseite."),
        ),
        411: (
            N_("Das hat nicht geklappt"),
            N_("Die Länge der Anfrage fehlt. Versuchen Sie es noch einmal."),
        ),
        413: (
            N_("Die Datei ist zu groß"),
            N_(
                "Möglich sind höchstens 2 MB. Löschen Sie Bilder und leere Blätter und "
                "versuchen Sie es noch einmal."
            ),
        ),
        422: (
            N_("So geht es noch nicht"),
            N_("Prüfen Sie Ihre Angaben."),
        ),
        429: (
            N_("Zu viele Versuche"),
            N_("Warten Sie ein paar Minuten und versuchen Sie es noch einmal."),
        ),
        500: (
            N_("Ein Fehler ist passiert"),
            N_(
                "Das liegt an uns, nicht an Ihnen. Versuchen Sie es in ein paar Minuten noch "
                "einmal."
            ),
        ),
        503: (
            N_("Gerade nicht erreichbar"),
            N_("Die Datenbank antwortet nicht. Versuchen Sie es in einer Minute noch einmal."),
        ),
    }
)
"""Heading and advice for each way a request can fail, translated where they are shown."""


def message(violation: RuleViolationError) -> str:
    """Return the sentence for a broken rule with its facts filled in.

    It is in the language of the page where readers can meet it, else in German.
    """
    facts = {name: shown(value) for name, value in violation.facts.items()}
    return gettext(MESSAGES[violation.rule]).format_map(facts)
