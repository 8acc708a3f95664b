"""The courses of the demo world, drawn from every course group; dates count from the first month.

A line is one course: who teaches it (place in the district's list), what, when relative to the
first month of the demo, and how full it is. ``since`` is the month in which it is first reported.
"""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Final

from kursliste.domain.calendar import Month
from kursliste.domain.course import (
    Childcare,
    Delivery,
    LateEntry,
    PlacementTest,
    StartKind,
    Wheelchair,
    YesNo,
)

MORNING: Final = (time(8, 30), time(12, 45))
NOON: Final = (time(13, 0), time(16, 15))
EVENING: Final = (time(17, 30), time(20, 45))
DAILY: Final = ("Mo", "Di", "Mi", "Do", "Fr")
FOUR_DAYS: Final = ("Mo", "Di", "Mi", "Do")
TWO_EVENINGS: Final = ("Di", "Do")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One course. ``starts`` and ``ends`` are (months from the first month, day)."""

    provider: int
    kind: str
    title: str
    levels: tuple[str | None, str | None] = (None, None)
    starts: tuple[int, int] | None = None
    ends: tuple[int, int] | None = None
    days: tuple[str, ...] = DAILY
    hours: tuple[time, time] | None = MORNING
    seats: tuple[int, int] | None = None
    since: int = 0
    more: dict[str, object] = field(default_factory=dict)


def facts(line: Line, first: Month, house: dict[str, object]) -> dict[str, object]:
    """Return the facts of a course as its provider would type them in."""
    level_from, level_to = line.levels
    total, taken = line.seats or (None, None)
    time_from, time_until = line.hours or (None, None)
    return (
        house
        | {
            "course_type": line.kind,
            "title": line.title,
            "level_from": level_from,
            "level_to": level_to,
            "start_kind": StartKind.FIXED if line.starts else StartKind.UNDECIDED,
            "starts_on": _day(first, line.starts),
            "ends_on": _day(first, line.ends),
            "weekdays": line.days,
            "time_from": time_from,
            "time_until": time_until,
            "delivery": Delivery.ON_SITE,
            "seats_total": total,
            "seats_taken": taken,
            "late_entry": LateEntry.NO,
            "childcare": Childcare.NO,
        }
        | line.more
    )


def _day(first: Month, place: tuple[int, int] | None) -> date | None:
    if place is None:
        return None
    month = first.plus(place[0])
    return date(month.year, month.number, min(place[1], month.last_day().day))


INTEGRATION: Final[dict[str, object]] = {
    "admission": ("Berechtigungsschein", "Verpflichtung"),
    "funder": "BAMF (BMI)",
    "units_total": 700,
    "units_per_week": 20,
    "exams": ("DTZ", "LiD"),
    "placement_test": PlacementTest.NEEDED,
    "late_entry": LateEntry.YES,
    "price_note": "frei mit Berechtigungsschein und Befreiung",
}
ALPHA: Final[dict[str, object]] = INTEGRATION | {"units_total": 1000, "units_per_week": 16}
WORK: Final[dict[str, object]] = {
    "admission": ("Teilnahmeberechtigung BSK",),
    "funder": "BAMF (BMAS)",
    "units_total": 400,
    "units_per_week": 20,
    "exams": ("DTB",),
    "seats_min": 15,
}
STATE: Final[dict[str, object]] = {"admission": ("Zuweisung Land",), "units_per_week": 20}
OPEN: Final[dict[str, object]] = {"admission": ("ohne Voraussetzung",)}
SELF_PAID: Final[dict[str, object]] = {
    "admission": ("Selbstzahler",),
    "self_payer": YesNo.YES,
    "placement_test": PlacementTest.BY_APPOINTMENT,
}
CARE: Final[dict[str, object]] = {"childcare": Childcare.YES}
WOMEN: Final[dict[str, object]] = {"audience": ("Frauen",)}
STEP_FREE: Final[dict[str, object]] = {"wheelchair": Wheelchair.YES}

GOERLITZ: Final = (
    Line(
        provider=1,
        kind="IK-ALLG",
        title="Allgemeiner Integrationskurs (vormittags)",
        levels=("A1", "B1"),
        starts=(-2, 8),
        ends=(6, 20),
        seats=(25, 18),
        more=INTEGRATION | STEP_FREE | {"current_module": 2, "provider_reference": "GR-08"},
    ),
    Line(
        provider=1,
        kind="IK-ALLG",
        title="Allgemeiner Integrationskurs (nachmittags)",
        levels=("A1", "B1"),
        starts=(1, 7),
        ends=(9, 14),
        hours=(time(13, 0), time(17, 15)),
        seats=(25, 9),
        more=INTEGRATION | STEP_FREE | {"provider_reference": "GR-09"},
    ),
    Line(
        provider=1,
        kind="VHS-DAF",
        title="Deutsch A2.1 am Abend",
        levels=("A1.2", "A2.1"),
        starts=(1, 15),
        ends=(4, 17),
        days=TWO_EVENINGS,
        hours=(time(17, 30), time(19, 0)),
        seats=(12, 7),
        more=SELF_PAID | {"units_total": 60, "price_note": "210 Euro, ermäßigt 160 Euro"},
    ),
    Line(
        provider=1,
        kind="VHS-DAF",
        title="Deutsch B2.1 am Samstag",
        levels=("B1.2", "B2.1"),
        starts=(5, 10),
        ends=(8, 27),
        days=("Sa",),
        hours=(time(9, 0), time(13, 0)),
        seats=(14, 3),
        since=3,
        more=SELF_PAID | {"units_total": 50},
    ),
    Line(
        provider=1,
        kind="PRUEF",
        title="Einbürgerungstest",
        starts=(5, 21),
        ends=(5, 21),
        days=("Sa",),
        hours=(time(10, 0), time(11, 0)),
        seats=(30, 12),
        since=2,
        more=SELF_PAID | {"exams": ("EBT",), "exam_on": None, "price_note": "25 Euro"},
    ),
    Line(
        provider=2,
        kind="IK-ALPHA",
        title="Integrationskurs mit Alphabetisierung",
        levels=("Alpha", "B1"),
        starts=(-4, 4),
        ends=(9, 25),
        days=FOUR_DAYS,
        hours=(time(9, 0), time(13, 15)),
        seats=(16, 16),
        more=ALPHA | CARE | {"waiting_list": YesNo.YES, "waiting_count": 4, "current_module": 4},
    ),
    Line(
        provider=2,
        kind="BSK-B2",
        title="Berufssprachkurs B2",
        levels=("B1", "B2"),
        starts=(5, 1),
        ends=(10, 2),
        hours=(time(8, 0), time(12, 15)),
        seats=(25, 11),
        since=2,
        more=WORK | {"delivery": Delivery.HYBRID, "start_note": "ab 15 Anmeldungen"},
    ),
    Line(
        provider=2,
        kind="LSK-SN-SOFORT",
        title="Deutsch sofort A1",
        levels=("ohne", "A1"),
        starts=(4, 18),
        ends=(7, 26),
        days=("Mo", "Mi", "Do"),
        hours=(time(13, 30), time(16, 45)),
        seats=(18, 6),
        since=1,
        more=STATE
        | {"units_total": 200, "units_per_week": 12, "funder": "Freistaat Sachsen (SAB)"},
    ),
    Line(
        provider=2,
        kind="BSK-AZUBI",
        title="Azubi-Berufssprachkurs Pflege",
        levels=("B1", "B2"),
        starts=(1, 9),
        ends=(9, 30),
        days=("Mi",),
        hours=(time(14, 0), time(17, 15)),
        seats=(15, 12),
        more=WORK | {"seats_min": 7, "audience": ("Auszubildende",)},
    ),
    Line(
        provider=3,
        kind="EOK",
        title="Erstorientierungskurs Löbau",
        levels=("ohne", "A1"),
        starts=(2, 2),
        ends=(5, 25),
        days=FOUR_DAYS,
        hours=(time(9, 0), time(12, 15)),
        seats=(20, 14),
        more=OPEN | CARE | {"units_total": 300, "audience": ("Asylbewerbende",)},
    ),
    Line(
        provider=3,
        kind="MIA",
        title="MiA-Kurs: Migrantinnen einfach stark im Alltag",
        levels=("ohne", None),
        starts=(3, 5),
        ends=(5, 18),
        days=("Di",),
        hours=(time(9, 0), time(12, 0)),
        seats=(15, 10),
        more=OPEN | CARE | WOMEN | {"units_total": 34},
    ),
    Line(
        provider=3,
        kind="KOMM",
        title="Deutsch für Beschäftigte in Schichtarbeit",
        levels=("A2", "B1"),
        starts=(1, 4),
        ends=(6, 30),
        days=TWO_EVENINGS,
        hours=EVENING,
        seats=(16, 15),
        more=OPEN | {"audience": ("Beschäftigte",), "price_note": "kostenfrei"},
    ),
    Line(
        provider=4,
        kind="IK-ALLG",
        title="Allgemeiner Integrationskurs Weißwasser",
        levels=("A1", "B1"),
        starts=(0, 11),
        ends=(8, 6),
        seats=(22, 22),
        more=INTEGRATION | {"waiting_list": YesNo.NO, "current_module": 1},
    ),
    Line(
        provider=4,
        kind="BSK-JOB",
        title="Job-BSK Produktion und Logistik",
        levels=("A2", None),
        starts=(4, 11),
        ends=(6, 12),
        days=("Mo", "Di", "Mi", "Do"),
        hours=(time(15, 0), time(18, 15)),
        seats=(12, 5),
        since=1,
        more=WORK | {"units_total": 150, "units_per_week": 16, "seats_min": 3, "exams": ("keine",)},
    ),
    Line(
        provider=4,
        kind="PRUEFVOR",
        title="Vorbereitung auf die DTZ-Prüfung",
        levels=("B1", "B1"),
        starts=(4, 4),
        ends=(4, 29),
        days=("Mo", "Mi"),
        hours=NOON,
        seats=(15, 9),
        since=2,
        more=SELF_PAID | {"units_total": 24, "exams": ("DTZ",), "price_note": "90 Euro"},
    ),
    Line(
        provider=5,
        kind="IK-FRAUEN",
        title="Integrationskurs für Frauen, Niesky",
        levels=("A1", "B1"),
        starts=(-1, 7),
        ends=(10, 30),
        days=FOUR_DAYS,
        hours=(time(8, 45), time(12, 0)),
        seats=(18, 15),
        more=INTEGRATION | CARE | WOMEN | {"units_total": 1000, "current_module": 3},
    ),
    Line(
        provider=5,
        kind="KOMM",
        title="Sprachpaten Niesky: Deutsch im Alltag",
        levels=(None, "A2"),
        days=("Do",),
        hours=(time(15, 0), time(17, 0)),
        more=OPEN | {"start_kind": StartKind.ROLLING, "price_note": "kostenfrei"},
    ),
    Line(
        provider=6,
        kind="KONV",
        title="Sprachcafé am Donnerstag",
        levels=("A2", None),
        days=("Do",),
        hours=(time(16, 0), time(18, 0)),
        more=OPEN
        | CARE
        | {
            "start_kind": StartKind.ROLLING,
            "late_entry": LateEntry.YES,
            "price_note": "kostenfrei",
            "public_note": "ohne Anmeldung, nicht in den Ferien",
        },
    ),
    Line(
        provider=6,
        kind="EHRENAMT",
        title="Ehrenamtlicher Deutschkurs für Anfänger",
        levels=("ohne", "A1"),
        days=("Mo",),
        hours=(time(17, 0), time(18, 30)),
        seats=(10, 8),
        more=OPEN | {"start_kind": StartKind.REGULAR, "start_note": "monatlich"},
    ),
)

NORDHAUSEN: Final = (
    Line(
        provider=1,
        kind="IK-ALLG",
        title="Allgemeiner Integrationskurs 1",
        levels=("A1", "B1"),
        starts=(-5, 2),
        ends=(4, 18),
        hours=(time(8, 0), time(12, 15)),
        seats=(25, 19),
        more=INTEGRATION | {"current_module": 5, "provider_reference": "NDH-4"},
    ),
    Line(
        provider=1,
        kind="IK-ALLG",
        title="Allgemeiner Integrationskurs 2",
        levels=("A1", "B1"),
        starts=(1, 7),
        ends=(9, 30),
        hours=(time(8, 0), time(12, 15)),
        seats=(25, 25),
        more=INTEGRATION | {"waiting_list": YesNo.YES, "waiting_count": 3},
    ),
    Line(
        provider=1,
        kind="LSK-TH-A1",
        title="Start Deutsch A1",
        levels=("ohne", "A1"),
        starts=(5, 11),
        ends=(7, 26),
        hours=NOON,
        seats=(15, 15),
        since=2,
        more=STATE | CARE | {"units_total": 250, "funder": "Freistaat Thüringen"},
    ),
    Line(
        provider=1,
        kind="EOK",
        title="Erstorientierungskurs Nordhausen",
        levels=("ohne", "A1"),
        starts=None,
        days=FOUR_DAYS,
        hours=(time(9, 0), time(12, 15)),
        since=1,
        more=OPEN | {"start_note": "Beginn noch offen", "units_total": 300},
    ),
    Line(
        provider=2,
        kind="IK-ALPHA",
        title="Integrationskurs mit Alphabetisierung",
        levels=("Alpha", "B1"),
        starts=(0, 14),
        ends=(11, 20),
        days=FOUR_DAYS,
        seats=(16, 13),
        more=ALPHA | CARE | STEP_FREE | {"current_module": 1},
    ),
    Line(
        provider=2,
        kind="VHS-DAF",
        title="Deutsch B1.2 am Abend",
        levels=("B1.1", "B1.2"),
        starts=(1, 10),
        ends=(5, 16),
        days=TWO_EVENINGS,
        hours=EVENING,
        seats=(14, 8),
        more=SELF_PAID | STEP_FREE | {"units_total": 80, "price_note": "240 Euro"},
    ),
    Line(
        provider=2,
        kind="PRUEF",
        title="telc-Prüfung B2",
        levels=(None, "B2"),
        starts=(6, 5),
        ends=(6, 5),
        days=("Fr",),
        hours=(time(9, 0), time(14, 0)),
        seats=(20, 6),
        since=3,
        more=SELF_PAID | {"exams": ("telc",), "price_note": "175 Euro"},
    ),
    Line(
        provider=3,
        kind="BSK-B2",
        title="Berufssprachkurs B2 mit Brückenelement",
        levels=("B1", "B2"),
        starts=(2, 5),
        ends=(8, 12),
        seats=(25, 21),
        more=WORK | {"units_total": 500},
    ),
    Line(
        provider=3,
        kind="BSK-ANERK",
        title="Berufssprachkurs Anerkennung Pflege",
        levels=("B1", "C1"),
        starts=(5, 4),
        ends=(11, 15),
        seats=(20, 7),
        since=2,
        more=WORK | {"units_total": 600, "audience": ("Fachkräfte Pflege/Medizin",)},
    ),
    Line(
        provider=3,
        kind="ESF",
        title="Projekt Wegweiser: Deutsch und Beruf",
        levels=("A2", "B1"),
        starts=(0, 1),
        ends=(10, 31),
        days=("Mo", "Mi", "Fr"),
        seats=(20, 17),
        more={"admission": ("Zuweisung Land",), "late_entry": LateEntry.ON_CONSULTATION},
    ),
    Line(
        provider=4,
        kind="EHRENAMT",
        title="Deutsch in Ellrich: Lesen und Sprechen",
        levels=("A1", "A2"),
        days=("Mi",),
        hours=(time(14, 0), time(16, 0)),
        more=OPEN | CARE | {"start_kind": StartKind.ROLLING, "late_entry": LateEntry.YES},
    ),
)

WEIMAR: Final = (
    Line(
        provider=1,
        kind="IK-ALLG",
        title="Allgemeiner Integrationskurs Vormittag",
        levels=("A1", "B1"),
        starts=(-3, 13),
        ends=(5, 15),
        hours=(time(8, 30), time(11, 45)),
        seats=(25, 22),
        more=INTEGRATION | STEP_FREE | {"current_module": 4, "provider_reference": "WE-02"},
    ),
    Line(
        provider=1,
        kind="IK-ALLG",
        title="Allgemeiner Integrationskurs Nachmittag",
        levels=("A1", "B1"),
        starts=(5, 11),
        ends=(13, 20),
        hours=(time(12, 45), time(16, 0)),
        seats=(25, 4),
        since=2,
        more=INTEGRATION | STEP_FREE | {"provider_reference": "WE-07"},
    ),
    Line(
        provider=1,
        kind="IK-ORIENT",
        title="Orientierungskurs",
        levels=("B1", "B1"),
        starts=(4, 6),
        ends=(5, 4),
        seats=(25, 16),
        since=1,
        more=INTEGRATION | {"units_total": 100, "exams": ("LiD",)},
    ),
    Line(
        provider=1,
        kind="VHS-DAF",
        title="Deutsch C1.1 Intensiv",
        levels=("B2", "C1.1"),
        starts=(2, 1),
        ends=(5, 18),
        days=FOUR_DAYS,
        hours=EVENING,
        seats=(12, 12),
        more=SELF_PAID | {"waiting_list": YesNo.NO, "price_note": "480 Euro"},
    ),
    Line(
        provider=2,
        kind="IK-INTENSIV",
        title="Intensiv-Integrationskurs",
        levels=("A1", "B1"),
        starts=(3, 2),
        ends=(8, 12),
        hours=(time(8, 0), time(13, 15)),
        seats=(20, 18),
        more=INTEGRATION | {"units_total": 500, "units_per_week": 30},
    ),
    Line(
        provider=2,
        kind="IK-ZSL",
        title="Integrationskurs für Zweitschriftlernende",
        levels=("A1", "B1"),
        starts=(5, 18),
        ends=(16, 30),
        seats=(18, 5),
        since=3,
        more=ALPHA | {"start_kind": StartKind.EXPECTED},
    ),
    Line(
        provider=2,
        kind="LSK-TH-A2",
        title="Start Deutsch A2",
        levels=("A1", "A2"),
        starts=(2, 9),
        ends=(5, 27),
        hours=NOON,
        seats=(15, 11),
        more=STATE | CARE | {"units_total": 250, "funder": "Freistaat Thüringen"},
    ),
    Line(
        provider=2,
        kind="ONLINE",
        title="Deutsch lernen am Computer, mit Begleitung",
        levels=("A1", "B2"),
        days=("Fr",),
        hours=(time(10, 0), time(12, 0)),
        more=OPEN | {"delivery": Delivery.HYBRID, "start_kind": StartKind.ROLLING},
    ),
    Line(
        provider=3,
        kind="BSK-B2",
        title="Berufssprachkurs B2",
        levels=("B1", "B2"),
        starts=(1, 21),
        ends=(6, 26),
        seats=(25, 25),
        more=WORK | {"waiting_list": YesNo.YES, "waiting_count": 6},
    ),
    Line(
        provider=3,
        kind="BSK-B2",
        title="Berufssprachkurs B2 am Abend",
        levels=("B1", "B2"),
        starts=(6, 1),
        ends=(14, 30),
        days=FOUR_DAYS,
        hours=EVENING,
        seats=(22, 8),
        since=3,
        more=WORK | {"audience": ("Beschäftigte",), "start_note": "ab 15 Anmeldungen"},
    ),
    Line(
        provider=3,
        kind="BSK-JOB",
        title="Job-BSK Gastronomie",
        levels=("A2", None),
        starts=(0, 5),
        ends=(3, 20),
        days=("Mo", "Di"),
        hours=NOON,
        seats=(10, 9),
        more=WORK | {"units_total": 120, "units_per_week": 8, "seats_min": 3},
    ),
    Line(
        provider=4,
        kind="KONV",
        title="Sprachtandem",
        levels=("A2", None),
        days=(),
        hours=None,
        more=OPEN
        | {
            "start_kind": StartKind.ROLLING,
            "times_note": "nach Absprache, auch abends und am Wochenende",
            "price_note": "kostenfrei",
        },
    ),
    Line(
        provider=4,
        kind="EHRENAMT",
        title="Frauen lernen Deutsch",
        levels=("ohne", "A1"),
        days=("Mi",),
        hours=(time(9, 30), time(11, 30)),
        seats=(12, 9),
        more=OPEN | CARE | WOMEN | {"start_kind": StartKind.REGULAR},
    ),
)

COURSES: Final[dict[str, tuple[Line, ...]]] = {
    "goerlitz": GOERLITZ,
    "nordhausen": NORDHAUSEN,
    "weimar": WEIMAR,
}
