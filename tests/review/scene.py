"""A district in the middle of its December round, as most tests of the review need it."""

from dataclasses import dataclass
from typing import Self

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from kursliste.domain.calendar import Month
from kursliste.domain.edition import Phase
from kursliste.domain.permissions import Actor
from kursliste.infrastructure import clock
from kursliste.models import (
    CourseList,
    District,
    Edition,
    EditionEntry,
    JournalEntry,
    OutgoingMail,
    Provider,
    ReportedCourse,
    Round,
    User,
)
from tests.builders import a_coordinator, a_district, a_list, a_provider, a_round


@dataclass
class Scene:
    district: District
    course_list: CourseList
    round: Round
    provider: Provider
    coordinator: User

    @property
    def actor(self) -> Actor:
        return self.coordinator.as_actor()


def a_scene(session: Session, slug: str = "goerlitz", name: str = "VHS Neißebogen") -> Scene:
    district = a_district(session, slug)
    course_list = a_list(session, district)
    return Scene(
        district=district,
        course_list=course_list,
        round=a_round(session, course_list),
        provider=a_provider(session, district, name=name),
        coordinator=a_coordinator(session, district, name=f"Koordination {slug}"),
    )


def an_edition(
    session: Session, scene: Scene, *rows: ReportedCourse, month: Month, number: int = 1
) -> Edition:
    """A published edition that holds the facts of ``rows`` as they are now."""
    district = scene.district
    edition = Edition(
        course_list_id=scene.course_list.id,
        district_id=district.id,
        month=month,
        number=number,
        published_at=clock.now(),
        responsible="Koordination",
        district_ags=district.ags,
        district_slug=district.slug,
        district_name=district.name,
        list_slug=scene.course_list.slug,
        list_title=scene.course_list.title,
        publisher=district.publisher,
        replaces=None if number == 1 else number - 1,
        reason="" if number == 1 else "Berichtigung",
        silent_providers=[],
        providers=[],
        changes=[],
        words={},
        rows_sha256="0" * 64,
    )
    session.add(edition)
    session.flush()
    for position, row in enumerate(rows, start=1):
        entry = EditionEntry(
            edition_id=edition.id,
            position=position,
            course_id=row.course_id,
            provider_id=row.report.provider_id,
            provider="Träger",
            course_group="Integrationskurse",
            course_type_label="Integrationskurs",
            phase=Phase.RUNNING,
            is_confirmed=True,
            search_text="",
        )
        entry.take(row.facts())
        session.add(entry)
    session.flush()
    return edition


def journal_of(session: Session) -> list[tuple[str, str, str, dict]]:
    """Everything in the journal: event, table, key, changes."""
    about_codes = JournalEntry.subject_table == "code_tables"  # the installation's own entry
    query = select(JournalEntry).where(~about_codes).order_by(JournalEntry.id)
    return [
        (str(e.event), e.subject_table, e.subject_id, e.changes) for e in session.scalars(query)
    ]


def mails_of(session: Session) -> list[OutgoingMail]:
    return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.to_address)))


class Statements:
    """Counts what a block sends to the database."""

    def __init__(self, session: Session) -> None:
        self._engine = session.get_bind()
        self.count = 0

    def __enter__(self) -> Self:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, *_: object) -> None:
        self.count += 1
