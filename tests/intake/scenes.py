"""A district that takes over lists, and small lists to take over."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.permissions import Actor
from kursliste.intake import actions
from kursliste.models import CourseList, District, ListUpload, Provider, Report, ReportedCourse
from kursliste.models.identity import User
from tests.builders import a_coordinator, a_district, a_list

DECEMBER = Month(2026, 12)
HEADINGS = (
    "Träger", "Kursnummer", "Kursart", "Titel", "Niveau von", "Niveau bis", "Beginn", "Ende",
    "Tage", "Zeit von", "Zeit bis", "Straße", "PLZ", "Ort", "Plätze gesamt", "belegt",
    "Ansprechperson", "Telefon",
)  # fmt: skip
GOOD = {
    "Träger": "Lernhof Beispiel e. V.",
    "Kursnummer": "LB-1",
    "Kursart": "Allgemeiner Integrationskurs",
    "Titel": "Deutsch am Vormittag",
    "Niveau von": "A1",
    "Niveau bis": "B1",
    "Beginn": "07.12.2026",
    "Ende": "30.07.2027",
    "Tage": "Mo, Di",
    "Zeit von": "08:30",
    "Zeit bis": "12:45",
    "Straße": "Wortweg 1",
    "PLZ": "02826",
    "Ort": "Görlitz",
    "Plätze gesamt": "20",
    "belegt": "12",
    "Ansprechperson": "A. Beispiel",
    "Telefon": "03581 000-10",
}


def a_csv(*rows: dict[str, str]) -> bytes:
    """A list with one line for each row; each differs from ``GOOD`` as it says."""
    lines = [";".join({**GOOD, **row}[name] for name in HEADINGS) for row in rows or ({},)]
    return "\r\n".join([";".join(HEADINGS), *lines]).encode("utf-8-sig")


@dataclass
class Scene:
    session: Session
    district: District
    course_list: CourseList
    user: User
    actor: Actor

    def upload(self, *rows: dict[str, str], month: Month = DECEMBER, name="liste.csv", data=None):
        return actions.upload_list(
            self.session,
            course_list=self.course_list,
            month=month,
            file_name=name,
            data=data if data is not None else a_csv(*rows),
            actor=self.actor,
        )

    def take_over(self, upload: ListUpload):
        return actions.take_over(
            self.session, upload, seen_version=upload.version, actor=self.actor
        )

    def rows(self) -> list[ReportedCourse]:
        query = select(ReportedCourse).order_by(ReportedCourse.report_id, ReportedCourse.position)
        return list(self.session.scalars(query))

    def providers(self) -> list[Provider]:
        return list(self.session.scalars(select(Provider).order_by(Provider.name, Provider.id)))

    def reports(self) -> list[Report]:
        return list(self.session.scalars(select(Report).order_by(Report.id)))


def a_scene(session: Session, slug: str = "goerlitz") -> Scene:
    district = a_district(session, slug)
    course_list = a_list(session, district)
    user = a_coordinator(session, district)
    return Scene(session, district, course_list, user, user.as_actor())
