"""Two providers become one: what moves, what stays, and who is told."""

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus
from kursliste.domain.events import JournalEvent
from kursliste.domain.hint import HintReason
from kursliste.domain.interim import Told
from kursliste.domain.merging import Meeting
from kursliste.domain.permissions import Actor
from kursliste.domain.report import ReportStatus
from kursliste.domain.round import RoundAction
from kursliste.infrastructure import clock
from kursliste.masterdata.house_queries import venues_of
from kursliste.models import (
    Contact,
    Course,
    CourseHandover,
    EditionEntry,
    FormerName,
    JournalEntry,
    OutgoingMail,
    ProviderNote,
    Question,
    ReaderHint,
    Reminder,
    Report,
    ReportedCourse,
    Venue,
)
from kursliste.reporting import interim_queries
from kursliste.reporting import queries as reporting_queries
from kursliste.reporting.actions import start_report
from kursliste.reporting.interim_actions import Telling, report_interim
from kursliste.review.comparison import baseline
from tests import builders
from tests.review.merging_scene import (
    LINK,
    Two,
    merge,
    plan,
    reported,
    reports,
    titles,
    two_providers,
)
from tests.review.scene import an_edition

NOVEMBER, JANUARY = Month(2026, 11), Month(2027, 1)


@pytest.fixture
def two(session) -> Two:
    return two_providers(session)


# ---- what moves


def test_the_old_provider_is_closed_and_points_to_the_survivor(session, two):
    earlier = builders.a_provider(session, two.scene.district, name="Ganz alt", is_active=False)
    earlier.merged_into_id = two.old.id

    merge(session, two)

    assert (two.old.is_active, two.old.merged_into_id) == (False, two.new.id)
    assert earlier.merged_into_id == two.new.id
    assert two.new.is_active


def test_its_names_become_names_of_the_survivor(session, two):
    session.add(FormerName(provider_id=two.old.id, name="VHS Neisse"))
    session.add(FormerName(provider_id=two.new.id, name="VHS Alt"))
    session.flush()

    merge(session, two)

    found = session.execute(select(FormerName.provider_id, FormerName.name)).all()
    assert sorted(map(tuple, found)) == [
        (two.new.id, "VHS Alt"), (two.new.id, "VHS Neisse"), (two.new.id, "VHS Neissebogen"),
    ]  # fmt: skip


def test_a_report_of_an_open_round_goes_along(session, two):
    old = reported(session, two.old, two.scene.round, ReportStatus.APPROVED, "A2 abends")
    own = reported(session, two.new, two.scene.round, ReportStatus.OPEN)
    own_id = own.id

    merge(session, two)

    assert reports(session, two.new) == [old.id]
    assert session.get(Report, own_id) is None
    assert (old.status, titles(session, old)) == (ReportStatus.APPROVED, ["A2 abends"])
    assert session.scalars(select(Course.provider_id)).all() == [two.new.id]


def test_a_report_moves_where_the_survivor_was_not_asked(session, two):
    old = reported(session, two.old, two.scene.round, ReportStatus.OPEN)

    merge(session, two)

    assert reports(session, two.new) == [old.id]


def test_a_draft_comes_into_the_survivors_report_with_all_that_is_about_it(session, two):
    old = reported(session, two.old, two.scene.round, ReportStatus.DRAFT, "B1", "B2")
    own = reported(session, two.new, two.scene.round, ReportStatus.DRAFT, "A1")
    row = old.courses[0]
    asked = Question(
        report_id=old.id, reported_course_id=row.id, text="Wann?", asked_at=clock.now()
    )
    session.add(asked)
    session.flush()

    merge(session, two)

    assert reports(session, two.new) == [own.id]
    assert reports(session, two.old) == []
    assert titles(session, own) == ["A1", "B1", "B2"]
    assert (asked.report_id, asked.reported_course_id) == (own.id, row.id)


def test_the_survivors_draft_comes_into_the_report_that_was_sent_once(session, two):
    old = reported(session, two.old, two.scene.round, ReportStatus.ASKED, "B1")
    reported(session, two.new, two.scene.round, ReportStatus.DRAFT, "A1")

    merge(session, two)

    assert reports(session, two.new) == [old.id]
    assert titles(session, old) == ["B1", "A1"]


@pytest.mark.parametrize("own", [ReportStatus.DRAFT, ReportStatus.APPROVED])
def test_what_was_approved_stays_for_its_month_and_goes_on_in_the_next(session, two, own):
    """Two providers of one house report for months before somebody sees it: nothing has to wait."""
    old = reported(session, two.old, two.scene.round, ReportStatus.APPROVED, "A2 abends")
    survivors = reported(session, two.new, two.scene.round, own, "B1")

    found = merge(session, two)

    assert [pair.meeting for pair in found.pairs] == [Meeting.STAYS]
    assert found.month == JANUARY
    assert (reports(session, two.old), titles(session, old)) == ([old.id], ["A2 abends"])
    assert titles(session, survivors) == ["B1"]
    january = builders.a_round(session, two.scene.course_list, JANUARY)
    after = reported(session, two.new, january, ReportStatus.OPEN)
    start_report(session, after, actor=two.scene.actor)
    session.flush()
    assert sorted(titles(session, after)) == ["A2 abends", "B1"]


