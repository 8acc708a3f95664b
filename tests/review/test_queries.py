"""What a coordinator sees: only their districts, in order, in a constant number of statements."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import NoResultFound

from kursliste.domain.calendar import Month
from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.edition import FieldChange
from kursliste.domain.errors import NotFoundError
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Grant, Role, Scope
from kursliste.domain.plausibility import Notice
from kursliste.domain.report import ReportAction, ReportOrigin, ReportStatus
from kursliste.infrastructure import journal
from kursliste.infrastructure.codes import load_codes
from kursliste.review import actions, queries
from kursliste.review.board import Numbers, board
from kursliste.review.comparison import baseline, differences
from kursliste.review.month_page import Openable, month_page
from kursliste.review.report_page import report_page
from tests.builders import (
    a_coordinator,
    a_course,
    a_district,
    a_list,
    a_provider,
    a_report,
    a_reporter,
    a_round,
    a_user,
)
from tests.review.scene import Statements, a_scene, an_edition

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)


@pytest.fixture
def scene(session):
    return a_scene(session)


def confirmed(**more):
    return {
        "confirmed_on": date(2026, 11, 23),
        "confirmed_how": ConfirmedHow.WEB,
        "confirmed_by": "Anna",
        **more,
    }


# ---- whose


def test_a_report_is_found_by_district_month_and_key(session, scene):
    report = a_report(session, scene.round, scene.provider)
    found = queries.reviewed_report(session, scene.actor, "goerlitz", DECEMBER, report.id)
    assert found is report


@pytest.mark.parametrize(("slug", "month"), [("weimar", DECEMBER), ("goerlitz", NOVEMBER)])
def test_another_address_of_the_same_report_is_not_there(session, scene, slug, month):
    a_scene(session, "weimar")
    report = a_report(session, scene.round, scene.provider)
    administrator = a_user(session, Grant(Role.ADMINISTRATOR)).as_actor()
    with pytest.raises(NoResultFound):
        queries.reviewed_report(session, administrator, slug, month, report.id)


def test_a_foreign_coordinator_finds_nothing(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    foreign = a_scene(session, "weimar").actor
    own = a_reporter(session, scene.provider).as_actor()
    for actor in (foreign, own, Actor.anonymous()):
        with pytest.raises(NoResultFound):
            queries.reviewed_report(session, actor, "goerlitz", DECEMBER, report.id)
        with pytest.raises(NotFoundError):
            board(session, actor, scene.district, scene.round)
        assert queries.reports_of_round(session, actor, scene.round) == []
        assert queries.next_waiting(session, actor, scene.round) is None
        assert queries.decided_report_or_none(session, actor, scene.round.id, report.id) is None
        today = date(2026, 12, 24)
        assert queries.reports_to_carry_over(session, actor, scene.round, on=today) == []


def test_a_round_of_another_district_is_not_there(session, scene):
    other = a_scene(session, "weimar")
    administrator = a_user(session, Grant(Role.ADMINISTRATOR)).as_actor()
    with pytest.raises(NotFoundError):
        board(session, administrator, scene.district, other.round)


def test_a_coordinator_sees_their_districts_and_an_administrator_all(session, scene):
    a_scene(session, "weimar")
    administrator = a_user(session, Grant(Role.ADMINISTRATOR)).as_actor()
    own = queries.coordinated_districts(session, scene.actor)
    everything = queries.coordinated_districts(session, administrator)
    assert [d.slug for d in own] == ["goerlitz"]
    assert [d.slug for d in everything] == ["goerlitz", "weimar"]


def test_a_question_belongs_to_its_report(session, scene):
    first = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    second = a_report(session, scene.round, a_provider(session, scene.district, name="Zweite"))
    asked = actions.ask_question(
        session,
        first,
        text="?",
        reported_course_id=None,
        attribute=None,
        actor=scene.actor,
        link="",
    )
    assert queries.reviewed_question(session, first, asked.id) is asked
    with pytest.raises(NoResultFound):
        queries.reviewed_question(session, second, asked.id)


# ---- what is different


def test_differences_put_every_row_in_exactly_one_place(session, scene):
    november = a_round(session, scene.course_list, NOVEMBER)
    before = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    same = a_course(session, before, title="gleich", seats_total=20)
    moved = a_course(session, before, title="anders", seats_free=3, internal_note="alt")
    gone = a_course(session, before, title="fort")
    stopped = a_course(session, before, title="beendet")
    an_edition(session, scene, same, moved, gone, stopped, month=NOVEMBER)
    now = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    now_same = a_course(
        session, now, course_id=same.course_id, title="gleich", seats_total=20, **confirmed()
    )
    now_moved = a_course(
        session,
        now,
        course_id=moved.course_id,
        title="anders",
        seats_free=8,
        internal_note="neu",
        position=1,
    )
    now_ended = a_course(
        session,
        now,
        course_id=stopped.course_id,
        title="beendet",
        status=CourseStatus.ENDED,
        position=2,
    )
    fresh = a_course(session, now, title="neu", position=3)
    base = baseline(session, scene.round, [scene.provider.id])
    found = differences(now.courses, base.of(scene.provider.id))
    assert (base.month, base.number) == (NOVEMBER, 1)
    assert (found.new, found.unchanged) == ((fresh,), (now_same,))
    assert [(c.course, c.fields) for c in found.changed] == [
        (
            now_moved,
            (
                FieldChange(attribute="seats_free", old=3, new=8),
                FieldChange(attribute="internal_note", old="alt", new="neu"),
            ),
        )
    ]
    assert sorted((e.title, e.course) for e in found.ended if e.course is None) == [("fort", None)]
    assert [e.course for e in found.ended if e.course is not None] == [now_ended]


def test_what_the_list_derived_is_no_change_of_the_provider(session, scene):
    """The edition wrote "läuft" and 5 free seats where nobody had typed either."""
    november = a_round(session, scene.course_list, NOVEMBER)
    before = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    printed = a_course(
        session,
        before,
        seats_total=20,
        seats_taken=15,
        seats_free=5,
        status=CourseStatus.RUNNING,
    )
    an_edition(session, scene, printed, month=NOVEMBER)
    now = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    row = a_course(session, now, course_id=printed.course_id, seats_total=20, seats_taken=15)
    base = baseline(session, scene.round, [scene.provider.id])
    found = differences(now.courses, base.of(scene.provider.id))
    assert (found.new, found.changed, found.ended, found.unchanged) == ((), (), (), (row,))


def test_a_course_that_came_and_ended_in_one_month_is_ended(session, scene):
    now = a_report(session, scene.round, scene.provider)
    row = a_course(session, now, status=CourseStatus.ENDED)
    found = differences(now.courses, ())
    assert (found.new, [e.course for e in found.ended]) == ((), [row])


def test_the_baseline_is_the_last_edition_before_the_month(session, scene):
    november = a_round(session, scene.course_list, NOVEMBER)
    before = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    row = a_course(session, before, seats_free=1)
    an_edition(session, scene, row, month=Month(2026, 10))
    an_edition(session, scene, row, month=NOVEMBER)
    row.seats_free = 2
    an_edition(session, scene, row, month=NOVEMBER, number=2)
    row.seats_free = 3
    an_edition(session, scene, row, month=DECEMBER)
    base = baseline(session, scene.round, [scene.provider.id])
    assert (base.month, base.number) == (NOVEMBER, 2)
    assert [entry["seats_free"] for entry in base.of(scene.provider.id)] == [2]


def test_without_an_edition_each_provider_is_compared_with_its_last_report(session, scene):
    other = a_provider(session, scene.district, name="Zweite")
    october = a_round(session, scene.course_list, Month(2026, 10))
    november = a_round(session, scene.course_list, NOVEMBER)
    old = a_report(session, october, scene.provider, ReportStatus.APPROVED)
    a_course(session, old, title="zu alt")
    theirs = a_report(session, october, other, ReportStatus.APPROVED)
    a_course(session, theirs, title="von der Zweiten")
    a_report(session, november, other, ReportStatus.OPEN)
    last = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    a_course(session, last, title="zuletzt")
    a_course(session, last, title="zu Ende", status=CourseStatus.ENDED)
    foreign = a_list(session, scene.district, slug="zweite-liste")
    strange = a_report(session, a_round(session, foreign, NOVEMBER), other)
    a_course(session, strange, title="andere Liste")
    base = baseline(session, scene.round, [scene.provider.id, other.id])
    assert (base.month, base.number) == (NOVEMBER, None)
    assert [row["title"] for row in base.of(scene.provider.id)] == ["zuletzt"]
    assert [row["title"] for row in base.of(other.id)] == ["von der Zweiten"]


@pytest.mark.parametrize("is_published", [True, False])
def test_what_the_list_derives_is_no_change(session, scene, is_published):
    november = a_round(session, scene.course_list, NOVEMBER)
    before = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    known = a_course(session, before, seats_total=16, seats_taken=10)
    now = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    row = a_course(session, now, course_id=known.course_id, seats_total=16, seats_taken=10)
    if is_published:
        known.seats_free, known.status = 6, CourseStatus.OPEN  # as an edition freezes it
        an_edition(session, scene, known, month=NOVEMBER)
    base = baseline(session, scene.round, [scene.provider.id])
    assert differences(now.courses, base.of(scene.provider.id)).unchanged == (row,)


def test_a_status_that_the_provider_states_is_compared(session, scene):
    november = a_round(session, scene.course_list, NOVEMBER)
    before = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    known = a_course(session, before, status=CourseStatus.OPEN)
    now = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    a_course(session, now, course_id=known.course_id, status=CourseStatus.FULL)
    base = baseline(session, scene.round, [scene.provider.id])
    found = differences(now.courses, base.of(scene.provider.id))
    assert [change.fields for change in found.changed] == [
        (FieldChange(attribute="status", old=CourseStatus.OPEN, new=CourseStatus.FULL),)
    ]


def test_a_first_month_has_nothing_to_compare_with(session, scene):
    base = baseline(session, scene.round, [scene.provider.id])
    assert (base.month, base.number, base.of(scene.provider.id)) == (None, None, ())


# ---- the board


def a_full_board(session, scene, providers):
    november = a_round(session, scene.course_list, NOVEMBER)
    for number in range(providers):
        provider = a_provider(session, scene.district, name=f"Träger {number}")
        before = a_report(session, november, provider, ReportStatus.APPROVED)
        known = a_course(session, before, seats_free=1)
        report = a_report(session, scene.round, provider, ReportStatus.SUBMITTED)
        a_course(session, report, course_id=known.course_id, seats_free=2, **confirmed())
        a_course(session, report, title="neu")
        asked = actions.ask_question(
            session,
            report,
            text="?",
            reported_course_id=None,
            attribute=None,
            actor=scene.actor,
            link="",
        )
        assert asked.id
    session.flush()


@pytest.mark.parametrize("providers", [1, 3])
def test_the_board_needs_six_statements_for_any_number_of_reports(session, scene, providers):
    a_full_board(session, scene, providers)
    actor, district, asked = scene.actor, scene.district, scene.round
    session.expunge_all()
    with Statements(session) as statements:
        found = board(session, actor, district, asked)
        seen = [(line.report.provider.name, line.numbers) for line in found.lines]
    one = Numbers(rows=2, new=1, changed=1, ended=0, unconfirmed=1, open_questions=1)
    assert seen == [(f"Träger {number}", one) for number in range(providers)]
    assert found.totals == Numbers(
        rows=2 * providers,
        new=providers,
        changed=providers,
        unconfirmed=providers,
        open_questions=providers,
    )
    assert statements.count == 6


def test_the_board_shows_first_what_waits_and_counts_every_state(session, scene):
    states = [
        ReportStatus.APPROVED,
        ReportStatus.OPEN,
        ReportStatus.DRAFT,
        ReportStatus.ASKED,
        ReportStatus.SUBMITTED,
        ReportStatus.SUBMITTED,
    ]
    for name, status in zip("ABCDEF", states, strict=True):
        a_report(session, scene.round, a_provider(session, scene.district, name=name), status)
    found = board(session, scene.actor, scene.district, scene.round)
    assert [line.report.provider.name for line in found.lines] == ["E", "F", "D", "C", "B", "A"]
    assert found.by_status == {
        ReportStatus.OPEN: 1,
        ReportStatus.DRAFT: 1,
        ReportStatus.SUBMITTED: 2,
        ReportStatus.ASKED: 1,
        ReportStatus.APPROVED: 1,
    }
    assert (found.totals, found.round) == (Numbers(), scene.round)


def test_a_report_that_nobody_began_does_not_end_its_courses(session, scene):
    november = a_round(session, scene.course_list, NOVEMBER)
    before = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    a_course(session, before)
    a_report(session, scene.round, scene.provider, ReportStatus.OPEN)
    found = board(session, scene.actor, scene.district, scene.round)
    assert found.totals == Numbers()


def lateness(session, scene, report):
    session.flush()
    found = board(session, scene.actor, scene.district, scene.round)
    return next(line.is_late for line in found.lines if line.report is report)


def test_the_deadline_day_counts_to_its_last_second_in_berlin(session, scene, frozen_clock):
    frozen_clock.move_to(datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC))
    in_time = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    missing = a_report(
        session, scene.round, a_provider(session, scene.district, name="Fehlt"), ReportStatus.OPEN
    )
    assert (lateness(session, scene, in_time), lateness(session, scene, missing)) == (False, False)
    frozen_clock.forward(seconds=1)
    late = a_report(
        session,
        scene.round,
        a_provider(session, scene.district, name="Spät"),
        ReportStatus.SUBMITTED,
    )
    assert [lateness(session, scene, report) for report in (in_time, missing, late)] == [
        False,
        True,
        True,
    ]


def test_what_was_carried_over_is_late_only_when_it_waits_again(session, scene, frozen_clock):
    report = a_report(session, scene.round, scene.provider)
    a_course(session, report)
    frozen_clock.move_to(datetime(2026, 12, 2, 9, tzinfo=UTC))
    actions.carry_over_report(session, report, actor=scene.actor, seen_version=report.version)
    assert not lateness(session, scene, report)
    actions.reopen_report(session, report, actor=scene.actor, seen_version=report.version)
    assert lateness(session, scene, report)


# ---- the next one


def test_the_next_waiting_report_follows_by_name_and_begins_anew_at_the_end(session, scene):
    waiting = [
        a_report(session, scene.round, a_provider(session, scene.district, name=name), status).id
        for name, status in [
            ("Alpha", ReportStatus.SUBMITTED),
            ("Beta", ReportStatus.ASKED),
            ("Gamma", ReportStatus.SUBMITTED),
        ]
    ]
    alpha, beta, gamma = waiting

    def following(after):
        return queries.next_waiting(session, scene.actor, scene.round, after_id=after)

    assert [following(None), following(alpha), following(beta), following(gamma)] == [
        alpha,
        gamma,
        gamma,
        alpha,
    ]
    assert following(999_999) == alpha


def test_nothing_waits_when_only_the_present_report_does(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    found = queries.next_waiting(session, scene.actor, scene.round, after_id=report.id)
    assert found is None


def test_only_an_approved_report_of_the_round_can_be_undone(session, scene):
    approved = a_report(session, scene.round, scene.provider, ReportStatus.APPROVED)
    waiting = a_report(
        session,
        scene.round,
        a_provider(session, scene.district, name="Zweite"),
        ReportStatus.SUBMITTED,
    )
    actor, key = scene.actor, scene.round.id
    assert queries.decided_report_or_none(session, actor, key, approved.id) is approved
    assert queries.decided_report_or_none(session, actor, key, waiting.id) is None
    assert queries.decided_report_or_none(session, actor, key + 1, approved.id) is None


# ---- the page of a report


@pytest.mark.parametrize("rows", [1, 3])
def test_a_report_and_its_page_need_a_constant_number_of_statements(session, scene, rows):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    for number in range(rows):
        row = a_course(session, report, title=f"Kurs {number}", position=number)
        actions.ask_question(
            session,
            report,
            text="?",
            reported_course_id=row.id,
            attribute="title",
            actor=scene.actor,
            link="",
        )
    codes, actor, key = load_codes(session), scene.actor, report.id
    session.flush()
    session.expunge_all()
    with Statements(session) as statements:
        found = queries.reviewed_report(session, actor, "goerlitz", DECEMBER, key)
        page = report_page(session, actor, found, codes)
        asked = [
            (q.reported_course.title, q.asked_by.name)
            for q in found.questions
            if q.reported_course is not None and q.asked_by is not None
        ]
        assert (found.provider.name, found.round.course_list.slug, found.district.slug) == (
            "VHS Neißebogen",
            "deutschkurse",
            "goerlitz",
        )
    assert asked == [(f"Kurs {number}", "Koordination goerlitz") for number in range(rows)]
    assert (page.open_questions, page.unconfirmed, len(page.differences.new)) == (rows, rows, rows)
    assert statements.count == 11


def test_a_question_about_the_whole_report_belongs_to_no_row(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    row = a_course(session, report)
    for key in (None, row.id):
        actions.ask_question(
            session,
            report,
            text="?",
            reported_course_id=key,
            attribute=None,
            actor=scene.actor,
            link="",
        )
    page = report_page(session, scene.actor, report, load_codes(session))
    assert page.questions == {row.id: [report.questions[1]]}


def test_the_page_says_what_looks_odd_and_what_may_be_done(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    odd = a_course(
        session,
        report,
        seats_free=61,
        seats_total=16,
        contact_phone="1",
        time_of_day=None,
        times_note="abends",
        **confirmed(),
    )
    over = a_course(session, report, status=CourseStatus.ENDED)
    page = report_page(session, scene.actor, report, load_codes(session))
    assert [found.notice for found in page.findings[odd.id]] == [Notice.FREE_ABOVE_TOTAL]
    assert over.id not in page.findings
    assert page.actions == {ReportAction.TAKE_BACK, ReportAction.ASK, ReportAction.APPROVE}
    assert (page.unconfirmed, page.is_late, page.next_waiting_id) == (0, False, None)


def test_two_histories_are_kept_apart(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    actions.ask_question(
        session,
        report,
        text="?",
        reported_course_id=None,
        attribute=None,
        actor=scene.actor,
        link="",
    )
    other = a_provider(session, scene.district, name="Zweite")
    for event, subject in [
        (JournalEvent.PROVIDER_CHANGED, scene.provider),
        (JournalEvent.PROVIDER_ADDED, scene.provider),
        (JournalEvent.PROVIDER_CHANGED, other),
    ]:
        journal.record(session, event, subject, actor=scene.actor, scope=Scope())
    session.flush()
    found = queries.history(session, report)
    assert [entry.event for entry in found.visible] == [JournalEvent.QUESTION_ASKED]
    assert [(e.event, e.subject_id) for e in found.internal] == [
        (JournalEvent.PROVIDER_CHANGED, str(scene.provider.id))
    ]


def test_the_last_entry_is_about_the_report_itself(session, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)
    assert queries.last_entry(session, report) is None
    actions.approve_report(session, report, actor=scene.actor, seen_version=report.version)
    session.flush()
    last = queries.last_entry(session, report)
    assert last is not None
    assert last.event is JournalEvent.REPORT_APPROVED


# ---- the month


def test_a_month_knows_its_neighbours_and_what_can_be_opened(session, scene):
    a_round(session, scene.course_list, Month(2026, 9))
    a_round(session, scene.course_list, NOVEMBER)
    taken = a_report(session, scene.round, scene.provider, origin=ReportOrigin.TAKEN_OVER)
    a_course(session, taken)
    newest = month_page(session, scene.actor, "goerlitz", None)
    assert newest.board is not None
    assert (newest.board.round, newest.earlier, newest.later) == (scene.round, NOVEMBER, None)
    assert (newest.openable, newest.days_left, newest.to_carry_over) == ([], 6, [taken])
    past = month_page(session, scene.actor, "goerlitz", NOVEMBER)
    assert past.board is not None
    assert (past.board.round.month, past.earlier, past.later) == (
        NOVEMBER,
        Month(2026, 9),
        DECEMBER,
    )


def test_the_months_after_the_newest_round_can_be_opened(session, frozen_clock):
    district = a_district(session)
    course_list = a_list(session, district)
    actor = a_coordinator(session, district).as_actor()
    empty = month_page(session, actor, "goerlitz", None)
    december = Openable(month=DECEMBER, opens_on=date(2026, 11, 20), due_on=date(2026, 11, 30))
    assert (empty.board, [possible.month for possible in empty.openable]) == (
        None,
        [NOVEMBER, DECEMBER],
    )
    a_round(session, course_list, NOVEMBER)
    assert month_page(session, actor, "goerlitz", None).openable == [december]


def test_a_month_that_was_never_asked_for_is_not_there(session, scene):
    with pytest.raises(NotFoundError):
        month_page(session, scene.actor, "goerlitz", Month(2027, 5))
    with pytest.raises(NotFoundError):
        month_page(session, a_scene(session, "weimar").actor, "goerlitz", None)
