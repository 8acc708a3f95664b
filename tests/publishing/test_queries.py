"""What the checklist and the actions look at: whose it is, in which order, how often it asks."""

from datetime import date

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.correction import CorrectionStatus
from kursliste.domain.course import ConfirmedHow, CourseStatus, Visibility
from kursliste.domain.errors import NotFoundError
from kursliste.domain.permissions import Actor
from kursliste.domain.plausibility import Notice
from kursliste.domain.report import ReportStatus
from kursliste.domain.round import UnconfirmedRule
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import load_codes
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Correction, Question
from kursliste.models.review import ReviewRules
from kursliste.publishing import queries
from kursliste.publishing.checklist import Checklist, checklist
from kursliste.reporting.revision_actions import revise_report
from tests.builders import (
    DECEMBER,
    a_coordinator,
    a_course,
    a_provider,
    a_report,
    a_reporter,
    an_actor,
)
from tests.publishing.scene import CONFIRMED, Statements, a_scene


@pytest.fixture
def scene(session, tmp_path):
    return a_scene(session, Shelf(tmp_path / "shelf"))


def seen(scene, actor: Actor | None = None, slug: str = "goerlitz") -> Checklist:
    codes = load_codes(scene.session)
    return checklist(scene.session, actor or scene.actor, slug, DECEMBER, codes)


def test_checklist_sorts_reports_by_what_is_to_be_done(scene, session):
    for status in set(ReportStatus) - {ReportStatus.APPROVED}:
        provider = a_provider(session, scene.district, name=f"Träger {status}")
        report = a_report(session, scene.round, provider, status)
        if status is ReportStatus.ASKED:
            person = a_coordinator(session, scene.district)
            session.add(
                Question(
                    report=report,
                    text="Stimmt das?",
                    asked_at=report.submitted_at,
                    asked_by_id=person.id,
                )
            )
    session.flush()

    found = seen(scene)

    assert [r.provider.name for r in found.missing] == ["Träger draft", "Träger open"]
    assert [(a.report.provider.name, a.questions) for a in found.asked] == [("Träger asked", 1)]
    assert [r.provider.name for r in found.waiting] == ["Träger submitted"]
    assert (found.approved, found.is_clear, found.newest) == (1, False, 0)


def test_checklist_names_open_questions_of_approved_reports_and_objections(scene, session):
    row = scene.course(title="Abendkurs")
    asked = {"asked_at": clock.now(), "asked_by_id": scene.coordinator.id}
    session.add(Question(report=scene.report, text="Stimmt das?", **asked))
    for status, answered_at, objection in (
        (CorrectionStatus.OPEN, None, None),
        (CorrectionStatus.OBJECTED, clock.now(), "Nein."),
        (CorrectionStatus.SETTLED, clock.now(), "Nein."),
    ):
        session.add(
            Correction(
                report_id=scene.report.id,
                reported_course_id=row.id,
                attribute="title",
                status=status,
                made_at=clock.now(),
                answered_at=answered_at,
                objection=objection,
            )
        )
    session.flush()

    found = seen(scene)

    assert [(one.report, one.questions) for one in found.asked] == [(scene.report, 1)]
    assert [(one.report, one.corrections) for one in found.objected] == [(scene.report, 1)]
    assert found.is_clear is False


def test_checklist_names_unconfirmed_and_odd_rows(scene):
    good = {"contact_phone": "03581 1", "times_note": "mittags"}
    scene.course(title="gut", **good, course_type="KONV")
    scene.course(title="alt", **good, course_type="KONV", confirmed_on=date(2026, 10, 1))
    scene.course(
        title="seltsam", **good, course_type="KONV", seats_free=5, status=CourseStatus.FULL
    )
    scene.course(title="beendet", status=CourseStatus.ENDED, confirmed_on=date(2026, 10, 1))

    found = seen(scene)

    assert [[row.title for row in u.rows] for u in found.unconfirmed] == [["alt"]]
    assert [(o.row.title, [f.attribute for f in o.findings]) for o in found.odd] == [
        ("seltsam", ["status"])
    ]
    assert (found.courses, found.internal_courses) == (3, 0)


def test_checklist_names_what_jumped_since_the_last_edition(scene):
    usual = {"contact_phone": "1", "times_note": "mittags", "course_type": "KONV"}
    report, opened = scene.report, scene.round
    scene.month(Month(2026, 11))
    known = scene.course(**usual, seats_total=16)
    scene.publish(month=Month(2026, 11))
    scene.report, scene.round = report, opened
    scene.course(**usual, course_id=known.course_id, title="gesprungen", seats_total=61)

    found = seen(scene)

    assert [(o.row.title, [f.notice for f in o.findings]) for o in found.odd] == [
        ("gesprungen", [Notice.SEATS_JUMP])
    ]


