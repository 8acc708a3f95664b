"""A mail server in any mood loses no mail, keeps nobody waiting, and is not asked for ever.

What can pass is tried again later and later, what cannot is shown to people (SECURITY.md, X12
and G16). Each guard has its control: the same check finds a postman who does it wrong.
"""

import smtplib
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kursliste import ticking
from kursliste.domain.permissions import Grant, Role
from kursliste.domain.report import ReportStatus
from kursliste.infrastructure import carriers, clock, mailbox, postman
from kursliste.infrastructure.carriers import DeliveryError, SmtpCarrier
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.postman import WAITS, send_waiting
from kursliste.models import MailStatus, OutgoingMail
from tests import builders
from tests.faults.mail_servers import closed_port, moody
from tests.infrastructure.certificates import forged_context
from tests.signing_in import sign_in

PATIENCE_S = 0.15
BOUND_S = 1.0  # a few answers, on a busy machine
SENT_BY: Any = {"sender": "kursliste@kreis.example", "host": "kurse.example"}
FOR_NOW = ["refused", "421", "451", "drops", "silent", "hangs", "drips"]
SOME_FOR_NOW = [
    "refused",
    "451",
    *(
        pytest.param(mood, marks=pytest.mark.nightly)
        for mood in FOR_NOW
        if mood not in {"refused", "451"}
    ),
]
FOR_GOOD = ["550", "552", "554"]
QUEUED, SENT, FAILED = MailStatus.QUEUED, MailStatus.SENT, MailStatus.FAILED


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch):
    for name in ("SMTP_TIMEOUT_S", "TAKING_S", "FAREWELL_S"):
        monkeypatch.setattr(carriers, name, PATIENCE_S)


def mails(session, count):
    with transaction(session):
        for number in range(count):
            mailbox.enqueue(
                session, to=f"person{number}@example.org", subject="Hallo", body="Guten Tag\n" * 20
            )


def states(session):
    session.expire_all()
    with transaction(session):
        found = session.query(OutgoingMail).order_by(OutgoingMail.id).all()
    return [(mail.state, mail.tries) for mail in found]


def a_message():
    mail = OutgoingMail(
        id=1, to_address="a@example.org", subject="", body="", queued_at=clock.now()
    )
    return mailbox.as_message(mail, **SENT_BY)


def carrier_to(server, mood="", user=""):
    port = closed_port() if mood == "refused" else server.port
    return SmtpCarrier(f"{'smtps' if user else 'smtp'}://{user}127.0.0.1:{port}")


# ---- nothing is lost, and nothing is tried for ever


@pytest.mark.parametrize("mood", FOR_NOW)
def test_a_mood_that_passes_loses_no_mail(database, session, frozen_clock, mood):
    mails(session, 1)
    with moody(mood) as server:
        for wait in WAITS[:2]:
            begun = time.monotonic()
            assert send_waiting(database, carrier_to(server, mood), **SENT_BY) == 0
            assert time.monotonic() - begun < BOUND_S
            frozen_clock.forward(seconds=wait.total_seconds() - 1)
            assert send_waiting(database, carrier_to(server, mood), **SENT_BY) == 0
            frozen_clock.forward(seconds=1)
        assert states(session) == [(QUEUED, 2)]
        server.mood = "well"
        assert send_waiting(database, carrier_to(server), **SENT_BY) == 1
        assert states(session) == [(SENT, 3)]
        # Only a server that has a mail and does not say so gets it again, under the same name.
        assert len(server.got) == (3 if mood == "hangs" else 1)
        assert len(set(server.got)) == 1


@pytest.mark.parametrize("mood", SOME_FOR_NOW)
def test_a_mood_that_stays_is_given_up_after_two_days(database, session, frozen_clock, mood):
    mails(session, 1)
    with moody(mood) as server:
        for wait in (*WAITS, *WAITS):
            send_waiting(database, carrier_to(server, mood), **SENT_BY)
            frozen_clock.forward(seconds=wait.total_seconds())
        assert states(session) == [(FAILED, len(WAITS) + 1)]
        assert server.talks == (0 if mood == "refused" else len(WAITS) + 1)


