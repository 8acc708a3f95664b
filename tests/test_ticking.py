"""One tick does everything that is due, and a second one nothing more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import url_for
from sqlalchemy import select

from kursliste import ticking
from kursliste.domain.calendar import Month
from kursliste.domain.reminders import ReminderStep
from kursliste.domain.report import ReportAction, ReportStatus
from kursliste.domain.round import RoundStatus
from kursliste.infrastructure import clock, mailbox
from kursliste.infrastructure.carriers import DeliveryError
from kursliste.infrastructure.database import transaction
from kursliste.models import MailStatus, MailText, OutgoingMail, Round
from tests import builders

NOVEMBER = Month(2026, 11)
FEW = 19  # two look for rows of the search index that are out of step, one for old mails


class Carrier:
    """Keeps the addresses it was given, or has no connection."""

    def __init__(self, *, is_down=False):
        self.is_down = is_down
        self.got = []

    def deliver(self, message):
        if self.is_down:
            raise DeliveryError("no connection")
        self.got.append((str(message["To"]), str(message["Subject"])))


@pytest.fixture
def carrier():
    return Carrier()


@pytest.fixture
def november(session):
    """A provider that is asked for the running month and has answered."""
    district = builders.a_district(session)
    course_list = builders.a_list(session, district)
    provider = builders.a_provider(session, district)
    builders.a_reporter(session, provider, email="rita@example.org")
    opened = builders.a_round(session, course_list, NOVEMBER)
    builders.a_report(session, opened, provider, ReportStatus.APPROVED)
    with transaction(session):
        return opened


def run(database, carrier):
    return ticking.tick(
        database, carrier, base_url="https://kurse.example", sender="kursliste@kreis.example"
    )


def test_a_tick_closes_opens_asks_and_sends(database, session, november, carrier, frozen_clock):
    assert run(database, carrier) == ticking.Done(opened=1, reminded=1, sent=1)
    assert carrier.got == [
        ("rita@example.org", "Kursmeldung für Dezember 2026 bis 30.11.2026")
    ]  # fmt: skip
    with transaction(session):  # SQLite: a test that still reads would keep the tick waiting
        mail = session.scalars(select(OutgoingMail)).one()
        opened = session.scalars(select(Round).where(Round.month == Month(2026, 12))).one()
        assert f"\nhttps://kurse.example/meldungen/{opened.reports[0].id}\n" in mail.body
    assert run(database, carrier) == ticking.Done()
    frozen_clock.move_to(datetime(2026, 11, 30, 23, 0, tzinfo=UTC))
    assert run(database, carrier) == ticking.Done(closed=1)
    session.refresh(november)
    assert november.status is RoundStatus.CLOSED


def test_nothing_due_costs_a_few_statements(database, session, november, carrier, statements):
    for number in range(3):
        provider = builders.a_provider(session, november.district, name=f"Haus {number}")
        builders.a_reporter(session, provider)
    with transaction(session):
        pass
    run(database, carrier)
    with statements() as seen:
        assert run(database, carrier) == ticking.Done()
    assert 0 < len(seen) <= FEW


def test_nothing_due_costs_as_little_with_three_lists_that_ask(
    database, session, november, carrier, statements
):
    """Three rounds open and waited for, one of them with words and an end of its own."""
    rounds = [november]
    for slug in ("nordhausen", "weimar"):
        other = builders.a_district(session, slug)
        rounds.append(builders.a_round(session, builders.a_list(session, other), NOVEMBER))
    for asked in rounds:
        provider = builders.a_provider(session, asked.district, name="Wartet e. V.")
        builders.a_reporter(session, provider)
        builders.a_report(session, asked, provider, ReportStatus.OPEN)
    words = MailText(district_id=november.district_id, step=ReminderStep.OVERDUE, text="Bitte!")
    session.add(words)
    november.open_until = date(2027, 1, 15)
    with transaction(session):
        pass
    assert run(database, carrier).opened == 3
    with statements() as seen:
        assert run(database, carrier) == ticking.Done()
    assert 0 < len(seen) <= FEW


@pytest.mark.asvs("14.2.7")
def test_mails_go_after_half_a_year_and_what_waits_stays(database, session, carrier, frozen_clock):
    for state in MailStatus:
        mail = mailbox.enqueue(session, to=f"{state}@example.org", subject="x", body="x")
        mail.state = state
        mail.due_at = frozen_clock.now() + timedelta(days=400 if state is MailStatus.QUEUED else 0)
    with transaction(session):
        pass
    frozen_clock.forward(days=179)
    assert run(database, carrier).forgotten == 0
    frozen_clock.forward(days=2)
    assert run(database, carrier).forgotten == 2
    assert run(database, carrier).forgotten == 0
    with transaction(session):
        assert session.scalars(select(OutgoingMail.to_address)).all() == ["queued@example.org"]


def test_six_servers_at_once_open_ask_and_send_once(database, session, november, carrier):
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda _number: run(database, carrier), range(6)))
    assert (
        sum(d.opened for d in done),
        sum(d.reminded for d in done),
        sum(d.sent for d in done),
        sum(d.failed for d in done),
    ) == (1, 1, 1, 0)
    assert [address for address, _subject in carrier.got] == ["rita@example.org"]


def test_a_report_that_arrives_while_the_mail_server_is_down_takes_its_mail_back(
    database, session, november, carrier, frozen_clock
):
    assert run(database, Carrier(is_down=True)).reminded == 1
    opened = session.scalars(select(Round).where(Round.month == Month(2026, 12))).one()
    with transaction(session):
        opened.reports[0].move(ReportAction.START, by_id=None, at=clock.now())
        opened.reports[0].move(ReportAction.SUBMIT, by_id=None, at=clock.now())
    frozen_clock.forward(hours=1)
    assert run(database, carrier) == ticking.Done(withdrawn=1)
    assert carrier.got == []


@pytest.mark.asvs("16.5.2")
@pytest.mark.logs_errors
def test_one_thing_that_fails_keeps_nothing_else_in_the_house(
    database, session, november, carrier, caplog
):
    """A list whose opening day is broken by hand fails; the mail that waits leaves."""
    with transaction(session):
        now = clock.now()
        session.add(
            OutgoingMail(
                to_address="a@example.org", subject="Hallo", body="", queued_at=now, due_at=now
            )
        )
        november.district.state = "XX"
    done = run(database, carrier)
    assert (done.opened, done.failed, done.sent) == (0, 1, 1)
    assert carrier.got == [("a@example.org", "Hallo")]
    assert "a tick failed at one thing" in caplog.text


@pytest.mark.logs_errors
def test_looking_that_fails_keeps_no_mail_in_the_house(database, session, carrier, caplog):
    district = builders.a_district(session, state="XX")
    provider = builders.a_provider(session, district)
    opened = builders.a_round(session, builders.a_list(session, district))
    builders.a_report(session, opened, provider)
    builders.a_reporter(session, provider)
    with transaction(session):
        pass
    assert run(database, carrier) == ticking.Done(failed=1)
    assert "could not look" in caplog.text


def test_a_key_that_holds_means_that_it_is_done(database):
    def twice(session, slug):
        builders.a_district(session, slug, ags="14626")
        return True

    done = ticking.Done()
    assert ticking._each(database, done, ["eins", "zwei"], twice) == 1
    assert done.failed == 0


def test_the_link_leads_to_the_page_of_the_report(app):
    with app.test_request_context():
        assert url_for("reporting.report", report_id=7) == ticking.REPORT_PATH.format(7)
