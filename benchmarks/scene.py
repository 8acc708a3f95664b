"""A country that reports: districts, houses, last month's approved rows, this month's open reports.

Everything is inserted in bulk; what people do afterwards goes through the actions or the pages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.course import ConfirmedHow, CourseStatus, Delivery
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.report import ReportStatus
from kursliste.domain.sign_in import hashed
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import Database, transaction
from kursliste.models import (
    Base,
    Course,
    CourseList,
    District,
    Membership,
    Provider,
    ProviderDistrict,
    Report,
    ReportedCourse,
    Round,
    User,
    UserSession,
)

ROWS: Final = 10
"""Courses of a house."""

SEATS: Final = 20
AT_ONCE: Final = 2_000
OPEN_FOR: Final = timedelta(days=20)
SIGNED_IN_FOR: Final = timedelta(days=10)
Line = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Country:
    """How big it is, and who reports: the houses are dealt out to ``people`` like cards.

    Keys count from 1: house ``n`` is in district ``(n - 1) // houses + 1``; its report of last
    month has the key ``n``, its open one ``n + total``.
    """

    districts: int
    houses: int
    people: int

    @property
    def total(self) -> int:
        """The number of houses."""
        return self.districts * self.houses

    def houses_of(self, person: int) -> Sequence[int]:
        """Return the houses that a person, counted from 1, reports for."""
        return range(person, self.total + 1, self.people)

    def reporter(self, person: int) -> Actor:
        """Return a person as rules see them."""
        held = (Grant(Role.PROVIDER, provider_id=house) for house in self.houses_of(person))
        return Actor(person, f"Person {person}", frozenset(held))

    def district_of(self, house: int) -> int:
        """Return the district of a house."""
        return (house - 1) // self.houses + 1

    def open_report(self, house: int) -> int:
        """Return the key of the report that a house has not begun."""
        return house + self.total

    def open_round(self, district: int) -> int:
        """Return the key of the round that a district is asked in."""
        return district + self.districts


def course_key(house: int, number: int) -> str:
    """Return the key of a course of a house."""
    return f"k{house:07d}{number:04d}"


def secret_of(person: int) -> str:
    """Return what the cookie of a person's browser holds."""
    return f"secret-of-person-{person}"


def build(database: Database, country: Country) -> None:
    """Fill an empty database; the deadline of the open reports was yesterday."""
    with database.session() as session, transaction(session):
        for model, lines in (
            (District, _districts(country)),
            (CourseList, _lists(country)),
            (Provider, _providers(country)),
            (ProviderDistrict, _places(country)),
            (User, _people(country)),
            (Membership, _memberships(country)),
            (UserSession, _browsers(country)),
            (Round, _rounds(country)),
            (Report, _reports(country)),
            (Course, _courses(country)),
            (ReportedCourse, _rows(country)),
        ):
            _insert(session, model, list(lines))
        session.execute(text("ANALYZE"))


def _insert(session: Session, model: type[Base], lines: Sequence[Line]) -> None:
    for start in range(0, len(lines), AT_ONCE):
        session.execute(insert(model), lines[start : start + AT_ONCE])


def _districts(country: Country) -> Iterator[Line]:
    for key in range(1, country.districts + 1):
        slug = f"kreis-{key}"
        yield {"id": key, "ags": f"{key:05d}", "slug": slug, "name": f"Kreis {key}", "state": "SN"}


def _lists(country: Country) -> Iterator[Line]:
    for key in range(1, country.districts + 1):
        yield {"id": key, "district_id": key, "slug": "deutschkurse", "title": "Deutschkurse"}


def _providers(country: Country) -> Iterator[Line]:
    now = clock.now()
    for key in range(1, country.total + 1):
        yield {"id": key, "name": f"Haus {key}", "created_at": now}


def _places(country: Country) -> Iterator[Line]:
    for key in range(1, country.total + 1):
        yield {"provider_id": key, "district_id": country.district_of(key)}


