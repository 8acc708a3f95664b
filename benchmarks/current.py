"""Current courses without number: what search looks through, at 8,000 and at many times as many.

The first 8,000 rows are made one by one and indexed as publishing does it; the others are copies
with keys, providers and starts of their own, written by the database itself.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from benchmarks.scene import AT_ONCE, Country, Line, build
from kursliste.domain.calendar import Month
from kursliste.domain.course import Childcare, ConfirmedHow, CourseStatus, Delivery, TimeOfDay
from kursliste.domain.edition import Phase, folded
from kursliste.infrastructure import clock, search_rows
from kursliste.infrastructure.database import Database, transaction
from kursliste.models import Base, Edition, EditionEntry
from kursliste.models.current import CurrentCourse, CurrentWord, Place

COUNTRY: Final = Country(districts=50, houses=16, people=16)
FIRST: Final = 8_000
PER_DISTRICT: Final = FIRST // COUNTRY.districts
TOWNS: Final = 400
SIDE: Final = 20
"""The towns stand on a square of 20 by 20, some 20 km apart: a country."""

TYPES: Final[Sequence[tuple[str, str, str, str, str | None, str | None, int]]] = (
    ("IK-ALLG", "Integrationskurse", "Allgemeiner Integrationskurs", "IK", "A1", "B1", 30),
    ("IK-ALPHA", "Integrationskurse", "Alphabetisierungskurs", "Alpha", "Alpha", "A2", 15),
    ("IK-FRAUEN", "Integrationskurse", "Frauenintegrationskurs", "FIK", "A1", "B1", 6),
    ("BSK-B2", "Berufssprachkurse", "Berufssprachkurs B2", "BSK", "B1", "B2", 20),
    ("BSK-C1", "Berufssprachkurse", "Berufssprachkurs C1", "BSK", "B2", "C1", 8),
    ("MIA", "Niedrigschwellige Angebote", "Migrantinnen stark im Alltag", "MiA", None, None, 6),
    ("EOK", "Niedrigschwellige Angebote", "Erstorientierungskurs", "EOK", None, "A1", 15),
)
SORTS: Final = {"Alpha": 0, "A1": 10, "A2": 20, "B1": 30, "B2": 40, "C1": 50}
TOPICS: Final = ("Pflege", "Handwerk", "Büro", "Küche", "Lager", "Verkehr", "Garten", "Schule")


def fill(database: Database, rows: int) -> None:
    """Fill an empty database with ``rows`` current courses, a multiple of 8,000."""
    build(database, COUNTRY)
    with database.session() as session, transaction(session):
        session.execute(insert(Place), list(_towns()))
        session.execute(insert(Edition), list(_editions()))
        lines = list(_entries())
        for start in range(0, len(lines), AT_ONCE):
            session.execute(insert(EditionEntry), lines[start : start + AT_ONCE])
    with database.session() as session, transaction(session):
        search_rows.reindex(session, range(1, COUNTRY.districts + 1))
    _analyse(database)
    for copy in range(1, rows // FIRST):
        with database.session() as session, transaction(session):
            _copy(session, copy)
    _analyse(database)


def _analyse(database: Database) -> None:
    """Tell the database what it holds: keys are then looked up and not searched for."""
    with database.session() as session, transaction(session):
        session.execute(text("ANALYZE"))


def town(number: int) -> str:
    """Return the name of a town, counted from 0."""
    return f"Ort{_letters(number)}stadt"


def postcode(number: int) -> str:
    """Return the postcode of a town."""
    return f"{10_000 + number}"


def _letters(number: int) -> str:
    """Return a number in letters: words of a list have no digits."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:03d}")


