"""The facts of a course: one table of fields that forms, tables, files and the import all read.

Headings and values are German because they are the format of the list (ARCHITECTURE.md, house
rule 18); attribute names are those of INTERFACE.md and are relied on outside.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final


class Kind(StrEnum):
    """How a value is stored, typed in a form and written into a cell."""

    TEXT = "text"
    NOTE = "note"
    CODE = "code"
    DATE = "date"
    TIME = "time"
    INTEGER = "integer"
    MONEY = "money"
    CHOICE = "choice"
    WORDS = "words"
    WEEKDAYS = "weekdays"
    LINK = "link"
    MAIL = "mail"
    PHONE = "phone"


class Carry(StrEnum):
    """What happens to a value when next month's report is prefilled."""

    COPY = "copy"
    CLEAR = "clear"
    ASK = "ask"


class Section(StrEnum):
    """The four short sections of the course form, and what stands outside of them."""

    WHAT = "what"
    WHEN = "when"
    WHERE = "where"
    WHO = "who"
    NONE = "none"


class Weekday(StrEnum):
    MONDAY = "Mo"
    TUESDAY = "Di"
    WEDNESDAY = "Mi"
    THURSDAY = "Do"
    FRIDAY = "Fr"
    SATURDAY = "Sa"
    SUNDAY = "So"


class StartKind(StrEnum):
    FIXED = "fester Termin"
    EXPECTED = "voraussichtlich"
    ROLLING = "laufender Einstieg"
    REGULAR = "regelmäßig"
    UNDECIDED = "Termin noch offen"


class Delivery(StrEnum):
    ON_SITE = "Präsenz"
    ONLINE = "online"
    HYBRID = "hybrid"
    SELF_STUDY = "Selbstlernen"


class TimeOfDay(StrEnum):
    MORNING = "vormittags"
    AFTERNOON = "nachmittags"
    EVENING = "abends"
    ALL_DAY = "ganztägig"
    WEEKEND = "Wochenende"


class YesNo(StrEnum):
    YES = "ja"
    NO = "nein"


class Wheelchair(StrEnum):
    YES = "ja"
    NO = "nein"
    PARTLY = "teilweise"


class LateEntry(StrEnum):
    YES = "ja"
    NO = "nein"
    ON_CONSULTATION = "nach Rücksprache"


class PlacementTest(StrEnum):
    NEEDED = "nötig"
    NOT_NEEDED = "nicht nötig"
    BY_APPOINTMENT = "nach Vereinbarung"


class Childcare(StrEnum):
    YES = "ja"
    NO = "nein"
    ON_REQUEST = "auf Anfrage"


class TravelCosts(StrEnum):
    YES = "ja"
    NO = "nein"
    ON_APPLICATION = "auf Antrag"


class Visibility(StrEnum):
    PUBLIC = "öffentlich"
    PROFESSIONALS = "nur Fachkräfte"
    INTERNAL = "nur intern"


class ConfirmedHow(StrEnum):
    WEB = "Web"
    UPLOAD = "hochgeladen"
    TELEPHONE = "Telefon"
    MAIL = "E-Mail"


class CourseStatus(StrEnum):
    """Codes of the status table; its words are data (``course_status``), its meaning is here."""

    PLANNED = "geplant"
    OPEN = "offen"
    FEW = "knapp"
    WAITING_LIST = "warteliste"
    FULL = "voll"
    RUNNING_ENTRY = "laeuft_einstieg"
    RUNNING = "laeuft"
    PAUSED = "unterbrochen"
    CANCELLED = "abgesagt"
    ENDED = "beendet"