def test_checklist_leaves_out_what_the_district_ignores(scene, session):
    scene.course(course_type="KONV", contact_phone="1")
    ignored = [Notice.TIMES_MISSING]
    session.add(ReviewRules(district_id=scene.district.id, ignored_notices=ignored))
    session.flush()

    assert seen(scene).odd == []


def test_checklist_looks_at_the_approved_version_of_a_changed_report(scene, session):
    scene.course(course_type="KONV", contact_phone="1", title="freigegeben")
    revise_report(session, scene.report, actor=an_actor(a_reporter(session, scene.report.provider)))
    scene.report.courses[0].title, scene.report.courses[0].times_note = "neu", "mittags"
    session.flush()

    found = seen(scene)

    assert [(o.row.title, [f.notice for f in o.findings]) for o in found.odd] == [
        ("freigegeben", [Notice.TIMES_MISSING])
    ]


def test_checklist_counts_what_would_be_published(session, tmp_path):
    scene = a_scene(session, Shelf(tmp_path / "shelf"), unconfirmed_rule=UnconfirmedRule.LEAVE_OUT)
    scene.course()
    scene.course(visibility=Visibility.PROFESSIONALS)
    scene.course(confirmed_on=date(2026, 10, 1))

    found = seen(scene)

    assert (found.courses, found.internal_courses) == (1, 1)
    assert [(u.is_left_out, u.is_decided) for u in found.unconfirmed] == [(True, False)]


def test_checklist_says_what_becomes_of_unconfirmed_rows(scene, session):
    scene.course(title="wie sonst", confirmed_on=date(2026, 10, 1))
    other = a_provider(session, scene.district, name="Andere e. V.")
    decided = a_report(
        session,
        scene.round,
        other,
        ReportStatus.APPROVED,
        unconfirmed=UnconfirmedRule.LEAVE_OUT,
    )
    a_course(session, decided, title="weg", **{**CONFIRMED, "confirmed_on": date(2026, 10, 1)})

    found = seen(scene)

    assert [
        ([row.title for row in u.rows], u.is_left_out, u.is_decided) for u in found.unconfirmed
    ] == [(["weg"], True, True), (["wie sonst"], False, False)]
    assert (found.courses, found.silent) == (1, ["Andere e. V.", "Volkshochschule Neißebogen"])


def test_checklist_names_who_is_there_for_the_first_time(scene, session):
    report, opened = scene.report, scene.round
    scene.month(Month(2026, 11))
    scene.course()
    scene.publish(month=Month(2026, 11))
    scene.report, scene.round = report, opened
    scene.course()
    new = a_provider(session, scene.district, name="Neu e. V.")
    a_course(session, a_report(session, opened, new, ReportStatus.APPROVED), **CONFIRMED)

    assert [r.provider.name for r in seen(scene).newcomers] == ["Neu e. V."]


def test_first_edition_has_no_newcomers_and_a_clear_month_is_clear(scene):
    scene.course(course_type="KONV", contact_phone="1", times_note="mittags")

    found = seen(scene)

    assert (found.newcomers, found.silent, found.is_clear) == ([], [], True)


def test_checklist_knows_the_editions_of_its_month(scene):
    scene.course()
    scene.publish()
    scene.publish(seen=1, reason="Tippfehler")

    assert [edition.number for edition in seen(scene).editions] == [2, 1]


def test_foreign_month_is_not_there(scene, session):
    other = a_scene(session, scene.shelf, slug="weimar")

    for actor in (other.actor, Actor.anonymous()):
        with pytest.raises(NotFoundError):
            seen(scene, actor)


def test_questions_to_the_database_do_not_grow_with_the_rows(scene, session, database):
    counts = []
    for more in (1, 2):
        for number in range(more):
            provider = a_provider(session, scene.district, name=f"Träger {more}{number}")
            report = a_report(session, scene.round, provider, ReportStatus.APPROVED)
            a_course(session, report, **CONFIRMED)
        actor = an_actor(scene.coordinator)
        with transaction(session):
            pass
        with database.session() as own, Statements(database) as statements:
            checklist(own, actor, "goerlitz", DECEMBER, load_codes(own))
        counts.append(len(statements.sent))

    assert counts[0] == counts[1]


def test_newest_number_and_earlier_edition(scene):
    assert queries.newest_number(scene.session, scene.course_list, DECEMBER) == 0
    assert queries.earlier_edition_or_none(scene.session, scene.course_list, DECEMBER) is None
    scene.course(confirmed_how=ConfirmedHow.MAIL)
    scene.publish()
    scene.publish(seen=1, reason="x")

    assert queries.newest_number(scene.session, scene.course_list, DECEMBER) == 2
    later = queries.earlier_edition_or_none(scene.session, scene.course_list, Month(2027, 3))
    assert later is not None
    assert later.name == "2026-12/2"
