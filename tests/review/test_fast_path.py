"""The fast path: what stands on it, approving it together, what is left, and the way back."""

from datetime import date

import pytest
from sqlalchemy import event

from kursliste.domain.calendar import Month
from kursliste.domain.correction import CorrectionAction, CorrectionStatus
from kursliste.domain.course import ConfirmedHow, CourseStatus
from kursliste.domain.errors import NotPermittedError
from kursliste.domain.fast_path import LookReason
from kursliste.domain.permissions import Actor
from kursliste.domain.plausibility import Notice
from kursliste.domain.question import QuestionAction, QuestionStatus
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.infrastructure import clock
from kursliste.models import ApprovedCourse, ApprovedVersion, Correction, Question
from kursliste.models.review import ReviewRules
from kursliste.review import actions, queries
from kursliste.review.board import board
from kursliste.review.comparison import baseline
from kursliste.review.fast_actions import approve_together, reopen_together
from kursliste.review.fast_path import fast_reports, judged
from kursliste.review.rules import EffectiveRules, rules_of
from tests.builders import a_course, a_provider, a_report, a_reporter, a_round, a_user
from tests.review.scene import Statements, a_scene, an_edition, journal_of
from tests.signing_in import sign_in

NOVEMBER = Month(2026, 11)
BOARD = "/pruefung/goerlitz"
FAST = f"{BOARD}/2026-12/schnell"
FINE = {
    "title": "A2 am Abend",
    "contact_phone": "03581 1",
    "times_note": "abends",
    "ends_on": date(2027, 6, 30),
}
CONFIRMED = {
    "confirmed_on": date(2026, 11, 23),
    "confirmed_how": ConfirmedHow.WEB,
    "confirmed_by": "Anna",
}


@pytest.fixture
def scene(session):
    return a_scene(session)


@pytest.fixture
def november(session, scene):
    return a_round(session, scene.course_list, NOVEMBER)


def a_pair(session, scene, november, provider=None, *, before=None, **now):
    """A provider's approved course of November, and the report about it that waits."""
    provider = provider or scene.provider
    old = a_report(session, november, provider, ReportStatus.APPROVED)
    known = a_course(session, old, **{**FINE, **(before or {})})
    report = a_report(session, scene.round, provider, ReportStatus.SUBMITTED)
    a_course(session, report, course_id=known.course_id, **{**FINE, **CONFIRMED, **now})
    return report


def reasons_of(session, scene, report):
    session.flush()
    reports = queries.reports_of_round(session, scene.actor, scene.round)
    before = baseline(session, scene.round, [one.provider_id for one in reports])
    found = judged(session, scene.actor, scene.round, reports, before)
    return next(one.reasons for one in found if one.report is report)


# ---- what stands on it


def test_an_unchanged_report_and_one_with_small_changes_need_no_look(session, scene, november):
    same = a_pair(session, scene, november)
    other = a_provider(session, scene.district, name="Zweite")
    moved = a_pair(session, scene, november, other, seats_taken=3, starts_on=date(2027, 1, 4))
    found = fast_reports(session, scene.actor, scene.round)
    assert [(one.report, one.is_unchanged) for one in found] == [(same, True), (moved, False)]


def test_another_change_needs_a_look_until_the_district_calls_it_small(session, scene, november):
    report = a_pair(session, scene, november, price_note="10 Euro")
    assert reasons_of(session, scene, report) == (LookReason.OTHER_CHANGE,)
    session.add(ReviewRules(district_id=scene.district.id, trivial_fields=("price_note",)))
    assert reasons_of(session, scene, report) == ()


def test_rules_of_a_district_are_its_own_or_the_shipped_ones(session, scene):
    assert "seats_taken" in rules_of(session, scene.district.id).trivial
    session.add(ReviewRules(district_id=scene.district.id, ignored_notices=("never_ends",)))
    session.flush()
    assert rules_of(session, scene.district.id) == EffectiveRules(
        trivial=frozenset(), ignored=frozenset({Notice.NEVER_ENDS})
    )


def test_a_new_course_and_a_new_provider_are_looked_at(session, scene, november):
    report = a_pair(session, scene, november)
    a_course(session, report, **FINE, **CONFIRMED)
    newcomer = a_report(
        session,
        scene.round,
        a_provider(session, scene.district, name="Neu hier"),
        ReportStatus.SUBMITTED,
        is_nil=True,
    )
    assert reasons_of(session, scene, report) == (LookReason.NEW_COURSE,)
    assert reasons_of(session, scene, newcomer) == (LookReason.NEW_PROVIDER,)


