"""Words for what looks odd: the sentence of each notice, its name, and an example of it."""

from collections.abc import Mapping
from datetime import date, time
from types import MappingProxyType
from typing import Final

from kursliste.domain.plausibility import Finding, Notice
from kursliste.web.labels import shown

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

NOTICE_NAMES: Final[Mapping[Notice, str]] = MappingProxyType(
    {
        Notice.STARTED_BUT_PLANNED: "Beginn vorbei, aber noch in Planung",
        Notice.STARTED_BUT_OPEN: "Läuft ohne Quereinstieg, nimmt aber Anmeldungen an",
        Notice.STARTS_FAR_AHEAD: "Beginn weit in der Zukunft",
        Notice.ENDED_BUT_LISTED: "Ende vorbei, steht aber noch in der Meldung",
        Notice.LASTS_LONG: "Länger als drei Jahre",
        Notice.NEVER_ENDS: "Ende fehlt (Integrations- und Berufssprachkurse)",
        Notice.FREE_ABOVE_TOTAL: "Mehr freie Plätze als Plätze",
        Notice.TAKEN_ABOVE_TOTAL: "Viel mehr belegte Plätze als Plätze",
        Notice.FREE_CONTRADICTS_TAKEN: "Freie und belegte Plätze passen nicht zusammen",
        Notice.FULL_BUT_FREE: "Ausgebucht, aber Plätze frei",
        Notice.SEATS_ABOVE_USUAL: "Mehr Plätze als bei dieser Kursart üblich",
        Notice.EXAM_BEFORE_START: "Prüfung vor dem Beginn",
        Notice.REGISTER_AFTER_START: "Anmeldeschluss nach dem Beginn",
        Notice.REGISTER_OVER_BUT_OPEN: "Anmeldeschluss vorbei, nimmt aber Anmeldungen an",
        Notice.NOBODY_TO_CALL: "Niemand ist zu erreichen",
        Notice.TIMES_MISSING: "Unterrichtszeiten fehlen",
        Notice.UNITS_UNLIKE_TYPE: "UE passen nicht zur Kursart",
        Notice.UNITS_UNLIKE_DATES: "UE passen nicht zu Beginn und Ende",
        Notice.UNITS_UNLIKE_TIMES: "UE je Woche passen nicht zu Tagen und Uhrzeit",
        Notice.WEEK_TOO_FULL: "Mehr als 8 UE am Tag",
        Notice.DAY_TOO_LONG: "Mehr als neun Stunden am Tag",
        Notice.SEATS_JUMP: "Zahl der Plätze springt",
        Notice.START_MOVED_BACK: "Beginn in die Vergangenheit verlegt",
        Notice.START_MOVED_FAR: "Beginn um Monate verlegt",
        Notice.END_MOVED_FAR: "Ende um mehr als ein halbes Jahr verlegt",
        Notice.LEVEL_CHANGED: "Anderes Zielniveau",
        Notice.MODULE_BACKWARDS: "Modul läuft rückwärts",
        Notice.TWICE_IN_REPORT: "Derselbe Kurs zweimal in einer Meldung",
        Notice.TWICE_IN_DISTRICT: "Zwei Träger melden denselben Kurs",
        Notice.FAR_FROM_THE_OTHERS: "Ort weit weg von den anderen Kursen",
        Notice.MAIL_REFUSED: "E-Mails kommen nicht an",
    }
)

_START, _END = date(2026, 1, 12), date(2026, 6, 26)
_EXAMPLES: Final[Mapping[Notice, Mapping[str, object]]] = MappingProxyType(
    {
        Notice.STARTED_BUT_PLANNED: {"value": _START},
        Notice.STARTED_BUT_OPEN: {"value": _START},
        Notice.STARTS_FAR_AHEAD: {"value": date(2062, 1, 12)},
        Notice.ENDED_BUT_LISTED: {"value": _END},
        Notice.LASTS_LONG: {"start": _START, "end": date(2062, 6, 26)},
        Notice.NEVER_ENDS: {},
        Notice.FREE_ABOVE_TOTAL: {"free": 61, "total": 16},
        Notice.TAKEN_ABOVE_TOTAL: {"taken": 61, "total": 16},
        Notice.FREE_CONTRADICTS_TAKEN: {"taken": 10, "total": 16, "free": 3},
        Notice.FULL_BUT_FREE: {"free": 4},
        Notice.SEATS_ABOVE_USUAL: {"total": 40, "usual": 25},
        Notice.EXAM_BEFORE_START: {"exam": date(2025, 6, 26), "start": _START},
        Notice.REGISTER_AFTER_START: {"register": _END, "start": _START},
        Notice.REGISTER_OVER_BUT_OPEN: {"value": _START},
        Notice.NOBODY_TO_CALL: {},
        Notice.TIMES_MISSING: {},
        Notice.UNITS_UNLIKE_TYPE: {"units": 70, "usual": 700},
        Notice.UNITS_UNLIKE_DATES: {
            "per_week": 20,
            "start": _START,
            "end": date(2026, 4, 1),
            "taught": 228,
            "units": 700,
        },
        Notice.UNITS_UNLIKE_TIMES: {
            "days": ("Mo", "Mi"),
            "from": time(9),
            "until": time(11, 15),
            "possible": 6,
            "per_week": 20,
        },
        Notice.WEEK_TOO_FULL: {"per_week": 25, "days": ("Mo", "Mi")},
        Notice.DAY_TOO_LONG: {"from": time(9), "until": time(21)},
        Notice.SEATS_JUMP: {"old": 16, "new": 61},
        Notice.START_MOVED_BACK: {"old": _START, "new": date(2025, 1, 12)},
        Notice.START_MOVED_FAR: {"old": _START, "new": date(2026, 9, 7)},
        Notice.END_MOVED_FAR: {"old": _END, "new": date(2027, 6, 26)},
        Notice.LEVEL_CHANGED: {"old": "B1", "new": "B2"},
        Notice.MODULE_BACKWARDS: {"old": 5, "new": 2},
        Notice.TWICE_IN_REPORT: {"title": "Integrationskurs vormittags", "start": _START},
        Notice.TWICE_IN_DISTRICT: {
            "provider": "Bildungswerk Beispiel",
            "title": "Integrationskurs vormittags",
            "start": _START,
        },
        Notice.FAR_FROM_THE_OTHERS: {"postcode": "20826", "region": "20"},
        Notice.MAIL_REFUSED: {"email": "kurse@example.org"},
    }
)


def notice(finding: Finding) -> str:
    """Return the German sentence for something that looks odd, naming the values."""
    words = NOTICES[finding.notice].format(
        **{name: shown(value) for name, value in finding.facts.items()}
    )
    rows = finding.facts.get("rows", 1)
    return words if rows == 1 else f"{words} Das gilt für {rows} Kurse dieser Meldung."


def example_of(kind: Notice) -> str:
    """Return the sentence of a notice as a coordinator may read it."""
    return notice(Finding(notice=kind, attribute="", facts=_EXAMPLES[kind]))