def _towns() -> Iterator[Line]:
    for number in range(TOWNS):
        yield {
            "postcode": postcode(number),
            "name": town(number),
            "name_folded": folded(town(number)),
            "ags": f"{1 + number // 8:05d}",
            "lat": 48.0 + 0.2 * (number // SIDE),
            "lon": 8.0 + 0.3 * (number % SIDE),
        }


def _editions() -> Iterator[Line]:
    labels = [(code, label) for code, _group, label, *_more in TYPES]
    words = {"course_types": labels, "levels": [(name, name) for name in SORTS], "statuses": []}
    for key in range(1, COUNTRY.districts + 1):
        yield {
            "id": key,
            "course_list_id": key,
            "district_id": key,
            "month": Month.of(clock.today()),
            "number": 1,
            "published_at": clock.now(),
            "responsible": "Koordination",
            "district_ags": f"{key:05d}",
            "district_slug": f"kreis-{key}",
            "district_name": f"Kreis {key}",
            "list_slug": "deutschkurse",
            "list_title": "Deutschkurse",
            "publisher": f"Kreis {key}",
            "silent_providers": [],
            "providers": [],
            "changes": [],
            "words": words,
            "rows_sha256": "0" * 64,
        }


def _entries() -> Iterator[Line]:
    chance = random.Random(8_000)
    today = clock.today()
    for number in range(FIRST):
        yield _entry(number, chance, today)


def _entry(number: int, chance: random.Random, today: date) -> Line:
    kind = chance.choices(TYPES, [one[-1] for one in TYPES])[0]
    code, group, label, short, lower, upper, _weight = kind
    district, house = number // PER_DISTRICT + 1, number // 10 + 1
    place = 8 * (district - 1) + chance.randrange(8)
    time_of_day, delivery = chance.choice(list(TimeOfDay)), chance.choice(list(Delivery))
    title = f"{label} {chance.choice(TOPICS)}"
    words = (title, short, group, town(place), f"Haus {_letters(house)}", time_of_day, delivery)
    return {
        "id": number + 1,
        "edition_id": district,
        "position": number % PER_DISTRICT + 1,
        "course_id": f"k{number:07d}",
        "provider_id": house,
        "provider": f"Haus {_letters(house)}",
        "course_group": group,
        "course_type": code,
        "course_type_label": label,
        "title": title,
        "level_from": lower,
        "level_to": upper,
        "level_from_sort": SORTS.get(lower or ""),
        "level_to_sort": SORTS.get(upper or ""),
        "starts_on": today + timedelta(days=chance.randrange(-60, 180)),
        "weekdays": ("Mo", "Mi", "Fr"),
        "time_of_day": time_of_day,
        "delivery": delivery,
        "postcode": postcode(place),
        "town": town(place),
        "seats_total": 20,
        "seats_free": chance.randrange(8),
        "status": CourseStatus.OPEN,
        "audience": ("Frauen",) if chance.random() < 0.1 else (),
        "admission": (chance.choice(("Berechtigungsschein", "Verpflichtung", "offen")),),
        "price_eur": Decimal(chance.choice((0, 0, 229, 458))) / 100,
        "childcare": chance.choice((Childcare.YES, *4 * (Childcare.NO,))),
        "contact_phone": "+49 3581 123456",
        "confirmed_on": today,
        "confirmed_how": ConfirmedHow.WEB,
        "is_confirmed": True,
        "phase": Phase.STARTING,
        "search_text": folded(" ".join(map(str, words))),
    }


def _copy(session: Session, copy: int) -> None:
    """Write the first rows once more: under other keys, at other houses, some days later."""
    shift = copy * FIRST
    changed = {
        "id": f"id + {shift}",
        "entry_id": f"entry_id + {shift}",
        "position": f"position + {copy * PER_DISTRICT}",
        "course_id": f"'{chr(ord('a') + copy // 26)}{chr(ord('a') + copy % 26)}' || course_id",
        "provider": f"provider || ' {copy}'",
    }
    for model, only in (
        (EditionEntry, "id"),
        (CurrentCourse, "entry_id"),
        (CurrentWord, "entry_id"),
    ):
        _insert_from(session, model, changed, f"{only} <= {FIRST}")


def _insert_from(session: Session, model: type[Base], changed: dict[str, str], where: str) -> None:
    columns: Any = model.__table__.columns
    names = [column.name for column in columns]
    values = ", ".join(changed.get(name, name) for name in names)
    table = model.__tablename__
    session.execute(
        text(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {where}")  # noqa: S608 -- our own names
    )
