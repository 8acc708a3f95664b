"""The month that a preview shows."""

from kursliste.domain.calendar import Month
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure.shelf import Shelf
from kursliste.layouts.queries import fullest_round_or_none
from tests.builders import a_district, a_list, a_provider, a_report
from tests.publishing.scene import Statements, a_scene


def test_the_fullest_of_the_newest_rounds_is_shown(session, database, tmp_path):
    empty = a_list(session, a_district(session, "weimar"))
    assert fullest_round_or_none(session, empty) is None
    scene = a_scene(session, Shelf(tmp_path / "shelf"))
    december = scene.round
    scene.month(Month(2027, 1))
    newer = fullest_round_or_none(session, scene.course_list)
    assert newer is scene.round

    other = a_provider(session, scene.district, name="Zweiter e. V.")
    a_report(session, december, other, ReportStatus.APPROVED, by=scene.coordinator)
    a_report(session, scene.round, other, ReportStatus.SUBMITTED)
    session.flush()
    with Statements(database) as statements:
        fuller = fullest_round_or_none(session, scene.course_list)
    assert (fuller, len(statements.sent)) == (december, 2)
