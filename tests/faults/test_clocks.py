"""A machine whose clock jumps: sleeping and waking, NTP, a wrong year (SECURITY.md, X21).

Nobody stays in for longer than they may, nothing waits for a year that never was, and what was
done is not done again. The controls take the guard away.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from kursliste import ticking
from kursliste.domain import sign_in as rules
from kursliste.domain.permissions import Actor, Role
from kursliste.domain.publication import instant_of
from kursliste.domain.report import ReportStatus
from kursliste.identity import actions
from kursliste.identity.beginning import Browser
from kursliste.infrastructure import clock, mailbox
from kursliste.infrastructure.clock import BERLIN
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.postman import LEASE, WAITS, send_waiting
from kursliste.infrastructure.shelf import Shelf
from kursliste.models import Edition, OutgoingMail, Reminder, Round, SavedSearch
from kursliste.professionals import search_queries
from kursliste.publishing.order_actions import order_publication
from tests import builders
from tests.identity.scenes import RITA, a_reporter, letter
from tests.publishing.scene import a_scene
from tests.signing_in import sign_in

NOBODY = Actor.anonymous()
ASKING = Browser(bind="b" * 43, address="192.0.2.7", device="Firefox auf Linux")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AHEAD = [timedelta(hours=1), timedelta(days=1), timedelta(days=365)]
FOR_EVER = timedelta(days=10_000)
SENT_BY: Any = {"sender": "kursliste@kreis.example", "host": "kurse.example"}


class Carrier:
    """Keeps whom it brought a mail."""

    def __init__(self):
        self.got = []

    def deliver(self, message):
        self.got.append(str(message["To"]))


def tick(database, session, carrier=None, shelf=None):
    with transaction(session):
        pass
    return ticking.tick(
        database,
        carrier or Carrier(),
        base_url="https://kurse.example",
        sender="k@kreis.example",
        shelf=shelf,
    )


# ---- ways in


@pytest.mark.parametrize("ahead", AHEAD)
@pytest.mark.parametrize("role", [Role.PROVIDER, Role.COORDINATOR])
def test_who_came_in_by_a_clock_that_was_ahead_is_out_when_it_is_right(
    client, session, frozen_clock, ahead, role, monkeypatch
):
    district = builders.a_district(session)
    person = (
        builders.a_coordinator(session, district)
        if role is Role.COORDINATOR
        else builders.a_reporter(session, builders.a_provider(session, district))
    )
    frozen_clock.move_to(NOW + ahead)
    sign_in(client, session, person)
    client.get("/konto", 200)
    frozen_clock.move_to(NOW)
    client.get("/konto", 302)
    monkeypatch.setattr(rules, "CLOCK_SLACK", FOR_EVER)
    client.get("/konto", 200)  # the control: this would have held on


def test_two_servers_whose_clocks_differ_a_little_let_each_other_in(client, session, frozen_clock):
    person = builders.a_coordinator(session, builders.a_district(session))
    sign_in(client, session, person)
    frozen_clock.forward(seconds=-30)
    client.get("/konto", 200)


def ask(session):
    with transaction(session):
        actions.request_link(
            session,
            RITA,
            browser=ASKING,
            link_for=lambda token: f"http://localhost/anmelden/{token}",
            site="http://localhost",
            actor=NOBODY,
        )
    return letter(session)


@pytest.mark.parametrize("ahead", AHEAD)
@pytest.mark.parametrize("redeem", [actions.redeem_link, actions.redeem_code])
def test_a_link_of_a_clock_that_was_ahead_opens_nothing(
    session, frozen_clock, ahead, redeem, monkeypatch
):
    a_reporter(session)
    frozen_clock.move_to(NOW + ahead)
    way = ask(session)
    secret = way.token if redeem is actions.redeem_link else way.code
    frozen_clock.move_to(NOW)
    with transaction(session):
        assert redeem(session, secret, browser=ASKING, actor=NOBODY) is None
    monkeypatch.setattr(rules, "CLOCK_SLACK", FOR_EVER)
    with transaction(session):
        assert redeem(session, secret, browser=ASKING, actor=NOBODY) is not None  # the control


def test_a_link_ends_by_instants_when_the_clock_springs_ahead(session, frozen_clock):
    a_reporter(session)
    way = ask(session)
    frozen_clock.forward(seconds=rules.LINK_HOLDS.total_seconds())
    with transaction(session):
        assert actions.redeem_link(session, way.token, browser=ASKING, actor=NOBODY) is None


# ---- mails


def a_mail(session):
    with transaction(session):
        mailbox.enqueue(session, to="a@example.org", subject="Hallo", body="")


@pytest.mark.parametrize("state", ["written", "put off", "in hand"])
def test_a_mail_of_a_clock_that_was_ahead_leaves_when_it_is_right(
    database, session, frozen_clock, state
):
    frozen_clock.move_to(NOW + timedelta(days=365))
    a_mail(session)
    mail = session.scalars(select(OutgoingMail)).one()
    if state == "put off":
        mail.tries, mail.due_at = 1, clock.now() + WAITS[0]
    if state == "in hand":
        mail.tries, mail.due_at, mail.claimed_until = 1, NOW, clock.now() + LEASE
    with transaction(session):
        pass
    frozen_clock.move_to(NOW)
    carrier = Carrier()
    assert send_waiting(database, carrier, **SENT_BY) == 1
    assert send_waiting(database, carrier, **SENT_BY) == 0


def test_a_mail_that_waits_as_it_should_is_not_taken_for_one_of_a_wrong_clock(
    database, session, frozen_clock
):
    a_mail(session)
    mail = session.scalars(select(OutgoingMail)).one()
    mail.tries, mail.due_at = len(WAITS), clock.now() + WAITS[-1]
    with transaction(session):
        pass
    assert send_waiting(database, Carrier(), **SENT_BY) == 0
    mail.due_at, mail.claimed_until = clock.now(), clock.now() + LEASE
    with transaction(session):
        pass
    assert send_waiting(database, Carrier(), **SENT_BY) == 0


@pytest.mark.parametrize(("ahead", "is_due"), [(timedelta(days=365), True), (timedelta(), False)])
def test_a_search_that_a_clock_ahead_looked_at_is_looked_at_again(
    session, frozen_clock, ahead, is_due
):
    person = builders.a_counsellor(session, builders.a_district(session))
    at = NOW + ahead
    session.add(
        SavedSearch(user_id=person.id, name="Neu", arguments={}, saved_at=at, checked_at=at)
    )
    session.flush()
    assert search_queries.due_people(session) == ([person.id] if is_due else [])


# ---- reminders


@pytest.fixture
def asked(session):
    """A month that is asked for, whose provider never answers."""
    district = builders.a_district(session)
    opened = builders.a_round(session, builders.a_list(session, district))
    house = builders.a_provider(session, district)
    builders.a_reporter(session, house, email=RITA)
    builders.a_report(session, opened, house, ReportStatus.OPEN)
    with transaction(session):
        pass
    return opened


def reminders(session):
    session.expire_all()
    with transaction(session):
        query = select(Reminder.step, Reminder.report_id, Reminder.queued_at)
        return session.execute(query.order_by(Reminder.id)).all()


def faults(found):
    """Return what is wrong with reminders, in words."""
    steps = [(step, report_id) for step, report_id, _at in found]
    moments = sorted(at for _step, _report_id, at in found)
    days = [moment.astimezone(BERLIN).date() for moment in moments]
    return [
        *(["a step twice"] if len(steps) != len(set(steps)) else []),
        *(["too close"] if any(b - a < timedelta(days=2) for a, b in pairwise(days)) else []),
        *(
            f"at night: {moment}"
            for moment in moments
            if not 7 <= moment.astimezone(BERLIN).hour < 18
        ),
        *(f"on a weekend: {day}" for day in days if day.weekday() > 4),
    ]


@pytest.mark.parametrize(
    "number", [0, *(pytest.param(n, marks=pytest.mark.nightly) for n in range(1, 20))]
)
def test_a_clock_that_jumps_about_reminds_nobody_twice(
    database, session, asked, frozen_clock, number
):
    """Some weeks with a clock that goes on by hours, and now and then springs by days."""
    chance, carrier = Random(number), Carrier()
    assert tick(database, session, carrier).failed == 0  # the first reminder goes in any case
    for _ in range(60):
        frozen_clock.forward(hours=chance.choice([1, 3, 7, 11, 20, -1, -5, -26, -72, 50]))
        assert tick(database, session, carrier).failed == 0
    found = reminders(session)
    assert len(found) >= 1
    assert faults(found) == []
    assert len(carrier.got) == len(found)


def test_the_check_finds_reminders_that_go_too_often():
    first = datetime(2026, 11, 24, 9, tzinfo=UTC)
    night = datetime(2026, 11, 29, 3, tzinfo=UTC)
    assert faults([("opening", 1, first), ("opening", 1, first + timedelta(days=1))]) == [
        "a step twice",
        "too close",
    ]
    assert faults([("opening", 1, night)]) == [f"at night: {night}", "on a weekend: 2026-11-29"]


def test_after_a_jump_into_the_far_future_and_back_nothing_goes_again(
    database, session, asked, frozen_clock
):
    tick(database, session)
    before = reminders(session)
    frozen_clock.forward(hours=30)
    tick(database, session)
    frozen_clock.move_to(NOW)
    assert tick(database, session).reminded == 0
    assert reminders(session) == before


def test_a_round_that_was_opened_stays_the_only_one_when_the_clock_goes_back(
    database, session, asked, frozen_clock
):
    frozen_clock.move_to(datetime(2026, 12, 21, 9, tzinfo=UTC))
    assert tick(database, session).opened == 1
    frozen_clock.move_to(datetime(2026, 12, 19, 9, tzinfo=UTC))
    assert tick(database, session).opened == 0
    frozen_clock.move_to(datetime(2026, 12, 22, 9, tzinfo=UTC))
    assert tick(database, session).opened == 0
    assert [str(one.month) for one in session.scalars(select(Round))] == ["2026-12", "2027-01"]


# ---- publishing at a set time, in a night that has an hour twice


def test_a_time_that_comes_twice_publishes_once(database, session, frozen_clock, tmp_path):
    """Half past two in the long night, then once more by the clock on the wall, and by NTP."""
    frozen_clock.move_to(datetime(2026, 10, 24, 9, tzinfo=UTC))
    scene = a_scene(session, Shelf(tmp_path / "exports"))
    scene.course()
    order_publication(
        session,
        scene.round,
        due_at=instant_of(date(2026, 10, 25), time(2, 30), now=clock.now()),
        seen_number=0,
        reason="",
        mails_readers=False,
        actor=scene.actor,
    )
    with transaction(session):
        pass
    published = []
    for hour, minute, second in (
        (0, 29, 59),  # 02:29:59, summer time
        (0, 30, 0),  # 02:30, summer time
        (1, 0, 0),  # 02:00 once more
        (1, 30, 0),  # 02:30 once more
        (0, 10, 0),  # a clock that went wrong
        (0, 31, 0),
    ):
        frozen_clock.move_to(datetime(2026, 10, 25, hour, minute, second, tzinfo=UTC))
        done = tick(database, session, shelf=scene.shelf)
        assert done.failed == 0
        published.append(done.published)
    assert published == [0, 1, 0, 0, 0, 0]
    assert [edition.name for edition in session.scalars(select(Edition))] == ["2026-12/1"]
