"""What becomes of one report's unconfirmed rows, and that deciding it confirms nothing."""

from datetime import date

import pytest

from kursliste.domain.course import ConfirmedHow
from kursliste.domain.errors import NotPermittedError
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportStatus
from kursliste.domain.round import UnconfirmedRule, leaves_out_unconfirmed
from kursliste.review.unconfirmed_actions import decide_unconfirmed
from tests.builders import a_coordinator, a_course, a_district, a_report, a_reporter, an_actor
from tests.review.scene import a_scene, journal_of

PRINT, LEAVE_OUT = UnconfirmedRule


@pytest.fixture
def scene(session):
    return a_scene(session)


@pytest.mark.parametrize("status", ReportStatus)
def test_it_can_be_decided_in_every_state_and_taken_back(session, scene, status):
    report = a_report(session, scene.round, scene.provider, status)
    decide_unconfirmed(session, report, rule=LEAVE_OUT, actor=scene.actor)
    decide_unconfirmed(session, report, rule=LEAVE_OUT, actor=scene.actor)
    decide_unconfirmed(session, report, rule=None, actor=scene.actor)
    session.flush()
    assert (report.unconfirmed, report.status) == (None, status)
    assert journal_of(session) == [
        ("report:unconfirmed_decided", "report", str(report.id), {"unconfirmed": changes})
        for changes in ([None, "leave_out"], ["leave_out", None])
    ]


def test_no_confirmation_moves(session, scene):
    report = a_report(session, scene.round, scene.provider)
    old = date(2026, 10, 23), "Vera", ConfirmedHow.WEB
    row = a_course(session, report, confirmed_on=old[0], confirmed_by=old[1], confirmed_how=old[2])
    decide_unconfirmed(session, report, rule=PRINT, actor=scene.actor)
    session.flush()
    session.expire(row)
    assert (row.confirmed_on, row.confirmed_by, row.confirmed_how) == old
    assert report.unconfirmed is PRINT


def test_only_the_coordination_of_the_district_decides(session, scene):
    report = a_report(session, scene.round, scene.provider)
    weimar = a_coordinator(session, a_district(session, "weimar"))
    for actor in (
        Actor.anonymous(),
        an_actor(weimar),
        an_actor(a_reporter(session, scene.provider)),
    ):
        with pytest.raises(NotPermittedError):
            decide_unconfirmed(session, report, rule=PRINT, actor=actor)
    assert report.unconfirmed is None


@pytest.mark.parametrize(
    ("decided", "default", "is_left_out"),
    [
        (None, PRINT, False),
        (None, LEAVE_OUT, True),
        (PRINT, PRINT, False),
        (PRINT, LEAVE_OUT, False),
        (LEAVE_OUT, PRINT, True),
        (LEAVE_OUT, LEAVE_OUT, True),
    ],
)
def test_a_decision_goes_before_the_list(decided, default, is_left_out):
    assert leaves_out_unconfirmed(decided, default) is is_left_out