def test_who_stood_in_the_last_edition_or_was_approved_is_known(session, scene, november):
    """An earlier report that is not approved, or one on another list, makes nobody known."""
    listed = a_pair(session, scene, november)
    old = a_report(session, november, a_provider(session, scene.district, name="Nur dabei"))
    nil = a_report(session, scene.round, old.provider, ReportStatus.SUBMITTED, is_nil=True)
    assert reasons_of(session, scene, nil) == (LookReason.NEW_PROVIDER,)
    assert queries.providers_approved_before(session, scene.actor, scene.round) == {
        listed.provider_id
    }
    foreign = a_scene(session, "weimar")
    assert queries.providers_approved_before(session, foreign.actor, scene.round) == set()
    november_report = queries.reports_of_round(session, scene.actor, november)[1]
    an_edition(session, scene, november_report.courses[0], month=NOVEMBER)
    november_report.move(ReportAction.REOPEN, by_id=None, at=clock.now())
    session.flush()
    assert queries.providers_approved_before(session, scene.actor, scene.round) == set()
    assert reasons_of(session, scene, listed) == ()


def test_an_ended_course_is_small_only_after_its_own_end(session, scene, november):
    over = a_pair(
        session, scene, november, before={"ends_on": date(2026, 11, 20)}, status=CourseStatus.ENDED
    )
    other = a_provider(session, scene.district, name="Zweite")
    early = a_pair(session, scene, november, other, status=CourseStatus.ENDED)
    never_listed = a_pair(
        session, scene, november, a_provider(session, scene.district, name="Dritte")
    )
    a_course(session, never_listed, **{**FINE, "status": CourseStatus.ENDED})
    assert reasons_of(session, scene, over) == ()
    assert reasons_of(session, scene, early) == (LookReason.ENDED_EARLY,)
    assert reasons_of(session, scene, never_listed) == (LookReason.ENDED_EARLY,)


def test_unconfirmed_and_odd_rows_are_looked_at(session, scene, november):
    report = a_pair(session, scene, november, contact_phone=None, confirmed_on=date(2026, 11, 1))
    assert reasons_of(session, scene, report) == (
        LookReason.OTHER_CHANGE,
        LookReason.UNCONFIRMED,
        LookReason.ODD,
    )


def test_a_question_or_an_objection_is_looked_at_until_it_is_settled(session, scene, november):
    report = a_pair(session, scene, november)
    question = Question(report_id=report.id, text="?", asked_at=clock.now())
    correction = Correction(
        report_id=report.id,
        reported_course_id=report.courses[0].id,
        attribute="title",
        made_at=clock.now(),
        objection="Nein",
        status=CorrectionStatus.OPEN,
    )
    correction.move(CorrectionAction.OBJECT, by_id=None, at=clock.now())
    session.add_all([question, correction])
    session.flush()
    session.expire(report)
    both = (LookReason.QUESTION, LookReason.OBJECTION)
    assert reasons_of(session, scene, report) == both
    question.answer = "Ja"
    question.move(QuestionAction.ANSWER, at=clock.now())
    assert reasons_of(session, scene, report) == both
    question.move(QuestionAction.CLOSE, at=clock.now())
    correction.move(CorrectionAction.SETTLE, by_id=None, at=clock.now())
    assert reasons_of(session, scene, report) == ()


def test_a_change_after_the_approval_is_compared_with_what_was_approved(session, scene, november):
    report = a_pair(session, scene, november, title="Neuer Titel", seats_taken=5)
    facts = report.courses[0].facts() | {"seats_taken": 3}
    report.approved_version = ApprovedVersion(
        is_nil=False,
        decided_at=clock.now(),
        decided_by_id=scene.coordinator.id,
        kept_at=clock.now(),
        courses=[ApprovedCourse(course_id=report.courses[0].course_id, position=1, **facts)],
    )
    session.flush()
    [one] = fast_reports(session, scene.actor, scene.round)
    assert one.differences.attributes == {"seats_taken"}