@pytest.mark.parametrize("mood", FOR_GOOD)
def test_a_refusal_of_one_mail_is_not_tried_again(database, session, frozen_clock, mood):
    mails(session, 3)
    with moody(mood) as server:
        send_waiting(database, carrier_to(server), **SENT_BY)
        frozen_clock.forward(days=1)
        server.mood = "well"
        assert send_waiting(database, carrier_to(server), **SENT_BY) == 0
        assert states(session) == [(FAILED, 1)] * 3
        assert server.got == []


def test_who_is_known_gets_their_mail_though_others_are_refused(database, session):
    mails(session, 6)
    with moody("some") as server:
        assert send_waiting(database, carrier_to(server), **SENT_BY) == 3
        assert states(session) == [(SENT, 1), (FAILED, 1)] * 3
        assert [to for to, _ in server.got] == [f"person{n}@example.org" for n in (0, 2, 4)]


# ---- what a refusal is about


def test_a_password_that_was_changed_loses_no_mail(
    database, session, frozen_clock, monkeypatch, tmp_path
):
    """535 is final for whoever signs in, and not for the mails: the operator will mend it."""
    context, path = forged_context(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    mails(session, 3)
    with moody("535", context) as server:
        to = carrier_to(server, user="rita:alt@")
        assert send_waiting(database, to, **SENT_BY) == 0
        assert states(session) == [(QUEUED, 1), (QUEUED, 0), (QUEUED, 0)]
        with pytest.raises(DeliveryError, match="535"):
            to.greet()
        server.mood = "well"
        frozen_clock.forward(minutes=1)
        assert send_waiting(database, to, **SENT_BY) == 3


@pytest.mark.parametrize("mood", ["rude", "stays"])
def test_a_mail_that_was_taken_is_sent_whatever_the_farewell(database, session, mood):
    mails(session, 2)
    with moody(mood) as server:
        assert send_waiting(database, carrier_to(server), **SENT_BY) == 2
        assert states(session) == [(SENT, 1)] * 2
        assert len(server.got) == 2


@pytest.mark.logs_errors
def test_a_postman_who_stumbles_goes_on_with_the_next_mail(database, session, frozen_clock, caplog):
    """An error that nobody expected is one mail's, and is given up some day like any other."""

    class Stumbling:
        def deliver(self, message):
            if str(message["To"]).startswith("person0"):
                raise UnicodeError("label too long")

    mails(session, 2)
    assert send_waiting(database, Stumbling(), **SENT_BY) == 1
    assert states(session) == [(QUEUED, 1), (SENT, 1)]
    assert "a mail could not be delivered" in caplog.text
    for wait in WAITS:
        frozen_clock.forward(seconds=wait.total_seconds())
        send_waiting(database, Stumbling(), **SENT_BY)
    assert states(session) == [(FAILED, len(WAITS) + 1), (SENT, 1)]


# ---- a server that hangs keeps the postman for one mail and not for all


def test_a_server_that_hangs_is_left_after_one_mail(database, session):
    mails(session, 45)
    with moody("silent") as server:
        begun = time.monotonic()
        assert send_waiting(database, carrier_to(server), **SENT_BY) == 0
        assert time.monotonic() - begun < BOUND_S
        assert server.talks == 1
        assert states(session) == [(QUEUED, 1)] + [(QUEUED, 0)] * 44
        server.mood = "well"
        assert send_waiting(database, carrier_to(server), **SENT_BY) == 44


def test_a_slow_server_is_left_after_a_while_and_goes_on_at_the_next_tick(
    database, session, monkeypatch
):
    """What else is due must not wait for a thousand slow mails."""
    monkeypatch.setattr(postman, "SENDING_S", 0.2)
    mails(session, 30)

    class Slow:
        got = 0

        def deliver(self, _message):
            time.sleep(0.05)
            self.got += 1

    slow = Slow()
    first = send_waiting(database, slow, **SENT_BY)
    assert 1 <= first <= 6
    assert Counter(states(session)) == {(SENT, 1): first, (QUEUED, 0): 30 - first}
    while send_waiting(database, slow, **SENT_BY):
        pass
    assert slow.got == 30
    assert states(session) == [(SENT, 1)] * 30


def test_the_check_finds_a_line_that_counts_the_time_of_each_byte(monkeypatch):
    """The control: smtplib alone waits as long as a byte comes now and then."""
    monkeypatch.setattr(carriers, "PlainLine", smtplib.SMTP)
    with moody("drips") as server:
        left = threading.Timer(1.5 * BOUND_S, server.close)
        left.start()
        begun = time.monotonic()
        with pytest.raises(DeliveryError):
            carrier_to(server).deliver(a_message())
        assert time.monotonic() - begun > BOUND_S


# ---- nobody waits for it


@pytest.fixture
def desk(client, session):
    """A person who sends somebody a mail by a click, and how long that took."""
    person = builders.a_reporter(
        session, builders.a_provider(session, builders.a_district(session))
    )
    mails(session, 5)
    client.get("/anmelden")

    def clicked():
        client.get("/anmelden")
        begun = time.monotonic()
        client.submit("main form", email=person.email)
        return time.monotonic() - begun

    clicked()  # what is loaded once
    return clicked


def clicks_while(database, carrier, desk):
    """Return how long clicks took while a postman was held up, and for how long he was."""
    with ThreadPoolExecutor(1) as pool:
        begun = time.monotonic()
        sending = pool.submit(send_waiting, database, carrier, **SENT_BY)
        time.sleep(0.1)
        took = desk()
        sending.result()
        return took, time.monotonic() - begun


HELD_S = 1.2


@pytest.mark.parametrize(
    "mood", ["silent", *(pytest.param(m, marks=pytest.mark.nightly) for m in ("hangs", "drips"))]
)
def test_nobody_who_clicks_waits_for_the_mail_server(database, desk, monkeypatch, mood):
    for name in ("SMTP_TIMEOUT_S", "TAKING_S"):
        monkeypatch.setattr(carriers, name, HELD_S)
    with moody(mood) as server:
        took, held = clicks_while(database, carrier_to(server), desk)
    assert held >= HELD_S
    assert took < HELD_S / 3


def test_the_check_finds_a_click_that_sends_its_mail_itself(database, desk, monkeypatch):
    monkeypatch.setattr(carriers, "SMTP_TIMEOUT_S", HELD_S)
    enqueue = mailbox.enqueue

    with moody("silent") as server:

        def enqueue_and_send(session, **mail):
            with pytest.raises(DeliveryError):
                carrier_to(server).deliver(a_message())
            return enqueue(session, **mail)

        monkeypatch.setattr(mailbox, "enqueue", enqueue_and_send)
        assert desk() >= HELD_S


# ---- people see it


def test_a_refused_mail_is_seen_where_people_work(client, database, session, frozen_clock):
    """Coordinators see it in the call list and the handover, administrators why, in the outbox."""
    district = builders.a_district(session)
    opened = builders.a_round(session, builders.a_list(session, district))
    house = builders.a_provider(session, district)
    builders.a_reporter(session, house, email="rita@example.org")
    builders.a_report(session, opened, house, ReportStatus.OPEN)
    karla = builders.a_coordinator(session, district)
    adam = builders.a_user(session, Grant(Role.ADMINISTRATOR), email="adam@example.org")
    with transaction(session):
        pass
    with moody("550") as server:
        ticking.tick(
            database, carrier_to(server), base_url="https://kurse", sender=SENT_BY["sender"]
        )
    frozen_clock.forward(days=14)

    sign_in(client, session, karla)
    client.get("/pruefung/goerlitz/2026-12/anrufliste")
    assert "nicht zugestellt" in client.page.text()
    client.get("/pruefung/goerlitz/uebergabe")
    assert "rita@example.org nimmt keine Mail an: 550 not this one" in client.page.text()
    sign_in(client, session, adam)
    client.get("/verwaltung/postausgang?stand=failed")
    assert "gescheitert" in client.page.text()
    client.get(f"/verwaltung/postausgang/{session.query(OutgoingMail.id).scalar()}")
    assert "550 not this one" in client.page.text()
