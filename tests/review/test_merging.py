"""Two providers become one: what moves, what stays, and who is told."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from kursliste.domain.calendar import Month
from kursliste.domain.course import CourseStatus
from kursliste.domain.errors import (
    ConflictError,
    NotFoundError,
    NotPermittedError,
    Rule,
    RuleViolationError,
)
from kursliste.domain.events import JournalEvent
from kursliste.domain.hint import HintReason
from kursliste.domain.interim import Told
from kursliste.domain.merging import Meeting, Obstacle
from kursliste.domain.permissions import Actor, Grant, Role
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.domain.round import RoundAction
from kursliste.infrastructure import clock
from kursliste.infrastructure.database import transaction
from kursliste.masterdata import actions as masterdata
from kursliste.masterdata.house_queries import venues_of
from kursliste.masterdata.linking import lock_house
from kursliste.masterdata.member_actions import invite_member
from kursliste.models import (
    Contact,
    Course,
    CourseHandover,
    EditionEntry,
    FormerName,
    JournalEntry,
    OutgoingMail,
    Provider,
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
from kursliste.reporting.actions import start_report, submit_report
from kursliste.reporting.interim_actions import Telling, report_interim
from kursliste.review.comparison import baseline
from kursliste.review.merging import merge_plan, partner, partners
from kursliste.review.merging_actions import merge_providers
from tests import builders
from tests.review.scene import Scene, a_scene, an_edition

LINK = "https://kurse.example/meldungen"
NOVEMBER, JANUARY = Month(2026, 11), Month(2027, 1)


@dataclass
class Two:
    """The scene's provider goes on, ``old`` will be a part of it."""

    scene: Scene
    old: Provider

    @property
    def new(self) -> Provider:
        return self.scene.provider


@pytest.fixture
def two(session) -> Two:
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

    keys = {row.title: row.course_id for row in reporting_queries.rows_before(session, december)}
    rows = baseline(session, two.scene.round, [two.new.id]).rows
    assert set(keys) == {"A1", "B1"}
    assert rows == baseline(session, two.scene.round, [two.new.id]).rows

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
    [row] = baseline(session, november, [two.old.id]).of(two.old.id) or [{"title": "nichts davor"}]
    assert row["title"] == "nichts davor"


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


# ---- what stands in the way


def test_two_reports_of_one_month_that_were_sent_stand_in_the_way(session, two):
    reported(session, two.old, two.scene.round, ReportStatus.SUBMITTED, "B1")
    reported(session, two.new, two.scene.round, ReportStatus.APPROVED, "A1")
    assert plan(session, two).obstacles == [Obstacle.BOTH_REPORTED]

    with pytest.raises(RuleViolationError) as refused:
        merge(session, two)
    assert refused.value.rule is Rule.MERGE_BLOCKED
    assert two.old.is_active

    two.scene.round.move(RoundAction.CLOSE)
    session.flush()
    merge(session, two)  # what the page advises: close the round first
    assert not two.old.is_active


def test_a_plan_that_moved_meanwhile_is_not_done(session, two):
    old = reported(session, two.old, two.scene.round, ReportStatus.DRAFT, "B1")
    seen = plan(session, two).seal
    old.move(ReportAction.SUBMIT, by_id=None, at=clock.now())
    session.flush()

    with pytest.raises(ConflictError):
        merge(session, two, seal=seen)
    assert two.old.is_active
    merge(session, two)


def test_nobody_is_merged_twice(session, two):
    merge(session, two)
    seal = plan(session, two).seal
    with pytest.raises(RuleViolationError) as refused:
        merge(session, two, seal=seal)
    assert refused.value.facts == {"obstacles": ["closed"]}


def test_nothing_new_comes_to_a_provider_that_was_merged(session, two):
    merge(session, two)

    with pytest.raises(ConflictError):
        lock_house(session, two.old)
    with pytest.raises(ConflictError):
        invite_member(
            session, two.old, name="N", email="n@x.example", link=LINK, actor=two.scene.actor
        )
    opened = masterdata.open_round(session, two.scene.course_list, JANUARY, actor=two.scene.actor)
    assert [r.provider_id for r in session.scalars(
        select(Report).where(Report.round_id == opened.id))] == [two.new.id]  # fmt: skip


# ---- who may


