"""A month of a district, ready to be published; tests change what matters to them."""

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, Self

from sqlalchemy import event
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.course import (
    Childcare,
    ConfirmedHow,
    CourseStatus,
    Delivery,
    LateEntry,
    TimeOfDay,
    Visibility,
    Wheelchair,
)
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import CourseList, District, Edition, Report, ReportedCourse, Round, User
from kursliste.publishing.actions import publish_edition
from tests.builders import (
    DECEMBER,
    a_coordinator,
    a_course,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_round,
    an_actor,
)

CONFIRMED: dict[str, Any] = {
    "confirmed_on": date(2026, 11, 23),
    "confirmed_by": "Vera Volkshoch",
    "confirmed_how": ConfirmedHow.WEB,
}

FULL_ROW: dict[str, Any] = {
    "course_type": "IK-ALLG",
    "title": "Integrationskurs am Vormittag",
    "provider_reference": "26H-401",
    "bamf_reference": "KANARIE-bamf",
    "level_from": "A1",
    "level_to": "B1",
    "current_module": 3,
    "units_total": 700,
    "starts_on": date(2026, 12, 7),
    "ends_on": date(2027, 6, 30),
    "weekdays": ("Mo", "Di", "Mi"),
    "time_from": time(8, 30),
    "time_until": time(12, 45),
    "time_of_day": TimeOfDay.MORNING,
    "delivery": Delivery.ON_SITE,
    "venue_name": "Haus Weißeritz",
    "street": "Langenstraße 23",
    "postcode": "02826",
    "town": "Görlitz",
    "wheelchair": Wheelchair.YES,
    "seats_total": 20,
    "seats_taken": 16,
    "waiting_count": 987,
    "late_entry": LateEntry.YES,
    "audience": ("Frauen",),
    "admission": ("Berechtigungsschein", "Verpflichtung"),
    "price_eur": Decimal("229.50"),
    "childcare": Childcare.YES,
    "contact_name": "Anmeldung Deutschkurse",
    "contact_phone": "+49 3581 420980",
    "contact_email": "deutsch@vhs.example",
    "link": "https://vhs.example/kurs?id=1&x=2",
    "public_note": "Anmeldung dienstags",
    "internal_note": "KANARIE-notiz",
    **CONFIRMED,
    "confirmed_by": "KANARIE-person",
}


@dataclass
class Scene:
    """The rows of a month and who publishes it."""

    session: Session
    shelf: Shelf
    district: District
    course_list: CourseList
    round: Round
    report: Report
    coordinator: User

    @property
    def actor(self) -> Actor:
        return an_actor(self.coordinator)

    def course(self, **facts: Any) -> ReportedCourse:
        """A confirmed course of the approved report."""
        return a_course(self.session, self.report, **{**CONFIRMED, **facts})

    def publish(self, *, seen: int = 0, reason: str = "", month: Month = DECEMBER) -> Edition:
        """Commit what was arranged, then publish, as a page does."""
        with transaction(self.session):
            pass
        with transaction(self.session):
            return publish_edition(
                self.session,
                self.shelf,
                course_list=self.course_list,
                month=month,
                seen_number=seen,
                reason=reason,
                actor=self.actor,
            )

    def month(self, month: Month) -> Report:
        """An approved, empty report of another month; ``course`` goes on with it."""
        opened = a_round(self.session, self.course_list, month)
        self.round = opened
        self.report = a_report(
            self.session, opened, self.report.provider, ReportStatus.APPROVED, by=self.coordinator
        )
        return self.report


def a_scene(session: Session, shelf: Shelf, slug: str = "goerlitz", **more: Any) -> Scene:
    """A district with a list, a round for December, and one approved report without rows."""
    district = a_district(session, slug, contact="bildung@kreis.example")
    course_list = a_list(session, district, **more)
    opened = a_round(session, course_list)
    coordinator = a_coordinator(session, district, name="Karla Kreis")
    provider = a_provider(session, district, phone="03581 4209", report_email="intern@vhs.example")
    report = a_report(session, opened, provider, ReportStatus.APPROVED, by=coordinator)
    return Scene(session, shelf, district, course_list, opened, report, coordinator)


CANARIES = re.compile(r"KANARIE|\b987\b")  # a hash may have these digits, but not alone
HIDDEN = Visibility.INTERNAL
CANCELLED = CourseStatus.CANCELLED


class Statements:
    """Counts the statements that a block sends to the database."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self.sent: list[str] = []

    def __enter__(self) -> Self:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.sent.append(statement)

    @property
    def questions(self) -> int:
        """How many there were, without the BEGIN that one engine sends."""
        return sum(not text.startswith("BEGIN") for text in self.sent)

    def about(self, table: str) -> int:
        """How many of them read a table."""
        return sum(f"FROM {table} " in " ".join(text.split()) + " " for text in self.sent)
