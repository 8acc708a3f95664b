"""Two providers of a district that become one, and what tests of it ask again and again."""

from dataclasses import dataclass

from sqlalchemy import select

from kursliste.domain.report import ReportStatus
from kursliste.models import (
    Provider,
    Report,
    ReportedCourse,
)
from kursliste.review.merging import merge_plan
from kursliste.review.merging_actions import merge_providers
from tests import builders
from tests.review.scene import Scene, a_scene

LINK = "https://kurse.example/meldungen"


@dataclass
class Two:
    """The scene's provider goes on, ``old`` will be a part of it."""

    scene: Scene
    old: Provider

    @property
    def new(self) -> Provider:
        return self.scene.provider


def two_providers(session) -> Two:
    scene = a_scene(session)
    return Two(scene, builders.a_provider(session, scene.district, name="VHS Neissebogen"))


def plan(session, two, actor=None):
    return merge_plan(session, actor or two.scene.actor, two.old, two.new)


def merge(session, two, *, actor=None, seal=None):
    return merge_providers(
        session,
        two.old,
        two.new,
        seal=seal or plan(session, two, actor).seal,
        link=LINK,
        actor=actor or two.scene.actor,
    )


def reported(session, provider, opened, status=ReportStatus.DRAFT, *titles, **facts):
    report = builders.a_report(session, opened, provider, status)
    for title in titles:
        builders.a_course(session, report, title=title, **facts)
    return report


def titles(session, report):
    query = select(ReportedCourse.title).where(ReportedCourse.report_id == report.id)
    return session.scalars(query.order_by(ReportedCourse.position, ReportedCourse.id)).all()


def reports(session, provider):
    query = select(Report.id).where(Report.provider_id == provider.id).order_by(Report.id)
    return session.scalars(query).all()