def test_a_coordinator_merges_only_inside_own_districts(session, two):
    weimar = builders.a_district(session, "weimar")
    two.new.districts.append(weimar)
    session.flush()
    found = plan(session, two)
    assert (found.obstacles, [d.slug for d in found.foreign]) == (
        [Obstacle.FOREIGN_DISTRICT], ["weimar"],
    )  # fmt: skip

    with pytest.raises(NotPermittedError):
        merge(session, two)
    grants = {Grant(Role.COORDINATOR, district_id=d.id) for d in (two.scene.district, weimar)}
    of_both = Actor(two.scene.coordinator.id, "Beide", frozenset(grants))
    merge(session, two, actor=of_both)
    assert not two.old.is_active


@pytest.mark.parametrize("role", ["reporter", "counsellor", "elsewhere"])
def test_nobody_else_merges(session, two, role):
    weimar = builders.a_district(session, "weimar")
    actor = {
        "reporter": builders.a_reporter(session, two.old, two.new),
        "counsellor": builders.a_counsellor(session, two.scene.district),
        "elsewhere": builders.a_coordinator(session, weimar),
    }[role].as_actor()
    with pytest.raises(NotPermittedError):
        merge(session, two, actor=actor)


def test_partners_are_the_active_providers_of_own_districts(session, two):
    weimar = builders.a_district(session, "weimar")
    builders.a_provider(session, weimar, name="Ganz woanders")
    builders.a_provider(session, two.scene.district, name="Zu", is_active=False)

    assert [p.name for p in partners(session, two.scene.actor, two.old)] == ["VHS Neißebogen"]
    everywhere = partners(session, Actor.system(), two.old)
    assert [p.name for p in everywhere] == ["Ganz woanders", "VHS Neißebogen"]
    assert partner(session, two.scene.actor, two.old, two.new.id) is two.new


# ---- at once


def test_of_coordinators_who_merge_at_once_one_does(database, session, two):
    reported(session, two.old, two.scene.round, ReportStatus.DRAFT, "B1")
    reported(session, two.new, two.scene.round, ReportStatus.DRAFT, "A1")
    there, back = plan(session, two).seal, merge_plan(session, two.scene.actor, two.new, two.old)
    keys, actor = (two.old.id, two.new.id), two.scene.actor
    with transaction(session):
        pass

    def press(number):
        old_id, new_id = keys if number % 2 else keys[::-1]
        seal = there if number % 2 else back.seal
        with database.session() as own, transaction(own):
            houses = own.get_one(Provider, old_id), own.get_one(Provider, new_id)
            try:
                merge_providers(own, *houses, seal=seal, link=LINK, actor=actor)
            except (RuleViolationError, ConflictError):
                return 0
            return 1

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, range(4))) == 1
    session.expire_all()
    assert sorted([two.old.is_active, two.new.is_active]) == [False, True]
    [left] = session.scalars(select(Report)).all()
    assert sorted(titles(session, left)) == ["A1", "B1"]


def test_a_report_that_is_sent_meanwhile_is_not_merged_unseen(database, session, two):
    """Whoever comes second sees what the first one did: nothing is lost and nothing mixed."""
    reporter = builders.a_reporter(session, two.old).as_actor()
    old = reported(session, two.old, two.scene.round, ReportStatus.DRAFT, "B1")
    reported(session, two.new, two.scene.round, ReportStatus.DRAFT, "A1")
    seal, keys, report_id = plan(session, two).seal, (two.old.id, two.new.id), old.id
    actor = two.scene.actor
    with transaction(session):
        pass

    def press():
        with database.session() as own, transaction(own):
            houses = [own.get_one(Provider, key) for key in keys]
            try:
                merge_providers(own, *houses, seal=seal, link=LINK, actor=actor)
            except (RuleViolationError, ConflictError):
                return "not merged"
            return "merged"

    def send():
        with database.session() as own, transaction(own):
            try:
                found = reporting_queries.own_report(own, reporter, report_id)
                submit_report(own, found, actor=reporter, link=LINK, confirm_all=True)
            except (NotFoundError, ConflictError):
                return "not sent"
            return "sent"

    with ThreadPoolExecutor(2) as pool:
        done = [one.result() for one in (pool.submit(press), pool.submit(send))]
    assert done in (["merged", "not sent"], ["not merged", "sent"])


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