AUDIENCE_WORDS: Final = (
    "alle",
    "Frauen",
    "Eltern",
    "Jugendliche",
    "Beschäftigte",
    "Auszubildende",
    "Geflüchtete aus der Ukraine",
    "Asylbewerbende",
    "EU-Bürger/innen",
    "Fachkräfte Pflege/Medizin",
    "Gehörlose",
)
ADMISSION_WORDS: Final = (
    "Berechtigungsschein",
    "Verpflichtung",
    "Zulassung BAMF",
    "Teilnahmeberechtigung BSK",
    "Zuweisung Land",
    "Selbstzahler",
    "ohne Voraussetzung",
)
EXAM_WORDS: Final = (
    "DTZ",
    "LiD",
    "EBT",
    "DTB",
    "telc",
    "Goethe",
    "ÖSD",
    "TestDaF",
    "DSH",
    "keine",
)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One fact of a course.

    ``length`` is the most characters a text may have; ``low`` and ``high`` bound a number;
    ``unit`` is what a number counts. ``internal`` values never leave the house in a public page,
    file, feed or API answer. ``own`` fields are facts that a provider reports; the others
    (identity, provider, confirmation) are kept by the system.
    """

    attribute: str
    heading: str
    kind: Kind
    section: Section = Section.NONE
    carry: Carry = Carry.COPY
    length: int = 0
    low: int = 0
    high: int = 0
    unit: str = ""
    choices: type[StrEnum] | None = None
    words: tuple[str, ...] = ()
    internal: bool = False
    own: bool = True
    needed: bool = False
    wanted: bool = False


def _text(attribute: str, heading: str, section: Section, length: int, **more: object) -> Field:
    return Field(
        attribute=attribute,
        heading=heading,
        kind=Kind.TEXT,
        section=section,
        length=length,
        **more,  # type: ignore[arg-type]  # keywords of Field, checked when it is made
    )


def _choice(
    attribute: str, heading: str, section: Section, choices: type[StrEnum], **more: object
) -> Field:
    return Field(
        attribute=attribute,
        heading=heading,
        kind=Kind.CHOICE,
        section=section,
        choices=choices,
        length=40,
        **more,  # type: ignore[arg-type]  # keywords of Field, checked when it is made
    )


def _number(
    attribute: str, heading: str, section: Section, high: int, unit: str, **more: object
) -> Field:
    return Field(
        attribute=attribute,
        heading=heading,
        kind=Kind.INTEGER,
        section=section,
        high=high,
        unit=unit,
        **more,  # type: ignore[arg-type]  # keywords of Field, checked when it is made
    )


def _day(attribute: str, heading: str, section: Section, **more: object) -> Field:
    return Field(
        attribute=attribute,
        heading=heading,
        kind=Kind.DATE,
        section=section,
        **more,  # type: ignore[arg-type]  # keywords of Field, checked when it is made
    )


WHAT, WHEN, WHERE, WHO = Section.WHAT, Section.WHEN, Section.WHERE, Section.WHO

FIELDS: Final[tuple[Field, ...]] = (
    Field(attribute="course_id", heading="Kurs-ID", kind=Kind.TEXT, length=12, own=False),
    Field(attribute="provider", heading="Träger", kind=Kind.TEXT, length=200, own=False),
    _text("provider_reference", "Kursnummer", WHAT, 40),
    _text("bamf_reference", "BAMF-Kurskennung", WHAT, 40, internal=True),
    Field(attribute="course_group", heading="Gruppe", kind=Kind.TEXT, length=60, own=False),
    Field(
        attribute="course_type",
        heading="Kursart",
        kind=Kind.CODE,
        section=WHAT,
        length=20,
        needed=True,
    ),
    _text("title", "Titel", WHAT, 150, needed=True),
    Field(attribute="level_from", heading="Niveau von", kind=Kind.CODE, section=WHAT, length=10),
    Field(
        attribute="level_to",
        heading="Niveau bis",
        kind=Kind.CODE,
        section=WHAT,
        length=10,
        wanted=True,
    ),
    _number("current_module", "Modul", WHAT, 12, "Modul", carry=Carry.ASK),
    _number("units_total", "UE", WHAT, 2000, "UE (45 Minuten)"),
    _number("units_per_week", "UE/Woche", WHAT, 60, "UE (45 Minuten)"),
    _choice("start_kind", "Beginn-Art", WHEN, StartKind),
    _day("starts_on", "Beginn", WHEN, wanted=True),
    _text("start_note", "Beginn-Hinweis", WHEN, 80),
    _day("ends_on", "Ende", WHEN),
    _text("breaks_note", "Pausen", WHEN, 120),
    Field(
        attribute="weekdays",
        heading="Tage",
        kind=Kind.WEEKDAYS,
        section=WHEN,
        choices=Weekday,
        length=60,
        wanted=True,
    ),
    Field(attribute="time_from", heading="Zeit von", kind=Kind.TIME, section=WHEN, wanted=True),
    Field(attribute="time_until", heading="Zeit bis", kind=Kind.TIME, section=WHEN, wanted=True),
    _text("times_note", "Zeiten-Hinweis", WHEN, 150),
    _choice("time_of_day", "Tageszeit", WHEN, TimeOfDay),
    _choice("delivery", "Form", WHERE, Delivery),
    _text("venue_name", "Kursort", WHERE, 120),
    _text("street", "Straße", WHERE, 120, wanted=True),
    _text("postcode", "PLZ", WHERE, 5, wanted=True),
    _text("town", "Ort", WHERE, 80, wanted=True),
    _choice("wheelchair", "Barrierefrei", WHERE, Wheelchair),
    _number("seats_min", "Mindestzahl", WHO, 99, "Personen"),
    _number("seats_total", "Plätze gesamt", WHO, 999, "Plätze", wanted=True),
    _number("seats_taken", "belegt", WHO, 999, "Plätze", internal=True, carry=Carry.ASK),
    _number("seats_free", "frei", WHO, 999, "Plätze", carry=Carry.ASK),
    _choice("waiting_list", "Warteliste", WHO, YesNo, carry=Carry.ASK),
    _number(
        "waiting_count", "auf Warteliste", WHO, 999, "Personen", internal=True, carry=Carry.ASK
    ),
    _choice("status", "Status", WHO, CourseStatus, carry=Carry.ASK),
    _choice("late_entry", "Quereinstieg", WHO, LateEntry, carry=Carry.ASK),
    _text("late_entry_from", "Einstieg ab", WHO, 60, carry=Carry.ASK),
    _choice("placement_test", "Einstufungstest", WHO, PlacementTest),
    _day("register_by", "Anmeldeschluss", WHEN),
    Field(
        attribute="audience",
        heading="Zielgruppe",
        kind=Kind.WORDS,
        section=WHO,
        words=AUDIENCE_WORDS,
        length=300,
    ),
    Field(
        attribute="admission",
        heading="Zugang",
        kind=Kind.WORDS,
        section=WHO,
        words=ADMISSION_WORDS,
        length=300,
        wanted=True,
    ),
    _choice("self_payer", "Selbstzahler", WHO, YesNo),
    _text("funder", "Förderung", WHO, 80),
    Field(
        attribute="price_eur",
        heading="Kosten",
        kind=Kind.MONEY,
        section=WHO,
        high=99_999,
        unit="Euro",
    ),
    _text("price_note", "Kosten-Hinweis", WHO, 120),
    _choice("childcare", "Kinderbetreuung", WHO, Childcare),
    _choice("travel_costs", "Fahrtkosten", WHO, TravelCosts),
    Field(
        attribute="exams",
        heading="Prüfung",
        kind=Kind.WORDS,
        section=WHAT,
        words=EXAM_WORDS,
        length=200,
    ),
    _day("exam_on", "Prüfungstermin", WHEN),
    _text("contact_name", "Ansprechperson", WHO, 120),
    Field(
        attribute="contact_phone",
        heading="Telefon",
        kind=Kind.PHONE,
        section=WHO,
        length=60,
        wanted=True,
    ),
    Field(attribute="contact_email", heading="E-Mail", kind=Kind.MAIL, section=WHO, length=254),
    Field(attribute="link", heading="Link", kind=Kind.LINK, section=WHO, length=500),
    Field(attribute="public_note", heading="Bemerkung", kind=Kind.NOTE, section=WHO, length=300),
    Field(
        attribute="internal_note",
        heading="interne Notiz",
        kind=Kind.NOTE,
        section=WHO,
        length=1000,
        internal=True,
    ),
    _choice("visibility", "Sichtbarkeit", WHO, Visibility, internal=True),
    Field(
        attribute="confirmed_on",
        heading="bestätigt am",
        kind=Kind.DATE,
        carry=Carry.COPY,
        own=False,
    ),
    Field(
        attribute="confirmed_by",
        heading="bestätigt von",
        kind=Kind.TEXT,
        length=120,
        internal=True,
        own=False,
    ),
    Field(
        attribute="confirmed_how",
        heading="bestätigt wie",
        kind=Kind.CHOICE,
        choices=ConfirmedHow,
        length=40,
        own=False,
    ),
)

FIELD: Final[Mapping[str, Field]] = MappingProxyType({f.attribute: f for f in FIELDS})
"""The same fields by their attribute name."""

OWN_FIELDS: Final = tuple(field for field in FIELDS if field.own)
"""What a provider reports: the columns of a reported course."""

MONTHLY_FIELDS: Final = (
    "seats_taken",
    "seats_free",
    "status",
    "current_module",
    "late_entry",
)
"""The few things that change each month (PRODUCT.md, a month, step 2)."""


def value_of(attribute: str, stored: Any) -> object:
    """Return a value of a course's field from what ``journal.plain`` made of it."""
    if stored is None:
        return None
    match FIELD[attribute].kind:
        case Kind.DATE:
            return date.fromisoformat(stored)
        case Kind.TIME:
            return time.fromisoformat(stored)
        case Kind.MONEY:
            return Decimal(stored)
        case Kind.WORDS | Kind.WEEKDAYS:
            return tuple(stored)
        case _:
            return stored