def test_the_board_marks_the_fast_path_and_adds_up(session, scene, november):
    a_pair(session, scene, november)
    states = [
        ReportStatus.SUBMITTED,
        ReportStatus.ASKED,
        ReportStatus.ASKED,
        ReportStatus.DRAFT,
        ReportStatus.OPEN,
        ReportStatus.APPROVED,
    ]
    made = [
        a_report(session, scene.round, a_provider(session, scene.district, name=name), state)
        for name, state in zip("ABCDEF", states, strict=True)
    ]
    for report, is_answered in ((made[1], False), (made[2], True)):
        question = Question(
            report_id=report.id, text="?", asked_at=clock.now(), status=QuestionStatus.OPEN
        )
        if is_answered:
            question.move(QuestionAction.ANSWER, at=clock.now())
        session.add(question)
    revised = a_report(
        session, scene.round, a_provider(session, scene.district, name="G"), ReportStatus.DRAFT
    )
    revised.approved_version = ApprovedVersion(
        is_nil=True, decided_at=clock.now(), decided_by_id=scene.coordinator.id,
        kept_at=clock.now(),
    )  # fmt: skip
    session.flush()
    for report in made:
        session.expire(report)
    found = board(session, scene.actor, scene.district, scene.round)
    assert [line.report.provider.name for line in found.lines] == [
        "A", "VHS Neißebogen", "C", "B", "D", "G", "E", "F",
    ]  # fmt: skip
    assert (found.fast, found.answered, found.late) == (1, 1, 0)
    assert (found.for_you, found.for_providers, found.decided) == (2, 4, 2)
    assert sum(found.by_status.values()) == len(found.lines) == 8
    assert [line.report.provider.name for line in found.lines if line.is_answered] == ["C"]


@pytest.mark.parametrize("providers", [1, 3])
def test_the_fast_path_needs_a_constant_number_of_statements(session, scene, november, providers):
    for number in range(providers):
        name = f"Träger {number}"
        a_pair(
            session, scene, november, a_provider(session, scene.district, name=name), seats_taken=1
        )
    rows = [
        row for one in queries.reports_of_round(session, scene.actor, november)
        for row in one.courses
    ]  # fmt: skip
    an_edition(session, scene, *rows, month=NOVEMBER)
    actor, district, asked = scene.actor, scene.district, scene.round
    session.expunge_all()
    with Statements(session) as statements:
        found = fast_reports(session, actor, asked)
        assert [one.report.provider.name for one in found] == [
            f"Träger {number}" for number in range(providers)
        ]
    assert statements.count == 12
    session.expunge_all()
    with Statements(session) as statements:
        assert board(session, actor, district, asked).fast == providers
    assert statements.count == 12


# ---- approving together


def test_approving_together_leaves_what_changed_and_says_why(session, scene, november):
    names = ["Alpha", "Beta", "Gamma", "Delta"]
    fine, moved, odd, unseen = [
        a_pair(session, scene, november, a_provider(session, scene.district, name=name))
        for name in names
    ]
    seen = {report.id: report.version for report in (fine, moved, odd)}
    for action in (ReportAction.TAKE_BACK, ReportAction.SUBMIT):
        moved.move(action, by_id=None, at=clock.now())
        session.flush()
    odd.courses[0].take({"contact_phone": None})
    foreign = a_scene(session, "weimar")
    elsewhere = a_report(session, foreign.round, foreign.provider, ReportStatus.SUBMITTED)
    seen[elsewhere.id] = elsewhere.version
    together = approve_together(session, scene.round, actor=scene.actor, seen=seen)
    session.flush()
    assert together.done == [fine]
    assert together.left == [(moved, LookReason.MOVED_ON), (odd, LookReason.OTHER_CHANGE)]
    states = [report.status for report in (fine, moved, odd, unseen, elsewhere)]
    assert states == [ReportStatus.APPROVED, *[ReportStatus.SUBMITTED] * 4]
    assert journal_of(session) == [
        ("report:approved", "report", str(fine.id), {"status": ["submitted", "approved"]})
    ]


def test_a_report_that_moves_on_in_this_very_second_stays_as_it_is(
    session, database, scene, november
):
    """Somebody is faster between the judgement and the lock: at the savepoint, to be exact."""
    report = a_pair(session, scene, november)
    session.flush()
    seen = {report.id: report.version}

    def be_faster(connection, _cursor, statement, *_more):
        if statement.startswith("SAVEPOINT"):
            connection.exec_driver_sql("UPDATE report SET version = version + 1")

    event.listen(database.engine, "before_cursor_execute", be_faster)
    together = approve_together(session, scene.round, actor=scene.actor, seen=seen)
    assert (together.done, together.left) == ([], [(report, LookReason.MOVED_ON)])
    session.refresh(report)
    assert report.status is ReportStatus.SUBMITTED
    assert journal_of(session) == []