def test_reports_of_closed_rounds_and_editions_stay_as_they_are(session, two):
    november = builders.a_round(session, two.scene.course_list, NOVEMBER)
    past = reported(session, two.old, november, ReportStatus.APPROVED, "A2 abends")
    an_edition(session, two.scene, *past.courses, month=NOVEMBER)
    november.move(RoundAction.CLOSE)
    session.flush()
    before = session.execute(select(EditionEntry.__table__)).all()

    merge(session, two)

    assert session.execute(select(EditionEntry.__table__)).all() == before
    assert before[0].provider_id == two.old.id
    assert reports(session, two.old) == [past.id]
    assert reports(session, two.new) == []


def test_the_next_report_of_the_survivor_begins_with_the_courses_of_both(session, two):
    november = builders.a_round(session, two.scene.course_list, NOVEMBER)
    reported(session, two.new, november, ReportStatus.APPROVED, "A1")
    old = reported(session, two.old, november, ReportStatus.APPROVED, "B1")
    builders.a_course(session, old, title="Vorbei", status=CourseStatus.ENDED)
    november.move(RoundAction.CLOSE)
    session.flush()
    december = reported(session, two.new, two.scene.round, ReportStatus.OPEN)

    merge(session, two)
    start_report(session, december, actor=two.scene.actor)
    assert titles(session, december) == ["A1", "B1"]

    januarys = builders.a_round(session, two.scene.course_list, JANUARY)
    january = reported(session, two.new, januarys, ReportStatus.OPEN)
    session.expire(december)
    december.courses[1].take({"status": CourseStatus.ENDED})
    session.flush()
    start_report(session, january, actor=two.scene.actor)
    assert titles(session, january) == ["A1"]  # what ended with the survivor does not come back


def test_the_comparison_knows_courses_that_came_along(session, two):
    november = builders.a_round(session, two.scene.course_list, NOVEMBER)
    past = reported(session, two.old, november, ReportStatus.APPROVED, "A2 abends")
    an_edition(session, two.scene, *past.courses, month=NOVEMBER)
    november.move(RoundAction.CLOSE)
    session.flush()
    assert baseline(session, two.scene.round, [two.new.id]).of(two.new.id) == ()

    merge(session, two)

    [row] = baseline(session, two.scene.round, [two.new.id]).of(two.new.id)
    assert row["title"] == "A2 abends"


def test_a_report_that_was_begun_is_offered_the_courses_it_lacks(session, two):
    november = builders.a_round(session, two.scene.course_list, NOVEMBER)
    reported(session, two.old, november, ReportStatus.APPROVED, "B1")
    november.move(RoundAction.CLOSE)
    reported(session, two.old, two.scene.round, ReportStatus.OPEN)
    own = reported(session, two.new, two.scene.round, ReportStatus.SUBMITTED, "A1")

    found = merge(session, two)

    assert [(pair.meeting, pair.misses_month) for pair in found.pairs] == [(Meeting.DROPPED, True)]
    late = reporting_queries.late_courses(own, reporting_queries.rows_before(session, own))
    assert [row.title for row in late] == ["B1"]


def test_venues_and_contacts_come_along_and_none_is_there_twice(session, two):
    same = {"name": "Haus A", "town": "Görlitz"}
    session.add_all(
        [
            Venue(provider_id=two.new.id, **same),
            Venue(provider_id=two.old.id, **same),
            Venue(provider_id=two.old.id, name="Haus B", town="Zittau"),
            Contact(provider_id=two.new.id, name="Ute Muster", email="u@x.example"),
            Contact(provider_id=two.old.id, name="Ute Muster", email="u@x.example", is_public=True),
            Contact(provider_id=two.old.id, name="Neu", is_public=False),
        ]
    )
    session.flush()
    old = reported(session, two.old, two.scene.round, ReportStatus.DRAFT, "B1")
    twice = session.scalars(select(Venue).where(Venue.provider_id == two.old.id)).first()
    person = session.scalars(select(Contact).where(Contact.is_public.is_(True))).one()
    old.courses[0].venue_id, old.courses[0].contact_id = twice.id, person.id
    session.flush()

    merge(session, two)

    assert [(v.name, v.provider_id) for v in venues_of(session, two.new)] == [
        ("Haus A", two.new.id), ("Haus B", two.new.id),
    ]  # fmt: skip
    contacts = session.scalars(select(Contact).order_by(Contact.id)).all()
    assert [(c.name, c.provider_id, c.is_public) for c in contacts] == [
        ("Ute Muster", two.new.id, True), ("Neu", two.new.id, False),
    ]  # fmt: skip
    row = session.scalars(select(ReportedCourse)).one()
    assert row.venue_id == venues_of(session, two.new)[0].id
    assert row.contact_id == contacts[0].id