def _people(country: Country) -> Iterator[Line]:
    now = clock.now()
    for key in range(1, country.people + 1):
        email = f"person{key}@example.org"
        yield {"id": key, "name": f"Person {key}", "email": email, "created_at": now}


def _memberships(country: Country) -> Iterator[Line]:
    for key in range(1, country.people + 1):
        for house in country.houses_of(key):
            yield {"user_id": key, "role": Role.PROVIDER, "provider_id": house}


def _browsers(country: Country) -> Iterator[Line]:
    now = clock.now()
    for key in range(1, country.people + 1):
        yield {
            "token_hash": hashed(secret_of(key)),
            "user_id": key,
            "created_at": now,
            "seen_at": now,
            "ends_at": now + SIGNED_IN_FOR,
        }


def _rounds(country: Country) -> Iterator[Line]:
    today = clock.today()
    asked = Month.of(today).next()
    for back in (1, 0):
        due_on = today - timedelta(days=1 + 30 * back)
        for district in range(1, country.districts + 1):
            yield {
                "id": district if back else country.open_round(district),
                "course_list_id": district,
                "district_id": district,
                "month": asked.plus(-back),
                "opens_on": due_on - OPEN_FOR,
                "due_on": due_on,
            }


def _reports(country: Country) -> Iterator[Line]:
    now = clock.now()
    for house in range(1, country.total + 1):
        district = country.district_of(house)
        place: Line = {"district_id": district, "provider_id": house}
        yield place | {
            "id": house,
            "round_id": district,
            "status": ReportStatus.APPROVED,
            "submitted_at": now,
            "decided_at": now,
            "decided_by_id": 1,
        }
        yield place | {
            "id": country.open_report(house),
            "round_id": country.open_round(district),
            "status": ReportStatus.OPEN,
        }


def _courses(country: Country) -> Iterator[Line]:
    now = clock.now()
    for house in range(1, country.total + 1):
        for number in range(ROWS):
            yield {
                "id": course_key(house, number),
                "district_id": country.district_of(house),
                "provider_id": house,
                "created_at": now,
            }


def _rows(country: Country) -> Iterator[Line]:
    before = clock.today() - timedelta(days=60)
    for house in range(1, country.total + 1):
        for number in range(ROWS):
            yield a_row(house, number, confirmed_on=before) | {"report_id": house}


def a_row(house: int, number: int, *, confirmed_on: date) -> Line:
    """Return a row as houses fill it: some thirty of its fields."""
    return {
        "course_id": course_key(house, number),
        "position": number + 1,
        "course_type": "IK-ALLG",
        "title": f"Allgemeiner Integrationskurs {number}",
        "provider_reference": f"{house}-{number}",
        "level_from": "A1",
        "level_to": "B1",
        "units_total": 700,
        "units_per_week": 25,
        "current_module": 1 + number % 6,
        "starts_on": confirmed_on,
        "weekdays": ("Mo", "Di", "Mi", "Do", "Fr"),
        "time_from": time(8, 30),
        "time_until": time(12, 45),
        "delivery": Delivery.ON_SITE,
        "venue_name": "Haus der Bildung",
        "street": "Am Markt 1",
        "postcode": "02826",
        "town": "Görlitz",
        "seats_total": SEATS,
        "seats_taken": 10,
        "seats_free": SEATS - 10,
        "status": CourseStatus.OPEN,
        "audience": ("Frauen", "Eltern"),
        "admission": ("Berechtigungsschein",),
        "price_eur": Decimal("2.29"),
        "contact_name": "Anmeldung",
        "contact_phone": "+49 3581 123456",
        "contact_email": "anmeldung@example.org",
        "public_note": "Anmeldung nur persönlich, dienstags von 9 bis 12 Uhr.",
        "confirmed_on": confirmed_on,
        "confirmed_by": f"Person {1 + number % 2}",
        "confirmed_how": ConfirmedHow.WEB,
    }
