"""Who and what the tests of this station talk about."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportStatus
from kursliste.models import CourseList, District, Provider, Report, ReportedCourse, Round, User
from tests import builders

NOVEMBER = Month(2026, 11)
LINK = "http://localhost/meldungen/1"
OLD = date(2026, 10, 22)


@dataclass
class Scene:
    """One provider in one district, its reporter, the coordinator, December's round."""

    session: Session
    district: District
    course_list: CourseList
    provider: Provider
    person: User
    coordinator: User
    opened: Round

    @property
    def actor(self) -> Actor:
        return self.person.as_actor()

    def report(self, status: ReportStatus = ReportStatus.DRAFT, **more: object) -> Report:
        return builders.a_report(
            self.session, self.opened, self.provider, status, by=self.coordinator, **more
        )

    def november(self) -> Report:
        """An approved report of the month before, without rows."""
        before = builders.a_round(self.session, self.course_list, NOVEMBER)
        return builders.a_report(
            self.session, before, self.provider, ReportStatus.APPROVED, by=self.coordinator
        )

    def row(self, report: Report, **facts: object) -> ReportedCourse:
        """A course that somebody confirmed in October."""
        told: dict[str, object] = {
            "status": CourseStatus.OPEN,
            "confirmed_on": OLD,
            "confirmed_by": "Berta Früher",
            "confirmed_how": ConfirmedHow.TELEPHONE,
            "position": len(report.courses) + 1,
            **facts,
        }
        return builders.a_course(self.session, report, **told)


def a_scene(session: Session) -> Scene:
    district = builders.a_district(session)
    course_list = builders.a_list(session, district)
    provider = builders.a_provider(session, district, report_email="meldung@example.org")
    return Scene(
        session,
        district,
        course_list,
        provider,
        builders.a_reporter(session, provider, name="Rita Meldung", email="rita@example.org"),
        builders.a_coordinator(session, district, name="Karl Prüfer", email="karl@example.org"),
        builders.a_round(session, course_list),
    )


def confirmation(row: ReportedCourse) -> tuple[object, object, object]:
    return row.confirmed_on, row.confirmed_by, row.confirmed_how


AS_BEFORE = (OLD, "Berta Früher", ConfirmedHow.TELEPHONE)
BY_RITA = (date(2026, 11, 24), "Rita Meldung", ConfirmedHow.WEB)