def test_all_of_it_can_be_taken_back_but_not_what_went_on(session, scene, november):
    reports = [
        a_pair(session, scene, november, a_provider(session, scene.district, name=name))
        for name in ("Alpha", "Beta", "Gamma")
    ]
    seen = {report.id: report.version for report in reports}
    done = approve_together(session, scene.round, actor=scene.actor, seen=seen).done
    versions = {report.id: report.version for report in done}
    alpha, beta, gamma = reports
    actions.reopen_report(session, beta, actor=scene.actor, seen_version=beta.version)
    session.flush()
    waiting = a_report(
        session, scene.round, a_provider(session, scene.district, name="Nie"), ReportStatus.OPEN
    )
    versions[waiting.id] = waiting.version
    back = reopen_together(session, scene.round, actor=scene.actor, seen=versions)
    assert back.done == [alpha, gamma]
    assert back.left == [(beta, LookReason.MOVED_ON), (waiting, LookReason.MOVED_ON)]
    assert [report.status for report in reports] == [ReportStatus.SUBMITTED] * 3


def test_only_who_reviews_the_district_decides_together(session, scene, november):
    report = a_pair(session, scene, november)
    foreign = a_scene(session, "weimar")
    reporter = a_reporter(session, scene.provider)
    for actor in (foreign.actor, reporter.as_actor(), a_user(session).as_actor(),
                  Actor.anonymous()):  # fmt: skip
        for verb in (approve_together, reopen_together):
            with pytest.raises(NotPermittedError):
                verb(session, scene.round, actor=actor, seen={report.id: report.version})
        assert queries.reports_named(session, actor, scene.round, [report.id]) == []
    assert journal_of(session) == []


# ---- the pages


@pytest.fixture
def signed_in(session, client, scene):
    sign_in(client, session, scene.coordinator)
    return client


def test_from_the_board_over_the_list_to_the_next_report_and_back(
    session, signed_in, scene, november
):
    client = signed_in
    same = a_pair(session, scene, november)
    other = a_provider(session, scene.district, name="Zweite")
    moved = a_pair(session, scene, november, other, before={"seats_taken": 3}, seats_taken=5)
    third = a_provider(session, scene.district, name="Dritte")
    waits = a_pair(session, scene, november, third, title="Anders")
    client.get(BOARD)
    links = client.page.texts("main .button-row a")
    assert links[:2] == ["Schnell freigeben (2)", "Nächste prüfen (3)"]
    assert [row[1] for row in client.page.rows()[1:]] == [
        "eingereicht",
        "eingereicht unverändert",
        "eingereicht nur Kleines geändert",
    ]
    client.get(FAST)
    assert client.page.heading() == "Schnell freigeben"
    assert [row[:3] for row in client.page.rows()[1:]] == [
        ["VHS Neißebogen", "1 Kurs", "unverändert"],
        ["Zweite", "1 Kurs", "A2 am Abend: belegt 3 → jetzt 5"],
    ]
    assert client.page.texts("main button") == ["2 Meldungen freigeben"]
    client.submit("main form")
    client.follow()
    assert client.page.heading() == "Dritte: Meldung für Dezember 2026"
    assert "2 Meldungen sind freigegeben" in client.page.text()
    client.submit(f"form[action={FAST}/rueckgaengig]")
    client.follow()
    assert "2 Meldungen warten wieder." in client.page.text()
    session.expire_all()
    assert {r.status for r in (same, moved, waits)} == {ReportStatus.SUBMITTED}


def test_what_is_left_is_named_with_its_reason(session, signed_in, scene, november):
    client = signed_in
    fine = a_pair(session, scene, november)
    other = a_pair(session, scene, november, a_provider(session, scene.district, name="Zweite"))
    client.get(FAST)
    other.courses[0].take({"title": "Ganz anders"})
    both = [f"{report.id}.{report.version}" for report in (fine, other)]
    client.submit("main form", report=both)
    client.follow()
    assert client.page.heading() == "Zweite: Meldung für Dezember 2026"
    assert "1 Meldung ist freigegeben" in client.page.text()
    assert "1 Meldung ist nicht freigegeben Zweite: mehr als Kleines geändert" in (
        client.page.text()
    )
    actions.reopen_report(session, fine, actor=scene.actor, seen_version=fine.version)
    client.submit(f"form[action={FAST}/rueckgaengig]")
    client.follow()
    assert "0 Meldungen warten wieder." in client.page.text()
    assert (
        "Nicht wieder geöffnet, weil sich inzwischen etwas geändert hat: VHS Neißebogen"
        in client.page.text()
    )


