"""What each notice of the review is about: a name, and the sentence with plausible values."""

from collections.abc import Mapping
from datetime import date, time
from types import MappingProxyType
from typing import Final

from kursliste.domain.plausibility import Finding, Notice
from kursliste.web.labels import notice

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


def example_of(kind: Notice) -> str:
    """Return the sentence of a notice as a coordinator may read it."""
    return notice(Finding(notice=kind, attribute="", facts=_EXAMPLES[kind]))
