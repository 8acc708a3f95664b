"""What looks odd in a round: beside last month, beside the other rows, by the district's rules."""

from datetime import date, time

import pytest

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus
from kursliste.domain.plausibility import Notice
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import clock
from kursliste.infrastructure.codes import load_codes
from kursliste.models.outbox import MailStatus, OutgoingMail
from kursliste.models.report import Report, Round
from kursliste.models.review import ReviewRules
from kursliste.review.comparison import Baseline, baseline
from kursliste.review.oddities import oddities
from kursliste.review.rules import EffectiveRules
from kursliste.web.notice_words import notice
from tests.builders import a_course, a_district, a_list, a_provider, a_report, a_round
from tests.review.scene import Statements, a_scene, an_edition

NOVEMBER = Month(2026, 11)
START = date(2027, 1, 11)
QUIET = {
    "starts_on": START,
    "ends_on": date(2027, 9, 1),
    "time_from": time(9),
    "contact_phone": "03581 1",
    "seats_total": 16,
    "postcode": "02826",
    "street": "Lange Straße 4",
    "weekdays": ("Mo",),
}


@pytest.fixture
def scene(session):
    return a_scene(session)


@pytest.fixture
def report(session, scene):
    return a_report(session, scene.round, scene.provider, ReportStatus.SUBMITTED)


def a_row(session, report, **more):
    return a_course(session, report, **{**QUIET, **more})


def notices(session, scene, *rows, **more):
    found = oddities(session, scene.round, rows, load_codes(session), **more)
    return [[finding.notice for finding in found[row.id]] for row in rows]


def test_a_usual_row_is_quiet(session, scene, report):
    assert notices(session, scene, a_row(session, report)) == [[]]


def test_a_jump_is_told_beside_the_last_edition(session, scene, report):
    row = a_row(session, report)
    an_edition(session, scene, row, month=NOVEMBER)
    row.seats_total = 61
    session.flush()

    found = oddities(session, scene.round, [row], load_codes(session))[row.id]

    assert [(f.notice, f.attribute, f.facts) for f in found] == [
        (Notice.SEATS_JUMP, "seats_total", {"old": 16, "new": 61}),
        (Notice.SEATS_ABOVE_USUAL, "seats_total", {"total": 61, "usual": 25}),
    ]


def test_what_was_published_just_so_is_told_no_more(session, scene, report):
    row = a_row(session, report, units_per_week=20, time_until=time(10, 30))
    assert notices(session, scene, row) == [[Notice.UNITS_UNLIKE_TIMES]]

    an_edition(session, scene, row, month=NOVEMBER)
    assert notices(session, scene, row) == [[]]

    row.units_per_week = 25
    session.flush()
    assert Notice.UNITS_UNLIKE_TIMES in notices(session, scene, row)[0]


def test_what_was_only_reported_is_told_again(session, scene, report):
    november = a_round(session, scene.course_list, NOVEMBER)
    before = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    known = a_row(session, before, time_from=None)
    row = a_row(session, report, course_id=known.course_id, time_from=None)

    assert notices(session, scene, row) == [[Notice.TIMES_MISSING]]


def test_without_an_edition_the_last_report_counts(session, scene, report):
    november = a_round(session, scene.course_list, NOVEMBER)
    before = a_report(session, november, scene.provider, ReportStatus.APPROVED)
    known = a_row(session, before, seats_total=5)
    row = a_row(session, report, course_id=known.course_id, seats_total=20)

    assert notices(session, scene, row) == [[Notice.SEATS_JUMP]]


def test_a_baseline_that_is_passed_on_is_used(session, scene, report):
    row = a_row(session, report)
    known = Baseline(
        month=None,
        number=None,
        rows={scene.provider.id: [{"course_id": row.course_id, "seats_total": 61}]},
    )

    assert notices(session, scene, row, before=known) == [[Notice.SEATS_JUMP]]


def test_the_same_course_twice_in_a_report_is_told_at_both_rows(session, scene, report):
    one = a_row(session, report, title="Allgemeiner Integrationskurs vormittags")
    other = a_row(session, report, title="Integrationskurs (allgemeiner), vormittags")

    assert notices(session, scene, one, other) == [[Notice.TWICE_IN_REPORT]] * 2


def test_another_title_is_another_course(session, scene, report):
    one = a_row(session, report, title="Allgemeiner Integrationskurs")
    other = a_row(session, report, title="Integrationskurs für Eltern")

    assert notices(session, scene, one, other) == [[], []]


def test_two_providers_with_one_course_are_named(session, scene, report):
    other = a_provider(session, scene.district, name="Bildungswerk")
    theirs = a_report(session, scene.round, other, ReportStatus.SUBMITTED)
    a_row(session, theirs, title="IK 14")
    row = a_row(session, report)

    found = oddities(session, scene.round, [row], load_codes(session))[row.id]

    assert [(f.notice, f.facts) for f in found] == [
        (
            Notice.TWICE_IN_DISTRICT,
            {"title": "IK 14", "start": START, "provider": "Bildungswerk"},
        )
    ]


@pytest.mark.parametrize("status", [CourseStatus.ENDED, CourseStatus.CANCELLED])
def test_a_course_that_is_over_is_no_duplicate_and_is_not_looked_at(session, scene, report, status):
    one = a_row(session, report)
    other = a_row(session, report, status=status, time_from=None)

    assert notices(session, scene, one, other) == [[], []]