def test_the_last_ones_lead_to_the_board(session, signed_in, scene, november):
    report = a_pair(session, scene, november)
    signed_in.get(FAST)
    signed_in.submit("main form")
    signed_in.follow()
    assert signed_in.page.heading().startswith("Prüfung Dezember 2026")
    assert "1 Meldung ist freigegeben VHS Neißebogen Rückgängig machen" in signed_in.page.text()
    [lead] = signed_in.page.texts("p.lead")
    assert lead == (
        "Noch 6 Tage bis zum Meldeschluss. Die Meldung ist entschieden. Sie können die Liste "
        "veröffentlichen."
    )
    signed_in.submit(f"form[action={FAST}/rueckgaengig]")
    signed_in.follow()
    assert "1 Meldung wartet wieder auf Sie." in signed_in.page.text()
    session.refresh(report)
    assert report.status is ReportStatus.SUBMITTED


def test_nothing_ticked_is_told_and_changes_nothing(session, signed_in, scene, november):
    report = a_pair(session, scene, november)
    signed_in.get(FAST)
    signed_in.submit("main form", 422, report=None)
    assert "Keine Meldung ist ausgewählt." in signed_in.page.text()
    for nonsense in ("x.1", "1", "1.x", ""):
        signed_in.submit("main form", 422, report=nonsense)
    session.refresh(report)
    assert report.status is ReportStatus.SUBMITTED


def test_an_empty_fast_path_says_so(signed_in, scene):
    signed_in.get(FAST)
    assert "Gerade gibt es keine Meldung, in der nur Kleines anders ist." in signed_in.page.text()


def test_an_address_made_up_tells_of_nothing(session, signed_in, scene, november):
    report = a_pair(session, scene, november)
    other = a_scene(session, "weimar")
    foreign = a_report(session, other.round, other.provider, ReportStatus.APPROVED)
    told = f"?freigegeben={foreign.id}.{foreign.version}-{report.id}.{report.version}-x"
    signed_in.get(f"{BOARD}{told}&geblieben={foreign.id}.odd-{report.id}.nonsense")
    assert "freigegeben" not in signed_in.page.text()


def test_others_have_no_fast_path(session, client, scene, november):
    report = a_pair(session, scene, november)
    foreign = a_scene(session, "weimar")
    sign_in(client, session, foreign.coordinator)
    client.get("/pruefung/weimar")
    pair = {"csrf_token": client.page.csrf_token(), "report": f"{report.id}.{report.version}"}
    client.get(FAST, 404)
    client.post(FAST, pair, 404)
    client.post(f"{FAST}/rueckgaengig", pair, 404)
    client.post("/pruefung/weimar/2026-12/schnell", pair)
    sign_in(client, session, a_reporter(session, scene.provider))
    client.get(FAST, 403)
    session.refresh(report)
    assert report.status is ReportStatus.SUBMITTED


def test_asking_leads_on_to_the_next_report_that_waits(session, signed_in, scene, november):
    odd = a_pair(session, scene, november, price_note="10 Euro")
    waits = a_pair(session, scene, november, a_provider(session, scene.district, name="Zweite"))
    signed_in.get(f"{BOARD}/2026-12/{odd.id}/rueckfragen")
    signed_in.submit("main form", **{"f0-text": "Wirklich 10 Euro?"})
    assert signed_in.response.location == f"{BOARD}/2026-12/{waits.id}"
    signed_in.follow()
    assert "Ihre Rückfrage an VHS Neißebogen ist gespeichert." in signed_in.page.text()


def test_the_board_says_that_all_is_answered(session, signed_in, scene):
    report = a_report(session, scene.round, scene.provider, ReportStatus.ASKED)
    question = Question(
        report_id=report.id, text="?", asked_at=clock.now(), status=QuestionStatus.OPEN
    )
    question.move(QuestionAction.ANSWER, at=clock.now())
    session.add(question)
    signed_in.get(BOARD)
    assert "1 beantwortet" in signed_in.page.text()
    assert signed_in.page.rows()[1][1] == "Rückfrage beantwortet noch nicht wieder eingereicht"
