"""Readers of a list, and months published for them."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste import ticking
from kursliste.domain.calendar import Month
from kursliste.domain.permissions import Actor
from kursliste.domain.subscription import filter_key, tidy
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import Database, transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import CourseList, Edition, OutgoingMail, Subscription
from kursliste.publishing.actions import publish_edition
from tests.builders import a_course
from tests.publishing.scene import CONFIRMED, FULL_ROW, Scene, a_scene

NOBODY = Actor.anonymous()
SYSTEM = Actor.system()
BASE = "http://localhost"
NOVEMBER = Month(2026, 11)


def a_reader(
    session: Session, course_list: CourseList, email: str = "leserin@example.org", **more: Any
) -> Subscription:
    """A confirmed subscription; ``filters`` and the rest as the test likes."""
    filters = more.pop("filters", {})
    found = Subscription(
        course_list_id=course_list.id,
        district_id=course_list.district_id,
        email=email,
        filters=tidy(filters),
        filter_key=filter_key(filters),
        requested_at=more.pop("requested_at", clock.now()),
        confirmed_at=more.pop("confirmed_at", clock.now()),
        **more,
    )
    session.add(found)
    session.flush()
    return found


@dataclass
class Carrier:
    """Takes every mail and keeps it."""

    got: list[Any]

    def deliver(self, message: Any) -> None:
        self.got.append(message)


def tick(
    session: Session, database: Database, carrier: Any = None, shelf: Shelf | None = None
) -> ticking.Done:
    """Do what is due, as the scheduler does, after what the test arranged."""
    with transaction(session):
        pass
    session.expire_all()
    return ticking.tick(
        database,
        carrier or Carrier([]),
        base_url=BASE,
        sender="kursliste@kreis.example",
        shelf=shelf,
    )


def mails_to(session: Session, email: str) -> list[OutgoingMail]:
    query = select(OutgoingMail).where(OutgoingMail.to_address == email)
    return list(session.scalars(query.order_by(OutgoingMail.id)))


def key_in(text: str) -> str:
    """The key of the link in a mail."""
    found = re.search(r"/abo/([\w-]{43})", text)
    assert found is not None, text
    return found.group(1)


def publish(scene: Scene, *, seen: int = 0, reason: str = "", mails: bool = True) -> Edition:
    """Publish the scene's month and let the readers be written to."""
    with transaction(scene.session):
        pass
    with transaction(scene.session):
        return publish_edition(
            scene.session,
            scene.shelf,
            course_list=scene.course_list,
            month=scene.round.month,
            seen_number=seen,
            reason=reason,
            actor=scene.actor,
            mails_readers=mails,
        )


def two_months(session: Session, shelf: Shelf) -> Scene:
    """November is out without any mail; December is ready.

    In December a course in Zittau is new, one in Görlitz starts later, one in Görlitz ended.
    """
    scene = a_scene(session, shelf)
    december, report = scene.round, scene.report
    scene.month(NOVEMBER)
    later = scene.course(**moved(title="Abendkurs", starts_on=date(2026, 12, 1)))
    scene.course(**moved(title="Sommerkurs"))
    publish(scene, mails=False)
    scene.round, scene.report = december, report
    a_course(
        session,
        report,
        course_id=later.course_id,
        **CONFIRMED,
        **moved(title="Abendkurs", starts_on=date(2026, 12, 14)),
    )
    scene.course(**moved(title="Kurs am Markt", town="Zittau", level_from="A2", level_to="B1"))
    return scene


def moved(**facts: Any) -> dict[str, Any]:
    """A full row without its confirmation, changed; it bears what must never get out."""
    row = {name: value for name, value in FULL_ROW.items() if name not in CONFIRMED}
    return {**row, **facts}