def test_rows_of_another_district_are_no_duplicates(session, scene, report):
    weimar = a_district(session, "weimar")
    provider = a_provider(session, weimar, name="Bildungswerk Weimar")
    foreign = a_report(session, a_round(session, a_list(session, weimar)), provider)
    a_row(session, foreign)

    assert notices(session, scene, a_row(session, report)) == [[]]


def test_a_postcode_that_no_neighbour_shares(session, scene, report):
    for number in range(3):
        other = a_provider(session, scene.district, name=f"Träger {number}")
        theirs = a_report(session, scene.round, other)
        a_row(session, theirs, starts_on=None, street="Am Markt 1")
    far, near = a_row(session, report, postcode="20826"), a_row(session, report, title="Mit")

    found = oddities(session, scene.round, [far, near], load_codes(session))

    assert [(f.notice, f.facts) for f in found[far.id]] == [
        (Notice.FAR_FROM_THE_OTHERS, {"postcode": "20826", "region": "20"})
    ]
    assert found[near.id] == ()


def test_an_address_that_refused_its_last_mail(session, scene, report):
    row = a_row(session, report, contact_email="Kurse@example.org")
    other = a_row(session, report, title="Konversation", contact_email="info@example.org")
    session.add(
        OutgoingMail(
            to_address="kurse@example.org",
            subject="Bitte melden",
            body="…",
            queued_at=clock.now(),
            due_at=clock.now(),
            state=MailStatus.FAILED,
            last_error="550",
        )
    )
    session.flush()

    assert notices(session, scene, row, other) == [[Notice.MAIL_REFUSED], []]


def test_what_to_ask_stands_before_what_to_look_at(session, scene, report):
    row = a_row(session, report, time_from=None, ends_on=None, seats_free=61)

    assert notices(session, scene, row) == [
        [Notice.FREE_ABOVE_TOTAL, Notice.NEVER_ENDS, Notice.TIMES_MISSING]
    ]


@pytest.mark.parametrize("reach", [{"phone": "03581 2"}, {"email": "vhs@example.org"}])
def test_who_finds_the_provider_in_the_list_can_call_somebody(session, scene, report, reach):
    other = a_provider(session, scene.district, name="Bildungswerk", **reach)
    theirs = a_report(session, scene.round, other)
    row = a_row(session, theirs, contact_phone=None, street=None)

    mute = a_row(session, report, contact_phone=None)

    assert notices(session, scene, row, mute) == [[], [Notice.NOBODY_TO_CALL]]


def test_who_can_be_called_nowhere_is_told_once(session, scene, report):
    """One number mends all rows of a provider; twenty times the same sentence hides the others."""
    rows = [a_row(session, report, title=f"Kurs {n}", contact_phone=None) for n in range(3)]
    over = a_row(session, report, contact_phone=None, status=CourseStatus.ENDED)

    found = oddities(session, scene.round, [over, *rows], load_codes(session))
    [first] = found[rows[0].id]
    assert notice(first) == (
        "Es fehlt eine Telefonnummer oder E-Mail-Adresse für Fragen. "
        "Das gilt für 3 Kurse dieser Meldung."
    )
    assert [found[row.id] for row in (over, *rows[1:])] == [(), (), ()]

    [alone] = oddities(session, scene.round, rows[2:], load_codes(session))[rows[2].id]
    assert notice(alone) == "Es fehlt eine Telefonnummer oder E-Mail-Adresse für Fragen."


def test_nobody_to_call_can_be_ignored_too(session, scene, report):
    row = a_row(session, report, contact_phone=None)
    rules = EffectiveRules(ignored=frozenset({Notice.NOBODY_TO_CALL}))

    assert notices(session, scene, row, rules=rules) == [[]]


def test_a_district_does_not_see_what_it_ignores(session, scene, report):
    row = a_row(session, report, time_from=None, ends_on=None)
    session.add(ReviewRules(district_id=scene.district.id, ignored_notices=[Notice.TIMES_MISSING]))
    session.flush()

    assert notices(session, scene, row) == [[Notice.NEVER_ENDS]]


def test_rules_that_are_passed_on_are_used(session, scene, report):
    row = a_row(session, report, time_from=None, ends_on=None)
    rules = EffectiveRules(ignored=frozenset({Notice.NEVER_ENDS}))

    assert notices(session, scene, row, rules=rules) == [[Notice.TIMES_MISSING]]


def test_no_rows_have_nothing_odd(session, scene):
    assert oddities(session, scene.round, [], load_codes(session)) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_all_reports_of_a_round_need_a_constant_number_of_statements(session, scene, count):
    for number in range(count):
        provider = a_provider(session, scene.district, name=f"Träger {number}")
        theirs = a_report(session, scene.round, provider, ReportStatus.SUBMITTED)
        for place in range(count):
            a_row(session, theirs, contact_email=f"k{number}{place}@example.org")
        a_row(session, theirs, contact_phone=None)
    codes, key = load_codes(session), scene.round.id
    session.expunge_all()
    asked = session.get_one(Round, key)
    reports = session.query(Report).filter_by(round_id=key).order_by(Report.id).all()
    rows = [row for report in reports for row in report.courses]
    known = baseline(session, asked, [report.provider_id for report in reports])

    with Statements(session) as alone:
        found = oddities(session, asked, rows, codes)
    with Statements(session) as helped:
        oddities(session, asked, rows, codes, before=known, rules=EffectiveRules())

    assert len(found) == count * (count + 1)
    assert (alone.count, helped.count) == (7, 4)