def test_people_belong_to_the_survivor_and_everybody_gets_one_mail(session, two):
    both = builders.a_reporter(session, two.old, two.new, email="both@x.example")
    theirs = builders.a_reporter(session, two.old, email="old@x.example")
    builders.a_reporter(session, two.new, email="new@x.example")
    builders.a_reporter(session, two.old, email="gone@x.example", is_active=False)
    own = reported(session, two.new, two.scene.round, ReportStatus.DRAFT, "A1")

    merge(session, two)

    assert theirs.as_actor().provider_ids == {two.new.id}
    assert both.as_actor().provider_ids == {two.new.id}
    assert reporting_queries.own_report(session, theirs.as_actor(), own.id).id == own.id
    mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.to_address)).all()
    told = [mail.to_address.partition("@")[0] for mail in mails]
    assert told == ["both", "new", "old"]
    assert mails[0].subject == "VHS Neissebogen gehört jetzt zu VHS Neißebogen"
    assert LINK in mails[0].body


def test_notes_and_open_hints_come_along(session, two):
    old = reported(session, two.old, two.scene.round, ReportStatus.DRAFT, "B1")
    whose = {"provider_id": two.old.id, "district_id": two.scene.district.id}
    session.add(ProviderNote(text="Ruft an.", written_at=clock.now(), written_by="K", **whose))
    told = {"course_id": old.courses[0].course_id, "title": "B1", "given_at": clock.now()}
    reason = next(iter(HintReason))
    session.add(ReaderHint(reason=reason, **told, **whose))
    settled = {"settled_at": clock.now(), "settled_by": "Ute"}
    session.add(ReaderHint(reason=reason, **told, **settled, **whose))
    session.flush()
    found = plan(session, two)
    assert (found.notes, found.hints) == (1, 1)

    merge(session, two)

    assert session.scalars(select(ProviderNote.provider_id)).all() == [two.new.id]
    hints = session.scalars(select(ReaderHint.provider_id).order_by(ReaderHint.id)).all()
    assert hints == [two.new.id, two.old.id]


def test_the_survivor_works_in_the_districts_of_both(session, two):
    weimar = builders.a_district(session, "weimar")
    asked = builders.a_round(session, builders.a_list(session, weimar))
    session.expire(two.old)
    two.old.districts.append(weimar)
    session.flush()
    reported(session, two.old, asked, ReportStatus.DRAFT, "B1")

    merge(session, two, actor=Actor.system("Verwaltung"))

    session.expire(two.new)
    assert {district.slug for district in two.new.districts} == {"goerlitz", "weimar"}


def test_the_journal_tells_both_sides_in_every_district(session, two):
    reported(session, two.old, two.scene.round, ReportStatus.DRAFT, "B1")
    merge(session, two)

    query = select(JournalEntry).where(JournalEntry.subject_table == "provider")
    told = [
        (entry.event, entry.provider_id, entry.district_id, entry.details)
        for entry in session.scalars(query.order_by(JournalEntry.id))
    ]
    numbers = {
        "courses": 1, "reports": 1, "venues": 0, "contacts": 0, "people": 0, "month": "2026-12",
    }  # fmt: skip
    here = two.scene.district.id
    assert told == [
        (JournalEvent.PROVIDER_MERGED, two.old.id, here, {"provider": two.new.name, **numbers}),
        (JournalEvent.PROVIDER_JOINED, two.new.id, here, {"provider": two.old.name, **numbers}),
    ]
    [handed] = session.scalars(select(CourseHandover)).all()
    assert (handed.from_provider_id, handed.to_provider_id) == (two.old.id, two.new.id)


def test_reminders_of_a_report_that_goes_are_forgotten(session, two):
    blank = reported(session, two.old, two.scene.round, ReportStatus.OPEN)
    reported(session, two.new, two.scene.round, ReportStatus.DRAFT, "A1")
    session.add(
        Reminder(address="a@x.example", report_id=blank.id, step="opening", queued_at=clock.now())
    )
    session.flush()

    merge(session, two)

    assert session.scalars(select(Reminder.id)).all() == []


def test_the_survivor_tells_between_editions_about_courses_that_came_along(session, two):
    november = builders.a_round(session, two.scene.course_list, NOVEMBER)
    past = reported(session, two.old, november, ReportStatus.APPROVED, "A2 abends")
    an_edition(session, two.scene, *past.courses, month=NOVEMBER)
    november.move(RoundAction.CLOSE)
    reporter = builders.a_reporter(session, two.old)
    session.flush()

    merge(session, two)

    [found] = interim_queries.published_courses(session, reporter.as_actor())
    assert (found.provider_id, found.entry.provider_id) == (two.new.id, two.old.id)
    assert interim_queries.count_published(session, reporter.as_actor()) == 1
    told = {found.entry.course_id: Telling(Told(seats_free=3), None)}
    [update] = report_interim(session, two.new.id, told, actor=reporter.as_actor())
    assert (update.provider_id, update.seats_free) == (two.new.id, 3)
